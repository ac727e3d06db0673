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
