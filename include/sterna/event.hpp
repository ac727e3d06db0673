// What happens during a run, as values. The command's progress line and JSON log are written on
// this interface alone.
#pragma once

#include <sterna/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sterna {

enum class EventKind {
  run_started,
  run_finished,
  run_failed,
  migration_started,
  migration_finished,
  migration_failed,
  statement_started,
  statement_finished,
  statement_failed,
  retry,      ///< a migration or statement is tried again after a lock timeout; `text` says why
  lock_wait,  ///< another runner holds the migration lock; `text` says who; sent about once a
              ///< second
  lock_acquired,
  resume,    ///< an interrupted migration is taken up; `text` is the evidence
  progress,  ///< of a data step: `done` of `total` (0: not known)
  notice,    ///< from the server
  warning,   ///< from Sterna
};
/// Stable snake_case name, as in the JSON log.
STERNA_API std::string_view to_string(EventKind kind) noexcept;

enum class Direction { up, down };

struct Event {
  EventKind kind = EventKind::notice;
  std::string connection = {};  ///< name of the connection
  std::string migration = {};   ///< "20260115143022_create_posts"; empty for run events
  Direction direction = Direction::up;
  std::size_t index = 0, count = 0;  ///< migration index of count (from 1); for statement events:
                                     ///< statement of the migration
  std::string text = {};             ///< statement, notice, reason
  std::chrono::microseconds duration{0};
  std::int64_t done = 0, total = 0;
  const Error* error = nullptr;  ///< of *_failed; valid during the call
};

/// Called on the thread that runs. An exception thrown by it stops the run as a failure would.
using EventHandler = std::function<void(const Event&)>;

}  // namespace sterna
