#include "migration/engine.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "bulk/steps.hpp"
#include "database/registry.hpp"
#include "migration/locked_run.hpp"
#include "migration/run.hpp"

#include <fmt/format.h>

#include <future>
#include <thread>

namespace sterna {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds poll_first{20};
constexpr milliseconds poll_most{250};

std::string holder_text(const std::optional<LockHolder>& holder) {
  if (!holder || holder->who.empty()) return "another run";
  return holder->seconds >= 0
             ? fmt::format("{}, for {}", holder->who, format_duration(holder->seconds))
             : holder->who;
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
    check_directives(source, dialect);
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
  bulk::StepPlans steps(connection());
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
        for (const Statement& statement : checked[i].statements) steps.see(statement);
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

void MigrationEngine::setup() { const LockedRun run(*this, LockedRun::For::tables); }

Status MigrationEngine::status() {
  const Survey seen = look(History::Detail::everything);
  Status status;
  status.frozen = frozen();
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
  if (!is_development(options_.run.environment)) {
    throw Error(ErrorKind::refused,
                "the history can be removed in development only, not in the environment '" +
                    options_.run.environment + "'")
        .with_state("nothing was changed");
  }
  const LockedRun run(*this);
  connection().execute_batch(history_->clear(rows_));
}

}  // namespace sterna
