#include "database/cql/times.hpp"

#include <sterna/value.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace sterna::cql {
namespace {

using namespace std::chrono;

constexpr std::int64_t first_day = -719162, last_day = 2932896;  // 0001-01-01 and 9999-12-31
constexpr std::int64_t day_milliseconds = 86'400'000;
constexpr std::int64_t day_nanoseconds = day_milliseconds * 1'000'000;
constexpr std::int64_t epoch_day = std::int64_t{1} << 31;

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t Duration::*part;
  std::int64_t size;
};
constexpr std::array<Unit, 11> units{{
    {"y", &Duration::months, 12},
    {"mo", &Duration::months, 1},
    {"w", &Duration::days, 7},
    {"d", &Duration::days, 1},
    {"h", &Duration::nanoseconds, 3'600'000'000'000},
    {"m", &Duration::nanoseconds, 60'000'000'000},
    {"s", &Duration::nanoseconds, 1'000'000'000},
    {"ms", &Duration::nanoseconds, 1'000'000},
    {"us", &Duration::nanoseconds, 1'000},
    {"\xC2\xB5s", &Duration::nanoseconds, 1'000},
    {"ns", &Duration::nanoseconds, 1},
}};

}  // namespace

std::string timestamp_text(std::int64_t milliseconds_) {
  if (milliseconds_ < first_day * day_milliseconds ||
      milliseconds_ >= (last_day + 1) * day_milliseconds)
    return std::to_string(milliseconds_);
  return format_timestamp(Timestamp{milliseconds{milliseconds_}});
}

std::optional<std::int64_t> timestamp_of(std::string_view text) {
  if (const auto number = whole<std::int64_t>(text)) return number;
  try {
    return floor<milliseconds>(parse_timestamp(text)).time_since_epoch().count();
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string date_text(std::uint32_t days_) {
  const std::int64_t day = static_cast<std::int64_t>(days_) - epoch_day;
  if (day < first_day || day > last_day) return std::to_string(days_);
  return timestamp_text(day * day_milliseconds).substr(0, 10);
}

std::optional<std::uint32_t> date_of(std::string_view text) {
  if (const auto number = whole<std::uint32_t>(text)) return number;
  if (text.size() != 10) return std::nullopt;
  const auto time = timestamp_of(text);
  if (!time) return std::nullopt;
  return static_cast<std::uint32_t>(*time / day_milliseconds -
                                    (*time % day_milliseconds < 0 ? 1 : 0) + epoch_day);
}

std::string time_text(std::int64_t nanoseconds_) {
  if (nanoseconds_ < 0 || nanoseconds_ >= day_nanoseconds) return std::to_string(nanoseconds_);
  char text[32];
  const std::int64_t seconds_ = nanoseconds_ / 1'000'000'000;
  std::snprintf(text, sizeof text, "%02d:%02d:%02d.%09d", static_cast<int>(seconds_ / 3600),
                static_cast<int>(seconds_ / 60 % 60), static_cast<int>(seconds_ % 60),
                static_cast<int>(nanoseconds_ % 1'000'000'000));
  return text;
}

std::optional<std::int64_t> time_of(std::string_view text) {
  if (const auto number = whole<std::int64_t>(text)) return number;
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const auto hour = whole<unsigned>(text.substr(0, 2)), minute = whole<unsigned>(text.substr(3, 2)),
             second = whole<unsigned>(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  std::int64_t fraction = 0;
  if (text.size() > 8) {
    std::string digits(text.substr(9));
    if (text[8] != '.' || digits.empty() || digits.size() > 9) return std::nullopt;
    digits.resize(9, '0');
    const auto number = whole<std::uint32_t>(digits);
    if (!number) return std::nullopt;
    fraction = *number;
  }
  return (std::int64_t{*hour} * 3600 + *minute * 60 + *second) * 1'000'000'000 + fraction;
}

std::string duration_text(const Duration& duration) {
  const bool negative = duration.months < 0 || duration.days < 0 || duration.nanoseconds < 0;
  std::string text;
  const auto part = [&](std::int64_t& rest, std::uint64_t size, std::string_view unit) {
    const std::uint64_t positive = rest < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(rest)
                                            : static_cast<std::uint64_t>(rest);
    if (positive / size == 0) return;
    text += std::to_string(positive / size);
    text += unit;
    rest = static_cast<std::int64_t>(positive % size);
  };
  Duration rest = duration;
  part(rest.months, 12, "y");
  part(rest.months, 1, "mo");
  part(rest.days, 1, "d");
  for (const Unit& unit : units) {
    if (unit.part == &Duration::nanoseconds && unit.name[0] != '\xC2')
      part(rest.nanoseconds, static_cast<std::uint64_t>(unit.size), unit.name);
  }
  if (text.empty()) return "0s";
  return negative ? "-" + text : text;
}

std::optional<Duration> duration_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  Duration result;
  while (!text.empty()) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const auto number = whole<std::int64_t>(text.substr(0, digits));
    if (!number) return std::nullopt;
    text.remove_prefix(digits);
    std::size_t letters = 0;
    while (letters < text.size() && (text[letters] < '0' || text[letters] > '9')) ++letters;
    const std::string_view name = text.substr(0, letters);
    const auto* unit = units.begin();
    while (unit != units.end() && unit->name != name) ++unit;
    std::int64_t product = 0;
    if (unit == units.end() || __builtin_mul_overflow(*number, unit->size, &product) ||
        __builtin_add_overflow(result.*unit->part, product, &(result.*unit->part)))
      return std::nullopt;
    text.remove_prefix(letters);
  }
  if (negative) {
    result.months = -result.months;
    result.days = -result.days;
    result.nanoseconds = -result.nanoseconds;
  }
  return result;
}

}  // namespace sterna::cql
