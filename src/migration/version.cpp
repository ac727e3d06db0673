#include "migration/version.hpp"

#include <sterna/error.hpp>

#include <algorithm>

namespace sterna {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string without_leading_zeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

/// Compares two numbers written without leading zeros.
int compare_numbers(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

bool ends_with(std::string_view text, std::string_view suffix) { return text.ends_with(suffix); }

}  // namespace

Version::Version(std::string_view text) : text_(text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_digit(text[i])) continue;
    if (i == start || (i < text.size() && text[i] != '_')) {
      throw Error(ErrorKind::validation,
                  "'" + text_ + "' is no version: digits and single underscores are expected")
          .suggest("name it like 20260115143022, 2026_01_15_143022, 20260115_001 or 001");
    }
    parts.push_back(text.substr(start, i - start));
    start = i + 1;
  }
  const bool dated =
      parts.size() >= 3 && parts[0].size() == 4 && parts[1].size() == 2 && parts[2].size() == 2;
  if (dated) {
    std::string joined;
    for (std::string_view part : parts) joined += part;
    groups_.push_back(without_leading_zeros(joined));
  } else {
    for (std::string_view part : parts) groups_.push_back(without_leading_zeros(part));
  }
}

bool operator<(const Version& a, const Version& b) noexcept {
  const std::size_t common = std::min(a.groups_.size(), b.groups_.size());
  for (std::size_t i = 0; i < common; ++i) {
    const int order = compare_numbers(a.groups_[i], b.groups_[i]);
    if (order != 0) return order < 0;
  }
  return a.groups_.size() < b.groups_.size();
}

bool parse_migration_id(std::string_view id, MigrationId& out) {
  std::size_t end = 0;  // end of the version so far
  std::size_t at = 0;
  while (at < id.size() && is_digit(id[at])) {
    std::size_t stop = at;
    while (stop < id.size() && is_digit(id[stop])) ++stop;
    if (stop < id.size() && id[stop] != '_') break;  // "2fa" is a word of the name
    end = stop;
    at = stop + 1;
  }
  if (end == 0) return false;
  out.version = std::string(id.substr(0, end));
  out.name = end < id.size() ? std::string(id.substr(end + 1)) : std::string();
  return true;
}

bool parse_file_name(std::string_view file_name, MigrationFileName& out) {
  using Part = MigrationFileName::Part;
  struct Ending {
    std::string_view text;
    Part part;
  };
  static constexpr Ending endings[] = {
      {".up.sql", Part::up}, {".down.sql", Part::down}, {".sql", Part::both}, {".cpp", Part::cpp},
      {".up.cql", Part::up}, {".down.cql", Part::down}, {".cql", Part::both}};
  for (const Ending& ending : endings) {
    if (!ends_with(file_name, ending.text)) continue;
    out.part = ending.part;
    return parse_migration_id(file_name.substr(0, file_name.size() - ending.text.size()), out.id);
  }
  return false;
}

}  // namespace sterna
