#include "database/cql/values.hpp"

#include "base/text.hpp"
#include "database/cql/numbers.hpp"
#include "database/cql/times.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace sterna::cql {
namespace {

// Zigzag, as durations have it (native_protocol_v5.spec, section 6, "duration").
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

std::string hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

std::optional<std::string> unhex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(&text[i], text.data() + i + 2, value, 16);
    if (error != std::errc() || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string uuid_text(std::string_view bytes) {
  std::string text = hex(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, "-");
  return text;
}

std::optional<std::string> uuid_bytes(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (!dash) digits += text[i];
  }
  return unhex(digits);
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += c;
    result += c;
  }
  return result += '\'';
}

template <class Float>
std::string float_text(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}

/// The number of bytes of each value of a type; nothing where they differ (VectorType of
/// Cassandra: valueLengthIfFixed).
std::optional<std::size_t> fixed_size(const ValueType& type) {
  switch (type.kind) {
    case Kind::boolean:
      return 1;
    case Kind::int_:
    case Kind::float_:
      return 4;
    case Kind::bigint:
    case Kind::counter:
    case Kind::double_:
    case Kind::timestamp:
      return 8;
    case Kind::uuid:
    case Kind::timeuuid:
      return 16;
    case Kind::vector:
      if (const auto size = fixed_size(type.parts.at(0))) return *size * type.dimension;
      return std::nullopt;
    default:
      return std::nullopt;
  }
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

namespace {

/// What is written where a value stands; carried to the error.
class Writer {
 public:
  explicit Writer(std::string_view place) : place_(place) {}

  std::string of_text(const ValueType& type, std::string_view text) const {
    switch (type.kind) {
      case Kind::list:
      case Kind::set:
      case Kind::map:
      case Kind::tuple:
      case Kind::user_type:
      case Kind::vector: {
        std::string_view rest = text;
        std::string bytes = structured(type, rest, 0);
        skip(rest);
        if (!rest.empty()) mismatch(type, text);
        return bytes;
      }
      default:
        return scalar_text(type, text);
    }
  }

  std::string of_integer(const ValueType& type, std::int64_t value) const {
    ByteWriter writer;
    switch (type.kind) {
      case Kind::bigint:
      case Kind::counter:
      case Kind::timestamp:
      case Kind::time:
        writer.long_number(value);
        return writer.release();
      case Kind::int_:
        return small<std::int32_t>(type, value, 4);
      case Kind::smallint:
        return small<std::int16_t>(type, value, 2);
      case Kind::tinyint:
        return small<std::int8_t>(type, value, 1);
      case Kind::boolean:
        if (value == 0 || value == 1) return std::string(1, static_cast<char>(value));
        mismatch(type, std::to_string(value));
      default:
        return scalar_text(type, std::to_string(value));
    }
  }

  std::string of_double(const ValueType& type, double value) const {
    ByteWriter writer;
    if (type.kind == Kind::double_) {
      writer.long_number(std::bit_cast<std::int64_t>(value));
      return writer.release();
    }
    if (type.kind == Kind::float_) {
      writer.int_number(std::bit_cast<std::int32_t>(static_cast<float>(value)));
      return writer.release();
    }
    // A whole number stands for itself in a column of whole numbers.
    constexpr double exact = 9007199254740992.0;
    if (std::nearbyint(value) == value && std::fabs(value) < exact)
      return of_integer(type, static_cast<std::int64_t>(value));
    return scalar_text(type, float_text(value));
  }

  [[noreturn]] void mismatch(const ValueType& type, std::string_view text) const {
    throw Error(ErrorKind::data, "'" + std::string(text.substr(0, 80)) + "' is no " +
                                     to_string(type) + ", the type of " + std::string(place_));
  }

 private:
  template <class Small>
  std::string small(const ValueType& type, std::int64_t value, std::size_t size) const {
    if (static_cast<Small>(value) != value) mismatch(type, std::to_string(value));
    ByteWriter writer;
    writer.long_number(value);
    return writer.text().substr(8 - size);
  }

  std::string scalar_text(const ValueType& type, std::string_view text) const {
    const auto given = [&](const auto& value) {
      if (!value) mismatch(type, text);
      return *value;
    };
    ByteWriter writer;
    switch (type.kind) {
      case Kind::ascii:
      case Kind::text:
        return std::string(text);
      case Kind::blob:
      case Kind::custom:
        return text.starts_with("0x") ? given(unhex(text.substr(2))) : std::string(text);
      case Kind::boolean:
        if (equals_ignoring_case(text, "true")) return std::string(1, 1);
        if (equals_ignoring_case(text, "false")) return std::string(1, 0);
        mismatch(type, text);
      case Kind::bigint:
      case Kind::counter:
      case Kind::int_:
      case Kind::smallint:
      case Kind::tinyint: {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || error != std::errc() || end != text.data() + text.size())
          mismatch(type, text);
        return of_integer(type, value);
      }
      case Kind::double_:
      case Kind::float_: {
        double value = 0;
        if (text == "NaN") return of_double(type, std::nan(""));
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || error != std::errc() || end != text.data() + text.size())
          mismatch(type, text);
        return of_double(type, value);
      }
      case Kind::varint:
        return given(varint_bytes(text));
      case Kind::decimal: {
        const Decimal decimal = given(decimal_of(text));
        writer.int_number(decimal.scale);
        writer.raw(decimal.unscaled);
        return writer.release();
      }
      case Kind::uuid:
      case Kind::timeuuid:
        return given(uuid_bytes(text));
      case Kind::inet:
        return given(address_bytes(std::string(text)));
      case Kind::timestamp:
        writer.long_number(given(timestamp_of(text)));
        return writer.release();
      case Kind::date:
        writer.int_number(given(date_of(text)));
        return writer.release();
      case Kind::time:
        writer.long_number(given(time_of(text)));
        return writer.release();
      case Kind::duration: {
        const Duration duration = given(duration_of(text));
        for (const std::int64_t part : {duration.months, duration.days, duration.nanoseconds})
          writer.vint(zigzag(part));
        return writer.release();
      }
      default:
        mismatch(type, text);
    }
  }

  static void skip(std::string_view& text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\t'))
      text.remove_prefix(1);
  }
  static bool accept(std::string_view& text, char c) {
    skip(text);
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
  }

  /// A word, or what stands between quotes.
  static std::string token(std::string_view& text) {
    skip(text);
    std::string result;
    if (text.starts_with('\'') || text.starts_with('"')) {
      const char quote = text.front();
      text.remove_prefix(1);
      while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == quote && !text.starts_with(quote)) break;
        if (c == quote) text.remove_prefix(1);
        result += c;
      }
      return result;
    }
    const std::size_t end = std::min(text.find_first_of(",:)]} \n\t"), text.size());
    result = std::string(text.substr(0, end));
    text.remove_prefix(end);
    return result;
  }

  std::optional<std::string> element(const ValueType& type, std::string_view& text,
                                     int depth) const {
    skip(text);
    if (equals_ignoring_case(text.substr(0, 4), "null") &&
        (text.size() == 4 || std::string_view(",:)]} ").find(text[4]) != std::string_view::npos)) {
      text.remove_prefix(4);
      return std::nullopt;
    }
    if (!type.parts.empty()) return structured(type, text, depth + 1);
    const bool time = text.starts_with('\'');
    std::string word = token(text);
    if (type.kind == Kind::time && !time) word += rest_of_time(text);
    return scalar_text(type, word);
  }

  /// The colons of a bare time are its own.
  static std::string rest_of_time(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_of(",)]} "), text.size());
    std::string result(text.substr(0, end));
    text.remove_prefix(end);
    return result;
  }

  std::string structured(const ValueType& type, std::string_view& text, int depth) const {
    constexpr int most_nested = 32;
    const std::string_view whole = text;
    const bool brackets = type.kind == Kind::list || type.kind == Kind::vector;
    const bool braces =
        type.kind == Kind::set || type.kind == Kind::map || type.kind == Kind::user_type;
    const char open = brackets ? '[' : braces ? '{' : '(';
    const char close = brackets ? ']' : braces ? '}' : ')';
    if (depth > most_nested || !accept(text, open)) mismatch(type, whole);
    std::vector<std::optional<std::string>> values(type.kind == Kind::user_type ? type.parts.size()
                                                                                : 0);
    std::size_t count = 0;
    while (!accept(text, close)) {
      if (count > 0 && !accept(text, ',')) mismatch(type, whole);
      if (type.kind == Kind::user_type) {
        const std::string name = token(text);
        const auto found = std::find(type.fields.begin(), type.fields.end(), name);
        if (found == type.fields.end() || !accept(text, ':')) mismatch(type, whole);
        const auto index = static_cast<std::size_t>(found - type.fields.begin());
        values[index] = element(type.parts[index], text, depth);
      } else if (type.kind == Kind::tuple) {
        if (count >= type.parts.size()) mismatch(type, whole);
        values.push_back(element(type.parts[count], text, depth));
      } else {
        values.push_back(element(type.parts.at(0), text, depth));
        if (type.kind == Kind::map) {
          if (!accept(text, ':')) mismatch(type, whole);
          values.push_back(element(type.parts.at(1), text, depth));
        }
      }
      ++count;
    }
    if (type.kind == Kind::vector && count != type.dimension) mismatch(type, whole);
    return joined(type, values, count, whole);
  }

  std::string joined(const ValueType& type, const std::vector<std::optional<std::string>>& values,
                     std::size_t count, std::string_view whole) const {
    ByteWriter writer;
    const bool counted =
        type.kind == Kind::list || type.kind == Kind::set || type.kind == Kind::map;
    if (counted) writer.int_number(static_cast<std::int64_t>(count));
    for (const auto& value : values) {
      if (type.kind != Kind::vector) {
        writer.bytes(value);
        continue;
      }
      if (!value) mismatch(type, whole);
      if (!fixed_size(type.parts.at(0))) writer.vint(value->size());
      writer.raw(*value);
    }
    return writer.release();
  }

  std::string_view place_;
};

}  // namespace

std::optional<std::string> write_value(const ValueType& type, const Value& value,
                                       std::string_view place) {
  struct Visitor {
    const ValueType& type;
    Writer writer;
    std::optional<std::string> operator()(std::monostate) const { return std::nullopt; }
    std::optional<std::string> operator()(bool v) const {
      if (type.kind == Kind::boolean) return std::string(1, v ? 1 : 0);
      return writer.of_text(type, v ? "true" : "false");
    }
    std::optional<std::string> operator()(std::int64_t v) const {
      return writer.of_integer(type, v);
    }
    std::optional<std::string> operator()(double v) const { return writer.of_double(type, v); }
    std::optional<std::string> operator()(const std::string& v) const {
      return writer.of_text(type, v);
    }
    std::optional<std::string> operator()(const Blob& v) const {
      if (type.kind == Kind::blob || type.kind == Kind::custom) return v.bytes;
      writer.mismatch(type, "binary data");
    }
  };
  return std::visit(Visitor{type, Writer(place)}, value.storage());
}

}  // namespace sterna::cql
