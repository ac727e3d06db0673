#include "base/text.hpp"
#include "database/cql/numbers.hpp"
#include "database/cql/times.hpp"
#include "database/cql/value_text.hpp"
#include "database/cql/values.hpp"

#include <bit>
#include <charconv>
#include <cmath>

namespace sterna::cql {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result += '\'';
}

std::string literal(const ValueType& type, std::optional<std::string_view> bytes);

std::string elements(const ValueType& type, std::string_view bytes, char open, char close) {
  ByteReader reader(bytes);
  std::string text(1, open);
  const std::int32_t count = reader.int_number();
  for (std::int32_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += literal(type.parts.at(0), reader.bytes());
    if (type.kind == Kind::map) text += ": " + literal(type.parts.at(1), reader.bytes());
  }
  return text += close;
}

std::string fields(const ValueType& type, std::string_view bytes) {
  const bool named = type.kind == Kind::user_type;
  ByteReader reader(bytes);
  std::string text(1, named ? '{' : '(');
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    // A field that was added to the type later is missing from older values.
    const auto field = reader.left() > 0 ? reader.bytes() : std::nullopt;
    if (i > 0) text += ", ";
    if (named) text += type.fields[i] + ": ";
    text += literal(type.parts[i], field);
  }
  return text += named ? '}' : ')';
}

std::string vector_text(const ValueType& type, std::string_view bytes) {
  const ValueType& element = type.parts.at(0);
  const auto size = fixed_size(element);
  ByteReader reader(bytes);
  std::string text = "[";
  for (std::size_t i = 0; i < type.dimension; ++i) {
    if (i > 0) text += ", ";
    text += literal(element, reader.take(size ? *size : reader.vint()));
  }
  return text += "]";
}

void expect_size(const ValueType& type, std::string_view bytes, std::size_t size) {
  if (bytes.size() != size)
    malformed("a value of the type " + to_string(type) + " has " + std::to_string(bytes.size()) +
              " bytes");
}

Value scalar(const ValueType& type, std::string_view bytes) {
  ByteReader reader(bytes);
  switch (type.kind) {
    case Kind::bigint:
    case Kind::counter:
      expect_size(type, bytes, 8);
      return reader.long_number();
    case Kind::int_:
      expect_size(type, bytes, 4);
      return reader.int_number();
    case Kind::smallint:
      expect_size(type, bytes, 2);
      return static_cast<std::int16_t>(reader.short_number());
    case Kind::tinyint:
      expect_size(type, bytes, 1);
      return static_cast<std::int8_t>(reader.byte());
    case Kind::boolean:
      expect_size(type, bytes, 1);
      return reader.byte() != 0;
    case Kind::double_:
      expect_size(type, bytes, 8);
      return std::bit_cast<double>(reader.long_number());
    case Kind::float_: {
      expect_size(type, bytes, 4);
      // The nearest double to what is printed, so that 1.1 stays 1.1.
      const std::string text = float_text(std::bit_cast<float>(reader.int_number()));
      double value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return text == "NaN" ? std::nan("") : value;
    }
    case Kind::timestamp:
      expect_size(type, bytes, 8);
      return timestamp_text(reader.long_number());
    case Kind::date:
      expect_size(type, bytes, 4);
      return date_text(static_cast<std::uint32_t>(reader.int_number()));
    case Kind::time:
      expect_size(type, bytes, 8);
      return time_text(reader.long_number());
    case Kind::duration: {
      Duration duration;
      duration.months = unzigzag(reader.vint());
      duration.days = unzigzag(reader.vint());
      duration.nanoseconds = unzigzag(reader.vint());
      return duration_text(duration);
    }
    case Kind::uuid:
    case Kind::timeuuid:
      expect_size(type, bytes, 16);
      return uuid_text(bytes);
    case Kind::inet:
      return address_text(bytes);
    case Kind::varint:
      return varint_text(bytes);
    case Kind::decimal: {
      const std::int32_t scale = reader.int_number();
      return decimal_text(reader.take(reader.left()), scale);
    }
    case Kind::ascii:
    case Kind::text:
      return std::string(bytes);
    default:
      return Blob{std::string(bytes)};
  }
}

std::string literal(const ValueType& type, std::optional<std::string_view> bytes) {
  if (!bytes) return "null";
  const Value value = read_value(type, bytes);
  if (value.is_null()) return "null";
  switch (type.kind) {
    case Kind::ascii:
    case Kind::text:
    case Kind::timestamp:
    case Kind::date:
    case Kind::time:
    case Kind::inet:
      return quoted(convert<std::string>(value));
    case Kind::float_:
      return float_text(std::bit_cast<float>(ByteReader(*bytes).int_number()));
    case Kind::double_:
      return float_text(convert<double>(value));
    case Kind::blob:
    case Kind::custom:
      return "0x" + hex(*bytes);
    default:
      return detail::to_text(value, {});
  }
}

}  // namespace

Value read_value(const ValueType& type, std::optional<std::string_view> bytes) {
  if (!bytes) return {};
  switch (type.kind) {
    case Kind::list:
    case Kind::set:
    case Kind::map: {
      const bool list = type.kind == Kind::list;
      return elements(type, *bytes, list ? '[' : '{', list ? ']' : '}');
    }
    case Kind::tuple:
    case Kind::user_type:
      return fields(type, *bytes);
    case Kind::vector:
      return vector_text(type, *bytes);
    default:
      break;
  }
  // An empty value that is not null, left by old clients: nothing but text and blob can hold it.
  const bool holds_empty = type.kind == Kind::ascii || type.kind == Kind::text ||
                           type.kind == Kind::blob || type.kind == Kind::custom;
  if (bytes->empty() && !holds_empty) return {};
  return scalar(type, *bytes);
}

}  // namespace sterna::cql
