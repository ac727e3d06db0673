// Runs one migration in one direction, exactly once. Where DDL is transactional, its statements and
// its history row commit together, in one round trip when nothing is read in between. Where it is
// not, a journal in the history row says which statement is in flight, and a run that died is taken
// up at that statement. Knows nothing of which migrations are to run: that is the runner's part.
#pragma once

#include "base/cancellation.hpp"
#include "database/connection.hpp"
#include "migration/history.hpp"
#include "migration/source.hpp"

#include <sterna/runner.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sterna {

/// Statements of scripts that were read and checked before the run, so that they are not read
/// twice. Keeps what is small; the rest is read again when it runs.
class CheckedScripts {
 public:
  void keep(const Source& source, std::vector<Statement> statements);
  std::optional<std::vector<Statement>> take(const Source& source);
  void clear() noexcept { kept_.clear(); }

 private:
  std::unordered_map<const Source*, std::vector<Statement>> kept_;
  std::size_t bytes_ = 0;
};

/// What the migrations of one run share.
struct RunContext {
  Connection& connection;
  History& history;
  Locker* locker = nullptr;
  const RunnerOptions& options;
  Watchdog& watchdog;
  const EventHandler& handler;
  CheckedScripts* scripts = nullptr;  ///< of this run's direction
  std::string migration = {};         ///< id of the one that runs, for events
  Direction direction = Direction::up;
  std::size_t index = 0, count = 0;  ///< which migration of how many
  /// For locks inside the database, of the migration that runs.
  std::chrono::milliseconds lock_timeout{0};
  std::chrono::milliseconds session_lock_timeout = options.lock_timeout;  ///< what the session has
  /// The schema that a migration met, found by replaying those before it; empty: not to be had.
  std::function<model::Model(const Source& source)> schema_before = {};

  void emit(Event event) const;
};

/// Takes the statements of a migration one after the other and sees to it that they and the history
/// row take effect exactly once.
class StatementSink {
 public:
  StatementSink(RunContext& run, HistoryRow row) : run_(run), row_(std::move(row)) {}
  virtual ~StatementSink() = default;

  /// May be sent later, with others; a failure surfaces then.
  virtual void add(Statement statement) = 0;
  /// Sent now; rows affected. 0 when it had taken effect in an earlier, interrupted run.
  virtual std::int64_t execute(Statement statement) = 0;
  virtual Rows query(Statement statement) = 0;
  /// Sends what is waiting.
  virtual void flush() = 0;
  /// Writes the history row (or removes it, on the way down) and commits.
  virtual void finish() = 0;
  /// After a failure: leaves the database as the error's state() then says. Never throws.
  virtual void abandon(Error& error) noexcept = 0;

  virtual void begin_nested() = 0;
  virtual void commit_nested() = 0;
  virtual void rollback_nested() noexcept = 0;
  virtual std::string load_cursor(std::string_view step) = 0;
  virtual void save_cursor(std::string_view step, std::string_view value) = 0;
  virtual void repeat_from_here() {}

  /// The statement that comes next was begun in an earlier, interrupted run: what was to hold
  /// before it was asked then.
  virtual bool replaying() const noexcept { return false; }
  std::size_t statements() const noexcept { return static_cast<std::size_t>(number_); }
  Connection& connection() const noexcept { return run_.connection; }
  RunContext& run() const noexcept { return run_; }

 protected:
  void started(const Statement& statement, int number) const;
  void finished(const Statement& statement, int number, Clock::time_point since) const;

  RunContext& run_;
  HistoryRow row_;
  int number_ = 0;  ///< of the last statement of the migration that was added, from 1
};

/// Waits between tries after a lock timeout, longer each time. Ends early, with an error, when a
/// clock runs out or somebody asks to stop.
void back_off(RunContext& run, int attempt);

/// How a migration is to be run.
struct ExecutionMode {
  bool own_transaction = true;  ///< false inside a run-wide transaction or a rehearsal
  bool record = true;           ///< false: nothing is written into the history
};

/// Runs `source` and returns what was done. `row` is its history row: new (sequence, batch filled)
/// for up, the applied one for down, the one in flight when a run died. @throws Error with state()
/// and position() filled.
AppliedMigration execute_migration(RunContext& run, Source& source, Direction direction,
                                   HistoryRow row, const ExecutionMode& mode);

/// True when a migration's statements and its history row commit together on this connection.
bool runs_in_transaction(const Meta& meta, const Connection& connection);

/// @throws Error(validation) for a directive that this database has not.
void check_directives(const Source& source, const Dialect& dialect);

/// Why a statement must not stand in a migration that runs like this; nothing when it may.
std::optional<std::string> forbidden(const Statement& statement, const Dialect& dialect,
                                     bool in_transaction);
/// Throws Error(validation) for it, with what to do.
[[noreturn]] void refuse_statement(const Statement& statement, const std::string& reason,
                                   bool in_transaction);

}  // namespace sterna
