// Every rule finds what its case file calls bad, and leaves what it calls good.
#include "case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sterna::test {
namespace {

bool finds(const std::vector<lint::Finding>& findings, const std::string& rule) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const lint::Finding& finding) { return finding.rule == rule; });
}

std::string told(const std::vector<lint::Finding>& findings) {
  std::string text;
  for (const lint::Finding& finding : findings)
    text += "  " + finding.rule + " " + finding.message + "\n";
  return text.empty() ? "  nothing\n" : text;
}

class LintRule : public testing::TestWithParam<LintCase> {};

TEST_P(LintRule, FindsTheBadAndLeavesTheGood) {
  for (const LintPart& part : GetParam().parts) {
    const std::vector<lint::Finding> findings = findings_of(GetParam(), part);
    EXPECT_EQ(finds(findings, GetParam().rule), part.bad) << part.text << "found:\n"
                                                          << told(findings);
    EXPECT_EQ(finds(findings, "ST001"), part.bad && GetParam().rule == "ST001")
        << part.text << told(findings);
  }
}

INSTANTIATE_TEST_SUITE_P(All, LintRule, testing::ValuesIn(lint_cases()),
                         [](const auto& one) { return one.param.rule; });

std::vector<const lint::Rule*> all_rules() {
  std::vector<const lint::Rule*> rules;
  for (const auto table : {lint::postgres_rules(), lint::mysql_rules(), lint::sqlite_rules(),
                           lint::cql_rules(), lint::common_rules()}) {
    for (const lint::Rule& rule : table) rules.push_back(&rule);
  }
  return rules;
}

TEST(LintRules, EachHasABadAndAGoodCase) {
  std::set<std::string> complete;
  for (const LintCase& rule_case : lint_cases()) {
    const auto has = [&](bool bad) {
      return std::any_of(rule_case.parts.begin(), rule_case.parts.end(),
                         [&](const LintPart& part) { return part.bad == bad; });
    };
    if (has(true) && has(false)) complete.insert(rule_case.rule);
  }
  for (const lint::Rule* rule : all_rules())
    EXPECT_TRUE(complete.contains(std::string(rule->id))) << rule->id << " " << rule->name;
}

TEST(LintRules, HaveIdsAndNamesOfTheirOwn) {
  std::set<std::string_view> ids, names;
  for (const lint::Rule* rule : all_rules()) {
    EXPECT_TRUE(ids.insert(rule->id).second) << rule->id;
    EXPECT_TRUE(names.insert(rule->name).second || rule->id.starts_with("ST") ||
                rule->id.starts_with("CQ") || rule->id.starts_with("SL"))
        << rule->name;
    EXPECT_FALSE(rule->summary.empty()) << rule->id;
  }
  EXPECT_GE(ids.size(), 200U);
}

/// What no rule can be asked about is no reason to stop: any text at all gives facts.
TEST(LintRules, SurviveTextThatIsNoSql) {
  for (const std::string text :
       {"ALTER TABLE", "CREATE TABLE (", "CREATE TABLE a (b", "ALTER TABLE a ADD",
        "CREATE INDEX ON", "ALTER TABLE a ADD CONSTRAINT", "ALTER TABLE a ADD (",
        "CREATE TABLE a (b int DEFAULT", "CREATE TABLE a (,,)", "ALTER TYPE a ADD VALUE",
        "ALTER TABLE a ADD PRIMARY KEY (", "CREATE TABLE a () WITH x =", "SET", "GRANT",
        "ALTER TABLE a ATTACH PARTITION", "CREATE TABLE a (PRIMARY KEY ((", "INSERT INTO", ")",
        "= = ="}) {
    for (const std::string database : {"postgres", "mysql", "sqlite", "cql"}) {
      const LintCase none{database, "", "", {}};
      EXPECT_NO_THROW(findings_of(none,
                                  {
                                      true,
                                      "",
                                      text,
                                  }))
          << database << ": " << text;
    }
  }
}

/// Each case cut off at every third byte, and with every token taken out once, in each language.
TEST(LintRules, SurviveStatementsWithPartsMissing) {
  for (const LintCase& rule_case : lint_cases()) {
    for (const LintPart& part : rule_case.parts) {
      const std::string text = part.text.substr(0, 300);
      std::vector<std::string> texts;
      for (std::size_t end = 1; end < text.size(); end += 3) texts.push_back(text.substr(0, end));
      for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1))
        texts.push_back(text.substr(0, at) +
                        text.substr(std::min(text.find(' ', at + 1), text.size())));
      for (const std::string& broken : texts) {
        const Statement statement{broken, {}, {"f.sql", 1, 1}, {}};
        for (const Language language :
             {Language::postgres, Language::mysql, Language::sqlite, Language::cql}) {
          const lint::StatementFact fact = lint::facts_of(statement, language);
          EXPECT_LE(fact.actions.size() + fact.columns.size(), broken.size());
        }
      }
    }
  }
}

}  // namespace
}  // namespace sterna::test
