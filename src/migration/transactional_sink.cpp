#include "migration/sink_tools.hpp"

#include <fmt/format.h>

namespace sterna {

using namespace sink;

TransactionalSink::TransactionalSink(RunContext& run, HistoryRow row, const ExecutionMode& mode)
    : StatementSink(run, std::move(row)), mode_(mode) {
  const auto push = [&](Statement statement) {
    waiting_.push_back(std::move(statement));
    numbers_.push_back(0);
  };
  if (mode_.own_transaction) {
    push(own(run.connection.begin_sql()));
    // The session's own clocks were set when the run began; only what differs is said again.
    const bool differs = !settings_stay(run) || run.lock_timeout != run.session_lock_timeout;
    if (differs) {
      for (Statement& statement : clocks(run, true)) push(std::move(statement));
    }
    if (run.locker != nullptr) {
      for (Statement& statement : run.locker->fence()) push(std::move(statement));
    }
  }
}

void TransactionalSink::check_allowed(const Statement& statement) const {
  if (const auto reason = forbidden(statement, run_.connection.dialect(), true))
    refuse_statement(statement, *reason, true);
}

void TransactionalSink::add(Statement statement) {
  check_allowed(statement);
  waiting_.push_back(std::move(statement));
  numbers_.push_back(++number_);
}

void TransactionalSink::flush() {
  if (waiting_.empty()) return;
  run_.watchdog.check();
  std::vector<Statement> batch;
  std::vector<int> numbers;
  batch.swap(waiting_);
  numbers.swap(numbers_);
  std::size_t at = 0;
  const auto announce = [&] {
    if (at < batch.size() && numbers[at] > 0) started(batch[at], numbers[at]);
  };
  Clock::time_point since = Clock::now();
  StatementClock clock(run_);
  announce();
  try {
    run_.connection.execute_batch(batch, [&](std::size_t index) {
      if (numbers[index] > 0) finished(batch[index], numbers[index], since);
      since = Clock::now();
      at = index + 1;
      clock.restart();
      announce();
    });
  } catch (Error& error) {
    const std::size_t index = error.statement_index().value_or(at);
    if (index < numbers.size() && numbers[index] > 0) {
      Event event{EventKind::statement_failed};
      event.text = batch[index].sql;
      event.index = static_cast<std::size_t>(numbers[index]);
      event.count = static_cast<std::size_t>(number_);
      event.error = &error;
      run_.emit(std::move(event));
    }
    throw;
  }
}

std::int64_t TransactionalSink::execute(Statement statement) {
  check_allowed(statement);
  flush();
  const int number = ++number_;
  started(statement, number);
  const Clock::time_point since = Clock::now();
  const StatementClock clock(run_);
  const std::int64_t rows = run_.connection.execute(statement);
  finished(statement, number, since);
  return rows;
}

Rows TransactionalSink::query(Statement statement) {
  flush();
  const StatementClock clock(run_);
  return run_.connection.query(statement);
}

void TransactionalSink::finish() {
  const std::string elapsed = run_.connection.dialect().elapsed_microseconds();
  // Where a statement costs no round trip the duration is measured here, after the work is done.
  if (elapsed.empty()) flush();
  set_elapsed(row_, begun_);
  const auto push = [&](Statement statement) {
    waiting_.push_back(std::move(statement));
    numbers_.push_back(0);
  };
  if (mode_.record) {
    if (run_.direction == Direction::down)
      push(run_.history.remove(row_.scope, row_.version));
    else if (row_.stored)
      push(run_.history.update(row_, elapsed));
    else
      push(run_.history.insert(row_, elapsed));
  }
  if (mode_.own_transaction) push(own("COMMIT"));
  flush();
}

void TransactionalSink::abandon(Error& error) noexcept {
  waiting_.clear();
  numbers_.clear();
  if (!mode_.own_transaction) {
    error.with_state("nothing was changed: the run's transaction was rolled back");
    return;
  }
  run_.connection.rollback();
  error.with_state(run_.connection.alive()
                       ? "nothing was changed: the migration's transaction was rolled back"
                       : "the connection was lost; the server rolls the migration's transaction "
                         "back, unless the "
                         "loss fell into its commit. `sterna status` tells which");
}

void TransactionalSink::begin_nested() {
  flush();
  run_.connection.execute(own(fmt::format("SAVEPOINT sterna_{}", ++depth_)));
}
void TransactionalSink::commit_nested() {
  flush();
  run_.connection.execute(own(fmt::format("RELEASE SAVEPOINT sterna_{}", depth_--)));
}
void TransactionalSink::rollback_nested() noexcept {
  try {
    waiting_.clear();
    numbers_.clear();
    run_.connection.execute(own(fmt::format("ROLLBACK TO SAVEPOINT sterna_{}", depth_--)));
  } catch (const Error&) {  // the transaction itself is lost: the failure that led here is reported
  }
}

}  // namespace sterna
