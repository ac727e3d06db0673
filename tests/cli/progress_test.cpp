// The progress of a run, on a terminal's one line and where there is none.
#include "cli/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace sterna::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Doing backfill() {
  return {.migration = "[12/14] up   20260115143022_fill_the_new_column_of_all_users",
          .seconds = 75.25,
          .text = "users.full_name, 4013 rows/s, 3 min 2 s left, batches of 5000:",
          .measure = "30000/900000"};
}

TEST(ProgressLine, KeepsHowFarItIsAndHowLongItTakesOnEveryTerminal) {
  for (const std::size_t columns : {60U, 79U, 100U, 200U}) {
    const std::string line = progress_line(backfill(), columns);
    EXPECT_LE(characters(line), columns) << line;
    EXPECT_THAT(line, HasSubstr("30000/900000, 3 min 2 s left")) << columns;
    EXPECT_THAT(line, HasSubstr("[12/14] up")) << columns;
  }
  EXPECT_THAT(progress_line(backfill(), 200), HasSubstr("batches of 5000"));
}

TEST(ProgressLine, ShowsTheStatementWhereNothingElseIsKnown) {
  const std::string line = progress_line(
      {.migration = "[1/1] up   001_a", .seconds = 1, .text = "CREATE  TABLE größe\n(id int)"}, 79);
  EXPECT_EQ(line, "[1/1] up 001_a 1.0 s CREATE TABLE größe (id int)");
}

Event event(EventKind kind, std::string text = {}) {
  Event made{kind};
  made.migration = "001_users";
  made.index = made.count = 1;
  made.text = std::move(text);
  return made;
}

std::string told(ProgressOptions options, bool steps) {
  using namespace std::chrono_literals;
  options.interval = 200ms;
  testing::internal::CaptureStderr();
  {
    Progress progress(options);
    progress.on_event(event(EventKind::migration_started));
    progress.on_event(event(EventKind::statement_started, "UPDATE users SET a = 1"));
    for (int i = 1; i <= 10; ++i) {
      std::this_thread::sleep_for(50ms);
      if (!steps) continue;
      Event step = event(EventKind::progress, "users, 10 rows/s, 1 s left, batches of 10:");
      step.done = i * 10;
      step.total = 100;
      progress.on_event(step);
    }
  }
  return testing::internal::GetCapturedStderr();
}

TEST(ProgressWithoutATerminal, TellsNowAndThenOfWhatGoesOn) {
  EXPECT_THAT(told({}, false), HasSubstr("UPDATE users SET a = 1"));
  const std::string steps = told({}, true);
  EXPECT_THAT(steps, HasSubstr("50/100, 1 s left"));
  EXPECT_LE(std::count(steps.begin(), steps.end(), '\n'), 12);
}

TEST(ProgressWithoutATerminal, IsSilentWhenItIsToBe) {
  EXPECT_THAT(told({.verbosity = -1}, true), IsEmpty());
}

}  // namespace
}  // namespace sterna::cli
