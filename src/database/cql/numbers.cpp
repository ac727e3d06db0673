#include "database/cql/numbers.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace sterna::cql {
namespace {

/// Two's complement: all bits turned around, and one more.
std::string negated(std::string bytes) {
  for (char& c : bytes) c = static_cast<char>(~c);
  for (auto at = bytes.rbegin(); at != bytes.rend(); ++at) {
    *at = static_cast<char>(static_cast<unsigned char>(*at) + 1);
    if (*at != 0) break;
  }
  return bytes;
}

}  // namespace

std::string varint_text(std::string_view bytes) {
  if (bytes.empty()) return "0";
  const bool negative = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0;
  const std::string positive = negative ? negated(std::string(bytes)) : std::string(bytes);
  constexpr std::uint64_t base = 1'000'000'000;
  std::vector<std::uint32_t> digits;  // nine decimal places each, the lowest first
  for (const char c : positive) {
    std::uint64_t carry = static_cast<unsigned char>(c);
    for (std::uint32_t& digit : digits) {
      carry += static_cast<std::uint64_t>(digit) << 8U;
      digit = static_cast<std::uint32_t>(carry % base);
      carry /= base;
    }
    if (carry > 0) digits.push_back(static_cast<std::uint32_t>(carry));
  }
  // The lowest number of a size is its own negation: its sign bit then counts as a digit.
  std::string text;
  for (std::size_t i = digits.size(); i-- > 0;) {
    std::string part = std::to_string(digits[i]);
    if (!text.empty()) part.insert(0, 9 - part.size(), '0');
    text += part;
  }
  if (text.empty()) return "0";
  std::string result(negative ? 1 : 0, '-');
  return result.append(text);
}

std::optional<std::string> varint_bytes(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::vector<std::uint8_t> bytes;  // the lowest first
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    unsigned carry = static_cast<unsigned>(c - '0');
    for (std::uint8_t& byte : bytes) {
      carry += byte * 10U;
      byte = static_cast<std::uint8_t>(carry);
      carry >>= 8U;
    }
    if (carry > 0) bytes.push_back(static_cast<std::uint8_t>(carry));
  }
  bytes.push_back(0);  // room for the sign
  std::string result(bytes.rbegin(), bytes.rend());
  if (negative) result = negated(std::move(result));
  const auto redundant = [&] {
    return result.size() > 1 &&
           ((result[0] == 0 && (result[1] & 0x80) == 0) ||
            (static_cast<unsigned char>(result[0]) == 0xFF && (result[1] & 0x80) != 0));
  };
  while (redundant()) result.erase(0, 1);
  return result;
}

std::string decimal_text(std::string_view unscaled, std::int32_t scale) {
  constexpr std::int32_t most_zeros = 100;
  std::string text = varint_text(unscaled);
  if (scale == 0) return text;
  if (scale < 0) {
    if (text == "0") return text;
    if (scale < -most_zeros) return text + "E+" + std::to_string(-static_cast<std::int64_t>(scale));
    return text + std::string(static_cast<std::size_t>(-scale), '0');
  }
  const bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  const auto places = static_cast<std::size_t>(scale);
  if (places > text.size() + most_zeros)
    return (negative ? "-" : "") + text + "E-" + std::to_string(scale);
  if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
  text.insert(text.size() - places, 1, '.');
  return (negative ? "-" : "") + text;
}

std::optional<Decimal> decimal_of(std::string_view text) {
  std::int64_t scale = 0;
  if (const std::size_t mark = text.find_first_of("eE"); mark != std::string_view::npos) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), scale);
    if (error != std::errc() || end != exponent.data() + exponent.size()) return std::nullopt;
    scale = -scale;
    text = text.substr(0, mark);
  }
  std::string digits(text);
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    scale += static_cast<std::int64_t>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  auto unscaled = varint_bytes(digits);
  if (!unscaled || scale > INT32_MAX || scale < INT32_MIN) return std::nullopt;
  return Decimal{std::move(*unscaled), static_cast<std::int32_t>(scale)};
}

}  // namespace sterna::cql
