#include "migration/compiler.hpp"

#include "base/file.hpp"
#include "support/command.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

// Compiled migrations call back into the program that loads them, so these tests run the command,
// which exports its symbols.

namespace sterna::test {
namespace {

using testing::HasSubstr;
using testing::Not;

struct CppMigrations : testing::Test {
  void write(const std::string& name, const std::string& table, const std::string& more = {}) {
    std::filesystem::create_directories(folder.path() / "migrations");
    write_file_atomically(folder.path() / "migrations" / name,
                          "#include <sterna/migration.hpp>\n" + more +
                              "struct Make : sterna::Migration {\n  void up(sterna::Schema& "
                              "schema) override {\n    schema.create_table(\"" +
                              table +
                              "\", [](sterna::TableBuilder& t) { t.id(); });\n  }\n  void "
                              "down(sterna::Schema& schema) override { schema.drop_table(\"" +
                              table + "\"); }\n};\nSTERNA_MIGRATION(Make);\n");
  }
  CommandResult sterna(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--url", "sqlite:test.db"});
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  TempFolder folder;
};

TEST_F(CppMigrations, AreCompiledOnceAndTakenFromTheCacheAfterwards) {
  write("001_a.cpp", "a");
  const CommandResult first = sterna({"up"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("compiling 1 migration"));
  const CommandResult again = sterna({"redo", "--no-compile"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, Not(HasSubstr("compiling")));
}

TEST_F(CppMigrations, AChangedHeaderMakesThemNew) {
  std::filesystem::create_directories(folder.path() / "migrations");
  write_file_atomically(folder.path() / "migrations" / "names.hpp", "#pragma once\n");
  write("001_a.cpp", "a", "#include \"names.hpp\"\n");
  EXPECT_EQ(sterna({"up"}).exit_code, 0);
  write_file_atomically(folder.path() / "migrations" / "names.hpp",
                        "#pragma once\ninline int more = 1;\n");
  EXPECT_EQ(sterna({"redo", "--no-compile"}).exit_code, 7);
  EXPECT_THAT(sterna({"redo"}).err, HasSubstr("compiling 1 migration"));
}

TEST_F(CppMigrations, ManyWithTheSameClassNameAreCompiledOneByOne) {
  for (int i = 1; i <= 5; ++i) write("00" + std::to_string(i) + "_m.cpp", "t" + std::to_string(i));
  const CommandResult result = sterna({"up"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("applied 5 migrations"));
}

TEST_F(CppMigrations, DiagnosticsAreShownAsTheyAreAndNothingRuns) {
  write("001_a.cpp", "a");
  write("002_b.cpp", "b", "int broken = \"text\";\n");
  const CommandResult result = sterna({"up"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err, testing::AllOf(HasSubstr("002_b.cpp:2:"), HasSubstr("error:"),
                                         HasSubstr("nothing was run")));
  EXPECT_THAT(sterna({"status"}).out, HasSubstr("pending"));
}

TEST_F(CppMigrations, AFileWithoutRegistrationIsRefused) {
  std::filesystem::create_directories(folder.path() / "migrations");
  write_file_atomically(folder.path() / "migrations" / "001_a.cpp",
                        "#include <sterna/migration.hpp>\n");
  const CommandResult result = sterna({"up"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err, HasSubstr("STERNA_MIGRATION"));
}

TEST_F(CppMigrations, NoCompileRefusesWhatIsNotCached) {
  write("001_a.cpp", "a");
  const CommandResult result = sterna({"up", "--no-compile"});
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_THAT(result.err, HasSubstr("001_a.cpp"));
}

TEST_F(CppMigrations, ASourceThatOthersMayChangeIsRefused) {
  write("001_a.cpp", "a");
  ::chmod((folder.path() / "migrations" / "001_a.cpp").c_str(), 0666);
  EXPECT_EQ(sterna({"up"}).exit_code, 7);
}

TEST_F(CppMigrations, StatusNeedsNoCompiler) {
  write("001_a.cpp", "a", "this does not compile\n");
  const CommandResult result = sterna({"status"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("001_a"));
}

}  // namespace
}  // namespace sterna::test
