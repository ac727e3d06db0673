#include "database/cql/value_text.hpp"

#include <charconv>
#include <cmath>

namespace sterna::cql {

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

namespace {

template <class Float>
std::string text_of(Float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}

}  // namespace

std::string float_text(float value) { return text_of(value); }
std::string float_text(double value) { return text_of(value); }

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}
std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}

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

}  // namespace sterna::cql
