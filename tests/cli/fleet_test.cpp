// The same migrations on many databases and schemas, by the command.
#include "cli/fleet_fixture.hpp"
#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mutex>
#include <sstream>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

TEST_F(FleetCommand, ThousandFilesAreMigratedAndASecondRunHasNothingToDo) {
  migrations();
  std::filesystem::create_directories(folder.path() / "data");
  std::string names;
  for (int i = 0; i < 1000; ++i) names += "tenant" + std::to_string(i) + "\n";
  write("tenants.txt", "# who\n" + names);
  write("sterna.toml",
        "[fleet.tenants]\nfile = \"tenants.txt\"\nurl = \"sqlite:data/{name}.db\"\n");
  const nlohmann::json first = json({"up", "--fleet", "tenants", "--jobs", "16"});
  EXPECT_EQ(first["done"], 1000);
  EXPECT_EQ(first["failed"], 0);
  for (const auto& target : first["targets"]) {
    ASSERT_EQ(target["applied_now"].size(), 2U) << target;
    ASSERT_EQ(target["pending"], 0);
  }
  const CommandResult second = run({"up", "--fleet", "tenants"});
  EXPECT_EQ(second.exit_code, 0);
  EXPECT_THAT(second.err, HasSubstr("1000 targets: 0 migrated, 1000 had nothing to do"));
  EXPECT_EQ(run({"status", "--fleet", "tenants", "--check"}).exit_code, 0);
}

TEST_F(FleetCommand, FiveHundredSchemasAreMigratedAtOnce) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase place(Kind::postgres);
  migrations();
  {
    const auto connection = connect(parse_url(place.url()));
    connection->execute("CREATE TABLE tenants (name text)");
    connection->execute(
        "DO $$ BEGIN FOR i IN 1..500 LOOP EXECUTE format('CREATE SCHEMA %I', 'tenant ' || i); "
        "INSERT "
        "INTO tenants VALUES ('tenant ' || i); END LOOP; END $$");
  }
  write("sterna.toml", "url = \"" + place.url() +
                           "\"\n[fleet.tenants]\nquery = \"SELECT name FROM tenants ORDER BY "
                           "name\"\nschema = \"{name}\"\n");
  const nlohmann::json result = json({"up", "--fleet", "tenants", "--jobs", "8"});
  EXPECT_EQ(result["done"], 500) << result.dump().substr(0, 600);
  const auto connection = connect(parse_url(place.url()));
  EXPECT_EQ(
      connection
          ->query("SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'tenant %' AND tablename "
                  "IN ('users', 'posts', 'sterna_migrations')")
          .front()
          .get<int>(0),
      1500);
}

TEST_F(FleetCommand, AFailureStaysWithItsTargetAndTheNextRunGoesOnThere) {
  migrations();
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"c\"]\nurl = \"sqlite:{name}.db\"\n");
  spoil("b.db");
  const CommandResult first = run({"up", "--fleet", "some", "--report", "report.json"});
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_THAT(first.err, HasSubstr("failed b: "));
  EXPECT_THAT(first.err, HasSubstr("3 targets: 2 migrated, 0 had nothing to do, 1 failed"));
  const auto report = nlohmann::json::parse(read_file(folder.path() / "report.json"));
  EXPECT_EQ(report["targets"][1]["state"], "failed");
  EXPECT_EQ(report["targets"][2]["state"], "done");
  connect(parse_url("sqlite:" + (folder.path() / "b.db").string()))->execute("DROP TABLE posts");
  const nlohmann::json second = json({"up", "--fleet", "some"});
  EXPECT_EQ(second["done"], 3);
  EXPECT_EQ(second["targets"][0]["applied_now"].size(), 0U);
  EXPECT_EQ(second["targets"][1]["applied_now"].size(), 1U);
}

TEST_F(FleetCommand, ACanaryThatDiesKeepsTheOthersAsTheyAre) {
  migrations();
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"c\", \"d\"]\nurl = \"sqlite:{name}.db\"\n");
  spoil("b.db");
  const nlohmann::json result = json({"up", "--fleet", "some", "--canary", "2"});
  EXPECT_EQ(result["failed"], 1);
  EXPECT_EQ(result["left_out"], 2);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "c.db"));
}

TEST_F(FleetCommand, EndsAfterSoManyFailures) {
  migrations();
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"c\", \"d\", \"e\"]\nurl = "
        "\"sqlite:{name}.db\"\n");
  for (const char* name : {"a.db", "b.db", "c.db", "d.db"}) spoil(name);
  const nlohmann::json result =
      json({"up", "--fleet", "some", "--jobs", "1", "--canary", "0", "--stop-after-failures", "2"});
  EXPECT_EQ(result["failed"], 2);
  EXPECT_EQ(result["left_out"], 3);
}

TEST_F(FleetCommand, CompilesAMigrationInCppOnceForAll) {
  write("migrations/001_users.cpp",
        "#include <sterna/migration.hpp>\nstruct Users : sterna::Migration {\n  void "
        "up(sterna::Schema& "
        "schema) override {\n    schema.create_table(\"users\", [](sterna::TableBuilder& table) { "
        "table.id(); });\n  }\n  void down(sterna::Schema& schema) override { "
        "schema.drop_table(\"users\"); }\n};\nSTERNA_MIGRATION(Users);\n");
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]\nurl = "
        "\"sqlite:{name}.db\"\n");
  const CommandResult result = run({"up", "--fleet", "some"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("6 targets: 6 migrated"));
}

/// Keeps what it is sent.
class Collector {
 public:
  Collector()
      : server_({}, [this](const HttpRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request.body);
          return HttpResponse{.status = 200, .body = "{}"};
        }) {
    thread_ = std::thread([this] { server_.run(stop_); });
  }
  ~Collector() {
    stop_.request();
    thread_.join();
  }
  std::string address() const { return server_.address(); }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  StopSource stop_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  HttpServer server_;
  std::thread thread_;
};

TEST_F(FleetCommand, TellsEventsAndSpansOfEachTarget) {
  migrations();
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"gone/c\"]\nurl = \"sqlite:{name}.db\"\n");
  write("gone", "a file where the target's folder should be");
  spoil("b.db");
  Collector collector;
  const CommandResult result = sterna_command(
      {"up", "--fleet", "some"},
      {.folder = folder.path(),
       .environment = {
           {"STERNA_LOG", "json"},
           {"OTEL_EXPORTER_OTLP_ENDPOINT", collector.address()},
           {"TRACEPARENT", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}});
  EXPECT_EQ(result.exit_code, 1);

  std::map<std::string, std::vector<std::string>> events;  // of each target
  std::istringstream lines(result.err);
  for (std::string line; std::getline(lines, line);) {
    const auto event = nlohmann::json::parse(line);
    if (!event.contains("connection")) continue;  // a message of the command
    events[event["connection"]].push_back(event["event"]);
    if (event["event"] == "migration_failed") {
      EXPECT_FALSE(event["error"]["message"].get<std::string>().empty()) << line;
    }
  }
  EXPECT_EQ(std::count(events["a"].begin(), events["a"].end(), "migration_finished"), 2);
  EXPECT_EQ(events["a"].back(), "run_finished");
  EXPECT_EQ(std::count(events["b"].begin(), events["b"].end(), "migration_failed"), 1);
  EXPECT_EQ(events["b"].back(), "run_failed");

  ASSERT_EQ(collector.requests().size(), 1U);
  const auto spans = nlohmann::json::parse(
      collector.requests().front())["resourceSpans"][0]["scopeSpans"][0]["spans"];
  nlohmann::json fleet;
  std::map<std::string, nlohmann::json> targets;
  for (const auto& span : spans) {
    EXPECT_EQ(span["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    std::string database;
    for (const auto& attribute : span["attributes"]) {
      if (attribute["key"] == "sterna.target") targets[attribute["value"]["stringValue"]] = span;
      if (attribute["key"] == "db.system.name") database = attribute["value"]["stringValue"];
    }
    const bool of_fleet = span["name"] == "sterna up --fleet some";
    if (of_fleet) fleet = span;
    EXPECT_EQ(database, of_fleet ? "" : "sqlite") << span["name"];
  }
  ASSERT_FALSE(fleet.is_null());
  EXPECT_EQ(fleet["parentSpanId"], "00f067aa0ba902b7");
  EXPECT_EQ(fleet["status"]["code"], 2);
  ASSERT_EQ(targets.size(), 3U);
  for (const auto& [name, span] : targets) EXPECT_EQ(span["parentSpanId"], fleet["spanId"]) << name;
  EXPECT_EQ(targets["a"]["status"]["code"], 1);
  EXPECT_EQ(targets["b"]["status"]["code"], 2);
  EXPECT_EQ(targets["gone/c"]["status"]["code"], 2);
  // The migrations stand under their target.
  EXPECT_EQ(
      std::count_if(spans.begin(), spans.end(),
                    [&](const auto& span) {
                      return span["name"].template get<std::string>().starts_with("migration ") &&
                             span["parentSpanId"] == targets["a"]["spanId"];
                    }),
      2);
}

TEST_F(FleetCommand, ACollectorThatIsNotThereCostsOneWarning) {
  migrations();
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"a\", \"b\", \"c\"]\nurl = \"sqlite:{name}.db\"\n");
  const CommandResult result =
      sterna_command({"up", "--fleet", "some"},
                     {.folder = folder.path(),
                      .environment = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"}}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::size_t first = result.err.find("traces could not be sent");
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find("traces could not be sent", first + 1), std::string::npos);
}

TEST_F(FleetCommand, ShowsTheTargetsInProgressOnATerminal) {
  write("migrations/001_slow.sql",
        "-- sterna:up\nCREATE TABLE numbers AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT "
        "n + "
        "1 FROM c WHERE n < 3000000) SELECT count(*) AS n FROM c;\n");
  write("sterna.toml",
        "[fleet.some]\ntargets = [\"first\", \"second\"]\nurl = \"sqlite:{name}.db\"\n");
  const std::string program = std::string(STERNA_BINARY_DIR) + "/src/cli/sterna";
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (chdir(folder.path().c_str()) != 0) _exit(126);
    execl(program.c_str(), program.c_str(), "up", "--fleet", "some", "--canary", "2", nullptr);
    _exit(127);
  }
  std::string screen;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(terminal, buffer, sizeof buffer)) > 0;)
    screen.append(buffer, static_cast<std::size_t>(got));
  int status = 0;
  waitpid(child, &status, 0);
  close(terminal);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << screen;
  EXPECT_THAT(screen, HasSubstr("0 of 2 done, 2 running"));
  EXPECT_THAT(screen, testing::ContainsRegex("first +[0-9.]+ s +\\[1/1\\] 001_slow"));
  EXPECT_THAT(screen, testing::ContainsRegex("second +[0-9.]+ s +\\[1/1\\] 001_slow"));
  EXPECT_THAT(screen.substr(screen.rfind("\033[J")), HasSubstr("2 targets: 2 migrated"));
}

TEST_F(FleetCommand, RefusesWhatItCannotRead) {
  migrations();
  write("sterna.toml", "[fleet.none]\nurl = \"sqlite:{name}.db\"\n");
  const CommandResult no_targets = run({"up", "--fleet", "none"});
  EXPECT_EQ(no_targets.exit_code, 3);
  EXPECT_THAT(no_targets.err, HasSubstr("sterna.toml:1"));
  EXPECT_THAT(no_targets.err, HasSubstr("needs one of targets, file and query"));
  write("sterna.toml", "[fleet.some]\ntargets = [\"a\"]\n");
  EXPECT_THAT(run({"up", "--fleet", "some"}).err, HasSubstr("is no database"));
  EXPECT_THAT(run({"up", "--fleet", "other"}).err, HasSubstr("known fleets: some"));
  EXPECT_EQ(run({"up", "--fleet", "some", "--url", "sqlite:x.db"}).exit_code, 3);
  write("sterna.toml", "[fleet.some]\nfile = \"gone.txt\"\nurl = \"sqlite:{name}.db\"\n");
  EXPECT_THAT(run({"up", "--fleet", "some"}).err, HasSubstr("gone.txt"));
}

}  // namespace
}  // namespace sterna::test
