// The engine's work that runs migrations: up, down, redo, fresh, rehearse; and statements that
// belong to no migration.
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "migration/locked_run.hpp"
#include "migration/own_place.hpp"
#include "migration/run.hpp"
#include "migration/targets.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {

using std::chrono::microseconds;

HistoryRow MigrationEngine::row_for(const Entry& entry, Direction direction, int batch,
                                    std::int64_t sequence) const {
  const Source& source = *entry.source;
  HistoryRow row;
  if (entry.row != nullptr) {
    row = *entry.row;
    if (direction == Direction::down) return row;
  } else {
    row.sequence = sequence;
    row.scope = source.scope;
    row.version = source.key();
    row.batch = batch;
  }
  row.name = source.kind == SourceKind::repeatable ? std::string() : source.name;
  row.kind = std::string(to_string(source.kind));
  row.hash_up = source.hash_up;
  row.hash_down = source.hash_down;
  row.hash_algorithm = token_hash_algorithm;
  row.applied_by = runner_identity();
  row.sterna_version = std::string(version());
  if (row.stored && row.state == RowState::applied) row.batch = batch;
  return row;
}

RunResult MigrationEngine::run_entries(LockedRun& run, std::vector<Entry> entries,
                                       Direction direction, int batch) {
  RunResult result;
  result.batch = batch;
  RunContext context = run.context();
  std::int64_t sequence = rows_.empty() ? 0 : rows_.back().sequence;
  context.count = entries.size();
  for (const Entry& entry : entries) {
    run.watchdog().check();
    run.locker().check();
    ++context.index;
    result.applied.push_back(execute_migration(context, *entry.source, direction,
                                               row_for(entry, direction, batch, ++sequence), {}));
  }
  return result;
}

RunResult MigrationEngine::run_in_one_transaction(LockedRun& run, const std::vector<Entry>& entries,
                                                  Direction direction, int batch, bool rehearsal) {
  Connection& session = connection();
  for (const Entry& entry : entries) {
    if (runs_in_transaction(entry.source->meta, session)) continue;
    const bool able = session.capabilities().transactional_ddl;
    throw Error(
        ErrorKind::plan,
        able ? fmt::format("migration {} asks for no transaction, so it cannot be part of one",
                           entry.source->id())
             : fmt::format(
                   "{} commits each definition by itself: several cannot share a transaction",
                   session.server().product))
        .with_state("nothing was run")
        .suggest(rehearsal ? "use --dry-run, which shows the statements"
                           : "set transaction = \"migration\"");
  }
  const auto attempt = [&](bool foreign_keys_off) {
    RunResult result;
    result.batch = batch;
    RunContext context = run.context();
    std::int64_t sequence = rows_.empty() ? 0 : rows_.back().sequence;
    context.count = entries.size();
    const bool former = foreign_keys_off ? session.set_foreign_keys(false) : true;
    const auto restore = [&]() noexcept {
      session.rollback();
      try {
        if (foreign_keys_off) session.set_foreign_keys(former);
      } catch (const Error&) {  // the session is gone
      }
    };
    try {
      session.begin();
      for (const Statement& statement : session.dialect().timeouts(
               0, static_cast<double>(options_.run.lock_timeout.count()) / 1000, true)) {
        session.execute(statement);
      }
      for (const Entry& entry : entries) {
        run.watchdog().check();
        ++context.index;
        result.applied.push_back(execute_migration(context, *entry.source, direction,
                                                   row_for(entry, direction, batch, ++sequence),
                                                   {false, true}));
      }
      if (foreign_keys_off) {
        if (const auto broken = session.foreign_key_violations(); !broken.empty()) {
          throw Error(ErrorKind::data,
                      "rows would violate a foreign key after this run: " + broken.front());
        }
      }
      if (!rehearsal) session.commit();
    } catch (Error& error) {
      restore();
      error.with_state("nothing was changed: the run's transaction was rolled back");
      throw;
    } catch (...) {
      restore();
      throw;
    }
    restore();
    return result;
  };
  try {
    return attempt(false);
  } catch (const NeedsForeignKeysOff&) {
    return attempt(true);
  }
}

namespace {
int next_batch(const std::vector<HistoryRow>& rows) {
  int newest = 0;
  for (const HistoryRow& row : rows) newest = std::max(newest, row.batch);
  return newest + 1;
}

std::size_t count_pending(const Survey& survey) { return select_up(survey, {}).size(); }

/// C++ migrations tell only once they are loaded where they belong.
void drop_foreign(std::vector<Entry>& entries, const RunnerOptions& options, RunResult& result) {
  std::erase_if(entries, [&](const Entry& entry) {
    if (entry.row != nullptr) return false;
    std::vector<std::string> reasons;
    const Meta& meta = entry.source->meta;
    if (!meta.environments.empty() && std::find(meta.environments.begin(), meta.environments.end(),
                                                options.environment) == meta.environments.end()) {
      reasons.push_back("only for environment " + join(meta.environments, ", "));
    } else if (!meta.connection.empty() && meta.connection != options.name) {
      reasons.push_back("only for connection " + meta.connection);
    }
    if (reasons.empty()) return false;
    result.skipped.push_back(entry.source->id() + ": " + reasons.front());
    return true;
  });
}

void list_skipped(const Survey& survey, RunResult& result) {
  for (const Entry& entry : survey.entries) {
    if (entry.state == MigrationState::skipped)
      result.skipped.push_back(entry.source->id() + ": " + entry.detail);
  }
}

/// Runs the body between run_started and run_finished or run_failed.
template <class Emit, class Body>
RunResult reported(Emit emit, Direction direction, Body body) {
  Event started{EventKind::run_started};
  started.direction = direction;
  emit(started);
  const Clock::time_point begun = Clock::now();
  const auto took = [&] { return std::chrono::duration_cast<microseconds>(Clock::now() - begun); };
  try {
    RunResult result = body();
    result.duration = took();
    Event event{EventKind::run_finished};
    event.direction = direction;
    event.duration = result.duration;
    event.count = result.applied.size();
    emit(event);
    return result;
  } catch (Error& error) {
    Event event{EventKind::run_failed};
    event.direction = direction;
    event.duration = took();
    event.error = &error;
    event.text = error.what();
    emit(event);
    throw;
  }
}
}  // namespace

/// The way without a lock, for the usual start of a program: everything is applied already.
std::optional<RunResult> MigrationEngine::nothing_to_do(const Target& target, Direction direction) {
  scripts_.clear();
  const Survey seen = look(History::Detail::planning);
  if (direction == Direction::up) {
    refuse_problems(problems_of(seen, options_.run), options_.run.strict,
                    [this](const std::string& text) { warn(text); });
  }
  const std::vector<Entry> entries =
      direction == Direction::up ? select_up(seen, target) : select_down(seen, target);
  if (!entries.empty()) return std::nullopt;
  RunResult result;
  list_skipped(seen, result);
  return result;
}

RunResult MigrationEngine::up(const Target& target, const std::function<void()>& check) {
  return reported(
      [this](Event event) { emit(std::move(event)); }, Direction::up,
      [&] {
        if (auto nothing = nothing_to_do(target, Direction::up)) return *nothing;
        RunResult skipped;
        {
          // Compiling takes its time and may fail: both before the lock is taken.
          std::vector<Entry> entries = select_up(survey(sources_, rows_, options_.run), target);
          load_code(entries);
          check_scripts(entries, Direction::up);
        }
        LockedRun run(*this);
        if (check) check();
        const Survey seen = survey(sources_, rows_, options_.run);
        refuse_problems(problems_of(seen, options_.run), options_.run.strict,
                        [](const std::string&) {});
        std::vector<Entry> entries = select_up(seen, target);
        drop_foreign(entries, options_.run, skipped);
        const int batch = next_batch(rows_);
        RunResult result = options_.run.transaction == RunTransaction::run && !entries.empty()
                               ? run_in_one_transaction(run, entries, Direction::up, batch, false)
                               : run_entries(run, entries, Direction::up, batch);
        result.skipped = std::move(skipped.skipped);
        list_skipped(seen, result);
        const std::size_t pending = count_pending(seen);
        result.pending = pending > result.applied.size() ? pending - result.applied.size() : 0;
        return result;
      });
}

model::Model MigrationEngine::schema_before(const Source& source) {
  std::string last;
  for (const Source& other : sources_) {
    if (other.scope == source.scope && other.id() == source.id()) break;
    if (other.kind != SourceKind::repeatable) last = target_name(other.scope, other.id());
  }
  model::Model nothing;
  nothing.dialect = connection().dialect().name();
  if (last.empty()) return nothing;
  // Of a session of its own: this one may be in a transaction.
  const std::unique_ptr<Connection> beside =
      options_.connect ? options_.connect() : connect(options_.url, {});
  const std::unique_ptr<Scratch> scratch = beside->make_scratch();
  const std::unique_ptr<MigrationEngine> replaying = engine_in(*scratch, options_);
  replaying->up({Target::Kind::version, last, 0});
  return inspect_beside_history(replaying->connection(), options_.run, {}, scratch.get());
}

RunResult MigrationEngine::down(
    const Target& target, const std::function<void(const std::vector<std::string>& ids)>& check) {
  return reported([this](Event event) { emit(std::move(event)); }, Direction::down,
                  [&] {
                    if (auto nothing = nothing_to_do(target, Direction::down)) return *nothing;
                    {
                      std::vector<Entry> entries =
                          select_down(survey(sources_, rows_, options_.run), target);
                      load_code(entries);
                      for (const Entry& entry : entries)
                        check_way_down(*entry.source, options_.run);
                      check_scripts(entries, Direction::down);
                    }
                    LockedRun run(*this);
                    const Survey seen = survey(sources_, rows_, options_.run);
                    std::vector<Entry> entries = select_down(seen, target);
                    if (check) {
                      std::vector<std::string> ids;
                      for (const Entry& entry : entries) ids.push_back(entry.source->id());
                      check(ids);
                    }
                    RunResult result = run_entries(run, entries, Direction::down, 0);
                    result.pending = count_pending(seen) + result.applied.size();
                    return result;
                  });
}

RunResult MigrationEngine::redo(int count) {
  RunResult down_result = down({Target::Kind::steps, {}, count});
  const RunResult up_result =
      up({Target::Kind::steps, {}, static_cast<int>(down_result.applied.size())});
  for (const AppliedMigration& applied : up_result.applied) down_result.applied.push_back(applied);
  down_result.duration += up_result.duration;
  down_result.pending = up_result.pending;
  down_result.batch = up_result.batch;
  return down_result;
}

namespace {
void refuse_outside_development(const std::string& environment, std::string_view what) {
  if (is_development(environment)) return;
  throw Error(ErrorKind::refused,
              fmt::format("{} drops every object of the database and is refused in the environment "
                          "'{}'",
                          what, environment))
      .with_state("nothing was changed")
      .suggest("name a development environment with --env");
}
}  // namespace

void MigrationEngine::drop_everything() {
  refuse_outside_development(options_.run.environment, "this");
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  read_history(History::Detail::planning);
  refuse_frozen();
  // The history may be where nothing is dropped. Its rows go first: a run that dies in between must
  // not leave migrations that count as applied.
  if (!options_.run.history_schema.empty() && !rows_.empty())
    connection().execute_batch(history_->clear(rows_), {});
  connection().drop_everything(options_.run.history_schema);
  locker->release();
}

RunResult MigrationEngine::fresh() {
  refuse_outside_development(options_.run.environment, "fresh");
  read_sources();
  {
    std::vector<Entry> entries = select_up(survey(sources_, {}, options_.run), {});
    load_code(entries);
  }
  drop_everything();
  return up({});
}

RunResult MigrationEngine::run_work(std::string_view title, const std::vector<Work>& work,
                                    const std::function<void()>& check) {
  return reported([this](Event event) { emit(std::move(event)); }, Direction::up,
                  [&] {
                    LockedRun run(*this, LockedRun::For::work);
                    if (check) check();
                    RunContext context = run.context();
                    context.count = work.size();
                    RunResult result;
                    for (const Work& part : work) {
                      run.watchdog().check();
                      ++context.index;
                      Source source;
                      source.kind = SourceKind::sql;
                      source.name = title;
                      source.meta = part.meta;
                      source.has_up = true;
                      source.statements =
                          std::make_shared<const std::vector<Statement>>(part.statements);
                      try {
                        result.applied.push_back(execute_migration(context, source, Direction::up,
                                                                   HistoryRow{}, {true, false}));
                      } catch (Error& error) {
                        if (context.index > 1) {
                          error.with_state(
                              fmt::format("the {} part(s) before are done; of this one "
                                          "{}",
                                          context.index - 1, error.state()));
                        }
                        throw;
                      }
                    }
                    return result;
                  });
}

RunResult MigrationEngine::rehearse(const Target& target) {
  return reported([this](Event event) { emit(std::move(event)); }, Direction::up,
                  [&] {
                    if (auto nothing = nothing_to_do(target, Direction::up)) return *nothing;
                    std::vector<Entry> entries =
                        select_up(survey(sources_, rows_, options_.run), target);
                    load_code(entries);
                    LockedRun run(*this);
                    entries = select_up(survey(sources_, rows_, options_.run), target);
                    RunResult result;
                    drop_foreign(entries, options_.run, result);
                    RunResult done = run_in_one_transaction(run, entries, Direction::up,
                                                            next_batch(rows_), true);
                    done.skipped = std::move(result.skipped);
                    done.pending = entries.size();
                    return done;
                  });
}

}  // namespace sterna
