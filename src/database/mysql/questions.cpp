#include "database/mysql/questions.hpp"

#include <fmt/format.h>

namespace sterna::mysql {

Rows Questions::ask(const std::string& select) {
  constexpr int seconds = 5;
  if (connection_.server().product == "MariaDB") {
    return connection_.query(
        fmt::format("SET STATEMENT max_statement_time = {} FOR {}", seconds, select));
  }
  return connection_.query(fmt::format("SELECT /*+ MAX_EXECUTION_TIME({}) */{}", seconds * 1000,
                                       select.substr(std::string_view("SELECT").size())));
}

Rows Questions::ask_if_allowed(const std::string& select) noexcept {
  try {
    return ask(select);
  } catch (const std::exception&) {
    return {};
  }
}

std::string Questions::quote(const ObjectName& name) const {
  return connection_.dialect().quote(model::Name(name.schema, name.name));
}

std::string Questions::is_table(std::string_view schema_column, std::string_view name_column,
                                const ObjectName& table) const {
  return fmt::format("{} = {} AND {} = {}", schema_column,
                     table.schema.empty() ? "DATABASE()" : literal(table.schema), name_column,
                     literal(table.name));
}

std::string Questions::database() {
  const Rows rows = ask("SELECT COALESCE(DATABASE(), '')");
  return rows.empty() ? std::string() : rows.front().get<std::string>(0);
}

}  // namespace sterna::mysql
