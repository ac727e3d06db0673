#include "diagram/mermaid.hpp"

#include "base/text.hpp"
#include "diagram/text.hpp"

#include <set>

namespace sterna::diagram {
namespace {

bool is_one_of(std::string_view word, const std::set<std::string_view>& words) {
  return words.contains(to_lower(word));
}

/// A word of a column's line: Mermaid takes letters, digits, - _ [ ] ( ) there, after a letter, and
/// reads the marks of keys in any case.
std::string attribute_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const bool letter = is_plain_word(std::string_view(&c, 1));
    const bool other =
        (c >= '0' && c <= '9') || c == '-' || c == '[' || c == ']' || c == '(' || c == ')';
    if (letter || (other && !word.empty()))
      word += c;
    else if (other)
      word += std::string("_") + c;
    else if (word.empty() || word.back() != '_')
      word += '_';
  }
  static const std::set<std::string_view> marks = {"pk", "fk", "uk"};
  if (is_one_of(word, marks)) word += '_';
  return word.empty() ? "_" : word;
}

/// Text between quotes: Mermaid knows no escape in it.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : one_line(text)) result += c == '"' ? '\'' : c;
  return result + "\"";
}

/// Names of entities, each another: also after letters that Mermaid refuses were exchanged.
class EntityNames {
 public:
  std::string name(const std::string& table) {
    std::string name;
    for (const char c : one_line(table))
      name += c == '"' || c == '%' || c == '\\' || c == '`' ? '_' : c;
    if (name.empty()) name = "_";
    const std::string base = name;
    for (int number = 2; !taken_.insert(name).second; ++number)
      name = base + "_" + std::to_string(number);
    // What begins another statement, or a relationship in words.
    static const std::set<std::string_view> statements = {
        "accdescr",  "acctitle", "class", "classdef", "direction",  "end",
        "erdiagram", "many",     "one",   "only",     "optionally", "style",
        "subgraph",  "title",    "to",    "u",        "zero"};
    return is_plain_word(name) && !is_one_of(name, statements) ? name : "\"" + name + "\"";
  }

 private:
  std::set<std::string> taken_;
};

std::string column_line(const model::Column& column, const ColumnMarks& marks,
                        const TypeSpelling& type) {
  const std::string type_text = one_line(type(column.type));
  const std::string type_word = attribute_word(type_text);
  const std::string name_word = attribute_word(column.name);
  std::string line = "    " + type_word + " " + name_word;
  // Mermaid knows PK, FK and UK alone; the parts of a CQL key are told in the comment.
  ColumnMarks known = marks;
  known.primary = marks.primary || marks.partition || marks.clustering;
  known.partition = known.clustering = false;
  if (known.any()) line += " " + known.text(", ");
  std::vector<std::string> notes;
  if (name_word != column.name) notes.push_back(column.name);
  if (type_word != type_text) notes.push_back(type_text);
  if (marks.partition) notes.emplace_back("K: partition key");
  if (marks.clustering) notes.emplace_back("C: clustering key");
  if (column.nullable) notes.emplace_back("null");
  if (!column.comment.empty()) notes.push_back(column.comment);
  if (!notes.empty()) line += " " + quoted(join(notes, "; "));
  return line + "\n";
}

}  // namespace

std::string to_mermaid(const model::Model& model, const TypeSpelling& type) {
  const SchemaFacts facts = facts_of(model);
  EntityNames entity_names;
  std::vector<std::string> names;
  std::string text = "erDiagram\n";
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const model::Table& table = model.tables[t];
    names.push_back(entity_names.name(table.name.text()));
    if (table.columns.empty()) {
      text += "  " + names.back() + "\n";
      continue;
    }
    text += "  " + names.back() + " {\n";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      text += column_line(table.columns[c], facts.marks[t][c], type);
    text += "  }\n";
  }
  // Mermaid has entities alone: a structured type is one without keys.
  for (const model::UserType& each : model.types) {
    text += "  " + entity_names.name("type " + each.name.text()) + " {\n";
    for (const model::TypeField& field : each.fields) {
      model::Column column;
      column.name = field.name;
      column.type = field.type;
      column.nullable = false;
      text += column_line(column, {}, type);
    }
    text += "  }\n";
  }
  for (const Relationship& each : facts.relationships) {
    text += "  " + names[each.parent] + (each.optional ? " |o" : " ||") + "--" +
            (each.at_most_one ? "o| " : "o{ ") + names[each.child] + " : " +
            quoted(join(each.key->columns, ", ")) + "\n";
  }
  return text;
}

}  // namespace sterna::diagram
