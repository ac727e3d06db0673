// A fresh keyspace on each version of Cassandra that the tests know, for what differs between them.
// Skips, with the reason, where that version cannot be had.
#pragma once

#include "base/url.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>

namespace sterna::test {

class CqlVersions : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string reason;
    const std::string folder = cassandra_folder(GetParam(), 1, reason);
    if (folder.empty()) {
      if (everything_required()) FAIL() << reason << " (STERNA_REQUIRE_ALL=1)";
      GTEST_SKIP() << reason;
    }
    std::ifstream values(folder + "/urls");
    for (std::string line; std::getline(values, line);)
      if (line.starts_with("CQL_URL=")) server_ = line.substr(8);
    static int number = 0;
    keyspace_ = "versions_" + std::to_string(::getpid()) + "_" + std::to_string(++number);
    sterna::connect(parse_url(server_))
        ->execute("CREATE KEYSPACE " + keyspace_ +
                  " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1} AND "
                  "durable_writes = false");
    Url url = parse_url(server_);
    url.database = keyspace_;
    url_ = url.reveal();
    connection_ = connect();
  }
  void TearDown() override {
    if (connection_) connection_->execute("DROP KEYSPACE " + keyspace_);
  }
  std::unique_ptr<Connection> connect() const { return sterna::connect(parse_url(url_)); }

  std::string server_, keyspace_, url_;
  std::unique_ptr<Connection> connection_;
};

/// "v5_0_6", as a test is named.
inline std::string version_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = "v" + info.param;
  for (char& c : name)
    if (c == '.') c = '_';
  return name;
}

#define STERNA_ON_EACH_CASSANDRA(Suite)                                             \
  INSTANTIATE_TEST_SUITE_P(Versions, Suite,                                         \
                           testing::ValuesIn(::sterna::test::cassandra_versions()), \
                           ::sterna::test::version_name)

}  // namespace sterna::test
