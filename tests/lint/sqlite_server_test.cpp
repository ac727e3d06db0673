// What the rules say that SQLite refuses, and what it loses, seen on SQLite itself.
#include "case.hpp"
#include "support/databases.hpp"

#include "database/registry.hpp"
#include "sql/splitter.hpp"

#include <gtest/gtest.h>

namespace sterna::test {
namespace {

bool accepts(const std::string& setup, const std::string& text) {
  const TestDatabase database(Kind::sqlite);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  for (const Statement& statement : split_statements(setup, Language::sqlite))
    session->execute(statement.sql);
  try {
    for (const Statement& statement : split_statements(text, Language::sqlite))
      session->execute(statement.sql);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(SqliteRefusals, AreThoseThatTheRulesForetell) {
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("sqlite")) {
    if (rule_case.rule != "SL107" && rule_case.rule != "SL108" && rule_case.rule != "SL109")
      continue;
    for (const LintPart& part : rule_case.parts) {
      SCOPED_TRACE(rule_case.rule + ": " + part.text);
      EXPECT_EQ(accepts(rule_case.setup, part.text), !part.bad);
      ++checked;
    }
  }
  EXPECT_GE(checked, 10);
}

TEST(SqliteRefusals, ForeignKeysToWhatIsNoKeyFailOnTheFirstWrite) {
  const LintCase rule_case =
      read_case(std::string(STERNA_SOURCE_DIR) + "/tests/lint/cases/sqlite/SL111.sql");
  for (const LintPart& part : rule_case.parts) {
    const std::string write = part.bad ? "INSERT INTO posts (id, email) VALUES (1, 'a');"
                                       : "INSERT INTO posts (id, author) VALUES (1, NULL);";
    EXPECT_EQ(accepts(rule_case.setup, "PRAGMA foreign_keys = ON;" + part.text + write), !part.bad)
        << part.text;
  }
}

TEST(SqliteTypes, AreWhatTheRulesSay) {
  const TestDatabase database(Kind::sqlite);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  // SL401: a type that is none makes a number of a text.
  session->execute("CREATE TABLE a (code STRING, word TEXT)");
  session->execute("INSERT INTO a (code, word) VALUES ('007', '007')");
  EXPECT_EQ(session->query("SELECT CAST(code AS TEXT) FROM a")[0].get<std::string>(0), "7");
  EXPECT_EQ(session->query("SELECT word FROM a")[0].get<std::string>(0), "007");
  // SL402, SL403: keys that take NULL.
  session->execute("CREATE TABLE b (id INT PRIMARY KEY)");
  session->execute("INSERT INTO b (id) VALUES (NULL), (NULL)");
  EXPECT_EQ(session->query("SELECT id FROM b WHERE id IS NULL").size(), 2U);
  session->execute("CREATE TABLE c (code TEXT PRIMARY KEY)");
  session->execute("INSERT INTO c (code) VALUES (NULL), (NULL)");
  EXPECT_EQ(session->query("SELECT code FROM c WHERE code IS NULL").size(), 2U);
}

TEST(SqlitePragmas, OfForeignKeysDoNothingInATransaction) {
  const TestDatabase database(Kind::sqlite);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  session->execute("PRAGMA foreign_keys = ON");
  session->begin();
  session->execute("PRAGMA foreign_keys = OFF");
  EXPECT_EQ(session->query("PRAGMA foreign_keys")[0].get<int>(0), 1);
  session->commit();
}

TEST(SqliteReferences, FollowTheOldTableWhenItIsRenamedAway) {
  const TestDatabase database(Kind::sqlite);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  session->execute("CREATE TABLE users (id INTEGER PRIMARY KEY)");
  session->execute(
      "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id))");
  const LintCase rule_case =
      read_case(std::string(STERNA_SOURCE_DIR) + "/tests/lint/cases/sqlite/SL103.sql");
  for (const Statement& statement :
       split_statements(rule_case.parts.front().text, Language::sqlite))
    session->execute(statement.sql);
  EXPECT_NE(session->query("SELECT sql FROM sqlite_schema WHERE name = 'posts'")[0]
                .get<std::string>(0)
                .find("old_users"),
            std::string::npos);
}

TEST(SqliteLosses, DropTableTakesChildRowsAlong) {
  const LintCase rule_case =
      read_case(std::string(STERNA_SOURCE_DIR) + "/tests/lint/cases/sqlite/SL101.sql");
  const TestDatabase database(Kind::sqlite);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  session->execute("PRAGMA foreign_keys = ON");
  for (const Statement& statement :
       split_statements(rule_case.setup + "INSERT INTO users (id) VALUES (1); INSERT INTO posts "
                                          "(id, author_id) VALUES (1, 1);",
                        Language::sqlite))
    session->execute(statement.sql);
  session->execute(split_statements(rule_case.parts.front().text, Language::sqlite).front().sql);
  EXPECT_TRUE(session->query("SELECT id FROM posts").empty());
}

}  // namespace
}  // namespace sterna::test
