// Where a desired schema is loaded when the role may not make databases, or not even schemas.
#include "base/url.hpp"
#include "cli/schema_fixture.hpp"
#include "database/registry.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ScratchLadder : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    database = std::make_unique<TestDatabase>(Kind::postgres);
    role = database->name() + "_limited";
    as_owner("CREATE ROLE " + role + " LOGIN NOCREATEDB");
    as_owner("GRANT USAGE, CREATE ON SCHEMA public TO " + role);
    Url url = parse_url(database->url());
    url.user = role;
    limited = url.reveal();
    std::filesystem::create_directories(folder.path() / "migrations");
    write("migrations/001_users.sql",
          "CREATE TYPE mood AS ENUM ('sad', 'happy');\n"
          "CREATE TABLE users (id serial PRIMARY KEY, now mood DEFAULT 'sad');\n"
          "CREATE VIEW happy_users AS SELECT id FROM users WHERE now = 'happy';\n");
    write("sterna.toml", "url = \"" + limited + "\"\n");
    ASSERT_EQ(run({"up"}).exit_code, 0);
  }
  void TearDown() override {
    if (role.empty()) return;
    as_owner("DROP OWNED BY " + role);
    as_owner("DROP ROLE " + role);
  }
  void as_owner(const std::string& sql) {
    const CommandResult done = run({"query", sql, "--url", database->url()});
    ASSERT_EQ(done.exit_code, 0) << done.err;
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
  std::string role, limited;
};

TEST_F(ScratchLadder, ASchemaStandsForADatabaseAndGoesAgain) {
  as_owner("GRANT CREATE ON DATABASE " + database->name() + " TO " + role);
  as_owner("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.kept (id integer)");
  const CommandResult none = run({"schema", "drift", "--check"});
  EXPECT_EQ(none.exit_code, 0) << none.out << none.err;
  EXPECT_THAT(none.err, AllOf(HasSubstr("may not make databases"), HasSubstr("public")));
  write("wanted.sql",
        "CREATE TYPE mood AS ENUM ('sad', 'happy');\n"
        "CREATE TABLE users (id serial PRIMARY KEY, now mood DEFAULT 'happy');\n"
        "CREATE VIEW happy_users AS SELECT id FROM users WHERE now = 'happy';\n");
  const CommandResult applied = run({"schema", "apply", "--to", "wanted.sql", "--yes"});
  ASSERT_EQ(applied.exit_code, 0) << applied.out << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("SET DEFAULT 'happy'"));
  EXPECT_THAT(run({"schema", "diff", "--to", "wanted.sql"}).out, IsEmpty());
  const CommandResult left = run(
      {"query", "SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE 'sterna_scratch_%'"});
  EXPECT_THAT(left.out, HasSubstr("0"));
  EXPECT_EQ(run({"query", "SELECT id FROM elsewhere.kept", "--url", database->url()}).exit_code, 0);
}

TEST_F(ScratchLadder, AHistoryInAnotherSchemaIsLeftAlone) {
  as_owner("GRANT CREATE ON DATABASE " + database->name() + " TO " + role);
  as_owner("CREATE SCHEMA meta AUTHORIZATION " + role);
  write("sterna.toml", "url = \"" + limited + "\"\nhistory_schema = \"meta\"\n");
  as_owner("DROP VIEW happy_users; DROP TABLE users, sterna_migrations; DROP TYPE mood");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  EXPECT_THAT(run({"schema", "inspect", "migrations"}).out,
              AllOf(HasSubstr("\"users\""), HasSubstr("\"posts\"")));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_THAT(run({"status"}).err, HasSubstr("1 applied, 1 pending"));
}

TEST_F(ScratchLadder, LooksWhileARunHoldsTheLock) {
  as_owner("GRANT CREATE ON DATABASE " + database->name() + " TO " + role);
  const auto runs = connect(parse_url(limited));
  const auto lock = runs->locker("sterna_migrations");
  ASSERT_TRUE(lock->try_acquire());
  const CommandResult looked = run({"schema", "drift", "--check"});
  EXPECT_EQ(looked.exit_code, 0) << looked.out << looked.err;
}

TEST_F(ScratchLadder, WhatADeadRunLeftGoesWithTheNext) {
  as_owner("GRANT CREATE ON DATABASE " + database->name() + " TO " + role);
  ASSERT_EQ(run({"query", "CREATE SCHEMA sterna_scratch_1500000000000_1_1"}).exit_code, 0);
  ASSERT_EQ(run({"schema", "drift"}).exit_code, 0);
  const CommandResult left = run(
      {"query", "SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE 'sterna_scratch_%'"});
  EXPECT_THAT(left.out, HasSubstr("0"));
}

TEST_F(ScratchLadder, WithoutAnyRightTheWaysOutAreNamedAndAGivenDatabaseServes) {
  as_owner("REVOKE CREATE ON DATABASE " + database->name() + " FROM " + role);
  const CommandResult refused = run({"schema", "drift"});
  EXPECT_EQ(refused.exit_code, 1) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--scratch"), HasSubstr("CREATEDB"),
                                 HasSubstr("nothing was changed")));
  const TestDatabase aside(Kind::postgres);
  const CommandResult given = run({"schema", "drift", "--check", "--scratch", aside.url()});
  EXPECT_EQ(given.exit_code, 0) << given.out << given.err;
}

}  // namespace
}  // namespace sterna::test
