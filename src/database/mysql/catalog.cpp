#include "database/mysql/connection.hpp"
#include "database/mysql/inspect.hpp"

namespace sterna::mysql {
namespace {

Statement plain(std::string sql, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {}, {}};
}

}  // namespace

bool MysqlConnection::has_table(const model::Name& table) {
  return !query(plain("SELECT 1 FROM information_schema.tables WHERE table_schema = "
                      "COALESCE(NULLIF(?, _utf8mb4'' COLLATE utf8mb4_bin), DATABASE()) AND "
                      "table_name = ?",
                      {table.schema, table.name}))
              .empty();
}

bool MysqlConnection::has_column(const model::Name& table, std::string_view column) {
  return !query(plain("SELECT 1 FROM information_schema.columns WHERE table_schema = "
                      "COALESCE(NULLIF(?, _utf8mb4'' COLLATE utf8mb4_bin), DATABASE()) AND "
                      "table_name = ? AND column_name = ?",
                      {table.schema, table.name, column}))
              .empty();
}

bool MysqlConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(plain("SELECT 1 FROM information_schema.statistics WHERE table_schema = "
                      "COALESCE(NULLIF(?, _utf8mb4'' COLLATE utf8mb4_bin), DATABASE()) AND "
                      "table_name = ? AND index_name = ? "
                      "LIMIT 1",
                      {table.schema, table.name, index}))
              .empty();
}

model::Model MysqlConnection::inspect(const InspectOptions& options) {
  return mysql::inspect(*this, options);
}

void MysqlConnection::drop_everything() {
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
