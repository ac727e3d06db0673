#include "base/text.hpp"
#include "migration/sink_tools.hpp"

#include <fmt/format.h>

namespace sterna {

using namespace sink;

JournalledSink::JournalledSink(RunContext& run, HistoryRow row, bool resumed)
    : StatementSink(run, std::move(row)),
      resume_(row_.journal),
      resumed_(resumed),
      exists_(row_.stored),
      created_here_(run.direction == Direction::up &&
                    (!row_.stored || row_.state == RowState::up)) {
  row_.state = run.direction == Direction::up ? RowState::up : RowState::down;
  if (resumed) {
    Event event{EventKind::resume};
    event.text =
        fmt::format("an earlier run ended at statement {} of this migration ({})", resume_.step,
                    resume_.state == StepState::done      ? "committed"
                    : resume_.state == StepState::started ? "in flight"
                                                          : "refused by the server");
    run_.emit(std::move(event));
  }
  if (run.lock_timeout == run.session_lock_timeout || !settings_stay(run)) return;
  run.session_lock_timeout = run.lock_timeout;
  for (const Statement& statement : clocks(run, false)) run.connection.execute(statement);
}

JournalledSink::Verdict JournalledSink::next(const Statement& statement) {
  if (const auto reason = forbidden(statement, run_.connection.dialect(), false))
    refuse_statement(statement, *reason, false);
  ++number_;
  if (!resumed_ || number_ > resume_.step) return Verdict::run;
  const auto edited = [&](int statements) {
    return Error(
               ErrorKind::checksum,
               fmt::format(
                   "the first {} statement(s) of migration {} are committed, but were edited since",
                   statements, run_.migration))
        .at(statement.position)
        .suggest("restore their text; what comes after them may be changed freely")
        .suggest(
            fmt::format("or settle it by hand: sterna resolve {} --as up|down", run_.migration));
  };
  if (number_ < resume_.step) return Verdict::skip;
  if (prefix_ != resume_.prefix_hash) throw edited(resume_.step - 1);
  switch (resume_.state) {
    case StepState::failed:
      return Verdict::run;
    case StepState::started:
      if (!bulk::is_step(statement)) return decide_in_flight(statement);
      // It knows by its cursor where it stands, if it is the same.
      if (bulk::body_of(statement.sql) != bulk::body_of(resume_.step_sql)) {
        throw Error(ErrorKind::checksum,
                    fmt::format("statement {} of migration {} is under way in batches, but was "
                                "edited since",
                                number_, run_.migration))
            .at(statement.position)
            .with_statement(resume_.step_sql)
            .suggest("restore its text to go on; its pace (batch, pause, target, …) may be changed")
            .suggest(fmt::format("or give it up, and begin anew: sterna resolve {} --abandon",
                                 run_.migration));
      }
      return Verdict::run;
    case StepState::done:
      break;
  }
  if (bulk::body_of(statement.sql) != bulk::body_of(resume_.step_sql)) throw edited(resume_.step);
  return Verdict::skip;
}

JournalledSink::Verdict JournalledSink::decide_in_flight(const Statement& statement) {
  const Statement interrupted{resume_.step_sql, {}, statement.position, {}};
  const EffectReport report =
      run_.connection.dialect().effect(run_.connection, interrupted, resume_.fingerprint);
  Event event{EventKind::resume};
  event.text = fmt::format("statement {}: {}", number_, report.evidence);
  run_.emit(std::move(event));
  switch (report.effect) {
    case Effect::none:
      in_doubt_ = number_;
      return Verdict::run;
    case Effect::repeatable:
      return Verdict::run;
    case Effect::partial:
      for (const Statement& repair : report.repair) run_.connection.execute(repair);
      return Verdict::run;
    case Effect::complete:
      if (statement.sql == resume_.step_sql) return Verdict::skip;
      throw Error(ErrorKind::checksum, fmt::format("statement {} of migration {} took effect "
                                                   "before the run died ({}), but was edited since",
                                                   number_, run_.migration, report.evidence))
          .at(statement.position)
          .suggest("restore its text; what comes after it may be changed freely");
    case Effect::unknown:
      break;
  }
  throw Error(ErrorKind::plan, fmt::format("a run died while statement {} of migration {} was "
                                           "running, and whether it took effect cannot "
                                           "be told: {}",
                                           number_, run_.migration, report.evidence))
      .at(statement.position)
      .with_statement(resume_.step_sql)
      .suggest(fmt::format("look whether it took effect, then run sterna resolve {0} --as up (all "
                           "of it is done) or sterna resolve {0} "
                           "--as down (none of it is)",
                           run_.migration));
}

namespace {

/// What calls functions may end with a value where a cancel reached it, and no error: SLEEP() and
/// GET_LOCK() of MySQL do (manual, "Miscellaneous Functions", "Locking Functions").
bool may_hide_cancel(const Statement& statement, Language language) {
  const Verb verb = classify(statement.sql, language).verb;
  return verb == Verb::select || verb == Verb::do_block || verb == Verb::call;
}

}  // namespace

JournalledSink::Pending JournalledSink::pending(Statement statement) {
  const Dialect& dialect = run_.connection.dialect();
  Pending result;
  result.number = number_;
  result.prefix = prefix_;
  result.alone = dialect.refuses_transaction(statement).has_value();
  result.transactional = !result.alone && !dialect.commits_implicitly(statement);
  result.hides_cancel = result.transactional && may_hide_cancel(statement, dialect.language());
  if (!result.transactional && dialect.needs_fingerprint(statement)) {
    flush();  // the fingerprint is of the state right before this statement
    result.fingerprint = dialect.fingerprint(run_.connection, statement);
  }
  result.statement = std::move(statement);
  return result;
}

Statement JournalledSink::journal_write(const Pending& pending, StepState state, bool exists) {
  row_.journal = Journal{pending.number,      state, pending.prefix, pending.statement.sql,
                         pending.fingerprint, {}};
  return exists ? run_.history.journal(row_) : run_.history.insert(row_);
}

void JournalledSink::append_fence(std::vector<Statement>& batch) const {
  if (run_.locker == nullptr) return;
  for (Statement& fence : run_.locker->fence()) batch.push_back(std::move(fence));
}

void JournalledSink::committed(const Pending& pending) {
  committed_ = pending.number;
  committed_prefix_ = extend(pending.prefix, pending.statement);
}

void JournalledSink::add(Statement statement) {
  if (bulk::is_step(statement)) {
    run_step(std::move(statement));
    return;
  }
  if (depth_ > 0) {
    run_now(std::move(statement), nullptr);
    return;
  }
  const std::string after = extend(prefix_, statement);
  if (next(statement) == Verdict::run) {
    Pending item = pending(std::move(statement));
    const bool by_itself = item.alone || item.hides_cancel;
    if (by_itself) flush();
    waiting_.push_back(std::move(item));
    if (by_itself) flush();
  } else {
    committed_ = number_;
    committed_prefix_ = after;
  }
  prefix_ = after;
}

void JournalledSink::flush() {
  while (!waiting_.empty() || closing_) retried([this] { send(); });
}

/// `work` again, where it was refused a lock.
void JournalledSink::retried(const std::function<void()>& work) {
  for (int attempt = 0;;) {
    try {
      return work();
    } catch (Error& error) {
      if (error.kind() != ErrorKind::lock || attempt >= run_.options.lock_retries ||
          !run_.connection.alive())
        throw;
      Event event{EventKind::retry};
      event.text = fmt::format("{} (try {} of {})", error.what(), attempt + 2,
                               run_.options.lock_retries + 1);
      event.error = &error;
      run_.emit(std::move(event));
      back_off(run_, attempt++);
    }
  }
}

/// DDL that commits by itself is preceded by its journal write, in a commit of its own; anything
/// else shares a transaction with its journal write. What is done leaves the queue, so that after a
/// failure the failed statement stands in front.
void JournalledSink::send() {
  run_.watchdog.check();
  enum class Role { other, journal, main, last };
  std::vector<Statement> batch;
  std::vector<std::pair<std::size_t, Role>> roles;
  std::size_t unchecked = 0;  // so many go ahead of a look at the clock
  const auto push = [&](Statement statement, std::size_t item, Role role) {
    batch.push_back(std::move(statement));
    roles.resize(batch.size() - 1, {item, Role::other});
    roles.emplace_back(item, role);
  };
  bool exists = exists_;
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Pending& item = waiting_[i];
    if (item.transactional) {
      push(own(run_.connection.begin_sql()), i, Role::other);
      append_fence(batch);
      push(item.statement, i, Role::main);
      if (item.hides_cancel) unchecked = batch.size();
      push(journal_write(item, StepState::done, exists), i, Role::other);
      push(own("COMMIT"), i, Role::last);
    } else {
      append_fence(batch);
      Statement journal = journal_write(item, StepState::started, exists);
      if (item.alone) {  // it refuses company: the journal goes ahead by itself
        for (const Statement& fence : batch) run_.connection.execute(fence);
        run_.connection.execute(journal);
        exists_ = true;
        batch.clear();
        roles.clear();
      } else {
        push(std::move(journal), i, Role::journal);
      }
      push(item.statement, i, Role::main);
    }
    exists = true;
  }
  if (closing_) push(*closing_, waiting_.empty() ? 0 : waiting_.size() - 1, Role::other);
  touched_ = touched_ || !waiting_.empty();
  std::optional<PatientWait> patience;
  if (!waiting_.empty() && waiting_.front().alone)
    patience.emplace(run_, waiting_.front().statement);
  std::size_t at = 0;
  Clock::time_point since = Clock::now();
  StatementClock clock(run_);
  const auto announce = [&] {
    if (at < batch.size() && roles[at].second == Role::main)
      started(batch[at], waiting_[roles[at].first].number);
  };
  std::size_t items_done = 0;
  announce();
  std::size_t first = 0;
  const auto done = [&](std::size_t relative) {
    const std::size_t index = first + relative;
    const auto [item, role] = roles[index];
    if (role == Role::main) finished(batch[index], waiting_[item].number, since);
    if (role == Role::journal || role == Role::last) exists_ = true;
    if (role == Role::last || (role == Role::main && !waiting_[item].transactional)) {
      committed(waiting_[item]);
      items_done = item + 1;
    }
    since = Clock::now();
    at = index + 1;
    clock.restart();
    announce();
  };
  try {
    const std::span<const Statement> all = batch;
    if (unchecked > 0) {
      run_.connection.execute_batch(all.first(unchecked), done);
      run_.watchdog.check();
      first = unchecked;
    }
    run_.connection.execute_batch(all.subspan(first), done);
  } catch (Error& error) {
    run_.connection.rollback();
    const std::size_t index =
        std::min(error.statement_index().has_value() ? first + *error.statement_index() : at,
                 roles.size() - 1);
    if (roles[index].first < waiting_.size()) {
      const Pending& failed = waiting_[roles[index].first];
      if (roles[index].second == Role::main && took_effect_late(failed)) {
        committed(failed);
        waiting_.erase(waiting_.begin(),
                       waiting_.begin() + static_cast<std::ptrdiff_t>(roles[index].first) + 1);
        return;
      }
      report_failure(failed.statement, failed.number, error);
      clear_away(failed);
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(items_done));
    throw;
  }
  waiting_.clear();
  closing_.reset();
}

/// A server that was slow may end the statement of a run that died after it was looked for: that it
/// fails now, because all is there already, is no failure.
bool JournalledSink::took_effect_late(const Pending& failed) noexcept {
  try {
    if (failed.number != in_doubt_ || failed.transactional || !run_.connection.alive())
      return false;
    const EffectReport report = run_.connection.dialect().effect(
        run_.connection, {resume_.step_sql, {}, {}, {}}, resume_.fingerprint);
    if (report.effect != Effect::complete || failed.statement.sql != resume_.step_sql) return false;
    Event event{EventKind::resume};
    event.text =
        fmt::format("statement {}: {}, by the earlier run", failed.number, report.evidence);
    run_.emit(std::move(event));
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// What refuses a transaction may leave something half done even when it fails (an INVALID index):
/// that goes now, so that the next try does not trip over it.
void JournalledSink::clear_away(const Pending& failed) noexcept {
  try {
    if (!failed.alone || !run_.connection.alive()) return;
    const EffectReport report =
        run_.connection.dialect().effect(run_.connection, failed.statement, failed.fingerprint);
    if (report.effect != Effect::partial) return;
    for (const Statement& repair : report.repair) run_.connection.execute(repair);
  } catch (const Error&) {  // then doctor finds it
  }
}

void JournalledSink::report_failure(const Statement& statement, int number,
                                    const Error& error) const {
  Event event{EventKind::statement_failed};
  event.text = statement.sql;
  event.index = static_cast<std::size_t>(number);
  event.count = static_cast<std::size_t>(number_);
  event.error = &error;
  run_.emit(std::move(event));
}

/// One statement at once, because its rows or their number are asked for, or because it stands in a
/// transaction() of the migration.
std::int64_t JournalledSink::run_now(Statement statement, Rows* rows) {
  flush();
  const std::string after = extend(prefix_, statement);
  if (next(statement) == Verdict::skip) {
    committed_ = number_;
    committed_prefix_ = prefix_ = after;
    return 0;
  }
  Pending item = pending(std::move(statement));
  Connection& connection = run_.connection;
  std::int64_t affected = 0;
  if (depth_ > 0 && !item.transactional) {
    throw Error(ErrorKind::plan,
                "this statement ends the open transaction, so it cannot stand inside transaction()")
        .at(item.statement.position)
        .with_statement(item.statement.sql)
        .suggest("move it before or after the transaction");
  }
  const bool own_transaction = item.transactional && depth_ == 0;
  const Clock::time_point since = Clock::now();
  const StatementClock clock(run_);
  started(item.statement, item.number);
  touched_ = true;
  try {
    if (item.transactional && !nested_open_) {
      connection.execute(own(connection.begin_sql()));
      nested_open_ = depth_ > 0;
      std::vector<Statement> fences;
      append_fence(fences);
      for (const Statement& fence : fences) connection.execute(fence);
    }
    if (!item.transactional) {
      connection.execute(journal_write(item, StepState::started, exists_));
      exists_ = true;
    }
    if (rows != nullptr)
      *rows = connection.query(item.statement);
    else
      affected = connection.execute(item.statement);
    if (own_transaction) {
      connection.execute(journal_write(item, StepState::done, exists_));
      connection.execute(own("COMMIT"));
      exists_ = true;
    }
  } catch (Error& error) {
    if (own_transaction) connection.rollback();
    report_failure(item.statement, item.number, error);
    throw;
  }
  finished(item.statement, item.number, since);
  if (depth_ == 0) committed(item);
  prefix_ = after;
  return affected;
}

std::int64_t JournalledSink::execute(Statement statement) {
  if (bulk::is_step(statement)) return run_step(std::move(statement));
  return run_now(std::move(statement), nullptr);
}

Rows JournalledSink::query(Statement statement) {
  flush();
  const Language language = run_.connection.dialect().language();
  switch (classify(statement.sql, language).verb) {
    case Verb::insert:
    case Verb::update:
    case Verb::remove:
    case Verb::replace:
    case Verb::merge:
    case Verb::call: {
      Rows rows;
      run_now(std::move(statement), &rows);
      return rows;
    }
    default:
      return run_.connection.query(statement);
  }
}

void JournalledSink::finish() {
  if (resumed_ && number_ < resume_.step - (resume_.state == StepState::done ? 0 : 1)) {
    throw Error(
        ErrorKind::checksum,
        fmt::format("migration {} has {} statement(s), but an earlier run committed more of them",
                    run_.migration, number_))
        .suggest("restore the statements that were removed");
  }
  // The server's own clock saves a round trip, where it can tell and the work was not interrupted.
  std::string elapsed;
  const bool in_table = exists_ || !waiting_.empty();
  if (!resumed_ && in_table && !run_.connection.capabilities().transactional_ddl)
    elapsed = run_.connection.dialect().elapsed_microseconds();
  if (elapsed.empty()) flush();
  set_elapsed(row_, begun_);
  if (run_.direction == Direction::down) {
    closing_ = run_.history.remove(row_.scope, row_.version);
  } else if (in_table) {
    closing_ = run_.history.finish(row_, elapsed);
  } else {  // a migration without a statement
    row_.state = RowState::applied;
    closing_ = run_.history.insert(row_);
  }
  flush();
}

void JournalledSink::abandon(Error& error) noexcept {
  waiting_.clear();
  closing_.reset();
  Connection& connection = run_.connection;
  connection.rollback();
  if (partly_) {  // the journal and the cursor stand where the last batch left them
    error.with_state(
        fmt::format("the batches of statement {} of migration {} that were done are committed; the "
                    "next run goes on behind them",
                    number_, run_.migration));
    return;
  }
  const bool nothing = committed_ == 0;
  if (resumed_ && !touched_) {  // what the earlier run wrote stays as it is
    error.with_state(
        fmt::format("as the interrupted run left it: migration {} ended at statement {}",
                    run_.migration, resume_.step));
    return;
  }
  try {
    if (!connection.alive()) throw Error(ErrorKind::connection, "the session is gone");
    if (nothing && created_here_ && exists_) {
      connection.execute(run_.history.remove(row_.scope, row_.version));
      exists_ = false;
    } else if (nothing && run_.direction == Direction::down) {
      row_.state = RowState::applied;
      row_.journal = Journal{};
      connection.execute(run_.history.journal(row_));
    } else if (!nothing) {
      row_.journal = Journal{committed_ + 1, StepState::failed, committed_prefix_, {}, {}, {}};
      connection.execute(run_.history.journal(row_));
    }
    error.with_state(nothing ? std::string("nothing was changed")
                             : fmt::format("statements 1 to {} of migration {} are committed; the "
                                           "next run goes on at statement {}",
                                           committed_, run_.migration, committed_ + 1));
  } catch (const Error&) {
    // The journal says what was in flight; the next run looks in the database whether it took
    // effect.
    error.with_state(
        fmt::format("the connection was lost; {} statement(s) of migration {} are known to be "
                    "committed; the next run finds out "
                    "about the one in flight and goes on",
                    committed_, run_.migration));
  }
}

}  // namespace sterna
