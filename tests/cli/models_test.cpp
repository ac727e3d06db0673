// Entities in C++ as a state: a folder compiled on demand, and programs that print them.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* head =
    "#include <sterna/model.hpp>\n#include <cstdint>\n#include <optional>\n#include <string>\n"
    "enum class Mood { sad, happy };\n"
    "template <> inline constexpr auto sterna::enumeration<Mood> =\n"
    "    sterna::enum_type<Mood>(\"mood\", sterna::value(Mood::sad, \"sad\"), "
    "sterna::value(Mood::happy, \"happy\"));\n"
    "struct User { std::int64_t id; std::string name; std::optional<Mood> mood; };\n";

std::string users(const std::string& table, const std::string& name) {
  return head +
         ("template <> inline constexpr auto sterna::entity<User> = sterna::table<User>(\n    " +
          table +
          ", sterna::column<&User::id>(\"id\").primary(),\n    sterna::column<&User::name>" + name +
          ", sterna::column<&User::mood>(\"mood\").default_to(Mood::sad))");
}

class ModelState : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    std::filesystem::create_directories(folder.path() / "models");
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
  }
  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  TempFolder folder;
  std::unique_ptr<TestDatabase> database;
};

TEST_P(ModelState, IsAppliedOnceAndThenEqualAndKeepsViews) {
  write("models/user.cpp",
        users("\"users\"", "(\"name\").length(40)") + ";\nSTERNA_MODEL(User);\n");
  const CommandResult applied = run({"schema", "apply", "--to", "models", "--auto-approve"});
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_EQ(run({"query", "CREATE VIEW names AS SELECT name FROM users"}).exit_code, 0);
  const CommandResult again = run({"schema", "diff", "--to", "models", "--exit-code"});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, IsEmpty());
}

TEST_P(ModelState, AFormerNameIsARename) {
  write("models/user.cpp",
        users("\"users\"", "(\"name\").length(40)") + ";\nSTERNA_MODEL(User);\n");
  ASSERT_EQ(run({"schema", "apply", "--to", "models", "--auto-approve"}).exit_code, 0);
  write("models/user.cpp", users("\"people\"", "(\"full_name\").length(40).was(\"name\")") +
                               ".was(\"users\");\nSTERNA_MODEL(User);\n");
  const CommandResult difference = run({"schema", "diff", "--to", "models"});
  EXPECT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.out,
              AllOf(HasSubstr("RENAME"), HasSubstr("full_name"), Not(HasSubstr("DROP COLUMN")),
                    Not(HasSubstr("DROP TABLE")), Not(HasSubstr("CREATE"))));
  EXPECT_THAT(difference.err, Not(HasSubstr("destructive")));
}

TEST_P(ModelState, WhatDoesNotCompileIsShownAsTheCompilerSaysIt) {
  write("models/user.cpp", users("\"users\"", "(\"name\").length(40)") +
                               ";\nSTERNA_MODEL(User);\nint broken = \"text\";\n");
  const CommandResult result = run({"schema", "diff", "--to", "models"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("user.cpp"), HasSubstr("error:"), HasSubstr("nothing was run")));
}

TEST_P(ModelState, WhatTheDatabaseRefusesIsNamedWithTheLineThatDescribesIt) {
  write("models/user.cpp", users("\"users\"", "(\"name\").type(\"no such type at all\")") +
                               ";\nSTERNA_MODEL(User);\n");
  const CommandResult result = run({"schema", "diff", "--to", "models"});
  if (GetParam() == Kind::sqlite) return;  // it takes any words for a type
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("user.cpp:"));
}

TEST_P(ModelState, AFolderWithoutEntitiesIsRefusedWithAdvice) {
  write("models/user.cpp", "#include <sterna/model.hpp>\n");
  const CommandResult result = run({"schema", "diff", "--to", "models"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("STERNA_MODEL"));
}

TEST_P(ModelState, AProgramThatPrintsNoEntitiesIsRefusedWithWhatItSaid) {
  write("program", "#!/bin/sh\necho some words\nexit 4\n");
  std::filesystem::permissions(folder.path() / "program", std::filesystem::perms::owner_all);
  const CommandResult result = run({"schema", "diff", "--to", "exec:./program"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("exit code 4"), HasSubstr("some words"),
                                HasSubstr("sterna_add_model")));
  EXPECT_NE(run({"schema", "diff", "--to", "exec:./missing"}).exit_code, 0);
}

TEST_P(ModelState, AMigrationOfADifferenceCanBeInCpp) {
  write("models/user.cpp",
        users("\"users\"", "(\"name\").length(40)") + ";\nSTERNA_MODEL(User);\n");
  const CommandResult made = run({"new", "add_users", "--from-diff", "--cpp", "--to", "models"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr(".cpp"));
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << up.err;
  const CommandResult again = run({"schema", "diff", "--to", "models", "--exit-code"});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
}

INSTANTIATE_TEST_SUITE_P(Databases, ModelState, testing::ValuesIn(all_kinds()),
                         [](const auto& one) {
                           return std::string(one.param == Kind::sqlite     ? "sqlite"
                                              : one.param == Kind::postgres ? "postgres"
                                                                            : "mysql");
                         });

}  // namespace
}  // namespace sterna::test
