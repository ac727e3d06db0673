// Small things that both sinks need: Sterna's own statements, the statement clock, the settings of
// the database's clocks. Used by the sinks alone.
#pragma once

#include "base/hash.hpp"
#include "bulk/directive.hpp"
#include "migration/sinks.hpp"

#include <string>
#include <vector>

namespace sterna::sink {

inline double seconds(std::chrono::milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

inline Statement own(std::string sql) { return Statement{std::move(sql), {}, {}, {}}; }

/// A running hash over the statements so far, so that an edit of one that is committed already is
/// seen. How quickly a step goes may be edited at any time.
inline std::string extend(const std::string& prefix, const Statement& statement) {
  return sha256_hex(prefix + '\n' + std::string(bulk::body_of(statement.sql)));
}

/// The statement clock, where the server does not keep it by itself: started again for each
/// statement of a batch.
class StatementClock {
 public:
  explicit StatementClock(RunContext& run) : run_(run) { restart(); }
  void restart() {
    if (run_.options.statement_timeout.count() <= 0) return;
    guard_ = {};
    guard_ = run_.watchdog.watch(run_.options.statement_timeout, "the statement clock");
  }

 private:
  RunContext& run_;
  Watchdog::Guard guard_;
};

inline std::vector<Statement> clocks(const RunContext& run, bool in_transaction) {
  return run.connection.dialect().timeouts(seconds(run.options.statement_timeout),
                                           seconds(run.lock_timeout), in_transaction);
}

/// Behind a pooler a setting of the session would stay with whoever gets that session next.
inline bool settings_stay(const RunContext& run) {
  return run.locker == nullptr || run.locker->fence().empty();
}

/// No lock timeout for a statement that waits by its nature, and the session's own again after it.
class PatientWait {
 public:
  PatientWait(RunContext& run, const Statement& statement) : run_(run) {
    if (!settings_stay(run) || run.lock_timeout.count() <= 0) return;
    for (const Statement& setting : run.connection.dialect().wait_patiently(statement)) {
      run.connection.execute(setting);
      set_ = true;
    }
  }
  ~PatientWait() {
    try {
      if (!set_ || !run_.connection.alive()) return;
      for (const Statement& setting : clocks(run_, false)) run_.connection.execute(setting);
    } catch (const Error&) {  // the next statement will tell what is wrong with the session
    }
  }
  PatientWait(const PatientWait&) = delete;
  PatientWait& operator=(const PatientWait&) = delete;

 private:
  RunContext& run_;
  bool set_ = false;
};

inline void set_elapsed(HistoryRow& row, Clock::time_point begun) {
  row.duration_us =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun).count();
}

}  // namespace sterna::sink
