#include "database/mysql/error_place.hpp"

#include "base/text.hpp"
#include "sql/token_cursor.hpp"

#include <charconv>
#include <optional>

namespace sterna::mysql {
namespace {

std::optional<std::size_t> line_start(std::string_view text, int line) {
  std::size_t start = 0;
  for (; line > 1; --line) {
    start = text.find('\n', start);
    if (start == std::string_view::npos) return std::nullopt;
    ++start;
  }
  return start;
}

/// True when the server, which stopped in front of `tail`, quotes it as `rest`: whole but for white
/// space at the end, or going on into the next statement of the packet, or cut after 80 characters
/// (MariaDB writes "..." then).
bool quotes(std::string_view rest, std::string_view tail) {
  constexpr std::string_view dots = "...";
  constexpr std::size_t longest = 80;
  const bool dotted = rest.ends_with(dots);
  if (dotted && tail.starts_with(rest.substr(0, rest.size() - dots.size()))) return true;
  if (rest.size() >= longest && tail.starts_with(rest)) return true;
  const std::string_view whole = tail.substr(0, tail.find_last_not_of(" \t\r\n;") + 1);
  if (whole.empty()) return false;
  return rest == whole ||
         (rest.size() > tail.size() && rest.starts_with(tail) && rest[tail.size()] == '\n') ||
         (dotted && rest.starts_with(whole));
}

/// A syntax error: "… near 'REST OF THE STATEMENT' at line N".
std::optional<std::size_t> offset_of_rest(std::string_view message, std::string_view sql) {
  constexpr std::string_view before = " near '", behind = "' at line ";
  const std::size_t opening = message.find(before), closing = message.rfind(behind);
  if (opening == std::string_view::npos || closing == std::string_view::npos) return std::nullopt;
  const std::size_t begin = opening + before.size();
  if (closing < begin) return std::nullopt;
  const std::string_view rest = message.substr(begin, closing - begin);
  int line = 0;
  const std::string_view digits = message.substr(closing + behind.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  if (rest.empty()) return sql.find_last_not_of(" \t\r\n") + 1;
  const auto start = line_start(sql, line);
  if (!start) return std::nullopt;
  for (std::size_t i = *start; i < sql.size() && (i == *start || sql[i - 1] != '\n'); ++i) {
    if (quotes(rest, sql.substr(i))) return i;
  }
  return std::nullopt;
}

/// The errors whose message begins with the name of what is missing or too much.
bool names_its_object(unsigned number) {
  switch (number) {
    case 1050:  // Table 'x' already exists
    case 1051:  // Unknown table 'db.x'
    case 1054:  // Unknown column 'x' in …
    case 1060:  // Duplicate column name 'x'
    case 1061:  // Duplicate key name 'x'
    case 1072:  // Key column 'x' doesn't exist in table
    case 1091:  // Can't DROP COLUMN `x`; check that it exists
    case 1146:  // Table 'db.x' doesn't exist
    case 1176:  // Key 'x' doesn't exist in table 't'
    case 1305:  // FUNCTION db.x does not exist: not quoted, so not found
      return true;
    default:
      return false;
  }
}

/// The one token that is the first quoted name of the message; nothing when there are several.
std::optional<std::size_t> offset_of_name(std::string_view message, std::string_view sql) {
  // "Can't" is no quote: an apostrophe between letters does not open one.
  std::size_t open = 0;
  for (; open < message.size(); ++open) {
    const bool quote = message[open] == '\'' || message[open] == '`';
    if (quote && (open == 0 || message[open - 1] == ' ')) break;
  }
  if (open == message.size()) return std::nullopt;
  const std::size_t close = message.find(message[open], open + 1);
  if (close == std::string_view::npos) return std::nullopt;
  std::string_view name = message.substr(open + 1, close - open - 1);
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  std::optional<std::size_t> found;
  sql::Lexer lexer(sql, Language::mysql);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::word && token.kind != sql::TokenKind::quoted_identifier)
      continue;
    if (to_lower(sql::unquoted(token)) != to_lower(std::string(name))) continue;
    if (found) return std::nullopt;
    found = static_cast<std::size_t>(token.text.data() - sql.data());
  }
  return found;
}

SourcePosition moved(SourcePosition position, std::string_view passed) {
  for (const char c : passed) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

}  // namespace

SourcePosition place_of(unsigned number, std::string_view message, const Statement& statement) {
  if (statement.position.line <= 0) return statement.position;
  std::optional<std::size_t> offset;
  if (number == 1064)
    offset = offset_of_rest(message, statement.sql);
  else if (names_its_object(number))
    offset = offset_of_name(message, statement.sql);
  if (!offset) return statement.position;
  return moved(statement.position, std::string_view(statement.sql).substr(0, *offset));
}

}  // namespace sterna::mysql
