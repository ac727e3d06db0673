// What the rules say that a cluster refuses, asked of Cassandra.
#include "case.hpp"
#include "support/databases.hpp"

#include "database/registry.hpp"
#include "sql/splitter.hpp"

#include <gtest/gtest.h>

namespace sterna::test {
namespace {

bool accepts(Connection& session, const std::string& text) {
  try {
    for (const Statement& statement : split_statements(text, Language::cql))
      session.execute(statement.sql);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST(CqlRefusals, AreThoseThatTheRulesForetell) {
  STERNA_REQUIRE_SERVER(Kind::cql);
  // The first bad part of each, and its first good one.
  for (const std::string rule : {"CQ101", "CQ102", "CQ115", "CQ128"}) {
    for (const LintCase& rule_case : lint_cases("cql")) {
      if (rule_case.rule != rule) continue;
      bool bad_seen = false, good_seen = false;
      for (const LintPart& part : rule_case.parts) {
        if ((part.bad ? bad_seen : good_seen) || part.has("offline")) continue;
        (part.bad ? bad_seen : good_seen) = true;
        SCOPED_TRACE(rule + ": " + part.text);
        const TestDatabase database(Kind::cql);
        const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
        ASSERT_TRUE(accepts(*session, rule_case.setup));
        EXPECT_EQ(accepts(*session, part.text), !part.bad);
      }
    }
  }
}

}  // namespace
}  // namespace sterna::test
