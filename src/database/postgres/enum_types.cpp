#include "database/postgres/enum_types.hpp"

#include "database/connection.hpp"

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

}  // namespace sterna::postgres
