// What a run does, on every engine.
#include "migration/scenario.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> ids(const RunResult& result) {
  std::vector<std::string> names;
  for (const AppliedMigration& applied : result.applied)
    names.push_back((applied.direction == Direction::up ? "+" : "-") + applied.id());
  return names;
}

Error failure_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::internal, "");
}

class Run : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    scenario = std::make_unique<Scenario>(GetParam());
    scenario->write("001_users.sql",
                    "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY, name varchar(50));\n-- "
                    "sterna:down\nDROP TABLE users;\n");
    scenario->write("002_posts.sql",
                    "-- sterna:up\nCREATE TABLE posts (id int PRIMARY KEY);\nINSERT INTO posts "
                    "VALUES (1);\n-- sterna:down\nDROP TABLE posts;\n");
    scenario->write("003_tags.sql",
                    "-- sterna:up\nCREATE TABLE tags (id int PRIMARY KEY);\n-- sterna:down\nDROP "
                    "TABLE tags;\n");
  }
  std::unique_ptr<MigrationEngine> engine() { return scenario->engine(); }
  bool has_table(const std::string& name) {
    return scenario->connect()->has_table(model::Name(name));
  }

  std::unique_ptr<Scenario> scenario;
};

INSTANTIATE_TEST_SUITE_P(Engines, Run, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(Run, UpAppliesEverythingOnceAndInOrder) {
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+001_users", "+002_posts", "+003_tags"));
  EXPECT_TRUE(has_table("tags"));
  EXPECT_THAT(engine()->up({}).applied, IsEmpty());
  EXPECT_THAT(scenario->applied(), ElementsAre("001_users", "002_posts", "003_tags"));
}

TEST_P(Run, UpToStopsAtAVersionAndStepsAtANumber) {
  EXPECT_THAT(ids(engine()->up({Target::Kind::version, "001", 0})), ElementsAre("+001_users"));
  const RunResult result = engine()->up({Target::Kind::steps, {}, 1});
  EXPECT_THAT(ids(result), ElementsAre("+002_posts"));
  EXPECT_EQ(result.pending, 1u);
  EXPECT_EQ(result.batch, 2);
  EXPECT_FALSE(has_table("tags"));
}

TEST_P(Run, DownGoesBackByStepsBatchVersionAndAll) {
  engine()->up({Target::Kind::version, "001", 0});
  engine()->up({});
  EXPECT_THAT(ids(engine()->down({Target::Kind::steps, {}, 1})), ElementsAre("-003_tags"));
  EXPECT_THAT(ids(engine()->down({Target::Kind::batch, {}, 0})), ElementsAre("-002_posts"));
  engine()->up({});
  EXPECT_THAT(ids(engine()->down({Target::Kind::version, "001", 0})),
              ElementsAre("-003_tags", "-002_posts"));
  EXPECT_THAT(ids(engine()->down({})), ElementsAre("-001_users"));
  EXPECT_FALSE(has_table("users"));
  EXPECT_THAT(scenario->applied(), IsEmpty());
}

TEST_P(Run, RedoAndFreshRunAgain) {
  engine()->up({});
  EXPECT_THAT(ids(engine()->redo(1)), ElementsAre("-003_tags", "+003_tags"));
  scenario->connect()->execute(scenario->spelled("CREATE TABLE stray (id int)"));
  EXPECT_THAT(engine()->fresh().applied, SizeIs(3));
  EXPECT_FALSE(has_table("stray"));
  scenario->run.environment = "production";
  EXPECT_EQ(failure_of([&] { engine()->fresh(); }).kind(), ErrorKind::refused);
}

TEST_P(Run, StatusTellsTheStateOfEach) {
  engine()->up({Target::Kind::version, "002", 0});
  scenario->write("002_posts.sql",
                  "-- sterna:up\nCREATE TABLE posts (id bigint PRIMARY KEY);\n-- sterna:down\nDROP "
                  "TABLE posts;\n");
  std::filesystem::remove(scenario->folder.path() / "migrations" / "001_users.sql");
  const Status status = engine()->status();
  EXPECT_EQ(status.count(MigrationState::changed), 1u);
  EXPECT_EQ(status.count(MigrationState::missing), 1u);
  EXPECT_EQ(status.count(MigrationState::pending), 1u);
  EXPECT_FALSE(status.up_to_date());
}

TEST_P(Run, CommentsAndLineEndsDoNotCountAsAnEdit) {
  engine()->up({});
  scenario->write("001_users.sql",
                  "\xEF\xBB\xBF-- sterna:up\r\n-- a comment\r\nCREATE TABLE users\r\n  (id int "
                  "PRIMARY KEY,   name varchar(50));\r\n-- sterna:down\r\nDROP TABLE users;");
  EXPECT_TRUE(engine()->status().up_to_date());
}

TEST_P(Run, AnEditedAppliedMigrationIsRefusedAndRepairTakesIt) {
  engine()->up({Target::Kind::version, "001", 0});
  scenario->write("001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
  const Error error = failure_of([&] { engine()->up({}); });
  EXPECT_EQ(error.kind(), ErrorKind::checksum);
  EXPECT_FALSE(has_table("posts"));
  EXPECT_THAT(engine()->repair(false), SizeIs(1));
  EXPECT_EQ(failure_of([&] { engine()->up({}); }).kind(), ErrorKind::checksum);
  engine()->repair(true);
  EXPECT_THAT(engine()->up({}).applied, SizeIs(2));
}

TEST_P(Run, AFailureNamesPlaceStatementAndState) {
  scenario->write("004_broken.sql",
                  "-- sterna:up\nCREATE TABLE fine (id int PRIMARY KEY);\n\n  INSERT INTO nowhere "
                  "VALUES (1);\n-- sterna:down\n");
  const Error error = failure_of([&] { engine()->up({}); });
  EXPECT_EQ(error.kind(), ErrorKind::schema);
  EXPECT_THAT(error.position().file, HasSubstr("004_broken.sql"));
  EXPECT_EQ(error.position().line, 4);
  EXPECT_THAT(error.statement(), HasSubstr("nowhere"));
  EXPECT_THAT(error.state(), scenario->commits_one_by_one() ? HasSubstr("statements 1 to 1")
                                                            : HasSubstr("nothing was changed"));
  EXPECT_EQ(has_table("fine"), scenario->commits_one_by_one());
}

TEST_P(Run, AFailedMigrationGoesOnAfterItIsMended) {
  scenario->write("004_broken.sql",
                  "CREATE TABLE fine (id int PRIMARY KEY);\nINSERT INTO fine VALUES (1);\nINSERT "
                  "INTO nowhere VALUES (1);\n");
  failure_of([&] { engine()->up({}); });
  scenario->write("004_broken.sql",
                  "CREATE TABLE fine (id int PRIMARY KEY);\nINSERT INTO fine VALUES (1);\nINSERT "
                  "INTO fine VALUES (2);\n");
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+004_broken"));
  EXPECT_EQ(scenario->connect()->query("SELECT count(*) FROM fine").front().get<int>(0), 2);
  EXPECT_TRUE(engine()->status().up_to_date());
}

TEST_P(Run, AnEditOfCommittedStatementsIsSeen) {
  if (!scenario->commits_one_by_one()) return;  // nothing of a failed migration is committed there
  scenario->write("004_broken.sql",
                  "CREATE TABLE fine (id int PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);\n");
  failure_of([&] { engine()->up({}); });
  scenario->write("004_broken.sql", "CREATE TABLE finer (id int PRIMARY KEY);\nSELECT 1;\n");
  EXPECT_EQ(failure_of([&] { engine()->up({}); }).kind(), ErrorKind::checksum);
  EXPECT_FALSE(has_table("finer"));
}

TEST_P(Run, BadInputIsRefusedBeforeAnythingRuns) {
  const auto refused = [&](ErrorKind kind, const std::string& part) {
    const Error error = failure_of([&] { engine()->up({}); });
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(std::string(error.what()) + to_string(error.position()), HasSubstr(part));
    EXPECT_FALSE(has_table("users"));
    EXPECT_FALSE(has_table("sterna_migrations"));
  };
  scenario->write("009_open.sql", "-- sterna:up\nSELECT 'open;\n");
  refused(ErrorKind::validation, "009_open.sql:2:8");
  scenario->write("009_open.sql", "-- sterna:unknown x\nSELECT 1;\n");
  refused(ErrorKind::validation, "009_open.sql:1");
  scenario->write("009_open.sql", "-- sterna:up\nCOMMIT;\n");
  refused(ErrorKind::validation, "009_open.sql:2");
  scenario->write("009_open.sql", "SELECT 1;\n");
  scenario->write("009_twin.sql", "SELECT 1;\n");
  refused(ErrorKind::validation, "009_open.sql");
  std::filesystem::remove(scenario->folder.path() / "migrations" / "009_twin.sql");
  scenario->write("nameless.sql", "SELECT 1;\n");
  refused(ErrorKind::validation, "nameless.sql");
  std::filesystem::remove(scenario->folder.path() / "migrations" / "nameless.sql");
  scenario->write("sterna.sum", "001 users x y\n");
  refused(ErrorKind::checksum, "sterna.sum");
  std::filesystem::remove_all(scenario->folder.path() / "migrations");
  refused(ErrorKind::config, "migrations");
}

TEST_P(Run, OutOfOrderIsRefusedWarnedOrAllowed) {
  engine()->up({});
  scenario->write("000_early.sql", "CREATE TABLE early (id int);\n");
  EXPECT_EQ(failure_of([&] { engine()->up({}); }).kind(), ErrorKind::plan);
  scenario->run.out_of_order = OutOfOrderPolicy::allow;
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+000_early"));
}

TEST_P(Run, DirectivesDecideWhereAMigrationRuns) {
  scenario->write("004_prod.sql",
                  "-- sterna:environment production\nCREATE TABLE prod (id int);\n");
  scenario->write("005_events.sql", "-- sterna:connection events\nCREATE TABLE events (id int);\n");
  const RunResult result = engine()->up({});
  EXPECT_THAT(result.applied, SizeIs(3));
  EXPECT_THAT(result.skipped, ElementsAre(HasSubstr("004_prod"), HasSubstr("005_events")));
  EXPECT_TRUE(engine()->status().up_to_date());
  scenario->run.environment = "production";
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+004_prod"));
}

TEST_P(Run, RepeatableScriptsRunAgainWhenTheyChange) {
  if (!scenario->is_relational()) return;  // it has no plain views
  scenario->write("repeatable/names.sql",
                  "DROP VIEW IF EXISTS names;\nCREATE VIEW names AS SELECT name FROM users;\n");
  EXPECT_THAT(ids(engine()->up({})),
              ElementsAre("+001_users", "+002_posts", "+003_tags", "+repeatable/names"));
  EXPECT_THAT(engine()->up({}).applied, IsEmpty());
  scenario->write("repeatable/names.sql",
                  "DROP VIEW IF EXISTS names;\nCREATE VIEW names AS SELECT id, name FROM users;\n");
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+repeatable/names"));
  EXPECT_TRUE(scenario->connect()->has_column(model::Name("names"), "id"));
}

TEST_P(Run, RepeatableScriptsWithAWayDownMakeRoomForColumnsToGo) {
  if (!scenario->is_relational()) return;  // it has no plain views
  scenario->write("004_email.sql",
                  "-- sterna:up\nALTER TABLE users ADD COLUMN email varchar(50);\n-- "
                  "sterna:down\nALTER TABLE users DROP COLUMN email;\n");
  scenario->write("repeatable/emails.sql",
                  "-- sterna:up\nDROP VIEW IF EXISTS emails;\nCREATE VIEW emails AS SELECT email "
                  "FROM users;\n-- sterna:down\nDROP VIEW emails;\n");
  engine()->up({});
  EXPECT_THAT(ids(engine()->down({Target::Kind::steps, {}, 1})),
              ElementsAre("-repeatable/emails", "-004_email"));
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+004_email", "+repeatable/emails"));
}

TEST_P(Run, ADownWithoutAWayIsRefusedByNameOrSkippedOnRequest) {
  scenario->write("004_one_way.sql", "CREATE TABLE one_way (id int);\n");
  scenario->write("005_never.sql",
                  "-- sterna:reversible never it deletes rows\n-- sterna:up\nCREATE TABLE "
                  "never_back (id int);\n");
  engine()->up({});
  const Error error = failure_of([&] { engine()->down({Target::Kind::steps, {}, 2}); });
  EXPECT_EQ(error.kind(), ErrorKind::plan);
  EXPECT_THAT(error.what(), HasSubstr("005_never has no way down: it deletes rows"));
  EXPECT_THAT(scenario->applied(), SizeIs(5));
  scenario->run.allow_missing_down = true;
  EXPECT_THAT(ids(engine()->down({Target::Kind::steps, {}, 2})),
              ElementsAre("-005_never", "-004_one_way"));
  EXPECT_TRUE(has_table("one_way"));
}

TEST_P(Run, ThePlanIsWhatRuns) {
  std::vector<std::string> planned;
  for (const PlannedMigration& migration : engine()->plan({}, Direction::up)) {
    EXPECT_EQ(migration.error, "");
    for (const PlannedStatement& statement : migration.statements) planned.push_back(statement.sql);
  }
  EXPECT_FALSE(has_table("users"));
  std::vector<std::string> ran;
  const auto running = engine();
  running->on_event([&](const Event& event) {
    if (event.kind == EventKind::statement_finished) ran.push_back(event.text);
  });
  running->up({});
  EXPECT_EQ(ran, planned);
}

TEST_P(Run, ARehearsalLeavesNothing) {
  if (scenario->commits_one_by_one()) {
    EXPECT_EQ(failure_of([&] { engine()->rehearse({}); }).kind(), ErrorKind::plan);
    EXPECT_FALSE(has_table("users"));
    return;
  }
  EXPECT_THAT(engine()->rehearse({}).applied, SizeIs(3));
  EXPECT_FALSE(has_table("users"));
  EXPECT_THAT(scenario->applied(), IsEmpty());
}

TEST_P(Run, OneTransactionForTheRunIsAllOrNothing) {
  if (scenario->commits_one_by_one()) return;  // definitions commit by themselves there
  scenario->run.transaction = RunTransaction::run;
  scenario->write("004_broken.sql", "INSERT INTO nowhere VALUES (1);\n");
  failure_of([&] { engine()->up({}); });
  EXPECT_FALSE(has_table("users"));
  scenario->write("004_broken.sql", "INSERT INTO users VALUES (1, 'Ann');\n");
  EXPECT_THAT(engine()->up({}).applied, SizeIs(4));
  EXPECT_TRUE(has_table("users"));
}

TEST_P(Run, BaselineMarksWithoutRunning) {
  EXPECT_THAT(ids(engine()->baseline("002")), ElementsAre("+001_users", "+002_posts"));
  EXPECT_FALSE(has_table("users"));
  EXPECT_THAT(ids(engine()->up({})), ElementsAre("+003_tags"));
  EXPECT_EQ(failure_of([&] { engine()->baseline("003"); }).kind(), ErrorKind::plan);
}

TEST_P(Run, ResolveSettlesByHand) {
  engine()->resolve("002", Direction::up);
  EXPECT_THAT(scenario->applied(), ElementsAre("002_posts"));
  engine()->resolve("002_posts", Direction::down);
  EXPECT_THAT(scenario->applied(), IsEmpty());
  EXPECT_THAT(engine()->resolve("002", std::nullopt).evidence,
              ElementsAre(HasSubstr("not applied")));
}

TEST_P(Run, SeedsRunInOrderEachByItself) {
  engine()->up({});
  std::filesystem::create_directories(scenario->folder.path() / "seeds");
  write_file_atomically(scenario->folder.path() / "seeds" / "1_a.sql",
                        scenario->spelled("INSERT INTO users VALUES (1, 'Ann');\n"));
  write_file_atomically(
      scenario->folder.path() / "seeds" / "2_b.sql",
      scenario->spelled("INSERT INTO users VALUES (2, 'Bob');\nINSERT INTO nowhere VALUES (1);\n"));
  EXPECT_THAT(failure_of([&] { engine()->seed(); }).state(), HasSubstr("1_a.sql"));
  const int kept =
      scenario->connect()->begin_sql().empty() ? 2 : 1;  // nothing is rolled back there
  EXPECT_EQ(scenario->connect()->query("SELECT count(*) FROM users").front().get<int>(0), kept);
}

TEST_P(Run, AClockCancelsOnTheServer) {
  if (GetParam() == Kind::cql) return;  // no statement of it waits; cql_cluster_test pauses a node
  const std::string slow = Scenario::endless(GetParam());
  scenario->write("004_slow.sql",
                  "-- sterna:timeout 300ms\n-- sterna:up\n" + slow + ";\n-- sterna:down\n");
  const Error error = failure_of([&] { engine()->up({}); });
  EXPECT_EQ(error.kind(), ErrorKind::timeout) << error.what();
  EXPECT_THAT(error.detail(), HasSubstr("004_slow"));
  EXPECT_THAT(scenario->applied(), SizeIs(3));
  if (GetParam() == Kind::postgres) {
    EXPECT_EQ(scenario->connect()
                  ->query("SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                          "'%pg_sleep(600)%' AND pid <> pg_backend_pid() AND state = 'active' "
                          "AND datname = current_database()")
                  .front()
                  .get<int>(0),
              0);
  }
}

TEST_P(Run, WhatACancelCutShortIsNotDone) {
  if (GetParam() != Kind::mysql) return;  // others end such a statement with an error
  for (const std::string slow : {"SELECT SLEEP(600)", "DO SLEEP(600)"}) {
    scenario->write("004_slow.sql",
                    "-- sterna:timeout 300ms\n-- sterna:up\nINSERT INTO users (id, name) VALUES "
                    "(9, 'x');\n" +
                        slow + ";\n-- sterna:down\n");
    const Error error = failure_of([&] { engine()->up({}); });
    EXPECT_EQ(error.kind(), ErrorKind::timeout) << error.what();
    EXPECT_THAT(scenario->applied(), testing::Contains("004_slow (in flight)"));
    EXPECT_THAT(error.state(), HasSubstr("goes on at statement 2"));
    scenario->write("004_slow.sql",
                    "-- sterna:timeout 300ms\n-- sterna:up\nINSERT INTO users (id, name) VALUES "
                    "(9, 'x');\nSELECT 1;\n-- sterna:down\n");
    EXPECT_NO_THROW(engine()->up({}));
    EXPECT_EQ(scenario->connect()->query("SELECT count(*) FROM users WHERE id = 9").size(), 1u);
    scenario->connect()->execute("DELETE FROM users WHERE id = 9");
    engine()->down({});
  }
}

TEST_P(Run, ARequestToStopEndsTheRunCleanly) {
  if (GetParam() == Kind::cql) return;  // no statement of it waits; cql_cluster_test pauses a node
  const std::string slow = Scenario::endless(GetParam());
  scenario->write("004_slow.sql", slow + ";\n");
  const auto running = engine();
  std::thread stopper;
  running->on_event([&](const Event& event) {
    if (event.kind != EventKind::migration_started || event.migration != "004_slow") return;
    stopper = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      running->stop().request();
    });
  });
  const Error error = failure_of([&] { running->up({}); });
  stopper.join();
  EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  EXPECT_THAT(scenario->applied(), SizeIs(3));
  std::filesystem::remove(scenario->folder.path() / "migrations" / "004_slow.sql");
  EXPECT_NO_THROW(engine()->down({}));  // the lock is free
}

TEST_P(Run, AWaiterNamesTheHolderAndGivesUpInTime) {
  const auto holder = scenario->connect();
  const auto locker = holder->locker("sterna_migrations");
  ASSERT_TRUE(locker->try_acquire());
  scenario->run.lock_wait = std::chrono::milliseconds(300);
  std::vector<std::string> waits;
  const auto waiting = engine();
  waiting->on_event([&](const Event& event) {
    if (event.kind == EventKind::lock_wait) waits.push_back(event.text);
  });
  const Error error = failure_of([&] { waiting->up({}); });
  EXPECT_EQ(error.kind(), ErrorKind::lock);
  EXPECT_THAT(waits, Not(IsEmpty()));
  EXPECT_FALSE(has_table("users"));
  locker->release();
  EXPECT_THAT(engine()->up({}).applied, SizeIs(3));
}

TEST_P(Run, ASecondRunWaitsForTheFirstAndFindsNothingToDo) {
  std::vector<std::thread> threads;
  std::atomic<std::size_t> applied{0};
  std::atomic<int> failures{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      try {
        applied += scenario->engine()->up({}).applied.size();
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
        ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(applied, 3u);
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(scenario->connect()->query("SELECT count(*) FROM posts").front().get<int>(0), 1);
}

TEST_P(Run, HistoryTableAndSchemaAreConfigurable) {
  scenario->run.history_table = "my_history";
  if (GetParam() == Kind::postgres) {
    scenario->connect()->execute("CREATE SCHEMA ops");
    scenario->run.history_schema = "ops";
  }
  engine()->up({});
  EXPECT_THAT(engine()->up({}).applied, IsEmpty());
  EXPECT_TRUE(
      scenario->connect()->has_table(model::Name(scenario->run.history_schema, "my_history")));
  EXPECT_FALSE(has_table("sterna_migrations"));
}

TEST_P(Run, DirectoriesAreSortedTogetherOrEachByItself) {
  const std::filesystem::path second = scenario->folder.path() / "more";
  std::filesystem::create_directories(second);
  write_file_atomically(second / "002_other.sql",
                        scenario->spelled("CREATE TABLE other (id int);\n"));
  EngineOptions options = scenario->options();
  options.run.directories = {"migrations", "more"};
  EXPECT_THAT(failure_of([&] { MigrationEngine(EngineOptions(options)).up({}); }).what(),
              HasSubstr("two migrations have the version 002"));
  options.run.separate_directories = true;
  EXPECT_THAT(ids(MigrationEngine(EngineOptions(options)).up({})),
              ElementsAre("+001_users", "+002_posts", "+003_tags", "+002_other"));
}

TEST_P(Run, AChangeIsInvertedOrRefusedWithTheReason) {
  if (!scenario->is_relational()) return;  // it renames no tables and numbers no rows
  EngineOptions options = scenario->options();
  options.definitions = {make_reversible_migration("004_reversible", [](Schema& schema) {
    schema.create_table("made", [](TableBuilder& table) { table.id(); });
    schema.rename_table("tags", "labels");
  })};
  MigrationEngine(EngineOptions(options)).up({});
  EXPECT_TRUE(has_table("made"));
  EXPECT_TRUE(has_table("labels"));
  MigrationEngine(EngineOptions(options)).down({Target::Kind::steps, {}, 1});
  EXPECT_FALSE(has_table("made"));
  EXPECT_TRUE(has_table("tags"));
  options.definitions = {
      make_reversible_migration("005_drop", [](Schema& schema) { schema.drop_table("tags"); })};
  MigrationEngine(EngineOptions(options)).up({});
  EXPECT_FALSE(has_table("tags"));
  // The migrations before it say what the table was.
  MigrationEngine(EngineOptions(options)).down({Target::Kind::steps, {}, 1});
  EXPECT_TRUE(has_table("tags"));
  options.definitions = {make_reversible_migration(
      "006_raw", [](Schema& schema) { schema.raw("UPDATE tags SET id = id"); })};
  MigrationEngine(EngineOptions(options)).up({});
  const Error error = failure_of([&] {
    MigrationEngine(EngineOptions(options)).down({Target::Kind::steps, {}, 1});
  });
  EXPECT_EQ(error.kind(), ErrorKind::plan);
  EXPECT_THAT(error.what(), HasSubstr("UPDATE tags"));
}

TEST_P(Run, AnExceptionOfAMigrationRollsItBack) {
  if (!scenario->is_relational()) return;  // nothing is rolled back there
  EngineOptions options = scenario->options();
  options.definitions = {make_migration("004_throws", [](Schema& schema) {
    schema.create_table("made", [](TableBuilder& table) { table.id(); });
    throw std::runtime_error("no such luck");
  })};
  const Error error = failure_of([&] { MigrationEngine(EngineOptions(options)).up({}); });
  EXPECT_THAT(error.what(), HasSubstr("no such luck"));
  EXPECT_FALSE(has_table("made"));
}

}  // namespace
}  // namespace sterna::test
