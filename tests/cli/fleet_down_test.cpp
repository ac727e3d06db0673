// Migrations taken back on many databases and schemas, by the command.
#include "cli/fleet_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct FleetDown : FleetCommand {
  void three() {
    migrations();
    write("migrations/003_tags.sql",
          "-- sterna:up\nCREATE TABLE tags (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
          "tags;\n");
  }
  void up() { ASSERT_EQ(run({"up", "--fleet", "some"}).exit_code, 0); }
};

TEST_F(FleetDown, TakesBackWhatIsNamedOnEveryTarget) {
  three();
  files({"a", "b", "c"});
  up();
  const auto stays = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"down", "--fleet", "some"});
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("3 targets: 3 taken back, 0 had nothing to take back"));
    EXPECT_EQ(applied("a"), applied("b"));
    EXPECT_EQ(applied("a"), applied("c"));
    const std::vector<std::string> left = applied("c");
    run({"up", "--fleet", "some"});
    return left;
  };
  EXPECT_THAT(stays({}), ElementsAre("001_users", "002_posts"));
  EXPECT_THAT(stays({"--steps", "2"}), ElementsAre("001_users"));
  EXPECT_THAT(stays({"--to", "001"}), ElementsAre("001_users"));
  EXPECT_THAT(stays({"--batch"}), ElementsAre("001_users"));  // what the line before applied again
  EXPECT_THAT(stays({"--all", "--yes"}), IsEmpty());
}

TEST_F(FleetDown, TellsOfEachTargetAsJson) {
  three();
  files({"a", "b"});
  up();
  ASSERT_EQ(run({"down", "--url", "sqlite:a.db", "--to", "001"}).exit_code, 0);
  const nlohmann::json report =
      json({"down", "--fleet", "some", "--to", "001", "--report", "report.json"});
  EXPECT_EQ(report["command"], "down");
  EXPECT_EQ(report["done"], 2);
  EXPECT_EQ(report["targets"][0]["rolled_back"], nlohmann::json::array());
  EXPECT_EQ(report["targets"][1]["rolled_back"], (nlohmann::json{"003_tags", "002_posts"}));
  EXPECT_EQ(report["targets"][1]["applied_now"], nlohmann::json::array());
  EXPECT_EQ(report["targets"][1]["pending"], 2);
  EXPECT_EQ(report["targets"][1]["latest"], "001_users");
  EXPECT_EQ(nlohmann::json::parse(read_file(folder.path() / "report.json")), report);
}

TEST_F(FleetDown, SchemasGoDownAtTheSameTime) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  three();
  schemas(place, 40);
  up();
  const auto tables = [&] {
    return connect(parse_url(place.url()))
        ->query(
            "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'tenant %' AND tablename IN "
            "('users', 'posts', 'tags')")
        .front()
        .get<int>(0);
  };
  EXPECT_EQ(tables(), 120);
  const nlohmann::json back = json({"down", "--fleet", "some", "--jobs", "8"});
  EXPECT_EQ(back["done"], 40) << back.dump().substr(0, 600);
  EXPECT_EQ(tables(), 80);
  EXPECT_EQ(json({"down", "--fleet", "some", "--to", "001", "--jobs", "8"})["done"], 40);
  EXPECT_EQ(tables(), 40);
  EXPECT_EQ(json({"down", "--fleet", "some", "--all", "--yes"})["done"], 40);
  EXPECT_EQ(tables(), 0);
}

TEST_F(FleetDown, WhatIsAppliedAfterTheLookIsNotTakenBack) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  three();
  schemas(place, 2);
  // While the first target goes down, the second one gets another migration.
  write("migrations/002_posts.sql",
        "-- sterna:up\nCREATE TABLE posts (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
        "posts;\nINSERT INTO \"tenant 2\".sterna_migrations (sequence, version, name, kind, state, "
        "batch, applied_at, applied_by, sterna_version) SELECT sequence + 1, '003', 'tags', kind, "
        "state, batch, applied_at, applied_by, sterna_version FROM \"tenant 2\".sterna_migrations "
        "WHERE version = '002' AND current_schema() = 'tenant 1';\n");
  ASSERT_EQ(run({"up", "--fleet", "some", "--to", "002"}).exit_code, 0);
  const CommandResult result = run({"down", "--fleet", "some", "--jobs", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("003_tags was applied since the targets were looked at"),
                                HasSubstr("taking 002_posts back would take it too")));
  const auto versions = [&](const std::string& schema) {
    std::vector<std::string> left;
    for (const Row& row :
         connect(parse_url(place.url()))
             ->query("SELECT version FROM \"" + schema + "\".sterna_migrations ORDER BY sequence"))
      left.push_back(row.get<std::string>(0));
    return left;
  };
  EXPECT_THAT(versions("tenant 1"), ElementsAre("001"));
  EXPECT_THAT(versions("tenant 2"), ElementsAre("001", "002", "003"));
}

TEST_F(FleetDown, KeyspacesGoUpAndDown) {
  STERNA_REQUIRE_SERVER(Kind::cql);
  const TestDatabase one(Kind::cql), two(Kind::cql);
  write("migrations/001_users.cql",
        "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
        "users;\n");
  write("migrations/002_name.cql",
        "-- sterna:up\nALTER TABLE users ADD name text;\n-- sterna:down\nALTER TABLE users DROP "
        "name;\n");
  write("sterna.toml", "[fleet.some]\ntargets = [\"" + one.url() + "\", \"" + two.url() + "\"]\n");
  const CommandResult plan = run({"plan", "--fleet", "some"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_THAT(plan.out, AllOf(HasSubstr("-- 2 targets: "), HasSubstr("CREATE TABLE users")));
  up();
  EXPECT_EQ(run({"validate", "--fleet", "some"}).exit_code, 0);
  const nlohmann::json back = json({"down", "--fleet", "some"});
  EXPECT_EQ(back["done"], 2) << back;
  EXPECT_EQ(back["targets"][1]["rolled_back"], nlohmann::json{"002_name"});
  EXPECT_EQ(json({"down", "--fleet", "some", "--all", "--yes"})["targets"][0]["rolled_back"],
            nlohmann::json{"001_users"});

  write("sterna.toml",
        "url = \"" + one.url() + "\"\n[fleet.some]\ntargets = [\"a\"]\nschema = \"{name}\"\n");
  const CommandResult schema = run({"up", "--fleet", "some"});
  EXPECT_EQ(schema.exit_code, 1);
  EXPECT_THAT(schema.err, AllOf(HasSubstr("a fleet's schema is for PostgreSQL"),
                                HasSubstr("cassandra://node/{name}")));
}

TEST_F(FleetDown, AFailureStaysWithItsTargetAndTheCommandThatIsNamedGoesOn) {
  three();
  files({"a", "b", "c"});
  up();
  open("b")->execute("DROP TABLE posts");  // by hand: its way down fails
  const CommandResult first =
      run({"down", "--fleet", "some", "--steps", "2", "--report", "report.json"});
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_THAT(first.err,
              AllOf(HasSubstr("failed b: "), HasSubstr("no such table: posts"),
                    HasSubstr("002_posts.sql"), HasSubstr("3 targets: 2 taken back"),
                    HasSubstr("1 failed"), HasSubstr("`sterna down --fleet some --to 001_users`")))
      << first.err;
  const auto report = nlohmann::json::parse(read_file(folder.path() / "report.json"));
  const nlohmann::json& failed = report["targets"][1];
  EXPECT_EQ(failed["state"], "failed");
  EXPECT_EQ(failed["rolled_back"], nlohmann::json{"003_tags"});
  EXPECT_EQ(failed["latest"], "002_posts");
  EXPECT_FALSE(failed["database_state"].get<std::string>().empty());
  EXPECT_THAT(failed["failure"]["file"].get<std::string>(), HasSubstr("002_posts.sql"));
  EXPECT_EQ(report["targets"][2]["state"], "done");

  // The same once more would take further ones from those that are done.
  const CommandResult again = run({"down", "--fleet", "some", "--steps", "2"});
  EXPECT_EQ(again.exit_code, 6);
  EXPECT_THAT(again.err, AllOf(HasSubstr("not at the same migration"),
                               HasSubstr("001_users on 2 of them (a, c)"),
                               HasSubstr("002_posts, 001_users on 1 of them (b)"),
                               HasSubstr("no target was touched"), HasSubstr("--to VERSION")))
      << again.err;
  EXPECT_THAT(applied("a"), ElementsAre("001_users"));

  open("b")->execute("CREATE TABLE posts (id integer PRIMARY KEY)");
  const nlohmann::json second = json({"down", "--fleet", "some", "--to", "001_users"});
  EXPECT_EQ(second["done"], 3);
  EXPECT_EQ(second["targets"][0]["rolled_back"].size(), 0U);
  EXPECT_EQ(second["targets"][1]["rolled_back"], nlohmann::json{"002_posts"});
}

TEST_F(FleetDown, ABatchThatIsAnotherOnOneTargetIsRefused) {
  migrations();
  files({"a", "b"});
  up();
  write("migrations/003_tags.sql",
        "-- sterna:up\nCREATE TABLE tags (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
        "tags;\n");
  files({"a", "b", "young"});
  up();  // all three in one batch there
  const CommandResult result = run({"down", "--fleet", "some", "--batch"});
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err, HasSubstr("003_tags, 002_posts, 001_users on 1 of them (young)"));
  EXPECT_EQ(applied("young").size(), 3U);
}

TEST_F(FleetDown, ATargetThatIsBehindHasNothingToTakeBack) {
  three();
  files({"a", "b"});
  ASSERT_EQ(run({"up", "--url", "sqlite:a.db"}).exit_code, 0);
  ASSERT_EQ(run({"up", "--url", "sqlite:b.db", "--to", "001"}).exit_code, 0);
  const nlohmann::json result = json({"down", "--fleet", "some", "--to", "002"});
  EXPECT_EQ(result["done"], 2) << result;
  EXPECT_THAT(applied("a"), ElementsAre("001_users", "002_posts"));
  EXPECT_THAT(applied("b"), ElementsAre("001_users"));
}

TEST_F(FleetDown, ACanaryThatDiesKeepsTheOthersAndSoManyFailuresEndIt) {
  three();
  files({"a", "b", "c", "d"});
  up();
  for (const char* name : {"a", "b"}) open(name)->execute("DROP TABLE tags");
  const nlohmann::json canary = json({"down", "--fleet", "some", "--to", "002"});
  EXPECT_EQ(canary["failed"], 1);
  EXPECT_EQ(canary["left_out"], 3);
  const nlohmann::json many = json({"down", "--fleet", "some", "--to", "002", "--canary", "0",
                                    "--jobs", "1", "--stop-after-failures", "2"});
  EXPECT_EQ(many["failed"], 2);
  EXPECT_EQ(many["left_out"], 2);
  EXPECT_EQ(applied("c").size(), 3U);
}

TEST_F(FleetDown, ABadSelectorIsRefusedBeforeAnyTargetIsTouched) {
  three();
  files({"a", "b"});
  for (const std::string command : {"down", "up"}) {
    const CommandResult unknown = run({command, "--fleet", "some", "--to", "999"});
    EXPECT_EQ(unknown.exit_code, 6) << command;
    EXPECT_THAT(unknown.err, AllOf(HasSubstr("there is no migration '999'"),
                                   HasSubstr("no target was touched")));
    EXPECT_EQ(run({command, "--fleet", "some", "--steps", "0"}).exit_code, 3) << command;
    EXPECT_EQ(run({command, "--fleet", "some", "--jobs", "none"}).exit_code, 3) << command;
    EXPECT_EQ(run({command, "--fleet", "some", "--url", "sqlite:x.db"}).exit_code, 3) << command;
    const CommandResult other = run({command, "--fleet", "other"});
    EXPECT_EQ(other.exit_code, 3) << command;
    EXPECT_THAT(other.err, HasSubstr("known fleets: some"));
  }
  EXPECT_EQ(run({"down", "--fleet", "some", "--all", "--to", "001"}).exit_code, 3);
  EXPECT_FALSE(exists("a.db"));
  EXPECT_FALSE(exists("b.db"));
}

TEST_F(FleetDown, ATargetThatCannotBeReachedIsNamedBeforeAnythingIsTakenBack) {
  three();
  files({"a", "gone/b", "c"});
  std::filesystem::create_directories(folder.path() / "gone");
  up();
  std::filesystem::remove_all(folder.path() / "gone");
  write("gone", "a file where the target's folder was");
  const CommandResult counted = run({"down", "--fleet", "some"});
  EXPECT_NE(counted.exit_code, 0);
  EXPECT_THAT(counted.err, AllOf(HasSubstr("1 of 3 targets"), HasSubstr("gone/b: "),
                                 HasSubstr("no target was touched"), HasSubstr("--to VERSION")))
      << counted.err;
  EXPECT_EQ(applied("a").size(), 3U);
  const nlohmann::json named = json({"down", "--fleet", "some", "--to", "002"});
  EXPECT_EQ(named["done"], 2);
  EXPECT_EQ(named["targets"][1]["state"], "failed");
  EXPECT_EQ(applied("c").size(), 2U);
}

TEST_F(FleetDown, AsksBeforeWhatCannotBeHadBack) {
  three();
  write("migrations/004_mood.sql",
        "-- sterna:down-loses users.mood\n-- sterna:up\nALTER TABLE users ADD COLUMN mood "
        "text;\n-- sterna:down\nALTER TABLE users DROP COLUMN mood;\n");
  files({"a", "b"}, "[env.production]\nprotected = true\n");
  up();
  const CommandResult all = run({"down", "--fleet", "some", "--all"});
  EXPECT_EQ(all.exit_code, 7);
  EXPECT_THAT(all.err, HasSubstr("taking every migration back on 2 targets of fleet some"));
  const CommandResult guarded =
      run({"down", "--fleet", "some", "--to", "003", "--env", "production"});
  EXPECT_EQ(guarded.exit_code, 7);
  EXPECT_THAT(guarded.err, HasSubstr("the environment 'production' is protected"));

  const CommandResult losing =
      run({"down", "--fleet", "some", "--to", "003", "--env", "production", "--yes"});
  EXPECT_EQ(losing.exit_code, 1);
  EXPECT_THAT(losing.err, AllOf(HasSubstr("users.mood"), HasSubstr("--allow-destructive"),
                                HasSubstr("1 failed, 1 not begun")))
      << losing.err;
  const CommandResult counted = run({"down", "--fleet", "some", "--env", "production", "--yes"});
  EXPECT_EQ(counted.exit_code, 7);
  EXPECT_THAT(counted.err, HasSubstr("no target was touched"));
  EXPECT_EQ(applied("a").size(), 4U);
  EXPECT_EQ(run({"down", "--fleet", "some", "--env", "production", "--yes", "--allow-destructive"})
                .exit_code,
            0);
  EXPECT_EQ(applied("b").size(), 3U);
}

TEST_F(FleetDown, AKilledRunGoesOn) {
  three();
  std::vector<std::string> names;
  for (int i = 100; i < 160; ++i) names.push_back("t" + std::to_string(i));
  files(names);
  up();
  {
    const RunningCommand killed({"down", "--fleet", "some", "--to", "001", "--jobs", "2"},
                                {.folder = folder.path()});
    const auto begun = std::chrono::steady_clock::now();
    while (open("t105")->has_table({"", "tags"}) &&
           std::chrono::steady_clock::now() - begun < std::chrono::seconds(20))
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    killed.signal(SIGKILL);
  }
  const nlohmann::json result = json({"down", "--fleet", "some", "--to", "001"});
  EXPECT_EQ(result["done"], 60) << result.dump().substr(0, 600);
  for (const auto& target : result["targets"]) {
    ASSERT_EQ(target["latest"], "001_users") << target;
    ASSERT_EQ(target["pending"], 2) << target;
  }
}

}  // namespace
}  // namespace sterna::test
