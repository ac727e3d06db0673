#include "database/mysql/inspect_types.hpp"

#include <charconv>

#include "base/text.hpp"

namespace sterna::mysql {
namespace {

using model::Default;
using model::Type;
using model::TypeKind;

std::optional<int> number_in(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The words of whole numbers with the width that a server prints where none was given.
struct Whole {
  std::string_view word;
  TypeKind kind;
  std::string_view width, unsigned_width;
};
constexpr Whole whole_numbers[] = {{"tinyint", TypeKind::tiny_integer, "4", "3"},
                                   {"smallint", TypeKind::small_integer, "6", "5"},
                                   {"mediumint", TypeKind::medium_integer, "9", "8"},
                                   {"int", TypeKind::integer, "11", "10"},
                                   {"bigint", TypeKind::big_integer, "20", "20"}};

/// Words that are a kind by themselves, without arguments.
struct Plain {
  std::string_view word;
  TypeKind kind;
};
constexpr Plain plain_words[] = {{"text", TypeKind::text},
                                 {"tinytext", TypeKind::tiny_text},
                                 {"mediumtext", TypeKind::medium_text},
                                 {"longtext", TypeKind::long_text},
                                 {"longblob", TypeKind::binary},
                                 {"uuid", TypeKind::uuid},
                                 {"json", TypeKind::json},
                                 {"date", TypeKind::date}};

std::vector<std::string> literals_in(std::string_view list) {
  std::vector<std::string> values;
  for (std::size_t at = list.find('\''); at != std::string_view::npos; at = list.find('\'', at)) {
    const std::size_t end = literal_end(list, at);
    values.push_back(literal_value(list.substr(at, end - at)));
    at = end;
  }
  return values;
}

std::string spelled(const TypeText& text) {
  std::string result = text.word;
  if (!text.arguments.empty()) result += "(" + text.arguments + ")";
  if (!text.tail.empty()) result += " " + text.tail;
  return result;
}

/// The kind of a type without a tail; TypeKind::native when there is none.
Type kind_of(const TypeText& text) {
  Type type;
  const std::optional<int> size = number_in(text.arguments);
  for (const Plain& plain : plain_words) {
    if (text.word == plain.word && text.arguments.empty()) type.kind = plain.kind;
  }
  if (text.word == "char" || text.word == "varchar" || text.word == "varbinary") {
    type.kind = text.word == "char"      ? TypeKind::char_
                : text.word == "varchar" ? TypeKind::string
                                         : TypeKind::binary;
    type.length = size;
    if (!size || (type.kind == TypeKind::binary && *size == 0)) return {};
  } else if (text.word == "time" || text.word == "timestamp" || text.word == "datetime") {
    type.kind = text.word == "time"        ? TypeKind::time
                : text.word == "timestamp" ? TypeKind::timestamp
                                           : TypeKind::datetime;
    type.precision = size;
  } else if (text.word == "year" && (text.arguments.empty() || text.arguments == "4")) {
    type.kind = TypeKind::year;
  } else if (text.word == "enum" || text.word == "set") {
    type.kind = text.word == "enum" ? TypeKind::enumeration : TypeKind::set_of_values;
    type.values = literals_in(text.arguments);
  }
  return type;
}

Type number_of(const TypeText& text) {
  Type type;
  type.is_unsigned = text.tail == "unsigned";
  for (const Whole& whole : whole_numbers) {
    if (text.word != whole.word) continue;
    if (text.word == "tinyint" && text.arguments == "1" && !type.is_unsigned) {
      type.kind = TypeKind::boolean;
      return type;
    }
    const std::string_view width = type.is_unsigned ? whole.unsigned_width : whole.width;
    if (text.arguments.empty() || text.arguments == width) type.kind = whole.kind;
    return type;
  }
  if (text.word == "float" && text.arguments.empty()) type.kind = TypeKind::real;
  if (text.word == "double" && text.arguments.empty()) type.kind = TypeKind::double_precision;
  if (text.word == "decimal") {
    const std::vector<std::string> parts = split(text.arguments, ',');
    if (parts.size() == 2) {
      type.kind = TypeKind::decimal;
      type.precision = number_in(parts[0]);
      type.scale = number_in(parts[1]);
    }
  }
  return type;
}

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() &&
         ((text.front() >= '0' && text.front() <= '9') || text.front() == '.');
}

/// b'101', 0x7f, x'7f': written as they stand, like a number.
bool is_bits(std::string_view text) {
  return text.starts_with("b'") || text.starts_with("0x") || text.starts_with("x'");
}

/// What the renderer writes for now() in a column of this type comes back as this.
bool is_now(std::string_view text, const Type& type) {
  const std::string lower = to_lower(text);
  const std::string size = type.precision ? std::to_string(*type.precision) : "";
  if (type.kind == TypeKind::date) return lower == "curdate()";
  if (type.kind == TypeKind::time) return lower == "curtime(" + size + ")";
  if (type.kind == TypeKind::timestamp || type.kind == TypeKind::datetime) {
    return lower == "current_timestamp(" + size + ")" ||
           (size.empty() && lower == "current_timestamp");
  }
  return lower == "current_timestamp()" || lower == "now()";
}

Default number_default(std::string_view text, const Type& type) {
  if (type.kind == TypeKind::boolean && (text == "0" || text == "1")) {
    return {Default::Kind::literal, text == "1" ? "true" : "false", Default::Literal::boolean};
  }
  return {Default::Kind::literal, std::string(text), Default::Literal::number};
}

}  // namespace

std::size_t literal_end(std::string_view sql, std::size_t from) {
  const char quote = sql[from];
  std::size_t at = from + 1;
  while (at < sql.size()) {
    if (sql[at] == '\\' && quote != '`') {
      at += 2;
      continue;
    }
    if (sql[at] == quote) {
      if (at + 1 < sql.size() && sql[at + 1] == quote) {
        at += 2;
        continue;
      }
      return at + 1;
    }
    ++at;
  }
  return sql.size();
}

std::string literal_value(std::string_view literal) {
  const char quote = literal.front();
  literal = literal.substr(1, literal.size() - 2);
  std::string value;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    char c = literal[i];
    if (c == '\\' && quote != '`' && i + 1 < literal.size()) {
      c = literal[++i];
      constexpr std::string_view written = "0ntrbZ";
      constexpr std::string_view meant("\0\n\t\r\b\x1a", 6);
      if (const std::size_t at = written.find(c); at != std::string_view::npos) c = meant[at];
    } else if (c == quote) {
      ++i;
    }
    value += c;
  }
  return value;
}

std::string_view without_parentheses(std::string_view expression) {
  while (expression.size() >= 2 && expression.front() == '(' && expression.back() == ')') {
    int depth = 0;
    for (std::size_t i = 0; i < expression.size();) {
      const char c = expression[i];
      if (c == '\'' || c == '"' || c == '`') {
        i = literal_end(expression, i);
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      ++i;
      if (depth == 0 && i < expression.size()) return expression;  // "(a) + (b)"
    }
    expression = expression.substr(1, expression.size() - 2);
  }
  return expression;
}

std::string without_escapes(std::string_view expression) {
  std::string result;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '\\' && i + 1 < expression.size() &&
        (expression[i + 1] == '\'' || expression[i + 1] == '\\')) {
      ++i;
    }
    result += expression[i];
  }
  return result;
}

std::string without_introducers(std::string_view sql) {
  const auto part_of_word = [](char c) {
    return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80) != 0;
  };
  std::string result;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    std::size_t end = i + 1;
    if (c == '\'' || c == '"' || c == '`') {
      end = literal_end(sql, i);
    } else if (c == '_' && (i == 0 || !part_of_word(sql[i - 1]))) {
      for (const std::string_view word : {"_utf8mb4", "_utf8mb3", "_utf8"}) {
        const std::string_view rest = sql.substr(i);
        if (rest.starts_with(word) && rest.substr(word.size()).starts_with('\'')) i += word.size();
      }
      if (i >= end) continue;
    }
    result += sql.substr(i, end - i);
    i = end;
  }
  return result;
}

std::string unqualified(std::string_view sql, std::string_view database) {
  std::string prefix = "`";
  for (const char c : database) prefix += c == '`' ? "``" : std::string(1, c);
  prefix += "`.`";
  if (sql.find(prefix) == std::string_view::npos) return std::string(sql);
  std::string result;
  for (std::size_t i = 0; i < sql.size();) {
    const char c = sql[i];
    if (c != '\'' && c != '"' && c != '`') {
      result += c;
      ++i;
      continue;
    }
    const bool qualifies =
        c == '`' && sql.substr(i).starts_with(prefix) && (i == 0 || sql[i - 1] != '.');
    const std::size_t end = qualifies ? i + prefix.size() - 1 : literal_end(sql, i);
    if (!qualifies) result += sql.substr(i, end - i);
    i = end;
  }
  return result;
}

TypeText split_type(std::string_view column_type) {
  TypeText text;
  if (const std::size_t at = column_type.find(" /*M!"); at != std::string_view::npos) {
    text.compressed = column_type.find("COMPRESSED", at) != std::string_view::npos;
    column_type = column_type.substr(0, at);
  }
  const std::size_t end = column_type.find_first_of("( ");
  text.word = to_lower(column_type.substr(0, end));
  if (end == std::string_view::npos) return text;
  std::size_t at = end;
  if (column_type[end] == '(') {
    for (++at; at < column_type.size() && column_type[at] != ')';) {
      at = column_type[at] == '\'' ? literal_end(column_type, at) : at + 1;
    }
    text.arguments = column_type.substr(end + 1, at - end - 1);
    if (at < column_type.size()) ++at;
  }
  text.tail = trim(column_type.substr(at));
  return text;
}

Type type_of(const TypeText& text) {
  Type type;
  if (text.tail.empty()) type = kind_of(text);
  if (type.kind == TypeKind::native && (text.tail.empty() || text.tail == "unsigned")) {
    type = number_of(text);
  }
  if (type.kind != TypeKind::native) return type;
  Type native;
  native.name = spelled(text);
  return native;
}

Default expression_default(std::string_view text) {
  text = without_parentheses(text);
  if (text.starts_with('\'') && literal_end(text, 0) == text.size())
    return {Default::Kind::literal, literal_value(text), Default::Literal::string};
  return {Default::Kind::expression, std::string(text), Default::Literal::string};
}

std::optional<Default> mariadb_default(std::string_view text, const Type& type) {
  if (text == "NULL") return std::nullopt;
  if (is_number(text) || is_bits(text)) return number_default(text, type);
  if (is_now(text, type)) return Default{Default::Kind::now, {}, Default::Literal::string};
  return expression_default(text);
}

std::optional<Default> mysql_default(std::string_view text, bool expression, const Type& type) {
  const bool temporal = type.kind == TypeKind::timestamp || type.kind == TypeKind::datetime;
  if ((expression || temporal) && is_now(text, type)) {
    return Default{Default::Kind::now, {}, Default::Literal::string};
  }
  if (expression) {
    return expression_default(without_introducers(without_escapes(text)));
  }
  const std::string& native = type.name;
  const bool bits =
      native.starts_with("bit") || native.starts_with("binary") || type.kind == TypeKind::binary;
  bool numeric = type.kind == TypeKind::boolean || type.kind == TypeKind::decimal ||
                 type.kind == TypeKind::real || type.kind == TypeKind::double_precision ||
                 type.kind == TypeKind::year;
  for (const Whole& whole : whole_numbers) {
    numeric = numeric || type.kind == whole.kind || native.starts_with(whole.word);
  }
  for (const std::string_view word : {"decimal", "float", "double"}) {
    numeric = numeric || native.starts_with(word);
  }
  if ((numeric && is_number(text)) || (bits && is_bits(text))) return number_default(text, type);
  return Default{Default::Kind::literal, std::string(text), Default::Literal::string};
}

}  // namespace sterna::mysql
