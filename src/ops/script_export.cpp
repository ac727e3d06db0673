#include "ops/script_export.hpp"

#include "base/system.hpp"
#include "sql/client_script.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::string export_sql(MigrationEngine& engine, const Target& target) {
  const Plan plan = engine.plan(target, Direction::up);
  Connection& connection = engine.connection();
  const RunnerOptions& run = engine.options().run;
  History history(connection, run.history_schema, run.history_table);
  const std::vector<HistoryRow> rows = history.read(History::Detail::everything);
  const auto ended = [&](const std::string& sql) {
    return client_script(sql, connection.dialect().language());
  };
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
  if (!history.exists() && !plan.empty()) {
    script += "\n";
    for (const Statement& statement : history.create()) script += ended(statement.sql);
  }
  for (const PlannedMigration& migration : plan) {
    if (!migration.error.empty()) throw not_writable(migration, migration.error);
    const auto& sources = engine.sources();
    const auto source = std::find_if(sources.begin(), sources.end(),
                                     [&](const Source& one) { return one.id() == migration.id(); });
    if (source == sources.end()) throw not_writable(migration, "its file is gone");
    const std::string begin =
        runs_in_transaction(source->meta, connection) ? connection.begin_sql() : std::string();
    script += fmt::format("\n-- {}: {}\n", migration.id(),
                          begin.empty() ? "statement by statement" : "one transaction");
    if (!begin.empty()) script += ended(begin);
    for (const PlannedStatement& statement : migration.statements) {
      if (statement.parameters > 0) throw not_writable(migration, "it binds values");
      for (const std::string& note : statement.notes) script += fmt::format("-- note: {}\n", note);
      script += ended(statement.sql);
    }
    script += ended(history.insert(row_of(*source, ++sequence, batch + 1)).sql);
    if (!begin.empty()) script += ended("COMMIT");
  }
  return script;
}

}  // namespace sterna
