#include "diagram/dbml_words.hpp"

#include "base/text.hpp"
#include "diagram/text.hpp"

#include <algorithm>
#include <array>

namespace sterna::diagram {
namespace {

constexpr auto words = std::to_array<std::string_view>(
    {"as", "checks", "enum", "false", "indexes", "note", "null", "project", "records", "ref",
     "table", "tablegroup", "tablepartial", "true"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string sql_word(const std::string& name) {
  if (is_plain_word(name) && to_lower(name) == name) return name;
  return "\"" + replaced(name, '"', "\"\"") + "\"";
}

}  // namespace

bool is_dbml_word(std::string_view word) {
  return std::find(words.begin(), words.end(), to_lower(word)) != words.end();
}

bool is_dbml_number(std::string_view text) {
  const auto digits = [&] {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    text.remove_prefix(count);
    return count > 0;
  };
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (!digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

std::string sql_spelling(const model::Name& name) {
  return name.schema.empty() ? sql_word(name.name)
                             : sql_word(name.schema) + "." + sql_word(name.name);
}

}  // namespace sterna::diagram
