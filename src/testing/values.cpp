#include "testing/values.hpp"

#include "base/text.hpp"
#include "bulk/shape.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace sterna::trial {
namespace {

using model::Type;
using model::TypeKind;
using sql::Token;
using sql::TokenKind;

std::vector<Token> code_of(std::string_view text, Language language) {
  std::vector<Token> tokens;
  sql::Lexer lexer(text, language);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!token.is_comment()) tokens.push_back(token);
  }
  return tokens;
}

/// The number at `i`, with its sign; moves behind it.
std::optional<double> number_at(const std::vector<Token>& tokens, std::size_t& i) {
  while (i < tokens.size() && tokens[i].is('(')) ++i;
  double sign = 1;
  if (i < tokens.size() && tokens[i].is('-')) sign = -1, ++i;
  if (i >= tokens.size()) return std::nullopt;
  std::string text(tokens[i].text);
  // PostgreSQL prints '-5'::integer and 0::numeric.
  if (tokens[i].kind == TokenKind::string && text.size() > 2)
    text = text.substr(1, text.size() - 2);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') return std::nullopt;
  ++i;
  return sign * value;
}

/// The tokens of one condition, without the brackets and casts around the column.
void read_condition(const std::string& condition, const std::string& column, Language language,
                    Allowed& allowed) {
  const std::vector<Token> tokens = code_of(condition, language);
  std::size_t i = 0;
  while (i < tokens.size() && tokens[i].is('(')) ++i;
  if (i >= tokens.size() || !equals_ignoring_case(sql::unquoted(tokens[i]), column)) return;
  ++i;
  while (i < tokens.size() && (tokens[i].is(')') || tokens[i].text == "::" ||
                               (tokens[i - 1].text == "::" && tokens[i].kind == TokenKind::word)))
    ++i;
  if (i >= tokens.size()) return;
  const bool list =
      sql::is_word(tokens[i], "IN") ||
      (tokens[i].is('=') && i + 1 < tokens.size() &&
       (sql::is_word(tokens[i + 1], "ANY") || tokens[i + 1].kind == TokenKind::string));
  if (list) {
    for (; i < tokens.size(); ++i) {
      if (tokens[i].kind == TokenKind::string || tokens[i].kind == TokenKind::number)
        allowed.literals.emplace_back(tokens[i].text);
    }
    return;
  }
  if (sql::is_word(tokens[i], "BETWEEN")) {
    allowed.least = number_at(tokens, ++i);
    while (i < tokens.size() && !sql::is_word(tokens[i], "AND")) ++i;
    if (i < tokens.size()) allowed.most = number_at(tokens, ++i);
    return;
  }
  const std::string op(tokens[i++].text);
  const std::optional<double> value = number_at(tokens, i);
  if (!value) return;
  if (op == ">" || op == ">=") allowed.least = value, allowed.least_open = op == ">";
  if (op == "<" || op == "<=") allowed.most = value, allowed.most_open = op == "<";
  if (op == "=") allowed.least = allowed.most = value;
}

std::string without_brackets(std::string_view text) {
  text = trim(text);
  while (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth == 0) return std::string(text);
    }
    text = trim(text.substr(1, text.size() - 2));
  }
  return std::string(text);
}

void read_parts(const std::string& condition, const std::string& column, Language language,
                Allowed& allowed) {
  const std::vector<std::string> parts = bulk::conjuncts(without_brackets(condition), language);
  if (parts.size() == 1) return read_condition(parts.front(), column, language, allowed);
  for (const std::string& part : parts) read_parts(part, column, language, allowed);
}

std::size_t mixed(std::size_t row, std::size_t attempt) { return row + attempt * 31; }

/// As long as the column takes, of letters that take one, two, three and four bytes.
std::string long_text(std::size_t length, std::size_t n) {
  static const std::vector<std::string> letters{"a", "Z", "é", " ", "€", "0", "ß"};
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += letters[(i * 3 + n) % letters.size()];
  // White space at the end is not the same everywhere.
  if (!text.empty() && text.back() == ' ') text.back() = '_';
  return text;
}

std::string text_value(std::size_t most, bool distinct, std::size_t n) {
  const std::string number = std::to_string(n);
  if (most < number.size()) return number.substr(number.size() - most);
  switch (distinct ? 3 : n % 5) {
    case 0:
      return long_text(std::min<std::size_t>(most, 300), n);
    case 1:
      return number;
    case 2:
      return {};
    default: {
      std::string text = "Row " + number + " é";
      return text.size() > most ? number : text;
    }
  }
}

double limit_of(TypeKind kind, bool is_unsigned) {
  double most = 2147483647.0;
  if (kind == TypeKind::tiny_integer) most = 127;
  if (kind == TypeKind::small_integer) most = 32767;
  if (kind == TypeKind::medium_integer) most = 8388607;
  if (kind == TypeKind::big_integer) most = 9007199254740991.0;
  return is_unsigned ? most * 2 : most;
}

std::string integer_value(const Type& type, const Allowed& allowed, bool distinct, std::size_t n) {
  const double most_of_type = limit_of(type.kind, type.is_unsigned);
  double least = allowed.least.value_or(type.is_unsigned ? 0 : -most_of_type);
  double most = allowed.most.value_or(most_of_type);
  if (allowed.least_open) least += 1;
  if (allowed.most_open) most -= 1;
  const auto number = static_cast<double>(n);
  double value = std::max(least, 1.0) + number;
  if (!distinct && n % 5 == 1) value = most;
  if (!distinct && n % 5 == 2) value = least;
  if (value > most) value = most - number;
  return fmt::format("{:.0f}", std::clamp(value, least, most));
}

std::string decimal_value(const Type& type, const Allowed& allowed, bool distinct, std::size_t n) {
  const int scale = type.scale.value_or(type.precision ? 0 : 4);
  const int whole = type.precision ? *type.precision - scale : 6;
  const double step = scale > 0 ? std::pow(10.0, -scale) : 1;
  const double limit = whole > 0 ? std::pow(10.0, std::min(whole, 9)) - 1 : 0;
  double least = allowed.least.value_or(-limit), most = allowed.most.value_or(limit);
  if (allowed.least_open) least += step;
  if (allowed.most_open) most -= step;
  double value = std::max(least, 0.0) + static_cast<double>(n) + (scale > 0 ? 0.5 + step : 0);
  if (!distinct && n % 5 == 2) value = least;
  if (value > most) value = most - static_cast<double>(n) * step;
  return fmt::format("{:.{}f}", std::clamp(value, least, most), std::max(scale, 0));
}

std::string uuid_value(std::size_t n) {
  return fmt::format("00000000-0000-4000-8000-{:012x}", n + 1);
}

std::string json_value(std::size_t n) {
  return n % 2 == 0 ? fmt::format("{{\"n\": {}, \"text\": \"é\"}}", n)
                    : fmt::format("[{}, null]", n);
}

std::string day(std::size_t n) {
  return fmt::format("{:04}-{:02}-{:02}", 1990 + n % 60, 1 + n % 12, 1 + n % 28);
}

std::string moment(std::size_t n, int digits) {
  std::string text = fmt::format("{} {:02}:{:02}:{:02}", day(n), n % 24, n % 60, (n * 7) % 60);
  if (digits > 0)
    text += fmt::format(".{:06}", 123456 + n).substr(0, 1 + static_cast<std::size_t>(digits));
  return text;
}

std::string value_of(const model::Model& schema, const Type& type, const Allowed& allowed,
                     bool distinct, std::size_t n, const Dialect& dialect) {
  const auto text = [&](const std::string& value) { return dialect.literal(Value(value)); };
  switch (type.kind) {
    case TypeKind::boolean:
      return dialect.literal(Value(n % 2 == 0));
    case TypeKind::tiny_integer:
    case TypeKind::small_integer:
    case TypeKind::medium_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
    case TypeKind::varint:
      return integer_value(type, allowed, distinct, n);
    case TypeKind::decimal:
      return decimal_value(type, allowed, distinct, n);
    case TypeKind::real:
    case TypeKind::double_precision: {
      Type decimal;
      decimal.precision = 8;
      decimal.scale = 2;
      return decimal_value(decimal, allowed, distinct, n);
    }
    case TypeKind::char_:
    case TypeKind::string:
      return text(text_value(
          static_cast<std::size_t>(type.length.value_or(type.kind == TypeKind::char_ ? 1 : 255)),
          distinct, n));
    case TypeKind::text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
      return text(text_value(300, distinct, n));
    case TypeKind::tiny_text:
      return text(text_value(60, distinct, n));
    case TypeKind::ascii:
      return text("Row " + std::to_string(n));
    case TypeKind::binary:
      return dialect.literal(
          Value(Blob{text_value(static_cast<std::size_t>(std::clamp(
                                    type.length.value_or(0) == 0 ? 40 : *type.length, 1, 200)) /
                                        3 +
                                    1,
                                true, n)}));
    case TypeKind::uuid:
      return schema.dialect == "cql" ? uuid_value(n) : text(uuid_value(n));
    case TypeKind::timeuuid:
      return fmt::format("{:08x}-0000-1000-8000-000000000001", n + 1);
    case TypeKind::json:
    case TypeKind::jsonb:
      return text(json_value(n));
    case TypeKind::date:
      return text(day(n));
    case TypeKind::time:
      return text(fmt::format("{:02}:{:02}:{:02}", n % 24, n % 60, (n * 7) % 60));
    case TypeKind::timestamp:
      // MySQL's TIMESTAMP ends in 2038.
      return text(moment(n % 40, type.precision.value_or(schema.dialect == "mysql" ? 0
                                                         : schema.dialect == "cql" ? 3
                                                                                   : 6)));
    case TypeKind::datetime:
      return text(moment(n, type.precision.value_or(schema.dialect == "mysql" ? 0 : 6)));
    case TypeKind::duration:
      return fmt::format("{}mo{}d{}h", n % 12, n % 30, 1 + n % 24);
    case TypeKind::interval:
      return text(fmt::format("{} days {} hours", n % 30, n % 24));
    case TypeKind::year:
      return std::to_string(1990 + n % 100);
    case TypeKind::set_of_values:
    case TypeKind::enumeration: {
      const model::EnumType* known = schema.enumeration(model::Name(type.name));
      const std::vector<std::string>& values = known != nullptr ? known->values : type.values;
      return values.empty() ? std::string() : text(values[n % values.size()]);
    }
    case TypeKind::inet:
      return text(fmt::format("10.{}.{}.{}", n / 65536 % 256, n / 256 % 256, n % 256));
    case TypeKind::cidr:
      return text(fmt::format("10.{}.{}.0/24", n / 256 % 256, n % 256));
    case TypeKind::mac_address:
      return text(fmt::format("08:00:2b:01:{:02x}:{:02x}", n / 256 % 256, n % 256));
    case TypeKind::array:
      return schema.dialect == "postgres" ? "'{}'" : std::string();
    case TypeKind::range:
      return "'empty'";
    case TypeKind::native:
      // SQLite takes anything; elsewhere the type may be one of the schema's own.
      return schema.dialect == "sqlite" ? text(text_value(60, distinct, n)) : std::string();
    default:
      return made_structure(schema, type, distinct, n, dialect);
  }
}

}  // namespace

Allowed allowed_of(const model::Table& table, const std::string& column, Language language) {
  Allowed allowed;
  for (const model::Check& check : table.checks)
    read_parts(check.expression, column, language, allowed);
  return allowed;
}

std::string made_value(const model::Model& schema, const model::Column& column,
                       const Allowed& allowed, bool distinct, std::size_t row, std::size_t attempt,
                       const Dialect& dialect) {
  const std::size_t n = mixed(row, attempt);
  if (!allowed.literals.empty()) return allowed.literals[n % allowed.literals.size()];
  return value_of(schema, column.type, allowed, distinct, n, dialect);
}

std::string made_value(const model::Model& schema, const Type& type, bool distinct, std::size_t n,
                       const Dialect& dialect) {
  return value_of(schema, type, {}, distinct, n, dialect);
}

}  // namespace sterna::trial
