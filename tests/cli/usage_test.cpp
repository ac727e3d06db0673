// What a command says to a value that is none, to a database that is not there, and to a log format
// that is not known.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <regex>
#include <sstream>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Usage : testing::Test {
  CommandResult run(const std::vector<std::string>& arguments) const {
    CommandOptions options;
    options.folder = folder.path();
    options.environment = environment;
    return sterna_command(arguments, options);
  }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  void project() const {
    write("sterna.toml", "url = \"sqlite:app.db\"\n");
    write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  }
  bool exists(const std::string& name) const {
    return std::filesystem::exists(folder.path() / name);
  }
  TempFolder folder;
  std::map<std::string, std::string> environment;
};

TEST_F(Usage, RefusesWhatIsNoPort) {
  project();
  for (const char* command : {"serve", "design"})
    for (const char* port : {"70000", "65536", "-1", "4000x", "99999999999", ""}) {
      const CommandResult result = run({command, std::string("--port=") + port});
      EXPECT_EQ(result.exit_code, 3) << command << " " << port << result.err;
      EXPECT_THAT(result.err, HasSubstr("port")) << command << " " << port;
    }
}

TEST_F(Usage, RefusesWhatIsNoDurationOrNumberAlike) {
  project();
  const std::vector<std::vector<std::string>> wrong{
      {"serve", "--drift", "abc"},     {"serve", "--drift", "1ms"},
      {"up", "--timeout", "abc"},      {"up", "--lock-wait", "5 parsecs"},
      {"up", "--lock-timeout", "-1s"}, {"up", "--wait", "abc"},
      {"status", "--wait", "abc"},     {"wait-for", "--up-to-date", "--timeout", "x"},
      {"up", "--steps", "many"},       {"down", "--steps", "0"},
      {"test", "--rows", "-3"},        {"test", "--last", "x"}};
  for (const std::vector<std::string>& arguments : wrong) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 3) << arguments[0] << arguments[1] << result.err;
  }
  EXPECT_FALSE(exists("app.db"));
}

TEST_F(Usage, LookingMakesNoDatabase) {
  project();
  const std::vector<std::vector<std::string>> looks{
      {"status"},
      {"status", "--check"},
      {"doctor"},
      {"history"},
      {"plan"},
      {"up", "--dry-run"},
      {"validate"},
      {"lint", "--pending"},
      {"schema", "inspect"},
      {"schema", "diff", "--to", "migrations"},
      {"schema", "drift"},
      {"schema", "snapshot", "--output", "s.json"},
      {"export"},
      {"down", "--dry-run", "--all"},
      {"repair", "--dry-run"},
      {"resolve", "001"},
      {"query", "WITH one AS (SELECT 1) SELECT * FROM one"},
      {"schema", "apply", "--dry-run", "--to", "migrations"}};
  for (const std::vector<std::string>& arguments : looks) {
    const CommandResult result = run(arguments);
    EXPECT_THAT(result.out + result.err,
                AllOf(HasSubstr("there is no database sqlite:app.db"), HasSubstr("`sterna up`")))
        << arguments[0] << result.out << result.err;
    EXPECT_FALSE(exists("app.db")) << arguments[0];
  }
  const CommandResult status = run({"status"});
  EXPECT_EQ(status.exit_code, 0);
  EXPECT_THAT(status.out, HasSubstr("pending"));
  EXPECT_EQ(run({"status", "--check"}).exit_code, 2);
  EXPECT_THAT(run({"doctor"}).out, HasSubstr("warning"));
  EXPECT_EQ(run({"schema", "inspect", "sqlite:other.db"}).exit_code, 4);
  EXPECT_FALSE(exists("other.db"));
  write("sterna.toml",
        "[connection.main]\nurl = \"sqlite:app.db\"\n[connection.other]\nurl = "
        "\"sqlite:other.db\"\n");
  EXPECT_EQ(run({"schema", "diff", "--to", "@other", "--connection", "main"}).exit_code, 4);
  EXPECT_FALSE(exists("other.db"));
  project();
  for (const std::vector<std::string>& tests :
       {std::vector<std::string>{"test"}, {"test", "--pending"}, {"test", "--last", "1"}}) {
    const CommandResult tested = run(tests);
    EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
    EXPECT_FALSE(exists("app.db")) << tests.back();
  }
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
}

TEST_F(Usage, ASubfolderIsOfTheSameProject) {
  project();
  write("src/deep/empty", "");
  const auto below = [&](const std::vector<std::string>& arguments) {
    CommandOptions options;
    options.folder = folder.path() / "src" / "deep";
    return sterna_command(arguments, options);
  };
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(below({"status", "--check"}).exit_code, 0);
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  EXPECT_EQ(below({"up"}).exit_code, 0);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
  EXPECT_FALSE(exists("src/deep/app.db"));
  // What is named on the command line begins where the command is started.
  EXPECT_EQ(below({"status", "--check", "--dir", "../../migrations"}).exit_code, 0);
  EXPECT_EQ(below({"status", "--check", "--dir", "migrations"}).exit_code, 3);
  EXPECT_EQ(below({"up", "--url", "sqlite:own.db"}).exit_code, 0);
  EXPECT_TRUE(exists("src/deep/own.db"));
}

TEST_F(Usage, ComparesTwoDatabasesWithoutAnyConnectionOfItsOwn) {
  ASSERT_EQ(run({"query", "CREATE TABLE a (id integer)", "--url", "sqlite:a.db"}).exit_code, 0);
  ASSERT_EQ(run({"query", "CREATE TABLE b (id integer)", "--url", "sqlite:b.db"}).exit_code, 0);
  const CommandResult diff =
      run({"schema", "diff", "--from", "sqlite:a.db", "--to", "sqlite:b.db"});
  EXPECT_EQ(diff.exit_code, 0) << diff.err;
  EXPECT_THAT(diff.out, AllOf(HasSubstr("CREATE TABLE"), HasSubstr("DROP TABLE")));
  const CommandResult inspected = run({"schema", "inspect", "sqlite:a.db"});
  EXPECT_EQ(inspected.exit_code, 0) << inspected.err;
  EXPECT_EQ(run({"schema", "diff", "--from", "empty", "--to", "s.sql"}).exit_code, 3);
}

TEST_F(Usage, TestTakesNoScratchOfAnotherEngine) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  const CommandResult result =
      run({"test", "--url", database.url(), "--scratch", "sqlite:scratch.db"});
  EXPECT_EQ(result.exit_code, 3) << result.out;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("sqlite"), HasSubstr("postgres"), HasSubstr("--scratch")));
  EXPECT_FALSE(exists("scratch.db"));
}

TEST_F(Usage, TestRefusesNamesOfNothing) {
  project();
  const CommandResult folder_result = run({"test", "--tests", "nosuch"});
  EXPECT_EQ(folder_result.exit_code, 3) << folder_result.out;
  EXPECT_THAT(folder_result.err, HasSubstr("nosuch"));
  const CommandResult file = run({"test", "tests/nosuch.sql"});
  EXPECT_NE(file.exit_code, 0) << file.out;
  EXPECT_THAT(file.err, HasSubstr("nosuch.sql"));
  EXPECT_EQ(run({"test"}).exit_code, 0) << "the usual folder need not be there";
}

TEST_F(Usage, LogInJsonIsJsonToTheLastLine) {
  project();
  write("migrations/002_fails.sql", "INSERT INTO missing VALUES (1);\n");
  environment["STERNA_LOG"] = "json";
  const CommandResult result = run({"up", "-v"});
  EXPECT_EQ(result.exit_code, 1);
  std::istringstream lines(result.err);
  std::string line;
  nlohmann::json last;
  const std::regex rfc3339(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
  while (std::getline(lines, line)) {
    last = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(last.is_object()) << line;
    EXPECT_TRUE(std::regex_match(last["time"].get<std::string>(), rfc3339)) << line;
    EXPECT_TRUE(last.contains("event")) << line;
  }
  EXPECT_EQ(last["event"], "error") << result.err;
  EXPECT_EQ(last["error"]["exit_code"], 1) << result.err;
  EXPECT_THAT(last["error"]["message"].get<std::string>(), HasSubstr("missing"));
}

TEST_F(Usage, RefusesOptionsOfAFleetWithoutOne) {
  project();
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"up", "--jobs", "3"},
                                                    {"up", "--canary", "1"},
                                                    {"down", "--stop-after-failures", "1"},
                                                    {"status", "--jobs", "2"}}) {
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_THAT(result.err, HasSubstr("means nothing without --fleet"));
  }
  EXPECT_FALSE(exists("app.db"));
}

TEST_F(Usage, AFrozenDatabaseIsToldOfAndRefusesRuns) {
  project();
  EXPECT_EQ(run({"freeze", "until ten"}).exit_code, 0);
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 7);
  EXPECT_THAT(up.err, AllOf(HasSubstr("until ten"), HasSubstr("sterna unfreeze")));
  EXPECT_THAT(run({"status"}).err, HasSubstr("until ten"));
  EXPECT_THAT(run({"status", "--format", "json"}).out, HasSubstr("\"reason\": \"until ten\""));
  EXPECT_THAT(run({"doctor"}).out, HasSubstr("frozen: no run begins"));
  EXPECT_THAT(run({"freeze", "a\nb"}).exit_code, 3);
  EXPECT_THAT(run({"unfreeze"}).err, HasSubstr("until ten"));
  EXPECT_EQ(run({"up"}).exit_code, 0);
}

TEST_F(Usage, RefusesALogFormatThatIsNone) {
  project();
  environment["STERNA_LOG"] = "jsn";
  const CommandResult result = run({"up"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("STERNA_LOG"), HasSubstr("jsn")));
  EXPECT_FALSE(exists("app.db"));
}

}  // namespace
}  // namespace sterna::test
