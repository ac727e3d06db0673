// What the inspector reads of each kind of object.
#include "database/sqlite_support.hpp"

namespace sterna::test {
namespace {

using model::Default;
using model::ReferentialAction;
using model::TypeKind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

struct SqliteInspect : SqliteFile {
  model::Model inspect(const InspectOptions& options = {}) { return connection->inspect(options); }
  /// Makes one table and reads it.
  model::Table table(const std::string& sql) {
    const auto fresh = connect(parse_url("sqlite::memory:"));
    fresh->execute(sql);
    const model::Model model = fresh->inspect({});
    EXPECT_THAT(model.not_managed, IsEmpty());
    EXPECT_EQ(model.tables.size(), 1U);
    return model.tables.at(0);
  }
};

const model::Column& column(const model::Table& table, std::string_view name) {
  const model::Column* found = table.column(name);
  if (found == nullptr) throw std::runtime_error("no column " + std::string(name));
  return *found;
}

TEST_F(SqliteInspect, AnEmptyFileIsAnEmptyModel) {
  const model::Model model = inspect();
  EXPECT_EQ(model, model::Model{});
  EXPECT_EQ(model.dialect, "sqlite");
  EXPECT_EQ(model.product, "SQLite");
  EXPECT_EQ(model.version, connection->server().version);
  EXPECT_EQ(model.default_schema, "main");
}

TEST_F(SqliteInspect, ReadsTypesThatTheRendererWritesJustSo) {
  const model::Table t = table(
      "CREATE TABLE t (a INTEGER, b varchar(20), c DECIMAL(10 , 2), d DateTime, e unsigned  BIG "
      "/* odd */ int, f, g INT, h \"TEXT\", i [odd type], j numeric, k blob, l decimal(7), m "
      "varchar(1, 2))");
  const auto type = [&](const char* name) { return column(t, name).type; };
  const auto native = [&](const char* name) {
    EXPECT_EQ(type(name).kind, TypeKind::native);
    return type(name).name;
  };
  EXPECT_EQ(type("a").kind, TypeKind::integer);
  EXPECT_EQ(type("b").kind, TypeKind::string);
  EXPECT_EQ(type("b").length, 20);
  EXPECT_EQ(type("c").kind, TypeKind::decimal);
  EXPECT_EQ(type("c").precision, 10);
  EXPECT_EQ(type("c").scale, 2);
  EXPECT_EQ(type("d").kind, TypeKind::datetime);
  EXPECT_EQ(native("e"), "unsigned big int");
  EXPECT_EQ(native("f"), "");
  EXPECT_EQ(native("g"), "int");
  EXPECT_EQ(type("h").kind, TypeKind::text);
  EXPECT_EQ(native("i"), "\"odd type\"");
  EXPECT_EQ(type("j").kind, TypeKind::decimal);
  EXPECT_EQ(type("k").kind, TypeKind::binary);
  EXPECT_EQ(type("l").precision, 7);
  EXPECT_EQ(native("m"), "varchar(1,2)");
}

TEST_F(SqliteInspect, ReadsDefaults) {
  const model::Table t = table(
      "CREATE TABLE t (a DEFAULT 5, b DEFAULT - 1.5e3, c DEFAULT 'it''s', d DEFAULT NULL, e "
      "DEFAULT "
      "TRUE, f datetime DEFAULT current_timestamp, g date DEFAULT (CURRENT_DATE), h text DEFAULT "
      "CURRENT_DATE, i DEFAULT (1 + (2)), j DEFAULT x'00', k DEFAULT ((7)), l DEFAULT word, m)");
  const auto value = [&](const char* name) { return *column(t, name).default_value; };
  const auto literal = [](Default::Literal kind, const char* text) {
    return Default{Default::Kind::literal, text, kind};
  };
  const auto expression = [](const char* text) { return Default{Default::Kind::expression, text}; };
  EXPECT_EQ(value("a"), literal(Default::Literal::number, "5"));
  EXPECT_EQ(value("b"), literal(Default::Literal::number, "-1.5e3"));
  EXPECT_EQ(value("c"), literal(Default::Literal::string, "it's"));
  EXPECT_EQ(value("d"), literal(Default::Literal::null, ""));
  EXPECT_EQ(value("e"), literal(Default::Literal::number, "1"));
  EXPECT_EQ(value("f").kind, Default::Kind::now);
  EXPECT_EQ(value("g").kind, Default::Kind::now);
  EXPECT_EQ(value("h"), expression("CURRENT_DATE"));
  EXPECT_EQ(value("i"), expression("1 + (2)"));
  EXPECT_EQ(value("j"), expression("x'00'"));
  EXPECT_EQ(value("k"), literal(Default::Literal::number, "7"));
  EXPECT_EQ(value("l"), literal(Default::Literal::string, "word"));
  EXPECT_EQ(column(t, "m").default_value, std::nullopt);
}

TEST_F(SqliteInspect, ReadsNullabilityCollationsAndConflictClauses) {
  const model::Table t = table(
      "CREATE TABLE t (a text NOT NULL COLLATE nocase, b text NULL COLLATE binary, c text COLLATE "
      "\"RTRIM\" CONSTRAINT said NOT NULL ON CONFLICT REPLACE, d text NOT NULL ON CONFLICT ABORT)");
  EXPECT_FALSE(column(t, "a").nullable);
  EXPECT_EQ(column(t, "a").collation, "NOCASE");
  EXPECT_TRUE(column(t, "b").nullable);
  EXPECT_EQ(column(t, "b").collation, "");
  EXPECT_EQ(column(t, "c").collation, "RTRIM");
  EXPECT_FALSE(column(t, "c").nullable);
  EXPECT_THAT(column(t, "c").options, ElementsAre(Pair("not null on conflict", "replace")));
  EXPECT_THAT(column(t, "d").options, IsEmpty());
}

TEST_F(SqliteInspect, ReadsGeneratedColumnsThoughTheyAreHidden) {
  const model::Table t = table(
      "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a  * 2) STORED, c AS ((a + 1)), d int AS "
      "(a - 1) VIRTUAL NOT NULL)");
  EXPECT_EQ(column(t, "b").generated, (model::Generated{"a * 2", true}));
  EXPECT_EQ(column(t, "c").generated, (model::Generated{"a + 1", false}));
  EXPECT_EQ(column(t, "d").generated, (model::Generated{"a - 1", false}));
  EXPECT_FALSE(column(t, "d").nullable);
}

TEST_F(SqliteInspect, ReadsEveryFormOfPrimaryKey) {
  model::Table t = table("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a)");
  EXPECT_TRUE(column(t, "id").auto_increment);
  EXPECT_FALSE(column(t, "id").nullable);
  EXPECT_EQ(t.primary_key->parts.at(0).column, "id");

  t = table("CREATE TABLE t (id INTEGER, CONSTRAINT pk PRIMARY KEY (ID DESC))");
  EXPECT_EQ(t.primary_key->name, "pk");
  EXPECT_EQ(t.primary_key->parts.at(0).column, "id");
  EXPECT_FALSE(t.primary_key->parts.at(0).descending) << "it is the rowid";
  EXPECT_FALSE(column(t, "id").nullable);

  t = table("CREATE TABLE t (id INTEGER PRIMARY KEY DESC)");
  EXPECT_THAT(t.primary_key->options, ElementsAre(Pair("in column", "PRIMARY KEY DESC")));
  EXPECT_TRUE(column(t, "id").nullable) << "it is not the rowid, and takes NULL";

  t = table("CREATE TABLE t (code text PRIMARY KEY)");
  EXPECT_TRUE(column(t, "code").nullable) << "SQLite takes NULL in such a key";
  EXPECT_THAT(t.primary_key->options, IsEmpty());

  t = table("CREATE TABLE t (a text, b int, PRIMARY KEY (b DESC, a COLLATE nocase)) WITHOUT ROWID");
  EXPECT_TRUE(t.without_rowid);
  EXPECT_EQ(t.primary_key->parts.at(0).column, "b");
  EXPECT_TRUE(t.primary_key->parts.at(0).descending);
  EXPECT_EQ(t.primary_key->parts.at(1).collation, "NOCASE");
  EXPECT_FALSE(column(t, "a").nullable);

  t = table("CREATE TABLE t (a text, b int, PRIMARY KEY (a, b) ON CONFLICT REPLACE) STRICT");
  EXPECT_TRUE(t.strict);
  EXPECT_THAT(t.primary_key->options,
              ElementsAre(Pair("definition", "PRIMARY KEY (\"a\", \"b\") ON CONFLICT REPLACE")));

  t = table("CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT IGNORE AUTOINCREMENT)");
  EXPECT_TRUE(column(t, "id").auto_increment);
  EXPECT_THAT(t.primary_key->options,
              ElementsAre(Pair("in column", "PRIMARY KEY ON CONFLICT IGNORE AUTOINCREMENT")));
}

TEST_F(SqliteInspect, AUniqueConstraintAndAnIndexOfNoMoreAreTheSame) {
  const model::Table by_index =
      (run({"CREATE TABLE t (a, b)", "CREATE UNIQUE INDEX t_a_b_unique ON t (a, B ASC)"}),
       inspect().tables.at(0));
  EXPECT_EQ(table("CREATE TABLE t (a, b, UNIQUE (a, b))"), by_index);
  EXPECT_EQ(table("CREATE TABLE t (a, b, CONSTRAINT t_a_b_unique UNIQUE (A, b))"), by_index);
  EXPECT_EQ(by_index.uniques.at(0).name, "t_a_b_unique");
  EXPECT_THAT(by_index.uniques.at(0).columns, ElementsAre("a", "b"));
  EXPECT_THAT(by_index.indexes, IsEmpty());
}

TEST_F(SqliteInspect, KeepsWhatAUniqueIndexCannotSay) {
  const model::Table t = table(
      "CREATE TABLE t (a text UNIQUE ON CONFLICT REPLACE, b text, UNIQUE (b COLLATE NOCASE DESC))");
  ASSERT_EQ(t.uniques.size(), 2U);
  EXPECT_EQ(t.uniques.at(0).options.at("definition"), "UNIQUE (\"a\") ON CONFLICT REPLACE");
  EXPECT_EQ(t.uniques.at(1).options.at("definition"), "UNIQUE (\"b\" COLLATE \"NOCASE\" DESC)");
}

TEST_F(SqliteInspect, AConstraintWhoseNameIsTakenStaysAConstraint) {
  run({"CREATE TABLE one (a CONSTRAINT uq UNIQUE)", "CREATE TABLE two (a CONSTRAINT uq UNIQUE)",
       "CREATE TABLE three (a CONSTRAINT own UNIQUE)"});
  const model::Model model = inspect();
  for (const char* name : {"one", "two"}) {
    EXPECT_THAT(model.table(name)->uniques.at(0).options,
                ElementsAre(Pair("definition", "UNIQUE (\"a\")")));
  }
  EXPECT_THAT(model.table("three")->uniques.at(0).options, IsEmpty());
}

TEST_F(SqliteInspect, ReadsIndexes) {
  run({"CREATE TABLE t (a text COLLATE NOCASE, b int, \"c d\" text)",
       "CREATE INDEX one ON t (B DESC, a, \"c d\" COLLATE rtrim)",
       "CREATE INDEX two ON t (lower(a) || b, (b) DESC) WHERE  b > 0 /* few */ AND a IS NOT NULL",
       "CREATE UNIQUE INDEX three ON t (a COLLATE BINARY)",
       "CREATE INDEX four ON t (a COLLATE NOCASE)"});
  const model::Table t = inspect().tables.at(0);
  ASSERT_EQ(t.indexes.size(), 4U);
  const model::Index& four = t.indexes[0];
  const model::Index& one = t.indexes[1];
  const model::Index& three = t.indexes[2];
  const model::Index& two = t.indexes[3];
  EXPECT_EQ(four.parts.at(0).collation, "") << "the column's own";
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.parts.at(0).column, "b");
  EXPECT_TRUE(one.parts.at(0).descending);
  EXPECT_FALSE(one.parts.at(1).descending);
  EXPECT_EQ(one.parts.at(2).column, "c d");
  EXPECT_EQ(one.parts.at(2).collation, "RTRIM");
  EXPECT_EQ(one.where, "");
  EXPECT_TRUE(three.unique);
  EXPECT_EQ(three.parts.at(0).collation, "BINARY");
  EXPECT_EQ(two.parts.at(0).expression, "lower(a) || b");
  EXPECT_EQ(two.parts.at(1).column, "b");
  EXPECT_EQ(two.where, "b > 0 AND a IS NOT NULL");
}

TEST_F(SqliteInspect, ReadsForeignKeys) {
  run({"CREATE TABLE Parent (Id INTEGER PRIMARY KEY, x, y, UNIQUE (x, y))",
       "CREATE TABLE child (a int REFERENCES parent, b int, c int, "
       "CONSTRAINT pair FOREIGN KEY (B, c) REFERENCES parent (X, y) ON DELETE SET NULL ON UPDATE "
       "CASCADE MATCH FULL DEFERRABLE INITIALLY DEFERRED, "
       "FOREIGN KEY (c) REFERENCES missing ON DELETE RESTRICT ON UPDATE SET DEFAULT NOT DEFERRABLE "
       "INITIALLY DEFERRED)"});
  const model::Model model = inspect();
  const auto& keys = model.table("child")->foreign_keys;
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_EQ(keys[0].name, "child_a_foreign");
  EXPECT_EQ(keys[0].referenced_table, model::Name("Parent"));
  EXPECT_THAT(keys[0].referenced_columns, ElementsAre("Id")) << "the key of the parent";
  EXPECT_FALSE(keys[0].deferrable);
  EXPECT_EQ(keys[1].name, "child_c_foreign");
  EXPECT_EQ(keys[1].referenced_table, model::Name("missing"));
  EXPECT_THAT(keys[1].referenced_columns, IsEmpty());
  EXPECT_EQ(keys[1].on_delete, ReferentialAction::restrict_);
  EXPECT_EQ(keys[1].on_update, ReferentialAction::set_default);
  EXPECT_FALSE(keys[1].deferrable);
  EXPECT_FALSE(keys[1].initially_deferred);
  EXPECT_EQ(keys[2].name, "pair");
  EXPECT_THAT(keys[2].columns, ElementsAre("b", "c"));
  EXPECT_THAT(keys[2].referenced_columns, ElementsAre("x", "y"));
  EXPECT_EQ(keys[2].on_delete, ReferentialAction::set_null);
  EXPECT_EQ(keys[2].on_update, ReferentialAction::cascade);
  EXPECT_TRUE(keys[2].deferrable);
  EXPECT_TRUE(keys[2].initially_deferred);
}

TEST_F(SqliteInspect, ReadsChecksOfColumnsAndTables) {
  const model::Table t = table(
      "CREATE TABLE t (a int CHECK (a > 0) CONSTRAINT low CHECK ((a <\n 9)), b, CONSTRAINT both "
      "CHECK (a  + b > ')') CHECK (b))");
  ASSERT_EQ(t.checks.size(), 4U);
  EXPECT_EQ(t.checks[0].expression, "a > 0");
  EXPECT_EQ(t.checks[1].expression, "b");
  EXPECT_EQ(t.checks[2].name, "both");
  EXPECT_EQ(t.checks[2].expression, "a + b > ')'");
  EXPECT_EQ(t.checks[3].name, "low");
  EXPECT_EQ(t.checks[3].expression, "a < 9");
}

TEST_F(SqliteInspect, ReadsViewsAndTriggersWithWhatTheyNeed) {
  run({"CREATE TABLE users (id integer PRIMARY KEY, name)", "CREATE TABLE log (what)",
       "CREATE VIEW IF NOT EXISTS main.names AS\n  SELECT name -- only\n  FROM users u, log",
       "CREATE VIEW [odd view] AS SELECT * FROM names /* end */ ;",
       "CREATE TRIGGER on_view INSTEAD OF INSERT ON names BEGIN SELECT 1; END",
       "CREATE TRIGGER logged AFTER INSERT ON Users BEGIN INSERT INTO log VALUES (new.name); END"});
  const model::Model model = inspect();
  EXPECT_THAT(model.not_managed, IsEmpty());
  const model::Object* names = model.object("view", "names");
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(names->definition,
            "CREATE VIEW \"names\" AS\n  SELECT name -- only\n  FROM users u, log");
  EXPECT_THAT(names->depends_on, ElementsAre("table log", "table users"));
  const model::Object* odd = model.object("view", "odd view");
  ASSERT_NE(odd, nullptr);
  EXPECT_EQ(odd->definition, "CREATE VIEW \"odd view\" AS SELECT * FROM names");
  EXPECT_THAT(odd->depends_on, ElementsAre("view names"));
  const model::Object* trigger = model.object("trigger", "logged");
  ASSERT_NE(trigger, nullptr);
  EXPECT_EQ(trigger->table, model::Name("users"));
  EXPECT_THAT(trigger->definition, HasSubstr("END"));
  EXPECT_THAT(trigger->depends_on, Contains("table users"));
  EXPECT_THAT(model.object("trigger", "on_view")->depends_on, ElementsAre("view names"));
}

TEST_F(SqliteInspect, AVirtualTableIsOneObject) {
  run({"CREATE TABLE posts (id integer PRIMARY KEY, body)",
       "CREATE VIRTUAL TABLE posts_search USING fts5(body, content='posts', content_rowid='id')",
       "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1)"});
  const model::Model model = inspect();
  ASSERT_EQ(model.tables.size(), 1U) << "shadow tables belong to it";
  const model::Object* search = model.object("virtual table", "posts_search");
  ASSERT_NE(search, nullptr);
  EXPECT_EQ(search->definition,
            "CREATE VIRTUAL TABLE \"posts_search\" USING fts5(body, content='posts', "
            "content_rowid='id')");
  EXPECT_EQ(search->drop, "DROP TABLE \"posts_search\"");
  EXPECT_THAT(search->depends_on, ElementsAre("table posts"));
  EXPECT_NE(model.object("virtual table", "boxes"), nullptr);
}

TEST_F(SqliteInspect, TellsOfAModuleThatIsNotLoaded) {
  run({"PRAGMA writable_schema = ON",
       "INSERT INTO sqlite_schema VALUES ('table', 'shapes', 'shapes', 0, 'CREATE VIRTUAL TABLE "
       "shapes USING geometry(shape)')",
       "PRAGMA writable_schema = OFF"});
  connection = open();
  const model::Model model = inspect();
  EXPECT_NE(model.object("virtual table", "shapes"), nullptr);
  EXPECT_THAT(model.not_managed, ElementsAre(HasSubstr("geometry")));
}

TEST_F(SqliteInspect, LeavesOutWhatItIsToldTo) {
  run({"CREATE TABLE kept (a)", "CREATE TABLE History (a)", "CREATE INDEX i ON history (a)",
       "CREATE TRIGGER t AFTER INSERT ON history BEGIN SELECT 1; END"});
  InspectOptions options;
  options.without = {"history"};
  const model::Model model = inspect(options);
  ASSERT_EQ(model.tables.size(), 1U);
  EXPECT_EQ(model.tables[0].name, model::Name("kept"));
  EXPECT_THAT(model.objects, IsEmpty());
}

TEST_F(SqliteInspect, ReadsAttachedDatabasesWhenAsked) {
  run({"CREATE TABLE here (a)", "ATTACH ':memory:' AS other", "CREATE TABLE other.there (a)",
       "CREATE VIEW other.seen AS SELECT a FROM there"});
  InspectOptions options;
  options.schemas = {"Other", "nowhere"};
  const model::Model model = inspect(options);
  ASSERT_EQ(model.tables.size(), 1U);
  EXPECT_EQ(model.tables[0].name, model::Name("other", "there"));
  EXPECT_THAT(model.schemas, ElementsAre("other"));
  EXPECT_THAT(model.objects.at(0).definition, HasSubstr("\"other\".\"seen\""));
  EXPECT_THAT(model.not_managed, ElementsAre(HasSubstr("nowhere")));
  EXPECT_EQ(inspect().tables.at(0).name, model::Name("here"));
}

TEST_F(SqliteInspect, ReadsStringsThatOldProgramsWroteInDoubleQuotes) {
  run({"PRAGMA writable_schema = ON", "CREATE TABLE t (a, \"b c\")",
       "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a DEFAULT \"x\" CHECK (a <> \"it''s\"), "
       "\"b c\" CHECK (\"b c\" > 0))'",
       "PRAGMA writable_schema = OFF"});
  connection = open();
  const model::Table t = inspect().tables.at(0);
  EXPECT_EQ(column(t, "a").default_value, (Default{Default::Kind::literal, "x"}));
  EXPECT_EQ(t.checks.at(0).expression, "\"b c\" > 0");
  EXPECT_EQ(t.checks.at(1).expression, "a <> 'it''s'");
}

TEST_F(SqliteInspect, TheOrderOfCreationDoesNotMatter) {
  const std::vector<std::string> parts{
      "CREATE TABLE a (x int CHECK (x > 1) CHECK (x < 9), y REFERENCES b, UNIQUE (x), UNIQUE (y))",
      "CREATE TABLE b (id integer PRIMARY KEY)", "CREATE VIEW v AS SELECT * FROM b",
      "CREATE INDEX i2 ON b (id)", "CREATE INDEX i1 ON b (id DESC)"};
  run(parts);
  const auto other = connect(parse_url("sqlite::memory:"));
  for (const char* sql : {"CREATE TABLE b (id integer PRIMARY KEY)",
                          "CREATE INDEX i1 ON b (id DESC)", "CREATE INDEX i2 ON b (id)",
                          "CREATE TABLE a (x int CHECK (x < 9) CHECK (x > 1), y REFERENCES b, "
                          "UNIQUE (y), UNIQUE (x))",
                          "CREATE VIEW v AS SELECT * FROM b"})
    other->execute(sql);
  EXPECT_EQ(inspect(), other->inspect({}));
}

// What the inspector tells of beyond fields can be altered too.

struct SqliteInspectAlter : SqliteInspect {
  void apply(std::vector<TableAction> actions) {
    DirectTarget(*connection).apply(AlterTable{"t", std::move(actions)});
  }
  /// The table as this statement makes it.
  void expect_table(const std::string& sql) { EXPECT_EQ(inspect().tables.at(0), table(sql)); }
};

TEST_F(SqliteInspectAlter, AddsAndDropsAUniqueWithAConflictClause) {
  run({"CREATE TABLE t (a text, b text)", "INSERT INTO t VALUES (1, 2), (3, 4)"});
  const std::string with =
      "CREATE TABLE t (a text, b text, CONSTRAINT u UNIQUE (b) ON CONFLICT IGNORE)";
  const model::Unique unique = table(with).uniques.at(0);
  apply({AddUnique{unique}});
  expect_table(with);
  connection->execute("INSERT INTO t VALUES (5, 2)");
  EXPECT_EQ(number("SELECT count(*) FROM t"), 2) << "the conflicting row is ignored";
  apply({DropConstraint{DropConstraint::Kind::unique, "u", false, unique}});
  expect_table("CREATE TABLE t (a text, b text)");
}

TEST_F(SqliteInspectAlter, ChangesTheConflictClauseOfNotNull) {
  const std::string with =
      "CREATE TABLE t (a text NOT NULL ON CONFLICT REPLACE DEFAULT 'x', b int)";
  run({"CREATE TABLE t (a text NOT NULL DEFAULT 'x', b int)", "INSERT INTO t (b) VALUES (1)"});
  ModifyColumn modify;
  modify.to = table(with).columns.at(0);
  modify.parts = ModifyColumn::options;
  apply({modify});
  expect_table(with);
  connection->execute("INSERT INTO t VALUES (NULL, 2)");
  EXPECT_EQ(text("SELECT a FROM t WHERE b = 2"), "x");
  modify.to.options.clear();
  apply({modify});
  expect_table("CREATE TABLE t (a text NOT NULL DEFAULT 'x', b int)");
}

TEST_F(SqliteInspectAlter, FindsACheckWithoutANameByWhatItSays) {
  run({"CREATE TABLE t (a int CHECK (a>0) CHECK ((a <  9)), b int, CHECK (a <> b))"});
  const model::Table before = inspect().tables.at(0);
  const auto drop = [](const char* expression) {
    return DropConstraint{DropConstraint::Kind::check, "", false,
                          model::Check{"", expression, false, false}};
  };
  apply({drop("a < 9"), drop("a <> b")});
  expect_table("CREATE TABLE t (a int CHECK (a>0), b int)");
  const Error error = error_from([&] { apply({drop("a = 7")}); });
  EXPECT_EQ(error.kind(), ErrorKind::schema);
  EXPECT_THAT(error.what(), HasSubstr("a = 7"));
}

TEST_F(SqliteInspectAlter, SwitchesStrictAndWithoutRowid) {
  run({"CREATE TABLE t (a text NOT NULL PRIMARY KEY, b int)", "INSERT INTO t VALUES ('x', 1)"});
  apply({SetTableOption{"strict", "true", {}}});
  expect_table("CREATE TABLE t (a text NOT NULL PRIMARY KEY, b int) STRICT");
  apply({SetTableOption{"without_rowid", "true", {}}});
  expect_table("CREATE TABLE t (a text NOT NULL PRIMARY KEY, b int) STRICT, WITHOUT ROWID");
  apply({SetTableOption{"strict", "", {}}, SetTableOption{"without_rowid", "false", {}}});
  expect_table("CREATE TABLE t (a text NOT NULL PRIMARY KEY, b int)");
  EXPECT_EQ(text("SELECT a FROM t WHERE b = 1"), "x");
  EXPECT_THROW(apply({SetTableOption{"fillfactor", "70", {}}}), Error);
}

TEST_F(SqliteInspectAlter, AddsAKeyThatIsNotTheRowid) {
  run({"CREATE TABLE t (id INTEGER NOT NULL, a)"});
  const std::string with = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY DESC, a)";
  apply({AddPrimaryKey{*table(with).primary_key}});
  expect_table(with);
}

TEST_F(SqliteInspectAlter, DropsTheConstraintAndNotAnIndexOfThatNameElsewhere) {
  run({"CREATE TABLE t (a CONSTRAINT uq UNIQUE)", "CREATE TABLE u (a)",
       "CREATE UNIQUE INDEX uq ON u (a)"});
  apply({DropConstraint{DropConstraint::Kind::unique, "uq", false, {}}});
  const model::Model model = inspect();
  EXPECT_THAT(model.table("t")->uniques, IsEmpty());
  EXPECT_EQ(model.table("u")->uniques.size(), 1U);
}

}  // namespace
}  // namespace sterna::test
