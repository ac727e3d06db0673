#include "migration/sum.hpp"

#include "base/text.hpp"
#include "migration/source.hpp"

#include <map>

namespace sterna {
namespace {

constexpr std::string_view header =
    "# sterna.sum 1: checksums of the migrations; written by `sterna new` and `sterna hash`\n";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t start = line.find_first_not_of(' ');
    if (start == std::string_view::npos) break;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::string dash_if_empty(const std::string& text) { return text.empty() ? "-" : text; }
std::string empty_if_dash(std::string_view text) {
  return text == "-" ? std::string() : std::string(text);
}

}  // namespace

std::vector<SumLine> parse_sum(std::string_view text, std::string_view file) {
  std::vector<SumLine> lines;
  std::map<std::string, int> seen;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const SourcePosition position{std::string(file), number, 1};
    if (line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>")) {
      throw Error(ErrorKind::validation, "sterna.sum holds a merge conflict")
          .at(position)
          .suggest(
              "decide the order of the migrations of both branches (give the later one a newer "
              "version), then run `sterna hash`");
    }
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() != 4) {
      throw Error(ErrorKind::validation,
                  "malformed line; expected: version name hash-of-up hash-of-down")
          .at(position)
          .suggest("run `sterna hash` to write the file anew");
    }
    SumLine entry{std::string(words[0]), empty_if_dash(words[1]), empty_if_dash(words[2]),
                  empty_if_dash(words[3]), number};
    const auto [other, inserted] = seen.emplace(entry.key, number);
    if (!inserted) {
      throw Error(ErrorKind::validation, "version " + entry.key + " stands twice, first in line " +
                                             std::to_string(other->second))
          .at(position)
          .suggest(
              "two branches may have added the same version: give one a new version, then run "
              "`sterna hash`");
    }
    lines.push_back(std::move(entry));
  }
  return lines;
}

std::string format_sum(const std::vector<SumLine>& lines) {
  std::string text(header);
  for (const SumLine& line : lines) {
    text += line.key + ' ' + dash_if_empty(line.name) + ' ' + dash_if_empty(line.hash_up) + ' ' +
            dash_if_empty(line.hash_down) + '\n';
  }
  return text;
}

std::vector<SumLine> sum_of(const std::vector<const Source*>& sources) {
  std::vector<SumLine> lines;
  for (const Source* source : sources) {
    lines.push_back({source->key(), source->kind == SourceKind::repeatable ? "" : source->name,
                     source->hash_up, source->hash_down, 0});
  }
  return lines;
}

std::vector<std::string> compare_sum(const std::vector<SumLine>& written,
                                     const std::vector<SumLine>& actual) {
  std::vector<std::string> differences;
  std::map<std::string_view, const SumLine*> by_key;
  for (const SumLine& line : actual) by_key.emplace(line.key, &line);
  for (const SumLine& line : written) {
    const auto found = by_key.find(line.key);
    if (found == by_key.end()) {
      differences.push_back(line.key + " " + line.name + " is listed, but there is no such file");
      continue;
    }
    const SumLine& file = *found->second;
    if (file.name != line.name)
      differences.push_back(line.key + " is listed as '" + line.name +
                            "', but the file is named '" + file.name + "'");
    if (file.hash_up != line.hash_up)
      differences.push_back(line.key + " " + line.name + ": the up direction was edited");
    if (file.hash_down != line.hash_down)
      differences.push_back(line.key + " " + line.name + ": the down direction was edited");
    by_key.erase(found);
  }
  for (const auto& [key, line] : by_key)
    differences.push_back(line->key + " " + line->name + " is not listed");
  return differences;
}

}  // namespace sterna
