// What every engine's migration lock promises: one holder at a time, a holder that is named, and a
// lock that ends with the session or process that holds it.
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace sterna::test {
namespace {

constexpr const char* lock_name = "sterna_migrations";

class LockContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database_ = std::make_unique<TestDatabase>(GetParam());
    connect(parse_url(database_->url()))->execute("CREATE TABLE t (i int PRIMARY KEY)");
    one_ = open();
    two_ = open();
  }
  /// A lease that is over soon when its holder dies; other locks need none.
  std::unique_ptr<Connection> open() const {
    Url url = parse_url(database_->url());
    if (GetParam() == Kind::cql) url.parameters["lease"] = "4s";
    return connect(url);
  }

  /// The server notices a session's end in its own time.
  static bool soon(Locker& locker) {
    for (int i = 0; i < 2400; ++i) {
      if (locker.try_acquire()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return false;
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> one_, two_;
};

INSTANTIATE_TEST_SUITE_P(Engines, LockContract, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(LockContract, OnlyOneSessionHoldsIt) {
  const auto first = one_->locker(lock_name), second = two_->locker(lock_name);
  EXPECT_TRUE(first->try_acquire());
  EXPECT_FALSE(second->try_acquire());
  EXPECT_FALSE(second->try_acquire());
  first->release();
  EXPECT_TRUE(second->try_acquire());
  EXPECT_FALSE(first->try_acquire());
}

TEST_P(LockContract, TakingItTwiceNeedsOneRelease) {
  const auto first = one_->locker(lock_name), second = two_->locker(lock_name);
  EXPECT_TRUE(first->try_acquire());
  EXPECT_TRUE(first->try_acquire());
  first->release();
  first->release();
  EXPECT_TRUE(second->try_acquire());
}

TEST_P(LockContract, ItIsFreedWhenTheLockerIsGone) {
  { EXPECT_TRUE(one_->locker(lock_name)->try_acquire()); }
  EXPECT_TRUE(two_->locker(lock_name)->try_acquire());
}

TEST_P(LockContract, OtherNamesAreOtherLocks) {
  if (GetParam() == Kind::sqlite) return;  // one lock file a database: it has but one writer anyway
  const auto first = one_->locker(lock_name), second = two_->locker("other_history");
  EXPECT_TRUE(first->try_acquire());
  EXPECT_TRUE(second->try_acquire());
}

TEST_P(LockContract, OtherDatabasesAreOtherLocks) {
  const TestDatabase elsewhere(GetParam());
  const auto far = connect(parse_url(elsewhere.url()));
  const auto first = one_->locker(lock_name), second = far->locker(lock_name);
  EXPECT_TRUE(first->try_acquire());
  EXPECT_TRUE(second->try_acquire());
}

TEST_P(LockContract, TheHolderIsNamed) {
  const auto first = one_->locker(lock_name), second = two_->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  ASSERT_FALSE(second->try_acquire());
  const auto holder = second->holder();
  ASSERT_TRUE(holder.has_value());
  EXPECT_FALSE(holder->who.empty());
  first->release();
  EXPECT_FALSE(second->holder().has_value());
}

TEST_P(LockContract, NoTransactionStaysOpen) {
  const auto first = one_->locker(lock_name), second = two_->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  EXPECT_FALSE(one_->in_transaction());
  ASSERT_FALSE(second->try_acquire());
  EXPECT_FALSE(two_->in_transaction());
}

TEST_P(LockContract, TheHolderAndTheOthersCanWork) {
  const auto first = one_->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  EXPECT_NO_THROW(first->check());
  one_->begin();
  for (const Statement& fence : first->fence()) one_->execute(fence);
  one_->execute("INSERT INTO t (i) VALUES (1)");
  one_->commit();
  two_->execute("INSERT INTO t (i) VALUES (2)");
  EXPECT_EQ(two_->query("SELECT count(*) FROM t").front().get<int>(0), 2);
}

TEST_P(LockContract, ATransactionThatWasLeftOpenDoesNotKeepIt) {
  if (one_->begin_sql().empty()) return;  // there are no transactions
  const auto first = one_->locker(lock_name), second = two_->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  one_->begin();
  one_->execute("INSERT INTO t (i) VALUES (1)");
  first->release();
  EXPECT_TRUE(second->try_acquire());
  EXPECT_EQ(two_->query("SELECT count(*) FROM t").front().get<int>(0), 0);
}

TEST_P(LockContract, AClosedSessionFreesIt) {
  auto first = one_->locker(lock_name);
  const auto second = two_->locker(lock_name);
  ASSERT_TRUE(first->try_acquire());
  first.reset();
  one_.reset();
  EXPECT_TRUE(soon(*second));
}

TEST_P(LockContract, AKilledProcessFreesIt) {
  one_.reset();  // a child must not end the parent's sessions
  two_.reset();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    char held = '0';
    try {
      const auto connection = open();
      const auto locker = connection->locker(lock_name);
      held = locker->try_acquire() ? '1' : '0';
      if (::write(ready[1], &held, 1) == 1) ::pause();
    } catch (...) {
    }
    ::_exit(1);
  }
  ::close(ready[1]);
  char held = '0';
  EXPECT_EQ(::read(ready[0], &held, 1), 1);
  EXPECT_EQ(held, '1');
  two_ = open();
  const auto second = two_->locker(lock_name);
  EXPECT_FALSE(second->try_acquire());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  EXPECT_TRUE(soon(*second));
}

TEST_P(LockContract, ManyThreadsEnterOneAtATime) {
  std::atomic<int> inside{0}, entered{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto connection = open();
      const auto locker = connection->locker(lock_name);
      while (!locker->try_acquire()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      const int now = ++inside;
      if (now > most) most = now;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      --inside;
      ++entered;
      locker->release();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(entered, 8);
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace sterna::test
