// Reads the texts in which information_schema tells types, defaults and expressions. Used by the
// inspector alone; asks the server nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/dialect.hpp"
#include "model/model.hpp"

namespace sterna::mysql {

/// COLUMN_TYPE in its parts: "int(10) unsigned" is "int", "10", "unsigned".
struct TypeText {
  std::string word, arguments, tail;
  bool compressed = false;  ///< MariaDB's attribute, which it prints behind the type
};
TypeText split_type(std::string_view column_type);

/// The portable kind where rendering it gives this type back; else the type by its own spelling.
model::Type type_of(const TypeText& text);

/// The end of the string literal that begins at `from`, behind its closing quote.
std::size_t literal_end(std::string_view sql, std::size_t from);
/// The value of a literal with its quotes; `''` and backslashes as the server reads them.
std::string literal_value(std::string_view literal);
/// Without the parentheses around the whole, however many.
std::string_view without_parentheses(std::string_view expression);
/// Expressions of MySQL stand in information_schema with their quotes and backslashes escaped once
/// more ("_utf8mb4\'x\'").
std::string without_escapes(std::string_view expression);
/// Without the character set that MySQL 8 writes in front of each literal ("_utf8mb4'x'"). It is
/// that of the session that wrote the expression, and so says nothing of the schema.
std::string without_introducers(std::string_view sql);
/// The text without "`database`." where that qualifies a name.
std::string unqualified(std::string_view sql, std::string_view database);

/// A default as it stands in SQL: a string literal by its value, all else as an expression.
model::Default expression_default(std::string_view text);
/// COLUMN_DEFAULT of MariaDB: SQL, with literals in quotes. Nothing where it is NULL.
std::optional<model::Default> mariadb_default(std::string_view text, const model::Type& type);
/// COLUMN_DEFAULT of MySQL: a literal's bare value, or an expression.
std::optional<model::Default> mysql_default(std::string_view text, bool expression,
                                            const model::Type& type);

}  // namespace sterna::mysql
