// What is pending, what it costs and what is wrong on many databases and schemas, by the command.
#include "cli/fleet_fixture.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// How often `part` stands in `text`.
std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size())
    ++count;
  return count;
}

struct FleetPlan : FleetCommand {};
struct FleetValidate : FleetCommand {};
struct FleetStatus : FleetCommand {};
struct FleetUp : FleetCommand {};

TEST_F(FleetPlan, TellsTargetsOfOnePlanTogetherAndRunsNothing) {
  migrations();
  files({"a", "b", "c", "d"});
  ASSERT_EQ(run({"up", "--url", "sqlite:b.db"}).exit_code, 0);
  ASSERT_EQ(run({"up", "--url", "sqlite:d.db", "--to", "001"}).exit_code, 0);
  const CommandResult plan = run({"plan", "--fleet", "some"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out,
              AllOf(HasSubstr("-- 2 targets: a, c\n"), HasSubstr("-- 1 target: b: nothing to do\n"),
                    HasSubstr("-- 1 target: d\n"), HasSubstr("-- time: instant")));
  EXPECT_EQ(times(plan.out, "CREATE TABLE users"), 1U) << plan.out;
  EXPECT_EQ(times(plan.out, "CREATE TABLE posts"), 2U) << plan.out;
  EXPECT_EQ(run({"up", "--dry-run", "--fleet", "some"}).out, plan.out);
  EXPECT_TRUE(applied("a").empty());

  const nlohmann::json told = json({"plan", "--fleet", "some", "--report", "plan.json"});
  EXPECT_EQ(told["command"], "plan");
  EXPECT_EQ(told["targets"][0]["migrations"].size(), 2U);
  EXPECT_EQ(told["targets"][0]["migrations"][0]["statements"][0]["estimate"]["time"], "instant");
  EXPECT_EQ(told["targets"][1]["migrations"].size(), 0U);
  EXPECT_EQ(told["targets"][3]["pending"], 1);
  EXPECT_TRUE(exists("plan.json"));

  const nlohmann::json short_one = json({"plan", "--fleet", "some", "--to", "001"});
  EXPECT_EQ(short_one["targets"][0]["migrations"].size(), 1U);
  EXPECT_EQ(short_one["targets"][3]["migrations"].size(), 0U);
}

TEST_F(FleetPlan, EstimatesAreThoseOfTheTargetWhereItWeighsMost) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  migrations();
  schemas(place, 3);
  ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0);
  const auto connection = connect(parse_url(place.url()));
  connection->execute(
      "INSERT INTO \"tenant 2\".users SELECT n, 'n' FROM generate_series(1, 700) AS n");
  connection->execute("ANALYZE \"tenant 2\".users");
  write("migrations/003_index.sql",
        "-- sterna:up\nCREATE INDEX users_name ON users (name);\n-- sterna:down\nDROP INDEX "
        "users_name;\n");
  const CommandResult plan = run({"plan", "--fleet", "some"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out,
              AllOf(HasSubstr("-- 3 targets: tenant 1, tenant 2, tenant 3"),
                    HasSubstr("those of tenant 2, where it weighs most"),
                    HasSubstr("about 700 rows"), HasSubstr("PG101"), HasSubstr("CONCURRENTLY")));
  EXPECT_EQ(times(plan.out, "CREATE INDEX users_name ON users (name);"), 1U) << plan.out;
}

TEST_F(FleetPlan, ReadsOfAllSchemasThoseThatAreMeant) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  migrations();
  schemas(place, 2);
  const auto connection = connect(parse_url(place.url()));
  connection->execute("CREATE SCHEMA \"Shared\"");
  connection->execute(
      "CREATE TABLE \"Shared\".users AS SELECT n FROM generate_series(1, 300) AS n");
  connection->execute("CREATE TABLE public.words AS SELECT n FROM generate_series(1, 400) AS n");
  connection->execute("ANALYZE \"Shared\".users");
  connection->execute("ANALYZE public.words");
  write("migrations/003_index.sql",
        "-- sterna:up\nCREATE INDEX ON \"Shared\".users (n);\nCREATE INDEX ON public.words "
        "(n);\nCREATE INDEX ON elsewhere (n);\n-- sterna:down\nSELECT 1;\n");
  const CommandResult plan = run({"plan", "--fleet", "some"});
  EXPECT_THAT(plan.out, AllOf(HasSubstr("about 300 rows"), HasSubstr("about 400 rows"),
                              HasSubstr("there is no table elsewhere when this runs")))
      << plan.err;
}

TEST_F(FleetPlan, OfAWayDownToo) {
  migrations();
  files({"a", "b"});
  ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0);
  ASSERT_EQ(run({"down", "--url", "sqlite:b.db"}).exit_code, 0);
  const CommandResult plan = run({"down", "--fleet", "some", "--dry-run"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out, AllOf(HasSubstr("-- 1 target: a\n"), HasSubstr("DROP TABLE posts"),
                              HasSubstr("-- 1 target: b\n"), HasSubstr("DROP TABLE users")));
  EXPECT_EQ(applied("a").size(), 2U);
}

TEST_F(FleetPlan, ATargetThatCannotBePlannedAndAMigrationThatCannotEndItDifferently) {
  migrations();
  files({"a", "gone/b"});
  write("gone", "a file where the target's folder should be");
  const CommandResult one = run({"plan", "--fleet", "some"});
  EXPECT_EQ(one.exit_code, 1);
  EXPECT_THAT(one.err, HasSubstr("failed gone/b: "));
  EXPECT_THAT(one.out, HasSubstr("-- 1 target: a\n"));
  files({"a", "c"});
  write("migrations/003_vacuum.sql", "-- sterna:up\nVACUUM;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult vacuum = run({"plan", "--fleet", "some"});
  EXPECT_EQ(vacuum.exit_code, 6);
  EXPECT_THAT(vacuum.out, HasSubstr("-- cannot be planned: "));
}

TEST_F(FleetPlan, RefusesWhatIsOfOneDatabase) {
  migrations();
  files({"a"});
  const CommandResult out = run({"plan", "--fleet", "some", "--out", "plan.json"});
  EXPECT_EQ(out.exit_code, 3);
  EXPECT_THAT(out.err, HasSubstr("a plan file is of one database"));
  EXPECT_EQ(run({"plan", "--fleet", "some", "--steps", "1"}).exit_code, 3);
  EXPECT_EQ(run({"plan", "--fleet", "some", "--to", "999"}).exit_code, 6);
  EXPECT_EQ(run({"plan", "--fleet", "other"}).exit_code, 3);
  EXPECT_FALSE(exists("a.db"));
}

TEST_F(FleetValidate, FindsOnEachTargetWhatItsHistorySaysOtherwise) {
  migrations();
  files({"a", "b", "c"});
  ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0);
  EXPECT_EQ(run({"validate", "--fleet", "some"}).exit_code, 0);
  open("b")->execute("UPDATE sterna_migrations SET version = '001_5' WHERE version = '002'");
  const CommandResult found = run({"validate", "--fleet", "some", "--report", "report.json"});
  EXPECT_EQ(found.exit_code, 6) << found.out << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("b\n"), Not(HasSubstr("a\n")), HasSubstr("error: ")));
  EXPECT_THAT(found.err, HasSubstr("3 targets: 2 in order, 1 with serious problems"));
  const auto report = nlohmann::json::parse(read_file(folder.path() / "report.json"));
  EXPECT_EQ(report["command"], "validate");
  EXPECT_EQ(report["problems"].size(), 0U);
  EXPECT_EQ(report["targets"][0]["problems"].size(), 0U);
  EXPECT_GE(report["targets"][1]["problems"].size(), 1U);
}

TEST_F(FleetValidate, AnEditedFileIsFoundWhereItIsApplied) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  migrations();
  schemas(place, 4);
  ASSERT_EQ(run({"up", "--fleet", "some", "--to", "001"}).exit_code, 0);
  connect(parse_url(place.url()))->execute("DELETE FROM \"tenant 4\".sterna_migrations");
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
        "users;\n");
  const nlohmann::json found = json({"validate", "--fleet", "some", "--jobs", "2"});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(found["targets"][i]["problems"].size(), 1U) << found;
  EXPECT_EQ(found["targets"][3]["problems"].size(), 0U);
  EXPECT_EQ(run({"status", "--fleet", "some", "--check"}).exit_code, 2);
}

TEST_F(FleetValidate, FindsWhereTheDatabaseIsNotWhatItsMigrationsMake) {
  migrations();
  files({"a", "b", "c", "d"}, "schema_without = [\"tmp_*\"]\n");
  ASSERT_EQ(run({"up", "--fleet", "some", "--to", "001"}).exit_code, 0);
  ASSERT_EQ(run({"up", "--url", "sqlite:c.db"}).exit_code, 0);
  std::filesystem::remove(folder.path() / "d.db");
  open("a")->execute("CREATE TABLE tmp_copy (id integer)");
  const CommandResult without = run({"validate", "--fleet", "some", "--database"});
  EXPECT_EQ(without.exit_code, 0) << without.out << without.err;
  EXPECT_THAT(without.err, HasSubstr("1 target has no database yet"));
  EXPECT_THAT(run({"status", "--fleet", "some"}).err, HasSubstr("makes: d"));
  EXPECT_FALSE(exists("d.db"));
  open("b")->execute("ALTER TABLE users ADD COLUMN stray text");
  EXPECT_EQ(run({"validate", "--fleet", "some"}).exit_code, 0);
  const CommandResult found = run({"validate", "--fleet", "some", "--database", "--jobs", "2"});
  EXPECT_EQ(found.exit_code, 6) << found.out << found.err;
  EXPECT_THAT(found.out, AllOf(HasSubstr("b\n"), Not(HasSubstr("a\n")), Not(HasSubstr("c\n")),
                               HasSubstr("stray"), Not(HasSubstr("tmp_copy"))));
  EXPECT_THAT(found.err, HasSubstr("4 targets: 3 in order, 1 with serious problems"));
  EXPECT_EQ(run({"validate", "--fleet", "some", "--database", "--without", "users"}).exit_code, 0);
  EXPECT_EQ(applied("a"), std::vector<std::string>{"001_users"});
}

TEST_F(FleetValidate, ASchemaIsComparedByItself) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  migrations();
  schemas(place, 3);
  ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0);
  const auto connection = connect(parse_url(place.url()));
  connection->execute("CREATE TABLE elsewhere (id integer)");
  EXPECT_EQ(run({"validate", "--fleet", "some", "--database"}).exit_code, 0);
  connection->execute("DROP TABLE \"tenant 2\".posts");
  const nlohmann::json found = json({"validate", "--fleet", "some", "--database", "--jobs", "3"});
  EXPECT_EQ(found["targets"][0]["problems"].size(), 0U) << found;
  ASSERT_EQ(found["targets"][1]["problems"].size(), 1U) << found;
  EXPECT_THAT(found["targets"][1]["problems"].dump(), HasSubstr("drop table posts"));
  EXPECT_EQ(found["targets"][2]["problems"].size(), 0U) << found;
}

TEST_F(FleetValidate, FaultsOfTheFilesAreToldOnceAndNoTargetIsTouched) {
  migrations();
  write("migrations/003_open.sql", "-- sterna:up\nSELECT 'left open;\n-- sterna:down\nSELECT 1;\n");
  files({"a", "b"});
  const CommandResult found = run({"validate", "--fleet", "some"});
  EXPECT_EQ(found.exit_code, 6);
  EXPECT_EQ(times(found.out, "error: "), 1U) << found.out;
  EXPECT_THAT(found.out, HasSubstr("003_open.sql"));
  EXPECT_THAT(found.err, HasSubstr("no target was looked at"));
  EXPECT_FALSE(exists("a.db"));
  const nlohmann::json told = json({"validate", "--fleet", "some"});
  EXPECT_THAT(told["problems"].dump(), HasSubstr("003_open.sql"));
  EXPECT_EQ(told["left_out"], 2);
}

TEST_F(FleetValidate, WarningsAreSeriousWhenItIsStrict) {
  migrations();
  write("migrations/003_up_alone.sql", "-- sterna:up\nCREATE TABLE alone (id integer);\n");
  files({"a", "b"});
  const CommandResult warned = run({"validate", "--fleet", "some"});
  EXPECT_EQ(warned.exit_code, 0);
  EXPECT_EQ(times(warned.out, "has no down part"), 1U) << warned.out;
  EXPECT_EQ(run({"validate", "--fleet", "some", "--strict"}).exit_code, 6);
}

TEST_F(FleetValidate, ATargetThatCannotBeReachedDoesNotHideTheOthers) {
  migrations();
  files({"gone/a", "b"});
  write("gone", "a file where the target's folder should be");
  const CommandResult found = run({"validate", "--fleet", "some"});
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_THAT(found.err, AllOf(HasSubstr("failed gone/a: "),
                               HasSubstr("2 targets: 1 in order, 1 could not be looked at")));
  EXPECT_EQ(run({"validate", "--fleet", "some", "--offline"}).exit_code, 3);
  EXPECT_EQ(
      run({"validate", "--fleet", "some", "--database", "--scratch", "sqlite:s.db"}).exit_code, 3);
  EXPECT_EQ(run({"validate", "--fleet", "other"}).exit_code, 3);
}

TEST_F(FleetStatus, TheFirstTargetThatFailsDoesNotHideTheOthers) {
  migrations();
  files({"gone/a", "b", "c"});
  write("gone", "a file where the target's folder should be");
  const nlohmann::json status = json({"status", "--fleet", "some"});
  EXPECT_EQ(status["failed"], 1);
  EXPECT_EQ(status["done"], 2);
  EXPECT_EQ(status["targets"][1]["pending"], 2);
  EXPECT_THAT(status["targets"][0]["failure"]["kind"].get<std::string>(),
              Not(HasSubstr("unknown")));
}

TEST_F(FleetUp, RehearsesOnEveryTarget) {
  migrations();
  files({"a", "b", "c"});
  spoil("b.db");
  const nlohmann::json rehearsed = json({"up", "--rehearse", "--fleet", "some"});
  EXPECT_EQ(rehearsed["done"], 2);
  EXPECT_EQ(rehearsed["targets"][0]["rehearsed"].size(), 2U);
  EXPECT_EQ(rehearsed["targets"][0]["applied_now"].size(), 0U);
  EXPECT_EQ(rehearsed["targets"][1]["state"], "failed");
  EXPECT_EQ(rehearsed["targets"][1]["rehearsed"].size(), 0U);
  EXPECT_TRUE(applied("a").empty());
}

TEST_F(FleetUp, AReportTellsWhatAFailedTargetHasGot) {
  migrations();
  files({"a"});
  spoil("a.db");
  const nlohmann::json failed = json({"up", "--fleet", "some"})["targets"][0];
  EXPECT_EQ(failed["applied_now"], nlohmann::json{"001_users"});
  EXPECT_EQ(failed["latest"], "001_users");
  EXPECT_EQ(failed["pending"], 1);
  EXPECT_THAT(failed["failure"]["file"].get<std::string>(), HasSubstr("002_posts.sql"));
  EXPECT_THAT(failed["failure"]["statement"].get<std::string>(), HasSubstr("CREATE TABLE posts"));
}

TEST_F(FleetUp, LintsFirstWhereTheEnvironmentIsProtected) {
  migrations();
  files({"a", "b"}, "[env.production]\nprotected = true\n");
  ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0);
  write("migrations/003_gone.sql", "-- sterna:up\nDROP TABLE users;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult refused = run({"up", "--fleet", "some", "--env", "production", "--yes"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("failed a: "), HasSubstr("lint finds 1 error(s)"),
                    HasSubstr("003_gone.sql"), HasSubstr("--no-lint"), HasSubstr("1 not begun")))
      << refused.err;
  EXPECT_EQ(applied("a").size(), 2U);
  EXPECT_EQ(run({"up", "--fleet", "some", "--env", "production", "--yes", "--no-lint"}).exit_code,
            0);
  EXPECT_EQ(applied("b").size(), 3U);
}

TEST_F(FleetUp, RefusesWhatASecondRunCouldNotGoOnWith) {
  migrations();
  files({"a"});
  const CommandResult steps = run({"up", "--fleet", "some", "--steps", "1"});
  EXPECT_EQ(steps.exit_code, 3);
  EXPECT_THAT(steps.err, HasSubstr("--to"));
  EXPECT_EQ(run({"up", "--fleet", "some", "--plan", "plan.json"}).exit_code, 3);
  EXPECT_EQ(run({"up", "--fleet", "some", "--wait", "1s"}).exit_code, 3);
  EXPECT_EQ(run({"status", "--fleet", "some", "--wait", "1s"}).exit_code, 3);
}

}  // namespace
}  // namespace sterna::test
