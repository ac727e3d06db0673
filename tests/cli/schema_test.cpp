// The schema commands as a person meets them.
#include "cli/schema_fixture.hpp"

#include "base/url.hpp"
#include "database/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <set>
#include <sstream>
#include <thread>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SchemaCommand : public SchemaProject {};

TEST_P(SchemaCommand, DriftIsFoundAndNamed) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult clean = run({"schema", "drift", "--check"});
  EXPECT_EQ(clean.exit_code, 0) << clean.out << clean.err;
  ASSERT_EQ(run({"query", "ALTER TABLE users ADD COLUMN age integer"}).exit_code, 0);
  const CommandResult drifted = run({"schema:drift", "--check"});
  EXPECT_EQ(drifted.exit_code, 2) << drifted.err;
  EXPECT_THAT(drifted.out, AllOf(HasSubstr("users"), HasSubstr("age"),
                                 HasSubstr("last named by 001_users"), HasSubstr("DROP COLUMN")));
  // What is pending is no drift.
  write("migrations/002_pets.sql", "CREATE TABLE pets (id integer PRIMARY KEY);\n");
  EXPECT_THAT(run({"schema", "drift"}).out, Not(HasSubstr("pets")));
  // … nor can it be where something comes from.
  write("migrations/003_ages.sql", "UPDATE users SET age = 1;\n");
  EXPECT_THAT(run({"schema", "drift"}).out, HasSubstr("last named by 001_users"));
  const CommandResult mended =
      run({"schema", "apply", "--to", "migrations@001", "--allow-destructive", "--yes"});
  ASSERT_EQ(mended.exit_code, 0) << mended.err;
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

TEST_P(SchemaCommand, DriftOfAnObjectIsNotPutDownToWhoNamesItsTable) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const std::string trigger =
      GetParam() == Kind::sqlite
          ? "CREATE TRIGGER zz_up AFTER INSERT ON users BEGIN DELETE FROM users WHERE id = 0; END"
      : GetParam() == Kind::mysql
          ? "CREATE TRIGGER zz_up BEFORE INSERT ON users FOR EACH ROW SET NEW.name = 'a'"
          : "CREATE TRIGGER zz_up BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION "
            "suppress_redundant_updates_trigger()";
  const CommandResult made = run({"query", trigger});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(run({"schema", "drift"}).out,
              AllOf(HasSubstr("create trigger zz_up (in no migration)"), Not(HasSubstr("named"))));
}

TEST_P(SchemaCommand, DiffPrintsStatementsAloneThatBringTheDatabaseThere) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40), age integer);\n"
        "CREATE TABLE posts (id integer PRIMARY KEY, user_id integer);\n");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.sql", "--exit-code"});
  ASSERT_EQ(difference.exit_code, 2) << difference.err;
  write("migrations/002_there.sql", difference.out);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << difference.out << up.err;
  const CommandResult again = run({"schema", "diff", "--to", "wanted.sql", "--exit-code"});
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_THAT(again.out, IsEmpty());
}

TEST_P(SchemaCommand, WhatIsLostIsSaidOnStandardErrorAndNothingIsChanged) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql", "CREATE TABLE users (id integer PRIMARY KEY, full_name varchar(40));\n");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.sql"});
  EXPECT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.err, AllOf(HasSubstr("destructive"), HasSubstr("users.name"),
                                    HasSubstr("--rename users.name:full_name")));
  const CommandResult renamed =
      run({"schema", "diff", "--to", "wanted.sql", "--rename", "users.name:full_name"});
  EXPECT_THAT(renamed.err, Not(HasSubstr("destructive")));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

TEST_P(SchemaCommand, InspectedSqlAndSnapshotAreTheSameSchema) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult sql = run({"schema", "inspect"});
  ASSERT_EQ(sql.exit_code, 0) << sql.err;
  write("inspected.sql", sql.out);
  ASSERT_EQ(run({"schema", "snapshot", "-o", "kept.json"}).exit_code, 0);
  const CommandResult difference =
      run({"schema", "diff", "--from", "kept.json", "--to", "inspected.sql", "--exit-code"});
  EXPECT_EQ(difference.exit_code, 0) << difference.out << difference.err;
  const CommandResult json = run({"schema", "inspect", "--format", "json"});
  EXPECT_EQ(nlohmann::json::parse(json.out)["tables"].size(), 1u);
}

TEST_P(SchemaCommand, ASampleSchemaIsPrintedSoThatItLoadsAndIsEqual) {
  const std::string engine = GetParam() == Kind::sqlite     ? "sqlite"
                             : GetParam() == Kind::postgres ? "postgres"
                                                            : "mysql";
  const std::filesystem::path samples =
      std::filesystem::path(STERNA_SOURCE_DIR) / "tests/database/samples" / engine;
  const std::string product = connect(parse_url(database->url()))->server().product;
  for (const auto& entry : std::filesystem::directory_iterator(samples)) {
    const std::string name = entry.path().stem().string();
    if (name.find("newer") != std::string::npos) continue;  // for newer servers than the one here
    if (name.ends_with("_mariadb") && product == "MySQL") continue;
    SCOPED_TRACE(name);
    const CommandResult printed = run({"schema", "inspect", entry.path().string()});
    ASSERT_EQ(printed.exit_code, 0) << printed.err;
    write(name + ".sql", printed.out);
    const CommandResult difference = run(
        {"schema", "diff", "--from", entry.path().string(), "--to", name + ".sql", "--exit-code"});
    EXPECT_EQ(difference.exit_code, 0) << difference.out << difference.err;
  }
}

TEST_P(SchemaCommand, AMigrationMadeOfADiffKeepsTheRowsThatReferToAChangedTable) {
  write("migrations/002_pets.sql",
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer, CONSTRAINT owned FOREIGN KEY "
        "(owner) REFERENCES users (id) ON DELETE CASCADE);\nINSERT INTO users VALUES (1, "
        "'Ada');\nINSERT INTO pets VALUES (1, 1);\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(80) NOT NULL, CONSTRAINT named "
        "CHECK (name <> ''));\n"
        "CREATE TABLE pets (id integer PRIMARY KEY, owner integer, CONSTRAINT owned FOREIGN KEY "
        "(owner) REFERENCES users (id) ON DELETE CASCADE);\n");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.sql"});
  ASSERT_EQ(difference.exit_code, 0) << difference.err;
  write("migrations/003_there.sql", difference.out);
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << difference.out << up.err;
  EXPECT_EQ(run({"schema", "diff", "--to", "wanted.sql", "--exit-code"}).exit_code, 0);
  EXPECT_THAT(run({"query", "SELECT count(*) AS n FROM pets"}).out, HasSubstr("1"));
}

TEST_P(SchemaCommand, AFaultInADesiredFileIsNamedWithItsLine) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("wanted.sql", "CREATE TABLE a (id integer);\n\nCREATE TABEL b (id integer);\n");
  const CommandResult result = run({"schema", "diff", "--to", "wanted.sql"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("wanted.sql:3"), HasSubstr("scratch database")));
}

TEST_P(SchemaCommand, BadStatesAndRenamesAreRefused) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult missing = run({"schema", "diff", "--to", "nowhere.sql"});
  EXPECT_EQ(missing.exit_code, 3) << missing.err;
  EXPECT_THAT(missing.err, HasSubstr("nowhere.sql"));
  EXPECT_EQ(run({"schema", "diff", "--to", "nonsense"}).exit_code, 3);
  EXPECT_EQ(run({"schema", "diff"}).exit_code, 3);
  EXPECT_EQ(run({"schema", "inspect", "--format", "pdf"}).exit_code, 3);
  const CommandResult rename = run({"schema", "diff", "--to", "empty", "--rename", "user:people"});
  EXPECT_EQ(rename.exit_code, 6) << rename.err;
  EXPECT_THAT(rename.err, HasSubstr("did you mean users"));
  write("broken.json", "{\"sterna_model\": 1, \"tables\": 5}");
  const CommandResult broken = run({"schema", "diff", "--to", "broken.json"});
  EXPECT_EQ(broken.exit_code, 6) << broken.err;
  EXPECT_THAT(broken.err, AllOf(HasSubstr("broken.json"), HasSubstr("tables")));
}

TEST_P(SchemaCommand, ScratchDatabasesAreGoneAfterwards) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"schema", "drift"}).exit_code, 0);
  write("wanted.sql", "CREATE TABEL b (id integer);\n");
  run({"schema", "diff", "--to", "wanted.sql"});
  if (GetParam() == Kind::sqlite) return;  // they are in memory
  const std::string query =
      GetParam() == Kind::postgres
          ? "SELECT datname FROM pg_database WHERE datname LIKE 'sterna_scratch_%'"
          : "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE "
            "'sterna_scratch_%' AND IS_FREE_LOCK(schema_name) = 1";
  const auto there = [&] {
    std::set<std::string> names;
    std::istringstream lines(run({"query", query}).out);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("sterna_scratch_")) names.insert(line);
    return names;
  };
  // Other tests make theirs at the same time, which go; those of a run that forgot them would stay.
  std::set<std::string> left = there();
  for (int i = 0; i < 600 && !left.empty(); ++i) {
    const std::set<std::string> now = there();
    std::erase_if(left, [&](const std::string& name) { return !now.contains(name); });
    if (!left.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_THAT(left, IsEmpty());
}

TEST_P(SchemaCommand, AScratchDatabaseThatHoldsAnythingIsRefusedAndLeftAlone) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const TestDatabase aside(GetParam());
  ASSERT_EQ(run({"query", "CREATE VIEW mine AS SELECT 1 AS one", "--url", aside.url()}).exit_code,
            0);
  const CommandResult refused = run({"schema", "drift", "--scratch", aside.url()});
  EXPECT_EQ(refused.exit_code, 7) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("mine"));
  EXPECT_EQ(run({"query", "SELECT one FROM mine", "--url", aside.url()}).exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, SchemaCommand, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
