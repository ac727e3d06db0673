// The token reader held against PostgreSQL's own parser: they say the same of every statement of
// the cases, of the sample schemas, and of the scripts that the splitter is tested with.
#include "oracle.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "case.hpp"
#include "lint/bodies.hpp"
#include "sql/splitter.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

/// Every script of PostgreSQL that the tests have, with its place.
std::vector<std::pair<std::string, std::string>> scripts() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string folder : {"postgres", "common"}) {
    for (const LintCase& one : lint_cases(folder)) {
      result.emplace_back(one.rule + " setup", one.setup);
      for (const LintPart& part : one.parts) {
        if (part.words.find("on=") == std::string::npos) result.emplace_back(one.rule, part.text);
      }
    }
  }
  for (const std::string folder : {"tests/lint/schemas/postgres", "tests/sql/cases/postgres"}) {
    const fs::path path = fs::path(STERNA_SOURCE_DIR) / folder;
    for (const std::string& name : list_files(path)) {
      if (name.ends_with(".sql")) result.emplace_back(name, read_file(path / name));
    }
  }
  return result;
}

/// The server's parser folds names and cuts off what is too long; the facts keep what was written.
std::string listed(const std::vector<std::string>& lines) {
  if (lines.empty()) return "  nothing\n";
  std::string text;
  for (const std::string& line : lines) {
    text += "  ";
    for (const std::string& word : split(line, ' ')) text += to_lower(word.substr(0, 63)) + " ";
    text += "\n";
  }
  return text;
}

/// Bodies in dollar quotes of what speaks PL/pgSQL, without those quotes.
std::vector<std::string> bodies_of(const lint::StatementFact& fact) {
  const bool block = fact.summary.verb == Verb::do_block ||
                     (fact.summary.verb == Verb::create && fact.has({"LANGUAGE", "plpgsql"}));
  std::vector<std::string> bodies;
  for (const sql::Token& token : fact.tokens) {
    if (!block || token.kind != sql::TokenKind::dollar_string) continue;
    const std::size_t tag = token.text.find('$', 1) + 1;
    bodies.emplace_back(token.text.substr(tag, token.text.size() - 2 * tag));
  }
  return bodies;
}

/// Those that rules ask about, on one line each, in one order.
std::vector<std::string> definitions_and_rows(const std::vector<std::string>& texts) {
  std::vector<std::string> result;
  for (const std::string& text : texts) {
    const Statement statement{text, {}, {}, {}};
    const lint::StatementFact fact = lint::facts_of(statement, Language::postgres);
    const Verb verb = fact.summary.verb;
    if (verb != Verb::comment &&
        (fact.defines() || fact.changes_rows() || verb == Verb::lock || verb == Verb::grant)) {
      // PL/pgSQL takes its INTO out of the statement, which stands at the end.
      const std::string line = lint::one_line(fact);
      result.push_back(line.substr(0, line.find(" RETURNING ")));
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

class LintOracle : public testing::Test {
 protected:
  void SetUp() override {
    if (has_oracle()) return;
    if (everything_required()) FAIL() << "libpg_query is missing (STERNA_REQUIRE_ALL=1)";
    GTEST_SKIP() << "built without libpg_query (libpg-query-dev)";
  }
};

TEST_F(LintOracle, SeesTheSameStatementsInBlocks) {
  std::size_t compared = 0;
  for (const auto& [place, text] : scripts()) {
    std::vector<Statement> statements;
    try {
      statements = split_statements(text, Language::postgres);
    } catch (const Error&) {
      continue;  // of the splitter's own tests
    }
    for (const Statement& statement : statements) {
      for (const std::string& body : bodies_of(lint::facts_of(statement, Language::postgres))) {
        std::string error;
        const auto oracle = body_of_oracle(body, error);
        if (!oracle) continue;
        std::vector<std::string> own;
        for (const lint::BodyStatement& one :
             lint::statements_of_body({body, {"f", 1, 1}, Language::postgres})) {
          // Of texts that EXECUTE runs, the parser has those that are one literal.
          const std::string& sql = one.statement.sql;
          const std::size_t at = body.find(sql);
          const auto quote = [&](std::size_t i) { return i < body.size() && body[i] == '\''; };
          if (at != std::string::npos && (at == 0 || quote(at - 1) == quote(at + sql.size())))
            own.push_back(sql);
        }
        EXPECT_EQ(listed(definitions_and_rows(own)), listed(definitions_and_rows(*oracle)))
            << place << ": " << body;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 6U);
}

TEST_F(LintOracle, SaysTheSameOfEveryStatement) {
  std::size_t compared = 0, refused = 0;
  for (const auto& [place, text] : scripts()) {
    std::vector<Statement> statements;
    try {
      statements = split_statements(text, Language::postgres);
    } catch (const Error&) {
      continue;  // of the splitter's own tests
    }
    for (const Statement& statement : statements) {
      std::string error;
      const auto oracle = lines_of_oracle(statement.sql, error);
      if (!oracle) {
        ++refused;
        continue;
      }
      if (oracle->empty()) continue;
      EXPECT_EQ(listed(lines_of_facts(lint::facts_of(statement, Language::postgres))),
                listed(*oracle))
          << place << ": " << statement.sql;
      ++compared;
    }
  }
  EXPECT_GE(compared, 400U);
  // What is newer than the grammar, and what the cases have wrong on purpose.
  EXPECT_LE(refused, 40U);
}

}  // namespace
}  // namespace sterna::test
