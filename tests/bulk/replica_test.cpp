// Backfills wait for replicas: two real servers, of which one copies from the other.
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "bulk/bulk_scenario.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <chrono>

namespace sterna::test {
namespace {

/// A primary and its replica. One pair at a time: they have a folder.
class Pair {
 public:
  Pair() {
    primary_ = start("primary", {"--server-id=1", "--log-bin=primary", "--log-basename=primary"});
    replica_ = start("replica", {"--server-id=2"});
    if (!reason_.empty()) return;
    // Both servers made their users themselves.
    sterna::connect(parse_url(primary_))->execute("RESET MASTER");
    const auto session = sterna::connect(parse_url(replica_));
    session->execute("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = " +
                     std::to_string(parse_url(primary_).hosts.front().port) +
                     ", MASTER_USER = 'sterna', MASTER_USE_GTID = slave_pos");
    session->execute("START SLAVE");
  }
  ~Pair() {
    for (const char* role : {"primary", "replica"}) run_process({script(), "stop", folder(role)});
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  const std::string& reason() const { return reason_; }
  const std::string& primary() const { return primary_; }
  const std::string& replica() const { return replica_; }

 private:
  static std::string script() {
    return std::string(STERNA_SOURCE_DIR) + "/tests/support/servers.sh";
  }
  static std::string folder(const std::string& role) {
    return std::string(STERNA_BINARY_DIR) + "/test-servers-" + role;
  }

  std::string start(const std::string& role, const std::vector<std::string>& options) {
    run_process({script(), "stop", folder(role)});  // what a test that was killed left
    std::vector<std::string> command{script(), "start-mariadb", folder(role)};
    command.insert(command.end(), options.begin(), options.end());
    const ProcessResult started = run_process(command);
    if (started.exit_code != 0) throw std::runtime_error(started.output);
    for (const std::string& line : split(read_file(folder(role) + "/urls"), '\n')) {
      if (line.starts_with("MYSQL_URL=")) return line.substr(line.find('=') + 1);
      if (line.starts_with("MYSQL_MISSING=")) reason_ = line.substr(line.find('=') + 1);
    }
    return {};
  }

  struct Turn {
    Turn() : file(::open((folder("pair") + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
      ::flock(file, LOCK_EX);
    }
    ~Turn() { ::close(file); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    int file;
  };

  Turn turn_;
  std::string primary_, replica_, reason_;
};

class Replicated : public testing::Test {
 protected:
  static void TearDownTestSuite() { pair_.reset(); }

  // Not for the suite as a whole: tests whose suite could not be set up count as skipped.
  void SetUp() override {
    if (!pair_) pair_ = std::make_unique<Pair>();
    if (!pair_->reason().empty()) {
      if (everything_required()) FAIL() << pair_->reason();
      GTEST_SKIP() << pair_->reason();
    }
    const auto session = sterna::connect(parse_url(pair_->primary()));
    session->execute("DROP DATABASE IF EXISTS shop");
    session->execute("CREATE DATABASE shop");
    database_ = sterna::connect(url());
    database_->execute("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)");
    database_->execute("INSERT INTO users (id) SELECT n FROM " + numbers(3));
    std::filesystem::create_directories(folder_.path() / "migrations");
    write_file_atomically(folder_.path() / "migrations/001_count.sql",
                          "-- sterna:backfill batch=100 max-lag=1s\nUPDATE users SET n = n + 1;\n");
    replica_ = sterna::connect(parse_url(pair_->replica()));
    replica_->execute("STOP SLAVE");
    replica_->execute("CHANGE MASTER TO MASTER_DELAY = 0");
    replica_->execute("START SLAVE");
    wait_until([&] { return rows_of_replica() == 1000; });
  }

  static Url url() { return parse_url(pair_->primary() + "shop"); }

  std::int64_t rows_of_replica(const std::string& condition = "true") {
    try {
      return replica_->query("SELECT count(*) FROM shop.users WHERE " + condition)
          .front()
          .get<std::int64_t>(0);
    } catch (const Error&) {  // not there yet
      return -1;
    }
  }

  static void wait_until(const std::function<bool()>& true_now) {
    for (int i = 0; i < 1200 && !true_now(); ++i) ::usleep(50'000);
    ASSERT_TRUE(true_now());
  }

  /// Runs the migration; `at` is called for each event.
  void run(const std::vector<std::string>& replicas, const std::function<void(const Event&)>& at) {
    EngineOptions options;
    options.url = url();
    options.base = folder_.path();
    options.run.directories = {"migrations"};
    options.run.registered = false;
    options.run.replicas = replicas;
    MigrationEngine engine(std::move(options));
    engine.on_event([&](const Event& event) {
      events_.push_back(std::string(to_string(event.kind)) + ": " + event.text);
      at(event);
    });
    engine.up({});
  }

  std::size_t index_of(std::string_view text) const {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].find(text) != std::string::npos) return i;
    }
    return events_.size();
  }

  static std::unique_ptr<Pair> pair_;
  TempFolder folder_;
  std::unique_ptr<Connection> database_, replica_;
  std::vector<std::string> events_;
};

std::unique_ptr<Pair> Replicated::pair_;

TEST_F(Replicated, ABackfillBeginsWhenAStoppedReplicaCopiesAgain) {
  replica_->execute("STOP SLAVE SQL_THREAD");
  run({pair_->replica()}, [&](const Event& event) {
    if (event.text.find("has stopped to copy") != std::string::npos)
      replica_->execute("START SLAVE SQL_THREAD");
  });
  ASSERT_LT(index_of("waiting: replica"), index_of("going on after"))
      << testing::PrintToString(events_);
  EXPECT_LT(index_of("going on after"), index_of("progress: users"))
      << "a batch was run while the replica stood still";
  wait_until([&] { return rows_of_replica("n = 1") == 1000; });
}

TEST_F(Replicated, ABackfillWaitsWhileAReplicaIsBehind) {
  replica_->execute("STOP SLAVE");
  replica_->execute("CHANGE MASTER TO MASTER_DELAY = 3600");
  replica_->execute("START SLAVE");
  database_->execute("INSERT INTO users (id) VALUES (5000)");
  // It has received the row and holds it back.
  wait_until([&] {
    const Rows rows = replica_->query("SHOW SLAVE STATUS");
    const Row& row = rows.front();
    return !row["Seconds_Behind_Master"].is_null() &&
           row.get<std::int64_t>("Seconds_Behind_Master") >= 2;
  });
  run({pair_->replica()}, [&](const Event& event) {
    if (event.text.find(" behind") == std::string::npos) return;
    EXPECT_EQ(
        database_->query("SELECT count(*) FROM users WHERE n > 0").front().get<std::int64_t>(0), 0);
    replica_->execute("STOP SLAVE");
    replica_->execute("CHANGE MASTER TO MASTER_DELAY = 0");
    replica_->execute("START SLAVE");
  });
  EXPECT_LT(index_of(" behind"), index_of("going on after")) << testing::PrintToString(events_);
  wait_until([&] { return rows_of_replica("n = 1") == 1001; });
}

TEST_F(Replicated, AServerThatIsNoReplicaIsRefusedBeforeAnythingRuns) {
  try {
    run({pair_->primary()}, [](const Event&) {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_NE(std::string(error.what()).find("copies from no other"), std::string::npos);
  }
  EXPECT_EQ(database_->query("SELECT count(*) FROM users WHERE n > 0").front().get<std::int64_t>(0),
            0);
  EXPECT_EQ(database_->query("SELECT count(*) FROM sterna_migrations").front().get<std::int64_t>(0),
            0);
}

TEST_F(Replicated, AReplicaThatDoesNotAnswerIsRefusedBeforeAnythingRuns) {
  try {
    run({"mysql://sterna:hunter2@127.0.0.1:1/"}, [](const Event&) {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_TRUE(holds(error.suggestions(), "is named by `replicas`"));
    EXPECT_EQ(testing::PrintToString(error.suggestions()).find("hunter2"), std::string::npos);
  }
  EXPECT_EQ(database_->query("SELECT count(*) FROM sterna_migrations").front().get<std::int64_t>(0),
            0);
}

TEST(ReplicaOfPostgres, ThatIsNoneIsRefusedBeforeAnythingRuns) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  BulkScenario scenario(Kind::postgres);
  scenario.make_users(10);
  scenario.write("001_count.sql", "-- sterna:backfill\nUPDATE users SET n = n + 1;\n");
  static_cast<Scenario&>(scenario).run.replicas = {scenario.database.url()};
  try {
    scenario.engine()->up({});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config) << error.what();
  }
  EXPECT_TRUE(scenario.applied().empty());
}

}  // namespace
}  // namespace sterna::test
