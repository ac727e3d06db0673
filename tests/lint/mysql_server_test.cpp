// What the rules claim about algorithms and locks, held against the server: it refuses the better
// algorithm and accepts the claimed one.
#include "case.hpp"
#include "support/databases.hpp"

#include "database/registry.hpp"
#include "lint/mysql_algorithm.hpp"
#include "sql/splitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sterna::test {
namespace {

class MysqlServer {
 public:
  MysqlServer() : database_(Kind::mysql), session_(connect(parse_url(database_.url()))) {}

  void start_with(const std::string& setup, const std::string& before) {
    session_->drop_everything();
    session_->execute("SET foreign_key_checks = 1");
    for (const std::string* text : {&setup, &before}) {
      for (const Statement& statement : split_statements(*text, Language::mysql))
        session_->execute(statement.sql);
    }
  }
  bool accepts(const std::string& sql) {
    try {
      session_->execute(sql);
      return true;
    } catch (const Error& error) {
      last = error.what();
      return false;
    }
  }
  const ServerInfo& info() const { return session_->server(); }
  std::string last;

 private:
  TestDatabase database_;
  std::unique_ptr<Connection> session_;
};

bool for_server(const LintPart& part) { return !part.has("offline"); }

std::vector<lint::Finding> findings_on(const MysqlServer& server, const LintCase& rule_case,
                                       LintPart part) {
  part.words += " version=" + std::to_string(server.info().version);
  if (server.info().product == "MariaDB") part.words += " mariadb";
  return findings_of(rule_case, part);
}

/// Behind an ALTER TABLE, or a CREATE INDEX, which takes no comma.
std::string with(const std::string& sql, const std::string& algorithm,
                 const std::string& lock = {}) {
  const char* comma = sql.starts_with("ALTER") ? ", " : " ";
  return sql + comma + "ALGORITHM=" + algorithm +
         (lock.empty() ? "" : std::string(comma) + "LOCK=" + lock);
}

TEST(MysqlAlgorithms, AreTheBestThatTheServerAccepts) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  MysqlServer server;
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("mysql")) {
    for (const LintPart& part : rule_case.parts) {
      if (!part.bad || !for_server(part)) continue;
      for (const lint::Finding& finding : findings_on(server, rule_case, part)) {
        if (finding.rule != rule_case.rule || finding.algorithm.empty()) continue;
        SCOPED_TRACE(finding.rule + ": " + finding.statement);
        server.start_with(rule_case.setup, {});
        const std::string better = finding.algorithm == "COPY" ? "INPLACE" : "INSTANT";
        EXPECT_FALSE(server.accepts(with(finding.statement, better))) << better << " was accepted";
        if (finding.lock == "SHARED") {
          EXPECT_FALSE(server.accepts(with(finding.statement, finding.algorithm, "NONE")))
              << "LOCK=NONE was accepted";
        }
        EXPECT_TRUE(server.accepts(with(finding.statement, finding.algorithm))) << server.last;
        ++checked;
      }
    }
  }
  EXPECT_GE(checked, 14);
}

TEST(MysqlAlgorithms, OfGoodCasesAreAccepted) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  MysqlServer server;
  int checked = 0;
  for (const LintCase& rule_case : lint_cases("mysql")) {
    for (const LintPart& part : rule_case.parts) {
      if (part.bad || !for_server(part) || !rule_case.rule.starts_with("MY1") ||
          rule_case.setup.empty())
        continue;
      const std::vector<Statement> statements = split_statements(part.text, Language::mysql);
      if (statements.size() != 1 || part.text.find("ALGORITHM") != std::string::npos) continue;
      lint::Known known;
      const std::vector<Statement> setup = split_statements(rule_case.setup, Language::mysql);
      for (const Statement& statement : setup)
        known.apply(lint::facts_of(statement, Language::mysql), -1);
      const lint::StatementFact fact = lint::facts_of(statements.front(), Language::mysql);
      if (fact.actions.empty() || fact.actions.front().kind == lint::ActionFact::Kind::partition)
        continue;
      lint::Server about;
      about.language = Language::mysql;
      about.mariadb = server.info().product == "MariaDB";
      about.version = server.info().version;
      lint::Algorithm worst = lint::Algorithm::instant;
      for (const lint::ActionFact& action : fact.actions)
        worst = std::max(
            worst, lint::cost_of(action, fact, known.table(fact.summary.name), about).algorithm);
      SCOPED_TRACE(rule_case.rule + ": " + statements.front().sql);
      server.start_with(rule_case.setup, {});
      EXPECT_TRUE(server.accepts(with(statements.front().sql, std::string(lint::to_string(worst)))))
          << lint::to_string(worst) << ": " << server.last;
      ++checked;
    }
  }
  EXPECT_GE(checked, 8);
}

}  // namespace
}  // namespace sterna::test
