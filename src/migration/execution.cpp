#include "migration/execution.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "migration/assertion.hpp"
#include "migration/sinks.hpp"
#include "migration/targets.hpp"

#include <fmt/format.h>

#include <random>
#include <thread>

namespace sterna {
namespace {

using std::chrono::milliseconds;

int tries(const RunContext& run, const Meta& meta) {
  return 1 + (meta.retry >= 0 ? meta.retry : run.options.lock_retries);
}

void run_sql(StatementSink& sink, const Source& source, Direction direction) {
  if (source.statements) {
    for (const Statement& statement : *source.statements) sink.add(statement);
    return;
  }
  CheckedScripts* checked = sink.run().scripts;
  std::optional<std::vector<Statement>> statements =
      checked != nullptr ? checked->take(source) : std::nullopt;
  if (!statements)
    statements = load_statements(source, direction, sink.connection().dialect().language());
  for (Statement& statement : *statements) {
    if (!is_assertion(statement)) {
      sink.add(std::move(statement));
    } else if (!sink.replaying()) {
      check_assertion(statement, sink.query(statement));
    }
  }
}

void run_code(StatementSink& sink, const Source& source, Direction direction) {
  const std::unique_ptr<Migration> migration = source.make();
  ExecutingTarget target(sink, source.up_file);
  Schema schema(target);
  if (direction == Direction::up) {
    if (!call_up(*migration, schema) && !call_change(*migration, schema)) {
      throw Error(ErrorKind::validation,
                  "migration " + source.id() + " defines neither up() nor change()")
          .at({source.up_file, 0, 0});
    }
    return;
  }
  if (call_down(*migration, schema)) return;
  for (Change& change : inverse_of(*migration, source, sink.run())) target.apply(std::move(change));
}

/// What a rebuild of a table did to foreign keys: rows that violate one now and did not before.
void check_foreign_keys(Connection& connection, const std::vector<std::string>& before) {
  std::vector<std::string> broken;
  for (std::string& row : connection.foreign_key_violations()) {
    if (std::find(before.begin(), before.end(), row) == before.end())
      broken.push_back(std::move(row));
  }
  if (broken.empty()) return;
  const std::size_t shown = std::min<std::size_t>(broken.size(), 5);
  throw Error(
      ErrorKind::data,
      fmt::format("{} row(s) would violate a foreign key after this migration", broken.size()))
      .with_detail(join(std::span(broken).first(shown), "; "))
      .suggest("move or delete these rows in the migration before the table is changed");
}

/// Foreign keys off for the life of this object, where a table rebuild needs it (SQLite, outside
/// any transaction).
class ForeignKeysOff {
 public:
  explicit ForeignKeysOff(Connection& connection, bool wanted)
      : connection_(connection), active_(wanted) {
    if (active_) former_ = connection_.set_foreign_keys(false);
  }
  ~ForeignKeysOff() {
    if (!active_) return;
    try {
      connection_.rollback();
      connection_.set_foreign_keys(former_);
    } catch (const Error&) {  // the session is gone: so is its setting
    }
  }
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

 private:
  Connection& connection_;
  bool active_;
  bool former_ = true;
};

void run_body(StatementSink& sink, const Source& source, Direction direction,
              bool foreign_keys_off) {
  std::vector<std::string> violations;
  if (foreign_keys_off) violations = sink.connection().foreign_key_violations();
  if (source.make)
    run_code(sink, source, direction);
  else if (source.has_down || direction == Direction::up)
    run_sql(sink, source, direction);
  if (foreign_keys_off) {
    sink.flush();
    check_foreign_keys(sink.connection(), violations);
  }
  sink.finish();
}

void complete_error(Error& error, RunContext& run, const Source& source) {
  switch (run.watchdog.cause()) {
    case Watchdog::Cause::deadline:
      error.with_kind(ErrorKind::timeout)
          .with_detail(run.watchdog.what() + " ran out; the statement was cancelled on the server");
      break;
    case Watchdog::Cause::stop:
      error.with_kind(ErrorKind::interrupted);
      break;
    case Watchdog::Cause::none:
      run.connection.dialect().explain(error, run.connection);
      break;
  }
  if (error.position().file.empty()) error.at({source.up_file, 0, 0});
}

/// One try. True when it has to be run again from the start with foreign keys off.
bool try_once(RunContext& run, const Source& source, Direction direction, const HistoryRow& row,
              const ExecutionMode& mode, bool foreign_keys_off, AppliedMigration& applied) {
  std::unique_ptr<StatementSink> sink;
  const bool in_flight = row.stored && row.state != RowState::applied;
  if (!mode.own_transaction || (runs_in_transaction(source.meta, run.connection) && !in_flight)) {
    sink = std::make_unique<TransactionalSink>(run, row, mode);
  } else if (!mode.record) {
    sink = std::make_unique<UnrecordedSink>(run, row);
  } else {
    sink = std::make_unique<JournalledSink>(run, row, in_flight);
  }
  const ForeignKeysOff off(run.connection, foreign_keys_off && mode.own_transaction);
  try {
    run_body(*sink, source, direction, foreign_keys_off);
  } catch (const NeedsForeignKeysOff&) {
    Error unused(ErrorKind::internal, "restarted");
    sink->abandon(unused);
    return true;
  } catch (Error& error) {
    sink->abandon(error);
    complete_error(error, run, source);
    throw;
  } catch (const std::exception& exception) {
    Error error(ErrorKind::unknown,
                std::string("the migration threw an exception: ") + exception.what());
    sink->abandon(error);
    complete_error(error, run, source);
    throw error;
  }
  applied.statements = sink->statements();
  return false;
}

AppliedMigration run_tries(RunContext& run, const Source& source, Direction direction,
                           const HistoryRow& row, const ExecutionMode& mode) {
  AppliedMigration applied{
      source.version.empty() ? source.id() : row.version, row.name, direction, {}, 0};
  // In a run-wide transaction they must be off before that begins.
  if (source.meta.foreign_keys_off && !mode.own_transaction &&
      run.connection.foreign_keys_enforced())
    throw NeedsForeignKeysOff{};
  bool foreign_keys_off = source.meta.foreign_keys_off && mode.own_transaction;
  for (int attempt = 0;; ++attempt) {
    try {
      while (try_once(run, source, direction, row, mode, foreign_keys_off, applied)) {
        if (foreign_keys_off || !mode.own_transaction) throw NeedsForeignKeysOff{};
        foreign_keys_off = true;
      }
      return applied;
    } catch (Error& error) {
      // In the journalled way the statement itself was tried again already.
      const bool again = error.kind() == ErrorKind::lock && mode.own_transaction &&
                         runs_in_transaction(source.meta, run.connection) &&
                         attempt + 1 < tries(run, source.meta) && run.connection.alive();
      if (!again) throw;
      Event event{EventKind::retry};
      event.text =
          fmt::format("{} (try {} of {})", error.what(), attempt + 2, tries(run, source.meta));
      event.error = &error;
      run.emit(std::move(event));
    }
    back_off(run, attempt);
  }
}

}  // namespace

void CheckedScripts::keep(const Source& source, std::vector<Statement> statements) {
  constexpr std::size_t most_bytes = 4 << 20;
  std::size_t size = 0;
  for (const Statement& statement : statements)
    size += sizeof statement + statement.sql.size() + statement.copy_data.size() +
            statement.position.file.size();
  if (bytes_ + size > most_bytes) return;
  bytes_ += size;
  kept_[&source] = std::move(statements);
}

std::optional<std::vector<Statement>> CheckedScripts::take(const Source& source) {
  auto found = kept_.extract(&source);
  if (found.empty()) return std::nullopt;
  return std::move(found.mapped());
}

// 200 ms, 400 ms, … with up to as much again at random, so that runners that block each other do
// not come back together.
void back_off(RunContext& run, int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const int base = 200 << std::min(attempt, 6);
  const auto until =
      Clock::now() + milliseconds(base + static_cast<int>(random() % static_cast<unsigned>(base)));
  while (Clock::now() < until) {
    run.watchdog.check();
    std::this_thread::sleep_for(milliseconds(20));
  }
}

void RunContext::emit(Event event) const {
  if (!handler) return;
  event.connection = options.name;
  event.migration = migration;
  event.direction = direction;
  if (event.count == 0) {
    event.index = index;
    event.count = count;
  }
  handler(event);
}

void StatementSink::started(const Statement& statement, int number) const {
  if (!run_.handler) return;
  Event event{EventKind::statement_started};
  event.text = statement.sql;
  event.index = static_cast<std::size_t>(number);
  event.count = static_cast<std::size_t>(std::max(number, number_));
  run_.emit(std::move(event));
}

void StatementSink::finished(const Statement& statement, int number,
                             Clock::time_point since) const {
  if (!run_.handler) return;
  Event event{EventKind::statement_finished};
  event.text = statement.sql;
  event.index = static_cast<std::size_t>(number);
  event.count = static_cast<std::size_t>(std::max(number, number_));
  event.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - since);
  run_.emit(std::move(event));
}

bool runs_in_transaction(const Meta& meta, const Connection& connection) {
  return connection.capabilities().transactional_ddl && meta.transaction != TransactionMode::none;
}

void check_directives(const Source& source, const Dialect& dialect) {
  if (!source.meta.foreign_keys_off || dialect.capabilities({}).rebuilds_tables) return;
  throw Error(ErrorKind::validation,
              fmt::format("migration {} says 'foreign-keys off', which is nothing for {}",
                          source.id(), dialect.name()))
      .at({source.up_file, 0, 0})
      .suggest("leave the directive out: it is for tables that SQLite rebuilds");
}

std::optional<std::string> forbidden(const Statement& statement, const Dialect& dialect,
                                     bool in_transaction) {
  const StatementSummary summary = classify(statement.sql, dialect.language());
  if (controls_transaction(summary, statement.sql, dialect.language())) {
    return "a migration must not steer the transaction itself; Sterna opens and commits it";
  }
  if (in_transaction && bulk::is_step(statement))
    return "a step in batches commits each by itself, so it cannot run inside a transaction";
  if (in_transaction) return refuses_transaction(summary, statement.sql, dialect.language());
  return std::nullopt;
}

void refuse_statement(const Statement& statement, const std::string& reason, bool in_transaction) {
  Error error(ErrorKind::validation, reason);
  error.at(statement.position).with_statement(statement.sql);
  if (in_transaction) {
    error.suggest(
        "put '-- sterna:transaction none' into the head of the migration (in C++: .transaction = "
        "sterna::TransactionMode::none), "
        "best with this statement alone in it");
  }
  throw error;
}

AppliedMigration execute_migration(RunContext& run, Source& source, Direction direction,
                                   HistoryRow row, const ExecutionMode& mode) {
  run.migration = source.id();
  run.direction = direction;
  run.lock_timeout =
      source.meta.lock_timeout.count() > 0 ? source.meta.lock_timeout : run.options.lock_timeout;
  const milliseconds limit =
      source.meta.timeout.count() > 0 ? source.meta.timeout : run.options.migration_timeout;
  const Watchdog::Guard guard =
      limit.count() > 0
          ? run.watchdog.watch(
                limit, fmt::format("the clock of migration {} ({})", source.id(),
                                   format_duration(static_cast<double>(limit.count()) / 1000)))
          : Watchdog::Guard();
  run.emit(Event{EventKind::migration_started});
  const Clock::time_point begun = Clock::now();
  const auto took = [&] {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  };
  try {
    AppliedMigration applied = run_tries(run, source, direction, row, mode);
    applied.duration = took();
    Event event{EventKind::migration_finished};
    event.duration = applied.duration;
    run.emit(std::move(event));
    return applied;
  } catch (Error& error) {
    Event event{EventKind::migration_failed};
    event.error = &error;
    event.text = error.what();
    event.duration = took();
    run.emit(std::move(event));
    throw;
  }
}

}  // namespace sterna
