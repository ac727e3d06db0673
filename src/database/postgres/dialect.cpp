#include "database/postgres/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "database/postgres/engine.hpp"
#include "database/postgres/enum_types.hpp"
#include "database/postgres/probe.hpp"

namespace sterna::postgres {

const Dialect& dialect() {
  static const PostgresDialect instance;
  return instance;
}

Capabilities PostgresDialect::capabilities(const ServerInfo& /*server*/) const {
  return {.transactional_ddl = true,
          .batches_in_one_trip = true,
          .native_enum = true,
          .comments = true,
          .concurrent_indexes = true,
          .schemas = true,
          .names_primary_keys = true,
          .renames_constraints = true,
          .retypes_under_generated = false,
          .max_identifier_length = 63};
}

std::string PostgresDialect::placeholder(std::size_t number) const {
  return "$" + std::to_string(number);
}

std::string PostgresDialect::now() const { return "CURRENT_TIMESTAMP"; }
std::string PostgresDialect::utc_now() const { return "(clock_timestamp() AT TIME ZONE 'UTC')"; }

std::string PostgresDialect::elapsed_microseconds() const {
  return "CAST(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000000 AS "
         "bigint)";
}

std::vector<Statement> PostgresDialect::timeouts(double statement_timeout, double lock_timeout,
                                                 bool in_transaction) const {
  std::vector<Statement> result;
  const auto set = [&](const char* setting, double seconds) {
    if (seconds <= 0) return;
    const auto milliseconds = static_cast<long long>(std::ceil(seconds * 1000));
    result.push_back({std::string(in_transaction ? "SET LOCAL " : "SET ") + setting + " = " +
                          std::to_string(milliseconds),
                      {},
                      {},
                      {}});
  };
  set("statement_timeout", statement_timeout);
  set("lock_timeout", lock_timeout);
  return result;
}

int PostgresDialect::creation_rank(std::string_view kind) const {
  if (kind == "extension") return -1;
  return kind.starts_with("event trigger") || kind == "default privilege" ? 1 : 0;
}

/// As pg_dump does: a body in quotes may name tables and views that come later.
Dialect::Frame PostgresDialect::script_frame(const std::vector<Change>& changes) const {
  const bool makes_bodies = std::any_of(changes.begin(), changes.end(), [](const Change& change) {
    const auto* create = std::get_if<CreateObject>(&change);
    return create != nullptr &&
           (create->object.kind == "function" || create->object.kind == "procedure");
  });
  if (!makes_bodies || changes.size() < 2) return {};
  return {{{"SET check_function_bodies = off", {}, {}, {}}},
          {{"RESET check_function_bodies", {}, {}, {}}}};
}

/// PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently": it waits for transactions,
/// which counts as waiting for their locks.
std::string_view PostgresDialect::identity_override(const model::Table& table) const {
  const bool always = std::any_of(
      table.columns.begin(), table.columns.end(),
      [](const model::Column& column) { return column.identity == model::Identity::always; });
  return always ? " OVERRIDING SYSTEM VALUE" : "";
}

std::vector<Statement> PostgresDialect::advance_keys(const model::Table& table) const {
  std::vector<Statement> statements;
  for (const model::Column& column : table.columns) {
    if (column.identity == model::Identity::none && !column.auto_increment) continue;
    const std::string name = quote(table.name);
    statements.push_back(
        {fmt::format("SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {}), "
                     "pg_catalog.max({})) FROM {}",
                     string_literal(name), string_literal(column.name), quote(column.name), name),
         {},
         {},
         {}});
  }
  return statements;
}

std::vector<Statement> PostgresDialect::wait_patiently(const Statement& statement) const {
  if (!classify(statement.sql, Language::postgres).concurrently) return {};
  return {{"SET lock_timeout = 0", {}, {}, {}}};
}

bool PostgresDialect::needs_fingerprint(const Statement& statement) const {
  return postgres::needs_fingerprint(statement);
}
std::string PostgresDialect::fingerprint(Connection& connection, const Statement& statement) const {
  return postgres::fingerprint(connection, statement);
}
EffectReport PostgresDialect::effect(Connection& connection, const Statement& statement,
                                     std::string_view fingerprint_before) const {
  return postgres::effect(connection, statement, fingerprint_before);
}
void PostgresDialect::explain(Error& error, Connection& connection) const noexcept {
  postgres::explain(error, connection);
}

std::string_view PostgresDialect::lacks(Feature feature, const ServerInfo& server) const {
  // Offline (version 0) the newest server is assumed.
  const auto since = [&](int version) { return server.version == 0 || server.version >= version; };
  switch (feature) {
    case Feature::charset:
      return "has one encoding for a whole database; leave out .charset(), or choose a .collate()";
    case Feature::on_update:
      return "has no ON UPDATE for columns; use a BEFORE UPDATE trigger";
    case Feature::column_position:
      return "appends new columns at the end; leave out .first() and .after()";
    case Feature::virtual_column:
      if (since(180000)) return {};
      return "has no virtual generated columns before version 18; use a stored one";
    case Feature::table_engine:
      return "has no storage engines; leave out .engine()";
    case Feature::table_charset:
      return "has no character set or collation of a table; give the columns a .collate()";
    case Feature::strict:
      return "checks types always; leave out .strict()";
    case Feature::without_rowid:
      return "has no WITHOUT ROWID; leave out .without_rowid()";
    case Feature::not_enforced:
      if (since(180000)) return {};
      return "enforces every constraint before version 18; use .not_valid() to spare the rows "
             "there are";
    case Feature::nulls_not_distinct:
      if (since(150000)) return {};
      return "has NULLS NOT DISTINCT from version 15 on; use a unique index over coalesce(…)";
    case Feature::index_include:
      if (since(110000)) return {};
      return "has INCLUDE from version 11 on; add the columns to the index";
    case Feature::prefix_length:
      return "has no prefix indexes; use an expression like left(column, 20)";
    case Feature::full_text_parser:
      return "has no full-text parsers by name; give the index a .language()";
    default:
      return {};
  }
}

/// With a backslash in it the E'' form is read alike whatever standard_conforming_strings says.
std::string PostgresDialect::string_literal(std::string_view text) const {
  if (text.find('\\') == std::string_view::npos) return SqlDialect::string_literal(text);
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') escaped += '\\';
    escaped += c;
  }
  return "E" + SqlDialect::string_literal(escaped);
}

std::string PostgresDialect::blob_literal(std::string_view bytes) const {
  const std::string hex = SqlDialect::blob_literal(bytes);  // x'…'
  return "E'\\\\x" + hex.substr(2) + "::bytea";
}

std::string PostgresDialect::drop_primary_key(const model::Name& table,
                                              const std::string& name) const {
  return "DROP CONSTRAINT " +
         quote(name.empty() ? model::default_name(table, {}, "pkey", 63) : name);
}

std::string PostgresDialect::index_method(const model::Index& index,
                                          const TableScope& scope) const {
  if (!index.method.empty()) return SqlDialect::index_method(index, scope);
  switch (index.kind) {
    case model::IndexKind::full_text:
      return " USING gin";
    case model::IndexKind::spatial:
      return " USING gist";
    case model::IndexKind::plain:
      break;
  }
  return {};
}

std::string PostgresDialect::full_text_parts(const model::Index& index) const {
  std::vector<std::string> texts;
  for (const model::IndexPart& part : index.parts) {
    texts.push_back("coalesce(" + (part.column.empty() ? part.expression : quote(part.column)) +
                    ", '')");
  }
  return "to_tsvector(" + string_literal(index.language.empty() ? "simple" : index.language) +
         ", " + join(texts, " || ' ' || ") + ")";
}

std::vector<std::string> PostgresDialect::rename_index(const RenameIndex& change,
                                                       const TableScope& scope) const {
  return {"ALTER INDEX " + quote(model::Name(scope.table.schema, change.from)) + " RENAME TO " +
          quote(change.to)};
}

std::vector<std::string> PostgresDialect::before_column(const model::Column& column,
                                                        const TableScope& scope) const {
  if (column.type.kind != model::TypeKind::enumeration) return {};
  const model::Name name = enum_type(column, scope);
  if (scope.if_missing || is_shared(column)) return {create_missing_enum_type(*this, name, column)};
  return {create_enum_type(*this, name, column.type.values)};
}

std::vector<std::string> PostgresDialect::after_drop(const TableScope& scope,
                                                     std::string_view column,
                                                     const std::vector<model::Column>& was) const {
  std::vector<model::Name> names = live_enum_types(*this, scope, column), shared;
  for (const model::Column& known : was) {
    if (known.type.kind != model::TypeKind::enumeration) continue;
    const model::Name name = enum_type(known, scope);
    std::vector<model::Name>& list = is_shared(known) ? shared : names;
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  }
  std::vector<std::string> result;
  for (const model::Name& name : names) result.push_back("DROP TYPE IF EXISTS " + quote(name));
  for (const model::Name& name : shared) {
    result.push_back("DO $sterna$ BEGIN DROP TYPE IF EXISTS " + quote(name) +
                     "; EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $sterna$");
  }
  return result;
}

/// Names, defaults and the result's type of a function cannot change in place (manual, "CREATE
/// FUNCTION"): all that stands before LANGUAGE.
bool PostgresDialect::replaces_object(const model::Object& from, const model::Object& to,
                                      const ServerInfo& server) const {
  if (!replaces_object(from.kind, server)) return false;
  if (from.kind != "function" && from.kind != "procedure") return true;
  const auto head = [](const model::Object& object) {
    return std::string_view(object.definition).substr(0, object.definition.find("LANGUAGE"));
  };
  return head(from) == head(to);
}

/// In portions that are committed one by one, which a DO block may do where it is in no transaction
/// (manual, "Transaction Management" of PL/pgSQL).
std::string PostgresDialect::fill_column(const FillColumn& change) const {
  const std::string table = quote(change.table), column = quote(change.column);
  return "DO $sterna$\nBEGIN\n  LOOP\n    UPDATE " + table + " SET " + column + " = " +
         change.expression + "\n    WHERE ctid = ANY (ARRAY(SELECT ctid FROM " + table + " WHERE " +
         column +
         " IS NULL LIMIT 10000));\n    EXIT WHEN NOT FOUND;\n    COMMIT;\n  END LOOP;\nEND\n"
         "$sterna$";
}

bool PostgresDialect::replaces(std::string_view kind, const ServerInfo& server) const {
  constexpr int triggers_since = 140000;
  if (kind == "trigger") return server.version == 0 || server.version >= triggers_since;
  return kind == "view" || kind == "function" || kind == "procedure" || kind == "aggregate" ||
         kind == "rule";
}

}  // namespace sterna::postgres
