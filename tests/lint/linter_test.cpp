// Allowances, policy, and what is known from the migrations before.
#include "lint/linter.hpp"
#include "lint/folder.hpp"
#include "lint/report.hpp"

#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sterna::lint {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Options postgres() {
  Options options;
  options.policy.severities["ST201"] = Severity::off;
  options.policy.severities["PG118"] = Severity::off;
  return options;
}

std::vector<Finding> found(const std::vector<std::string>& texts,
                           const Options& options = postgres()) {
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string id = "00" + std::to_string(i + 1);
    inputs.push_back(read_input(id, id + ".sql", texts[i], options.server.language));
  }
  return lint(inputs, options);
}

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) ids.push_back(finding.rule);
  return ids;
}

TEST(LintAllowance, AboveAStatementIsForThatOneAlone) {
  EXPECT_THAT(rules(found({"DROP TABLE a;\n-- sterna:allow ST101 it is empty\n-- and nobody asks "
                           "for it\nDROP TABLE b;\nDROP TABLE c;"})),
              ElementsAre("ST101", "ST101"));
}

TEST(LintAllowance, InTheHeadIsForTheFile) {
  EXPECT_THAT(
      found({"-- sterna:allow ST101 all of them are empty\n\nDROP TABLE a;\nDROP TABLE b;"}),
      IsEmpty());
}

TEST(LintAllowance, DirectlyAboveTheFirstStatementIsForThatOne) {
  EXPECT_THAT(rules(found({"-- sterna:allow ST101 it is empty\nDROP TABLE a;\nDROP TABLE b;"})),
              ElementsAre("ST101"));
}

TEST(LintAllowance, CanNameSeveralRules) {
  EXPECT_THAT(
      found({"-- sterna:allow ST101,ST109 an experiment that nobody kept\nDROP TABLE a CASCADE;"}),
      IsEmpty());
}

TEST(LintAllowance, OfTheWholeMigrationStandsInTheHead) {
  EXPECT_THAT(rules(found({"-- sterna:allow ST210 the rows came another way\n"})), IsEmpty());
}

TEST(LintAllowance, WithoutAReasonAllowsNothing) {
  EXPECT_THAT(rules(found({"-- sterna:allow ST101\nDROP TABLE a;"})),
              ElementsAre("ST002", "ST101"));
}

TEST(LintAllowance, ChangesNoChecksum) {
  EXPECT_EQ(token_hash("-- sterna:allow ST101 why\nDROP TABLE a;", Language::postgres),
            token_hash("DROP TABLE a;", Language::postgres));
  EXPECT_NE(token_hash("-- sterna:timeout 5s\nDROP TABLE a;", Language::postgres),
            token_hash("DROP TABLE a;", Language::postgres));
}

TEST(LintAllowance, InCppIsForTheFile) {
  Input input;
  input.id = "001";
  input.file = "001.cpp";
  input.code = true;
  input.has_down = true;
  Statement statement;
  statement.sql = "DROP TABLE a";
  statement.position.file = "001.cpp";
  input.up.push_back(statement);
  EXPECT_THAT(rules(lint({input}, postgres())), ElementsAre("ST101"));
  input.directives = allowances_in_code(
      "#include <x>\n  // sterna:allow ST101 nobody asks for it\nstruct X;\n", "001.cpp");
  EXPECT_THAT(lint({input}, postgres()), IsEmpty());
}

TEST(LintPolicy, ChangesSeveritiesAndSwitchesRulesOff) {
  Options options = postgres();
  options.policy.severities["ST101"] = Severity::note;
  const std::vector<Finding> findings = found({"DROP TABLE a;"}, options);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().severity, Severity::note);
  options.policy.severities["ST101"] = Severity::off;
  EXPECT_THAT(found({"DROP TABLE a;"}, options), IsEmpty());
}

TEST(LintPolicy, RefusesRulesThatDoNotExist) {
  Options options = postgres();
  options.policy.severities["PG999"] = Severity::off;
  EXPECT_THROW(found({"SELECT 1;"}, options), Error);
}

TEST(LintPolicy, OwnRulesReadTheStatementOnOneLine) {
  Options options = postgres();
  options.policy.custom.push_back({"ORG1", "create table (?!app\\.)", "tables belong into app",
                                   Severity::error, "CREATE TABLE app.…"});
  EXPECT_THAT(rules(found({"CREATE /* here */\n TABLE a (id bigint PRIMARY KEY);"}, options)),
              ElementsAre("ORG1"));
  EXPECT_THAT(found({"CREATE TABLE app.a (id bigint PRIMARY KEY);"}, options), IsEmpty());
  EXPECT_THAT(
      found({"-- sterna:allow ORG1 it is of an extension\nCREATE TABLE a (id bigint PRIMARY KEY);"},
            options),
      IsEmpty());
}

TEST(LintPolicy, RefusesPatternsThatAreNone) {
  Options options = postgres();
  options.policy.custom.push_back({"ORG1", "(", "x", Severity::error, ""});
  EXPECT_THROW(found({"SELECT 1;"}, options), Error);
}

TEST(LintKnowledge, FollowsTheMigrationsBefore) {
  const std::string make = "CREATE TABLE a (id bigint PRIMARY KEY, name varchar(20));";
  EXPECT_THAT(rules(found({make, "ALTER TABLE a ALTER COLUMN name TYPE varchar(40);"})),
              Not(Contains("PG205")));
  EXPECT_THAT(rules(found({make, "ALTER TABLE a ALTER COLUMN name TYPE varchar(10);"})),
              Contains("PG205"));
  EXPECT_THAT(rules(found({make, "ALTER TABLE a RENAME TO b;",
                           "ALTER TABLE b ALTER COLUMN name TYPE varchar(40);"})),
              Not(Contains("PG205")));
}

TEST(LintKnowledge, NobodyUsesWhatARunMakesOnALiveDatabase) {
  const std::vector<std::string> texts{"CREATE TABLE a (id bigint PRIMARY KEY, b text);",
                                       "CREATE INDEX i ON a (b);"};
  EXPECT_THAT(rules(found(texts)), Contains("PG101"));
  const model::Model nothing;
  Options options = postgres();
  options.model = &nothing;
  options.server.live = true;
  EXPECT_THAT(rules(found(texts, options)), Not(Contains("PG101")));
  EXPECT_THAT(rules(found({texts[1]}, options)), Contains("PG101"));
}

TEST(LintKnowledge, OfWhatIsOnlyFollowedNothingIsTold) {
  std::vector<Input> inputs{read_input("1", "1.sql", "DROP TABLE a;", Language::postgres),
                            read_input("2", "2.sql", "DROP TABLE b;", Language::postgres)};
  inputs.front().reported = false;
  const std::vector<Finding> findings = lint(inputs, postgres());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().position.file, "2.sql");
}

TEST(LintKnowledge, TypesOfALiveModelAreReadAsTheDatabaseSpellsThem) {
  model::Model model;
  model::Table& table = model.tables.emplace_back();
  table.name = "a";
  model::Column& column = table.columns.emplace_back();
  column.name = "name";
  Options options = postgres();
  options.model = &model;
  options.spell = [](const model::Type&) { return std::string("character varying(20)"); };
  EXPECT_THAT(rules(found({"ALTER TABLE a ALTER COLUMN name TYPE varchar(40);"}, options)),
              Not(Contains("PG205")));
  EXPECT_THAT(rules(found({"ALTER TABLE a ALTER COLUMN name TYPE varchar(10);"}, options)),
              Contains("PG205"));
}

TEST(LintFinding, TellsLockLossAndSafeForm) {
  const std::vector<Finding> findings = found({"CREATE INDEX i ON a (b);"});
  ASSERT_EQ(findings.size(), 1U);
  const Finding& finding = findings.front();
  EXPECT_EQ(finding.lock, "SHARE");
  EXPECT_EQ(finding.lock_on, "a");
  EXPECT_EQ(finding.blocks, "writes");
  EXPECT_EQ(finding.safe_form, "-- sterna:transaction none\nCREATE INDEX CONCURRENTLY i ON a (b);");
  EXPECT_EQ(finding.help, "docs/lint.md#pg101");
  EXPECT_THAT(as_text(finding), HasSubstr("001.sql:1:1: error PG101"));
}

TEST(LintFinding, OfASecretDoesNotRepeatIt) {
  const std::vector<Finding> findings = found({"ALTER ROLE app PASSWORD 'correct horse';"});
  ASSERT_THAT(rules(findings), Contains("ST213"));
  for (const Finding& finding : findings) {
    if (finding.rule == "ST213") {
      EXPECT_THAT(as_text(finding), Not(HasSubstr("horse")));
    }
  }
}

TEST(LintReport, FormsAreWellFormed) {
  const std::vector<Finding> findings = found({"CREATE INDEX \"i|<&>\" ON a (b);\nDROP TABLE c;"});
  ASSERT_GE(findings.size(), 2U);
  const auto json = nlohmann::json::parse(as_json(findings));
  EXPECT_EQ(json["errors"], 2);
  EXPECT_EQ(json["findings"][0]["rule"], "PG101");
  const auto sarif = nlohmann::json::parse(as_sarif(findings, "1.0"));
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(sarif["runs"][0]["results"].size(), findings.size());
  EXPECT_EQ(
      sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
  const auto gitlab = nlohmann::json::parse(as_gitlab(findings));
  EXPECT_EQ(gitlab[0]["location"]["path"], "001.sql");
  EXPECT_NE(gitlab[0]["fingerprint"], gitlab[1]["fingerprint"]);
  EXPECT_THAT(as_github(findings),
              HasSubstr("::error file=001.sql,line=1,col=1,title=PG101 index-blocks-writes::"));
  EXPECT_THAT(as_junit(findings, 1), HasSubstr("<failure type=\"PG101\""));
  EXPECT_THAT(as_junit(findings, 1), Not(HasSubstr("<&>")));
  EXPECT_THAT(as_markdown(findings), HasSubstr("| error | PG101 | `001.sql:1:1` |"));
}

/// A report merges what has the same fingerprint, and takes what has another for new.
TEST(LintReport, FingerprintsAreDistinctAndStay) {
  const auto of = [](const std::string& text) {
    std::vector<std::string> gitlab, sarif;
    const std::vector<Finding> findings = found({text});
    for (const auto& item : nlohmann::json::parse(as_gitlab(findings)))
      gitlab.push_back(item["fingerprint"]);
    const auto log = nlohmann::json::parse(as_sarif(findings, "1.0"));
    for (const auto& result : log["runs"][0]["results"])
      sarif.push_back(result["partialFingerprints"]["sterna/v1"]);
    EXPECT_EQ(gitlab, sarif);
    return gitlab;
  };
  const std::vector<std::string> before = of("DROP TABLE u;\nDROP TABLE u;\nDROP TABLE u;");
  const std::set<std::string> distinct(before.begin(), before.end());
  EXPECT_EQ(distinct.size(), before.size());
  EXPECT_GE(before.size(), 3U);
  const std::vector<std::string> after =
      of("DROP TABLE other;\n\nDROP TABLE u;\nDROP TABLE u;\nDROP TABLE u;");
  for (const std::string& fingerprint : before) EXPECT_THAT(after, Contains(fingerprint));
}

TEST(LintCatalogue, IsThePageInDocs) {
  EXPECT_EQ(catalogue(), read_file(STERNA_SOURCE_DIR "/docs/lint.md"))
      << "run: sterna lint --rules --format markdown > docs/lint.md";
}

}  // namespace
}  // namespace sterna::lint
