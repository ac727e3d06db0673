#include "database/mysql/catalog.hpp"

#include "database/mysql/connection.hpp"
#include "database/mysql/inspect.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace sterna::mysql {
namespace {

/// `values`: of the schema, then of each column.
bool is_in(Connection& connection, std::string_view view,
           std::initializer_list<std::string_view> columns, std::vector<Value> values) {
  std::string sql =
      fmt::format("SELECT 1 FROM information_schema.{} WHERE table_schema{}", view, in_schema);
  for (const std::string_view column : columns) sql += fmt::format(" AND {} = ?", column);
  return !connection.query(Statement{sql + " LIMIT 1", std::move(values), {}, {}}).empty();
}

}  // namespace

bool MysqlConnection::has_table(const model::Name& table) {
  return is_in(*this, "tables", {"table_name"}, {table.schema, table.name});
}

bool MysqlConnection::has_column(const model::Name& table, std::string_view column) {
  return is_in(*this, "columns", {"table_name", "column_name"}, {table.schema, table.name, column});
}

bool MysqlConnection::has_index(const model::Name& table, std::string_view index) {
  return is_in(*this, "statistics", {"table_name", "index_name"},
               {table.schema, table.name, index});
}

model::Model MysqlConnection::inspect(const InspectOptions& options) {
  return mysql::inspect(*this, options);
}

void MysqlConnection::drop_everything(std::string_view /*kept*/) {
  execute("SET SESSION foreign_key_checks = 0");
  const auto drop_all = [&](const char* list, const char* verb) {
    for (const Row& row : query(list))
      execute(std::string(verb) + " " + dialect().quote(row.get<std::string>(0)));
  };
  drop_all("SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()",
           "DROP EVENT IF EXISTS");
  drop_all("SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()",
           "DROP VIEW IF EXISTS");
  drop_all(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')",
      "DROP TABLE IF EXISTS");
  drop_all(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type = 'SEQUENCE'",
      "DROP SEQUENCE IF EXISTS");
  drop_all(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() AND "
      "routine_type = 'PROCEDURE'",
      "DROP PROCEDURE IF EXISTS");
  drop_all(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() AND "
      "routine_type = 'FUNCTION'",
      "DROP FUNCTION IF EXISTS");
  execute("SET SESSION foreign_key_checks = 1");
}

}  // namespace sterna::mysql
