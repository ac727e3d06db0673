// The leased lock, as behind a pooler or a proxy: one holder at a time by the server's clock, a
// holder that stops renewing is succeeded, is told so, and can commit nothing any more.
#include "database/lease.hpp"
#include "base/system.hpp"
#include "database/mysql/connection.hpp"
#include "database/mysql/locker.hpp"
#include "database/postgres/connection.hpp"
#include "database/postgres/locker.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace sterna::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* lock_name = "sterna_migrations";
/// A holder that renews in time, whatever the machine does beside.
constexpr LeaseTimes kept{60s, 50ms};
/// A holder that sleeps through its lease.
constexpr LeaseTimes slept_through{300ms, 1h};

class Lease : public testing::TestWithParam<Kind> {
 protected:
  /// A session with a lock of its own.
  struct Runner {
    std::unique_ptr<Connection> connection;
    std::unique_ptr<Locker> locker;
  };

  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    if (GetParam() == Kind::postgres && server_value("PGBOUNCER_URL").empty()) {
      if (everything_required()) FAIL() << server_value("PGBOUNCER_MISSING");
      GTEST_SKIP() << server_value("PGBOUNCER_MISSING");
    }
    database_ = std::make_unique<TestDatabase>(GetParam());
    // Past the pooler: its few server sessions are for the runners.
    watcher_ = connect(parse_url(database_->url()));
    watcher_->execute("CREATE TABLE t (i integer)");
  }

  Runner runner(LeaseTimes times, const char* name = lock_name) const {
    Runner made;
    if (GetParam() == Kind::postgres) {
      made.connection = connect(parse_url(database_->url_through("PGBOUNCER_URL")));
      auto& session = dynamic_cast<postgres::PostgresConnection&>(*made.connection);
      made.locker = postgres::make_locker(session, name, times);
    } else {
      made.connection = connect(parse_url(database_->url()));
      // A proxy shows by a connection id that is not the one which was told at the start.
      made.connection->execute("SET pseudo_thread_id = 1");
      auto& session = dynamic_cast<mysql::MysqlConnection&>(*made.connection);
      made.locker = mysql::make_locker(session, name, times);
    }
    return made;
  }

  template <class Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 1200; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(25ms);
    }
    return false;
  }
  static bool soon_acquired(const Runner& runner) {
    return soon([&] { return runner.locker->try_acquire(); });
  }
  static bool told_lost(const Runner& runner) {
    try {
      runner.locker->check();
      return false;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::lock);
      EXPECT_THAT(error.what(), HasSubstr("lost"));
      EXPECT_THAT(error.suggestions(), Not(IsEmpty()));
      return true;
    }
  }
  std::int64_t fence_number() {
    return watcher_->query("SELECT fence FROM sterna_lock").front().get<std::int64_t>(0);
  }
  std::string expiry() {
    return watcher_->query("SELECT expires FROM sterna_lock").front().get<std::string>(0);
  }
  /// As a server sees it that has lost its heartbeat's sessions and waited for the lease to end.
  void let_it_expire() {
    watcher_->execute(GetParam() == Kind::postgres
                          ? "UPDATE sterna_lock SET expires = now() - interval '1 second'"
                          : "UPDATE sterna_lock SET expires = UTC_TIMESTAMP(6) - INTERVAL 1 "
                            "SECOND");
  }
  /// A migration's transaction, as a run sends it.
  static void migrate(const Runner& runner, int value) {
    Connection& connection = *runner.connection;
    connection.begin();
    for (const Statement& fence : runner.locker->fence()) connection.execute(fence);
    connection.execute("INSERT INTO t VALUES (" + std::to_string(value) + ")");
    connection.commit();
  }
  std::int64_t rows() { return watcher_->query("SELECT count(*) FROM t").front().get<int>(0); }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> watcher_;
};

INSTANTIATE_TEST_SUITE_P(Servers, Lease, testing::Values(Kind::postgres, Kind::mysql),
                         testing::PrintToStringParamName());

TEST_P(Lease, StandsInWhereSessionsAreNotOnesOwn) {
  const Runner one = runner(kept);
  EXPECT_THAT(std::string(one.locker->kind()), HasSubstr("lease"));
  EXPECT_THAT(std::string(watcher_->locker(lock_name)->kind()), Not(HasSubstr("lease")));
}

TEST_P(Lease, HasOneHolder) {
  const Runner one = runner(kept), two = runner(kept);
  EXPECT_TRUE(one.locker->try_acquire());
  EXPECT_TRUE(one.locker->try_acquire());
  EXPECT_FALSE(two.locker->try_acquire());
  one.locker->release();
  EXPECT_TRUE(two.locker->try_acquire());
  EXPECT_FALSE(one.locker->try_acquire());
}

TEST_P(Lease, LeavesNoTransactionOpen) {
  const Runner one = runner(kept), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  ASSERT_FALSE(two.locker->try_acquire());
  EXPECT_FALSE(one.connection->in_transaction());
  EXPECT_FALSE(two.connection->in_transaction());
}

TEST_P(Lease, TellsWhoHoldsIt) {
  const Runner one = runner(kept), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  ASSERT_FALSE(two.locker->try_acquire());
  const auto holder = two.locker->holder();
  ASSERT_TRUE(holder.has_value());
  EXPECT_THAT(holder->who, HasSubstr(runner_identity()));
  EXPECT_GE(holder->seconds, 0);
  one.locker->release();
  EXPECT_FALSE(two.locker->holder().has_value());
}

TEST_P(Lease, HasNoHolderOnceItIsOver) {
  const Runner one = runner(slept_through), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  EXPECT_TRUE(soon([&] { return !two.locker->holder().has_value(); }));
}

TEST_P(Lease, OtherHistoriesHaveOthers) {
  const Runner one = runner(kept), two = runner(kept, "other_history");
  EXPECT_TRUE(one.locker->try_acquire());
  EXPECT_TRUE(two.locker->try_acquire());
}

TEST_P(Lease, IsRenewedWhileItIsHeld) {
  const Runner one = runner(kept), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  const std::string first = expiry();
  EXPECT_TRUE(soon([&] { return expiry() > first; }));
  EXPECT_FALSE(two.locker->try_acquire());
  EXPECT_NO_THROW(one.locker->check());
}

TEST_P(Lease, OutlivesItsFirstEnd) {
  const Runner one = runner({4s, 100ms}), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  const std::string ends = expiry();
  const std::string passed =
      GetParam() == Kind::postgres
          ? "SELECT clock_timestamp() > " + watcher_->dialect().literal(Value(ends)) +
                "::timestamptz"
          : "SELECT UTC_TIMESTAMP(6) > " + watcher_->dialect().literal(Value(ends));
  ASSERT_TRUE(soon([&] { return watcher_->query(passed).front().get<bool>(0); }));
  EXPECT_FALSE(two.locker->try_acquire());
  EXPECT_NO_THROW(one.locker->check());
  EXPECT_NO_THROW(migrate(one, 1));
}

TEST_P(Lease, PassesOnWhenItsHolderSleepsThroughIt) {
  const Runner sleeper = runner(slept_through), next = runner(kept);
  ASSERT_TRUE(sleeper.locker->try_acquire());
  EXPECT_TRUE(soon_acquired(next));
  EXPECT_THAT(sleeper.locker->holder()->who, HasSubstr(runner_identity()));
  EXPECT_FALSE(sleeper.locker->try_acquire()) << "it holds it no more";
}

TEST_P(Lease, ASleeperIsToldBeforeAnybodyTookOver) {
  const Runner sleeper = runner(slept_through);
  ASSERT_TRUE(sleeper.locker->try_acquire());
  EXPECT_TRUE(soon([&] { return told_lost(sleeper); }));
}

TEST_P(Lease, ASleeperMayTakeItAgainWhenNobodyDid) {
  const Runner sleeper = runner(slept_through), other = runner(kept);
  ASSERT_TRUE(sleeper.locker->try_acquire());
  const std::int64_t before = fence_number();
  ASSERT_TRUE(soon([&] { return told_lost(sleeper); }));
  EXPECT_TRUE(soon_acquired(sleeper));
  EXPECT_EQ(fence_number(), before + 1);
}

TEST_P(Lease, TheHeartbeatTellsThatAnotherTookOver) {
  const Runner loser = runner(kept), next = runner(kept);
  ASSERT_TRUE(loser.locker->try_acquire());
  // Between two heartbeats the lease ends and is taken: as after a pause of the whole process.
  ASSERT_TRUE(soon([&] {
    let_it_expire();
    return next.locker->try_acquire();
  }));
  EXPECT_TRUE(soon([&] { return told_lost(loser); }));
  EXPECT_NO_THROW(next.locker->check());
}

TEST_P(Lease, TheFenceLetsTheHolderWork) {
  const Runner one = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  ASSERT_THAT(one.locker->fence(), Not(IsEmpty()));
  migrate(one, 1);
  migrate(one, 2);
  EXPECT_EQ(rows(), 2);
}

TEST_P(Lease, TheFenceFailsTheTransactionOfASleeper) {
  const Runner sleeper = runner(slept_through), next = runner(kept);
  ASSERT_TRUE(sleeper.locker->try_acquire());
  ASSERT_TRUE(soon_acquired(next));
  EXPECT_THROW(migrate(sleeper, 1), Error);
  sleeper.connection->rollback();
  EXPECT_EQ(rows(), 0);
  EXPECT_NO_THROW(migrate(next, 2));
  EXPECT_EQ(rows(), 1);
}

TEST_P(Lease, TheFenceFailsOnceTheLeaseIsOverEvenWithNoSuccessor) {
  const Runner sleeper = runner({1h, 1h});
  ASSERT_TRUE(sleeper.locker->try_acquire());
  let_it_expire();
  EXPECT_NO_THROW(sleeper.locker->check()) << "by its own clock it still holds it";
  EXPECT_THROW(migrate(sleeper, 1), Error);
  sleeper.connection->rollback();
  EXPECT_EQ(rows(), 0);
}

TEST_P(Lease, TheFenceStopsABatchBeforeItsNextStatement) {
  const Runner sleeper = runner({1h, 1h});
  ASSERT_TRUE(sleeper.locker->try_acquire());
  std::vector<Statement> batch = sleeper.locker->fence();
  batch.push_back({"CREATE TABLE after_the_fence (i integer)", {}, {}, {}});
  let_it_expire();
  EXPECT_THROW(sleeper.connection->execute_batch(batch, [](std::size_t) {}), Error);
  EXPECT_FALSE(watcher_->has_table(model::Name("", "after_the_fence")));
}

TEST_P(Lease, TheFenceSaysThatTheLockWasLost) {
  if (GetParam() == Kind::mysql) return;  // DO cannot raise a message of one's own
  const Runner sleeper = runner({1h, 1h});
  ASSERT_TRUE(sleeper.locker->try_acquire());
  let_it_expire();
  try {
    migrate(sleeper, 1);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::lock);
    EXPECT_THAT(error.what(), HasSubstr("another run has taken over"));
  }
}

TEST_P(Lease, ASuccessorWaitsForATransactionThatPassedTheFence) {
  if (GetParam() == Kind::mysql) return;  // definitions commit by themselves: nothing can be held
  const Runner one = runner({1h, 1h});
  Runner next = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  ASSERT_FALSE(next.locker->try_acquire());
  one.connection->begin();
  for (const Statement& fence : one.locker->fence()) one.connection->execute(fence);
  one.connection->execute("INSERT INTO t VALUES (1)");
  let_it_expire();
  std::atomic<bool> taken{false};
  std::thread successor([&] { taken = next.locker->try_acquire(); });
  const bool waits = soon([&] {
    return watcher_->query("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
               .front()
               .get<int>(0) > 0;
  });
  EXPECT_TRUE(waits);
  EXPECT_FALSE(taken);
  one.connection->commit();
  successor.join();
  EXPECT_TRUE(taken);
  EXPECT_EQ(rows(), 1);
}

TEST_P(Lease, EveryTakingGivesAHigherNumber) {
  const Runner one = runner(kept), two = runner(slept_through), three = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  const std::int64_t first = fence_number();
  one.locker->release();
  ASSERT_TRUE(two.locker->try_acquire());
  EXPECT_EQ(fence_number(), first + 1);
  ASSERT_TRUE(soon_acquired(three));
  EXPECT_EQ(fence_number(), first + 2);
}

TEST_P(Lease, AnOldHoldersReleaseTakesNothingFromTheNext) {
  const Runner sleeper = runner(slept_through), next = runner(kept), third = runner(kept);
  ASSERT_TRUE(sleeper.locker->try_acquire());
  ASSERT_TRUE(soon_acquired(next));
  sleeper.locker->release();
  EXPECT_FALSE(third.locker->try_acquire());
  EXPECT_NO_THROW(next.locker->check());
}

TEST_P(Lease, IsFreedWithATransactionLeftOpen) {
  const Runner one = runner(kept), two = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  one.connection->begin();
  one.connection->execute("INSERT INTO t VALUES (1)");
  one.locker->release();
  EXPECT_TRUE(two.locker->try_acquire());
  EXPECT_EQ(rows(), 0);
}

TEST_P(Lease, IsFreedWhenItsLockerIsGone) {
  const Runner two = runner(kept);
  {
    const Runner one = runner(kept);
    ASSERT_TRUE(one.locker->try_acquire());
  }
  EXPECT_TRUE(two.locker->try_acquire());
}

TEST_P(Lease, TheHeartbeatStopsWithTheLock) {
  const Runner one = runner(kept);
  ASSERT_TRUE(one.locker->try_acquire());
  const std::string first = expiry();
  ASSERT_TRUE(soon([&] { return expiry() > first; }));
  one.locker->release();
  const std::string released = expiry();
  const Runner two = runner({1h, 1h});
  ASSERT_TRUE(two.locker->try_acquire());
  EXPECT_NE(expiry(), released);
  EXPECT_NO_THROW(two.locker->check());
}

TEST_P(Lease, ManyContendersGetItOneAtATime) {
  constexpr int contenders = 8;
  std::atomic<int> inside{0}, entered{0}, most{0}, failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < contenders; ++i) {
    threads.emplace_back([&, i] {
      try {
        const Runner one = runner({60s, 5s});
        while (!one.locker->try_acquire()) std::this_thread::sleep_for(2ms);
        const int now = ++inside;
        if (now > most) most = now;
        migrate(one, i);
        --inside;
        ++entered;
        one.locker->release();
      } catch (const Error& error) {
        ++failed;
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(entered, contenders);
  EXPECT_EQ(most, 1);
  EXPECT_EQ(rows(), contenders);
  EXPECT_EQ(fence_number(), contenders);
}

}  // namespace
}  // namespace sterna::test
