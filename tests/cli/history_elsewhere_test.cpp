// A history in another schema (database, keyspace) of the server: what only looks leaves it alone.
#include "cli/project_fixture.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class HistoryElsewhere : public testing::TestWithParam<Kind>, protected CommandProject {
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
  std::unique_ptr<TestDatabase> database, aside;
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

struct HistoryOnPostgres : testing::Test, CommandProject {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    database = std::make_unique<TestDatabase>(Kind::postgres);
    write("migrations/001_users.sql",
          "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
          "users;\n");
  }
  std::unique_ptr<TestDatabase> database;
};

TEST_F(HistoryOnPostgres, InTheDefaultSchemaByNameIsNoPartOfTheSchema) {
  write("sterna.toml", "url = \"" + database->url() + "\"\nhistory_schema = \"public\"\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_THAT(run({"schema", "inspect"}).out,
              AllOf(HasSubstr("users"), Not(HasSubstr("sterna_migrations"))));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

/// The lock is then a row with a lease in a table of its own.
TEST_F(HistoryOnPostgres, BehindAPoolerTheTableOfTheLockIsNoPartOfTheSchema) {
  write("sterna.toml", "url = \"" + database->url_through("PGBOUNCER_URL") + "\"\n");
  const CommandResult first = run({"up"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(run({"query", "SELECT * FROM sterna_lock"}).exit_code, 0);
  EXPECT_THAT(run({"schema", "inspect"}).out, Not(HasSubstr("sterna")));
  const CommandResult drift = run({"schema", "drift", "--check"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
  const CommandResult tested = run({"test"});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  EXPECT_THAT(run({"down", "--all", "--yes"}).err, Not(HasSubstr("skipping")));
}

INSTANTIATE_TEST_SUITE_P(Engines, HistoryElsewhere,
                         testing::Values(Kind::postgres, Kind::mysql, Kind::cql),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
