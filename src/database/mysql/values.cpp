#include "database/mysql/values.hpp"

#include <charconv>

namespace sterna::mysql {

bool is_binary(const MYSQL_FIELD& field) {
  constexpr unsigned binary_charset = 63;
  const bool bytes = field.type == MYSQL_TYPE_BLOB || field.type == MYSQL_TYPE_TINY_BLOB ||
                     field.type == MYSQL_TYPE_MEDIUM_BLOB || field.type == MYSQL_TYPE_LONG_BLOB ||
                     field.type == MYSQL_TYPE_STRING || field.type == MYSQL_TYPE_VAR_STRING ||
                     field.type == MYSQL_TYPE_GEOMETRY;
  return bytes && field.charsetnr == binary_charset;
}

Value read_value(const MYSQL_FIELD& field, std::string_view text) {
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc()) return number;
      return text;  // an unsigned value beyond int64
    }
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: {
      double number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case MYSQL_TYPE_BIT: {
      std::int64_t number = 0;
      for (const char c : text) number = number * 256 + static_cast<unsigned char>(c);
      return number;
    }
    default:
      break;
  }
  if (is_binary(field)) return Blob{std::string(text)};
  return text;
}

}  // namespace sterna::mysql
