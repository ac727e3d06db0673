#include <sterna/value.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>

namespace sterna {
namespace {

using namespace std::chrono;

[[noreturn]] void mismatch(const char* wanted, std::string_view column, const std::string& found) {
  std::string message =
      column.empty() ? std::string("a value") : "column '" + std::string(column) + "'";
  throw Error(ErrorKind::data, message + " holds " + found + ", which is no " + wanted);
}

std::string shown(const Value& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const { return detail::to_text(Value(v), {}); }
    std::string operator()(const std::string& v) const { return "'" + v.substr(0, 80) + "'"; }
    std::string operator()(const Blob& v) const {
      return std::to_string(v.bytes.size()) + " bytes";
    }
  };
  return std::visit(Visitor{}, value.storage());
}

/// Reads exactly `count` digits at `at`.
bool digits(std::string_view text, std::size_t& at, std::size_t count, int& out) {
  if (at + count > text.size()) return false;
  out = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[at + i];
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  at += count;
  return true;
}

bool character(std::string_view text, std::size_t& at, char expected) {
  if (at >= text.size() || text[at] != expected) return false;
  ++at;
  return true;
}

std::optional<Timestamp> read_timestamp(std::string_view text) {
  std::size_t at = 0;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0;
  if (!digits(text, at, 4, y) || !character(text, at, '-') || !digits(text, at, 2, mo) ||
      !character(text, at, '-') || !digits(text, at, 2, d))
    return {};
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return {};
  std::int64_t micros = 0;
  int offset_minutes = 0;
  if (at < text.size()) {
    if (!character(text, at, ' ') && !character(text, at, 'T')) return {};
    if (!digits(text, at, 2, h) || !character(text, at, ':') || !digits(text, at, 2, mi)) return {};
    if (character(text, at, ':') && !digits(text, at, 2, s)) return {};
    if (character(text, at, '.')) {
      std::int64_t scale = 100'000;
      const std::size_t start = at;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
        micros += (text[at] - '0') * scale;
      if (at == start) return {};
    }
    if (at < text.size() && !character(text, at, 'Z')) {
      const int sign = text[at] == '-' ? -1 : text[at] == '+' ? 1 : 0;
      int oh = 0, om = 0;
      if (sign == 0 || !digits(text, ++at, 2, oh)) return {};
      const bool colon = character(text, at, ':');
      if ((colon || at < text.size()) && !digits(text, at, 2, om)) return {};
      if (oh > 23 || om > 59) return {};
      offset_minutes = sign * (oh * 60 + om);
    }
  }
  if (at != text.size() || h > 23 || mi > 59 || s > 60) return {};
  return Timestamp{sys_days{date} + hours{h} + minutes{mi - offset_minutes} + seconds{s}} +
         microseconds{micros};
}

}  // namespace

std::string format_timestamp(Timestamp time) {
  const auto day_point = floor<days>(time);
  const year_month_day date{day_point};
  const hh_mm_ss clock{time - day_point};
  char text[48];
  std::snprintf(
      text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%06d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

Timestamp parse_timestamp(std::string_view text) {
  if (const auto time = read_timestamp(text)) return *time;
  throw Error(ErrorKind::data, "'" + std::string(text) + "' is no timestamp");
}

namespace detail {

bool to_bool(const Value& value, std::string_view column) {
  if (const auto* v = std::get_if<bool>(&value.storage())) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&value.storage());
      v != nullptr && (*v == 0 || *v == 1))
    return *v == 1;
  if (const auto* v = std::get_if<std::string>(&value.storage())) {
    if (*v == "t" || *v == "true" || *v == "1") return true;
    if (*v == "f" || *v == "false" || *v == "0") return false;
  }
  mismatch("boolean", column, shown(value));
}

std::int64_t to_integer(const Value& value, std::string_view column) {
  if (const auto* v = std::get_if<std::int64_t>(&value.storage())) return *v;
  if (const auto* v = std::get_if<bool>(&value.storage())) return *v ? 1 : 0;
  if (const auto* v = std::get_if<std::string>(&value.storage())) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(v->data(), v->data() + v->size(), number);
    if (error == std::errc() && end == v->data() + v->size() && !v->empty()) return number;
  }
  if (const auto* v = std::get_if<double>(&value.storage());
      v != nullptr && std::nearbyint(*v) == *v && std::fabs(*v) < 9.0e15) {
    return static_cast<std::int64_t>(*v);
  }
  mismatch("integer", column, shown(value));
}

double to_double(const Value& value, std::string_view column) {
  if (const auto* v = std::get_if<double>(&value.storage())) return *v;
  if (const auto* v = std::get_if<std::int64_t>(&value.storage())) return static_cast<double>(*v);
  if (const auto* v = std::get_if<std::string>(&value.storage())) {
    double number = 0;
    const auto [end, error] = std::from_chars(v->data(), v->data() + v->size(), number);
    if (error == std::errc() && end == v->data() + v->size() && !v->empty()) return number;
  }
  mismatch("number", column, shown(value));
}

std::string to_text(const Value& value, std::string_view column) {
  struct Visitor {
    std::string_view column;
    std::string operator()(std::monostate) const {
      mismatch("text (read it as std::optional)", column, "NULL");
    }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
      char buffer[64];
      const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, v);
      return std::string(buffer, end);
    }
    std::string operator()(const std::string& v) const { return v; }
    std::string operator()(const Blob& v) const { return v.bytes; }
  };
  return std::visit(Visitor{column}, value.storage());
}

Blob to_blob(const Value& value, std::string_view column) {
  if (const auto* v = std::get_if<Blob>(&value.storage())) return *v;
  if (const auto* v = std::get_if<std::string>(&value.storage())) return Blob{*v};
  mismatch("binary value", column, shown(value));
}

void integer_out_of_range(std::int64_t value, std::string_view column) {
  mismatch("integer of the wanted size", column, std::to_string(value));
}

}  // namespace detail

bool Row::has(std::string_view column) const noexcept {
  for (const std::string& name : *columns_) {
    if (name == column) return true;
  }
  return false;
}

const Value& Row::operator[](std::string_view column) const {
  for (std::size_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i] == column) return values_[i];
  }
  std::string known;
  for (const std::string& name : *columns_) known += (known.empty() ? "" : ", ") + name;
  throw Error(ErrorKind::data,
              "the row has no column '" + std::string(column) + "'; it has " + known);
}

const Value& Row::operator[](std::size_t index) const {
  if (index >= values_.size()) {
    throw Error(ErrorKind::data, "the row has " + std::to_string(values_.size()) +
                                     " columns; column " + std::to_string(index) +
                                     " was asked for");
  }
  return values_[index];
}

}  // namespace sterna
