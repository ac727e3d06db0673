#include "base/file.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"
#include "sql/splitter.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Numbers are stored with and without leading zeros.
bool same_key(std::string_view a, std::string_view b) {
  const auto digits = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  };
  return a == b || (digits(a) && digits(b) && !less_by_number(a, b) && !less_by_number(b, a));
}

/// Where a run of digits without its leading zeros begins and ends.
std::string_view number_at(std::string_view text, std::size_t& at) {
  while (at < text.size() && text[at] == '0') ++at;
  const std::size_t start = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(start, at - start);
}

}  // namespace

const ForeignMigration* find_key(const ForeignProject& project, std::string_view key) {
  const auto found = std::find_if(project.migrations.begin(), project.migrations.end(),
                                  [&](const auto& one) { return same_key(one.key, key); });
  return found == project.migrations.end() ? nullptr : &*found;
}

void check_unchanged(std::string_view tool, const ForeignProject& project, std::string_view key,
                     std::string_view checksum, std::string_view remedy) {
  const ForeignMigration* migration = find_key(project, key);
  if (migration == nullptr || checksum.empty() || migration->checksum.empty() ||
      migration->checksum == checksum)
    return;
  refuse_history(tool, fmt::format("{} was edited after it was applied", migration->file), remedy);
}

void mark_keys(ForeignProject& project, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    bool found = false;
    for (ForeignMigration& migration : project.migrations) {
      if (!same_key(migration.key, key) && migration.file != key) continue;
      migration.applied = found = true;
    }
    if (!found)
      project.notes.push_back(fmt::format(
          "{} is applied, but there is no file for it: its place in the history is lost", key));
  }
}

void refuse_history(std::string_view tool, std::string_view what, std::string_view remedy) {
  throw Error(ErrorKind::refused, fmt::format("{}'s history says that {}", tool, what))
      .with_state("nothing was written")
      .suggest(std::string(remedy));
}

bool is_true(std::string_view text) {
  return text == "1" || text == "t" || text == "true" || text == "TRUE";
}

std::optional<LeadingDigits> leading_digits(std::string_view text) {
  std::size_t end = 0, at = 0;
  while (at < text.size() && is_digit(text[at])) {
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at < text.size() && text[at] != '_' && text[at] != '-' && text[at] != '.') break;
    end = at;
    if (at < text.size()) ++at;
  }
  if (end == 0) return std::nullopt;
  LeadingDigits result{std::string(text.substr(0, end)),
                       std::string(end < text.size() ? text.substr(end + 1) : std::string_view())};
  for (char& c : result.digits) {
    if (!is_digit(c)) c = '_';
  }
  return result;
}

bool less_by_number(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string_view x = number_at(a, i), y = number_at(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  return a.size() - i < b.size() - j;
}

std::vector<std::string> files_by_number(const std::filesystem::path& folder) {
  std::vector<std::string> names = list_files(folder);
  std::stable_sort(names.begin(), names.end(), less_by_number);
  return names;
}

std::vector<std::string> folders_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  if (failure)
    throw Error(ErrorKind::config,
                fmt::format("cannot read the folder {}: {}", folder.string(), failure.message()));
  std::sort(names.begin(), names.end());
  return names;
}

bool strip_transaction(std::string& text, Language language, const std::string& file) {
  const std::vector<Statement> statements = split_statements(text, language, file);
  if (statements.size() < 2) return true;
  const auto is = [](const Statement& statement, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return equals_ignoring_case(statement.sql, word);
    });
  };
  if (!is(statements.front(), {"BEGIN", "BEGIN TRANSACTION", "START TRANSACTION"}) ||
      !is(statements.back(), {"COMMIT", "COMMIT TRANSACTION", "END"}))
    return false;
  const auto behind = [&](std::size_t at) {
    return std::min(text.find(';', at), text.size() - 1) + 1;
  };
  const std::size_t begin = text.find(statements.front().sql),
                    commit = text.rfind(statements.back().sql);
  text = text.substr(0, begin) + text.substr(behind(begin), commit - behind(begin)) +
         text.substr(behind(commit));
  return true;
}

std::string without_lines(std::string_view text, bool (*drop)(std::string_view line)) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, end - at);
    if (!drop(trim(line))) out += line;
    at = end;
  }
  return out;
}

}  // namespace sterna::detail
