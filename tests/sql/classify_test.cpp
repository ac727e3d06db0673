#include "sql/classify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support.hpp"

namespace sterna {
namespace {

using testing::ElementsAre;

constexpr Language postgres = Language::postgres;
constexpr Language mysql = Language::mysql;
constexpr Language sqlite = Language::sqlite;
constexpr Language cql = Language::cql;

std::string text(const ObjectName& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

/// What the summary says, in one line: object, name, and whatever else is set.
std::string line(const StatementSummary& s) {
  std::string line = s.object + "|" + text(s.name);
  for (const ObjectName& more : s.more_names) line += "," + text(more);
  if (!s.table.name.empty()) line += " on " + text(s.table);
  if (!s.new_name.name.empty()) line += " to " + text(s.new_name);
  for (const ObjectName& more : s.more_new_names) line += "," + text(more);
  if (s.or_replace) line += " +replace";
  if (s.if_exists) line += " +if";
  if (s.temporary) line += " +temporary";
  if (s.concurrently) line += " +concurrently";
  if (s.has_where) line += " +where";
  return line;
}

struct Row {
  Language language;
  const char* statement;
  Verb verb;
  const char* expected;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.statement; }

class Classify : public testing::TestWithParam<Row> {};

TEST_P(Classify, TellsVerbObjectAndNames) {
  const Row& row = GetParam();
  const StatementSummary summary = classify(row.statement, row.language);
  EXPECT_EQ(summary.verb, row.verb) << row.statement;
  EXPECT_EQ(line(summary), row.expected) << row.statement;
}

const Row definitions[] = {
    {postgres, "CREATE TABLE t (a int)", Verb::create, "TABLE|t"},
    {postgres, "create table if not exists \"App\".\"Users\" (a int)", Verb::create,
     "TABLE|App.Users +if"},
    {postgres, "/* c */ CREATE -- x\n UNLOGGED TABLE db.s.t (a int)", Verb::create, "TABLE|s.t"},
    {postgres, "CREATE TEMP TABLE \"a\"\"b\" AS SELECT 1", Verb::create, "TABLE|a\"b +temporary"},
    {postgres, "CREATE GLOBAL TEMPORARY TABLE t (a int)", Verb::create, "TABLE|t +temporary"},
    {postgres, "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t (a)", Verb::create,
     "INDEX|i on s.t +if +concurrently"},
    {postgres, "CREATE INDEX ON t USING gin (a)", Verb::create, "INDEX| on t"},
    {postgres, "CREATE OR REPLACE VIEW v AS SELECT 1", Verb::create, "VIEW|v +replace"},
    {postgres, "CREATE OR REPLACE RECURSIVE VIEW v (a) AS SELECT 1", Verb::create,
     "VIEW|v +replace"},
    {postgres, "CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1", Verb::create,
     "MATERIALIZED VIEW|m +if"},
    {postgres, "CREATE OR REPLACE FUNCTION s.f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
     Verb::create, "FUNCTION|s.f +replace"},
    {postgres, "CREATE TRIGGER g BEFORE UPDATE OF a, b ON s.t FOR EACH ROW EXECUTE FUNCTION f()",
     Verb::create, "TRIGGER|g on s.t"},
    {postgres, "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()", Verb::create,
     "TRIGGER|g on t"},
    {postgres, "CREATE EVENT TRIGGER g ON ddl_command_end EXECUTE FUNCTION f()", Verb::create,
     "EVENT TRIGGER|g"},
    {postgres, "CREATE RULE r AS ON INSERT TO s.t DO INSTEAD NOTHING", Verb::create,
     "RULE|r on s.t"},
    {postgres, "CREATE POLICY p ON t USING (true)", Verb::create, "POLICY|p on t"},
    {postgres, "CREATE TYPE mood AS ENUM ('a')", Verb::create, "TYPE|mood"},
    {postgres, "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"", Verb::create,
     "EXTENSION|uuid-ossp +if"},
    {postgres, "CREATE SCHEMA AUTHORIZATION joe", Verb::create, "SCHEMA|joe"},
    {postgres, "CREATE FOREIGN DATA WRAPPER w", Verb::create, "FOREIGN DATA WRAPPER|w"},
    {postgres, "CREATE TEXT SEARCH CONFIGURATION c (PARSER = p)", Verb::create,
     "TEXT SEARCH CONFIGURATION|c"},
    {postgres, "CREATE SEQUENCE IF NOT EXISTS s", Verb::create, "SEQUENCE|s +if"},
    {mysql, "CREATE TABLE IF NOT EXISTS `db`.`t``x` (a int)", Verb::create, "TABLE|db.t`x +if"},
    {mysql, "CREATE TABLE 2fa_codes (a int)", Verb::create, "TABLE|2fa_codes"},
    {mysql, "CREATE TABLE \"t\" (a int)", Verb::create, "TABLE|t"},
    {mysql, "CREATE FULLTEXT INDEX i ON t (a)", Verb::create, "INDEX|i on t"},
    {mysql, "CREATE INDEX i USING BTREE ON db.t (a)", Verb::create, "INDEX|i on db.t"},
    {mysql, "CREATE ALGORITHM = MERGE DEFINER = `a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1",
     Verb::create, "VIEW|v"},
    {mysql, "CREATE DEFINER = CURRENT_USER() PROCEDURE p() BEGIN END", Verb::create, "PROCEDURE|p"},
    {mysql,
     "CREATE OR REPLACE DEFINER=root@localhost TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET @a = "
     "1",
     Verb::create, "TRIGGER|g on t +replace"},
    {mysql,
     "/*!50003 CREATE*/ /*!50017 DEFINER='a'@'%'*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH "
     "ROW SET @a = 1 */",
     Verb::create, "TRIGGER|g on t"},
    {mysql, "CREATE DATABASE IF NOT EXISTS d", Verb::create, "DATABASE|d +if"},
    {mysql, "CREATE AGGREGATE FUNCTION f RETURNS INT SONAME 'x'", Verb::create, "FUNCTION|f"},
    {mysql, "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", Verb::create, "EVENT|e"},
    {sqlite, "CREATE TABLE [t t] (a)", Verb::create, "TABLE|t t"},
    {sqlite, "CREATE VIRTUAL TABLE f USING fts5(a)", Verb::create, "TABLE|f"},
    {sqlite, "CREATE TEMP TRIGGER IF NOT EXISTS g INSTEAD OF UPDATE OF a ON v BEGIN SELECT 1; END",
     Verb::create, "TRIGGER|g on v +if +temporary"},
    {sqlite, "CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t (a)", Verb::create,
     "INDEX|main.i on t +if"},
    {cql, "CREATE KEYSPACE IF NOT EXISTS k WITH replication = {'class': 'x'}", Verb::create,
     "KEYSPACE|k +if"},
    {cql, "CREATE COLUMNFAMILY k.t (a int PRIMARY KEY)", Verb::create, "TABLE|k.t"},
    {cql, "CREATE CUSTOM INDEX IF NOT EXISTS i ON k.t (a) USING 'x'", Verb::create,
     "INDEX|i on k.t +if"},
    {cql, "CREATE INDEX ON t (keys(m))", Verb::create, "INDEX| on t"},
    {cql, "CREATE TYPE k.\"T\" (a int)", Verb::create, "TYPE|k.T"},
    {cql, "CREATE MATERIALIZED VIEW v AS SELECT * FROM t", Verb::create, "MATERIALIZED VIEW|v"},
    {cql, "CREATE INDEX IF NOT EXISTS ON k.t (values(m))", Verb::create, "INDEX| on k.t +if"},
    {cql, "CREATE OR REPLACE FUNCTION IF NOT EXISTS k.f (a int) CALLED ON NULL INPUT RETURNS int",
     Verb::create, "FUNCTION|k.f +replace +if"},
    {cql, "CREATE AGGREGATE k.mean (int) SFUNC s STYPE int", Verb::create, "AGGREGATE|k.mean"},
    {cql, "CREATE ROLE IF NOT EXISTS r WITH LOGIN = true", Verb::create, "ROLE|r +if"},
    {cql, "CREATE USER u WITH PASSWORD 'x'", Verb::create, "USER|u"},
    {cql, "DROP TYPE IF EXISTS k.t", Verb::drop, "TYPE|k.t +if"},
    {cql, "DROP AGGREGATE k.mean (int)", Verb::drop, "AGGREGATE|k.mean"},
    {cql, "DROP MATERIALIZED VIEW IF EXISTS k.v", Verb::drop, "MATERIALIZED VIEW|k.v +if"},
    {cql, "ALTER MATERIALIZED VIEW k.v WITH gc_grace_seconds = 1", Verb::alter,
     "MATERIALIZED VIEW|k.v"},
    {cql, "ALTER TYPE k.t ADD f int", Verb::alter, "TYPE|k.t"},
    {cql, "TRUNCATE TABLE k.t", Verb::truncate, "TABLE|k.t"},
    {cql, "GRANT SELECT ON KEYSPACE k TO r", Verb::grant, "|"},
    {cql, "USE \"K\"", Verb::use, "|K"},
    {postgres, "DROP TABLE IF EXISTS a, s.b, \"c\" CASCADE", Verb::drop, "TABLE|a,s.b,c +if"},
    {postgres, "DROP INDEX CONCURRENTLY IF EXISTS s.i", Verb::drop, "INDEX|s.i +if +concurrently"},
    {postgres, "DROP FUNCTION f(int, text), g()", Verb::drop, "FUNCTION|f,g"},
    {postgres, "DROP TRIGGER IF EXISTS g ON t CASCADE", Verb::drop, "TRIGGER|g on t +if"},
    {postgres, "DROP MATERIALIZED VIEW m", Verb::drop, "MATERIALIZED VIEW|m"},
    {mysql, "DROP TEMPORARY TABLE t", Verb::drop, "TABLE|t +temporary"},
    {mysql, "DROP INDEX `i` ON t", Verb::drop, "INDEX|i on t"},
    {mysql, "DROP TABLE a, b", Verb::drop, "TABLE|a,b"},
    {cql, "DROP KEYSPACE IF EXISTS k", Verb::drop, "KEYSPACE|k +if"},
    {mysql, "RENAME TABLE a TO b, db.c TO db.d", Verb::rename, "TABLE|a,db.c to b,db.d"},
    {mysql, "RENAME TABLE IF EXISTS a WAIT 5 TO b", Verb::rename, "TABLE|a to b +if"},
    {mysql, "RENAME USER 'a'@'h' TO 'b'@'h', 'c' TO 'd'", Verb::rename, "USER|a,c to b,d"},
    {postgres, "TRUNCATE TABLE ONLY a, b CASCADE", Verb::truncate, "TABLE|a,b"},
    {mysql, "TRUNCATE t", Verb::truncate, "TABLE|t"},
    {postgres, "COMMENT ON COLUMN t.a IS 'x'", Verb::comment, "COLUMN|t.a"},
    {postgres, "COMMENT ON CONSTRAINT c ON s.t IS NULL", Verb::comment, "CONSTRAINT|c on s.t"},
    {postgres, "ALTER INDEX IF EXISTS i RENAME TO j", Verb::alter, "INDEX|i to j +if"},
    {postgres, "ALTER TYPE mood ADD VALUE 'x'", Verb::alter, "TYPE|mood"},
    {postgres, "ALTER FUNCTION f(int) RENAME TO g", Verb::alter, "FUNCTION|f to g"},
    {postgres, "ALTER TRIGGER a ON t RENAME TO b", Verb::alter, "TRIGGER|a on t to b"},
    {postgres, "ALTER SYSTEM SET x = 1", Verb::alter, "SYSTEM|"},
    {mysql, "ALTER DEFINER = a@b VIEW v AS SELECT 1", Verb::alter, "VIEW|v"},
    {cql, "ALTER KEYSPACE k WITH replication = {'a': 1}", Verb::alter, "KEYSPACE|k"},
};
INSTANTIATE_TEST_SUITE_P(Definitions, Classify, testing::ValuesIn(definitions));

const Row others[] = {
    {postgres, "INSERT INTO s.t VALUES (1)", Verb::insert, "TABLE|s.t"},
    {mysql, "INSERT LOW_PRIORITY IGNORE INTO t SET a = 1", Verb::insert, "TABLE|t"},
    {sqlite, "INSERT OR REPLACE INTO t VALUES (1)", Verb::insert, "TABLE|t"},
    {sqlite, "REPLACE INTO t VALUES (1)", Verb::replace, "TABLE|t"},
    {postgres, "UPDATE ONLY t SET a = (SELECT 1 WHERE true)", Verb::update, "TABLE|t"},
    {postgres, "UPDATE t SET a = 1 WHERE b", Verb::update, "TABLE|t +where"},
    {sqlite, "UPDATE OR IGNORE t SET a = 1 WHERE b", Verb::update, "TABLE|t +where"},
    {postgres, "DELETE FROM s.t WHERE a = 1", Verb::remove, "TABLE|s.t +where"},
    {mysql, "DELETE a FROM a JOIN b WHERE a.x = b.x", Verb::remove, "TABLE|a +where"},
    {cql, "DELETE v FROM t WHERE k = 1", Verb::remove, "TABLE|t +where"},
    {postgres, "DELETE FROM t -- WHERE a\n", Verb::remove, "TABLE|t"},
    {postgres, "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE", Verb::merge, "TABLE|t"},
    {postgres, "WITH x AS (SELECT 1) SELECT * FROM x", Verb::select, "|"},
    {postgres, "WITH x AS (SELECT 1) DELETE FROM t WHERE a IN (SELECT * FROM x)", Verb::remove,
     "TABLE|t +where"},
    {postgres, "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", Verb::remove, "|"},
    {postgres, "WITH x AS (INSERT INTO t VALUES (1)) UPDATE u SET a = 1", Verb::update, "TABLE|u"},
    {postgres, "(SELECT 1) UNION (SELECT 2)", Verb::select, "|"},
    {postgres, "VALUES (1)", Verb::select, "|"},
    {postgres, "COPY s.t (a) FROM stdin", Verb::copy, "TABLE|s.t"},
    {postgres, "COPY (SELECT 1) TO stdout", Verb::copy, "TABLE|"},
    {mysql, "LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE t", Verb::copy, "TABLE|t"},
    {mysql, "CALL db.p(1)", Verb::call, "|db.p"},
    {postgres, "GRANT SELECT ON t TO joe", Verb::grant, "|"},
    {postgres, "REVOKE ALL ON t FROM joe", Verb::revoke, "|"},
    {postgres, "SET LOCAL lock_timeout = 1", Verb::set, "|lock_timeout"},
    {mysql, "SET PASSWORD = 'x'", Verb::set, "PASSWORD|PASSWORD"},
    {mysql, "USE db", Verb::use, "|db"},
    {mysql, "LOCK TABLES t WRITE", Verb::lock, "TABLE|t"},
    {postgres, "LOCK TABLE t", Verb::lock, "TABLE|t"},
    {postgres, "BEGIN", Verb::begin, "|"},
    {postgres, "START TRANSACTION", Verb::begin, "|"},
    {mysql, "START REPLICA", Verb::other, "START|"},
    {mysql, "BEGIN NOT ATOMIC SELECT 1; END", Verb::do_block, "|"},
    {mysql, "IF 1 THEN SELECT 1; END IF", Verb::do_block, "|"},
    {cql, "BEGIN UNLOGGED BATCH INSERT INTO t (a) VALUES (1); APPLY BATCH", Verb::insert, "BATCH|"},
    {sqlite, "END TRANSACTION", Verb::commit, "|"},
    {postgres, "COMMIT", Verb::commit, "|"},
    {postgres, "PREPARE TRANSACTION 'x'", Verb::commit, "|"},
    {postgres, "PREPARE q AS SELECT 1", Verb::other, "PREPARE|"},
    {postgres, "ABORT", Verb::rollback, "|"},
    {postgres, "ROLLBACK TO SAVEPOINT a", Verb::rollback, "|"},
    {postgres, "RELEASE a", Verb::savepoint, "|"},
    {postgres, "VACUUM (FULL, ANALYZE) s.t", Verb::vacuum, "|s.t"},
    {postgres, "VACUUM FULL VERBOSE t", Verb::vacuum, "|t"},
    {mysql, "ANALYZE TABLE t", Verb::analyze, "TABLE|t"},
    {postgres, "REINDEX INDEX CONCURRENTLY i", Verb::reindex, "INDEX|i +concurrently"},
    {postgres, "REINDEX (VERBOSE, CONCURRENTLY) TABLE t", Verb::reindex, "TABLE|t +concurrently"},
    {postgres, "CLUSTER t USING i", Verb::cluster, "|t"},
    {postgres, "REFRESH MATERIALIZED VIEW CONCURRENTLY m", Verb::refresh,
     "MATERIALIZED VIEW|m +concurrently"},
    {postgres, "EXPLAIN SELECT 1", Verb::explain, "|"},
    {sqlite, "PRAGMA main.foreign_keys = ON", Verb::pragma, "|main.foreign_keys"},
    {sqlite, "ATTACH DATABASE 'x.db' AS x", Verb::attach, "DATABASE|x"},
    {sqlite, "DETACH x", Verb::attach, "DATABASE|x"},
    {postgres, "DO $$ BEGIN END $$", Verb::do_block, "|"},
    {mysql, "FLUSH TABLES", Verb::other, "FLUSH|"},
    {postgres, "frobnicate t", Verb::other, "FROBNICATE|"},
    {postgres, "", Verb::other, "|"},
    {postgres, "'x", Verb::other, "|"},
    {postgres, "CREATE", Verb::create, "|"},
    {postgres, "DROP TABLE", Verb::drop, "TABLE|"},
    {mysql, "RENAME TABLE a", Verb::rename, "TABLE|"},
};
INSTANTIATE_TEST_SUITE_P(Others, Classify, testing::ValuesIn(others));

// ---- ALTER TABLE ----

std::string_view name_of(AlterAction::Kind kind) {
  switch (kind) {
    case AlterAction::Kind::add_column:
      return "add_column";
    case AlterAction::Kind::drop_column:
      return "drop_column";
    case AlterAction::Kind::rename_column:
      return "rename_column";
    case AlterAction::Kind::modify_column:
      return "modify_column";
    case AlterAction::Kind::add_index:
      return "add_index";
    case AlterAction::Kind::drop_index:
      return "drop_index";
    case AlterAction::Kind::rename_index:
      return "rename_index";
    case AlterAction::Kind::add_primary_key:
      return "add_primary_key";
    case AlterAction::Kind::drop_primary_key:
      return "drop_primary_key";
    case AlterAction::Kind::add_foreign_key:
      return "add_foreign_key";
    case AlterAction::Kind::add_check:
      return "add_check";
    case AlterAction::Kind::add_constraint_other:
      return "add_constraint_other";
    case AlterAction::Kind::drop_constraint:
      return "drop_constraint";
    case AlterAction::Kind::rename_table:
      return "rename_table";
    case AlterAction::Kind::option:
      return "option";
    case AlterAction::Kind::partition:
      return "partition";
    case AlterAction::Kind::other:
      return "other";
  }
  return "?";
}

std::string actions_of(const StatementSummary& summary) {
  std::string all;
  for (const AlterAction& action : summary.actions) {
    if (!all.empty()) all += "; ";
    all += name_of(action.kind);
    if (!action.name.empty()) all += " " + action.name;
    if (!action.new_name.empty()) all += ">" + action.new_name;
    if (action.if_exists) all += " if";
  }
  return all;
}

struct AlterRow {
  Language language;
  const char* actions;
  const char* expected;
};

void PrintTo(const AlterRow& row, std::ostream* out) { *out << row.actions; }

class ClassifyAlter : public testing::TestWithParam<AlterRow> {};

TEST_P(ClassifyAlter, TellsEachAction) {
  const AlterRow& row = GetParam();
  const StatementSummary summary =
      classify(std::string("ALTER TABLE s.t ") + row.actions, row.language);
  EXPECT_EQ(summary.verb, Verb::alter);
  EXPECT_EQ(text(summary.name), "s.t");
  EXPECT_EQ(actions_of(summary), row.expected);
}

TEST(ClassifyAlterType, TellsTheFieldsOfCqlTypes) {
  EXPECT_EQ(actions_of(classify("ALTER TYPE k.t ADD f frozen<list<int>>", cql)), "add_column f");
  EXPECT_EQ(actions_of(classify("ALTER TYPE t RENAME a TO b AND c TO d", cql)),
            "rename_column a>b; rename_column c>d");
  EXPECT_EQ(actions_of(classify("ALTER TYPE t ADD VALUE 'x'", postgres)), "");
}

const AlterRow alter_rows[] = {
    {postgres, "ADD COLUMN a int DEFAULT f(1, 2), ADD b text", "add_column a; add_column b"},
    {postgres, "ADD COLUMN IF NOT EXISTS a int, DROP COLUMN IF EXISTS \"B\" CASCADE",
     "add_column a if; drop_column B if"},
    {postgres, "ADD key text, ADD index int, DROP partition, ADD \"primary\" int",
     "add_column key; add_column index; drop_column partition; add_column primary"},
    {postgres, "ADD CONSTRAINT u UNIQUE (a, b), ADD UNIQUE USING INDEX i",
     "add_index u; add_index"},
    {postgres, "ADD PRIMARY KEY (a), ADD CONSTRAINT p PRIMARY KEY (a)",
     "add_primary_key; add_primary_key p"},
    {postgres, "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b) NOT VALID", "add_foreign_key f"},
    {postgres, "ADD CHECK (a > 0), ADD CONSTRAINT c CHECK (a IN (1, 2))", "add_check; add_check c"},
    {postgres, "ADD CONSTRAINT x EXCLUDE USING gist (a WITH =), ADD EXCLUDE (a WITH =)",
     "add_constraint_other x; add_constraint_other"},
    {postgres, "DROP CONSTRAINT IF EXISTS c", "drop_constraint c if"},
    {postgres, "ALTER COLUMN a TYPE numeric(1, 2) USING a::numeric, ALTER b SET NOT NULL",
     "modify_column a; modify_column b"},
    {postgres, "RENAME COLUMN a TO b", "rename_column a>b"},
    {postgres, "RENAME a TO b", "rename_column a>b"},
    {postgres, "RENAME index TO b", "rename_column index>b"},
    {postgres, "RENAME CONSTRAINT a TO b", "other a>b"},
    {postgres, "VALIDATE CONSTRAINT c", "option c"},
    {postgres, "ALTER CONSTRAINT c DEFERRABLE", "option c"},
    {postgres, "OWNER TO joe, SET (fillfactor = 70), ENABLE ROW LEVEL SECURITY",
     "option; option; option"},
    {postgres, "SET SCHEMA other", "other"},
    {postgres, "INHERIT p", "other"},
    {postgres, "ATTACH PARTITION p FOR VALUES IN (1, 2)", "partition p"},
    {mysql, "ADD COLUMN a INT FIRST, ADD b ENUM('x,y') AFTER a", "add_column a; add_column b"},
    {mysql, "ADD (a INT, b DECIMAL(1,2)), ADD COLUMN (c INT)",
     "add_column a; add_column b; add_column c"},
    {mysql,
     "ADD INDEX i (a), ADD KEY (b), ADD UNIQUE KEY `u` USING BTREE (a), ADD UNIQUE (c), ADD "
     "FULLTEXT f (d), ADD SPATIAL INDEX s (e)",
     "add_index i; add_index; add_index u; add_index; add_index f; add_index s"},
    {mysql, "ADD INDEX IF NOT EXISTS i (a), ADD INDEX USING BTREE (a)",
     "add_index i if; add_index"},
    {mysql, "ADD CONSTRAINT c UNIQUE KEY u (a), ADD CONSTRAINT d UNIQUE (a)",
     "add_index u; add_index d"},
    {mysql,
     "ADD CONSTRAINT FOREIGN KEY (a) REFERENCES u (b), ADD CONSTRAINT f FOREIGN KEY IF NOT EXISTS "
     "x (a) REFERENCES u (b)",
     "add_foreign_key; add_foreign_key f if"},
    {mysql,
     "DROP INDEX i, DROP KEY IF EXISTS k, DROP PRIMARY KEY, DROP FOREIGN KEY f, DROP CHECK c, DROP "
     "a",
     "drop_index i; drop_index k if; drop_primary_key; drop_constraint f; drop_constraint c; "
     "drop_column a"},
    {mysql,
     "MODIFY COLUMN a INT NOT NULL, CHANGE a b INT, CHANGE COLUMN `C` c TEXT, ALTER d SET DEFAULT "
     "1",
     "modify_column a; rename_column a>b; modify_column C; modify_column d"},
    {mysql, "RENAME INDEX a TO b, RENAME KEY c TO d, RENAME COLUMN e TO f",
     "rename_index a>b; rename_index c>d; rename_column e>f"},
    {mysql, "ENGINE=InnoDB COMMENT='a, b', DEFAULT CHARSET = utf8mb4, ALGORITHM=INPLACE, LOCK=NONE",
     "option; option; option; option"},
    {mysql, "ORDER BY a, b", "option"},
    {mysql, "ALTER INDEX i INVISIBLE", "option i"},
    {mysql,
     "PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1), PARTITION q VALUES LESS THAN (2))",
     "partition"},
    {mysql, "ADD PARTITION (PARTITION p VALUES IN (1)), x", "partition"},
    {mysql, "DROP PARTITION p, q", "partition"},
    {mysql, "REORGANIZE PARTITION p INTO (PARTITION q VALUES IN (1))", "partition p"},
    {mysql, "REMOVE PARTITIONING", "partition"},
    {mysql, "WAIT 5 ADD a INT", "add_column a"},
    {mysql, "/*!80000 ADD COLUMN a INT INVISIBLE */", "add_column a"},
    {sqlite, "ADD COLUMN a INTEGER REFERENCES u (id)", "add_column a"},
    {sqlite, "DROP COLUMN [a b]", "drop_column a b"},
    {cql, "ADD a int, b map<text, int>", "add_column a; add_column b"},
    {cql, "ADD (a int, b frozen<list<int>>)", "add_column a; add_column b"},
    {cql, "DROP a, b", "drop_column a; drop_column b"},
    {cql, "RENAME a TO b AND c TO d", "rename_column a>b; rename_column c>d"},
    {cql, "ALTER a TYPE text", "modify_column a"},
    {cql, "ADD IF NOT EXISTS a int static", "add_column a if"},
    {cql, "DROP IF EXISTS a USING TIMESTAMP 5", "drop_column a if"},
    {cql, "WITH comment = 'x' AND compaction = {'a': 1, 'b': 2}", "option"},
    {postgres, "", ""},
    {postgres, "ADD", "add_column"},
    {postgres, "ADD CONSTRAINT", "add_constraint_other"},
    {mysql, "ADD (a int", "add_column a"},
};
INSTANTIATE_TEST_SUITE_P(Rows, ClassifyAlter, testing::ValuesIn(alter_rows));

TEST(ClassifyAlterTable, NamesTheNewTableOnlyWhenThatIsTheOnlyAction) {
  const StatementSummary alone = classify("ALTER TABLE a RENAME TO db.b", mysql);
  EXPECT_EQ(text(alone.new_name), "db.b");
  EXPECT_EQ(actions_of(alone), "rename_table>b");
  EXPECT_EQ(actions_of(classify("ALTER TABLE a RENAME AS b", mysql)), "rename_table>b");
  EXPECT_EQ(actions_of(classify("ALTER TABLE a RENAME b", mysql)), "rename_table>b");
  const StatementSummary both = classify("ALTER TABLE a ADD c INT, RENAME TO b", mysql);
  EXPECT_EQ(text(both.new_name), "");
  EXPECT_EQ(actions_of(both), "add_column c; rename_table>b");
}

TEST(ClassifyAlterTable, ReadsWhatStandsAroundTheName) {
  EXPECT_EQ(line(classify("ALTER TABLE IF EXISTS ONLY s.t * ADD a int", postgres)),
            "TABLE|s.t +if");
  EXPECT_EQ(line(classify("ALTER IGNORE TABLE t ADD a INT", mysql)), "TABLE|t");
  EXPECT_EQ(line(classify("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", postgres)),
            "TABLE|t +concurrently");
}

// ---- transactions ----

struct RefusalRow {
  Language language;
  const char* statement;
  bool refused;
};

void PrintTo(const RefusalRow& row, std::ostream* out) { *out << row.statement; }

class RefusesTransaction : public testing::TestWithParam<RefusalRow> {};

TEST_P(RefusesTransaction, AsTheServerDoes) {
  const RefusalRow& row = GetParam();
  const auto reason =
      refuses_transaction(classify(row.statement, row.language), row.statement, row.language);
  EXPECT_EQ(reason.has_value(), row.refused) << reason.value_or("");
  EXPECT_THAT(reason.value_or("transaction"), testing::HasSubstr("transaction"));
}

const RefusalRow refusals[] = {
    {postgres, "CREATE DATABASE d", true},
    {postgres, "DROP DATABASE d", true},
    {postgres, "ALTER DATABASE d SET TABLESPACE s", true},
    {postgres, "ALTER DATABASE d SET work_mem = '1MB'", false},
    {postgres, "CREATE TABLESPACE s LOCATION '/x'", true},
    {postgres, "DROP TABLESPACE s", true},
    {postgres, "CREATE INDEX CONCURRENTLY i ON t (a)", true},
    {postgres, "CREATE INDEX i ON t (a)", false},
    {postgres, "CREATE INDEX \"concurrently\" ON t (a)", false},
    {postgres, "DROP INDEX CONCURRENTLY i", true},
    {postgres, "REINDEX TABLE CONCURRENTLY t", true},
    {postgres, "REINDEX TABLE t", false},
    {postgres, "REINDEX DATABASE d", true},
    {postgres, "REINDEX SYSTEM d", true},
    {postgres, "REINDEX SCHEMA s", true},
    {postgres, "ALTER TABLE t DETACH PARTITION p CONCURRENTLY", true},
    {postgres, "ALTER TABLE t DETACH PARTITION p", false},
    {postgres, "DO $$ BEGIN LOOP UPDATE t SET a = 1; EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$",
     true},
    {postgres, "DO $x$ BEGIN RAISE NOTICE 'no COMMIT;'; END $x$", false},
    {postgres, "VACUUM", true},
    {postgres, "VACUUM ANALYZE t", true},
    {postgres, "ANALYZE t", false},
    {postgres, "CLUSTER", true},
    {postgres, "CLUSTER VERBOSE", true},
    {postgres, "CLUSTER t USING i", false},
    {postgres, "ALTER SYSTEM SET x = 1", true},
    {postgres, "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", true},
    {postgres, "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)",
     false},
    {postgres, "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = 'off')", false},
    {postgres, "DROP SUBSCRIPTION s", true},
    {postgres, "ALTER SUBSCRIPTION s REFRESH PUBLICATION", true},
    {postgres, "ALTER SUBSCRIPTION s SET PUBLICATION p", true},
    {postgres, "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)", false},
    {postgres, "ALTER SUBSCRIPTION s DISABLE", false},
    {postgres, "COMMIT PREPARED 'x'", true},
    {postgres, "DISCARD ALL", true},
    {postgres, "REFRESH MATERIALIZED VIEW CONCURRENTLY m", false},
    {postgres, "ALTER TYPE mood ADD VALUE 'x'", false},
    {sqlite, "VACUUM", true},
    {sqlite, "ATTACH 'x' AS y", true},
    {sqlite, "DETACH y", true},
    {sqlite, "PRAGMA foreign_keys = OFF", true},
    {sqlite, "PRAGMA foreign_keys", false},
    {sqlite, "PRAGMA main.journal_mode(WAL)", true},
    {sqlite, "PRAGMA user_version = 5", false},
    {sqlite, "CREATE TABLE t (a)", false},
    {mysql, "CREATE DATABASE d", false},
    {cql, "CREATE TABLE t (a int PRIMARY KEY)", false},
};
INSTANTIATE_TEST_SUITE_P(Rows, RefusesTransaction, testing::ValuesIn(refusals));

TEST(CommitsImplicitly, IsTrueForWhatTheMySqlManualLists) {
  for (const char* statement : {"CREATE TABLE t (a INT)",
                                "DROP TABLE t",
                                "ALTER TABLE t ADD a INT",
                                "CREATE INDEX i ON t (a)",
                                "RENAME TABLE a TO b",
                                "TRUNCATE t",
                                "CREATE VIEW v AS SELECT 1",
                                "DROP PROCEDURE p",
                                "CREATE USER a",
                                "GRANT ALL ON *.* TO a",
                                "REVOKE ALL ON *.* FROM a",
                                "SET PASSWORD = 'x'",
                                "LOCK TABLES t READ",
                                "UNLOCK TABLES",
                                "BEGIN",
                                "START TRANSACTION",
                                "ANALYZE TABLE t",
                                "OPTIMIZE TABLE t",
                                "FLUSH TABLES",
                                "REPAIR TABLE t",
                                "CHECK TABLE t"}) {
    EXPECT_TRUE(commits_implicitly(classify(statement, mysql), mysql)) << statement;
  }
  for (const char* statement :
       {"INSERT INTO t VALUES (1)", "UPDATE t SET a = 1", "CREATE TEMPORARY TABLE t (a INT)",
        "DROP TEMPORARY TABLE t", "SET @a = 1", "CALL p()", "SELECT 1", "DO 1"}) {
    EXPECT_FALSE(commits_implicitly(classify(statement, mysql), mysql)) << statement;
  }
  EXPECT_FALSE(commits_implicitly(classify("CREATE TABLE t (a int)", postgres), postgres));
}

TEST(ControlsTransaction, FindsEveryWayToSteerIt) {
  const auto controls = [](const char* statement, Language language) {
    return controls_transaction(classify(statement, language), statement, language);
  };
  for (const char* statement : {"BEGIN", "START TRANSACTION READ ONLY", "COMMIT AND CHAIN", "END",
                                "ROLLBACK", "ABORT", "SAVEPOINT a", "RELEASE SAVEPOINT a",
                                "ROLLBACK TO a", "PREPARE TRANSACTION 'x'", "/* c */ begin"}) {
    EXPECT_TRUE(controls(statement, postgres)) << statement;
  }
  for (const char* statement : {"SET autocommit = 0", "SET @@autocommit=1",
                                "SET SESSION autocommit := 0", "SET @@session.autocommit = 0",
                                "SET @a = 1, autocommit = 0", "XA START 'x'", "BEGIN WORK"}) {
    EXPECT_TRUE(controls(statement, mysql)) << statement;
  }
  for (const char* statement :
       {"BEGIN NOT ATOMIC SELECT 1; END", "SET @x = 'autocommit = 0'", "SET sql_mode = ''",
        "START REPLICA", "CREATE PROCEDURE p() BEGIN COMMIT; END"}) {
    EXPECT_FALSE(controls(statement, mysql)) << statement;
  }
  EXPECT_TRUE(controls("END TRANSACTION", sqlite));
  EXPECT_FALSE(controls("BEGIN BATCH INSERT INTO t (a) VALUES (1); APPLY BATCH", cql));
  EXPECT_FALSE(controls("DO $$ BEGIN COMMIT; END $$", postgres));
}

}  // namespace
}  // namespace sterna
