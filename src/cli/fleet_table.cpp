#include "cli/fleet_table.hpp"

#include "cli/output.hpp"
#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sterna::cli {
namespace {

constexpr std::size_t most_rows = 10, name_width = 40;

}  // namespace

void FleetTable::begin(const std::string& target) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  rows_[target] = {};
}

void FleetTable::on_event(const std::string& target, const Event& event) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  Row& row = rows_[target];
  switch (event.kind) {
    case EventKind::migration_started:
      row.doing = fmt::format("[{}/{}] {}", event.index, event.count, event.migration);
      row.since = Clock::now();
      return;
    case EventKind::lock_wait:
    case EventKind::retry:
      row.doing = event.text;
      return;
    default:
      return;
  }
}

void FleetTable::end(const std::string& target) {
  const std::lock_guard lock(mutex_);
  rows_.erase(target);
}

std::string FleetTable::text(const FleetProgress& progress) {
  std::string counts = fmt::format("{} of {} done", progress.done, progress.targets);
  if (progress.failed > 0) counts += fmt::format(", {} failed", progress.failed);
  counts += fmt::format(", {} running", progress.running);
  std::size_t widest = 0, lines = 0;
  for (const auto& [target, row] : rows_)
    widest = std::max(widest, std::min(target.size(), name_width));
  const std::size_t columns = terminal_columns(), taken = widest + 16;  // margins and the time
  const std::size_t room = columns > taken + 10 ? columns - taken : 10;
  std::string text = counts;
  for (const auto& [target, row] : rows_) {
    if (++lines > most_rows) break;
    const std::chrono::duration<double> running = Clock::now() - row.since;
    text += fmt::format("\n  {:<{}}  {:>6.1f} s  {}", fit_line(target, name_width), widest,
                        running.count(), fit_line(row.doing, room));
  }
  if (rows_.size() > most_rows) text += fmt::format("\n  … and {} more", rows_.size() - most_rows);
  return text;
}

void FleetTable::show(const FleetProgress& progress) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  const std::string next = text(progress);
  const std::string up = drawn_ > 1 ? fmt::format("\033[{}A", drawn_ - 1) : std::string();
  fmt::print(stderr, "\r{}\033[J{}", up, next);
  std::fflush(stderr);
  drawn_ = 1 + static_cast<std::size_t>(std::count(next.begin(), next.end(), '\n'));
}

void FleetTable::clear() {
  const std::lock_guard lock(mutex_);
  if (drawn_ == 0) return;
  const std::string up = drawn_ > 1 ? fmt::format("\033[{}A", drawn_ - 1) : std::string();
  fmt::print(stderr, "\r{}\033[J", up);
  std::fflush(stderr);
  drawn_ = 0;
}

}  // namespace sterna::cli
