#include "sql/question.hpp"

#include "sql/token_cursor.hpp"

namespace sterna {

bool can_be_subquery(std::string_view query, Language language) {
  sql::TokenCursor cursor(query, language);
  while (cursor.accept('(')) {
  }
  return cursor.at_any({"SELECT", "WITH", "VALUES"}) ||
         (language == Language::mysql && cursor.at("TABLE"));
}

bool gives_one_column(std::string_view query, Language language) {
  sql::TokenCursor cursor(query, language);
  while (cursor.accept('(')) {
  }
  if (cursor.at("WITH")) cursor.skip_to({"SELECT"});
  if (!cursor.accept("SELECT")) return false;
  cursor.accept_any({"ALL", "DISTINCT"});
  if (cursor.at('*')) return false;
  while (!cursor.at_end() && !cursor.at(')') &&
         !cursor.at_any({"FROM", "WHERE", "UNION", "INTERSECT", "EXCEPT", "LIMIT", "ORDER"})) {
    if (cursor.at(',') || (cursor.at('.') && cursor.at('*', 1))) return false;
    cursor.skip();
  }
  return true;
}

}  // namespace sterna
