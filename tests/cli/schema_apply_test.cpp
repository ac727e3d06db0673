// schema apply, schema drop, new --from-diff, validate --database.
#include "cli/schema_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SchemaApply : public SchemaProject {
 protected:
  void SetUp() override {
    SchemaProject::SetUp();
    if (testing::Test::IsSkipped() || HasFatalFailure()) return;
    write("sterna.toml", "url = \"" + database->url() + "\"\nschema = \"wanted.sql\"\n");
    ASSERT_EQ(run({"up"}).exit_code, 0);
    ASSERT_EQ(run({"query", "INSERT INTO users VALUES (1, 'Ada')"}).exit_code, 0);
  }
  void expect_as_wanted() {
    const CommandResult rest = run({"schema", "diff", "--exit-code"});
    EXPECT_EQ(rest.exit_code, 0) << rest.out << rest.err;
  }
  std::string users() { return run({"query", "SELECT * FROM users"}).out; }
};

TEST_P(SchemaApply, BringsTheDatabaseThereAndKeepsItsRows) {
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(80) NOT NULL, age integer);\n"
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer, CONSTRAINT owned FOREIGN KEY "
        "(owner) REFERENCES users (id) ON DELETE CASCADE);\n");
  const CommandResult applied = run({"schema", "apply", "--auto-approve"});
  ASSERT_EQ(applied.exit_code, 0) << applied.out << applied.err;
  EXPECT_THAT(applied.out, HasSubstr("pets"));
  expect_as_wanted();
  EXPECT_THAT(users(), HasSubstr("Ada"));
  const CommandResult again = run({"schema:sync", "--auto-approve"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, IsEmpty());
  EXPECT_THAT(again.err, HasSubstr("nothing to do"));
}

TEST_P(SchemaApply, WithoutPermissionNothingIsChanged) {
  write("wanted.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  const CommandResult losses = run({"schema", "apply", "--auto-approve"});
  EXPECT_EQ(losses.exit_code, 7) << losses.err;
  EXPECT_THAT(losses.err, AllOf(HasSubstr("users.name"), HasSubstr("--allow-destructive"),
                                HasSubstr("nothing was changed")));
  const CommandResult unasked = run({"schema", "apply", "--allow-destructive"});
  EXPECT_EQ(unasked.exit_code, 7) << unasked.err;
  const CommandResult shown = run({"schema", "apply", "--dry-run"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.err, HasSubstr("destructive"));
  EXPECT_THAT(users(), HasSubstr("Ada"));
  ASSERT_EQ(run({"schema", "apply", "--allow-destructive", "--yes"}).exit_code, 0);
  EXPECT_THAT(users(), Not(HasSubstr("Ada")));
  expect_as_wanted();
}

TEST_P(SchemaApply, ARenameKeepsTheValues) {
  write("wanted.sql", "CREATE TABLE users (id integer PRIMARY KEY, full_name varchar(40));\n");
  const CommandResult applied =
      run({"schema", "apply", "--yes", "--rename", "users.name:full_name"});
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_THAT(users(), AllOf(HasSubstr("full_name"), HasSubstr("Ada")));
}

TEST_P(SchemaApply, AProtectedEnvironmentWantsMoreThanAutoApprove) {
  write("sterna.toml", "url = \"" + database->url() +
                           "\"\nschema = \"wanted.sql\"\n[env.production]\nprotected = true\n");
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40), age integer);\n");
  const CommandResult refused = run({"schema", "apply", "--auto-approve", "--env", "production"});
  EXPECT_EQ(refused.exit_code, 7) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("--from-diff"), HasSubstr("nothing was changed")));
  EXPECT_EQ(run({"schema", "drop", "--yes", "--env", "production"}).exit_code, 7);
  EXPECT_THAT(users(), HasSubstr("Ada"));
  EXPECT_EQ(run({"schema", "apply", "--yes", "--env", "production"}).exit_code, 0);
  expect_as_wanted();
}

TEST_P(SchemaApply, AStatementThatFailsIsToldWithWhatTookEffect) {
  ASSERT_EQ(run({"query", "INSERT INTO users VALUES (2, 'Ada')"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE aaa (id integer PRIMARY KEY);\n"
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n"
        "CREATE UNIQUE INDEX users_name ON users (name);\n");
  const CommandResult failed = run({"schema", "apply", "--yes"});
  EXPECT_EQ(failed.exit_code, 1) << failed.err;
  const bool whole = GetParam() != Kind::mysql;
  EXPECT_THAT(failed.err, HasSubstr(whole ? "nothing was changed" : "took effect"));
  ASSERT_EQ(run({"query", "DELETE FROM users WHERE id = 2"}).exit_code, 0);
  const CommandResult again = run({"schema", "apply", "--yes"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  expect_as_wanted();
}

TEST_P(SchemaApply, JsonHoldsTheStatementsAndWhetherTheyRan) {
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40), age integer);\n");
  const auto dry =
      nlohmann::json::parse(run({"schema", "apply", "--dry-run", "--format", "json"}).out);
  EXPECT_EQ(dry["applied"], false);
  EXPECT_GE(dry["statements"].size(), 1u);
  const auto ran = nlohmann::json::parse(run({"schema", "apply", "--yes", "--format", "json"}).out);
  EXPECT_EQ(ran["applied"], true);
  EXPECT_EQ(ran["statements"], dry["statements"]);
}

TEST_P(SchemaApply, WhatIsNotWantedAnywhereIsRefused) {
  write("sterna.toml", "url = \"" + database->url() + "\"\n");
  const CommandResult result = run({"schema", "apply", "--yes"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--to"));
  EXPECT_EQ(run({"schema", "apply", "--to", "nowhere.sql", "--yes"}).exit_code, 3);
  write("broken.sql", "CREATE TABLE a (id integer);\nCREATE TABEL b (id integer);\n");
  const CommandResult broken = run({"schema", "apply", "--to", "broken.sql", "--yes"});
  EXPECT_NE(broken.exit_code, 0);
  EXPECT_THAT(broken.err, HasSubstr("broken.sql:2"));
  EXPECT_THAT(users(), HasSubstr("Ada"));
}

TEST_P(SchemaApply, DropTakesEverythingInDevelopment) {
  EXPECT_EQ(run({"schema", "drop"}).exit_code, 7);
  EXPECT_THAT(users(), HasSubstr("Ada"));
  ASSERT_EQ(run({"schema:drop", "--yes"}).exit_code, 0);
  const CommandResult rest =
      run({"schema", "diff", "--from", "empty", "--to", "database", "--exit-code"});
  EXPECT_EQ(rest.exit_code, 0) << rest.out;
}

TEST_P(SchemaApply, AMigrationFromTheDifferenceGoesUpAndDown) {
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(80) NOT NULL, age integer);\n"
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer, CONSTRAINT owned FOREIGN KEY "
        "(owner) REFERENCES users (id));\nCREATE INDEX pets_owner ON pets (owner);\n");
  ASSERT_EQ(run({"schema", "snapshot", "-o", "before.json"}).exit_code, 0);
  const CommandResult made = run({"new", "ages_and_pets", "--from-diff"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("002_ages_and_pets.sql"));
  const std::string text = read_file(folder.path() / "migrations/002_ages_and_pets.sql");
  EXPECT_THAT(text, AllOf(HasSubstr("-- sterna:up"), HasSubstr("-- sterna:down"),
                          HasSubstr("down-loses"), HasSubstr("users.age")));
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << text << up.err;
  expect_as_wanted();
  EXPECT_THAT(users(), HasSubstr("Ada"));
  EXPECT_EQ(run({"validate", "--database"}).exit_code, 0);
  const CommandResult equal = run({"schema", "diff", "--from", "migrations", "--output", "none"});
  EXPECT_EQ(equal.exit_code, 0);
  EXPECT_THAT(equal.err, HasSubstr("nothing to write"));
  const CommandResult refused = run({"down", "--env", "staging"});
  EXPECT_EQ(refused.exit_code, 7) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("--allow-destructive"));
  const CommandResult down = run({"down", "--env", "staging", "--allow-destructive"});
  ASSERT_EQ(down.exit_code, 0) << text << down.err;
  const CommandResult back =
      run({"schema", "diff", "--from", "before.json", "--to", "database", "--exit-code"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(users(), HasSubstr("Ada"));
}

TEST_P(SchemaApply, TheSameMigrationInCpp) {
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(80) NOT NULL, age integer);\n"
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer, CONSTRAINT owned FOREIGN KEY "
        "(owner) REFERENCES users (id));\nCREATE INDEX pets_owner ON pets (owner);\n");
  ASSERT_EQ(run({"schema", "snapshot", "-o", "before.json"}).exit_code, 0);
  const CommandResult made = run({"new", "ages_and_pets", "--from-diff", "--cpp"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string text = read_file(folder.path() / "migrations/002_ages_and_pets.cpp");
  EXPECT_THAT(text, AllOf(HasSubstr("struct AgesAndPets"), HasSubstr("schema.create_table"),
                          HasSubstr(".down_loses = ")));
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << text << up.err;
  expect_as_wanted();
  EXPECT_THAT(users(), HasSubstr("Ada"));
  const CommandResult down = run({"down"});
  ASSERT_EQ(down.exit_code, 0) << text << down.err;
  const CommandResult back =
      run({"schema", "diff", "--from", "before.json", "--to", "database", "--exit-code"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
  EXPECT_THAT(users(), HasSubstr("Ada"));
}

TEST_P(SchemaApply, AChangeThatDroppedRestoresWhatTheMigrationsBeforeItMade) {
  ASSERT_EQ(run({"down"}).exit_code, 6) << "001 has no way down";
  write("migrations/002_index.sql",
        "-- sterna:up\nCREATE INDEX users_by_name ON users (name);\n-- sterna:down\nDROP INDEX "
        "users_by_name" +
            std::string(GetParam() == Kind::mysql ? " ON users" : "") + ";\n");
  write("migrations/003_drops.cpp",
        "#include <sterna/migration.hpp>\nstruct Drops : sterna::Migration {\n"
        "  void change(sterna::Schema& schema) override {\n"
        "    schema.alter_table(\"users\", [](sterna::TableBuilder& table) {\n"
        "      table.drop_index(\"users_by_name\");\n      table.drop_column(\"name\");\n"
        "    });\n  }\n};\nSTERNA_MIGRATION(Drops);\n");
  ASSERT_EQ(run({"up", "--to", "002"}).exit_code, 0);
  ASSERT_EQ(run({"schema", "snapshot", "-o", "before.json"}).exit_code, 0);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << up.err;
  EXPECT_THAT(run({"down", "--dry-run"}).out, HasSubstr("users_by_name"));
  const CommandResult down = run({"down"});
  ASSERT_EQ(down.exit_code, 0) << down.err;
  const CommandResult back =
      run({"schema", "diff", "--from", "before.json", "--to", "database", "--exit-code"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
}

TEST_P(SchemaApply, ValidateFindsWhatWasChangedByHand) {
  EXPECT_EQ(run({"validate", "--database"}).exit_code, 0);
  ASSERT_EQ(run({"query", "ALTER TABLE users ADD COLUMN age integer"}).exit_code, 0);
  const CommandResult found = run({"validate-db", "--database"});
  EXPECT_EQ(found.exit_code, 6) << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("users"), HasSubstr("age")));
  EXPECT_EQ(run({"validate", "--database", "--offline"}).exit_code, 3);
}

class Squash : public SchemaProject {
 protected:
  void SetUp() override {
    SchemaProject::SetUp();
    if (testing::Test::IsSkipped() || HasFatalFailure()) return;
    write("migrations/002_pets.sql",
          "-- sterna:up\nCREATE TABLE pets (id integer PRIMARY KEY, owner integer, kind "
          "varchar(20), CONSTRAINT owned FOREIGN KEY (owner) REFERENCES users (id));\n"
          "INSERT INTO users VALUES (1, 'O''Hara');\nINSERT INTO pets VALUES (7, 1, NULL);\n"
          "-- sterna:down\nDROP TABLE pets;\n");
    write("migrations/003_ages.sql",
          "-- sterna:up\nALTER TABLE users ADD COLUMN age integer;\n"
          "-- sterna:down\nALTER TABLE users DROP COLUMN age;\n");
    write("migrations/004_more.sql",
          "-- sterna:up\nCREATE TABLE more (id integer PRIMARY KEY);\n"
          "-- sterna:down\nDROP TABLE more;\n");
    ASSERT_EQ(run({"hash"}).exit_code, 0);
  }
  CommandResult elsewhere(std::vector<std::string> arguments, const TestDatabase& other) {
    arguments.insert(arguments.end(), {"--url", other.url()});
    return run(std::move(arguments));
  }
};

TEST_P(Squash, ACheckpointMakesTheSameSchemaAndRows) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult squashed = run({"squash", "--to", "003"});
  ASSERT_EQ(squashed.exit_code, 0) << squashed.err;
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "migrations/003_checkpoint.sql"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "migrations/archive/003/002_pets.sql"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "migrations/001_users.sql"));
  const TestDatabase other(GetParam());
  const CommandResult up = elsewhere({"up"}, other);
  ASSERT_EQ(up.exit_code, 0) << up.err;
  const CommandResult same =
      run({"schema", "diff", "--from", "database", "--to", other.url(), "--exit-code"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_THAT(elsewhere({"query", "SELECT name FROM users"}, other).out, HasSubstr("O'Hara"));
  const CommandResult down = elsewhere({"down", "--all", "--yes"}, other);
  EXPECT_EQ(down.exit_code, 0) << down.err;
  const CommandResult rest =
      run({"schema", "diff", "--from", "empty", "--to", other.url(), "--exit-code"});
  EXPECT_EQ(rest.exit_code, 0) << rest.out;
}

TEST_P(Squash, DatabasesThatRanTheMigrationsKnowTheCheckpointForApplied) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"squash", "--to", "003_ages"}).exit_code, 0);
  const CommandResult status = run({"status", "--check"});
  EXPECT_EQ(status.exit_code, 0) << status.out << status.err;
  EXPECT_THAT(status.out, HasSubstr("003_checkpoint"));
  EXPECT_EQ(run({"validate", "--database"}).exit_code, 0);
  write("migrations/005_last.sql", "CREATE TABLE last_one (id integer PRIMARY KEY);\n");
  ASSERT_EQ(run({"hash"}).exit_code, 0);
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  const CommandResult down = run({"down", "--all", "--yes", "--allow-missing-down"});
  EXPECT_EQ(down.exit_code, 6) << down.err;
  EXPECT_THAT(down.err, AllOf(HasSubstr("003_checkpoint"), HasSubstr("nothing was changed")));
}

TEST_P(Squash, ADatabaseInTheMiddleIsToldWhatToDo) {
  ASSERT_EQ(run({"up", "--to", "002"}).exit_code, 0);
  ASSERT_EQ(run({"squash", "--to", "003"}).exit_code, 0);
  const CommandResult refused = run({"up"});
  EXPECT_EQ(refused.exit_code, 6) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("2 are applied"), HasSubstr("archive")));
  const CommandResult rest = run({"up", "--dir", "migrations/archive/003"});
  ASSERT_EQ(rest.exit_code, 0) << rest.err;
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
}

TEST_P(Squash, WhatCannotBePutTogetherIsRefusedAndNothingMoves) {
  EXPECT_EQ(run({"squash"}).exit_code, 3);
  EXPECT_EQ(run({"squash", "--to", "001"}).exit_code, 6);
  const CommandResult unknown = run({"squash", "--to", "003_agse"});
  EXPECT_EQ(unknown.exit_code, 6);
  EXPECT_THAT(unknown.err, HasSubstr("003_ages"));
  const CommandResult shown = run({"squash", "--to", "003", "--dry-run"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("-- sterna:replaces 001, 002, 003"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "migrations/001_users.sql"));
}

INSTANTIATE_TEST_SUITE_P(Engines, SchemaApply, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());
INSTANTIATE_TEST_SUITE_P(Engines, Squash, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
