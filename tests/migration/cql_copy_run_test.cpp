// Copies and walks of big tables as steps of migrations: killed in the middle, taken up, fenced.
#include "migration/scenario.hpp"

#include <sterna/sterna.hpp>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

constexpr int partitions = 500, rows_of_each = 200;

struct CqlBigTable : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    scenario = std::make_unique<Scenario>(Kind::cql);
    scenario->run.lock_wait = std::chrono::minutes(2);
    connection = scenario->connect();
    connection->execute(
        "CREATE TABLE readings (sensor int, at int, value text, PRIMARY KEY (sensor, at))");
    connection->execute(
        "CREATE TABLE readings_new (sensor int, at int, value text, PRIMARY KEY (sensor, at)) "
        "WITH CLUSTERING ORDER BY (at DESC)");
  }
  /// By batches within one partition, over several sessions.
  void fill() const {
    constexpr int sessions = 4;
    std::vector<std::thread> threads;
    for (int number = 0; number < sessions; ++number) {
      threads.emplace_back([&, number] {
        const auto session = scenario->connect();
        for (int sensor = number; sensor < partitions; sensor += sessions) {
          std::string batch = "BEGIN UNLOGGED BATCH ";
          for (int at = 0; at < rows_of_each; ++at)
            batch += "INSERT INTO readings (sensor, at, value) VALUES (" + std::to_string(sensor) +
                     ", " + std::to_string(at) + ", 'value " + std::to_string(at * sensor) + "');";
          session->execute(batch + "APPLY BATCH");
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  template <class Body>
  static pid_t in_child(Body body) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      body();
      ::_exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      ::_exit(1);
    }
  }
  /// What Sterna keeps of copies that are not done.
  std::vector<std::string> kept() const {
    std::vector<std::string> result;
    try {
      for (const Row& row : connection->query(
               "SELECT step_cursor FROM sterna_migrations WHERE run = 'all' AND scope = "
               "'\xF4\x8F\xBF\xBD'"))
        if (!row[0].is_null()) result.push_back(row.get<std::string>(0));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::schema) throw;  // the run has not made it yet
    }
    return result;
  }
  static std::int64_t rows_in(const std::string& cursor) {
    std::int64_t begun = 0, runs = 0, rows = 0;
    std::istringstream(cursor) >> begun >> runs >> rows;
    return rows;
  }
  std::unique_ptr<Scenario> scenario;
  std::unique_ptr<Connection> connection;
};

TEST_F(CqlBigTable, ACopyThatIsKilledInTheMiddleGoesOnThere) {
  fill();
  scenario->write("001_copy.cql", "COPY ROWS FROM readings TO readings_new;\n");
  const pid_t child = in_child([&] { scenario->engine()->up({}); });
  std::int64_t before = 0;
  for (int left = 1200; left > 0 && before == 0; --left) {
    for (const std::string& cursor : kept()) before = rows_in(cursor);
    if (before == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << "it was done before it was killed";
  ASSERT_GT(before, 0);
  ASSERT_LT(before, partitions * rows_of_each);
  scenario->end_lease();
  std::vector<std::string> notices;
  {
    const auto engine = scenario->engine();
    engine->on_event([&](const Event& event) {
      if (event.kind == EventKind::notice) notices.push_back(event.text);
    });
    engine->up({});
  }
  EXPECT_THAT(notices, testing::Contains(HasSubstr("rows were copied before")));
  EXPECT_THAT(notices,
              testing::Contains(AllOf(
                  HasSubstr("both have " + std::to_string(partitions * rows_of_each) + " rows"),
                  HasSubstr("checksum"))));
  EXPECT_EQ(scenario->applied(), std::vector<std::string>{"001_copy"});
  EXPECT_TRUE(kept().empty()) << "the copy is done";
  EXPECT_EQ(connection->query("SELECT count(*) FROM readings_new").front().get<int>(0),
            partitions * rows_of_each);
}

TEST_F(CqlBigTable, ACopyWhoseLockWasTakenOverEnds) {
  fill();
  scenario->write("001_copy.cql", "COPY ROWS FROM readings TO readings_new;\n");
  const pid_t child = in_child([&] {
    try {
      scenario->engine()->up({});
    } catch (const Error& error) {
      ::_exit(error.kind() == ErrorKind::lock ? 7 : 1);
    }
  });
  for (int left = 1200; left > 0 && kept().empty(); --left)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  connection->execute(
      "UPDATE sterna_migrations SET lock_owner = 'another', lock_fence = 1000 WHERE run = 'all' IF "
      "EXISTS");
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(CqlBigTable, AWalkSeesEachRowAndGoesOnBehindACursorThatWasKept) {
  fill();
  Database database(scenario->database.url());
  std::set<std::pair<int, int>> seen;
  std::size_t most = 0;
  const auto note = [&](const Rows& rows) {
    for (const Row& row : rows) seen.insert({row.get<int>("sensor"), row.get<int>("at")});
    most = std::max(most, rows.size());
  };
  std::string cursor;
  ChunkOptions options;
  options.at = [&](const std::string& at) { cursor = at; };
  const auto until_enough = [&](const Rows& rows) {
    note(rows);
    return seen.size() < 30000;
  };
  database.table("readings").chunk(500, until_enough, options);
  const std::size_t first = seen.size();
  EXPECT_GE(first, 30000U);
  EXPECT_LT(first, 40000U);
  options.from = cursor;
  std::size_t again = 0;
  const auto the_rest = [&](const Rows& rows) {
    again += rows.size();
    note(rows);
  };
  database.table("readings").chunk(500, the_rest, options);
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(partitions) * rows_of_each);
  EXPECT_LE(most, 500U);
  EXPECT_LE(again, partitions * rows_of_each - first + 64U * rows_of_each)
      << "only partitions that were not finished come again";
  options.from = cursor;
  const auto nothing = [](const Rows&) { FAIL() << "it was at the end"; };
  database.table("readings").chunk(500, nothing, options);
}

TEST_F(CqlBigTable, AWalkWhoseLastPageIsFullIsAtItsEnd) {
  connection->execute("INSERT INTO readings (sensor, at) VALUES (1, 1)");
  Database database(scenario->database.url());
  std::vector<std::string> cursors;
  ChunkOptions options;
  options.at = [&](const std::string& at) { cursors.push_back(at); };
  std::size_t rows_seen = 0;
  const auto count = [&](const Rows& rows) {
    EXPECT_FALSE(rows.empty());
    rows_seen += rows.size();
  };
  database.table("readings").chunk(1, count, options);
  ASSERT_FALSE(cursors.empty());
  options.from = cursors.back();
  database.table("readings").chunk(1, count, options);
  EXPECT_EQ(rows_seen, 1U) << "it came again from " << options.from;
}

TEST_F(CqlBigTable, AChunkedStepThatIsKilledLeavesNoRowOut) {
  connection->execute("CREATE TABLE doubled (sensor int, at int, PRIMARY KEY (sensor, at))");
  for (int sensor = 0; sensor < 100; ++sensor)
    for (int at = 0; at < 3; ++at)
      connection->execute("INSERT INTO readings (sensor, at) VALUES (" + std::to_string(sensor) +
                          ", " + std::to_string(at) + ")");
  const auto run = [&](int die_at) {
    int statements = 0;
    RunnerOptions run_options = scenario->run;
    run_options.registered = false;
    Runner runner(scenario->database.url(),
                  {make_migration(
                      "001_walk",
                      [](Schema& schema) {
                        schema.table("readings")
                            .where("at", ">", 0)
                            .allow_filtering()
                            .chunk(7, [&](const Rows& rows) {
                              for (const Row& row : rows)
                                schema.table("doubled").insert({{"sensor", row.get<int>("sensor")},
                                                                {"at", row.get<int>("at")}});
                            });
                      },
                      [](Schema&) {})},
                  run_options);
    runner.on_event([&](const Event& event) {
      if (event.kind == EventKind::statement_started && ++statements == die_at)
        ::kill(::getpid(), SIGKILL);
    });
    runner.up();
  };
  for (const int die_at : {3, 60, 100}) {
    const pid_t child = in_child([&] { run(die_at); });
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    scenario->end_lease();
  }
  run(0);
  EXPECT_EQ(connection->query("SELECT count(*) FROM doubled").front().get<int>(0), 200);
}

}  // namespace
}  // namespace sterna::test
