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

std::string script() { return std::string(STERNA_SOURCE_DIR) + "/tests/support/servers.sh"; }
std::string folder_of(const std::string& role) {
  return std::string(STERNA_BINARY_DIR) + "/test-servers-" + role;
}

/// One pair of servers of a kind at a time: they have their folders.
struct Turn {
  explicit Turn(const std::string& kind)
      : file(::open((folder_of(kind) + ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    ::flock(file, LOCK_EX);
  }
  ~Turn() { ::close(file); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  int file;
};

/// Servers of their own in the folder of `role`, until it goes.
class Started {
 public:
  Started(const std::string& role, const std::string& action,
          const std::vector<std::string>& options = {})
      : folder_(folder_of(role)) {
    run_process({script(), "stop", folder_});  // what a test that was killed left
    std::vector<std::string> command{script(), action, folder_};
    command.insert(command.end(), options.begin(), options.end());
    const ProcessResult started = run_process(command);
    if (started.exit_code != 0) throw std::runtime_error(started.output);
    for (const std::string& line : split(read_file(folder_ + "/urls"), '\n')) {
      if (const std::size_t at = line.find('='); at != std::string::npos)
        known_[line.substr(0, at)] = line.substr(at + 1);
    }
  }
  ~Started() { run_process({script(), "stop", folder_}); }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  std::string operator[](const std::string& key) const {
    const auto found = known_.find(key);
    return found == known_.end() ? std::string() : found->second;
  }

 private:
  std::string folder_;
  std::map<std::string, std::string> known_;
};

/// Two servers, of which one copies from the other.
class Pair {
 public:
  virtual ~Pair() = default;
  std::string primary, replica, missing;
};

class MariadbPair : public Pair {
 public:
  MariadbPair() {
    missing = primary_["MYSQL_MISSING"];
    if (!missing.empty()) return;
    primary = primary_["MYSQL_URL"];
    replica = replica_["MYSQL_URL"];
    // Both servers made their users themselves.
    sterna::connect(parse_url(primary))->execute("RESET MASTER");
    const auto session = sterna::connect(parse_url(replica));
    session->execute("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = " +
                     std::to_string(parse_url(primary).hosts.front().port) +
                     ", MASTER_USER = 'sterna', MASTER_USE_GTID = slave_pos");
    session->execute("START SLAVE");
  }

 private:
  Turn turn_{"pair"};
  Started primary_{
      "primary", "start-mariadb", {"--server-id=1", "--log-bin=primary", "--log-basename=primary"}};
  Started replica_{"replica", "start-mariadb", {"--server-id=2"}};
};

class PostgresPair : public Pair {
 public:
  PostgresPair() {
    missing = servers_["POSTGRES_MISSING"];
    primary = servers_["POSTGRES_URL"];
    replica = servers_["STANDBY_URL"];
  }

 private:
  Turn turn_{"standby"};
  Started servers_{"standby", "start-standby"};
};

/// Runs of a backfill that is told of replicas.
class WithReplica : public testing::Test {
 protected:
  // Not for the suite as a whole: tests whose suite could not be set up count as skipped.
  template <class Servers>
  void begin(std::unique_ptr<Pair>& pair) {
    if (!pair) pair = std::make_unique<Servers>();
    if (!pair->missing.empty()) {
      if (everything_required()) FAIL() << pair->missing;
      GTEST_SKIP() << pair->missing;
    }
    std::filesystem::create_directories(folder_.path() / "migrations");
    write_file_atomically(folder_.path() / "migrations/001_count.sql",
                          "-- sterna:backfill batch=100 max-lag=1s\nUPDATE users SET n = n + 1;\n");
  }

  void make_users(const Url& url) {
    url_ = url;
    database_ = sterna::connect(url);
    database_->execute("CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)");
    database_->execute("INSERT INTO users (id) SELECT n FROM " + numbers(3));
  }

  std::int64_t count(Connection& connection, const std::string& from) {
    try {
      return connection.query("SELECT count(*) FROM " + from).front().get<std::int64_t>(0);
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
    options.url = url_;
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

  TempFolder folder_;
  Url url_;
  std::unique_ptr<Connection> database_, replica_;
  std::vector<std::string> events_;
};

class Replicated : public WithReplica {
 protected:
  static void TearDownTestSuite() { pair_.reset(); }

  void SetUp() override {
    begin<MariadbPair>(pair_);
    if (IsSkipped() || HasFatalFailure()) return;
    const auto session = sterna::connect(parse_url(pair_->primary));
    session->execute("DROP DATABASE IF EXISTS shop");
    session->execute("CREATE DATABASE shop");
    make_users(parse_url(pair_->primary + "shop"));
    replica_ = sterna::connect(parse_url(pair_->replica));
    replica_->execute("STOP SLAVE");
    replica_->execute("CHANGE MASTER TO MASTER_DELAY = 0");
    replica_->execute("START SLAVE");
    wait_until([&] { return rows_of_replica() == 1000; });
  }

  std::int64_t rows_of_replica(const std::string& condition = "true") {
    return count(*replica_, "shop.users WHERE " + condition);
  }

  static std::unique_ptr<Pair> pair_;
};

std::unique_ptr<Pair> Replicated::pair_;

TEST_F(Replicated, ABackfillBeginsWhenAStoppedReplicaCopiesAgain) {
  replica_->execute("STOP SLAVE SQL_THREAD");
  run({pair_->replica}, [&](const Event& event) {
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
  run({pair_->replica}, [&](const Event& event) {
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
    run({pair_->primary}, [](const Event&) {});
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

class Standby : public WithReplica {
 protected:
  static void TearDownTestSuite() { pair_.reset(); }

  void SetUp() override {
    begin<PostgresPair>(pair_);
    if (IsSkipped() || HasFatalFailure()) return;
    const auto session = sterna::connect(parse_url(pair_->primary));
    session->execute("DROP TABLE IF EXISTS users, sterna_migrations");
    make_users(parse_url(pair_->primary));
    replica_ = sterna::connect(parse_url(pair_->replica));
    source_ =
        replica_->query("SELECT current_setting('primary_conninfo')").front().get<std::string>(0);
    wait_until([&] { return count(*replica_, "users") == 1000; });
  }

  /// Empty: it receives from nobody.
  void receive_from(const std::string& source) {
    replica_->execute("ALTER SYSTEM SET primary_conninfo = " +
                      replica_->dialect().literal(Value(source)));
    replica_->execute("SELECT pg_reload_conf()");
  }

  static std::unique_ptr<Pair> pair_;
  std::string source_;
};

std::unique_ptr<Pair> Standby::pair_;

TEST_F(Standby, ABackfillWaitsWhileItIsBehind) {
  replica_->execute("SELECT pg_wal_replay_pause()");
  database_->execute("INSERT INTO users (id) VALUES (5000)");
  database_->execute("SELECT pg_sleep(2)");
  run({pair_->replica}, [&](const Event& event) {
    if (event.text.find(" behind") == std::string::npos) return;
    EXPECT_EQ(count(*database_, "users WHERE n > 0"), 0);
    replica_->execute("SELECT pg_wal_replay_resume()");
  });
  EXPECT_LT(index_of(" behind"), index_of("going on after")) << testing::PrintToString(events_);
  EXPECT_LT(index_of("going on after"), index_of("progress: users"));
  wait_until([&] { return count(*replica_, "users WHERE n = 1") == 1001; });
}

TEST_F(Standby, ABackfillBeginsWhenOneThatReceivedNothingDoesAgain) {
  receive_from("");
  wait_until([&] { return count(*replica_, "pg_stat_wal_receiver") == 0; });
  run({pair_->replica}, [&](const Event& event) {
    if (event.text.find("has stopped to copy") != std::string::npos) receive_from(source_);
  });
  EXPECT_LT(index_of("waiting: replica"), index_of("going on after"))
      << testing::PrintToString(events_);
  EXPECT_LT(index_of("going on after"), index_of("progress: users"));
  wait_until([&] { return count(*replica_, "users WHERE n = 1") == 1000; });
}

TEST_F(Standby, ABackfillDoesNotWaitForOneThatKeepsUp) {
  write_file_atomically(folder_.path() / "migrations/001_count.sql",
                        "-- sterna:backfill batch=100 max-lag=1h\nUPDATE users SET n = n + 1;\n");
  run({pair_->replica}, [](const Event&) {});
  EXPECT_EQ(index_of("waiting"), events_.size()) << testing::PrintToString(events_);
  wait_until([&] { return count(*replica_, "users WHERE n = 1") == 1000; });
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
