// The engine's work on history and files without running migrations: validate, baseline, resolve,
// repair, seeds, checksums.
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "database/registry.hpp"
#include "migration/engine.hpp"
#include "migration/run.hpp"
#include "migration/sum.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <fmt/format.h>

namespace sterna {
namespace fs = std::filesystem;

void fill_from_row(MigrationStatus& item, const HistoryRow& row) {
  if (item.version.empty()) {  // its file is missing
    const bool repeatable = row.version.starts_with("R:");
    item.version = repeatable ? "repeatable/" + row.version.substr(2) : row.version;
    item.name = row.name;
    item.scope = row.scope;
    item.kind = row.kind;
  }
  item.batch = row.batch;
  item.applied_at = row.applied_at;
  item.applied_by = row.applied_by;
  item.duration = std::chrono::microseconds(row.duration_us);
  item.sterna_version = row.sterna_version;
}

void refuse_losses(const Source& source, std::string_view losses, const RunnerOptions& options) {
  if (losses.empty() || options.allow_destructive || is_development(options.environment)) return;
  throw Error(ErrorKind::refused,
              fmt::format("taking migration {} down loses what {} hold(s)", source.id(), losses))
      .at({source.up_file, 0, 0})
      .with_state("nothing was changed")
      .suggest("keep the values elsewhere, then allow it with --allow-destructive")
      .suggest("or go forward instead: write a new migration that mends what this one did");
}

void check_way_down(const Source& source, const RunnerOptions& options) {
  if (source.has_down && source.meta.irreversible.empty())
    refuse_losses(source, source.meta.down_loses, options);
  if (options.allow_missing_down || (source.has_down && source.meta.irreversible.empty())) return;
  Error error(
      ErrorKind::plan,
      "migration " + source.id() + " has no way down" +
          (source.meta.irreversible.empty() ? std::string() : ": " + source.meta.irreversible));
  error.at({source.up_file, 0, 0}).with_state("nothing was changed");
  error.suggest("write a down part (-- sterna:down)")
      .suggest("or take its row out of the history without running anything: --allow-missing-down");
  throw error;
}

namespace {

Problem from_error(const Error& error, std::string fallback_file) {
  Problem problem{Problem::Severity::error, error.kind(), error.what(), error.position(),
                  error.suggestions()};
  if (problem.position.file.empty()) problem.position.file = std::move(fallback_file);
  return problem;
}

Problem warning(std::string message, SourcePosition position,
                std::vector<std::string> suggestions = {}) {
  return {Problem::Severity::warning, ErrorKind::validation, std::move(message),
          std::move(position), std::move(suggestions)};
}

/// Parses one direction and looks at every statement.
void validate_statements(const Source& source, Direction direction, const Dialect& dialect,
                         bool transactional_ddl, std::vector<Problem>& problems) {
  std::vector<Statement> statements;
  try {
    check_directives(source, dialect);
    statements = load_statements(source, direction, dialect.language());
  } catch (const Error& error) {
    problems.push_back(from_error(error, source.up_file));
    return;
  }
  const bool in_transaction = transactional_ddl && source.meta.transaction != TransactionMode::none;
  if (statements.empty()) {
    problems.push_back(
        warning(fmt::format("migration {} has no statement in its {} part", source.id(),
                            direction == Direction::up ? "up" : "down"),
                {direction == Direction::up ? source.up_file : source.down_file, 0, 0}));
  }
  for (const Statement& statement : statements) {
    if (const auto reason = forbidden(statement, dialect, in_transaction)) {
      problems.push_back({Problem::Severity::error,
                          ErrorKind::validation,
                          *reason,
                          statement.position,
                          {"put '-- sterna:transaction none' into the head of the migration, best "
                           "with this statement alone in it"}});
    }
  }
}

}  // namespace

std::vector<Problem> MigrationEngine::validate(bool offline) {
  std::vector<Problem> problems;
  try {
    read_sources(true);
  } catch (const Error& error) {
    problems.push_back(from_error(error, {}));
    return problems;
  }
  const Dialect& dialect = engine_for(options_.url).dialect();
  const bool transactional_ddl = dialect.capabilities({}).transactional_ddl;
  for (const Source& source : sources_) {
    if (source.kind == SourceKind::sql || source.kind == SourceKind::repeatable) {
      validate_statements(source, Direction::up, dialect, transactional_ddl, problems);
      if (source.has_down)
        validate_statements(source, Direction::down, dialect, transactional_ddl, problems);
    }
    if (source.kind == SourceKind::sql && !source.has_down && source.meta.irreversible.empty()) {
      problems.push_back(warning("migration " + source.id() + " has no down part",
                                 {source.up_file, 0, 0},
                                 {"write one after '-- sterna:down', or say why there is none: -- "
                                  "sterna:reversible never REASON"}));
    }
    if (source.name.empty() && source.kind == SourceKind::sql) {
      problems.push_back(warning("migration " + source.id() + " has no description in its name",
                                 {source.up_file, 0, 0}));
    }
  }
  if (options_.run.compile_cpp) {
    std::vector<Source*> code;
    for (Source& source : sources_) code.push_back(&source);
    try {
      load_cpp(code, options_.compile);
    } catch (const Error& error) {
      problems.push_back(from_error(error, {}));
    }
  }
  if (!offline) {
    for (Problem& problem : validate_history()) problems.push_back(std::move(problem));
  }
  return problems;
}

std::vector<Problem> MigrationEngine::validate_history() {
  return problems_of(look(History::Detail::everything), options_.run);
}

namespace {

/// In one transaction, where there are transactions.
void execute_together(Connection& session, std::vector<Statement> statements) {
  if (const std::string begin = session.begin_sql(); !begin.empty()) {
    statements.insert(statements.begin(), Statement{begin, {}, {}, {}});
    statements.push_back({"COMMIT", {}, {}, {}});
  }
  try {
    session.execute_batch(statements);
  } catch (...) {
    session.rollback();
    throw;
  }
}

/// What a step keeps beside the table until it ends would stay for ever.
void refuse_leftovers(const HistoryRow& row, const std::string& id) {
  if (row.state == RowState::applied || row.journal.state != StepState::started) return;
  const auto step = bulk::step_of({row.journal.step_sql, {}, {}, {}});
  if (!step || (step->kind != bulk::StepKind::online && !step->sync)) return;
  throw Error(ErrorKind::plan,
              fmt::format("statement {} of migration {} is under way and has {} in the database, "
                          "which would stay",
                          row.journal.step, id,
                          step->sync ? "a trigger" : "a copy of the table and triggers"))
      .with_state("nothing was changed")
      .suggest(fmt::format("to end it: sterna up; to give it up: sterna resolve {} --abandon", id));
}

std::string state_of_seeds(const Connection& session, const std::vector<std::string>& done,
                           const std::string& failed) {
  const bool rolled_back = !session.begin_sql().empty();
  if (done.empty())
    return rolled_back ? "no seed was kept" : "a part of " + failed + " may have been kept";
  return fmt::format("the seeds up to {} are committed; {}{}", done.back(), failed,
                     rolled_back ? " was rolled back" : " may be in part");
}

}  // namespace

RunResult MigrationEngine::mark_applied(
    const std::function<std::vector<const Entry*>(const Survey&)>& choose) {
  setup();
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  const Survey seen = look(History::Detail::everything);
  const std::vector<const Entry*> chosen = choose(seen);
  for (const Entry& entry : seen.entries) {
    if (entry.row == nullptr) continue;
    throw Error(ErrorKind::plan, fmt::format("the history is not empty: {} is applied; a baseline "
                                             "is for a database that Sterna has not run on",
                                             entry.row->id()))
        .with_state("nothing was changed")
        .suggest("mark single migrations with `sterna resolve NAME --as up`");
  }
  RunResult result;
  result.batch = 1;
  std::vector<Statement> batch;
  std::int64_t sequence = 0;
  for (const Entry* entry : chosen) {
    batch.push_back(history_->insert(row_for(*entry, Direction::up, 1, ++sequence)));
    result.applied.push_back(
        {entry->source->version.text(), entry->source->name, Direction::up, {}, 0});
  }
  if (!batch.empty()) execute_together(connection(), std::move(batch));
  locker->release();
  return result;
}

RunResult MigrationEngine::baseline(std::string_view target) {
  return mark_applied([&](const Survey& seen) {
    const Entry& last = find_entry(seen, target);
    std::vector<const Entry*> chosen;
    for (const Entry& entry : seen.entries) {
      if (entry.source != nullptr && entry.source->kind != SourceKind::repeatable)
        chosen.push_back(&entry);
      if (&entry == &last) break;
    }
    return chosen;
  });
}

RunResult MigrationEngine::adopt(const std::vector<std::string>& ids) {
  return mark_applied([&](const Survey& seen) {
    std::vector<const Entry*> chosen;
    for (const Entry& entry : seen.entries) {
      if (entry.source == nullptr) continue;
      const std::string id =
          entry.source->kind == SourceKind::repeatable ? entry.source->name : entry.source->id();
      if (std::find(ids.begin(), ids.end(), id) != ids.end()) chosen.push_back(&entry);
    }
    return chosen;
  });
}

Resolution MigrationEngine::resolve(std::string_view id, std::optional<Direction> as) {
  setup();
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  const Survey seen = look(History::Detail::everything);
  const Entry& entry = find_entry(seen, id);
  Resolution resolution;
  resolution.id = entry.source != nullptr ? entry.source->id() : entry.row->id();
  if (entry.row == nullptr) {
    resolution.evidence.push_back("the history has no row for it: it counts as not applied");
  } else if (entry.row->state == RowState::applied) {
    resolution.evidence.push_back(fmt::format("the history says it was applied at {} UTC by {}",
                                              entry.row->applied_at, entry.row->applied_by));
  } else {
    const Journal& journal = entry.row->journal;
    resolution.evidence.push_back(entry.detail);
    if (journal.state == StepState::started && bulk::is_step({journal.step_sql, {}, {}, {}})) {
      resolution.evidence.push_back(fmt::format(
          "statement {} commits in batches and goes on where it was; `sterna resolve {} --abandon` "
          "gives it up",
          journal.step, resolution.id));
    } else if (journal.state == StepState::started && !journal.step_sql.empty()) {
      const EffectReport report = connection().dialect().effect(
          connection(), Statement{journal.step_sql, {}, {}, {}}, journal.fingerprint);
      resolution.evidence.push_back(fmt::format("statement {}: {}", journal.step, report.evidence));
    }
    resolution.evidence.push_back(
        "nothing needs to be resolved when the next run may go on there: `sterna up`");
  }
  if (!as) return resolution;
  if (entry.row != nullptr) refuse_leftovers(*entry.row, resolution.id);
  if (*as == Direction::up) {
    if (entry.row != nullptr) {
      HistoryRow row = *entry.row;
      if (entry.source != nullptr) {
        row.hash_up = entry.source->hash_up;
        row.hash_down = entry.source->hash_down;
      }
      connection().execute(history_->finish(row));
    } else {
      std::int64_t sequence = rows_.empty() ? 1 : rows_.back().sequence + 1;
      int batch = 1;
      for (const HistoryRow& row : rows_) batch = std::max(batch, row.batch + 1);
      connection().execute(history_->insert(row_for(entry, Direction::up, batch, sequence)));
    }
  } else if (entry.row != nullptr) {
    connection().execute(history_->remove(entry.row->scope, entry.row->version));
  }
  locker->release();
  return resolution;
}

std::vector<Repair> MigrationEngine::repair(bool apply) {
  setup();
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  const Survey seen = look(History::Detail::everything);
  std::vector<Repair> repairs;
  std::vector<Statement> batch;
  for (const Entry& entry : seen.entries) {
    if (entry.row == nullptr || entry.row->state != RowState::applied) continue;
    if (entry.source == nullptr) {
      repairs.push_back({Repair::Kind::remove_row, entry.row->id(),
                         fmt::format("its file is gone: the row (applied {} UTC) is taken out of "
                                     "the history; the database is not touched",
                                     entry.row->applied_at)});
      batch.push_back(history_->remove(entry.row->scope, entry.row->version));
    } else if (entry.source->kind != SourceKind::repeatable &&
               (entry.row->hash_up != entry.source->hash_up ||
                entry.row->hash_down != entry.source->hash_down)) {
      repairs.push_back({Repair::Kind::renew_hash, entry.source->id(),
                         "its text differs from what was applied: the new text is taken as "
                         "applied; nothing is run"});
      HistoryRow row = *entry.row;
      row.hash_up = entry.source->hash_up;
      row.hash_down = entry.source->hash_down;
      row.hash_algorithm = token_hash_algorithm;
      batch.push_back(history_->renew_hash(row));
    }
  }
  if (apply && !batch.empty()) {
    execute_together(connection(), std::move(batch));
  }
  locker->release();
  return repairs;
}

std::vector<std::string> MigrationEngine::seed() {
  const fs::path folder =
      options_.base.empty() ? fs::path(options_.seeds) : options_.base / options_.seeds;
  if (!fs::is_directory(folder)) {
    throw Error(ErrorKind::config, "the seeds folder '" + folder.string() + "' does not exist")
        .suggest(
            "make it and put SQL files into it; they run in the order of their names, each in its "
            "own transaction")
        .suggest("another folder is named by `seeds` in sterna.toml");
  }
  Connection& session = connection();
  const Language language = session.dialect().language();
  std::vector<std::pair<std::string, std::vector<Statement>>> scripts;
  for (const std::string& name : list_files(folder)) {
    if (!is_script_name(name)) continue;
    const std::string path = (folder / name).string();
    const std::string text = read_file(path);
    const Script script = parse_script(text, language, path);
    scripts.emplace_back(name,
                         split_statements(script.up.text, language, path, script.up.first_line));
  }
  read_history(History::Detail::planning);
  refuse_frozen();
  Watchdog watchdog([&session] { session.cancel(); }, &stop_);
  const auto guard = watchdog.watch(options_.run.run_timeout, "the clock of the run");
  std::vector<std::string> names;
  for (auto& [name, statements] : scripts) {
    try {
      execute_together(session, std::move(statements));
    } catch (Error& error) {
      session.dialect().explain(error, session);
      error.with_state(state_of_seeds(session, names, name));
      throw;
    }
    names.push_back(name);
  }
  return names;
}

std::string MigrationEngine::sum_text(const std::string& directory) {
  SourceOptions options;
  options.directories = {directory};
  options.base = options_.base;
  options.registered = false;
  options.check_sums = false;
  options.language = engine_for(options_.url).dialect().language();
  const std::vector<Source> sources = find_sources(options, {});
  std::vector<const Source*> pointers;
  for (const Source& source : sources) pointers.push_back(&source);
  return format_sum(sum_of(pointers));
}

}  // namespace sterna
