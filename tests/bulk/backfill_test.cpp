// Backfills on real databases: each row once, whoever writes and whenever the run is killed.
#include "bulk/bulk_scenario.hpp"
#include "support/statistics.hpp"

namespace sterna::test {
namespace {

constexpr const char* lower_all =
    "-- sterna:up\n-- sterna:backfill table=users\n"
    "UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n";

/// `differs` in each engine's words.
std::string stale(Kind kind) {
  return kind == Kind::mysql    ? "users WHERE NOT (email_lower <=> lower(email))"
         : kind == Kind::sqlite ? "users WHERE email_lower IS NOT lower(email)"
                                : "users WHERE email_lower IS DISTINCT FROM lower(email)";
}

class Backfilling : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(GetParam()); }
};

std::string refusal(BulkScenario& scenario) {
  try {
    scenario.engine()->up({});
  } catch (const Error& error) {
    EXPECT_FALSE(error.suggestions().empty()) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST_P(Backfilling, FillsEveryRowAndProvesIt) {
  BulkScenario scenario(GetParam());
  scenario.make_users(5000);
  scenario.write("001_lower.sql", lower_all);
  const std::vector<std::string> events = scenario.run();
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_lower"});
  EXPECT_TRUE(holds(events, "5000 row(s) in ")) << testing::PrintToString(events);
  EXPECT_TRUE(holds(events, "found none left"));
  EXPECT_TRUE(holds(events, "progress: users, "));
  EXPECT_TRUE(scenario.run().size() < 5) << "nothing is left to do";
}

TEST_P(Backfilling, TakesAsManyRowsAsItIsTold) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100 pause=1ms\nUPDATE users AS u SET email_lower = "
                 "lower(email);\n");
  const std::vector<std::string> events = scenario.run();
  EXPECT_TRUE(holds(events, "1000 row(s) in 10 batches")) << testing::PrintToString(events);
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
}

TEST_P(Backfilling, SaysNothingOfATriggerThatWasNotThere) {
  BulkScenario scenario(GetParam());
  scenario.make_users(10);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill sync=trigger\nUPDATE users SET email_lower = lower(email);\n");
  for (const std::string& event : scenario.run()) {
    if (!event.starts_with("notice: ")) continue;
    EXPECT_EQ(event.find("does not exist"), std::string::npos) << event;
  }
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
}

TEST_P(Backfilling, TellsHowLongItTakesWithItsPauses) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100 pause=20ms\nUPDATE users SET n = n + 1;\n");
  int seen = 0;
  for (const std::string& event : scenario.run()) {
    const std::size_t at = event.find(" rows/s");
    if (at == std::string::npos) continue;
    ++seen;
    const std::size_t begin = event.rfind(' ', at - 1) + 1;
    EXPECT_LE(std::stod(event.substr(begin, at - begin)), 100 / 0.020) << event;
  }
  EXPECT_EQ(seen, 10);
}

TEST_P(Backfilling, ThatMovesItsKeyIsRefusedBeforeAnythingRuns) {
  for (const std::string statement :
       {"UPDATE users SET n = 1, id = id + 10005", "UPDATE users AS u SET ID = 1"}) {
    BulkScenario scenario(GetParam());
    scenario.make_users(20);
    scenario.write("001_move.sql", "-- sterna:backfill batch=7\n" + statement + ";\n");
    EXPECT_NE(refusal(scenario).find("of the key by which the batches go"), std::string::npos);
    EXPECT_EQ(scenario.count("users WHERE n > 0 OR id > 40"), 0);
  }
}

TEST_P(Backfilling, OfAnEmptyTableIsNothing) {
  BulkScenario scenario(GetParam());
  scenario.make_users(0);
  scenario.write("001_lower.sql", lower_all);
  scenario.run();
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_lower"});
}

TEST_P(Backfilling, WhereNoRowNeedsItIsQuicklyDone) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.connect()->execute("UPDATE users SET email_lower = lower(email)");
  scenario.write("001_lower.sql", lower_all);
  EXPECT_TRUE(holds(scenario.run(), "0 row(s)"));
}

TEST_P(Backfilling, WithoutAKeyIsRefusedBeforeAnythingRuns) {
  BulkScenario scenario(GetParam());
  scenario.connect()->execute("CREATE TABLE logs (a int, b int)");
  scenario.write("001_first.sql", "CREATE TABLE other (id int PRIMARY KEY);\n");
  scenario.write("002_logs.sql", "-- sterna:backfill\nUPDATE logs SET b = a;\n");
  EXPECT_NE(refusal(scenario).find("no primary key"), std::string::npos);
  EXPECT_TRUE(scenario.applied().empty());
  const Plan plan = scenario.engine()->plan({}, Direction::up);
  EXPECT_NE(plan.at(1).error.find("no primary key"), std::string::npos);
}

TEST_P(Backfilling, GoesByAKeyThatItsMigrationMakes) {
  BulkScenario scenario(GetParam());
  scenario.connect()->execute("CREATE TABLE logs (a int NOT NULL, b int)");
  scenario.connect()->execute("INSERT INTO logs (a) VALUES (1), (2), (3)");
  scenario.write("001_logs.sql",
                 "CREATE UNIQUE INDEX logs_a ON logs (a);\n-- sterna:backfill batch=2\n"
                 "UPDATE logs SET b = a;\n");
  const Plan plan = scenario.engine()->plan({}, Direction::up);
  EXPECT_EQ(plan.at(0).error, "");
  scenario.run();
  EXPECT_EQ(scenario.count("logs WHERE b = a"), 3);
}

TEST_P(Backfilling, PlanShowsTheKeyAndTheRows) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  take_statistics(*scenario.connect(), "users");
  scenario.write("001_lower.sql", "-- sterna:backfill batch=100\nUPDATE users SET n = 1;\n");
  const Plan plan = scenario.engine()->plan({}, Direction::up);
  EXPECT_EQ(plan.at(0).error, "");
  EXPECT_EQ(plan.at(0).atomicity, "statement by statement, journalled");
  const std::vector<std::string>& notes = plan.at(0).statements.at(0).notes;
  EXPECT_TRUE(holds(notes, "batches over (id), about 1000 rows, of 100 rows, about 10"))
      << testing::PrintToString(notes);
}

TEST_P(Backfilling, GoesThroughKeysOfSeveralColumns) {
  BulkScenario scenario(GetParam());
  const auto session = scenario.connect();
  session->execute(
      "CREATE TABLE pairs (a int NOT NULL, b varchar(20) NOT NULL, n int NOT NULL DEFAULT 0, "
      "PRIMARY KEY (a, b))");
  const std::string text = GetParam() == Kind::mysql ? "concat('it''s ', n)" : "'it''s ' || n";
  session->execute("INSERT INTO pairs (a, b) SELECT n % 7, " + text + " FROM " + numbers(3));
  scenario.write("001_count.sql", "-- sterna:backfill batch=13\nUPDATE pairs SET n = n + 1;\n");
  scenario.run();
  EXPECT_EQ(scenario.count("pairs WHERE n = 1"), 1000);
}

TEST_P(Backfilling, CountsItsWayWhereNumbersStandCloseAndLooksItUpElsewhere) {
  BulkScenario scenario(GetParam());
  const auto session = scenario.connect();
  session->execute("CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)");
  session->execute("INSERT INTO t (id) SELECT n - 500 FROM " + numbers(3));
  session->execute("INSERT INTO t (id) SELECT n * 1000000 + 1000 FROM " + numbers(3));
  session->execute("INSERT INTO t (id) SELECT 9223372036854775807 - n FROM " + numbers(3) +
                   " WHERE n <> 500");
  scenario.write("001_count.sql", "-- sterna:backfill batch=100\nUPDATE t SET n = n + 1;\n");
  const std::vector<std::string> events = scenario.run();
  EXPECT_EQ(scenario.count("t WHERE n = 1"), 2999);
  // A counted range at the edge of a gap holds fewer rows: two more batches than 30, about.
  EXPECT_TRUE(holds(events, "2999 row(s) in 30 batches") ||
              holds(events, "2999 row(s) in 31 batches") ||
              holds(events, "2999 row(s) in 32 batches"))
      << testing::PrintToString(events);
}

TEST_P(Backfilling, OfDeletesAndCopiesTakesEachRowOnce) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.connect()->execute("CREATE TABLE kept (id bigint, email varchar(80))");
  scenario.write("001_move.sql",
                 "-- sterna:backfill batch=64\nINSERT INTO kept SELECT id, email FROM users WHERE "
                 "id < 1000;\n-- sterna:backfill batch=64\nDELETE FROM users WHERE id < 1000;\n");
  scenario.run();
  EXPECT_EQ(scenario.count("kept"), 500);
  EXPECT_EQ(scenario.count("users"), 500);
  EXPECT_EQ(scenario.count("users WHERE id < 1000"), 0);
}

TEST_P(Backfilling, DoneInCodeBindsItsValues) {
  BulkScenario scenario(GetParam());
  scenario.make_users(500);
  EngineOptions options = scenario.options();
  options.run.directories = {};
  options.definitions = {make_migration(
      "001_code",
      [](Schema& schema) {
        schema.backfill("users")
            .set("email_lower", expr("lower(email)"))
            .set("n", 7)
            .where_null("email_lower")
            .where("email", "!=", "User3 ?")
            .batch(100);
      },
      nullptr, Meta{.transaction = TransactionMode::none})};
  MigrationEngine engine(std::move(options));
  engine.up({});
  EXPECT_EQ(scenario.count("users WHERE n = 7"), 500);
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
}

TEST_P(Backfilling, KilledAtAnyStatementCountsEachRowOnce) {
  int points = 0;
  // Behind a statement is before the next one.
  for (int die_at = 1;; die_at += 2) {
    BulkScenario scenario(GetParam());
    scenario.make_users(15);
    scenario.write("001_count.sql",
                   "-- sterna:up\nUPDATE users SET email_lower = 'x' WHERE id = 0;\n"
                   "-- sterna:backfill batch=8\nUPDATE users SET n = n + 1;\n"
                   "UPDATE users SET n = n + 10 WHERE id = 0;\n");
    if (!scenario.run_mortal(die_at)) break;
    ++points;
    ASSERT_NO_THROW(scenario.run()) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.count("users WHERE n = 1"), 14) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.count("users WHERE n = 11"), 1) << "after dying at point " << die_at;
  }
  EXPECT_GT(points, 15);
}

TEST_P(Backfilling, KilledAtSizeWithWritersBesideEndsComplete) {
  BulkScenario scenario(GetParam());
  scenario.make_users(200'000);
  scenario.make_odd_users(200'000, 300'000);  // ends of ranges are looked up, then counted
  scenario.write("001_lower.sql",
                 "-- sterna:backfill table=users batch=4000 sync=trigger\n"
                 "UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n");
  Writer writer(scenario, [](Connection& session, int i) {
    const std::string id = std::to_string((std::int64_t{i} * 7919) % 400'000 | 1);
    session.execute("DELETE FROM users WHERE id = " + id);
    session.execute("INSERT INTO users (id, email) VALUES (" + id + ", 'NEW')");
    session.execute("UPDATE users SET email = 'CHANGED' WHERE id = " +
                    std::to_string((std::int64_t{i} * 104'729) % 200'000 * 2));
  });
  for (const int batches : {1, 3, 11, 20}) {
    int seen = 0;
    EXPECT_TRUE(scenario.run_until([&](const Event& event) {
      return event.kind == EventKind::progress && ++seen == batches;
    }));
  }
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_lower (in flight)"});
  // What is written after the trigger has gone is the program's own matter: it ends before.
  MigrationEngine engine(scenario.options());
  engine.on_event([&](const Event& event) {
    if (event.text.find("closing count found none left") != std::string::npos) writer.stop();
  });
  engine.up({});
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_lower"});
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
  EXPECT_GT(scenario.count("users WHERE email = 'CHANGED'"), 0) << "nobody wrote meanwhile";
  // The trigger is gone.
  scenario.connect()->execute("INSERT INTO users (id, email) VALUES (-1, 'Last')");
  EXPECT_EQ(scenario.count(stale(GetParam())), 1);
}

TEST_P(Backfilling, CatchesRowsThatCameBehindIt) {
  BulkScenario scenario(GetParam());
  scenario.make_users(2000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100\n"
                 "UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n");
  int seen = 0;
  const auto session = scenario.connect();
  MigrationEngine engine(scenario.options());
  engine.on_event([&](const Event& event) {
    if (event.kind == EventKind::progress && ++seen == 5)
      session->execute("INSERT INTO users (id, email) VALUES (-1, 'Behind'), (99999999, 'Ahead')");
  });
  engine.up({});
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
}

TEST_P(Backfilling, CatchesRowsThatCameBehindItWhereNumbersStandClose) {
  BulkScenario scenario(GetParam());
  scenario.make_users(2000);
  scenario.make_odd_users(-1, 4000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100\n"
                 "UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n");
  int seen = 0;
  const auto session = scenario.connect();
  MigrationEngine engine(scenario.options());
  std::vector<std::string> events;
  engine.on_event([&](const Event& event) {
    events.push_back(event.text);
    if (event.kind == EventKind::progress && ++seen == 5)
      session->execute("INSERT INTO users (id, email) VALUES (-1, 'Behind'), (99999999, 'Ahead')");
  });
  engine.up({});
  EXPECT_TRUE(holds(events, "came or changed meanwhile")) << "there was no second pass";
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
}

TEST_P(Backfilling, WaitsForARowThatAnotherSessionHolds) {
  if (GetParam() == Kind::sqlite) GTEST_SKIP() << "SQLite has one writer";
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100\nUPDATE users SET email_lower = lower(email);\n");
  const auto other = scenario.connect();
  int seen = 0;
  MigrationEngine engine(scenario.options());
  engine.on_event([&](const Event& event) {
    if (event.kind != EventKind::progress) return;
    ++seen;
    if (seen == 2) {
      other->begin();
      other->execute("UPDATE users SET n = 5 WHERE id = 1500");
    }
    if (seen == 7) {  // the next batch meets the row; this comes from the batch's own retries
      std::thread([&other] {
        ::usleep(600'000);
        other->commit();
      }).detach();
    }
  });
  engine.up({});
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
  EXPECT_EQ(scenario.count("users WHERE n = 5"), 1);
}

TEST_P(Backfilling, TellsThatRowsAreLocked) {
  if (GetParam() == Kind::sqlite) GTEST_SKIP() << "SQLite has one writer";
  BulkScenario scenario(GetParam());
  scenario.make_users(100);
  scenario.write("001_count.sql", "-- sterna:backfill batch=50\nUPDATE users SET n = n + 1;\n");
  const auto other = scenario.connect();
  other->begin();
  other->execute("UPDATE users SET email = 'Held' WHERE id = 150");
  bool told = false;
  MigrationEngine engine(scenario.options());
  engine.on_event([&](const Event& event) {
    if (event.text.find("rows are locked by another session") == std::string::npos) return;
    told = true;
    other->commit();
  });
  engine.up({});
  EXPECT_TRUE(told);
  EXPECT_EQ(scenario.count("users WHERE n = 1"), 100);
}

TEST_P(Backfilling, EditedBetweenTwoRunsIsRefusedUnlessOnlyItsPaceIs) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_count.sql", "-- sterna:backfill batch=100\nUPDATE users SET n = n + 1;\n");
  int seen = 0;
  EXPECT_TRUE(scenario.run_until(
      [&](const Event& event) { return event.kind == EventKind::progress && ++seen == 3; }));
  scenario.write("001_count.sql", "-- sterna:backfill batch=100\nUPDATE users SET n = n + 2;\n");
  EXPECT_NE(refusal(scenario).find("edited"), std::string::npos);
  scenario.write("001_count.sql", "-- sterna:backfill batch=500\nUPDATE users SET n = n + 1;\n");
  scenario.run();
  EXPECT_EQ(scenario.count("users WHERE n = 1"), 1000);
}

TEST_P(Backfilling, AbandonedIsPendingAgainAndItsTriggerIsGone) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_lower.sql",
                 "-- sterna:backfill batch=100 sync=trigger\n"
                 "UPDATE users SET email_lower = lower(email) WHERE email_lower IS NULL;\n");
  EXPECT_THROW(scenario.engine()->abandon("001"), Error) << "nothing was begun";
  int seen = 0;
  EXPECT_TRUE(scenario.run_until(
      [&](const Event& event) { return event.kind == EventKind::progress && ++seen == 3; }));
  const auto session = scenario.connect();
  session->execute("INSERT INTO users (id, email) VALUES (-1, 'With')");
  EXPECT_EQ(scenario.count("users WHERE email_lower = 'with'"), 1);
  EXPECT_THROW(scenario.engine()->resolve("001", Direction::up), Error) << "its trigger would stay";
  const Resolution resolution = scenario.engine()->abandon("001");
  EXPECT_TRUE(holds(resolution.evidence, "300 row(s) were done in 3 batches"))
      << testing::PrintToString(resolution.evidence);
  EXPECT_TRUE(scenario.applied().empty());
  session->execute("INSERT INTO users (id, email) VALUES (-2, 'Without')");
  EXPECT_EQ(scenario.count("users WHERE email_lower = 'without'"), 0);
  scenario.run();
  EXPECT_EQ(scenario.count(stale(GetParam())), 0);
  EXPECT_THROW(scenario.engine()->abandon("001"), Error) << "it is applied";
}

TEST_P(Backfilling, AbandonedBehindOtherStatementsBeginsAnewThere) {
  BulkScenario scenario(GetParam());
  scenario.make_users(1000);
  scenario.write("001_count.sql",
                 "UPDATE users SET email_lower = 'x' WHERE id = 0;\n"
                 "-- sterna:backfill batch=100\nUPDATE users SET n = n + 1;\n");
  int seen = 0;
  EXPECT_TRUE(scenario.run_until(
      [&](const Event& event) { return event.kind == EventKind::progress && ++seen == 3; }));
  const Resolution resolution = scenario.engine()->abandon("001");
  EXPECT_TRUE(holds(resolution.evidence, "begins statement 2 anew"));
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_count (in flight)"});
  scenario.write("001_count.sql",
                 "UPDATE users SET email_lower = 'x' WHERE id = 0;\n"
                 "-- sterna:backfill batch=100\nUPDATE users SET n = 7;\n");
  scenario.run();
  EXPECT_EQ(scenario.count("users WHERE n = 7"), 1000);
}

TEST_P(Backfilling, InsideATransactionIsRefused) {
  BulkScenario scenario(GetParam());
  scenario.make_users(10);
  scenario.write("001_lower.sql",
                 "-- sterna:transaction migration\n-- sterna:backfill\nUPDATE users SET n = 1;\n");
  EXPECT_NE(refusal(scenario).find("commits batch by batch"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Engines, Backfilling, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

TEST(BackfillOnSqlite, ComesBackWhenAnotherProgramWritesAtItsBegin) {
  BulkScenario scenario(Kind::sqlite);
  scenario.make_users(10);
  scenario.write("001_count.sql", "-- sterna:backfill\nUPDATE users SET n = n + 1;\n");
  scenario.engine()->setup();
  static_cast<Scenario&>(scenario).run.lock_timeout = std::chrono::milliseconds(50);
  const auto other = scenario.connect();
  other->execute("BEGIN IMMEDIATE");
  bool retried = false;
  MigrationEngine engine(scenario.options());
  engine.on_event([&](const Event& event) {
    if (event.kind != EventKind::retry) return;
    if (!retried) other->execute("COMMIT");
    retried = true;
  });
  engine.up({});
  EXPECT_TRUE(retried);
  EXPECT_EQ(scenario.count("users WHERE n = 1"), 10);
}

TEST(BackfillOnCassandra, IsRefusedWithTheWayThatThereIs) {
  STERNA_REQUIRE_SERVER(Kind::cql);
  BulkScenario scenario(Kind::cql);
  scenario.connect()->execute("CREATE TABLE t (id int PRIMARY KEY, a int)");
  scenario.write("001_t.cql", "-- sterna:backfill\nUPDATE t SET a = 1;\n");
  EXPECT_NE(refusal(scenario).find("no batches by key"), std::string::npos);
}

}  // namespace
}  // namespace sterna::test
