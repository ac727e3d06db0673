// The life of a run, from taking the lock to giving it back. Used by the engine's files alone.
#pragma once

#include "base/text.hpp"
#include "migration/engine.hpp"
#include "migration/run.hpp"

#include <fmt/format.h>

namespace sterna {

/// The life of a run: clock, lock, Sterna's tables, and the history read again under the lock.
class MigrationEngine::LockedRun {
 public:
  /// Sterna's own tables are made where they are missing, and the history is read; then, unless it
  /// is for that alone, a frozen database is refused. `work` keeps no history and makes no tables.
  enum class For { migrations, tables, work };
  explicit LockedRun(MigrationEngine& engine, For purpose = For::migrations)
      : engine_(engine),
        watchdog_([&connection = engine.connection()] { connection.cancel(); }, &engine.stop_) {
    const std::chrono::milliseconds limit = engine.options_.run.run_timeout;
    guard_ = watchdog_.watch(limit, fmt::format("the clock of the run ({})", seconds_text(limit)));
    locker_ = engine.acquire(watchdog_);
    try {
      if (locker_->fence().empty()) {
        const RunnerOptions& options = engine_.options_.run;
        const std::vector<Statement> clocks = engine_.connection().dialect().timeouts(
            static_cast<double>(options.statement_timeout.count()) / 1000,
            static_cast<double>(options.lock_timeout.count()) / 1000, false);
        if (!clocks.empty()) engine_.connection().execute_batch(clocks);
      }
      engine_.read_history(History::Detail::planning);
      if (purpose != For::tables) engine_.refuse_frozen();
      if (purpose != For::work && !engine_.history_->exists()) {
        for (const Statement& statement : engine_.history_->create())
          engine_.connection().execute(statement);
      }
    } catch (...) {
      locker_->release();
      throw;
    }
  }
  ~LockedRun() {
    engine_.scripts_.clear();
    locker_->release();
  }
  LockedRun(const LockedRun&) = delete;
  LockedRun& operator=(const LockedRun&) = delete;

  RunContext context() {
    RunContext context{engine_.connection(), *engine_.history_, locker_.get(),
                       engine_.options_.run, watchdog_,         engine_.handler_,
                       &engine_.scripts_};
    context.schema_before = [&engine = engine_](const Source& source) {
      return engine.schema_before(source);
    };
    return context;
  }
  Watchdog& watchdog() { return watchdog_; }
  Locker& locker() { return *locker_; }

 private:
  MigrationEngine& engine_;
  Watchdog watchdog_;
  Watchdog::Guard guard_;
  std::unique_ptr<Locker> locker_;
};

}  // namespace sterna
