// Every kind of object is read, field by field or as its definition.
#include "database/mysql_support.hpp"

#include "database/mysql/engine.hpp"
#include "database/mysql/inspect_types.hpp"

namespace sterna::test {
namespace {

using model::Default;
using model::Object;
using model::Table;
using model::TypeKind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

struct MysqlInspect : MysqlSession {
  model::Model inspect(bool grants = false) {
    InspectOptions options;
    options.grants = grants;
    model::Model model = connection->inspect(options);
    EXPECT_THAT(model.not_managed, IsEmpty());
    return model;
  }
  /// The one table that these statements make.
  Table table(const char* sql) {
    connection->execute(sql);
    model::Model model = inspect();
    EXPECT_EQ(model.tables.size(), 1U);
    return model.tables.at(0);
  }
  model::Column column(const std::string& definition) {
    const Table table = this->table(("CREATE TABLE t (c " + definition + ")").c_str());
    connection->execute("DROP TABLE t");
    return table.columns.at(0);
  }
  Object object(std::string_view kind, const char* name, bool grants = false) {
    const model::Model model = inspect(grants);
    const Object* found = model.object(kind, name);
    if (found == nullptr) ADD_FAILURE() << "there is no " << kind << " " << name;
    return found == nullptr ? Object{} : *found;
  }
};

TEST_F(MysqlInspect, TellsWhichDatabaseItReadAndThatAnEmptyOneIsEmpty) {
  const model::Model model = inspect();
  EXPECT_EQ(model.dialect, "mysql");
  EXPECT_EQ(model.product, connection->server().product);
  EXPECT_EQ(model.version, connection->server().version);
  EXPECT_EQ(model.default_schema, database->name());
  EXPECT_THAT(model.tables, IsEmpty());
  EXPECT_THAT(model.objects, IsEmpty());
}

TEST_F(MysqlInspect, ReadsTablesWithEngineCharsetCollationRowFormatAndComment) {
  const Table t = table(
      "CREATE TABLE t (id int) ENGINE=MyISAM DEFAULT CHARSET=latin1 COLLATE=latin1_bin "
      "ROW_FORMAT=FIXED MAX_ROWS=100 COMMENT='it''s a table'");
  EXPECT_EQ(t.name, model::Name("t"));
  EXPECT_EQ(t.engine, "MyISAM");
  EXPECT_EQ(t.charset, "latin1");
  EXPECT_EQ(t.collation, "latin1_bin");
  EXPECT_EQ(t.comment, "it's a table");
  EXPECT_THAT(t.options, ElementsAre(Pair("max_rows", "100"), Pair("row_format", "FIXED")));
}

TEST_F(MysqlInspect, LeavesOutTheCounterThatMovesWithTheRows) {
  const Table before = table("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, n int)");
  EXPECT_TRUE(before.columns[0].auto_increment);
  connection->execute("INSERT INTO t (n) VALUES (1), (2), (3)");
  EXPECT_EQ(inspect().tables.at(0), before);
}

struct TypeCase {
  const char* written;
  model::Type type;
};

model::Type of(TypeKind kind, std::optional<int> length = {}, std::optional<int> precision = {},
               std::optional<int> scale = {}, bool is_unsigned = false) {
  model::Type type;
  type.kind = kind;
  type.length = length;
  type.precision = precision;
  type.scale = scale;
  type.is_unsigned = is_unsigned;
  return type;
}
model::Type native(const char* name) {
  model::Type type;
  type.name = name;
  return type;
}

TEST_F(MysqlInspect, ReadsTypesAsPortableKindsWhereTheseGiveThemBack) {
  const std::vector<TypeCase> cases = {
      {"tinyint(1)", of(TypeKind::boolean)},
      {"tinyint", of(TypeKind::tiny_integer)},
      {"smallint unsigned", of(TypeKind::small_integer, {}, {}, {}, true)},
      {"mediumint", of(TypeKind::medium_integer)},
      {"int", of(TypeKind::integer)},
      {"bigint unsigned", of(TypeKind::big_integer, {}, {}, {}, true)},
      {"int(5) unsigned zerofill", native("int(5) unsigned zerofill")},
      {"decimal(12,4)", of(TypeKind::decimal, {}, 12, 4)},
      {"decimal(12,4) unsigned", of(TypeKind::decimal, {}, 12, 4, true)},
      {"float", of(TypeKind::real)},
      {"float(7,3)", native("float(7,3)")},
      {"double", of(TypeKind::double_precision)},
      {"double unsigned", of(TypeKind::double_precision, {}, {}, {}, true)},
      {"bit(3)", native("bit(3)")},
      {"char(3)", of(TypeKind::char_, 3)},
      {"varchar(20)", of(TypeKind::string, 20)},
      {"tinytext", of(TypeKind::tiny_text)},
      {"text", of(TypeKind::text)},
      {"mediumtext", of(TypeKind::medium_text)},
      {"longtext", of(TypeKind::long_text)},
      {"varbinary(16)", of(TypeKind::binary, 16)},
      {"binary(16)", native("binary(16)")},
      {"longblob", of(TypeKind::binary)},
      {"blob", native("blob")},
      {"json", of(TypeKind::json)},
      {"date", of(TypeKind::date)},
      {"time(2)", of(TypeKind::time, {}, 2)},
      {"timestamp NULL", of(TypeKind::timestamp)},
      {"datetime(6)", of(TypeKind::datetime, {}, 6)},
      {"year", of(TypeKind::year)},
      {"geometry", native("geometry")},
      {"point", native("point")},
  };
  std::string sql = "CREATE TABLE t (";
  for (std::size_t i = 0; i < cases.size(); ++i)
    sql += (i == 0 ? "c" : ", c") + std::to_string(i) + " " + cases[i].written;
  const Table t = table((sql + ")").c_str());
  ASSERT_EQ(t.columns.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(t.columns[i].type, cases[i].type) << cases[i].written;
    EXPECT_TRUE(t.columns[i].nullable) << cases[i].written;
    EXPECT_FALSE(t.columns[i].default_value) << cases[i].written;
    EXPECT_THAT(t.columns[i].options, IsEmpty()) << cases[i].written;
    EXPECT_EQ(t.columns[i].collation, "") << cases[i].written;
  }
  EXPECT_THAT(t.checks, IsEmpty());
}

TEST_F(MysqlInspect, ReadsUuidAndAddressTypesOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has neither";
  EXPECT_EQ(column("uuid").type.kind, TypeKind::uuid);
  EXPECT_EQ(column("inet6").type, native("inet6"));
}

TEST_F(MysqlInspect, ReadsValuesOfEnumAndSetWhateverStandsInThem) {
  const Table t =
      table("CREATE TABLE t (e enum('a', 'b''c', 'd,\\\\e', '(f)', 'größe'), s set('x','y'))");
  EXPECT_EQ(t.columns[0].type.kind, TypeKind::enumeration);
  EXPECT_THAT(t.columns[0].type.values, ElementsAre("a", "b'c", "d,\\e", "(f)", "größe"));
  EXPECT_EQ(t.columns[1].type.kind, TypeKind::set_of_values);
  EXPECT_THAT(t.columns[1].type.values, ElementsAre("x", "y"));
}

TEST_F(MysqlInspect, ReadsLongtextThatOnlyLooksLikeJsonAsLongtext) {
  if (!mariadb()) GTEST_SKIP() << "JSON is a type of its own on MySQL";
  const model::Column plain = column("longtext COLLATE utf8mb4_bin");
  EXPECT_EQ(plain.type.kind, TypeKind::long_text);
  EXPECT_EQ(plain.collation, "utf8mb4_bin");
  const model::Column other = column("json CHECK (json_length(c) < 5)");
  EXPECT_EQ(other.type.kind, TypeKind::long_text);
  EXPECT_THAT(other.options, ElementsAre(Pair("check", "(json_length(`c`) < 5)")));
}

TEST_F(MysqlInspect, ReadsCharsetAndCollationOnlyWhereTheyDifferFromTheTables) {
  const Table t = table(
      "CREATE TABLE t (a varchar(5), b varchar(5) COLLATE utf8mb4_bin, c varchar(5) CHARSET "
      "latin1) "
      "DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_unicode_ci");
  EXPECT_EQ(t.columns[0].collation, "");
  EXPECT_EQ(t.columns[1].charset, "");
  EXPECT_EQ(t.columns[1].collation, "utf8mb4_bin");
  EXPECT_EQ(t.columns[2].charset, "latin1");
  EXPECT_EQ(t.columns[2].collation, "latin1_swedish_ci");
}

TEST_F(MysqlInspect, ReadsSimpleDefaultsAsLiterals) {
  const auto literal = [](const char* text, Default::Literal kind) {
    return Default{Default::Kind::literal, text, kind};
  };
  EXPECT_EQ(column("int DEFAULT -5").default_value, literal("-5", Default::Literal::number));
  EXPECT_EQ(column("decimal(5,2) DEFAULT 1.5").default_value,
            literal("1.50", Default::Literal::number));
  EXPECT_EQ(column("boolean DEFAULT true").default_value,
            literal("true", Default::Literal::boolean));
  EXPECT_EQ(column("boolean DEFAULT 5").default_value, literal("5", Default::Literal::number));
  EXPECT_EQ(column("varchar(20) DEFAULT 'it''s \\\\ \"q\"\\n'").default_value,
            literal("it's \\ \"q\"\n", Default::Literal::string));
  EXPECT_EQ(column("varchar(5) DEFAULT ''").default_value, literal("", Default::Literal::string));
  EXPECT_EQ(column("varchar(5) DEFAULT 'NULL'").default_value,
            literal("NULL", Default::Literal::string));
  EXPECT_EQ(column("bit(3) DEFAULT b'101'").default_value,
            literal("b'101'", Default::Literal::number));
  EXPECT_EQ(column("bigint unsigned DEFAULT 18446744073709551615").default_value,
            literal("18446744073709551615", Default::Literal::number));
  EXPECT_EQ(column("int DEFAULT NULL").default_value, std::nullopt);
  EXPECT_EQ(column("int NOT NULL").default_value, std::nullopt);
}

TEST_F(MysqlInspect, ReadsTheClockAsNowWithThePrecisionOfItsColumn) {
  const model::Column stamp =
      column("timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)");
  ASSERT_TRUE(stamp.default_value);
  EXPECT_EQ(stamp.default_value->kind, Default::Kind::now);
  EXPECT_EQ(stamp.on_update, "CURRENT_TIMESTAMP");
  EXPECT_EQ(column("datetime DEFAULT CURRENT_TIMESTAMP").default_value->kind, Default::Kind::now);
  if (!since(80013, 100201)) return;
  EXPECT_EQ(column("date DEFAULT (CURRENT_DATE)").default_value->kind, Default::Kind::now);
  EXPECT_EQ(column("time(3) DEFAULT (CURRENT_TIME(3))").default_value->kind, Default::Kind::now);
}

TEST_F(MysqlInspect, ReadsOtherDefaultsAsExpressions) {
  if (!since(80013, 100201)) GTEST_SKIP() << "no expressions in this version";
  const model::Column date = column("date DEFAULT (CURRENT_DATE + INTERVAL 1 DAY)");
  ASSERT_TRUE(date.default_value);
  EXPECT_EQ(date.default_value->kind, Default::Kind::expression);
  EXPECT_EQ(date.default_value->text, "curdate() + interval 1 day");
  const model::Column text = column("varchar(40) DEFAULT (concat('a\\'', 'b'))");
  EXPECT_EQ(text.default_value->kind, Default::Kind::expression);
}

TEST_F(MysqlInspect, ReadsGeneratedAndInvisibleColumnsAndComments) {
  const Table t = table(
      "CREATE TABLE t (n int, v int AS (n + 1) VIRTUAL, s int AS (n * 2) STORED, i int DEFAULT 5 "
      "COMMENT 'a ''comment''\\nof two lines')");
  EXPECT_EQ(t.columns[1].generated, (model::Generated{"`n` + 1", false}));
  EXPECT_EQ(t.columns[2].generated, (model::Generated{"`n` * 2", true}));
  EXPECT_EQ(t.columns[3].comment, "a 'comment'\nof two lines");
}

TEST_F(MysqlInspect, ReadsInvisibleColumns) {
  if (!since(80023, 100303)) GTEST_SKIP() << "none in this version";
  const Table t = table(
      "CREATE TABLE t (n int, i int DEFAULT 5 INVISIBLE, vi varchar(9) AS (concat(n, 'x')) "
      "INVISIBLE)");
  EXPECT_THAT(t.columns[1].options, ElementsAre(Pair("invisible", "")));
  ASSERT_TRUE(t.columns[2].generated);
  EXPECT_THAT(t.columns[2].options, ElementsAre(Pair("invisible", "")));
}

TEST_F(MysqlInspect, ReadsExpressionsAndBytesAsTheyWereWritten) {
  const Table t = table(
      "CREATE TABLE t (a varchar(20), g varchar(90) AS (concat(a, 'größe', 'it''s\\n\\\\, (x')) "
      "VIRTUAL, plain varbinary(9) DEFAULT 'abc', zero varbinary(9) DEFAULT 'a\\0b', `q``ß` "
      "varchar(90) AS (concat(a, ')', `a`)) STORED)");
  EXPECT_EQ(t.columns[1].generated,
            (model::Generated{"concat(`a`,'größe','it\\'s\\n\\\\, (x')", false}));
  using namespace std::string_literals;
  EXPECT_EQ(t.columns[2].default_value,
            (Default{Default::Kind::literal, "abc", Default::Literal::string}));
  EXPECT_EQ(t.columns[3].default_value,
            (Default{Default::Kind::literal, "a\0b"s, Default::Literal::string}));
  EXPECT_EQ(t.columns[4].generated, (model::Generated{"concat(`a`,')',`a`)", true}));
}

TEST_F(MysqlInspect, ReadsDefaultsThatOnlyExpressionsCanBe) {
  if (!since(80013, 100201)) GTEST_SKIP() << "no expressions in this version";
  const Table t = table(
      "CREATE TABLE t (a text DEFAULT ('größe'), b json DEFAULT (json_array(1, 'x,)')), c "
      "varchar(40) "
      "DEFAULT (concat('ü', reverse('x'))), d blob DEFAULT (x'00ff'))");
  EXPECT_EQ(t.columns[0].default_value,
            (Default{Default::Kind::literal, "größe", Default::Literal::string}));
  EXPECT_EQ(t.columns[1].default_value,
            (Default{Default::Kind::expression, "json_array(1,'x,)')", Default::Literal::string}));
  EXPECT_EQ(
      t.columns[2].default_value,
      (Default{Default::Kind::expression, "concat('ü',reverse('x'))", Default::Literal::string}));
  ASSERT_TRUE(t.columns[3].default_value);
}

TEST_F(MysqlInspect, SaysThatBytesCannotBeRead) {
  connection->execute("CREATE TABLE t (b varbinary(9) DEFAULT x'e900ff')");
  EXPECT_THAT(connection->inspect({}).not_managed,
              ElementsAre(HasSubstr("its default may hold bytes")));
}

TEST_F(MysqlInspect, ReadsIndexesOverExpressionsAndInvisibleOnesOfMysql) {
  if (mariadb() || !since(80013, 0)) GTEST_SKIP() << "MySQL 8.0.13 and later have them";
  const Table t = table(
      "CREATE TABLE t (id int, a varchar(30), KEY f ((lower(a)), id DESC, (concat(a, 'größe,)')), "
      "a(5)), KEY i (id) INVISIBLE)");
  ASSERT_EQ(t.columns.size(), 2U);  // without those that the server makes for the expressions
  ASSERT_EQ(t.indexes.size(), 2U);
  const std::vector<model::IndexPart>& parts = t.indexes[0].parts;
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].expression, "lower(`a`)");
  EXPECT_TRUE(parts[1].descending);
  EXPECT_EQ(parts[2].expression, "concat(`a`,'größe,)')");
  EXPECT_EQ(parts[2].column, "");
  EXPECT_EQ(parts[3].prefix_length, 5);
  EXPECT_THAT(t.indexes[1].options, ElementsAre(Pair("invisible", "")));
}

TEST_F(MysqlInspect, ReadsCompressedColumnsAndReferenceSystemsOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MariaDB's attributes";
  EXPECT_THAT(column("varchar(100) COMPRESSED").options, ElementsAre(Pair("compressed", "")));
  EXPECT_THAT(column("point REF_SYSTEM_ID=4326 NOT NULL").options,
              ElementsAre(Pair("ref_system_id", "4326")));
}

TEST_F(MysqlInspect, ReadsKeysAndIndexesWithPrefixOrderAndComment) {
  const Table t = table(
      "CREATE TABLE t (a int, b varchar(50), c text, PRIMARY KEY (a, b(10)), "
      "INDEX plain (b(5), a DESC) COMMENT 'why', UNIQUE INDEX one (b))");
  ASSERT_TRUE(t.primary_key);
  ASSERT_EQ(t.primary_key->parts.size(), 2U);
  EXPECT_EQ(t.primary_key->parts[1].column, "b");
  EXPECT_EQ(t.primary_key->parts[1].prefix_length, 10);
  ASSERT_EQ(t.indexes.size(), 2U);
  EXPECT_EQ(t.indexes[0].name, "one");
  EXPECT_TRUE(t.indexes[0].unique);
  EXPECT_EQ(t.indexes[0].method, "");
  const model::Index& plain = t.indexes[1];
  EXPECT_FALSE(plain.unique);
  EXPECT_EQ(plain.comment, "why");
  ASSERT_EQ(plain.parts.size(), 2U);
  EXPECT_EQ(plain.parts[0].prefix_length, 5);
  EXPECT_FALSE(plain.parts[0].descending);
  EXPECT_EQ(plain.parts[1].column, "a");
  EXPECT_EQ(plain.parts[1].descending, since(80000, 100800));  // read and ignored before
}

TEST_F(MysqlInspect, ReadsFullTextAndSpatialIndexes) {
  const Table t = table(
      "CREATE TABLE t (a text, b text, p point NOT NULL, FULLTEXT INDEX words (a, b), SPATIAL "
      "INDEX places (p))");
  ASSERT_EQ(t.indexes.size(), 2U);
  EXPECT_EQ(t.indexes[0].kind, model::IndexKind::spatial);
  EXPECT_EQ(t.indexes[0].parts.at(0).prefix_length, std::nullopt);
  EXPECT_EQ(t.indexes[1].kind, model::IndexKind::full_text);
  EXPECT_EQ(t.indexes[1].parts.size(), 2U);
}

TEST_F(MysqlInspect, ReadsIgnoredIndexesAndUniqueHashesOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MariaDB's indexes";
  const Table t =
      table("CREATE TABLE t (a int, b text, INDEX skipped (a) IGNORED, UNIQUE whole (b))");
  EXPECT_THAT(t.indexes[0].options, ElementsAre(Pair("ignored", "")));
  EXPECT_EQ(t.indexes[1].method, "hash");
}

TEST_F(MysqlInspect, ReadsMethodsWhereTheEngineHasAChoice) {
  const Table t =
      table("CREATE TABLE t (a int, b int, INDEX h (a), INDEX t (b) USING BTREE) ENGINE=MEMORY");
  EXPECT_EQ(t.indexes[0].method, "");
  EXPECT_EQ(t.indexes[1].method, "btree");
}

TEST_F(MysqlInspect, ReadsForeignKeysWithActionsAndTheIndexesMadeForThem) {
  run({"CREATE TABLE p (a int, b int, c int UNIQUE, PRIMARY KEY (a, b))",
       "CREATE TABLE t (x int, y int, z int, CONSTRAINT pair FOREIGN KEY (y, x) REFERENCES p (a, "
       "b) "
       "ON DELETE CASCADE ON UPDATE SET NULL, FOREIGN KEY (z) REFERENCES p (c) ON DELETE "
       "RESTRICT)"});
  const model::Model model = inspect();
  const Table& t = *model.table("t");
  ASSERT_EQ(t.foreign_keys.size(), 2U);
  const model::ForeignKey& pair = t.foreign_keys[0];
  EXPECT_EQ(pair.name, "pair");
  EXPECT_THAT(pair.columns, ElementsAre("y", "x"));
  EXPECT_EQ(pair.referenced_table, model::Name("p"));
  EXPECT_THAT(pair.referenced_columns, ElementsAre("a", "b"));
  EXPECT_EQ(pair.on_delete, model::ReferentialAction::cascade);
  EXPECT_EQ(pair.on_update, model::ReferentialAction::set_null);
  EXPECT_EQ(t.foreign_keys[1].name, "t_ibfk_1");
  EXPECT_EQ(t.foreign_keys[1].on_delete, model::ReferentialAction::no_action);
  EXPECT_EQ(t.indexes.size(), 2U);
}

TEST_F(MysqlInspect, ReadsChecksOfTheTableAndOfAColumn) {
  if (!since(80016, 100201)) GTEST_SKIP() << "the server forgets them";
  const Table t = table(
      "CREATE TABLE t (a int CHECK (a > 0), b varchar(9), CONSTRAINT named CHECK (a < 10), "
      "CONSTRAINT quoted CHECK (b <> 'it''s'))");
  const auto text = [&](const char* name) {
    for (const model::Check& check : t.checks) {
      if (check.name == name) return check.expression;
    }
    return std::string("none");
  };
  EXPECT_EQ(text("named"), "`a` < 10");
  EXPECT_THAT(text("quoted"), HasSubstr("'it\\'s'"));
  if (mariadb()) {
    EXPECT_EQ(t.checks.size(), 2U);
    EXPECT_THAT(t.columns[0].options, ElementsAre(Pair("check", "(`a` > 0)")));
  } else {
    EXPECT_EQ(text("t_chk_1"), "`a` > 0");
  }
}

TEST_F(MysqlInspect, ReadsViewsWithAlgorithmAndSecurityAndWhatTheyRead) {
  run({"CREATE TABLE t (id int)",
       "CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2",
       "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW b AS SELECT id, twice(id) AS two FROM t "
       "WHERE id > 1 WITH CASCADED CHECK OPTION",
       "CREATE VIEW a AS SELECT b.id FROM b JOIN t ON t.id = b.id WHERE b.id IN (SELECT id FROM "
       "t)"});
  const Object b = object("view", "b");
  const std::string condition = mariadb() ? "`t`.`id` > 1" : "(`t`.`id` > 1)";
  EXPECT_EQ(b.definition,
            "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `b` AS select `t`.`id` AS "
            "`id`,`twice`(`t`.`id`) AS `two` from `t` where " +
                condition + " WITH CASCADED CHECK OPTION");
  EXPECT_THAT(b.depends_on, testing::UnorderedElementsAre("table t", "function twice"));
  EXPECT_THAT(object("view", "a").depends_on, testing::UnorderedElementsAre("view b", "table t"));
  EXPECT_THAT(object("view", "a", true).definition, HasSubstr("DEFINER=`"));
}

TEST_F(MysqlInspect, ReadsTriggersInTheirOrder) {
  run({"CREATE TABLE t (id int)",
       "CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1",
       "CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW FOLLOWS one SET NEW.id = 2",
       "CREATE TRIGGER zero BEFORE INSERT ON t FOR EACH ROW PRECEDES one BEGIN SET NEW.id = 0; END",
       "CREATE TRIGGER later AFTER DELETE ON t FOR EACH ROW SET @n = OLD.id"});
  EXPECT_EQ(object("trigger", "zero").definition,
            "CREATE TRIGGER `zero` BEFORE INSERT ON `t` FOR EACH ROW\nBEGIN SET NEW.id = 0; END");
  const Object one = object("trigger", "one");
  EXPECT_EQ(
      one.definition,
      "CREATE TRIGGER `one` BEFORE INSERT ON `t` FOR EACH ROW FOLLOWS `zero`\nSET NEW.id = 1");
  EXPECT_EQ(one.table, model::Name("t"));
  EXPECT_THAT(one.depends_on, ElementsAre("table t", "trigger zero"));
  EXPECT_THAT(object("trigger", "two").definition, HasSubstr("FOLLOWS `one`"));
  EXPECT_THAT(object("trigger", "later").definition, Not(HasSubstr("FOLLOWS")));
}

TEST_F(MysqlInspect, ReadsProceduresAndFunctionsWithParametersAndCharacteristics) {
  run(
      {"CREATE PROCEDURE p(IN a int, OUT b varchar(10) CHARSET latin1, INOUT `c d` decimal(5,2)) "
       "MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT 'it''s one' BEGIN SELECT a INTO b; END",
       "CREATE FUNCTION f(x enum('a','b')) RETURNS varchar(20) DETERMINISTIC RETURN concat(x, "
       "'!')"});
  const Object p = object("procedure", "p");
  EXPECT_THAT(p.definition, StartsWith("CREATE PROCEDURE `p`(`a` int"));
  EXPECT_THAT(p.definition, HasSubstr("OUT `b` varchar(10) CHARSET latin1 COLLATE "
                                      "latin1_swedish_ci, INOUT `c d` decimal(5,2))"));
  EXPECT_THAT(p.definition, HasSubstr("MODIFIES SQL DATA\n  SQL SECURITY INVOKER\n  COMMENT "
                                      "'it''s one'\nBEGIN SELECT a INTO b; END"));
  EXPECT_EQ(object("function", "f").definition,
            "CREATE FUNCTION `f`(`x` enum('a','b')) RETURNS varchar(20)\n  DETERMINISTIC\nRETURN "
            "concat(x, '!')");
}

TEST_F(MysqlInspect, ReadsAggregateFunctionsOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has none";
  run(
      {"CREATE AGGREGATE FUNCTION total(x int) RETURNS int BEGIN DECLARE s int DEFAULT 0; DECLARE "
       "CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END "
       "LOOP; "
       "END"});
  EXPECT_THAT(object("function", "total").definition,
              StartsWith("CREATE AGGREGATE FUNCTION `total`"));
}

TEST_F(MysqlInspect, KeepsTheSqlModeThatARoutineWasMadeUnder) {
  if (!mariadb()) GTEST_SKIP() << "MySQL's CREATE cannot say it";
  run({"SET sql_mode = 'ANSI_QUOTES'", "CREATE PROCEDURE p() SELECT 1 AS \"one\"",
       "SET sql_mode = @@global.sql_mode"});
  EXPECT_THAT(object("procedure", "p").definition,
              StartsWith("SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR CREATE PROCEDURE"));
}

TEST_F(MysqlInspect, ReadsEventsWithoutTheMomentTheyWereMade) {
  run({"CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
       "CREATE EVENT f ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2035-01-01 00:00:00' ENDS "
       "'2036-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO BEGIN DELETE FROM t; "
       "END",
       "CREATE EVENT g ON SCHEDULE AT '2035-01-01 00:00:00' DO DELETE FROM t"});
  EXPECT_EQ(object("event", "e").definition,
            "CREATE EVENT `e`\n  ON SCHEDULE EVERY 1 DAY\n  DO DELETE FROM t");
  // MySQL 8 tells the same span in minutes.
  const std::string span = mariadb() || !since(80000, 0) ? "'1:30'" : "90";
  EXPECT_EQ(
      object("event", "f").definition,
      "CREATE EVENT `f`\n  ON SCHEDULE EVERY " + span +
          " HOUR_MINUTE STARTS '2035-01-01 00:00:00' "
          "ENDS '2036-01-01 00:00:00'\n  ON COMPLETION PRESERVE\n  DISABLE\n  COMMENT 'c'\n  DO "
          "BEGIN DELETE FROM t; END");
  EXPECT_THAT(object("event", "g").definition, HasSubstr("AT '2035-01-01 00:00:00'"));
}

TEST_F(MysqlInspect, ReadsSequencesOfMariadbAndTheTablesThatNeedThem) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has none";
  run({"CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 2 MAXVALUE 1000 CYCLE",
       "CREATE TABLE t (id int DEFAULT (NEXT VALUE FOR numbers))"});
  EXPECT_THAT(
      object("sequence", "numbers").definition,
      StartsWith("CREATE SEQUENCE `numbers` start with 5 minvalue 1 maxvalue 1000 increment "
                 "by 2"));
  const model::Model model = inspect();
  ASSERT_EQ(model.tables.size(), 1U);
  EXPECT_EQ(model.tables[0].columns[0].default_value->text, "nextval(`numbers`)");
  EXPECT_THAT(model.tables[0].depends_on.keys, ElementsAre("sequence numbers"));
}

TEST_F(MysqlInspect, ReadsPartitions) {
  const Table t = table(
      "CREATE TABLE t (id int, d date) PARTITION BY RANGE (year(d)) SUBPARTITION BY HASH (id) "
      "SUBPARTITIONS 2 (PARTITION old VALUES LESS THAN (2000), PARTITION rest VALUES LESS THAN "
      "MAXVALUE COMMENT 'x')");
  ASSERT_TRUE(t.options.contains("partition by"));
  const std::string& text = t.options.at("partition by");
  EXPECT_THAT(text, StartsWith("RANGE ("));
  EXPECT_THAT(text, HasSubstr("SUBPARTITIONS 2"));
  EXPECT_THAT(text, HasSubstr("VALUES LESS THAN MAXVALUE COMMENT = 'x'"));
}

TEST_F(MysqlInspect, ReadsSystemVersioningOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has none";
  const Table t = table(
      "CREATE TABLE t (id int, w int WITHOUT SYSTEM VERSIONING, s timestamp(6) GENERATED ALWAYS AS "
      "ROW "
      "START INVISIBLE, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) "
      "WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH PARTITIONS 3");
  EXPECT_THAT(t.options, Contains(Pair("system versioning", "with")));
  EXPECT_THAT(t.options, Contains(Pair("period for system_time", "`s`, `e`")));
  EXPECT_THAT(t.options.at("partition by"), StartsWith("SYSTEM_TIME INTERVAL 1 MONTH"));
  EXPECT_THAT(t.columns[1].options, ElementsAre(Pair("without system versioning", "")));
  EXPECT_THAT(t.columns[2].options, Contains(Pair("generated always as row start", "")));
}

TEST_F(MysqlInspect, ReadsPeriodsOfApplicationTimeOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has none";
  const Table t = table(
      "CREATE TABLE t (id int, a date, b date, PERIOD FOR stay (a, b), UNIQUE one (id, stay "
      "WITHOUT "
      "OVERLAPS), CONSTRAINT no_period CHECK (a < b))");
  EXPECT_THAT(t.options, Contains(Pair("period for `stay`", "`a`, `b`")));
  ASSERT_EQ(t.indexes.size(), 1U);
  EXPECT_EQ(t.indexes[0].parts.size(), 1U);
  EXPECT_THAT(t.indexes[0].options, ElementsAre(Pair("without overlaps", "`stay`")));
  ASSERT_EQ(t.checks.size(), 1U);
  EXPECT_EQ(t.checks[0].name, "no_period");
}

TEST_F(MysqlInspect, ReadsTheTablesOfAMerge) {
  run({"CREATE TABLE part (id int) ENGINE=MyISAM",
       "CREATE TABLE whole (id int) ENGINE=MERGE UNION=(part) INSERT_METHOD=LAST"});
  EXPECT_THAT(inspect().table("whole")->options,
              ElementsAre(Pair("insert_method", "LAST"), Pair("union", "(`part`)")));
}

TEST_F(MysqlInspect, SeesWhatAlterTableMadeOfOptions) {
  const auto alter = [&](std::vector<TableAction> actions) {
    const RenderContext context{connection->server(), connection.get()};
    for (const Statement& statement :
         connection->dialect().render(AlterTable{"t", std::move(actions)}, context).statements)
      connection->execute(statement);
    return inspect().tables.at(0);
  };
  const auto set = [](const char* key, const char* value) {
    return SetTableOption{key, value, std::nullopt};
  };
  const Table before = table("CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int)");
  Table after =
      alter({set("row_format", "COMPACT"), set("partition by", "HASH (`id`)\nPARTITIONS 3"),
             set("max_rows", "1000"), SetTableComment{"c", std::nullopt}});
  EXPECT_THAT(after.options,
              ElementsAre(Pair("max_rows", "1000"), Pair("partition by", StartsWith("HASH (`id`)")),
                          Pair("row_format", "COMPACT")));
  EXPECT_EQ(after.comment, "c");
  model::Column n = after.columns[1];
  if (since(80023, 100303)) n.options["invisible"];
  n.comment = "hidden";
  after = alter({ModifyColumn{n, ModifyColumn::comment}});
  EXPECT_EQ(after.columns[1], n);
  EXPECT_EQ(alter({set("row_format", ""), set("partition by", ""), set("max_rows", ""),
                   SetTableComment{"", std::nullopt}, ModifyColumn{before.columns[1], 0}}),
            before);
}

TEST_F(MysqlInspect, SeesWhatAlterTableMadeOfVersionsAndPeriodsOfMariadb) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has neither";
  const auto alter = [&](const char* key, const char* value) {
    const RenderContext context{connection->server(), connection.get()};
    const AlterTable change{"t", {SetTableOption{key, value, std::nullopt}}};
    for (const Statement& statement : connection->dialect().render(change, context).statements)
      connection->execute(statement);
    return inspect().tables.at(0);
  };
  const Table before = table("CREATE TABLE t (a date NOT NULL, b date NOT NULL)");
  EXPECT_THAT(alter("system versioning", "with").options,
              ElementsAre(Pair("system versioning", "with")));
  EXPECT_EQ(alter("system versioning", ""), before);
  EXPECT_THAT(alter("period for `stay`", "`a`, `b`").options,
              ElementsAre(Pair("period for `stay`", "`a`, `b`")));
  EXPECT_EQ(alter("period for `stay`", ""), before);
}

TEST_F(MysqlInspect, ReplacesWhatWasMadeUnderAnotherSqlMode) {
  if (!mariadb()) GTEST_SKIP() << "MySQL's CREATE cannot say it";
  Object made;
  made.kind = "procedure";
  made.name.name = "p";
  made.definition =
      "SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR CREATE PROCEDURE `p`()\nselect \"x\"";
  const RenderContext context{connection->server(), connection.get()};
  for (int i = 0; i < 2; ++i) {
    for (const Statement& statement :
         connection->dialect().render(CreateObject{made, true}, context).statements)
      connection->execute(statement);
  }
  EXPECT_EQ(object("procedure", "p"), made);
}

TEST_F(MysqlInspect, ReadsGrantsWhenAskedTo) {
  const std::string user = "`" + database->name().substr(0, 28) + "`@`localhost`";
  run({"CREATE TABLE t (id int, secret int)", "CREATE PROCEDURE p() SELECT 1"});
  connection->execute("CREATE USER " + user);
  for (const std::string grant :
       {"SELECT, INSERT ON *", "SELECT, UPDATE (secret) ON t", "EXECUTE ON PROCEDURE p"})
    connection->execute("GRANT " + grant + " TO " + user);
  const model::Model plain = inspect();
  const model::Model full = inspect(true);
  connection->execute("DROP USER " + user);
  std::vector<std::string> grants;
  for (const Object& one : full.objects) {
    if (one.kind == "grant")
      grants.push_back(one.definition.substr(0, one.definition.find(" TO ")));
  }
  EXPECT_THAT(grants, testing::UnorderedElementsAre("GRANT INSERT, SELECT ON *",
                                                    "GRANT SELECT, UPDATE (`secret`) ON `t`",
                                                    "GRANT EXECUTE ON PROCEDURE `p`"));
  for (const Object& one : plain.objects) EXPECT_NE(one.kind, "grant");
}

TEST_F(MysqlInspect, WritesGrantsToRolesSoThatTheyCanBeGivenAgain) {
  if (!mariadb()) GTEST_SKIP() << "MySQL's roles are accounts";
  const std::string role = database->name().substr(0, 28) + "_role";
  connection->execute("CREATE ROLE " + role);
  connection->execute("GRANT SELECT ON * TO " + role);
  std::string definition;
  for (const Object& one : inspect(true).objects) {
    if (one.definition.find(role) == std::string::npos) continue;
    definition = one.definition;
    EXPECT_NO_THROW(connection->execute(one.drop)) << one.drop;
    EXPECT_NO_THROW(connection->execute(one.definition)) << one.definition;
  }
  connection->execute("DROP ROLE " + role);
  EXPECT_EQ(definition, "GRANT SELECT ON * TO '" + role + "'");
}

TEST_F(MysqlInspect, AsksAsManyQuestionsOfOneTableAsOfThirty) {
  const auto questions = [&] {
    return connection->query("SHOW SESSION STATUS LIKE 'Questions'").at(0).get<std::int64_t>(1);
  };
  const auto asked = [&] {
    const std::int64_t before = questions();
    inspect();
    return questions() - before;
  };
  connection->execute("CREATE TABLE t (id int PRIMARY KEY, n int, INDEX (n), CHECK (n > 0))");
  const std::int64_t one = asked();
  for (int i = 0; i < 29; ++i)
    connection->execute("CREATE TABLE t" + std::to_string(i) + " LIKE t");
  EXPECT_EQ(asked(), one);
}

TEST_F(MysqlInspect, ReadsAViewWhoseTableIsGone) {
  run({"CREATE TABLE t (id int)", "CREATE VIEW v AS SELECT id FROM t", "DROP TABLE t"});
  EXPECT_THAT(object("view", "v").definition, HasSubstr("from `t`"));
}

TEST_F(MysqlInspect, LeavesOutTheTablesItIsToldToWithTheirTriggers) {
  run({"CREATE TABLE history (id int)", "CREATE TABLE t (id int)",
       "CREATE TRIGGER h BEFORE INSERT ON history FOR EACH ROW SET @a = 1"});
  InspectOptions options;
  options.without = {"history"};
  const model::Model model = connection->inspect(options);
  ASSERT_EQ(model.tables.size(), 1U);
  EXPECT_EQ(model.tables[0].name, model::Name("t"));
  EXPECT_THAT(model.objects, IsEmpty());
}

TEST_F(MysqlInspect, SaysWhatItCannotRead) {
  run({"CREATE TABLE t (id int)", "CREATE VIEW v AS SELECT id FROM t",
       "CREATE PROCEDURE p() SELECT 1"});
  const std::string user = "`" + database->name().substr(0, 28) + "`@`127.0.0.1`";
  connection->execute("CREATE USER " + user);
  connection->execute("GRANT SELECT ON * TO " + user);
  connection->execute("GRANT EXECUTE ON PROCEDURE p TO " + user);
  Url url = parse_url(database->url());
  url.user = database->name().substr(0, 28);
  const model::Model model = connect(url)->inspect({});
  connection->execute("DROP USER " + user);
  EXPECT_EQ(model.tables.size(), 1U);
  EXPECT_THAT(model.not_managed, Contains(StartsWith("view v: ")));
  EXPECT_THAT(model.not_managed, Contains(StartsWith("procedure p: ")));
}

TEST_F(MysqlInspect, NamesWhatWasMadeUnderTheGrammarOfOracle) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has no such sql_mode";
  run({"SET sql_mode = ORACLE", "CREATE PACKAGE k AS PROCEDURE q(a int); END",
       "CREATE PROCEDURE p AS BEGIN SELECT 1; END", "SET sql_mode = @@global.sql_mode"});
  const model::Model model = connection->inspect({});
  EXPECT_THAT(model.not_managed,
              ElementsAre(StartsWith("package k: made under sql_mode ORACLE"),
                          StartsWith("procedure p: made under sql_mode ORACLE")));
  EXPECT_THAT(model.objects, IsEmpty());
}

TEST_F(MysqlInspect, IsTheSameWhateverTheOrderOfCreation) {
  const std::vector<const char*> made = {
      "CREATE TABLE a (id int PRIMARY KEY, x int, y int)", "CREATE TABLE b (id int PRIMARY KEY)",
      "CREATE VIEW v AS SELECT 1 AS one", "CREATE PROCEDURE p() SELECT 1"};
  run(made);
  run({"CREATE INDEX x ON a (x)", "CREATE INDEX y ON a (y)"});
  const model::Model first = inspect();
  connection->drop_everything();
  for (auto one = made.rbegin(); one != made.rend(); ++one) connection->execute(*one);
  run({"CREATE INDEX y ON a (y)", "CREATE INDEX x ON a (x)"});
  EXPECT_EQ(inspect(), first);
}

TEST_F(MysqlInspect, NeedsADatabase) {
  Url url = parse_url(database->url());
  url.database.clear();
  try {
    connect(url)->inspect({});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_THAT(error.suggestions(), Not(IsEmpty()));
  }
}

TEST_F(MysqlInspect, VisitsRowsOneByOneAndSurvivesAVisitorThatThrows) {
  std::vector<std::int64_t> seen;
  connection->for_each_row({"SELECT 1 UNION SELECT 2 UNION SELECT 3", {}, {}, {}},
                           [&](Row&& row) { seen.push_back(row.get<std::int64_t>(0)); });
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
  EXPECT_THROW(connection->for_each_row({"SELECT 1 UNION SELECT 2", {}, {}, {}},
                                        [](Row&&) { throw std::runtime_error("enough"); }),
               std::runtime_error);
  EXPECT_EQ(number("SELECT 7"), 7);
}

// What MySQL alone tells, as its manual has it.

TEST(MysqlTypeText, IsReadWithAndWithoutDisplayWidths) {
  const auto type = [](const char* text) { return mysql::type_of(mysql::split_type(text)); };
  EXPECT_EQ(type("int"), of(TypeKind::integer));
  EXPECT_EQ(type("int unsigned"), of(TypeKind::integer, {}, {}, {}, true));
  EXPECT_EQ(type("tinyint(1)"), of(TypeKind::boolean));
  EXPECT_EQ(type("year"), of(TypeKind::year));
  EXPECT_EQ(type("geomcollection"), native("geomcollection"));
}

TEST(MysqlDefaultText, IsReadAsMysqlPrintsIt) {
  using mysql::mysql_default;
  EXPECT_EQ(mysql_default("it's", false, of(TypeKind::string, 20)),
            (Default{Default::Kind::literal, "it's", Default::Literal::string}));
  EXPECT_EQ(mysql_default("5", false, of(TypeKind::string, 20)),
            (Default{Default::Kind::literal, "5", Default::Literal::string}));
  EXPECT_EQ(mysql_default("1.50", false, of(TypeKind::decimal, {}, 5, 2)),
            (Default{Default::Kind::literal, "1.50", Default::Literal::number}));
  EXPECT_EQ(mysql_default("b'101'", false, native("bit(3)")),
            (Default{Default::Kind::literal, "b'101'", Default::Literal::number}));
  EXPECT_EQ(mysql_default("CURRENT_TIMESTAMP(3)", true, of(TypeKind::datetime, {}, 3))->kind,
            Default::Kind::now);
  EXPECT_EQ(mysql_default("CURRENT_TIMESTAMP", false, of(TypeKind::timestamp))->kind,
            Default::Kind::now);
  EXPECT_EQ(mysql_default("curdate()", true, of(TypeKind::date))->kind, Default::Kind::now);
  EXPECT_EQ(mysql_default("(concat(_utf8mb4\\'a\\',uuid()))", true, of(TypeKind::string, 90)),
            (Default{Default::Kind::expression, "concat('a',uuid())", Default::Literal::string}));
  EXPECT_EQ(mysql_default("_utf8mb3\\'{}\\'", true, of(TypeKind::json)),
            (Default{Default::Kind::literal, "{}", Default::Literal::string}));
}

TEST(MysqlOptions, AreWrittenInTheWordsOfMysql8) {
  Table table;
  table.name.name = "t";
  model::Column place;
  place.name = "p";
  place.type = native("point");
  place.options["srid"] = "4326";
  place.options["invisible"];
  table.columns = {place};
  model::Index index;
  index.name = "i";
  model::IndexPart part;
  part.expression = "lower(`p`)";
  index.parts = {part};
  index.options["invisible"];
  table.indexes = {index};
  model::Check check;
  check.name = "k";
  check.expression = "`p` is not null";
  check.not_enforced = true;
  table.checks = {check};
  const RenderContext context{{"MySQL", "MySQL 8.0.36", 80036}, nullptr};
  const Rendered rendered = mysql::dialect().render(CreateTable{table, false}, context);
  ASSERT_EQ(rendered.statements.size(), 1U);
  EXPECT_EQ(rendered.statements[0].sql,
            "CREATE TABLE `t` (\n  `p` point NOT NULL INVISIBLE SRID 4326,\n  CONSTRAINT `k` CHECK "
            "(`p` is not null) NOT ENFORCED,\n  INDEX `i` ((lower(`p`))) INVISIBLE\n)");
}

TEST(MysqlOptions, OfTheOtherProductAreRefused) {
  model::Index index;
  index.name = "i";
  model::IndexPart part;
  part.column = "c";
  index.parts = {part};
  index.options["ignored"];
  const AlterTable change{"t", {AddIndex{index, false, false}}};
  const RenderContext mysql{{"MySQL", "MySQL 8.0.36", 80036}, nullptr};
  const RenderContext mariadb{{"MariaDB", "MariaDB 10.11.6", 101106}, nullptr};
  EXPECT_THROW(mysql::dialect().render(change, mysql), Error);
  EXPECT_EQ(mysql::dialect().render(change, mariadb).statements.at(0).sql,
            "ALTER TABLE `t` ADD INDEX `i` (`c`) IGNORED");
}

TEST(MysqlExpressionText, LosesTheDatabaseAndNothingElse) {
  EXPECT_EQ(mysql::unqualified("nextval(`db`.`s`)", "db"), "nextval(`s`)");
  EXPECT_EQ(mysql::unqualified("`a`.`db`.`c` = '`db`.`s`'", "db"), "`a`.`db`.`c` = '`db`.`s`'");
  EXPECT_EQ(mysql::without_parentheses("((a) + (b))"), "(a) + (b)");
  EXPECT_EQ(mysql::without_parentheses("(')')"), "')'");
  EXPECT_EQ(mysql::without_introducers("concat(_utf8mb4'_utf8''x',_utf8mb3'y',my_utf8mb4'z',"
                                       "_latin1'w',`_utf8mb4`)"),
            "concat('_utf8''x','y',my_utf8mb4'z',_latin1'w',`_utf8mb4`)");
}

}  // namespace
}  // namespace sterna::test
