#include "base/text.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace sterna {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min(
          {row[j] + 1, row[j - 1] + 1, diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string to_upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), upper);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string to_snake_case(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!is_letter(c) && !is_digit(c)) {
      if (!result.empty() && result.back() != '_') result += '_';
      continue;
    }
    const bool upper_case = c >= 'A' && c <= 'Z';
    const bool after_lower =
        i > 0 && ((text[i - 1] >= 'a' && text[i - 1] <= 'z') || is_digit(text[i - 1]));
    const bool ends_acronym = i > 0 && i + 1 < text.size() && text[i - 1] >= 'A' &&
                              text[i - 1] <= 'Z' && text[i + 1] >= 'a' && text[i + 1] <= 'z';
    if (upper_case && (after_lower || ends_acronym) && !result.empty() && result.back() != '_')
      result += '_';
    result += lower(c);
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  return result;
}

bool holds_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  const auto inside = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !inside(text[at - 1])) && (end == text.size() || !inside(text[end])))
      return true;
  }
  return false;
}

std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates,
                                     std::size_t most) {
  std::vector<std::pair<std::size_t, std::string>> near;
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance <= limit) near.emplace_back(distance, candidate);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> result;
  for (auto& [distance, candidate] : near) {
    if (result.size() < most && std::find(result.begin(), result.end(), candidate) == result.end())
      result.push_back(std::move(candidate));
  }
  return result;
}

std::string format_duration(double seconds) {
  // Rounded before the unit is chosen: 59.97 s is a minute, not "60.0 s".
  char text[64];
  const double micros = std::max(0.0, std::round(seconds * 1e6));
  const double millis = std::round(seconds * 1e3), tenths = std::round(seconds * 10);
  if (micros < 1000) {
    std::snprintf(text, sizeof text, "%.0f µs", micros);
  } else if (millis < 1000) {
    std::snprintf(text, sizeof text, "%.0f ms", millis);
  } else if (tenths < 600) {
    std::snprintf(text, sizeof text, "%.1f s", tenths / 10);
  } else {
    const auto whole = static_cast<long long>(std::min(std::round(seconds), 9e18));
    if (whole < 3600)
      std::snprintf(text, sizeof text, "%lld min %lld s", whole / 60, whole % 60);
    else
      std::snprintf(text, sizeof text, "%lld h %lld min", whole / 3600, whole / 60 % 60);
  }
  return text;
}

double parse_duration(std::string_view text) {
  const std::string_view whole = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), number);
  const std::string_view unit =
      error == std::errc() ? trim(whole.substr(static_cast<std::size_t>(end - whole.data())))
                           : std::string_view("?");
  const double factor = unit.empty() || unit == "s"    ? 1
                        : unit == "ms"                 ? 0.001
                        : unit == "m" || unit == "min" ? 60
                        : unit == "h"                  ? 3600
                                                       : 0;
  if (factor == 0 || !(number >= 0) || number > 1e9) {
    throw Error(ErrorKind::validation, "'" + std::string(text) + "' is no duration")
        .suggest("write 500ms, 5s, 2m or 1h");
  }
  return number * factor;
}

}  // namespace sterna
