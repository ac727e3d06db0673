// Hints, patterns and safe forms of the schema commands as a person meets them, and what an SQLite
// rebuild is when it runs.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SchemaChanges : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
    write("migrations/001_users.sql",
          "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n"
          "CREATE INDEX by_name ON users (name);\n"
          "CREATE TABLE tmp_one (id integer PRIMARY KEY);\n"
          "INSERT INTO users VALUES (1, 'Ada');\n");
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

constexpr const char* hinted =
    "-- sterna:was users\n"
    "CREATE TABLE people (\n"
    "  id integer PRIMARY KEY,\n"
    "  full_name varchar(40) -- sterna:was name\n"
    ");\n"
    "-- sterna:was by_name\n"
    "CREATE INDEX by_full_name ON people (full_name);\n"
    "CREATE TABLE tmp_one (id integer PRIMARY KEY);\n";

TEST_P(SchemaChanges, HintsAreFollowedOnceAndMayStay) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql", hinted);
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.sql"});
  ASSERT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.err, Not(HasSubstr("destructive")));
  write("migrations/002_there.sql", difference.out);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << difference.out << up.err;
  const CommandResult again = run({"schema", "diff", "--to", "wanted.sql", "--exit-code"});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(run({"query", "SELECT full_name FROM people"}).out, HasSubstr("Ada"));
}

TEST_P(SchemaChanges, AHintThatFitsNothingIsRefusedWithItsLine) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n\n-- sterna:was old\n");
  const CommandResult result = run({"schema", "diff", "--to", "wanted.sql"});
  EXPECT_EQ(result.exit_code, 6) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("wanted.sql:3"), HasSubstr("nothing was changed")));
}

TEST_P(SchemaChanges, WhatIsLeftOutIsNotDropped) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n"
        "CREATE INDEX by_name ON users (name);\n");
  const CommandResult all = run({"schema", "diff", "--to", "wanted.sql"});
  EXPECT_THAT(all.out, HasSubstr("DROP TABLE"));
  for (const std::vector<std::string>& some : {std::vector<std::string>{"--without", "tmp_*"},
                                               {"--only", "users"},
                                               {"--only", "table:u?ers", "--without", "view:*"}}) {
    std::vector<std::string> arguments{"schema", "diff", "--to", "wanted.sql", "--exit-code"};
    arguments.insert(arguments.end(), some.begin(), some.end());
    const CommandResult part = run(arguments);
    EXPECT_EQ(part.exit_code, 0) << part.out << part.err;
  }
  write("sterna.toml", "url = \"" + database->url() + "\"\nschema_without = [\"tmp_*\"]\n");
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--exit-code"}).exit_code, 0);
  EXPECT_THAT(run({"schema", "inspect"}).out, Not(HasSubstr("tmp_one")));
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--only", "nothing"}).exit_code, 6);
  const CommandResult odd = run({"schema", "diff", "--to", "wanted.sql", "--without", "tables:*"});
  EXPECT_EQ(odd.exit_code, 6);
  EXPECT_THAT(odd.err, HasSubstr("table:*"));
}

TEST_P(SchemaChanges, ProductionGetsSafeFormsByItself) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n"
        "CREATE INDEX by_name ON users (name, id);\n"
        "CREATE TABLE tmp_one (id integer PRIMARY KEY);\n");
  const CommandResult plain = run({"schema", "diff", "--to", "wanted.sql"});
  const CommandResult safe = run({"schema", "diff", "--to", "wanted.sql", "--safe"});
  const CommandResult production =
      run({"schema", "diff", "--to", "wanted.sql", "--env", "production"});
  ASSERT_EQ(safe.exit_code, 0) << safe.err;
  EXPECT_EQ(production.out, safe.out);
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--env", "production", "--no-safe"}).out,
            plain.out);
  if (GetParam() == Kind::sqlite) {
    EXPECT_EQ(safe.out, plain.out);
  } else {
    EXPECT_NE(safe.out, plain.out);
  }
  write("migrations/002_there.sql", safe.out);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << safe.out << up.err;
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--exit-code"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, SchemaChanges, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

class SqliteRebuildFile : public SchemaChanges {};

/// One transaction: nothing of it stays when a row would break a key.
TEST_P(SqliteRebuildFile, IsOneUnit) {
  write("migrations/002_pets.sql",
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer REFERENCES users (id) ON DELETE "
        "CASCADE);\nINSERT INTO pets VALUES (1, 1);\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n"
        "CREATE INDEX by_name ON users (name);\n"
        "CREATE TABLE tmp_one (id integer PRIMARY KEY);\n"
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer REFERENCES users (id) ON DELETE "
        "CASCADE);\n");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.sql"});
  EXPECT_THAT(difference.out, AllOf(HasSubstr("-- sterna:foreign-keys off\n"),
                                    Not(HasSubstr("transaction none")), Not(HasSubstr("PRAGMA"))));
  write("migrations/003_there.sql", difference.out + "DELETE FROM users;\n");
  const CommandResult broken = run({"up"});
  EXPECT_NE(broken.exit_code, 0);
  EXPECT_THAT(broken.err, HasSubstr("foreign key"));
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql"}).out, difference.out);
  write("migrations/003_there.sql", difference.out);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--exit-code"}).exit_code, 0);
  EXPECT_THAT(run({"query", "SELECT owner FROM pets"}).out, HasSubstr("1"));
}

TEST_P(SqliteRebuildFile, RunsInARunWideTransactionToo) {
  write("sterna.toml", "url = \"" + database->url() + "\"\ntransaction = \"run\"\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n"
        "CREATE INDEX by_name ON users (name);\n"
        "CREATE TABLE tmp_one (id integer PRIMARY KEY);\n");
  write("migrations/002_there.sql", run({"schema", "diff", "--to", "wanted.sql"}).out);
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--exit-code"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, SqliteRebuildFile, testing::Values(Kind::sqlite),
                         testing::PrintToStringParamName());

class ForeignKeysDirective : public SchemaChanges {};

TEST_P(ForeignKeysDirective, IsRefusedWhereItMeansNothing) {
  write("migrations/002_odd.sql", "-- sterna:foreign-keys maybe\nSELECT 1;\n");
  const CommandResult value = run({"up"});
  EXPECT_NE(value.exit_code, 0);
  EXPECT_THAT(value.err, AllOf(HasSubstr("002_odd.sql:1"), HasSubstr("off")));
  write("migrations/002_odd.sql",
        "-- sterna:foreign-keys off\n-- sterna:transaction none\nSELECT 1;\n");
  EXPECT_THAT(run({"up"}).err, HasSubstr("exclude each other"));
  write("migrations/002_odd.sql", "-- sterna:foreign-keys off\nSELECT 1;\n");
  const CommandResult engine = run({"up"});
  if (GetParam() == Kind::sqlite) {
    EXPECT_EQ(engine.exit_code, 0) << engine.err;
    return;
  }
  EXPECT_NE(engine.exit_code, 0);
  EXPECT_THAT(engine.err, AllOf(HasSubstr("002_odd.sql"), HasSubstr("foreign-keys off")));
  EXPECT_NE(run({"validate"}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, ForeignKeysDirective, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
