#include "support/databases.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "database/registry.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <ostream>
#include <random>
#include <stdexcept>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::map<std::string, std::string> read_values(const std::string& file) {
  std::map<std::string, std::string> result;
  for (const std::string& line : split(read_file(file), '\n')) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) result[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return result;
}

const std::map<std::string, std::string>& servers() {
  static const std::map<std::string, std::string> values = [] {
    std::string folder = variable("STERNA_TEST_SERVERS");
    if (folder.empty()) {
      folder = std::string(STERNA_BINARY_DIR) + "/test-servers";
      const ProcessResult started = run_process(
          {std::string(STERNA_SOURCE_DIR) + "/tests/support/servers.sh", "start", folder});
      if (started.exit_code != 0)
        throw std::runtime_error("the test servers could not be started: " + started.output);
    }
    std::map<std::string, std::string> result = read_values(folder + "/urls");
    if (const std::string url = variable("STERNA_TEST_POSTGRES_URL"); !url.empty()) {
      result["POSTGRES_URL"] = url;
      result.erase("PGBOUNCER_URL");  // it stands before another server
      result["PGBOUNCER_MISSING"] = "STERNA_TEST_POSTGRES_URL names a server without PgBouncer";
    }
    if (const std::string url = variable("STERNA_TEST_MYSQL_URL"); !url.empty())
      result["MYSQL_URL"] = url;
    return result;
  }();
  return values;
}

const std::map<std::string, std::string>& cassandra() {
  static const std::map<std::string, std::string> values = [] {
    if (const std::string url = variable("STERNA_TEST_CQL_URL"); !url.empty())
      return std::map<std::string, std::string>{{"CQL_URL", url}};
    std::string reason;
    const std::string folder = cassandra_folder(cassandra_versions().front(), 1, reason);
    if (folder.empty()) return std::map<std::string, std::string>{{"CQL_MISSING", reason}};
    return read_values(folder + "/urls");
  }();
  return values;
}

std::string url_key(Kind kind) {
  return kind == Kind::postgres ? "POSTGRES_URL" : kind == Kind::mysql ? "MYSQL_URL" : "CQL_URL";
}

std::string missing_key(Kind kind) {
  return kind == Kind::postgres ? "POSTGRES_MISSING"
         : kind == Kind::mysql  ? "MYSQL_MISSING"
                                : "CQL_MISSING";
}

std::string fresh_name() {
  static std::atomic<int> number{0};
  static const unsigned random = std::random_device{}();
  return "sterna_test_" + std::to_string(::getpid()) + "_" + std::to_string(random % 100000) + "_" +
         std::to_string(++number);
}

std::string with_database(const std::string& text, const std::string& database) {
  Url url = parse_url(text);
  url.database = database;
  return url.reveal();
}

void administer(Kind kind, const std::string& sql) {
  connect(parse_url(server_value(url_key(kind))))->execute(sql);
}

/// With sessions that are still there. Before version 13 they are ended one by one.
void drop_postgres(const std::string& name) {
  const auto server = connect(parse_url(server_value(url_key(Kind::postgres))));
  const bool force = server->server().version >= 130000;
  if (!force) {
    server->query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                  name + "'");
  }
  server->execute("DROP DATABASE IF EXISTS " + name + (force ? " WITH (FORCE)" : ""));
}

}  // namespace

void PrintTo(Kind kind, std::ostream* out) {
  *out << (kind == Kind::sqlite     ? "sqlite"
           : kind == Kind::postgres ? "postgres"
           : kind == Kind::mysql    ? "mysql"
                                    : "cql");
}

std::vector<Kind> all_kinds() { return {Kind::sqlite, Kind::postgres, Kind::mysql}; }

std::vector<Kind> every_kind() { return {Kind::sqlite, Kind::postgres, Kind::mysql, Kind::cql}; }

std::string server_value(const std::string& key) {
  const auto& values = key.starts_with("CQL") ? cassandra() : servers();
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

std::string missing(Kind kind) {
  if (kind == Kind::sqlite || !server_value(url_key(kind)).empty()) return {};
  const std::string reason = server_value(missing_key(kind));
  return reason.empty() ? "the server did not start" : reason;
}

std::vector<std::string> cassandra_versions() { return {"5.0.6", "4.1.10"}; }

std::string cassandra_folder(const std::string& version, int nodes, std::string& reason) {
  static std::map<std::string, std::string> failures;
  const std::string folder = std::string(STERNA_BINARY_DIR) + "/test-cassandra/" + version +
                             (nodes > 1 ? "-" + std::to_string(nodes) : "");
  if (const auto failed = failures.find(folder); failed != failures.end()) {
    reason = failed->second;
    return {};
  }
  const ProcessResult started =
      run_process({std::string(STERNA_SOURCE_DIR) + "/tests/support/cassandra.sh", "start", folder,
                   version, std::to_string(nodes)});
  if (started.exit_code == 0) return folder;
  reason = failures[folder] = started.output;
  constexpr int cannot_be_had = 3;
  if (started.exit_code != cannot_be_had)
    throw std::runtime_error("Cassandra could not be started: " + started.output);
  return {};
}

bool everything_required() { return variable("STERNA_REQUIRE_ALL") == "1"; }

TestDatabase::TestDatabase(Kind kind) : kind_(kind), name_(fresh_name()) {
  switch (kind) {
    case Kind::sqlite: {
      std::string name = (fs::temp_directory_path() / "sterna-test-XXXXXX").string();
      folder_ = ::mkdtemp(name.data());
      url_ = "sqlite:" + folder_ + "/test.db";
      break;
    }
    case Kind::postgres:
      administer(kind, "CREATE DATABASE " + name_);
      url_ = with_database(server_value("POSTGRES_URL"), name_);
      break;
    case Kind::mysql:
      administer(kind, "CREATE DATABASE " + name_);
      url_ = with_database(server_value("MYSQL_URL"), name_);
      break;
    case Kind::cql:
      administer(kind, "CREATE KEYSPACE " + name_ +
                           " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': "
                           "1} AND durable_writes = false");
      url_ = with_database(server_value("CQL_URL"), name_);
      break;
  }
}

TestDatabase::~TestDatabase() {
  try {
    if (kind_ == Kind::sqlite)
      fs::remove_all(folder_);
    else if (kind_ == Kind::postgres)
      drop_postgres(name_);
    else
      administer(
          kind_,
          (kind_ == Kind::cql ? "DROP KEYSPACE IF EXISTS " : "DROP DATABASE IF EXISTS ") + name_);
  } catch (const std::exception&) {  // the server's data is thrown away as a whole
  }
}

std::string TestDatabase::url_through(const std::string& key) const {
  return with_database(server_value(key), name_);
}

}  // namespace sterna::test
