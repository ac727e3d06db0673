// Rules in C++ that are linked into a program: what they see, and that policy and allowances hold
// for them as for all others.
#include "lint/policy.hpp"

#include <sterna/lint.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

/// Looks at the known table, which the statement itself does not say.
struct TenantFirst : sterna::LintRule {
  void statement(sterna::LintContext& lint) override {
    const sterna::LintStatement& made = lint.statement();
    if (made.verb != "CREATE" || made.object != "INDEX" || made.index_columns.empty()) return;
    const sterna::LintTable* table = lint.table(made.table, made.table_schema);
    if (table == nullptr || table->column("tenant_id") == nullptr) return;
    if (made.index_columns.front() != "tenant_id")
      lint.report("an index of " + made.table + " begins with tenant_id")
          .locks("SHARE", made.table, "writes")
          .instead("CREATE INDEX ON " + made.table + " (tenant_id, …)");
  }
};
STERNA_LINT_RULE(TenantFirst, {.id = "TEST1",
                               .name = "tenant-first",
                               .severity = sterna::LintSeverity::error,
                               .summary = "an index that does not begin with the tenant"});

/// Remembers what it saw, and chooses its severity.
struct OneTableAMigration : sterna::LintRule {
  void statement(sterna::LintContext& lint) override {
    if (lint.statement().verb != "CREATE" || lint.statement().object != "TABLE") return;
    if (last_ == lint.migration()) lint.report("a second table").as(sterna::LintSeverity::note);
    last_ = lint.migration();
  }
  std::string last_;
};
STERNA_LINT_RULE(OneTableAMigration, {.id = "TEST2", .name = "one-table", .dialects = {"sqlite"}});

struct Fails : sterna::LintRule {
  void statement(sterna::LintContext& lint) override {
    if (lint.statement().object == "SEQUENCE") throw std::runtime_error("no idea of sequences");
  }
};
STERNA_LINT_RULE(Fails, {.id = "TEST3", .name = "fails"});

/// Says what it sees, for the tests of the values.
struct Echo : sterna::LintRule {
  void statement(sterna::LintContext& lint) override {
    const sterna::LintStatement& one = lint.statement();
    if (one.name != "echo" || lint.dialect() == "cql") return;
    for (const sterna::LintColumn& column : one.columns)
      lint.report(column.name + ": " + column.type + (column.not_null ? " not null" : "") +
                  (column.has_reference ? " -> " + column.reference.table : ""));
    for (const sterna::LintAction& action : one.actions) {
      if (action.kind == sterna::LintAction::Kind::add_constraint)
        lint.report("constraint " + action.constraint.name + " on " +
                    action.constraint.columns.at(0));
      if (action.kind == sterna::LintAction::Kind::drop_column)
        lint.report("drops " + action.name).losing(action.name);
    }
    if (lint.way_down()) lint.report("down: " + one.one_line);
  }
};
STERNA_LINT_RULE(Echo, {.id = "TEST4", .name = "echo", .way_down = true});

}  // namespace

namespace sterna::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> messages(const std::vector<LintFinding>& findings) {
  std::vector<std::string> result;
  for (const LintFinding& finding : findings)
    result.push_back(finding.rule + " " + finding.message);
  return result;
}

std::vector<LintFinding> own(std::string_view text, const std::string& dialect = "postgres") {
  return lint_script(text, {.dialect = dialect, .own_rules_alone = true});
}

TEST(CodeRules, SeeTheTableThatTheStatementMeets) {
  const auto findings = own(
      "CREATE TABLE orders (id bigint PRIMARY KEY, tenant_id bigint, paid boolean);\nCREATE INDEX "
      "a ON orders (paid);\nCREATE INDEX b ON orders (tenant_id, paid);\nCREATE INDEX c ON others "
      "(paid);\n");
  ASSERT_EQ(findings.size(), 1U) << testing::PrintToString(messages(findings));
  EXPECT_EQ(findings[0].rule, "TEST1");
  EXPECT_EQ(findings[0].name, "tenant-first");
  EXPECT_EQ(findings[0].severity, LintSeverity::error);
  EXPECT_EQ(findings[0].position.line, 2);
  EXPECT_EQ(findings[0].blocks, "writes");
  EXPECT_THAT(findings[0].safe_form, HasSubstr("tenant_id, …"));
}

TEST(CodeRules, MayRememberAndAreForTheirDatabasesAlone) {
  const std::string two = "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n";
  EXPECT_THAT(messages(own(two, "sqlite")), ElementsAre("TEST2 a second table"));
  EXPECT_EQ(own(two, "sqlite").front().severity, LintSeverity::note);
  EXPECT_THAT(own(two, "postgres"), IsEmpty());
}

TEST(CodeRules, SeeColumnsActionsAndTheWayDown) {
  EXPECT_THAT(messages(own("CREATE TABLE echo (id bigint NOT NULL, n varchar(20) REFERENCES m);")),
              ElementsAre("TEST4 id: BIGINT not null", "TEST4 n: VARCHAR(20) -> m"));
  EXPECT_THAT(messages(own("ALTER TABLE echo ADD CONSTRAINT k UNIQUE (a), DROP COLUMN b;")),
              ElementsAre("TEST4 constraint k on a", "TEST4 drops b"));
  EXPECT_THAT(messages(own("-- sterna:up\nSELECT 1;\n-- sterna:down\nDROP TABLE echo;\n")),
              ElementsAre("TEST4 down: DROP TABLE echo"));
}

TEST(CodeRules, CanBeAllowedWithAReason) {
  const std::string table = "CREATE TABLE o (id bigint, tenant_id bigint, n int);\n";
  EXPECT_THAT(own(table + "-- sterna:allow TEST1 it is a report\nCREATE INDEX a ON o (n);\n"),
              IsEmpty());
  EXPECT_THAT(messages(lint_script(table + "-- sterna:allow TEST1 nothing\nSELECT 1;\n", {})),
              Contains(HasSubstr("ST003 TEST1 is allowed here, but finds nothing")));
}

TEST(CodeRules, FollowThePolicy) {
  LintConfig config;
  config.severities["test1"] = "note";
  lint::Options options;
  options.policy = lint::policy_of(config);
  const auto lint = [&] {
    return lint::lint({lint::read_input("001_a", "001_a.sql",
                                        "CREATE TABLE o (id bigint, tenant_id bigint, n "
                                        "int);\nCREATE INDEX a ON o (n);\n",
                                        Language::postgres)},
                      options);
  };
  const auto found = lint();
  const auto is_it = [](const lint::Finding& finding) { return finding.rule == "TEST1"; };
  ASSERT_EQ(std::count_if(found.begin(), found.end(), is_it), 1);
  EXPECT_EQ(std::find_if(found.begin(), found.end(), is_it)->severity, lint::Severity::note);
  options.policy.severities["TEST1"] = lint::Severity::off;
  const auto none = lint();
  EXPECT_EQ(std::count_if(none.begin(), none.end(), is_it), 0);
}

TEST(CodeRules, ThatThrowEndTheRunWithTheirName) {
  try {
    own("CREATE SEQUENCE s;");
    FAIL() << "a rule threw";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("TEST3 failed: no idea of sequences"));
    EXPECT_EQ(error.position().line, 1);
  }
}

TEST(CodeRules, AndPatternsDoNotShareAnId) {
  LintConfig config;
  config.rules["TEST1"] = {"a", "b", "note", ""};
  lint::Options options;
  options.policy = lint::policy_of(config);
  EXPECT_THROW(lint::lint({}, options), Error);
}

}  // namespace
}  // namespace sterna::test
