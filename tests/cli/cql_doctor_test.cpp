// `sterna doctor` on Cassandra: what stands in the way of a run, before a run meets it.
#include "support/command.hpp"
#include "support/cql_versions.hpp"

#include "base/file.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct CqlDoctor : CqlVersions {
  void SetUp() override {
    CqlVersions::SetUp();
    std::filesystem::create_directories(folder.path() / "migrations");
  }
  CommandResult doctor(const std::string& url) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command({"doctor", "--url", url}, options);
  }
  TempFolder folder;
};

TEST_P(CqlDoctor, FindsNothingWrongWithAGoodCluster) {
  connection_->execute("ALTER KEYSPACE " + keyspace_ + " WITH durable_writes = true");
  const CommandResult good = doctor(url_);
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  EXPECT_THAT(good.out, AllOf(HasSubstr("nodes: 1 node (1 in datacenter1), all reachable"),
                              HasSubstr("versions of the nodes: " + GetParam()),
                              HasSubstr("schema agreement: all nodes have the same schema"),
                              HasSubstr("clocks: as here"),
                              HasSubstr("SimpleStrategy, replication_factor: 1\n"),
                              HasSubstr("rights: all: cassandra is a superuser")));
  EXPECT_THAT(good.out, AllOf(HasSubstr("migration lock: lease by lightweight transaction\n"),
                              HasSubstr("runs now: none"),
                              HasSubstr("leftovers of interrupted statements: none")));
  EXPECT_FALSE(connection_->has_table(model::Name("sterna_doctor")));
  EXPECT_FALSE(connection_->has_table(model::Name("sterna_doctor_probe")));
}

TEST_P(CqlDoctor, NamesReplicasThatNoNodeCanHold) {
  connection_->execute("ALTER KEYSPACE " + keyspace_ +
                       " WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 3} "
                       "AND durable_writes = false");
  const CommandResult result = doctor(url_);
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("datacenter1 has 1 node(s) for 3 replicas"),
                    HasSubstr("no quorum can be reached"), HasSubstr("without durable_writes")));
}

TEST_P(CqlDoctor, NamesWhatARoleLacksAndWhatItHas) {
  const std::string role = keyspace_ + "_role";
  connection_->execute("CREATE ROLE " + role + " WITH PASSWORD = 'hunter2' AND LOGIN = true");
  for (const char* right : {"CREATE", "SELECT", "MODIFY"})
    connection_->execute(std::string("GRANT ") + right + " ON KEYSPACE " + keyspace_ + " TO " +
                         role);
  Url url = parse_url(url_);
  url.user = role;
  url.password = Secret("hunter2");
  const CommandResult some = doctor(url.reveal());
  EXPECT_THAT(some.out, HasSubstr(role + " lacks ALTER, DROP on keyspace " + keyspace_));
  EXPECT_THAT(some.out + some.err, Not(HasSubstr("hunter2")));
  connection_->execute("GRANT ALL PERMISSIONS ON KEYSPACE " + keyspace_ + " TO " + role);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // permissions_validity
  EXPECT_THAT(doctor(url.reveal()).out, HasSubstr("rights: all that runs need on " + keyspace_));
  // What doctor says holds: such a role runs migrations to their end.
  write_file_atomically(folder.path() / "migrations/001_a.cql",
                        "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ADD v int;\n");
  CommandOptions here;
  here.folder = folder.path();
  const CommandResult up = sterna_command({"up", "--url", url.reveal()}, here);
  EXPECT_EQ(up.exit_code, 0) << up.out << up.err;
  EXPECT_TRUE(connection_->has_column(model::Name("a"), "v"));
  connection_->execute("REVOKE ALL PERMISSIONS ON KEYSPACE " + keyspace_ + " FROM " + role);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  const CommandResult none = doctor(url.reveal());
  EXPECT_EQ(none.exit_code, 1) << none.out;
  EXPECT_THAT(none.out, HasSubstr("right to create tables"));
  connection_->execute("DROP ROLE " + role);
}

TEST_P(CqlDoctor, NamesWhoRunsAndWhatWasLeftBehind) {
  write_file_atomically(folder.path() / "migrations/001_a.cql",
                        "CREATE TABLE a (id int PRIMARY KEY);\nSELECT nothing FROM nowhere;\n");
  {
    CommandOptions options;
    options.folder = folder.path();
    EXPECT_NE(sterna_command({"up", "--url", url_}, options).exit_code, 0);
  }
  connection_->execute("CREATE TABLE sterna_copy_of_a (id int PRIMARY KEY)");
  const std::string orphan = "sterna_scratch_1000_1_" + std::to_string(::getpid());
  connection_->execute("CREATE KEYSPACE IF NOT EXISTS " + orphan +
                       " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
  const std::unique_ptr<Locker> locker = connection_->locker("sterna_migrations");
  ASSERT_TRUE(locker->try_acquire());
  const CommandResult result = doctor(url_);
  EXPECT_THAT(result.out, AllOf(HasSubstr("runs now: "), Not(HasSubstr("runs now: none")),
                                HasSubstr("(pid " + std::to_string(::getpid()) + ")")));
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("unfinished migrations: 1"), HasSubstr("table sterna_copy_of_a"),
                    HasSubstr("keyspace " + orphan + " of a run that died")));
  locker->release();
  connection_->execute("DROP KEYSPACE IF EXISTS " + orphan);
}

STERNA_ON_EACH_CASSANDRA(CqlDoctor);

}  // namespace
}  // namespace sterna::test
