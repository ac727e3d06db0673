#include "bulk/ranges.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::bulk {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

/// Seconds. A batch gives up on a lock soon, so that what it has locked itself is free again.
constexpr double batch_lock_timeout = 0.25, definition_lock_timeout = 1;

}  // namespace

Ranges::Ranges(StepHost& host, const BulkWords& words, Walk& walk, Pace& pace, std::string name,
               std::function<Statement(const std::string& range)> work)
    : host_(host),
      connection_(host.connection()),
      words_(words),
      walk_(walk),
      pace_(pace),
      name_(std::move(name)),
      work_(std::move(work)) {}

void Ranges::run(Cursor& cursor, const std::string& condition) {
  close_ = false;  // of this pass nothing is known yet
  while (!cursor.at || *cursor.at != cursor.end) {
    pace_.rest();
    const std::int64_t rows = pace_.batch();
    const auto since = steady_clock::now();
    const bool counted = close_;
    const Place to = next(cursor, rows, condition);
    const auto begun = steady_clock::now();
    Cursor after = cursor;
    if (!batch(to, condition, cursor, after)) continue;
    const bool whole = to != cursor.end;
    // A range that was looked up has `rows` rows; of one that was counted, those are sure that were
    // changed.
    close_ = by_number_ && condition.empty() && cursor.at &&
             close_together(*cursor.at, to, counted ? after.rows - cursor.rows : rows);
    cursor = std::move(after);
    visited_ += rows;
    busy_ += steady_clock::now() - since + pace_.pause();
    pace_.did(whole ? rows : rows - 1, steady_clock::now() - begun);
    tell();
    if (after_each_) after_each_(cursor, rows);
  }
}

Place Ranges::next(const Cursor& cursor, std::int64_t rows, const std::string& condition) {
  if (close_ && cursor.at) {
    if (std::optional<Place> to = number_behind(*cursor.at, cursor.end, rows)) return *to;
  }
  return walk_.next(cursor.at, cursor.end, rows, condition);
}

/// False when a lock was refused: the next try takes fewer rows.
bool Ranges::batch(const Place& to, const std::string& condition, const Cursor& from,
                   Cursor& after) {
  std::string range = walk_.range(from.at, to);
  if (!condition.empty()) range += " AND (" + condition + "\n)";
  after.at = to;
  ++after.batches;
  try {
    std::vector<Statement> opening{{connection_.begin_sql(), {}, {}, {}}};
    for (Statement& fence : host_.fence()) opening.push_back(std::move(fence));
    for (Statement& setting : words_.batch_settings(connection_.dialect(), batch_lock_timeout))
      opening.push_back(std::move(setting));
    connection_.execute_batch(opening);
    after.rows += connection_.execute(work_(range));
    const std::vector<Statement> closing{host_.saving(write_cursor(after)), {"COMMIT", {}, {}, {}}};
    connection_.execute_batch(closing);
  } catch (const Error& error) {
    connection_.rollback();
    if (error.kind() != ErrorKind::lock || !connection_.alive()) throw;
    host_.check();
    pace_.refused(error);
    return false;
  }
  host_.committed();
  return true;
}

void Ranges::tell() {
  const double rate = static_cast<double>(visited_) / std::max(busy_.count(), 1e-6);
  const std::int64_t done = std::min(visited_, total_);
  const double left = static_cast<double>(total_ - done) / std::max(rate, 1.0);
  const std::string until = left < 0.1 ? "" : ", " + format_duration(left) + " left";
  host_.progress(
      fmt::format("{}, {:.0f} rows/s{}, batches of {}:", name_, rate, until, pace_.batch()), done,
      total_);
}

void run_definitions(StepHost& host, const BulkWords& words, Pace& pace,
                     const std::vector<Statement>& statements) {
  Connection& connection = host.connection();
  const bool together = connection.capabilities().transactional_ddl;
  std::size_t done = 0;
  while (done < statements.size()) {
    try {
      if (together) connection.begin();
      for (const Statement& setting :
           words.batch_settings(connection.dialect(), definition_lock_timeout))
        connection.execute(setting);
      if (together) done = 0;
      for (; done < statements.size(); ++done) connection.execute(statements[done]);
      if (together) connection.commit();
    } catch (const Error& error) {
      connection.rollback();
      if (error.kind() != ErrorKind::lock || !connection.alive()) throw;
      pace.refused(error);
      if (together) done = 0;
    }
  }
  pace.settled();
}

}  // namespace sterna::bulk
