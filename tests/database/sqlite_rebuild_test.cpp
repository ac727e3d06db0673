// What ALTER TABLE cannot do on SQLite, done by a rebuild: no row may vanish, and everything that
// belongs to the table stays.
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/sqlite_support.hpp"

namespace sterna::test {
namespace {

using testing::HasSubstr;

using SqliteRebuild = SqliteFile;

TEST_F(SqliteRebuild, KeepsChildRowsUnderCascade) {
  run({"CREATE TABLE parents (id integer PRIMARY KEY, name text)",
       "CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id) "
       "ON DELETE CASCADE)",
       "INSERT INTO parents VALUES (1, 'a'), (2, 'b')",
       "INSERT INTO children VALUES (1, 1), (2, 1), (3, 2)"});
  alter("parents", [](TableBuilder& table) { table.string("name", 50).not_null().alter(); });
  EXPECT_EQ(number("SELECT count(*) FROM children"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM parents"), 2);
  EXPECT_TRUE(connection->foreign_keys_enforced());
  connection->execute("DELETE FROM parents WHERE id = 1");  // the key still works
  EXPECT_EQ(number("SELECT count(*) FROM children"), 1);
}

TEST_F(SqliteRebuild, KeepsIndexesTriggersViewsAndTheCounter) {
  run(
      {"CREATE TABLE posts (id integer PRIMARY KEY AUTOINCREMENT, title text COLLATE NOCASE CHECK "
       "(length(title) > 0), score int DEFAULT 5)",
       "CREATE INDEX posts_title ON posts (title DESC) WHERE score > 1",
       "CREATE TABLE log (what text)", "CREATE TABLE levels (id integer PRIMARY KEY)",
       "CREATE TRIGGER posts_log AFTER INSERT ON posts BEGIN INSERT INTO log VALUES (CASE WHEN "
       "NEW.score > 3 THEN 'high' ELSE 'low' END); END",
       "CREATE VIEW titles AS SELECT title FROM posts",
       "INSERT INTO posts (title) VALUES ('one'), ('two'), ('three')",
       "DELETE FROM posts WHERE id = 3", "INSERT INTO levels VALUES (5)"});
  alter("posts", [](TableBuilder& table) { table.foreign("score").references("id").on("levels"); });
  EXPECT_EQ(number("SELECT count(*) FROM titles"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM log"), 3);
  EXPECT_THAT(text("SELECT sql FROM sqlite_schema WHERE name = 'posts_title'"),
              HasSubstr("title DESC) WHERE score > 1"));
  EXPECT_THAT(text("SELECT sql FROM sqlite_schema WHERE name = 'posts'"),
              testing::AllOf(HasSubstr("COLLATE NOCASE"), HasSubstr("CHECK (length(title) > 0)"),
                             HasSubstr("FOREIGN KEY")));
  connection->set_foreign_keys(false);
  connection->execute("INSERT INTO posts (title) VALUES ('four')");
  EXPECT_EQ(number("SELECT max(id) FROM posts"), 4);  // 3 was used before
  EXPECT_EQ(text("SELECT what FROM log ORDER BY rowid DESC"), "high");
}

TEST_F(SqliteRebuild, ChangesTypeNullAndDefaultAndFillsNulls) {
  run({"CREATE TABLE t (id integer PRIMARY KEY, n text)",
       "INSERT INTO t VALUES (1, NULL), (2, 'x')"});
  alter("t",
        [](TableBuilder& table) { table.string("n", 20).not_null().default_to("none").alter(); });
  EXPECT_EQ(text("SELECT n FROM t WHERE id = 1"), "none");
  EXPECT_EQ(text("SELECT n FROM t WHERE id = 2"), "x");
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES (3, NULL)"), Error);
}

TEST_F(SqliteRebuild, DropsAKeyedColumnOnlyWhenNothingIsLostUnasked) {
  run({"CREATE TABLE t (a int, b int, c int, UNIQUE (a, b))", "CREATE INDEX t_c ON t (c)",
       "INSERT INTO t VALUES (1, 2, 3)"});
  EXPECT_THROW(alter("t", [](TableBuilder& table) { table.drop_column("c"); }), Error);
  EXPECT_THROW(alter("t", [](TableBuilder& table) { table.drop_column("a"); }), Error);
  EXPECT_EQ(number("SELECT c FROM t"), 3);
  alter("t", [](TableBuilder& table) {
    table.drop_index("t_c");
    table.drop_column("c");
  });
  EXPECT_FALSE(connection->has_column(model::Name("t"), "c"));
  EXPECT_EQ(number("SELECT a + b FROM t"), 3);
}

TEST_F(SqliteRebuild, RenamesAndRebuildsInOneChange) {
  run({"CREATE TABLE t (a int, b int)", "CREATE INDEX t_a ON t (a)",
       "INSERT INTO t VALUES (1, 2)"});
  alter("t", [](TableBuilder& table) {
    table.rename_column("a", "renamed");
    table.big_integer("b").not_null().alter();
  });
  EXPECT_EQ(number("SELECT renamed FROM t INDEXED BY t_a WHERE renamed = 1"), 1);
}

TEST_F(SqliteRebuild, KeepsOddNamesBlobsAndGeneratedColumns) {
  run(
      {"CREATE TABLE \"odd \"\"name\" ([a b] blob, `c,d` text DEFAULT 'x,(y', e int GENERATED "
       "ALWAYS AS (length([a b])) VIRTUAL) STRICT",
       "INSERT INTO \"odd \"\"name\" ([a b]) VALUES (x'00ff00')"});
  alter("odd \"name", [](TableBuilder& table) { table.check("e < 100", "small"); });
  EXPECT_EQ(text("SELECT hex([a b]) || `c,d` || e FROM \"odd \"\"name\""), "00FF00x,(y3");
}

TEST_F(SqliteRebuild, RefusesAVirtualTable) {
  run({"CREATE VIRTUAL TABLE f USING fts5(body)"});
  EXPECT_THROW(alter("f", [](TableBuilder& table) { table.check("body <> ''", "c"); }), Error);
}

TEST_F(SqliteRebuild, RefusesToRunWhileForeignKeysAreEnforced) {
  run({"CREATE TABLE p (id integer PRIMARY KEY, a text)",
       "CREATE TABLE c (p integer REFERENCES p (id) ON DELETE CASCADE)",
       "INSERT INTO p VALUES (1, 'x')", "INSERT INTO c VALUES (1)"});
  const AlterTable change{"p", {AddCheck{{"a_short", "length(a) < 9", false, false}}}};
  const Rendered rendered =
      connection->dialect().render(change, {connection->server(), connection.get()});
  EXPECT_TRUE(rendered.needs_foreign_keys_off);
  connection->begin();
  const Error error = error_from([&] { connection->execute_batch(rendered.statements, {}); });
  connection->rollback();
  EXPECT_EQ(error.kind(), ErrorKind::data);
  EXPECT_THAT(error.what(), HasSubstr("foreign keys must be off"));
  EXPECT_EQ(number("SELECT count(*) FROM c"), 1);
  expect_sound();
}

TEST_F(SqliteRebuild, FailsWhenARowWouldVanish) {
  run({"CREATE TABLE t (a text, UNIQUE (a) ON CONFLICT IGNORE)",
       "INSERT INTO t VALUES ('1'), ('01')"});
  const Error error = error_from(
      [&] { alter("t", [](TableBuilder& table) { table.integer("a").nullable().alter(); }); });
  EXPECT_THAT(error.what(), HasSubstr("rows are missing"));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 2);
  expect_sound();
}

TEST_F(SqliteRebuild, KeepsReferencesToItselfAndFromOthers) {
  run({"CREATE TABLE tree (id integer PRIMARY KEY, up integer REFERENCES tree (id), a text)",
       "CREATE TABLE leaf (tree integer REFERENCES tree (id) ON DELETE CASCADE)",
       "INSERT INTO tree VALUES (1, NULL, 'a'), (2, 1, 'b')", "INSERT INTO leaf VALUES (2)"});
  alter("tree", [](TableBuilder& table) { table.string("a", 9).not_null().alter(); });
  EXPECT_EQ(text("SELECT \"table\" FROM pragma_foreign_key_list('tree')"), "tree");
  EXPECT_EQ(text("SELECT \"table\" FROM pragma_foreign_key_list('leaf')"), "tree");
  EXPECT_THROW(connection->execute("DELETE FROM tree WHERE id = 1"), Error);
  expect_sound();
}

TEST_F(SqliteRebuild, LeavesEverythingWhenAForeignKeyWouldBeViolated) {
  run({"CREATE TABLE p (id integer PRIMARY KEY)", "CREATE TABLE c (p integer)",
       "INSERT INTO c VALUES (7)"});
  const std::string before = definition("c");
  EXPECT_THROW(alter("c", [](TableBuilder& table) { table.foreign("p").references("id").on("p"); }),
               Error);
  EXPECT_EQ(definition("c"), before);
  expect_sound();
}

TEST_F(SqliteRebuild, FindsTheTableAndItsCounterWhateverTheCase) {
  run({"CREATE TABLE Users (id integer PRIMARY KEY AUTOINCREMENT, a text)",
       "INSERT INTO Users VALUES (41, 'x')", "DELETE FROM Users"});
  alter("users", [](TableBuilder& table) { table.string("A", 20).nullable().alter(); });
  EXPECT_THAT(definition("Users"), HasSubstr("\"Users\""));
  connection->execute("INSERT INTO Users (a) VALUES ('y')");
  EXPECT_EQ(number("SELECT id FROM Users"), 42);
  expect_sound();
}

TEST_F(SqliteRebuild, KeepsRowidsThatAnExternalFullTextIndexPointsAt) {
  run({"CREATE TABLE docs (key text PRIMARY KEY, body text)",
       "INSERT INTO docs (rowid, key, body) VALUES (10, 'a', 'tern'), (20, 'b', 'gull')",
       "CREATE VIRTUAL TABLE found USING fts5 (body, content='docs')",
       "INSERT INTO found (found) VALUES ('rebuild')"});
  alter("docs", [](TableBuilder& table) { table.string("key", 9).not_null().alter(); });
  EXPECT_EQ(text("SELECT body FROM found WHERE found MATCH 'gull'"), "gull");
  EXPECT_EQ(number("SELECT max(rowid) FROM docs"), 20);
}

TEST_F(SqliteRebuild, KeepsTheRowidUnderAnotherNameWhereAColumnHidesIt) {
  run({"CREATE TABLE t (rowid text, oid text, a text)",
       "INSERT INTO t (_rowid_, rowid, oid, a) VALUES (7, 'r', 'o', 'x')"});
  alter("t", [](TableBuilder& table) { table.string("a", 9).not_null().alter(); });
  EXPECT_EQ(text("SELECT _rowid_ || rowid || oid || a FROM t"), "7rox");
}

TEST_F(SqliteRebuild, KeepsStrictAndWithoutRowid) {
  run({"CREATE TABLE t (k text PRIMARY KEY, n integer) STRICT, WITHOUT ROWID",
       "INSERT INTO t VALUES ('a', 1)"});
  alter("t", [](TableBuilder& table) { table.check("n > 0", "positive"); });
  EXPECT_EQ(number("SELECT strict + wr FROM pragma_table_list('t')"), 2);
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES ('b', 'text')"), Error);
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES ('b', 0)"), Error);
}

TEST_F(SqliteRebuild, ReplacesTheValuesOfAnEnumeration) {
  run({"CREATE TABLE t (id integer PRIMARY KEY)"});
  alter("t", [](TableBuilder& table) { table.enum_("mood", {"glad", "sad"}).nullable(); });
  run({"INSERT INTO t VALUES (1, 'sad')"});
  alter("t", [](TableBuilder& table) {
    table.enum_("mood", {"glad", "sad", "calm"}).nullable().alter();
  });
  EXPECT_NO_THROW(connection->execute("INSERT INTO t VALUES (2, 'calm')"));
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES (3, 'cross')"), Error);
  alter("t", [](TableBuilder& table) { table.string("mood", 20).nullable().alter(); });
  EXPECT_NO_THROW(connection->execute("INSERT INTO t VALUES (3, 'cross')"));
}

TEST_F(SqliteRebuild, KeepsTheChecksThatAPersonWrote) {
  run({"CREATE TABLE t (n int CHECK (n >= 0) CONSTRAINT few CHECK (n IN ('1', '2')))"});
  alter("t", [](TableBuilder& table) { table.big_integer("n").nullable().alter(); });
  EXPECT_THAT(definition("t"), testing::AllOf(HasSubstr("CHECK (n >= 0)"),
                                              HasSubstr("CONSTRAINT few CHECK (n IN ('1', '2'))")));
}

TEST_F(SqliteRebuild, FillsNullsWithTheDefaultThatTheColumnHas) {
  run({"CREATE TABLE t (id integer PRIMARY KEY, a text DEFAULT 'it''s', b text DEFAULT plain)",
       "INSERT INTO t VALUES (1, NULL, NULL), (2, 'x', 'y')"});
  for (const char* column : {"a", "b"}) {
    ModifyColumn change;
    change.to.name = column;
    change.to.nullable = false;
    change.parts = ModifyColumn::nullability;
    DirectTarget(*connection).apply(AlterTable{"t", {change}});
  }
  EXPECT_EQ(text("SELECT a || b FROM t WHERE id = 1"), "it'splain");
  EXPECT_EQ(text("SELECT a || b FROM t WHERE id = 2"), "xy");
}

TEST_F(SqliteRebuild, KeepsTheValuesOfAColumnThatIsGeneratedNoMore) {
  run({"CREATE TABLE t (a int, double_a int GENERATED ALWAYS AS (a * 2) STORED)",
       "INSERT INTO t (a) VALUES (4)"});
  ModifyColumn change;
  change.to.name = "double_a";
  change.parts = ModifyColumn::generated;
  DirectTarget(*connection).apply(AlterTable{"t", {change}});
  EXPECT_EQ(number("SELECT double_a FROM t"), 8);
  EXPECT_NO_THROW(connection->execute("UPDATE t SET double_a = 9"));
}

TEST_F(SqliteRebuild, InventsNoIdsForANewPrimaryKey) {
  run({"CREATE TABLE t (id integer, a text)", "INSERT INTO t VALUES (5, 'x'), (NULL, 'y')"});
  const Error error =
      error_from([&] { alter("t", [](TableBuilder& table) { table.primary({"id"}); }); });
  EXPECT_THAT(error.what(), HasSubstr("a primary key must not be NULL"));
  EXPECT_EQ(number("SELECT count(*) FROM t WHERE id IS NULL"), 1);
  connection->execute("UPDATE t SET id = 6 WHERE id IS NULL");
  alter("t", [](TableBuilder& table) { table.primary({"id"}); });
  EXPECT_EQ(number("SELECT rowid FROM t WHERE a = 'y'"), 6);
  alter("t", [](TableBuilder& table) { table.drop_primary(); });
  EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('t') WHERE pk > 0"), 0);
  EXPECT_EQ(number("SELECT id FROM t WHERE a = 'y'"), 6);
}

TEST_F(SqliteRebuild, DropsAConstraintWithoutANameByItsColumns) {
  run({"CREATE TABLE p (id integer PRIMARY KEY)",
       "CREATE TABLE t (a int UNIQUE, b int REFERENCES p (id) ON DELETE SET NULL NOT DEFERRABLE, c "
       "int CHECK (c > 0), d int, UNIQUE "
       "(c, d) CHECK (d > 0) FOREIGN KEY (d) REFERENCES p (id))"});
  alter("t", [](TableBuilder& table) { table.drop_unique({"a"}); });
  alter("t", [](TableBuilder& table) { table.drop_unique({"c", "d"}); });
  EXPECT_EQ(number("SELECT count(*) FROM pragma_index_list('t')"), 0);
  EXPECT_THAT(definition("t"), HasSubstr("CHECK (d > 0)"));  // stood behind it without a comma
  alter("t", [](TableBuilder& table) { table.drop_foreign({"b"}); });
  EXPECT_EQ(text("SELECT \"from\" FROM pragma_foreign_key_list('t')"), "d");
  alter("t", [](TableBuilder& table) { table.drop_foreign({"d"}); });
  EXPECT_EQ(number("SELECT count(*) FROM pragma_foreign_key_list('t')"), 0);
  alter("t", [](TableBuilder& table) { table.drop_check("t_c_check"); });
  EXPECT_NO_THROW(connection->execute("INSERT INTO t VALUES (1, 1, -1, 1)"));
}

TEST_F(SqliteRebuild, DropsNothingWhenSeveralConstraintsWithoutANameFit) {
  run({"CREATE TABLE t (c int CHECK (c > 0) CHECK (c < 9))"});
  const Error error =
      error_from([&] { alter("t", [](TableBuilder& table) { table.drop_check("t_c_check"); }); });
  EXPECT_EQ(error.kind(), ErrorKind::validation);
  EXPECT_THAT(definition("t"), HasSubstr("CHECK (c < 9)"));
}

TEST_F(SqliteRebuild, NamesTheViewOrTriggerThatNeedsADroppedColumn) {
  run({"CREATE TABLE t (a int, b int UNIQUE, c int)", "INSERT INTO t VALUES (1, 2, 3)",
       "CREATE TABLE log (what)", "CREATE VIEW broken_before AS SELECT no_such FROM t"});
  const auto drop_b = [&] { alter("t", [](TableBuilder& table) { table.drop_column("b"); }); };
  for (const auto& [object, sql] : std::vector<std::pair<std::string, std::string>>{
           {"VIEW reads_b", "CREATE VIEW reads_b AS SELECT b FROM t"},
           {"TRIGGER on_b",
            "CREATE TRIGGER on_b AFTER UPDATE OF c ON t BEGIN INSERT INTO log VALUES "
            "(NEW.b); END"},
           {"TRIGGER from_log",
            "CREATE TRIGGER from_log AFTER INSERT ON log BEGIN UPDATE t SET b = "
            "1; END"}}) {
    connection->execute(sql);
    const Error error = error_from(drop_b);
    EXPECT_EQ(error.kind(), ErrorKind::dependency) << object;
    EXPECT_THAT(to_upper(error.what()), HasSubstr(to_upper(object)));
    EXPECT_EQ(number("SELECT b FROM t"), 2);
    connection->execute("DROP " + object);
  }
  drop_b();  // what was broken before hinders nobody
  EXPECT_FALSE(connection->has_column("t", "b"));
  EXPECT_THAT(definition("broken_before"), HasSubstr("no_such"));
}

TEST_F(SqliteRebuild, NamesTheExpressionIndexThatNeedsADroppedColumn) {
  run({"CREATE TABLE t (a int, b text UNIQUE)", "CREATE INDEX t_low ON t (lower(\"b\"))"});
  const Error error =
      error_from([&] { alter("t", [](TableBuilder& table) { table.drop_column("b"); }); });
  EXPECT_EQ(error.kind(), ErrorKind::dependency);
  EXPECT_THAT(error.what(), HasSubstr("index t_low"));
}

TEST_F(SqliteRebuild, DoesTheActionsInTheirOrder) {
  run({"CREATE TABLE t (a text UNIQUE, b text)", "INSERT INTO t VALUES ('1', '2')"});
  alter("t", [](TableBuilder& table) {
    table.drop_column("a");
    table.rename_column("b", "a");
    table.integer("a").not_null().alter();
    table.rename_column("a", "z");
  });
  EXPECT_EQ(number("SELECT z FROM t"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM pragma_table_info('t')"), 1);
  expect_sound();
}

TEST_F(SqliteRebuild, RenamesAnIndexOfAColumnRenamedBefore) {
  run({"CREATE TABLE t (a int, b int)", "CREATE INDEX t_a ON t (a)"});
  alter("t", [](TableBuilder& table) {
    table.rename_column("a", "c");
    table.rename_index("t_a", "t_c");
    table.check("b > 0", "positive");
  });
  EXPECT_THAT(definition("t_c"), HasSubstr("c"));
  EXPECT_EQ(number("SELECT count(*) FROM pragma_index_info('t_c') WHERE name = 'c'"), 1);
}

TEST_F(SqliteRebuild, KeepsViewsOnViewsAndTriggersOnViews) {
  run({"CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t",
       "CREATE VIEW w AS SELECT a FROM v", "CREATE TABLE other (x)",
       "CREATE TRIGGER into_w INSTEAD OF INSERT ON w BEGIN INSERT INTO t VALUES (NEW.a); END",
       "CREATE TRIGGER other_t AFTER INSERT ON other BEGIN INSERT INTO t VALUES (NEW.x); END"});
  const std::string all =
      "SELECT group_concat(type || name || coalesce(sql, '')) FROM (SELECT * "
      "FROM sqlite_schema WHERE name <> 't' ORDER BY name)";
  const std::string before = text(all);
  alter("t", [](TableBuilder& table) { table.check("a > 0", "positive"); });
  EXPECT_EQ(text(all), before);
  run({"INSERT INTO w VALUES (1)", "INSERT INTO other VALUES (2)"});
  EXPECT_EQ(number("SELECT sum(a) FROM w"), 3);
  expect_sound();
}

TEST_F(SqliteRebuild, ReadsStringsInDoubleQuotesOfOlderPrograms) {
  run_process({"sqlite3", path(),
               "CREATE TABLE old (a text CHECK (a IN (\"x\", \"it's\")), \"b\" text DEFAULT "
               "\"none\", CHECK (\"b\" <> \"\")); CREATE INDEX old_b ON old (\"a\") WHERE \"b\" = "
               "\"none\"; INSERT INTO old (a) VALUES ('x');"});
  if (!connection->has_table("old")) GTEST_SKIP() << "the sqlite3 command is not there";
  alter("old", [](TableBuilder& table) { table.string("b", 9).not_null().alter(); });
  run({"INSERT INTO old VALUES ('it''s', 'y')"});
  EXPECT_THROW(connection->execute("INSERT INTO old VALUES ('z', 'y')"), Error);
  EXPECT_THROW(connection->execute("INSERT INTO old VALUES ('x', '')"), Error);
  EXPECT_EQ(number("SELECT count(*) FROM old INDEXED BY old_b WHERE b = 'none'"), 1);
  expect_sound();
}

TEST_F(SqliteRebuild, RefusesTablesThatBelongToAnother) {
  run({"CREATE VIRTUAL TABLE f USING fts5(body)", "ATTACH ':memory:' AS side",
       "CREATE TABLE side.t (a)"});
  for (const std::string table : {"f_content", "sqlite_schema", "side.t"}) {
    const Error error =
        error_from([&] { alter(table, [](TableBuilder& changed) { changed.check("1", "one"); }); });
    EXPECT_TRUE(error.kind() == ErrorKind::validation || error.kind() == ErrorKind::schema)
        << table << ": " << error.what();
  }
  run({"INSERT INTO f VALUES ('word')"});
  EXPECT_EQ(text("SELECT body FROM f WHERE f MATCH 'word'"), "word");
}

}  // namespace
}  // namespace sterna::test
