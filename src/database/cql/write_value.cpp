#include "base/text.hpp"
#include "database/cql/numbers.hpp"
#include "database/cql/times.hpp"
#include "database/cql/value_text.hpp"
#include "database/cql/values.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace sterna::cql {
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
