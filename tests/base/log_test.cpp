#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace sterna {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Log : public testing::Test {
 protected:
  void TearDown() override { set_log_sink({}, LogLevel::error); }
  void listen(LogLevel least) {
    set_log_sink(
        [this](LogLevel level, std::string_view text) {
          levels.push_back(level);
          lines.emplace_back(text);
        },
        least);
  }
  std::vector<LogLevel> levels;
  std::vector<std::string> lines;
};

TEST_F(Log, IsOffUntilSomebodyListens) {
  EXPECT_FALSE(log_enabled(LogLevel::error));
  EXPECT_NO_THROW(log(LogLevel::error, "nobody hears"));
}

TEST_F(Log, GivesWhatIsAsImportantAsAskedFor) {
  listen(LogLevel::warning);
  log(LogLevel::debug, "debug");
  log(LogLevel::info, "info");
  log(LogLevel::warning, "warning");
  log(LogLevel::error, "error");
  log_debug("debug too");
  EXPECT_THAT(lines, ElementsAre("warning", "error"));
  EXPECT_THAT(levels, ElementsAre(LogLevel::warning, LogLevel::error));
  EXPECT_FALSE(log_enabled(LogLevel::info));
  EXPECT_TRUE(log_enabled(LogLevel::warning));
}

TEST_F(Log, GivesEverythingToWhoDebugs) {
  listen(LogLevel::debug);
  log_debug("decided");
  EXPECT_THAT(lines, ElementsAre("decided"));
  EXPECT_THAT(levels, ElementsAre(LogLevel::debug));
}

TEST_F(Log, NeverGivesAPassword) {
  listen(LogLevel::debug);
  log_debug("opening postgres://ann:hunter2@h/d");
  log(LogLevel::error, "host=h password=hunter2 user=ann");
  EXPECT_THAT(lines, ElementsAre("opening postgres://ann:***@h/d", "host=h password=*** user=ann"));
}

TEST_F(Log, EndsWhenTheSinkIsTaken) {
  listen(LogLevel::debug);
  set_log_sink({}, LogLevel::debug);
  EXPECT_FALSE(log_enabled(LogLevel::error));
  log(LogLevel::error, "nobody hears");
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(Log, ANewSinkTakesThePlaceOfTheOld) {
  listen(LogLevel::debug);
  std::vector<std::string> others;
  set_log_sink([&](LogLevel, std::string_view text) { others.emplace_back(text); },
               LogLevel::debug);
  log_debug("to the new one");
  EXPECT_THAT(lines, IsEmpty());
  EXPECT_THAT(others, ElementsAre("to the new one"));
}

TEST_F(Log, GivesTheLinesOfManyThreadsOneByOne) {
  listen(LogLevel::info);  // a sink that is not safe by itself
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int line = 0; line < 500; ++line) log(LogLevel::info, "line");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines.size(), 2000u);
}

}  // namespace
}  // namespace sterna
