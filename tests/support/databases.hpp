// Databases for tests: a fresh one of any kind for each test, on servers that are started once
// (tests/support/servers.sh, cassandra.sh) or given by STERNA_TEST_POSTGRES_URL,
// STERNA_TEST_MYSQL_URL and STERNA_TEST_CQL_URL.
// STERNA_TEST_SERVERS names a folder for which servers.sh has started some already.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace sterna::test {

enum class Kind { sqlite, postgres, mysql, cql };
void PrintTo(Kind kind, std::ostream* out);
/// Those that speak SQL.
std::vector<Kind> all_kinds();
/// And CQL.
std::vector<Kind> every_kind();

/// The value of a key of the running servers ("PGBOUNCER_URL"); empty when that server is not
/// there. Starts the servers if need be. Keys that begin with CQL are of Cassandra, which starts
/// when the first of them is asked for.
std::string server_value(const std::string& key);
/// The folder of a Cassandra of the tests' own, of one node or several, started if need be: its
/// `urls` holds the keys, node1.pid … the processes. Empty, with `reason`, when it cannot be had.
std::string cassandra_folder(const std::string& version, int nodes, std::string& reason);
/// Versions of Cassandra that the tests know; the first is the one most of them use.
std::vector<std::string> cassandra_versions();
/// Why the server of a kind cannot be had; empty when it can.
std::string missing(Kind kind);
/// True when a missing server is a failure, not a skip (STERNA_REQUIRE_ALL=1).
bool everything_required();

/// A fresh database; dropped at the end.
class TestDatabase {
 public:
  explicit TestDatabase(Kind kind);
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  Kind kind() const { return kind_; }
  const std::string& url() const { return url_; }
  const std::string& name() const { return name_; }
  /// The same database through another server or role: `key` names a URL of the servers
  /// ("PGBOUNCER_URL").
  std::string url_through(const std::string& key) const;

 private:
  Kind kind_;
  std::string url_, name_, folder_;
};

}  // namespace sterna::test

/// Skips the test, with the reason, when the server of a kind is missing; fails it when everything
/// is required.
#define STERNA_REQUIRE_SERVER(kind)                                                             \
  do {                                                                                          \
    if (const std::string reason = ::sterna::test::missing(kind); !reason.empty()) {            \
      if (::sterna::test::everything_required()) FAIL() << reason << " (STERNA_REQUIRE_ALL=1)"; \
      GTEST_SKIP() << reason;                                                                   \
    }                                                                                           \
  } while (false)
