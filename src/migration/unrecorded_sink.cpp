#include "migration/sink_tools.hpp"

#include <fmt/format.h>

namespace sterna {

using namespace sink;

std::int64_t UnrecordedSink::try_once(const Statement& statement) {
  Connection& connection = run_.connection;
  const Clock::time_point since = Clock::now();
  const StatementClock clock(run_);
  const PatientWait patience(run_, statement);
  started(statement, number_);
  try {
    const std::int64_t rows = connection.execute(statement);
    finished(statement, number_, since);
    return rows;
  } catch (Error& error) {
    Event event{EventKind::statement_failed};
    event.text = statement.sql;
    event.index = static_cast<std::size_t>(number_);
    event.count = static_cast<std::size_t>(number_);
    event.error = &error;
    run_.emit(std::move(event));
    throw;
  }
}

std::int64_t UnrecordedSink::execute(Statement statement) {
  if (const auto reason = forbidden(statement, run_.connection.dialect(), false))
    refuse_statement(statement, *reason, false);
  ++number_;
  for (int attempt = 0;; ++attempt) {
    run_.watchdog.check();
    try {
      const std::int64_t rows = try_once(statement);
      done_ = number_;
      return rows;
    } catch (Error& error) {
      Connection& connection = run_.connection;
      if (!connection.alive()) throw;
      // What refuses a transaction may leave something half done (an INVALID index).
      const EffectReport report = connection.dialect().effect(connection, statement, {});
      if (report.effect == Effect::partial) {
        for (const Statement& repair : report.repair) connection.execute(repair);
      }
      if (error.kind() != ErrorKind::lock || attempt >= run_.options.lock_retries) throw;
      Event event{EventKind::retry};
      event.text = fmt::format("{} (try {} of {})", error.what(), attempt + 2,
                               run_.options.lock_retries + 1);
      event.error = &error;
      run_.emit(std::move(event));
    }
    back_off(run_, attempt);
  }
}

void UnrecordedSink::abandon(Error& error) noexcept {
  run_.connection.rollback();
  if (done_ == 0)
    error.with_state("nothing was changed");
  else
    error.with_state(fmt::format("statements 1 to {} took effect", done_));
}

}  // namespace sterna
