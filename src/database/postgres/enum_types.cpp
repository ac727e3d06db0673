#include "database/postgres/enum_types.hpp"

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/postgres/dialect.hpp"

#include <algorithm>

namespace sterna::postgres {
namespace {

model::Name own_name(std::string_view column, const TableScope& scope) {
  constexpr std::size_t longest = 63;
  return {scope.table.schema, model::default_name(scope.table, {}, column, longest)};
}

}  // namespace

model::Name enum_type(const model::Column& column, const TableScope& scope) {
  if (column.type.name.empty()) return own_name(column.name, scope);
  model::Name name(column.type.name);
  if (name.schema.empty()) name.schema = scope.table.schema;
  return name;
}

std::string create_enum_type(const SqlDialect& dialect, const model::Name& name,
                             const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    list += (list.empty() ? "" : ", ") + dialect.string_literal(value);
  }
  return "CREATE TYPE " + dialect.quote(name) + " AS ENUM (" + list + ")";
}

bool is_shared(const model::Column& column) { return !column.type.name.empty(); }

std::string create_missing_enum_type(const SqlDialect& dialect, const model::Name& name,
                                     const model::Column& column) {
  std::vector<std::string> values;
  for (const std::string& value : column.type.values)
    values.push_back(dialect.string_literal(value));
  const std::string hint = "give the enumeration of column " + column.name +
                           " a name of its own, or change the type first";
  // CREATE TYPE has no IF NOT EXISTS.
  return "DO $sterna$ BEGIN " + create_enum_type(dialect, name, column.type.values) +
         "; EXCEPTION WHEN duplicate_object THEN IF ARRAY(SELECT enumlabel::text FROM "
         "pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(" +
         dialect.string_literal(dialect.quote(name)) + ") ORDER BY enumsortorder) <> ARRAY[" +
         join(values, ", ") +
         "]::text[] THEN RAISE EXCEPTION USING ERRCODE = 'duplicate_object', " + "MESSAGE = " +
         dialect.string_literal("type " + name.text() + " is there with other values") +
         ", HINT = " + dialect.string_literal(hint) + "; END IF; END $sterna$";
}

std::vector<model::Name> live_enum_types(const SqlDialect& dialect, const TableScope& scope,
                                         std::string_view column) {
  std::vector<model::Name> found;
  if (scope.context.connection == nullptr) return found;
  const std::string table = dialect.string_literal(dialect.quote(scope.table));
  const Rows rows = scope.context.connection->query(
      "SELECT a.attname, t.typname FROM pg_catalog.pg_attribute a "
      "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typtype = 'e' "
      "WHERE a.attrelid = pg_catalog.to_regclass(" +
      table +
      ") AND a.attnum > 0 "
      "ORDER BY a.attnum");
  for (const Row& row : rows) {
    const auto name = row.get<std::string>(0);
    const model::Name own = own_name(name, scope);
    if ((column.empty() || column == name) && own.name == row.get<std::string>(1)) {
      found.push_back(own);
    }
  }
  return found;
}

namespace {

/// Fails, with the values and what to do, before anything is changed.
std::string refuse_lost_values(const SqlDialect& dialect, const model::EnumType& type,
                               const EnumColumn& use, const std::vector<std::string>& lost) {
  std::vector<std::string> literals;
  for (const std::string& value : lost) literals.push_back(dialect.string_literal(value));
  const std::string table = dialect.quote(use.table), column = dialect.quote(use.from.name);
  const std::string values = join(literals, ", ");
  const std::string message = "rows of " + use.table.text() + "." + use.from.name +
                              " hold values that are taken from enum " + type.name.text();
  const std::string hint = "give these rows another value before: UPDATE " + table + " SET " +
                           column + " = … WHERE " + column + " IN (" + values + ")";
  const bool array = use.from.type.kind == model::TypeKind::array;
  const std::string held = array ? "unnest(" + column + "::text[])" : column + "::text";
  return "DO $sterna$\nDECLARE held text;\nBEGIN\n  SELECT string_agg(DISTINCT value, ', ') INTO "
         "held FROM (SELECT " +
         held + " AS value FROM " + table + ") AS rows WHERE value IN (" + values +
         ");\n  IF held IS NOT NULL THEN\n    RAISE EXCEPTION USING ERRCODE = 'check_violation', "
         "MESSAGE = " +
         dialect.string_literal(message + ": ") +
         " || held, HINT = " + dialect.string_literal(hint) + ";\n  END IF;\nEND\n$sterna$";
}

}  // namespace

/// Values cannot leave a type (manual, "ALTER TYPE"): the columns move to a new one.
std::vector<std::string> PostgresDialect::replace_enum(const ReplaceEnum& change,
                                                       const ServerInfo& server) const {
  constexpr std::size_t longest = 63;
  const std::string comment =
      "COMMENT ON TYPE " + quote(change.to.name) + " IS " +
      (change.to.comment.empty() ? "NULL" : string_literal(change.to.comment));
  if (change.from.values == change.to.values) return {comment};
  std::vector<std::string> lost;
  for (const std::string& value : change.from.values) {
    if (std::find(change.to.values.begin(), change.to.values.end(), value) ==
        change.to.values.end())
      lost.push_back(value);
  }
  const model::Name& name = change.to.name;
  const model::Name aside(name.schema, model::default_name(name, {}, "old", longest));
  std::vector<std::string> result;
  if (!lost.empty()) {
    for (const EnumColumn& use : change.columns)
      result.push_back(refuse_lost_values(*this, change.to, use, lost));
  }
  result.push_back("ALTER TYPE " + quote(name) + " RENAME TO " + quote(aside.name));
  result.push_back(create_enum_type(*this, name, change.to.values));
  for (const EnumColumn& use : change.columns) {
    const std::string column = quote(use.from.name);
    const std::string brackets = use.from.type.kind == model::TypeKind::array ? "[]" : "";
    std::vector<std::string> clauses;
    if (use.from.default_value) clauses.push_back("ALTER COLUMN " + column + " DROP DEFAULT");
    clauses.push_back("ALTER COLUMN " + column + " TYPE " + quote(name) + brackets + " USING " +
                      column + "::text" + brackets + "::" + quote(name) + brackets);
    if (use.to.default_value)
      clauses.push_back("ALTER COLUMN " + column + " SET DEFAULT " + default_value(use.to, server));
    result.push_back("ALTER TABLE " + quote(use.table) + "\n  " + join(clauses, ",\n  "));
  }
  result.push_back("DROP TYPE " + quote(aside));
  if (!change.to.comment.empty()) result.push_back(comment);
  return result;
}

}  // namespace sterna::postgres
