// What the rules claim about locks and rewrites, held against a PostgreSQL server: pg_locks and
// pg_class.relfilenode after each bad case.
#include "case.hpp"
#include "support/databases.hpp"

#include "database/registry.hpp"
#include "sql/splitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace sterna::test {
namespace {

/// "AccessExclusiveLock" → "ACCESS EXCLUSIVE"
std::string words_of(const std::string& mode) {
  std::string result;
  for (const char c : mode.substr(0, mode.size() - 4)) {
    if (c >= 'A' && c <= 'Z' && !result.empty()) result += ' ';
    result += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return result;
}

class PostgresServer {
 public:
  PostgresServer() : database_(Kind::postgres), session_(connect(parse_url(database_.url()))) {}

  void start_with(const std::string& setup) {
    session_->rollback();
    session_->execute("DROP SCHEMA IF EXISTS public CASCADE");
    session_->execute("CREATE SCHEMA public");
    for (const Statement& statement : split_statements(setup, Language::postgres))
      session_->execute(statement.sql);
  }
  Connection& session() { return *session_; }

  /// The strongest lock that this session holds on a relation.
  std::string lock_on(const std::string& name) {
    static const std::vector<std::string> order{
        "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
        "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};
    std::ptrdiff_t strongest = -1;
    const Rows rows = session_->query(
        "SELECT l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.pid = "
        "pg_backend_pid() AND c.relname = '" +
        name + "'");
    for (const Row& row : rows)
      strongest = std::max(
          strongest,
          std::find(order.begin(), order.end(), words_of(row.get<std::string>(0))) - order.begin());
    return strongest < 0 ? "none" : order[static_cast<std::size_t>(strongest)];
  }
  std::map<std::string, std::string> files() {
    std::map<std::string, std::string> result;
    for (const Row& row :
         session_->query("SELECT relname::text, relfilenode::text FROM pg_class WHERE relkind IN "
                         "('r', 'm') AND relnamespace = 'public'::regnamespace"))
      result[row.get<std::string>(0)] = row.get<std::string>(1);
    return result;
  }

 private:
  TestDatabase database_;
  std::unique_ptr<Connection> session_;
};

bool for_server(const LintPart& part) {
  return !part.has("offline") && part.words.find("version=") == std::string::npos;
}

/// Holds one finding against what the server did; true when there was something to hold it against.
bool check(PostgresServer& server, const lint::Finding& finding,
           const std::map<std::string, std::string>& before, bool rewrite_seen) {
  if (finding.lock.empty()) return false;
  EXPECT_EQ(server.lock_on(finding.lock_on), finding.lock)
      << finding.rule << " on " << finding.lock_on;
  const auto file = before.find(finding.lock_on);
  const bool must_tell = finding.rewrites || finding.rule.starts_with("PG2");
  if (rewrite_seen && must_tell && file != before.end()) {
    EXPECT_EQ(server.files()[finding.lock_on] != file->second, finding.rewrites)
        << finding.rule << " " << finding.message;
  }
  return true;
}

TEST(PostgresLocks, AreThoseThatTheRulesClaim) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  PostgresServer server;
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("postgres")) {
    for (const LintPart& part : rule_case.parts) {
      if (!part.bad || !for_server(part) || part.text.find("transaction none") != std::string::npos)
        continue;
      std::vector<lint::Finding> findings = findings_of(rule_case, part);
      std::erase_if(findings, [&](const lint::Finding& finding) {
        return finding.rule != rule_case.rule || finding.lock.empty();
      });
      if (findings.empty()) continue;
      SCOPED_TRACE(rule_case.rule + ":\n" + part.text);
      server.start_with(rule_case.setup);
      const auto before = server.files();
      server.session().begin();
      for (const Statement& statement : split_statements(part.text, Language::postgres)) {
        ASSERT_NO_THROW(server.session().execute(statement.sql)) << statement.sql;
        for (const lint::Finding& finding : findings) {
          // Of a DO block, what stands inside it.
          const bool its_own = finding.begin.line == statement.position.line &&
                               finding.begin.column == statement.position.column;
          if (its_own) checked += check(server, finding, before, !part.has("no-rewrite")) ? 1 : 0;
        }
      }
      server.session().rollback();
    }
  }
  EXPECT_GE(checked, 35);
}

TEST(PostgresRewrites, DoNotHappenInGoodCases) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  PostgresServer server;
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("postgres")) {
    for (const LintPart& part : rule_case.parts) {
      if (part.bad || !rule_case.rule.starts_with("PG2") || !for_server(part)) continue;
      SCOPED_TRACE(rule_case.rule + ":\n" + part.text);
      server.start_with(rule_case.setup);
      const auto before = server.files();
      for (const Statement& statement : split_statements(part.text, Language::postgres))
        ASSERT_NO_THROW(server.session().execute(statement.sql));
      auto after = server.files();
      for (const auto& [name, file] : before) EXPECT_EQ(after[name], file) << name;
      ++checked;
    }
  }
  EXPECT_GE(checked, 10);
}

/// What the server refuses in a transaction, and what only a rule can see before it does.
TEST(PostgresRefusals, AreThoseThatTheRulesForetell) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  PostgresServer server;
  for (const LintCase& rule_case : lint_cases("postgres")) {
    if (rule_case.rule != "PG102" && rule_case.rule != "PG301") continue;
    for (const LintPart& part : rule_case.parts) {
      if (!for_server(part) || part.text.find("sterna:down") != std::string::npos) continue;
      SCOPED_TRACE(rule_case.rule + ":\n" + part.text);
      server.start_with(rule_case.setup);
      const bool in_transaction = part.text.find("transaction none") == std::string::npos;
      const auto run = [&] {
        if (in_transaction) server.session().begin();
        for (const Statement& statement : split_statements(part.text, Language::postgres))
          server.session().execute(statement.sql);
        if (in_transaction) server.session().commit();
      };
      if (part.bad) {
        EXPECT_THROW(run(), Error);
        server.session().rollback();
      } else {
        EXPECT_NO_THROW(run());
      }
    }
  }
}

/// "Ready SQL" runs as it is, where it leaves nothing to be filled in.
TEST(PostgresSafeForms, RunAsTheyAre) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  PostgresServer server;
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("postgres")) {
    const bool about_locks = rule_case.rule.starts_with("PG1") || rule_case.rule.starts_with("PG2");
    for (const LintPart& part : rule_case.parts) {
      const bool of_down = part.text.find("sterna:down") != std::string::npos;
      if (!about_locks || !part.bad || !for_server(part) || of_down) continue;
      for (const lint::Finding& finding : findings_of(rule_case, part)) {
        const std::string& form = finding.safe_form;
        const bool open =
            form.find("…") != std::string::npos || form.find("/*") != std::string::npos;
        if (finding.rule != rule_case.rule || form.empty() || open) continue;
        SCOPED_TRACE(rule_case.rule + ":\n" + form);
        server.start_with(rule_case.setup);
        for (const Statement& statement : split_statements(form, Language::postgres))
          EXPECT_NO_THROW(server.session().execute(statement.sql)) << statement.sql;
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 15);
}

}  // namespace
}  // namespace sterna::test
