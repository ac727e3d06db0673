#include "database/cql/statement_kind.hpp"

#include "sql/token_cursor.hpp"

namespace sterna::cql {

StatementKind kind_of_statement(std::string_view sql) {
  sql::TokenCursor cursor(sql, Language::cql);
  if (cursor.accept({"SELECT"})) return StatementKind::read;
  for (const std::string_view word : {"CREATE", "ALTER", "DROP"}) {
    if (cursor.accept({word})) return StatementKind::definition;
  }
  return cursor.at_end() ? StatementKind::nothing : StatementKind::other;
}

}  // namespace sterna::cql
