// COPY ROWS as text.
#include "base/text.hpp"
#include "database/cql/copy.hpp"
#include "database/cql/dialect.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

/// Without quotes a name is in lower case.
std::string plain_name(sql::TokenCursor& cursor) {
  const sql::Token token = cursor.take();
  return token.kind == sql::TokenKind::quoted_identifier ? sql::unquoted(token)
                                                         : to_lower(token.text);
}

model::Name table_name(sql::TokenCursor& cursor) {
  std::string name = plain_name(cursor);
  if (!cursor.accept('.')) return model::Name(name);
  return {name, plain_name(cursor)};
}

}  // namespace

bool is_copy(std::string_view sql) {
  sql::TokenCursor cursor(sql, Language::cql);
  return cursor.accept({"COPY", "ROWS"});
}

CopyRequest read_copy(const Statement& statement) {
  sql::TokenCursor cursor(statement.sql, Language::cql);
  const auto refuse = [&] {
    return Error(ErrorKind::syntax, "COPY ROWS is not written as it should be")
        .with_statement(statement.sql)
        .at(statement.position)
        .suggest("write COPY ROWS FROM old_table TO new_table [WITHOUT (column, …)]");
  };
  CopyRequest request;
  cursor.accept({"COPY", "ROWS"});
  if (!cursor.accept("FROM") || !cursor.at_name()) throw refuse();
  request.from = table_name(cursor);
  if (!cursor.accept("TO") || !cursor.at_name()) throw refuse();
  request.to = table_name(cursor);
  if (cursor.accept("WITHOUT")) {
    if (!cursor.accept('(')) throw refuse();
    do {
      if (!cursor.at_name()) throw refuse();
      request.without.push_back(plain_name(cursor));
    } while (cursor.accept(','));
    if (!cursor.accept(')')) throw refuse();
  }
  cursor.accept(';');
  if (!cursor.at_end()) throw refuse();
  return request;
}

std::string copy_text(const CopyRequest& request) {
  std::string text =
      "COPY ROWS FROM " + words().quote(request.from) + " TO " + words().quote(request.to);
  std::string names;
  for (const std::string& column : request.without)
    names += (names.empty() ? "" : ", ") + words().quote(column);
  return names.empty() ? text : text + " WITHOUT (" + names + ")";
}

}  // namespace sterna::cql
