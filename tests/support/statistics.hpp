// What a server believes of a table's size, brought to what is there. Left to itself it learns so
// in the background: MySQL's and MariaDB's number may stay one of the middle of an INSERT.
#pragma once

#include "database/connection.hpp"
#include "database/dialect.hpp"

#include <string>
#include <string_view>

namespace sterna::test {

inline void take_statistics(Connection& session, const std::string& table) {
  const std::string_view dialect = session.dialect().name();
  if (dialect == "postgres") session.execute("ANALYZE " + table);
  if (dialect == "mysql") session.query("ANALYZE TABLE " + table);
}

}  // namespace sterna::test
