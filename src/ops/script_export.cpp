#include "ops/script_export.hpp"

#include "base/system.hpp"
#include "migration/assertion.hpp"
#include "sql/client_script.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sterna {
namespace {

Error not_writable(const PlannedMigration& migration, const std::string& why) {
  Error error(ErrorKind::plan,
              fmt::format("migration {} cannot be written as a script: {}", migration.id(), why));
  error.with_state("nothing was written").suggest("let `sterna up` run it");
  return error;
}

HistoryRow row_of(const Source& source, std::int64_t sequence, int batch) {
  HistoryRow row;
  row.sequence = sequence;
  row.batch = batch;
  row.scope = source.scope;
  row.version = source.key();
  row.name = source.kind == SourceKind::repeatable ? std::string() : source.name;
  row.kind = to_string(source.kind);
  row.hash_up = source.hash_up;
  row.hash_down = source.hash_down;
  row.hash_algorithm = token_hash_algorithm;
  row.applied_by = "script made by " + runner_identity();
  row.sterna_version = version();
  return row;
}

/// @throws Error(plan) where the history is more than a table that statements make (CQL).
std::string history_script(const History& history, const Dialect& dialect) {
  try {
    std::string script;
    for (const Statement& statement : history.create())
      script += client_script(statement.sql, dialect.language());
    return script;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::validation) throw;
    throw Error(ErrorKind::plan,
                "there is no history yet, and a script cannot make one on this database")
        .with_state("nothing was written")
        .suggest("let `sterna up` apply the first migration: it makes the history");
  }
}

/// Writes one migration.
class MigrationScript {
 public:
  MigrationScript(Connection& connection, const PlannedMigration& migration, const Source& source)
      : dialect_(connection.dialect()),
        migration_(migration),
        begin_(runs_in_transaction(source.meta, connection) ? connection.begin_sql()
                                                            : std::string()) {
    // A plan keeps no rows of COPY.
    if (!source.make) statements_ = load_statements(source, Direction::up, dialect_.language());
  }

  std::string text(const Statement& history_row) const {
    std::string script = fmt::format("\n-- {}: {}\n", migration_.id(),
                                     begin_.empty() ? "statement by statement" : "one transaction");
    if (!begin_.empty()) script += ended(begin_);
    for (std::size_t i = 0; i < migration_.statements.size(); ++i) script += statement(i);
    script += ended(history_row.sql);
    if (!begin_.empty()) script += ended("COMMIT");
    return script;
  }

 private:
  std::string ended(std::string_view sql, std::string_view copy_data = {}) const {
    return client_script(sql, dialect_.language(), copy_data);
  }

  std::string statement(std::size_t index) const {
    const PlannedStatement& planned = migration_.statements[index];
    if (planned.parameters > 0) throw not_writable(migration_, "it binds values");
    std::string script;
    for (const std::string& note : planned.notes) script += fmt::format("-- note: {}\n", note);
    if (is_assertion({planned.sql, {}, {}, {}})) return script + assertion(planned);
    const std::string_view rows =
        index < statements_.size() ? std::string_view(statements_[index].copy_data) : "";
    return script + ended(planned.sql, rows);
  }

  std::string assertion(const PlannedStatement& planned) const {
    const std::string place =
        fmt::format("{}:{}", std::filesystem::path(planned.position.file).filename().string(),
                    planned.position.line);
    if (auto script = dialect_.client_assertion(planned.sql, place)) return *script;
    throw not_writable(migration_,
                       fmt::format("nothing in {} can stop a script when the assertion at {} does "
                                   "not hold",
                                   dialect_.name(), place))
        .suggest("ask the question as a SELECT, where the database has one for it")
        .suggest("or export what stands before it with --until, and ask it by hand");
  }

  const Dialect& dialect_;
  const PlannedMigration& migration_;
  std::string begin_;
  std::vector<Statement> statements_;  // empty for C++
};

}  // namespace

std::string export_sql(MigrationEngine& engine, const Target& target) {
  const Plan plan = engine.plan(target, Direction::up);
  Connection& connection = engine.connection();
  const RunnerOptions& run = engine.options().run;
  History history(connection, run.history_schema, run.history_table);
  const std::vector<HistoryRow> rows = history.read(History::Detail::everything);
  std::int64_t sequence = rows.empty() ? 0 : rows.back().sequence;
  int batch = 0;
  for (const HistoryRow& row : rows) {
    batch = std::max(batch, row.batch);
    if (row.state != RowState::applied)
      throw Error(
          ErrorKind::plan,
          fmt::format("migration {} was interrupted: a script cannot go on with it", row.id()))
          .with_state("nothing was written")
          .suggest("let `sterna up` finish it first");
  }
  std::string script = fmt::format(
      "-- {} migration(s) for {}, made by sterna {} at {} UTC.\n-- It takes no lock: see to it "
      "that nothing else migrates this "
      "database meanwhile, and stop at the first error.\n",
      plan.size(), connection.server().version_text, version(), utc_now());
  script += connection.dialect().client_head();
  if (!history.exists() && !plan.empty()) {
    script += "\n" + history_script(history, connection.dialect());
  }
  for (const PlannedMigration& migration : plan) {
    if (!migration.error.empty()) throw not_writable(migration, migration.error);
    const auto& sources = engine.sources();
    const auto source = std::find_if(sources.begin(), sources.end(),
                                     [&](const Source& one) { return one.id() == migration.id(); });
    if (source == sources.end()) throw not_writable(migration, "its file is gone");
    script += MigrationScript(connection, migration, *source)
                  .text(history.insert(row_of(*source, ++sequence, batch + 1)));
  }
  return script;
}

}  // namespace sterna
