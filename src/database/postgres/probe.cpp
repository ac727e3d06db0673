#include "database/postgres/probe.hpp"

#include "database/connection.hpp"

#include <fmt/format.h>

namespace sterna::postgres {
namespace {

bool any(Connection& connection, const std::string& sql, std::vector<Value> parameters) {
  return !connection.query(Statement{sql, std::move(parameters), {}, {}}).empty();
}

constexpr const char* index_query =
    "SELECT x.indisvalid, n.nspname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
    "JOIN pg_namespace n ON n.oid = i.relnamespace WHERE i.relname = $1 "
    "AND CASE WHEN $2 = '' THEN pg_table_is_visible(i.oid) ELSE n.nspname = $2 END";

/// An index that is being built concurrently, or was: absent, INVALID (a build that broke), or
/// there.
EffectReport index_effect(Connection& connection, const StatementSummary& summary) {
  const ObjectName& index = summary.name;
  const std::string schema = index.schema.empty() ? summary.table.schema : index.schema;
  const Rows rows = connection.query(Statement{index_query, {index.name, schema}, {}, {}});
  if (rows.empty()) return {Effect::none, fmt::format("index {} does not exist", index.name), {}};
  if (rows.front().get<bool>(0))
    return {Effect::complete, fmt::format("index {} exists and is valid", index.name), {}};
  const std::string quoted =
      connection.dialect().quote(model::Name(rows.front().get<std::string>(1), index.name));
  return {Effect::partial,
          fmt::format(
              "index {} is INVALID: its concurrent build broke off; it is dropped and built again",
              index.name),
          {Statement{"DROP INDEX CONCURRENTLY " + quoted, {}, {}, {}}}};
}

std::string index_list(Connection& connection, const ObjectName& table) {
  std::string text;
  for (const Row& row : connection.query(
           Statement{"SELECT i.relname::text, x.indisvalid FROM pg_index x JOIN pg_class i ON "
                     "i.oid = x.indexrelid WHERE x.indrelid = "
                     "to_regclass($1) ORDER BY 1",
                     {connection.dialect().quote(model::Name(table.schema, table.name))},
                     {},
                     {}})) {
    text += row.get<std::string>(0) + (row.get<bool>(1) ? "\n" : " INVALID\n");
  }
  return text;
}

/// An index without a name: the list of the table's indexes tells.
EffectReport unnamed_index_effect(Connection& connection, const StatementSummary& summary,
                                  std::string_view before) {
  const std::string now = index_list(connection, summary.table);
  if (now == before) return {Effect::none, "the table has the same indexes as before", {}};
  const std::size_t invalid = now.find(" INVALID\n");
  if (invalid == std::string::npos)
    return {Effect::complete, "the table has an index more than before", {}};
  const std::size_t start =
      now.rfind('\n', invalid) == std::string::npos ? 0 : now.rfind('\n', invalid) + 1;
  const std::string name = now.substr(start, invalid - start);
  return {Effect::partial,
          fmt::format(
              "index {} is INVALID: its concurrent build broke off; it is dropped and built again",
              name),
          {Statement{"DROP INDEX CONCURRENTLY " +
                         connection.dialect().quote(model::Name(summary.table.schema, name)),
                     {},
                     {},
                     {}}}};
}

EffectReport by_existence(bool exists, Verb verb, const std::string& what) {
  const bool complete = (verb == Verb::drop) != exists;
  return {complete ? Effect::complete : Effect::none,
          what + (exists ? " exists" : " does not exist"),
          {}};
}

EffectReport catalog_effect(Connection& connection, const StatementSummary& summary) {
  struct Catalog {
    std::string_view object, query;
  };
  static constexpr Catalog catalogs[] = {
      {"DATABASE", "SELECT 1 FROM pg_database WHERE datname = $1"},
      {"TABLESPACE", "SELECT 1 FROM pg_tablespace WHERE spcname = $1"},
      {"SUBSCRIPTION", "SELECT 1 FROM pg_subscription WHERE subname = $1"}};
  for (const Catalog& catalog : catalogs) {
    if (summary.object != catalog.object) continue;
    return by_existence(any(connection, std::string(catalog.query), {summary.name.name}),
                        summary.verb, std::string(catalog.object) + " " + summary.name.name);
  }
  return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
}

}  // namespace

bool needs_fingerprint(const Statement& statement) {
  const StatementSummary summary = classify(statement.sql, Language::postgres);
  return summary.verb == Verb::create && summary.object == "INDEX" && summary.name.name.empty();
}

std::string fingerprint(Connection& connection, const Statement& statement) {
  // Never empty: an empty text would count as "not read".
  return index_list(connection, classify(statement.sql, Language::postgres).table) + "\n";
}

EffectReport effect(Connection& connection, const Statement& statement,
                    std::string_view fingerprint_before) {
  const StatementSummary summary = classify(statement.sql, Language::postgres);
  switch (summary.verb) {
    case Verb::vacuum:
    case Verb::analyze:
    case Verb::cluster:
    case Verb::refresh:
    case Verb::reindex:
    case Verb::set:
    case Verb::select:
      return {Effect::repeatable, "running it again gives the same result", {}};
    case Verb::create:
      if (summary.object == "INDEX" && summary.name.name.empty()) {
        if (!fingerprint_before.empty()) fingerprint_before.remove_suffix(1);
        return unnamed_index_effect(connection, summary, fingerprint_before);
      }
      [[fallthrough]];
    case Verb::drop:
      if (summary.object == "INDEX") {
        if (summary.verb == Verb::create) return index_effect(connection, summary);
        // A concurrent drop that broke off leaves the index INVALID: dropping it again completes
        // it.
        return by_existence(any(connection, index_query, {summary.name.name, summary.name.schema}),
                            Verb::drop, "index " + summary.name.name);
      }
      return catalog_effect(connection, summary);
    case Verb::alter:
      if (summary.object == "SYSTEM" || summary.object == "DATABASE")
        return {Effect::repeatable, "running it again gives the same result", {}};
      if (summary.object == "TYPE")
        return {Effect::unknown, "look into pg_enum whether the value is there", {}};
      return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
    default:
      return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
  }
}

namespace {

void explain_lock(Error& error, Connection& connection) {
  const Rows rows = connection.query(
      "SELECT a.pid, coalesce(a.application_name, ''), left(a.query, 120), extract(epoch from "
      "now() - a.xact_start)::int FROM pg_stat_activity a WHERE a.pid <> "
      "pg_backend_pid() AND a.datname = current_database() AND a.xact_start IS NOT NULL ORDER BY "
      "a.xact_start LIMIT 3");
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("{}session {} ({}) has been in a transaction for {} s: {}",
                        text.empty() ? "" : "; ", row.get<std::int64_t>(0), row.get<std::string>(1),
                        row.get<std::int64_t>(3), row.get<std::string>(2));
  }
  if (!text.empty()) error.with_detail("it may be blocked by: " + text);
}

}  // namespace

void explain(Error& error, Connection& connection) noexcept {
  try {
    if (!connection.alive() || connection.in_transaction()) return;
    if (error.code() == "23503")
      error.suggest(
          "the detail names the first such row; SELECT … WHERE NOT EXISTS (…) lists them all");
    if (error.code() == "55P03") explain_lock(error, connection);
  } catch (const Error&) {  // the error itself is what matters
  }
}

}  // namespace sterna::postgres
