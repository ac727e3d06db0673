// A history in another schema (database, keyspace) of the server: what only looks leaves it alone.
#include "cli/schema_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class HistoryElsewhere : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    std::string elsewhere = "meta";
    if (GetParam() != Kind::postgres) {
      aside = std::make_unique<TestDatabase>(GetParam());
      elsewhere = aside->name();
    }
    write("sterna.toml",
          "url = \"" + database->url() + "\"\nhistory_schema = \"" + elsewhere + "\"\n");
    write("migrations/001_users" + ending(), "CREATE TABLE users (id int PRIMARY KEY);\n");
    if (GetParam() == Kind::postgres) {
      ASSERT_EQ(run({"query", "CREATE SCHEMA meta"}).exit_code, 0);
    }
    ASSERT_EQ(run({"up"}).exit_code, 0);
    write("migrations/002_posts" + ending(), "CREATE TABLE posts (id int PRIMARY KEY);\n");
  }
  static std::string ending() { return GetParam() == Kind::cql ? ".cql" : ".sql"; }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(const std::vector<std::string>& arguments) const {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  std::vector<std::string> states() const {
    std::vector<std::string> result;
    const auto status = nlohmann::json::parse(run({"status", "--format", "json"}).out);
    for (const auto& migration : status["migrations"])
      result.push_back(migration["state"].get<std::string>());
    return result;
  }
  std::unique_ptr<TestDatabase> database, aside;
  TempFolder folder;
};

TEST_P(HistoryElsewhere, WhatReplaysMigrationsKeepsItsOwn) {
  const std::vector<std::string> before{"applied", "pending"};
  ASSERT_EQ(states(), before);
  const CommandResult made = run({"schema", "inspect", "migrations"});
  EXPECT_THAT(made.out, HasSubstr("users")) << made.err;
  EXPECT_THAT(made.out, HasSubstr("posts"));
  EXPECT_EQ(states(), before);
  for (const std::vector<std::string>& look :
       {std::vector<std::string>{"schema", "drift", "--check"},
        {"validate", "--database"},
        {"schema", "diff", "--to", "migrations"},
        {"lint"},
        {"test"}}) {
    const CommandResult looked = run(look);
    EXPECT_EQ(looked.exit_code, 0) << look[0] << ": " << looked.out << looked.err;
    EXPECT_THAT(looked.out, Not(HasSubstr("meta"))) << look[0];
    EXPECT_EQ(states(), before) << look[0];
  }
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_EQ(run({"query", "SELECT * FROM posts"}).exit_code, 0);
}

TEST_P(HistoryElsewhere, GoesWithWhatItTellsOf) {
  const CommandResult anew = run({"fresh", "--yes"});
  EXPECT_EQ(anew.exit_code, 0) << anew.out << anew.err;
  EXPECT_EQ(states(), (std::vector<std::string>{"applied", "applied"}));
  EXPECT_EQ(run({"query", "SELECT * FROM users"}).exit_code, 0);
  EXPECT_EQ(run({"query", "SELECT * FROM posts"}).exit_code, 0);
  EXPECT_EQ(run({"schema", "drop", "--yes"}).exit_code, 0);
  EXPECT_EQ(states(), (std::vector<std::string>{"pending", "pending"}));
  EXPECT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

TEST(HistoryInTheDefaultSchema, IsNoPartOfTheSchemaWhenItIsNamed) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  TempFolder folder;
  std::filesystem::create_directories(folder.path() / "migrations");
  write_file_atomically(folder.path() / "sterna.toml",
                        "url = \"" + database.url() + "\"\nhistory_schema = \"public\"\n");
  write_file_atomically(folder.path() / "migrations/001_users.sql",
                        "CREATE TABLE users (id int PRIMARY KEY);\n");
  CommandOptions options;
  options.folder = folder.path();
  ASSERT_EQ(sterna_command({"up"}, options).exit_code, 0);
  const CommandResult seen = sterna_command({"schema", "inspect"}, options);
  EXPECT_THAT(seen.out, AllOf(HasSubstr("users"), Not(HasSubstr("sterna_migrations"))));
  EXPECT_EQ(sterna_command({"schema", "drift", "--check"}, options).exit_code, 0);
}

/// The lock is then a row with a lease in a table of its own.
TEST(HistoryBehindAPooler, TheTableOfTheLockIsNoPartOfTheSchema) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  TempFolder folder;
  std::filesystem::create_directories(folder.path() / "migrations");
  write_file_atomically(folder.path() / "sterna.toml",
                        "url = \"" + database.url_through("PGBOUNCER_URL") + "\"\n");
  write_file_atomically(folder.path() / "migrations/001_users.sql",
                        "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY);\n-- "
                        "sterna:down\nDROP TABLE users;\n");
  CommandOptions options;
  options.folder = folder.path();
  const CommandResult first = sterna_command({"up"}, options);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(sterna_command({"query", "SELECT * FROM sterna_lock"}, options).exit_code, 0);
  EXPECT_THAT(sterna_command({"schema", "inspect"}, options).out, Not(HasSubstr("sterna")));
  const CommandResult drift = sterna_command({"schema", "drift", "--check"}, options);
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
  const CommandResult tested = sterna_command({"test"}, options);
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  EXPECT_THAT(sterna_command({"down", "--all", "--yes"}, options).err, Not(HasSubstr("skipping")));
}

INSTANTIATE_TEST_SUITE_P(Engines, HistoryElsewhere,
                         testing::Values(Kind::postgres, Kind::mysql, Kind::cql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
