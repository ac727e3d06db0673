// Several processes at once: the command as teams run it, from many machines at the same moment.
#include "migration/scenario.hpp"
#include "support/command.hpp"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

class Processes : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    scenario = std::make_unique<Scenario>(GetParam());
  }
  std::vector<std::string> up(const std::string& url) const {
    return {"up",          "--url", url, "--dir", (scenario->folder.path() / "migrations").string(),
            "--lock-wait", "120s"};
  }
  void write_counting_migrations(int count) {
    scenario->write(
        "001_counter.sql",
        "CREATE TABLE counter (id int PRIMARY KEY, n int);\nINSERT INTO counter VALUES (1, 0);\n");
    if (GetParam() == Kind::cql)  // only a table of counters counts
      scenario->write(
          "001_counter.sql",
          "CREATE TABLE counter (id int PRIMARY KEY, n counter);\nUPDATE counter SET n = "
          "n + 0 WHERE id = 1;\n");
    for (int i = 2; i <= count; ++i) {
      const std::string number = std::string(i < 10 ? "00" : "0") + std::to_string(i);
      scenario->write(number + "_step.sql",
                      "UPDATE counter SET n = n + 1 WHERE id = 1;\nCREATE TABLE t" + number +
                          " (id int PRIMARY KEY);\n");
    }
  }
  int counted() const {
    return scenario->connect()->query("SELECT n FROM counter").front().get<int>(0);
  }

  std::unique_ptr<Scenario> scenario;
};

INSTANTIATE_TEST_SUITE_P(Engines, Processes, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(Processes, TwentyConcurrentRunsApplyEachMigrationOnce) {
  write_counting_migrations(8);
  std::vector<std::unique_ptr<RunningCommand>> running;
  for (int i = 0; i < 20; ++i)
    running.push_back(
        std::make_unique<RunningCommand>(up(scenario->database.url()), CommandOptions{}));
  for (auto& one : running) {
    const CommandResult result = one->wait();
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_EQ(counted(), 7);
  EXPECT_EQ(scenario->applied().size(), 8u);
}

TEST_P(Processes, AHolderThatIsKilledBlocksNobody) {
  if (GetParam() == Kind::cql) return;  // no statement of it waits; crash_test kills runs
  const std::string slow = GetParam() == Kind::postgres ? "SELECT pg_sleep(600)"
                           : GetParam() == Kind::mysql
                               ? "SELECT SLEEP(8)"
                               : "CREATE TABLE slow AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                                 "SELECT i + 1 FROM n) SELECT max(i) FROM n";
  scenario->write("001_slow.sql", slow + ";\n");
  RunningCommand holder(up(scenario->database.url()), {});
  const auto watching = scenario->connect();
  const auto locker = watching->locker("sterna_migrations");
  bool held = false;
  for (int i = 0; i < 2400 && !held; ++i) {  // until the other process holds the lock
    held = !locker->try_acquire();
    if (!held) {
      locker->release();
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  ASSERT_TRUE(held);
  holder.signal(SIGKILL);
  EXPECT_EQ(holder.wait().exit_code, 128 + SIGKILL);
  // Where nothing is rolled back the server may still finish the statement, and the text must stay.
  if (GetParam() != Kind::mysql) scenario->write("001_slow.sql", "SELECT 1;\n");
  const CommandResult after = sterna_command(up(scenario->database.url()));
  EXPECT_EQ(after.exit_code, 0) << after.err;
}

TEST_P(Processes, TerminationEndsARunCleanlyWith130) {
  if (GetParam() == Kind::cql) return;  // no statement of it waits; crash_test kills runs
  const std::string slow = Scenario::endless(GetParam());
  scenario->write("001_first.sql", "CREATE TABLE first_table (id int);\n");
  scenario->write("002_slow.sql", slow + ";\n");
  RunningCommand running(up(scenario->database.url()), {});
  bool begun = false;
  for (int i = 0; i < 2400 && !begun; ++i) {
    begun = !scenario->applied().empty();
    if (!begun) std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  ASSERT_TRUE(begun);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  running.signal(SIGTERM);
  const CommandResult result = running.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(scenario->applied(), testing::ElementsAre("001_first"));
}

TEST(Pooler, TwoConcurrentRunsBehindPgBouncerDoEverythingOnce) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  if (server_value("PGBOUNCER_URL").empty()) {
    if (everything_required()) FAIL() << server_value("PGBOUNCER_MISSING");
    GTEST_SKIP() << server_value("PGBOUNCER_MISSING");
  }
  Scenario scenario(Kind::postgres);
  scenario.write(
      "001_counter.sql",
      "CREATE TABLE counter (id int PRIMARY KEY, n int);\nINSERT INTO counter VALUES (1, 0);\n");
  for (int i = 2; i <= 9; ++i)
    scenario.write(
        "00" + std::to_string(i) + "_step.sql",
        "UPDATE counter SET n = n + 1;\nCREATE TABLE t" + std::to_string(i) + " (id int);\n");
  scenario.write(
      "010_index.sql",
      "-- sterna:transaction none\nCREATE INDEX CONCURRENTLY counter_n ON counter (n);\n");
  const std::vector<std::string> arguments{
      "up",          "-v",
      "--url",       scenario.database.url_through("PGBOUNCER_URL"),
      "--dir",       (scenario.folder.path() / "migrations").string(),
      "--lock-wait", "120s"};
  CommandOptions debug;
  debug.environment["STERNA_LOG"] = "json";
  RunningCommand first(arguments, debug), second(arguments, debug);
  const CommandResult one = first.wait(), two = second.wait();
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(two.exit_code, 0) << two.err;
  EXPECT_THAT(one.err + two.err, HasSubstr("lease"));  // the pooler was noticed
  EXPECT_EQ(scenario.connect()->query("SELECT n FROM counter").front().get<int>(0), 8);
  EXPECT_EQ(scenario.applied().size(), 10u);
}

TEST(ConcurrentIndex, ThatFailedLeavesNoInvalidIndexAndIsBuiltAfterTheRowsAreMended) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Scenario scenario(Kind::postgres);
  scenario.write("001_table.sql", "CREATE TABLE t (i int);\nINSERT INTO t VALUES (1), (1);\n");
  scenario.write("002_index.sql",
                 "-- sterna:transaction none\nCREATE UNIQUE INDEX CONCURRENTLY t_i ON t (i);\n");
  EXPECT_THROW(scenario.engine()->up({}), Error);
  EXPECT_FALSE(scenario.connect()->has_index(model::Name("t"), "t_i"));
  scenario.connect()->execute("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)");
  scenario.engine()->up({});
  EXPECT_TRUE(scenario.connect()->has_index(model::Name("t"), "t_i"));
}

TEST(LockTimeout, IsTriedAgainAndThenNamesWhoBlocks) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Scenario scenario(Kind::postgres);
  scenario.write("001_table.sql", "CREATE TABLE t (i int);\n");
  scenario.engine()->up({});
  scenario.write("002_alter.sql",
                 "-- sterna:lock-timeout 100ms\n-- sterna:retry 1\n-- sterna:up\nALTER TABLE t ADD "
                 "COLUMN j int;\n");
  const auto blocker = scenario.connect();
  blocker->begin();
  blocker->execute("LOCK TABLE t IN ACCESS SHARE MODE");
  const auto running = scenario.engine();
  int retries = 0;
  running->on_event([&](const Event& event) { retries += event.kind == EventKind::retry; });
  try {
    running->up({});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::lock);
    EXPECT_THAT(error.detail(), HasSubstr("LOCK TABLE t"));
  }
  EXPECT_EQ(retries, 1);
  blocker->rollback();
  EXPECT_EQ(scenario.engine()->up({}).applied.size(), 1u);
}

TEST(ConcurrentIndex, WaitsForOlderTransactionsLongerThanTheLockTimeout) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Scenario scenario(Kind::postgres);
  scenario.write("001_table.sql", "CREATE TABLE t (i int);\n");
  scenario.engine()->up({});
  scenario.write("002_index.sql",
                 "-- sterna:transaction none\n-- sterna:lock-timeout 20ms\n-- sterna:retry 0\n"
                 "-- sterna:up\nCREATE INDEX CONCURRENTLY t_i ON t (i);\nSELECT 1;\n");
  const auto older = scenario.connect(), watcher = scenario.connect();
  older->begin();
  older->execute("INSERT INTO t VALUES (1)");
  std::thread releaser([&] {
    // The server itself says that the build has waited much longer than its lock timeout.
    while (watcher
               ->query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND "
                       "wait_event_type = 'Lock' AND clock_timestamp() - query_start > '300 ms'")
               .empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    older->commit();
  });
  const auto engine = scenario.engine();
  EXPECT_NO_THROW(engine->up({}));
  releaser.join();
  EXPECT_TRUE(watcher->has_index(model::Name("t"), "t_i"));
  EXPECT_EQ(engine->connection().query("SHOW lock_timeout").front().get<std::string>(0), "20ms");
}

TEST(ConcurrentIndex, IsBuiltWhileAnotherRunWaitsForTheLock) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Scenario scenario(Kind::postgres);
  scenario.write("001_table.sql",
                 "CREATE TABLE big AS SELECT i FROM generate_series(1, 200000) i;\n");
  scenario.write("002_index.sql",
                 "-- sterna:transaction none\nCREATE INDEX CONCURRENTLY big_i ON big (i);\n");
  const std::vector<std::string> arguments{"up",
                                           "--url",
                                           scenario.database.url(),
                                           "--dir",
                                           (scenario.folder.path() / "migrations").string(),
                                           "--lock-wait",
                                           "60s"};
  std::vector<std::unique_ptr<RunningCommand>> running;
  for (int i = 0; i < 4; ++i)
    running.push_back(std::make_unique<RunningCommand>(arguments, CommandOptions{}));
  for (auto& one : running) {
    const CommandResult result = one->wait();
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }
  EXPECT_TRUE(scenario.connect()
                  ->query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_i'::regclass")
                  .front()
                  .get<bool>(0));
}

}  // namespace
}  // namespace sterna::test
