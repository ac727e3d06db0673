// Health as a library call, on every database.
#include <sterna/health.hpp>

#include "base/file.hpp"
#include "database/registry.hpp"
#include "migration/health.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <sterna/migration.hpp>

namespace sterna {
namespace {

using test::Kind;
using test::TempFolder;
using test::TestDatabase;

std::vector<MigrationDefinition> two_migrations() {
  return {make_migration(
              "001_people",
              [](Schema& schema) { schema.raw("CREATE TABLE people (id int PRIMARY KEY)"); }),
          make_migration("002_posts", [](Schema& schema) {
            schema.raw("CREATE TABLE posts (id int PRIMARY KEY)");
          })};
}

struct HealthOf : testing::TestWithParam<Kind> {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
  }
  std::unique_ptr<TestDatabase> database;
};
INSTANTIATE_TEST_SUITE_P(Engines, HealthOf, testing::ValuesIn(test::every_kind()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(HealthOf, CountsWhatIsAppliedAndPending) {
  {
    const auto session = connect(parse_url(database->url()), {});
  }  // a file of SQLite exists from here on
  Runner runner(database->url(), two_migrations());
  Health before = check_health(runner);
  EXPECT_TRUE(before.reachable) << before.error;
  EXPECT_FALSE(before.ready());
  EXPECT_EQ(before.pending, 2U);
  EXPECT_TRUE(before.lock_holder.empty()) << before.lock_holder;
  runner.up_steps(1);
  EXPECT_EQ(check_health(runner).newest, "001_people");
  runner.up();
  const Health after = check_health(runner);
  EXPECT_TRUE(after.ready());
  EXPECT_EQ(after.applied, 2U);
  EXPECT_EQ(after.newest, "002_posts");
  EXPECT_FALSE(after.last_applied_at.empty());
  EXPECT_FALSE(after.database.empty());
}

TEST_P(HealthOf, NamesWhoHoldsTheLock) {
  Runner runner(database->url(), two_migrations());
  runner.up();
  EngineOptions options;
  options.url = parse_url(database->url());
  options.definitions = two_migrations();
  options.run.registered = false;
  const auto other = connect(options.url, {});
  const History history(*other, "", "sterna_migrations");
  const auto lock = other->locker(history.lock_name());
  ASSERT_TRUE(lock->try_acquire());
  MigrationEngine engine(options);
  EXPECT_FALSE(check_health(engine).lock_holder.empty());
  lock->release();
  EXPECT_TRUE(check_health(engine).lock_holder.empty());
}

TEST(HealthOfNothing, SaysWhyADatabaseCannotBeAskedAndMakesNone) {
  const TempFolder folder;
  const std::string file = (folder.path() / "none.db").string();
  Runner runner("sqlite:" + file, two_migrations());
  const Health health = check_health(runner);
  EXPECT_FALSE(health.reachable);
  EXPECT_NE(health.error.find("there is no database"), std::string::npos) << health.error;
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(HealthOfSqlite, ARunThatWasKilledHoldsNoLock) {
  const TempFolder folder;
  const std::string file = (folder.path() / "app.db").string();
  Runner runner("sqlite:" + file, two_migrations());
  runner.up();
  // What a killed run leaves behind.
  write_file_atomically(file + "-sterna-lock", "2026-01-15 14:30:22.000000\nann@host (pid 1)\n");
  EXPECT_EQ(check_health(runner).lock_holder, "");
}

TEST(HealthOfNothing, NeverShowsAPassword) {
  Runner runner("postgres://somebody:verysecret@127.0.0.1:1/none", two_migrations());
  const Health health = check_health(runner);
  EXPECT_FALSE(health.reachable);
  EXPECT_EQ(health.error.find("verysecret"), std::string::npos) << health.error;
}

TEST(HealthOfConnections, HoldsEveryConnectionByName) {
  const TempFolder folder;
  std::map<std::string, Connections::Definition> definitions;
  for (const std::string name : {"main", "events"})
    definitions[name] = {"sqlite:" + (folder.path() / (name + ".db")).string(),
                         two_migrations(),
                         {},
                         name == "main"};
  Connections connections(std::move(definitions));
  const auto before = health_status(connections);
  EXPECT_FALSE(before.at("main").reachable);
  connections.initialize();
  const auto after = health_status(connections);
  EXPECT_TRUE(after.at("main").ready());
  EXPECT_EQ(after.at("events").pending, 2U);
  EXPECT_EQ(after.at("events").connection, "events");
}

}  // namespace
}  // namespace sterna
