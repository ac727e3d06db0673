// The command over tests of migrations: what it prints, and how it ends.
#include "support/command.hpp"
#include "support/temp.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace sterna::test {
namespace {

struct Project {
  Project() {
    std::filesystem::create_directories(folder.path() / "migrations");
    std::filesystem::create_directories(folder.path() / "tests");
    write("migrations/001_users.sql",
          "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);\n"
          "-- sterna:down\nDROP TABLE users;\n");
  }
  void write(const std::string& name, const std::string& text) const {
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--url", "sqlite:app.db"});
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }

  TempFolder folder;
};

TEST(TestCommand, PassesWhatComesBack) {
  const Project project;
  project.write("tests/users.sql",
                "-- sterna:test nobody is there\nSELECT count(*) FROM users;\n"
                "-- expect: 0\n");
  const CommandResult result = project.run({"test"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("ok     001_users"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("ok     nobody is there"), std::string::npos) << result.out;
  EXPECT_FALSE(std::filesystem::exists(project.folder.path() / "app.db"))
      << "no database is made for it";
}

TEST(TestCommand, EndsWithNineWhenATestFails) {
  const Project project;
  project.write("migrations/002_more.sql",
                "-- sterna:up\nALTER TABLE users ADD COLUMN a int;\nALTER TABLE users ADD COLUMN b "
                "int;\n-- sterna:down\nALTER TABLE users DROP COLUMN a;\n");
  const CommandResult result = project.run({"test", "--last", "1", "--format", "junit"});
  EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
  EXPECT_NE(result.out.find("failures=\"1\""), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("001_users"), std::string::npos) << result.out;
}

TEST(TestCommand, TakesNamesBehindAnOption) {
  const Project project;
  const CommandResult result = project.run({"test", "--rows", "3", "users"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  const CommandResult unknown = project.run({"test", "--rows", "3", "postz"});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_NE(unknown.err.find("there is no migration 'postz'"), std::string::npos) << unknown.err;
}

TEST(ExpandCommand, RefusesWhereColumnsChangeInAnotherWay) {
  const Project project;
  const CommandResult result = project.run({"expand", "users.name", "--type", "int"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_NE(result.err.find("cannot be changed by expanding it"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace sterna::test
