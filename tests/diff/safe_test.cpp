// Safe forms on the real servers: they end where the plain ones end, and keep nobody waiting.
#include "diff/safe.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "sql/splitter.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sterna::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Two schemas: one with rows, and what it is to become.
struct SafeForms : testing::Test {
  void open(Kind kind) {
    one = std::make_unique<TestDatabase>(kind);
    two = std::make_unique<TestDatabase>(kind);
    session = connect(parse_url(one->url()));
    wanted = connect(parse_url(two->url()));
  }
  static void run(Connection& on, const std::string& sql) {
    for (const Statement& statement : split_statements(sql, on.dialect().language(), "case", 1))
      on.execute(statement);
  }
  Difference compare(bool own_commits) {
    from = session->inspect({});
    DiffOptions options{session->dialect(), session->server()};
    options.own_commits = own_commits;
    return diff(from, wanted->inspect({}), options);
  }
  ChangeScript safe() { return safe_script(compare(true).changes, from, *session); }
  void execute(const ChangeScript& script) {
    for (const Statement& statement : script.statements) {
      SCOPED_TRACE(statement.sql);
      ASSERT_NO_THROW(session->execute(statement));
    }
  }
  static std::vector<std::string> texts(const ChangeScript& script) {
    std::vector<std::string> all;
    for (const Statement& statement : script.statements) all.push_back(statement.sql);
    return all;
  }

  std::unique_ptr<TestDatabase> one, two;
  std::unique_ptr<Connection> session, wanted;
  model::Model from;
};

constexpr const char* small = R"(
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE teams (id int PRIMARY KEY);
CREATE TABLE people (id int, name text, team int, note text, code int);
CREATE INDEX old_one ON people (note);
)";
constexpr const char* small_rows = R"(
INSERT INTO teams VALUES (1);
INSERT INTO people SELECT i, 'n' || i, 1, 'x', i FROM generate_series(1, 25000) i;
)";
constexpr const char* grown = R"(
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE teams (id int PRIMARY KEY);
CREATE TABLE people (id int CONSTRAINT people_pkey PRIMARY KEY, name text NOT NULL, team int, note text, code int,
  token uuid NOT NULL DEFAULT gen_random_uuid(), m mood DEFAULT 'glad', since timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT named CHECK (name <> ''), CONSTRAINT one_code UNIQUE (code),
  CONSTRAINT in_team FOREIGN KEY (team) REFERENCES teams (id));
CREATE INDEX by_name ON people (name);
)";

TEST_F(SafeForms, EndWherePlainOnesEndAndRowsAreFilled) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  open(Kind::postgres);
  run(*session, small);
  run(*session, small_rows);
  run(*wanted, grown);
  const ChangeScript script = safe();
  EXPECT_TRUE(script.outside_transaction);
  EXPECT_EQ(directives_of(script), "-- sterna:transaction none\n");
  const std::vector<std::string> all = texts(script);
  EXPECT_THAT(all, Contains(HasSubstr("CREATE INDEX CONCURRENTLY \"by_name\"")));
  EXPECT_THAT(all, Contains(HasSubstr("DROP INDEX CONCURRENTLY \"old_one\"")));
  EXPECT_THAT(all, Contains(HasSubstr("NOT VALID")));
  EXPECT_THAT(all, Contains(HasSubstr("VALIDATE CONSTRAINT \"in_team\"")));
  EXPECT_THAT(all, Contains(HasSubstr("UNIQUE USING INDEX \"one_code\"")));
  EXPECT_THAT(all, Contains(HasSubstr("PRIMARY KEY USING INDEX \"people_pkey\"")));
  execute(script);
  EXPECT_TRUE(compare(false).empty()) << describe(compare(false).changes.front());
  const Rows rows =
      session->query("SELECT count(DISTINCT token) = 25000 AND count(since) = 25000 FROM people");
  EXPECT_TRUE(rows.front().get<bool>(0));
}

/// What looks at all rows must let reads and writes pass: it is run while another session holds
/// both, and would wait for ever if it asked for ACCESS EXCLUSIVE.
TEST_F(SafeForms, LookAtAllRowsBesideReadersAndWriters) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  open(Kind::postgres);
  run(*session, small);
  run(*session, small_rows);
  run(*wanted, grown);
  const ChangeScript script = safe();
  const auto writer = connect(parse_url(one->url()));
  int beside = 0;
  for (const Statement& statement : script.statements) {
    SCOPED_TRACE(statement.sql);
    const bool looks = statement.sql.find("VALIDATE CONSTRAINT") != std::string::npos ||
                       statement.sql.starts_with("DO ");
    if (!looks) {
      ASSERT_NO_THROW(session->execute(statement));
      continue;
    }
    ++beside;
    writer->begin();
    writer->execute("SELECT count(*) FROM people");
    writer->execute("INSERT INTO people (id, name, team, code) VALUES (" +
                    std::to_string(100000 + beside) + ", 'new', 1, " +
                    std::to_string(100000 + beside) + ")");
    session->execute("SET lock_timeout = '5s'");
    ASSERT_NO_THROW(session->execute(statement));
    session->execute("RESET lock_timeout");
    // In a transaction of its own the lock it takes is seen: none that keeps out a reader or
    // writer.
    if (!statement.sql.starts_with("DO ")) {
      session->begin();
      session->execute(statement);
      const Rows locks = session->query(
          "SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = "
          "'people'::regclass");
      for (const Row& row : locks) {
        // Those that let readers and writers pass (manual, "Explicit Locking").
        EXPECT_THAT(row.get<std::string>(0),
                    testing::AnyOf("AccessShareLock", "RowShareLock", "ShareUpdateExclusiveLock"));
      }
      session->rollback();
    }
    writer->rollback();
  }
  EXPECT_GE(beside, 4);
  EXPECT_TRUE(compare(false).empty());
}

TEST_F(SafeForms, NotNullLooksAtNoRowAgain) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  open(Kind::postgres);
  run(*session, "CREATE TABLE t (id int, name text); INSERT INTO t VALUES (1, 'x');");
  run(*wanted, "CREATE TABLE t (id int, name text NOT NULL);");
  const std::vector<std::string> all = texts(safe());
  ASSERT_EQ(all.size(), 4U);
  EXPECT_THAT(all[0], HasSubstr("NOT VALID"));
  EXPECT_THAT(all[1], HasSubstr("VALIDATE CONSTRAINT"));
  EXPECT_THAT(all[2], HasSubstr("SET NOT NULL"));
  EXPECT_THAT(all[3], HasSubstr("DROP CONSTRAINT"));
  for (const std::string& sql : all) session->execute(sql);
  EXPECT_TRUE(compare(false).empty());
}

TEST_F(SafeForms, AFailureOfANewRowIsFoundByTheValidationAlone) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  open(Kind::postgres);
  run(*session, "CREATE TABLE t (id int); INSERT INTO t VALUES (-1);");
  run(*wanted, "CREATE TABLE t (id int, CONSTRAINT positive CHECK (id > 0));");
  const ChangeScript script = safe();
  ASSERT_EQ(script.statements.size(), 2U);
  session->execute(script.statements[0]);
  EXPECT_THROW(session->execute(script.statements[1]), Error);
}

TEST_F(SafeForms, NewTablesAreMadePlainly) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  open(Kind::postgres);
  run(*wanted, grown);
  const ChangeScript script = safe();
  for (const std::string& sql : texts(script)) {
    EXPECT_THAT(sql, Not(HasSubstr("CONCURRENTLY")));
    EXPECT_THAT(sql, Not(HasSubstr("NOT VALID")));
  }
  execute(script);
  EXPECT_TRUE(compare(false).empty());
}

TEST_F(SafeForms, OfMysqlSayTheAlgorithm) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  open(Kind::mysql);
  run(*session,
      "CREATE TABLE a (id int PRIMARY KEY);"
      "CREATE TABLE t (id int PRIMARY KEY, name varchar(20), a_id int, gone int, KEY old_one "
      "(name)); INSERT INTO a VALUES (1); INSERT INTO t VALUES (1, 'x', 1, 2);");
  run(*wanted,
      "CREATE TABLE a (id int PRIMARY KEY);"
      "CREATE TABLE t (id int PRIMARY KEY, first int, name varchar(20) DEFAULT 'y', a_id int, last "
      "int, KEY by_name (name, id), UNIQUE KEY one (a_id), CONSTRAINT to_a FOREIGN KEY (a_id) "
      "REFERENCES a (id));");
  const ChangeScript script = safe();
  EXPECT_FALSE(script.outside_transaction);
  const std::vector<std::string> all = texts(script);
  const ServerInfo& server = session->server();
  const bool instant = server.product == "MariaDB" || server.version >= 80012;
  EXPECT_THAT(all, Contains(testing::AllOf(
                       HasSubstr("ADD COLUMN `last`"),
                       HasSubstr(instant ? "ALGORITHM=INSTANT" : "ALGORITHM=INPLACE"))));
  EXPECT_THAT(
      all, Contains(testing::AllOf(HasSubstr("ADD INDEX `by_name`"), HasSubstr("ALGORITHM=INPLACE"),
                                   HasSubstr("LOCK=NONE"))));
  for (const std::string& sql : all) {
    if (sql.find("FOREIGN KEY") != std::string::npos) {
      EXPECT_THAT(sql, Not(HasSubstr("ALGORITHM")));
    }
  }
  execute(script);
  EXPECT_TRUE(compare(false).empty());
}

TEST_F(SafeForms, OfSqliteAreThePlainOnes) {
  open(Kind::sqlite);
  run(*session, "CREATE TABLE t (id integer PRIMARY KEY, name text);");
  run(*wanted, "CREATE TABLE t (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'x');");
  const Difference difference = compare(true);
  const ChangeScript plain = script_of(difference.changes, from, *session);
  EXPECT_EQ(texts(safe_script(difference.changes, from, *session)), texts(plain));
  EXPECT_EQ(directives_of(plain), "-- sterna:foreign-keys off\n");
}

}  // namespace
}  // namespace sterna::test
