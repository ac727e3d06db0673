// The project's lint rules in C++, compiled by the command.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view exact_money =
    "#include <sterna/lint.hpp>\n"
    "struct MoneyIsExact : sterna::LintRule {\n"
    "  void statement(sterna::LintContext& lint) override {\n"
    "    for (const sterna::LintColumn& column : lint.statement().columns)\n"
    "      if (column.base == \"REAL\")\n"
    "        lint.report(column.name + \" cannot hold money exactly\").instead(\"integer "
    "cents\");\n"
    "  }\n};\n"
    "STERNA_LINT_RULE(MoneyIsExact, {.id = \"SHOP1\", .name = \"money-is-exact\", .severity = "
    "sterna::LintSeverity::error, .summary = \"a column that rounds\"});\n";

struct LintRulesInCpp : testing::Test {
  void SetUp() override {
    write("sterna.toml",
          "url = \"sqlite:app.db\"\n[lint]\nrules = \"lint/\"\nignore = [\"SL402\"]\n"
          "[env.production]\nprotected = true\n[env.test.lint.severity]\nSHOP1 = \"off\"\n");
    write("lint/money.cpp", exact_money);
    write("migrations/001_pay.sql",
          "-- sterna:up\nCREATE TABLE pay (id INTEGER PRIMARY KEY, cents REAL) STRICT;\n-- "
          "sterna:down\nDROP TABLE pay;\n");
  }
  CommandResult run(const std::vector<std::string>& arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  TempFolder folder;
};

TEST_F(LintRulesInCpp, HoldWhereverRulesDo) {
  const CommandResult lint = run({"lint"});
  EXPECT_EQ(lint.exit_code, 8) << lint.err;
  EXPECT_THAT(lint.out, AllOf(HasSubstr("migrations/001_pay.sql:2:1: error SHOP1 cents cannot hold "
                                        "money exactly"),
                              HasSubstr("integer cents")));
  EXPECT_THAT(lint.err, HasSubstr("compiling 1 lint rule"));
  EXPECT_THAT(run({"lint", "--rules"}).out,
              AllOf(HasSubstr("SHOP1"), HasSubstr("money-is-exact"), HasSubstr("PG101")));
  EXPECT_EQ(run({"lint", "--env", "test"}).exit_code, 0);
  EXPECT_THAT(run({"plan"}).out, HasSubstr("error SHOP1"));
  EXPECT_THAT(run({"lint", "--pending"}).out, HasSubstr("error SHOP1"));
  const CommandResult up = run({"up", "--env", "production", "--yes"});
  EXPECT_EQ(up.exit_code, 8);
  EXPECT_THAT(up.err, AllOf(HasSubstr("SHOP1"), Not(HasSubstr("compiling"))));
  write("migrations/001_pay.sql",
        "-- sterna:up\n-- sterna:allow SHOP1 a rate, not money\nCREATE TABLE pay (id INTEGER "
        "PRIMARY KEY, cents REAL) STRICT;\n-- sterna:down\nDROP TABLE pay;\n");
  EXPECT_EQ(run({"up", "--env", "production", "--yes"}).exit_code, 0);
}

TEST_F(LintRulesInCpp, ThatDoNotCompileEndTheCommandBeforeAnythingRuns) {
  write("lint/money.cpp",
        "#include <sterna/lint.hpp>\nstruct Broken : sterna::LintRule { int };\n");
  const CommandResult broken = run({"up", "--env", "production", "--yes"});
  EXPECT_EQ(broken.exit_code, 6);
  EXPECT_THAT(broken.err, AllOf(HasSubstr("compiling money.cpp failed"), HasSubstr("money.cpp:2"),
                                HasSubstr("nothing was run")));
  write("lint/money.cpp", "#include <sterna/lint.hpp>\n");
  EXPECT_THAT(run({"lint"}).err, HasSubstr("registers no lint rule"));
  std::string taken(exact_money);
  taken.replace(taken.find("SHOP1"), 5, "PG101");
  write("lint/money.cpp", taken);
  const CommandResult twice = run({"lint"});
  EXPECT_EQ(twice.exit_code, 3);
  EXPECT_THAT(twice.err, HasSubstr("Sterna has a lint rule PG101 itself"));
  EXPECT_EQ(run({"status"}).exit_code, 0);  // nothing that does not lint asks for them
}

TEST_F(LintRulesInCpp, NeedTheirFolder) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n[lint]\nrules = \"elsewhere\"\n");
  const CommandResult missing = run({"lint"});
  EXPECT_EQ(missing.exit_code, 3);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("there is no such folder"), HasSubstr("sterna.toml:3")));
  std::filesystem::create_directories(folder.path() / "elsewhere");
  EXPECT_THAT(run({"lint"}).err, HasSubstr("holds no .cpp file"));
  write("sterna.toml", "url = \"sqlite:app.db\"\n[lint]\nrules = [\"a\"]\n");
  EXPECT_EQ(run({"lint"}).exit_code, 3);
}

}  // namespace
}  // namespace sterna::test
