// The lease of CQL: one holder, a holder that is named, an end by itself, and writes of the history
// that fail once it is lost. And what is looked up after an interruption.
#include "database/cql/connection.hpp"
#include "database/cql/own_table.hpp"
#include "database/cql/probe.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

constexpr const char* lock_name = "sterna_migrations";

class CqlLock : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    database_ = std::make_unique<TestDatabase>(Kind::cql);
  }
  std::unique_ptr<cql::CqlConnection> open(const std::string& lease = "30s") const {
    Url url = parse_url(database_->url());
    url.parameters["lease"] = lease;
    return std::make_unique<cql::CqlConnection>(url, ConnectOptions{});
  }
  static Statement write(const std::string& sql) {
    Statement statement{sql, {}, {}, {}};
    statement.purpose = Purpose::history;
    return statement;
  }
  static std::string row(int step) {
    return "UPDATE sterna_migrations SET step = " + std::to_string(step) +
           " WHERE run = 'all' AND scope = '' AND version = '001'";
  }
  static void end_lease(Connection& session) {
    session.execute("UPDATE sterna_migrations SET lock_owner = null WHERE run = 'all' IF EXISTS");
  }

  std::unique_ptr<TestDatabase> database_;
};

TEST_F(CqlLock, OneHoldsItAndIsNamed) {
  const auto one = open(), two = open();
  const auto first = one->locker(lock_name), second = two->locker(lock_name);
  EXPECT_FALSE(second->holder().has_value());
  ASSERT_TRUE(first->try_acquire());
  EXPECT_FALSE(second->try_acquire());
  ASSERT_TRUE(second->holder().has_value());
  EXPECT_THAT(second->holder()->who, HasSubstr(std::to_string(::getpid())));
  EXPECT_GE(second->holder()->seconds, 0);
  first->release();
  EXPECT_TRUE(second->try_acquire());
}

TEST_F(CqlLock, ALeaseThatNobodyRenewsEnds) {
  const auto one = open("5s"), two = open("5s");
  const auto second = two->locker(lock_name);
  ASSERT_TRUE(second->try_acquire());
  second->release();
  // A holder that died: the row as it leaves it, with the TTL of its lease.
  one->execute(
      "UPDATE sterna_migrations USING TTL 5 SET lock_owner = 'dead' WHERE run = 'all' IF "
      "lock_owner = null");
  EXPECT_FALSE(second->try_acquire());
  bool taken = false;
  for (int i = 0; i < 1200 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    taken = second->try_acquire();
  }
  EXPECT_TRUE(taken);
}

TEST_F(CqlLock, AHeartbeatKeepsALeaseBeyondItsEnd) {
  const auto one = open("5s"), two = open("5s");
  const auto first = one->locker(lock_name), second = two->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  for (int i = 0; i < 35; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ASSERT_FALSE(second->try_acquire()) << "after " << i * 200 << " ms";
  }
  EXPECT_NO_THROW(first->check());
}

TEST_F(CqlLock, WritesOfAnOwnerThatWasOvertakenFail) {
  const auto one = open(), two = open();
  const auto first = one->locker(lock_name), second = two->locker(lock_name);
  EXPECT_THROW(one->execute(write(row(0))), Error) << "without a lock at all";
  ASSERT_TRUE(first->try_acquire());
  one->execute(write(row(1)));
  end_lease(*two);
  ASSERT_TRUE(second->try_acquire());
  for (const bool batch : {false, true}) {
    try {
      if (batch)
        one->execute_batch(std::vector<Statement>{write(row(2)), write(row(3))}, {});
      else
        one->execute(write(row(2)));
      ADD_FAILURE() << "it was written";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::lock);
      EXPECT_THAT(error.what(), HasSubstr("another run has taken over"));
    }
  }
  two->execute(write(row(4)));
  EXPECT_EQ(two->query("SELECT step FROM sterna_migrations WHERE run = 'all' AND scope = ''")
                .front()
                .get<int>(0),
            4);
}

TEST_F(CqlLock, TheFencingNumberGrowsWithEachOwner) {
  const auto session = open();
  std::int64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    const auto locker = session->locker(lock_name);
    ASSERT_TRUE(locker->try_acquire());
    const auto fence = session->query("SELECT lock_fence FROM sterna_migrations LIMIT 1")
                           .front()
                           .get<std::int64_t>(0);
    EXPECT_GT(fence, last);
    last = fence;
  }
}

TEST_F(CqlLock, ManyFirstMakersMakeOneTable) {
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      try {
        const auto session = open();
        cql::make_own_table(*session, cql::own_table_name(*session, lock_name));
      } catch (const Error& error) {
        ADD_FAILURE() << error.what();
        ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
}

class CqlProbe : public CqlLock {
 protected:
  void SetUp() override {
    CqlLock::SetUp();
    if (!database_) return;
    session_ = open();
    for (const char* cql : {"CREATE TABLE t (id int PRIMARY KEY, v int, l list<int>, s set<int>)",
                            "CREATE TABLE c (id int PRIMARY KEY, n counter)",
                            "CREATE INDEX t_v ON t (v)", "CREATE TYPE address (street text)"})
      session_->execute(cql);
  }
  Effect effect(const std::string& cql) {
    return cql::effect(*session_, Statement{cql, {}, {}, {}}, {}).effect;
  }
  std::unique_ptr<cql::CqlConnection> session_;
};

TEST_F(CqlProbe, DefinitionsAreLookedUp) {
  const std::string keyspace = database_->name();
  for (const std::string& done : std::vector<std::string>{
           "CREATE TABLE t (id int PRIMARY KEY)", "create table T (id int PRIMARY KEY)",
           "CREATE TABLE " + keyspace + ".\"t\" (id int PRIMARY KEY)", "CREATE INDEX t_v ON t (v)",
           "CREATE TYPE address (street text)",
           "CREATE KEYSPACE " + keyspace + " WITH replication = {}", "ALTER TABLE t ADD v int",
           "ALTER TABLE t ADD (v int, l list<int>)", "ALTER TABLE t DROP nothing",
           "ALTER TYPE address ADD street text", "ALTER TYPE address RENAME road TO street",
           "DROP TABLE gone", "DROP INDEX gone", "DROP TYPE gone", "DROP MATERIALIZED VIEW gone"}) {
    EXPECT_EQ(effect(done), Effect::complete) << done;
  }
  for (const std::string& open : std::vector<std::string>{
           "CREATE TABLE gone (id int PRIMARY KEY)", "CREATE INDEX ON t (s)",
           "CREATE CUSTOM INDEX gone ON t (v) USING 'x'", "ALTER TABLE t ADD gone int",
           "ALTER TABLE t DROP v", "ALTER TABLE t RENAME id TO other", "DROP TABLE t",
           "DROP INDEX t_v", "DROP TYPE address", "CREATE FUNCTION f (i int) RETURNS int"}) {
    EXPECT_EQ(effect(open), Effect::none) << open;
  }
}

TEST_F(CqlProbe, WhatCountsTwiceIsNotRepeated) {
  for (const std::string& repeatable : std::vector<std::string>{
           "INSERT INTO t (id, v) VALUES (1, -2)", "UPDATE t SET v = 1 WHERE id = 1",
           "UPDATE t SET v = 2 WHERE id = 1 IF v = 1", "DELETE FROM t WHERE id = 1",
           "BEGIN BATCH INSERT INTO t (id) VALUES (1); APPLY BATCH", "TRUNCATE t",
           "ALTER TABLE t WITH comment = 'x'", "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY)",
           "CREATE OR REPLACE FUNCTION f (i int) RETURNS int"}) {
    EXPECT_EQ(effect(repeatable), Effect::repeatable) << repeatable;
  }
  for (const std::string& unknown : std::vector<std::string>{
           "UPDATE c SET n = n + 1 WHERE id = 1", "UPDATE t SET l = l + [1] WHERE id = 1",
           "UPDATE t SET l = [1] + l WHERE id = 1", "UPDATE c SET n += 1 WHERE id = 1",
           "INSERT INTO u (id) VALUES (uuid())", "INSERT INTO u (id) VALUES (now())",
           "BEGIN COUNTER BATCH UPDATE c SET n = n + 1 WHERE id = 1; APPLY BATCH"}) {
    EXPECT_EQ(effect(unknown), Effect::unknown) << unknown;
  }
}

}  // namespace
}  // namespace sterna::test
