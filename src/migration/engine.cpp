#include "migration/engine.hpp"

#include "base/file.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "migration/run.hpp"
#include "migration/sum.hpp"
#include "migration/targets.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>

#include <future>
#include <thread>

namespace sterna {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr milliseconds poll_first{20};
constexpr milliseconds poll_most{250};

std::string seconds_text(milliseconds duration) {
  return format_duration(static_cast<double>(duration.count()) / 1000.0);
}

std::string holder_text(const std::optional<LockHolder>& holder) {
  if (!holder || holder->who.empty()) return "another run";
  return holder->seconds >= 0
             ? fmt::format("{}, for {}", holder->who, format_duration(holder->seconds))
             : holder->who;
}

bool development(const std::string& environment) {
  return environment == "development" || environment == "dev" || environment == "test" ||
         environment == "local";
}

}  // namespace

MigrationEngine::MigrationEngine(EngineOptions options) : options_(std::move(options)) {
  engine_for(options_.url);
}

MigrationEngine::~MigrationEngine() = default;

Connection& MigrationEngine::connection() {
  if (connection_ && !connection_->alive()) close();
  if (!connection_) {
    try {
      connection_ = options_.connect ? options_.connect() : connect(options_.url, {});
    } catch (Error& error) {
      if (!options_.url_origin.empty()) error.suggest("the URL comes from " + options_.url_origin);
      throw;
    }
    connection_->on_notice([this](std::string_view text) {
      Event event{EventKind::notice};
      event.text = std::string(text);
      emit(std::move(event));
    });
    history_ = std::make_unique<History>(*connection_, options_.run.history_schema,
                                         options_.run.history_table);
  }
  return *connection_;
}

void MigrationEngine::close() noexcept {
  history_.reset();
  connection_.reset();
}

void MigrationEngine::emit(Event event) const {
  if (!handler_) return;
  event.connection = options_.run.name;
  handler_(event);
}

void MigrationEngine::warn(const std::string& text) const {
  Event event{EventKind::warning};
  event.text = text;
  emit(std::move(event));
}

const std::vector<Source>& MigrationEngine::sources() {
  read_sources();
  return sources_;
}

void MigrationEngine::read_sources(bool afresh) {
  if (sources_read_) return;
  SourceOptions options;
  options.directories = options_.run.directories;
  options.base = options_.base;
  options.separate = options_.run.separate_directories;
  options.registered = options_.run.registered;
  options.language = engine_for(options_.url).dialect().language();
  if (!afresh) options.cache = options_.file_cache;
  sources_ = find_sources(options, options_.definitions);
  sources_read_ = true;
  log_debug(fmt::format("{} migrations found", sources_.size()));
}

void MigrationEngine::read_history(History::Detail detail) {
  connection();
  rows_ = history_->read(detail);
  log_debug(fmt::format("{} rows in the history {}", rows_.size(),
                        history_->exists() ? history_->table() : "(no table yet)"));
}

/// Files and history are read at the same time. A fault in the files is the one that is told: it is
/// nearer to the person. A database that connecting would make waits for files without fault.
void MigrationEngine::look_at_both(History::Detail detail) {
  if (sources_read_ || options_.connect || would_create(options_.url)) {
    read_sources();
    return read_history(detail);
  }
  std::future<void> files = std::async(std::launch::async, [this] { read_sources(); });
  std::exception_ptr failure;
  try {
    read_history(detail);
  } catch (...) {
    failure = std::current_exception();
  }
  files.get();
  if (failure) std::rethrow_exception(failure);
}

Survey MigrationEngine::look(History::Detail detail) {
  look_at_both(detail);
  return survey(sources_, rows_, options_.run);
}

/// Loads the C++ migrations among `entries`; their meta may say that they are not for this run.
void MigrationEngine::load_code(std::vector<Entry>& entries) {
  std::vector<Source*> missing;
  for (const Entry& entry : entries) {
    if (entry.source->kind == SourceKind::cpp && !entry.source->make)
      missing.push_back(entry.source);
  }
  if (missing.empty()) return;
  if (!options_.run.compile_cpp) {
    throw Error(ErrorKind::plan, "migration " + missing.front()->id() +
                                     " is written in C++, and this program was built without it")
        .at({missing.front()->up_file, 0, 0})
        .with_state("nothing was run")
        .suggest(
            "link it (sterna_embed_migrations or sterna_add_migrator in CMake), or run it with the "
            "sterna command");
  }
  load_cpp(missing, options_.compile);
}

/// Every script of the run is read to its end before the first one runs: a quote left open in the
/// last one must not be found when all others are applied.
void MigrationEngine::check_scripts(const std::vector<Entry>& entries, Direction direction) {
  constexpr std::size_t scripts_worth_a_thread = 32;
  const Connection& session = connection();
  const Dialect& dialect = session.dialect();
  const auto read = [&](const Source& source) {
    const bool in_transaction = runs_in_transaction(source.meta, session);
    std::vector<Statement> statements = load_statements(source, direction, dialect.language());
    for (const Statement& statement : statements) {
      if (const auto reason = forbidden(statement, dialect, in_transaction))
        refuse_statement(statement, *reason, in_transaction);
    }
    return statements;
  };
  struct Checked {
    std::vector<Statement> statements;
    std::exception_ptr error;
  };
  std::vector<const Source*> sources;
  for (const Entry& entry : entries) {
    const Source& source = *entry.source;
    if (!source.make && (direction == Direction::up || source.has_down)) sources.push_back(&source);
  }
  // In portions: scripts that are too many to be kept are not held all at once either.
  constexpr std::size_t portion = 1024;
  scripts_.clear();
  for (std::size_t first = 0; first < sources.size(); first += portion) {
    std::vector<Checked> checked(std::min(portion, sources.size() - first));
    in_parallel(checked.size(), scripts_worth_a_thread, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        try {
          checked[i].statements = read(*sources[first + i]);
        } catch (...) {
          checked[i].error = std::current_exception();
        }
      }
    });
    for (std::size_t i = 0; i < checked.size(); ++i) {
      if (!checked[i].error) {
        scripts_.keep(*sources[first + i], std::move(checked[i].statements));
        continue;
      }
      try {
        std::rethrow_exception(checked[i].error);
      } catch (Error& error) {
        error.with_state("nothing was run");
        if (error.kind() == ErrorKind::syntax) error.with_kind(ErrorKind::validation);
        throw;
      }
    }
  }
}

std::unique_ptr<Locker> MigrationEngine::acquire(Watchdog& watchdog) {
  std::unique_ptr<Locker> locker = connection().locker(history_->lock_name());
  const Clock::time_point begun = Clock::now();
  milliseconds pause = poll_first;
  Clock::time_point told = begun - std::chrono::seconds(2);
  while (!locker->try_acquire()) {
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    if (waited >= options_.run.lock_wait) {
      throw Error(ErrorKind::lock,
                  fmt::format("the migration lock ({}) is held by {}; waited {}", locker->kind(),
                              holder_text(locker->holder()), seconds_text(waited)))
          .with_state("nothing was run")
          .suggest("wait for that run to end and try again, or wait longer with --lock-wait")
          .suggest("the lock frees itself when its holder ends or dies");
    }
    if (Clock::now() - told > std::chrono::seconds(1)) {
      told = Clock::now();
      Event event{EventKind::lock_wait};
      event.text = fmt::format("waiting for {}", holder_text(locker->holder()));
      event.duration = waited;
      emit(std::move(event));
    }
    watchdog.check();
    std::this_thread::sleep_for(std::min(pause, options_.run.lock_wait - waited));
    pause = std::min(pause * 2, poll_most);
  }
  Event event{EventKind::lock_acquired};
  event.text = std::string(locker->kind());
  emit(std::move(event));
  return locker;
}

/// The life of a run: clock, lock, Sterna's tables, and the history read again under the lock.
class MigrationEngine::LockedRun {
 public:
  explicit LockedRun(MigrationEngine& engine)
      : engine_(engine),
        watchdog_([&connection = engine.connection()] { connection.cancel(); }, &engine.stop_) {
    const milliseconds limit = engine.options_.run.run_timeout;
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
      if (!engine_.history_->exists()) {
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
    return {engine_.connection(), *engine_.history_, locker_.get(), engine_.options_.run, watchdog_,
            engine_.handler_,     &engine_.scripts_};
  }
  Watchdog& watchdog() { return watchdog_; }
  Locker& locker() { return *locker_; }

 private:
  MigrationEngine& engine_;
  Watchdog watchdog_;
  Watchdog::Guard guard_;
  std::unique_ptr<Locker> locker_;
};

void MigrationEngine::setup() { const LockedRun run(*this); }

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

RunResult MigrationEngine::up(const Target& target) {
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

RunResult MigrationEngine::down(const Target& target) {
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

RunResult MigrationEngine::fresh() {
  if (!development(options_.run.environment)) {
    throw Error(ErrorKind::refused,
                "fresh drops every object of the database and is refused in the environment '" +
                    options_.run.environment + "'")
        .with_state("nothing was changed")
        .suggest("name a development environment with --env");
  }
  read_sources();
  {
    std::vector<Entry> entries = select_up(survey(sources_, {}, options_.run), {});
    load_code(entries);
  }
  {
    Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
    const std::unique_ptr<Locker> locker = acquire(watchdog);
    connection().drop_everything();
    locker->release();
  }
  return up({});
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

Status MigrationEngine::status() {
  const Survey seen = look(History::Detail::everything);
  Status status;
  status.migrations.reserve(seen.entries.size());
  for (const Entry& entry : seen.entries) {
    MigrationStatus item;
    item.state = entry.state;
    item.detail = entry.detail;
    if (entry.source != nullptr) {
      const Source& source = *entry.source;
      item.version = source.kind == SourceKind::repeatable ? "repeatable/" + source.name
                                                           : source.version.text();
      item.name = source.kind == SourceKind::repeatable ? std::string() : source.name;
      item.scope = source.scope;
      item.file = source.up_file;
      item.kind = std::string(to_string(source.kind));
      item.meta = source.meta;
    }
    if (entry.row != nullptr) fill_from_row(item, *entry.row);
    status.migrations.push_back(std::move(item));
  }
  return status;
}

std::vector<HistoryRow> MigrationEngine::history() {
  read_history(History::Detail::everything);
  return rows_;
}

void MigrationEngine::clear_history() {
  if (!development(options_.run.environment)) {
    throw Error(ErrorKind::refused,
                "the history can be removed in development only, not in the environment '" +
                    options_.run.environment + "'")
        .with_state("nothing was changed");
  }
  const LockedRun run(*this);
  connection().execute_batch(history_->clear(rows_));
}

}  // namespace sterna
