// SQLite's result codes as kinds of errors. SQLITE_ERROR is told apart without its message.
#include "database/sqlite_support.hpp"

#include <ostream>

namespace sterna::test {
namespace {

struct ErrorCase {
  const char* sql;
  ErrorKind kind;
};
void PrintTo(const ErrorCase& one, std::ostream* out) { *out << one.sql; }

class SqliteErrorKind : public SqliteFile, public testing::WithParamInterface<ErrorCase> {};

TEST_P(SqliteErrorKind, IsFoundWithoutReadingTheMessage) {
  run({"CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL UNIQUE, n int CHECK (n > 0))",
       "CREATE TABLE c (t integer REFERENCES t (id))", "INSERT INTO t VALUES (1, 'a', 1)",
       "CREATE VIEW v AS SELECT n FROM t", "CREATE TABLE s (i integer) STRICT",
       "CREATE TRIGGER stop BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no'); END",
       "ATTACH ':memory:' AS side", "CREATE TABLE side.x (a)"});
  const Error error = error_from([&] { connection->execute(GetParam().sql); });
  EXPECT_EQ(to_string(error.kind()), to_string(GetParam().kind)) << error.what();
  EXPECT_EQ(error.statement(), GetParam().sql);
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, SqliteErrorKind,
    testing::ValuesIn(std::vector<ErrorCase>{
        {"SELEC 1", ErrorKind::syntax},
        {"SELECT FROM t", ErrorKind::syntax},
        {"SELECT a FROM", ErrorKind::syntax},
        {"SELECT 'open", ErrorKind::syntax},
        {"SELECT (1", ErrorKind::syntax},
        {"INSERT INTO t VALUES (1,)", ErrorKind::syntax},
        {"INSERT INTO missing VALUES (1,)", ErrorKind::syntax},
        {"UPDATE t SET a = WHERE 1", ErrorKind::syntax},
        {"DELETE t", ErrorKind::syntax},
        {"CREATE TABLE u (a int,)", ErrorKind::syntax},
        {"CREATE TABLE t (a int,)", ErrorKind::schema},  // it exists: said before the comma
        {"CREATE TABLE side.x (a int,)", ErrorKind::schema},
        {"CREATE TABLE side.y (a int,)", ErrorKind::syntax},
        {"CREATE INDEX i ON t (", ErrorKind::syntax},
        {"CREATE TRIGGER r AFTER INSERT ON t BEGIN SELEC 1; END", ErrorKind::syntax},
        {"CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN SELEC 1; END", ErrorKind::syntax},
        {"ALTER TABLE t FROB", ErrorKind::syntax},
        {"DROP TABLE", ErrorKind::syntax},
        {"PRAGMA", ErrorKind::syntax}}));

INSTANTIATE_TEST_SUITE_P(
    Schema, SqliteErrorKind,
    testing::ValuesIn(std::vector<ErrorCase>{
        {"SELECT 1 FROM missing", ErrorKind::schema},
        {"SELECT missing FROM t", ErrorKind::schema},
        {"SELECT missing(1)", ErrorKind::schema},
        {"INSERT INTO missing VALUES (1)", ErrorKind::schema},
        {"INSERT INTO t VALUES (1)", ErrorKind::schema},
        {"UPDATE t SET missing = 1", ErrorKind::schema},
        {"CREATE TABLE t (a)", ErrorKind::schema},
        {"CREATE TABLE u (a, a)", ErrorKind::schema},
        {"CREATE TABLE nowhere.u (a)", ErrorKind::schema},
        {"CREATE INDEX i ON missing (a)", ErrorKind::schema},
        {"CREATE TRIGGER r AFTER INSERT ON missing BEGIN SELECT 1; END", ErrorKind::schema},
        {"CREATE TRIGGER r INSTEAD OF INSERT ON t BEGIN SELECT 1; END", ErrorKind::schema},
        {"ALTER TABLE t ADD COLUMN a", ErrorKind::schema},
        {"ALTER TABLE missing ADD COLUMN a", ErrorKind::schema},
        {"DROP VIEW t", ErrorKind::schema},
        {"CREATE VIRTUAL TABLE f USING missing (a)", ErrorKind::schema},
        {"DROP TABLE missing", ErrorKind::schema}}));

INSTANTIATE_TEST_SUITE_P(Others, SqliteErrorKind,
                         testing::ValuesIn(std::vector<ErrorCase>{
                             {"INSERT INTO t VALUES (1, 'b', 1)", ErrorKind::data},
                             {"INSERT INTO t VALUES (2, 'a', 1)", ErrorKind::data},
                             {"INSERT INTO t VALUES (2, NULL, 1)", ErrorKind::data},
                             {"INSERT INTO t VALUES (2, 'b', 0)", ErrorKind::data},
                             {"INSERT INTO t VALUES ('x', 'b', 1)", ErrorKind::data},
                             {"INSERT INTO c VALUES (7)", ErrorKind::data},
                             {"INSERT INTO s VALUES ('x')", ErrorKind::data},
                             {"DELETE FROM t", ErrorKind::data},
                             {"SELECT abs(-9223372036854775808)", ErrorKind::data},
                             {"SELECT json('{')", ErrorKind::data},
                             {"ALTER TABLE t ADD COLUMN b NOT NULL", ErrorKind::data},
                             {"ALTER TABLE t DROP COLUMN n", ErrorKind::dependency},
                             {"COMMIT", ErrorKind::validation}}));

using SqliteError = SqliteFile;

TEST_F(SqliteError, BearsTheExtendedCodeAndTheOffendingRows) {
  run({"CREATE TABLE t (id integer PRIMARY KEY)", "CREATE TABLE c (t integer REFERENCES t (id))"});
  connection->set_foreign_keys(false);
  run({"INSERT INTO c VALUES (7)"});
  connection->set_foreign_keys(true);
  Error error = error_from([&] { connection->execute("INSERT INTO c VALUES (8)"); });
  EXPECT_EQ(error.code(), "SQLITE_CONSTRAINT_FOREIGNKEY (787)");
  EXPECT_THAT(error.suggestions(), testing::Not(testing::IsEmpty()));
  connection->dialect().explain(error, *connection);
  EXPECT_EQ(error.detail(), "c row 1 → t");
}

TEST_F(SqliteError, NamesTheObjectOfASchemaError) {
  const Error error = error_from([&] { connection->execute("DROP TABLE missing"); });
  EXPECT_EQ(error.object(), "missing");
}

}  // namespace
}  // namespace sterna::test
