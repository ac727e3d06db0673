#include "diagram/text.hpp"

#include <cstdint>
#include <utility>

namespace sterna::diagram {
namespace {

constexpr std::string_view unreadable = "\xEF\xBF\xBD";  // U+FFFD

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// The code point at the beginning of `text` and its length; {0xFFFD, 1} for what is no UTF-8.
std::pair<std::uint32_t, std::size_t> decode(std::string_view text) {
  constexpr std::pair<std::uint32_t, std::size_t> bad{0xFFFD, 1};
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return bad;
  std::uint32_t point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return bad;
    point = point << 6U | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return bad;
  return {point, length};
}

/// East Asian wide letters and pictures, roughly (Unicode annex 11).
bool is_wide(std::uint32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
}

}  // namespace

std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (c == what)
      result += by;
    else
      result += c;
  }
  return result;
}

std::string xml(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto [point, length] = decode(text);
    const bool control = point < 0x20 && point != '\t' && point != '\n' && point != '\r';
    if (point == '&')
      result += "&amp;";
    else if (point == '<')
      result += "&lt;";
    else if (point == '>')
      result += "&gt;";
    else if (point == '"')
      result += "&quot;";
    else if (control || point == 0xFFFD || point == 0xFFFE || point == 0xFFFF)
      result += unreadable;
    else
      result += text.substr(0, length);
    text.remove_prefix(length);
  }
  return result;
}

std::string one_line(std::string_view text) {
  std::string result;
  bool gap = false;
  for (const char c : text) {
    if (is_space(c)) {
      gap = true;
      continue;
    }
    if (gap && !result.empty()) result += ' ';
    gap = false;
    result += c;
  }
  return result;
}

bool is_plain_word(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  }
  return true;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [point, length] = decode(text);
    width += is_wide(point) ? 2 : 1;
    text.remove_prefix(length);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  const std::string whole = one_line(text);
  if (display_width(whole) <= width) return whole;
  std::string_view rest = whole;
  std::string result;
  std::size_t used = 1;
  while (!rest.empty()) {
    const auto [point, length] = decode(rest);
    used += is_wide(point) ? 2 : 1;
    if (used > width) break;
    result += rest.substr(0, length);
    rest.remove_prefix(length);
  }
  return result + "…";
}

std::string number_of(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

}  // namespace sterna::diagram
