// Runs on three nodes of Cassandra: many at once, killed ones, and nodes that stop or stand still.
#include "base/system.hpp"
#include "migration/scenario.hpp"

#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

class CqlCluster : public testing::Test {
 protected:
  static constexpr int count = 3;

  /// What holds as soon as the nodes know each other again.
  template <class Body>
  static auto eventually(Body body, int looks = 300) {
    for (int left = looks;; --left) {
      try {
        return body();
      } catch (const Error&) {
        if (left == 0) throw;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }

  void SetUp() override {
    std::string reason;
    folder_ = cassandra_folder(cassandra_versions().front(), count, reason);
    if (folder_.empty()) {
      if (everything_required()) FAIL() << reason << " (STERNA_REQUIRE_ALL=1)";
      GTEST_SKIP() << reason;
    }
    // One test at a time: they stop nodes under each other.
    lock_ = ::open((folder_ + "/tests").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    ::flock(lock_, LOCK_EX);
    ASSERT_EQ(cassandra_folder(cassandra_versions().front(), count, reason), folder_) << reason;
    for (const std::string& line : split_lines(read_file(folder_ + "/urls")))
      if (line.starts_with("CQL_URL=")) server_ = line.substr(8);
    await_nodes();
    static int number = 0;
    keyspace_ = "cluster_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    connect(parse_url(server_))
        ->execute("CREATE KEYSPACE " + keyspace_ +
                  " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");
    for (int node = 1; node <= count; ++node)
      eventually([&] { return connect(only(node))->alive(); });
  }
  void TearDown() override {
    for (int node = 1; node <= count; ++node) resume(node);
    if (lock_ >= 0) ::close(lock_);
  }

  static std::vector<std::string> split_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
  pid_t pid(int node) const {
    std::ifstream file(folder_ + "/node" + std::to_string(node) + ".pid");
    pid_t result = 0;
    file >> result;
    return result;
  }
  void pause(int node) const { ::kill(pid(node), SIGSTOP); }
  void resume(int node) const {
    if (!folder_.empty()) ::kill(pid(node), SIGCONT);
  }
  void stop(int node) const {
    ::kill(pid(node), SIGKILL);
    while (::kill(pid(node), 0) == 0 && !defunct(pid(node)))
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  static bool defunct(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find(") Z ") != std::string::npos;
  }
  void start_again() const {
    std::string reason;
    ASSERT_EQ(cassandra_folder(cassandra_versions().front(), count, reason), folder_) << reason;
    await_nodes();
  }
  /// A node that has just come up answers before it and the others know of each other.
  void await_nodes() const {
    for (int node = 1; node <= count; ++node) {
      Url url = only(node);
      url.database.clear();
      url.parameters["consistency"] = "all";
      eventually([&] {
        const auto session = connect(url);
        int known = 0;
        for (const Row& row :
             session->query("SELECT schema_version, tokens FROM system.peers_v2")) {
          if (!row[0].is_null() && !row[1].is_null()) ++known;
        }
        if (known < count - 1) throw Error(ErrorKind::timeout, "it does not know the others");
        // Has three replicas; a node that is taken for dead is not asked.
        return session->query("SELECT * FROM system_distributed.view_build_status").size();
      });
    }
  }

  /// Begins to let node 4 join, which lasts for some time.
  void begin_joining() const {
    const ProcessResult begun =
        run_process({std::string(STERNA_SOURCE_DIR) + "/tests/support/cassandra.sh", "join",
                     folder_, cassandra_versions().front(), std::to_string(count + 1)});
    ASSERT_EQ(begun.exit_code, 0) << begun.output;
  }
  /// What the first node has heard of another one by gossip.
  static std::string gossip_of(Connection& first, const std::string& address) {
    for (const Row& row :
         first.query("SELECT address, status_with_port FROM system_views.gossip_info")) {
      if (row.get<std::string>(0).find(address) != std::string::npos && !row[1].is_null())
        return row.get<std::string>(1);
    }
    return {};
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories(files_.path() / "migrations");
    write_file_atomically(files_.path() / "migrations" / name, text);
  }
  void write_migrations(int number) {
    for (int i = 1; i <= number; ++i) {
      const std::string table = "t" + std::to_string(i);
      write("00" + std::to_string(i) + "_" + table + ".cql",
            "CREATE TABLE " + table + " (id int PRIMARY KEY, v int);\nINSERT INTO " + table +
                " (id, v) VALUES (1, 1);\nALTER TABLE " + table + " ADD w text;\n");
    }
  }
  /// With `first` as the node that is spoken to.
  EngineOptions options(int first,
                        const std::map<std::string, std::string>& parameters = {}) const {
    EngineOptions result;
    result.url = parse_url(server_);
    const int port = result.url.hosts[0].port;
    result.url.hosts.clear();
    for (int i = 0; i < count; ++i)
      result.url.hosts.push_back({"127.0.0." + std::to_string((first - 1 + i) % count + 1), port});
    result.url.database = keyspace_;
    result.url.parameters["lease"] = "15s";
    for (const auto& [key, value] : parameters) result.url.parameters[key] = value;
    result.base = files_.path();
    result.run.directories = {"migrations"};
    result.run.registered = false;
    result.run.lock_wait = std::chrono::minutes(4);
    return result;
  }
  Url only(int node) const {
    Url url = options(node).url;
    url.hosts.resize(1);
    return url;
  }
  void up(int first = 1, const std::map<std::string, std::string>& parameters = {}) const {
    MigrationEngine engine(options(first, parameters));
    engine.up({});
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
  static int end_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
  }
  void expect_applied(int number) const {
    MigrationEngine engine(options(1, {{"agreement", "live"}}));
    const std::vector<HistoryRow> rows = engine.history();
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(number));
    std::set<std::int64_t> sequences;
    for (const HistoryRow& row : rows) {
      EXPECT_EQ(row.state, RowState::applied) << row.id();
      sequences.insert(row.sequence);
    }
    EXPECT_EQ(sequences.size(), rows.size()) << "a migration was counted twice";
    for (int i = 1; i <= number; ++i)
      EXPECT_TRUE(engine.connection().has_column(model::Name("t" + std::to_string(i)), "w"));
  }
  std::set<std::string> ids_of(const std::string& table) const {
    std::set<std::string> ids;
    for (int node = 1; node <= count; ++node) {
      for (const Row& row :
           connect(only(node))
               ->query("SELECT id FROM system_schema.tables WHERE keyspace_name = '" + keyspace_ +
                       "' AND table_name = '" + table + "'"))
        ids.insert(row.get<std::string>(0));
    }
    return ids;
  }

  std::string folder_, server_, keyspace_;
  int lock_ = -1;
  TempFolder files_;
};

TEST_F(CqlCluster, TenFirstRunsApplyEveryMigrationOnce) {
  write_migrations(3);
  std::vector<pid_t> children;
  for (int i = 0; i < 10; ++i)
    children.push_back(in_child([&] { up(i % count + 1, {{"lease", "60s"}}); }));
  for (const pid_t child : children) EXPECT_EQ(end_of(child), 0);
  expect_applied(3);
  for (const char* table : {"sterna_migrations", "t1", "t2", "t3"})
    EXPECT_EQ(ids_of(table).size(), 1U) << table;
}

TEST_F(CqlCluster, ARunThatWasKilledIsTakenUpWhenItsLeaseEnds) {
  write_migrations(2);
  for (int statement = 1; statement <= 6; ++statement) {
    const pid_t child = in_child([&] {
      MigrationEngine engine(options(1, {{"lease", "6s"}}));
      int seen = 0;
      engine.on_event([&](const Event& event) {
        if (event.kind == EventKind::statement_started && ++seen == 1 + statement % 3)
          ::kill(::getpid(), SIGKILL);
      });
      engine.up({Target::Kind::steps, {}, 1});
    });
    const int status = end_of(child);
    EXPECT_TRUE(WIFSIGNALED(status) || status == 0) << status;
  }
  up();
  expect_applied(2);
}

TEST_F(CqlCluster, AStoppedNodeIsNamedAndCatchesUp) {
  write_migrations(2);
  up(1);
  write_migrations(3);
  stop(3);
  try {
    up(1);
    ADD_FAILURE() << "it ran without node 3";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.3"));
    EXPECT_THAT(error.state(), HasSubstr("nothing was run"));
  }
  // Doctor looks on where a run refuses, and says what the policy makes of it.
  const auto nodes_of = [&](const char* agreement) {
    const auto session = connect(options(1, {{"agreement", agreement}}).url);
    for (const ServerFinding& finding : session->examine()) {
      if (finding.name == "nodes") return finding;
    }
    return ServerFinding{"nodes", "nothing was said of them"};
  };
  EXPECT_EQ(nodes_of("all").result, ServerFinding::Result::bad);
  EXPECT_THAT(nodes_of("all").text, HasSubstr("127.0.0.3"));
  EXPECT_EQ(nodes_of("live").result, ServerFinding::Result::warning);
  up(1, {{"agreement", "live"}});
  expect_applied(3);
  write_migrations(4);
  start_again();
  up(2);
  expect_applied(4);
  EXPECT_EQ(ids_of("t3").size(), 1U);
}

TEST_F(CqlCluster, ANodeThatStandsStillForAMomentIsWaitedFor) {
  write_migrations(1);
  pause(2);
  std::thread garbage_collected([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));  // more than one look at a node
    resume(2);
  });
  EXPECT_NO_THROW(up(1));
  garbage_collected.join();
  expect_applied(1);
}

TEST_F(CqlCluster, ANodeThatStandsStillDuringADefinitionLeavesNothingTwice) {
  write_migrations(2);
  const std::map<std::string, std::string> hasty{{"request-timeout", "8s"},
                                                 {"agreement-timeout", "12s"}};
  {
    MigrationEngine engine(options(2, hasty));
    int seen = 0;
    engine.on_event([&](const Event& event) {
      if (event.kind == EventKind::statement_started && ++seen == 3) pause(2);
    });
    try {
      engine.up({});
      ADD_FAILURE() << "it ran to its end without node 2";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("127.0.0.2"));
    }
  }
  resume(2);
  up(1);
  expect_applied(2);
  EXPECT_EQ(ids_of("t1").size(), 1U);
}

TEST_F(CqlCluster, ACopyGoesOnWithoutANodeThatIsLost) {
  constexpr int partitions = 200, rows_of_each = 100;
  const auto connection = connect(options(1).url);
  for (const char* table : {"old_rows", "new_rows"})
    connection->execute("CREATE TABLE " + std::string(table) +
                        " (id int, at int, v text, PRIMARY KEY (id, at))");
  for (int id = 0; id < partitions; ++id) {
    std::string batch = "BEGIN UNLOGGED BATCH ";
    for (int at = 0; at < rows_of_each; ++at)
      batch += "INSERT INTO old_rows (id, at, v) VALUES (" + std::to_string(id) + ", " +
               std::to_string(at) + ", 'value');";
    connection->execute(batch + "APPLY BATCH");
  }
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop(3);
  });
  std::int64_t copied = 0;
  EXPECT_NO_THROW(copied = connection->execute("COPY ROWS FROM old_rows TO new_rows"));
  killer.join();
  EXPECT_EQ(copied, partitions * rows_of_each);
  start_again();
}

/// What a node that joins leaves in the table of its peers: addresses, and no tokens yet.
TEST_F(CqlCluster, NothingIsStartedWhileANodeJoinsUnlessThatIsAllowed) {
  write_migrations(2);
  const Url first = only(1);
  const auto node = connect(first);
  struct Joining {
    explicit Joining(Connection& session) : node(session) {}
    Connection& node;
    ~Joining() {
      try {
        node.execute("DELETE FROM system.peers_v2 WHERE peer = '127.0.0.9' AND peer_port = 7000");
      } catch (const Error&) {  // the cluster is gone
      }
    }
  };
  auto joining = std::make_unique<Joining>(*node);
  node->execute(
      "INSERT INTO system.peers_v2 (peer, peer_port, native_address, native_port, data_center) "
      "VALUES ('127.0.0.9', 7000, '127.0.0.9', " +
      std::to_string(first.hosts[0].port) + ", 'datacenter1')");
  try {
    up(1);
    ADD_FAILURE() << "it ran while a node joined";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::refused);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.9"));
    EXPECT_THAT(error.what(), HasSubstr("joins"));
    EXPECT_THAT(error.state(), HasSubstr("nothing was run"));
  }
  EXPECT_FALSE(node->has_table(model::Name("sterna_migrations")));
  up(1, {{"moving-nodes", "allow"}});
  expect_applied(2);
  joining.reset();
  write_migrations(3);
  up(1);
  expect_applied(3);
}

TEST_F(CqlCluster, ARealNodeThatJoinsHoldsRunsBack) {
  write_migrations(2);
  const Url first = only(1);
  const auto node = connect(first);
  struct Fourth {
    pid_t process;
    ~Fourth() {
      if (process > 0) ::kill(process, SIGKILL);
    }
  };
  begin_joining();
  const Fourth fourth{pid(count + 1)};
  ASSERT_GT(fourth.process, 0);
  eventually(
      [&] {
        if (!gossip_of(*node, "127.0.0.4").starts_with("BOOT"))
          throw Error(ErrorKind::timeout, "node 4 does not join");
        return 0;
      },
      900);
  try {
    up(1);
    ADD_FAILURE() << "it ran while node 4 joined";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::refused);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.4 (joins)"));
    EXPECT_THAT(error.state(), HasSubstr("nothing was run"));
  }
  EXPECT_FALSE(node->has_table(model::Name("sterna_migrations")));
  up(1, {{"moving-nodes", "allow"}});
  EXPECT_TRUE(gossip_of(*node, "127.0.0.4").starts_with("BOOT")) << "it still joins";
  expect_applied(2);
  // One that gave up is forgotten by the others.
  ::kill(fourth.process, SIGKILL);
  write_migrations(3);
  eventually([&] {
    up(1);
    return 0;
  });
  expect_applied(3);
}

/// Rules CQ116, CQ119, CQ120 and CQ124 of lint: what happens to rows when a node is lost.
TEST_F(CqlCluster, LintIsRightAboutNodesThatAreLost) {
  constexpr int number = 60;
  const std::string one = keyspace_ + "_one", fleeting = keyspace_ + "_fleeting";
  const auto session = connect(options(1).url);
  for (const auto& [keyspace, durable] : {std::pair{one, "true"}, std::pair{fleeting, "false"}})
    session->execute("CREATE KEYSPACE " + keyspace +
                     " WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1} "
                     "AND durable_writes = " +
                     durable);
  for (const std::string& keyspace : {keyspace_, one, fleeting}) {
    session->execute("CREATE TABLE " + keyspace + ".facts (id int PRIMARY KEY)");
    for (int id = 0; id < number; ++id)
      session->execute("INSERT INTO " + keyspace + ".facts (id) VALUES (" + std::to_string(id) +
                       ")");
  }
  for (const auto& [table, grace] : {std::pair{"hasty", "0"}, std::pair{"patient", "864000"}}) {
    session->execute(std::string("CREATE TABLE ") + table +
                     " (id int PRIMARY KEY) WITH gc_grace_seconds = " + grace);
    session->execute(std::string("INSERT INTO ") + table + " (id) VALUES (1)");
  }
  // A session that waited in vain is over: each question has its own.
  const auto fresh = [&](const char* consistency) {
    return connect(options(1, {{"consistency", consistency}, {"request-timeout", "4s"}}).url);
  };
  const auto count_of = [&](const std::string& keyspace) {
    return fresh("local_quorum")
        ->query("SELECT count(*) FROM " + keyspace + ".facts")
        .at(0)
        .get<int>(0);
  };
  std::this_thread::sleep_for(std::chrono::seconds(11));  // commitlog_sync_period
  stop(3);
  // One replica: what lay there cannot be read. Three: nothing is missing.
  EXPECT_THROW(count_of(one), Error);
  EXPECT_EQ(eventually([&] { return count_of(keyspace_); }), number);
  EXPECT_THROW(fresh("local_quorum")->execute("TRUNCATE facts"), Error);
  EXPECT_EQ(eventually([&] { return count_of(keyspace_); }), number);
  for (const char* table : {"hasty", "patient"}) {
    eventually([&] {
      return fresh("local_quorum")->execute(std::string("DELETE FROM ") + table + " WHERE id = 1");
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(2));
  start_again();
  // A crash takes what was not flushed, unless the commit log has it.
  EXPECT_EQ(eventually([&] { return count_of(one); }), number);
  EXPECT_LT(eventually([&] { return count_of(fleeting); }), number);
  // The tombstones are gone before node 3 has heard of them: it brings the row back.
  const auto rows_of = [&](const char* table) {
    return eventually(
        [&] { return fresh("all")->query(std::string("SELECT id FROM ") + table).size(); });
  };
  EXPECT_EQ(rows_of("patient"), 0U);
  EXPECT_EQ(rows_of("hasty"), 1U);
  for (const std::string& keyspace : {one, fleeting})
    fresh("local_quorum")->execute("DROP KEYSPACE " + keyspace);
}

}  // namespace
}  // namespace sterna::test
