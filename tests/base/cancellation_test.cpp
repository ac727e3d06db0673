// Waits for conditions, never for a time; the limits in here are as short or as long as they can be
// so that no loaded machine changes an outcome.
#include "base/cancellation.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sterna {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Cause = Watchdog::Cause;

bool soon(const std::function<bool()>& condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

class WatchdogTest : public testing::Test {
 protected:
  StopSource stop;
  std::atomic<int> cancelled{0};
  Watchdog watchdog{[this] { ++cancelled; }, &stop};
};

TEST(StopSource, RemembersThatItWasAsked) {
  StopSource stop;
  EXPECT_FALSE(stop.requested());
  stop.request();
  stop.request();
  EXPECT_TRUE(stop.requested());
}

TEST_F(WatchdogTest, CancelsWhenAClockRunsOut) {
  const auto guard = watchdog.watch(1ms, "migration 001 (timeout 1 ms)");
  ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  EXPECT_EQ(watchdog.cause(), Cause::deadline);
  EXPECT_EQ(watchdog.what(), "migration 001 (timeout 1 ms)");
}

TEST_F(WatchdogTest, CancelsAgainWhileTheGuardLives) {
  const auto guard = watchdog.watch(1ms, "w");
  EXPECT_TRUE(soon([&] { return cancelled >= 3; }));
}

TEST_F(WatchdogTest, CancelsNoMoreWhenTheGuardIsGone) {
  const auto outer = watchdog.watch(1h, "outer");
  {
    const auto inner = watchdog.watch(1ms, "inner");
    ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  }
  // One may have been under way, longer on a busy machine.
  bool still = false;
  for (int looks = 0; looks < 10 && !still; ++looks) {
    const int before = cancelled;
    std::this_thread::sleep_for(500ms);
    still = cancelled == before;
  }
  EXPECT_TRUE(still);
}

TEST_F(WatchdogTest, LetsWorkInTimeAlone) {
  {
    const auto guard = watchdog.watch(1h, "w");
    EXPECT_NO_THROW(watchdog.check());
  }
  EXPECT_EQ(cancelled, 0);
  EXPECT_EQ(watchdog.cause(), Cause::none);
  EXPECT_EQ(watchdog.what(), "");
}

TEST_F(WatchdogTest, TheEarliestOfNestedClocksCounts) {
  const auto run = watchdog.watch(1h, "run");
  const auto migration = watchdog.watch(1ms, "migration");
  const auto statement = watchdog.watch(1h, "statement");
  ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  EXPECT_EQ(watchdog.what(), "migration");
}

TEST_F(WatchdogTest, AnOuterClockCountsAfterAnInnerOneFired) {
  const auto outer = watchdog.watch(2s, "outer");
  {
    const auto inner = watchdog.watch(1ms, "inner");
    ASSERT_TRUE(soon([&] { return watchdog.what() == "inner"; }));
  }
  EXPECT_TRUE(soon([&] { return watchdog.what() == "outer"; }));
}

TEST_F(WatchdogTest, ZeroAndLessMeanNoLimit) {
  const auto none = watchdog.watch(0ms, "none");
  const auto less = watchdog.watch(-5ms, "less");
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(cancelled, 0);
}

TEST_F(WatchdogTest, TheLongestLimitDoesNotEndAtOnce) {
  const auto guard = watchdog.watch(std::chrono::milliseconds::max(), "for ever");
  const auto centuries = watchdog.watch(std::chrono::hours(24 * 365 * 300), "300 years");
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(cancelled, 0);
  EXPECT_NO_THROW(watchdog.check());
}

TEST_F(WatchdogTest, ARequestToStopCancels) {
  const auto guard = watchdog.watch(0ms, "w");
  stop.request();
  ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  EXPECT_EQ(watchdog.cause(), Cause::stop);
  EXPECT_THAT(watchdog.what(), HasSubstr("request to stop"));
}

TEST_F(WatchdogTest, ARequestBeforeTheWorkBeganCounts) {
  stop.request();
  const auto guard = watchdog.watch(1h, "w");
  EXPECT_TRUE(soon([&] { return cancelled > 0; }));
}

TEST_F(WatchdogTest, NothingIsCancelledWhileNothingIsWatched) {
  { const auto guard = watchdog.watch(1h, "w"); }
  stop.request();
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(cancelled, 0);
}

TEST_F(WatchdogTest, CheckTellsATimeoutFromAStop) {
  EXPECT_NO_THROW(watchdog.check());
  const auto guard = watchdog.watch(1ms, "statement (timeout 1 ms)");
  ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  try {
    watchdog.check();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_STREQ(error.what(), "statement (timeout 1 ms) ran out");
  }
  stop.request();
  try {
    watchdog.check();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
}

TEST_F(WatchdogTest, CheckNeedsNoGuardToTellAStop) {
  stop.request();
  EXPECT_THROW(watchdog.check(), Error);
}

TEST_F(WatchdogTest, TheCauseIsKeptUntilTheNextOutermostGuard) {
  {
    const auto guard = watchdog.watch(1ms, "first");
    ASSERT_TRUE(soon([&] { return cancelled > 0; }));
  }
  EXPECT_EQ(watchdog.cause(), Cause::deadline);
  EXPECT_EQ(watchdog.what(), "first");
  const auto guard = watchdog.watch(1h, "second");
  EXPECT_EQ(watchdog.cause(), Cause::none);
  EXPECT_NO_THROW(watchdog.check());
}

TEST_F(WatchdogTest, AGuardCanBeHandedOn) {
  Watchdog::Guard kept;
  {
    auto guard = watchdog.watch(1ms, "w");
    kept = std::move(guard);
  }
  EXPECT_TRUE(soon([&] { return cancelled > 0; })) << "the guard that was moved still counts";
  kept = Watchdog::Guard();
}

TEST(Watchdog, WithoutAStopSourceOnlyClocksCount) {
  std::atomic<int> cancelled{0};
  Watchdog watchdog([&] { ++cancelled; }, nullptr);
  const auto endless = watchdog.watch(0ms, "endless");
  EXPECT_NO_THROW(watchdog.check());
  const auto guard = watchdog.watch(1ms, "w");
  EXPECT_TRUE(soon([&] { return cancelled > 0; }));
}

TEST(Watchdog, AWorkerMayEndWhileItsCancelIsUnderWay) {
  std::atomic<bool> entered{false}, leave{false};
  Watchdog watchdog(
      [&] {
        entered = true;
        while (!leave) std::this_thread::sleep_for(1ms);
      },
      nullptr);
  {
    const auto guard = watchdog.watch(1ms, "w");
    ASSERT_TRUE(soon([&] { return entered.load(); }));
  }  // must not wait for the cancel
  EXPECT_FALSE(leave);
  leave = true;
}

}  // namespace
}  // namespace sterna
