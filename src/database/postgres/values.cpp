#include "database/postgres/values.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::postgres {
namespace {

// pg_type.dat
constexpr Oid oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
              oid_oid = 26, oid_float4 = 700, oid_float8 = 701;

struct TextOf {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(bool v) const { return v ? "t" : "f"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return detail::to_text(Value(v), {}); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const Blob& v) const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex = "\\x";
    hex.reserve(2 + 2 * v.bytes.size());
    for (const char c : v.bytes) {
      hex += digits[static_cast<unsigned char>(c) >> 4];
      hex += digits[static_cast<unsigned char>(c) & 15];
    }
    return hex;
  }
};

int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

int octal(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
}

/// bytea_output = escape: \\ is a backslash, \ooo any byte (manual, 8.4.2).
Value escaped_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (const int value = octal(text.substr(i + 1, 3)); value >= 0 && i + 3 < text.size()) {
      bytes += static_cast<char>(value);
      i += 3;
    } else {
      bytes += '\\';
      ++i;
    }
  }
  return Blob{std::move(bytes)};
}

Value bytes_of(std::string_view text) {
  if (!text.starts_with("\\x")) return escaped_bytes(text);
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(nibble(text[i]) * 16 + nibble(text[i + 1]));
  return Blob{std::move(bytes)};
}

template <class Number>
Value number_of(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return text;
  return number;
}

}  // namespace

Parameters::Parameters(const Statement& statement) {
  for (const Value& value : statement.parameters)
    texts_.push_back(std::visit(TextOf{}, value.storage()));
  for (std::size_t i = 0; i < texts_.size(); ++i)
    pointers_.push_back(statement.parameters[i].is_null() ? nullptr : texts_[i].c_str());
}

void refuse_zero_bytes(std::span<const Statement> statements, std::optional<std::size_t> first) {
  const auto holds = [](const Value& value) {
    const auto* text = std::get_if<std::string>(&value.storage());
    return text != nullptr && text->find('\0') != std::string::npos;
  };
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i];
    const bool in_text = statement.sql.find('\0') != std::string::npos;
    if (!in_text && std::none_of(statement.parameters.begin(), statement.parameters.end(), holds))
      continue;
    Error error(ErrorKind::validation, in_text ? "the statement holds a zero byte"
                                               : "a text that is bound holds a zero byte, which "
                                                 "PostgreSQL cannot store");
    error.with_statement(statement.sql).at(statement.position);
    if (first) error.with_statement_index(*first + i);
    throw error.suggest(in_text ? "save the file as UTF-8 text"
                                : "bind it as sterna::Blob, to a column of type bytea");
  }
}

Value read_value(Oid type, std::string_view text) {
  switch (type) {
    case oid_bool:
      return text == "t";
    case oid_int2:
    case oid_int4:
    case oid_int8:
    case oid_oid:
      return number_of<std::int64_t>(text);
    case oid_float4:
    case oid_float8:
      return number_of<double>(text);
    case oid_bytea:
      return bytes_of(text);
    default:
      return text;
  }
}

}  // namespace sterna::postgres
