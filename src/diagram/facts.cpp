#include "diagram/facts.hpp"

#include "base/text.hpp"
#include "diagram/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace sterna::diagram {
namespace {

using model::Column;
using model::ForeignKey;
using model::Model;
using model::Table;

using ColumnSet = std::set<std::string>;

/// The columns of each key that holds a row at most once. A partial index is no such key.
std::vector<ColumnSet> unique_keys(const Table& table, bool with_primary) {
  std::vector<ColumnSet> keys;
  const auto add_parts = [&](const std::vector<model::IndexPart>& parts) {
    ColumnSet columns;
    for (const model::IndexPart& part : parts) {
      if (part.column.empty()) return;
      columns.insert(part.column);
    }
    if (!columns.empty()) keys.push_back(std::move(columns));
  };
  if (table.primary_key && with_primary) add_parts(table.primary_key->parts);
  for (const model::Unique& unique : table.uniques)
    keys.emplace_back(unique.columns.begin(), unique.columns.end());
  for (const model::Index& index : table.indexes) {
    if (index.unique && index.where.empty()) add_parts(index.parts);
  }
  return keys;
}

class FactReader {
 public:
  explicit FactReader(const Model& model) : model_(model) {
    for (std::size_t i = 0; i < model.tables.size(); ++i)
      table_at_.emplace(model.tables[i].name.text(), i);
  }

  SchemaFacts read() {
    facts_.marks.resize(model_.tables.size());
    for (std::size_t i = 0; i < model_.tables.size(); ++i) read_table(i);
    return std::move(facts_);
  }

 private:
  void read_table(std::size_t at) {
    const Table& table = model_.tables[at];
    std::vector<ColumnMarks>& marks = facts_.marks[at];
    marks.resize(table.columns.size());
    std::unordered_map<std::string, std::size_t> column_at;
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      column_at.emplace(table.columns[c].name, c);
    const auto mark = [&](const std::string& column, bool ColumnMarks::*which) {
      if (const auto found = column_at.find(column); found != column_at.end())
        marks[found->second].*which = true;
    };
    for (const std::string& column : table.partition_key) mark(column, &ColumnMarks::partition);
    for (const std::string& column : table.clustering_key) mark(column, &ColumnMarks::clustering);
    const bool has_cql_key = !table.partition_key.empty();
    if (table.primary_key && !has_cql_key) {
      for (const model::IndexPart& part : table.primary_key->parts)
        mark(part.column, &ColumnMarks::primary);
    }
    for (const ColumnSet& key : unique_keys(table, false)) {
      if (key.size() == 1) mark(*key.begin(), &ColumnMarks::unique);
    }
    if (table.foreign_keys.empty()) return;
    const auto keys = unique_keys(table, true);
    for (const ForeignKey& key : table.foreign_keys) {
      for (const std::string& column : key.columns) mark(column, &ColumnMarks::foreign);
      relate(at, key, keys, column_at);
    }
  }

  void relate(std::size_t child, const ForeignKey& key, const std::vector<ColumnSet>& keys,
              const std::unordered_map<std::string, std::size_t>& column_at) {
    const Table& table = model_.tables[child];
    const auto parent = find_table(key.referenced_table, table.name.schema);
    if (!parent) {
      facts_.dangling.push_back(reference_text(table, key));
      return;
    }
    Relationship relationship{child, *parent, &key, key.referenced_columns, false, false};
    if (const auto& primary = model_.tables[*parent].primary_key;
        relationship.parent_columns.empty() && primary) {
      for (const model::IndexPart& part : primary->parts)
        relationship.parent_columns.push_back(part.column);
    }
    const ColumnSet columns(key.columns.begin(), key.columns.end());
    relationship.at_most_one = std::any_of(keys.begin(), keys.end(), [&](const auto& unique) {
      return std::includes(columns.begin(), columns.end(), unique.begin(), unique.end());
    });
    relationship.optional =
        std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& column) {
          const auto found = column_at.find(column);
          return found != column_at.end() && table.columns[found->second].nullable;
        });
    facts_.relationships.push_back(std::move(relationship));
  }

  /// Names in the default schema stand without it, but people also write them in full.
  std::optional<std::size_t> find_table(const model::Name& name, const std::string& schema) const {
    auto found = table_at_.find(name.text());
    if (found == table_at_.end() && name.schema.empty() && !schema.empty())
      found = table_at_.find(schema + "." + name.name);
    if (found == table_at_.end() && !name.schema.empty() && name.schema == model_.default_schema)
      found = table_at_.find(name.name);
    if (found == table_at_.end()) return std::nullopt;
    return found->second;
  }

  const Model& model_;
  SchemaFacts facts_;
  std::unordered_map<std::string, std::size_t> table_at_;
};

}  // namespace

std::string ColumnMarks::text(const char* separator) const {
  std::string result;
  const auto add = [&](bool is, const char* word) {
    if (!is) return;
    if (!result.empty()) result += separator;
    result += word;
  };
  add(primary, "PK");
  add(partition, "K");
  add(clustering, "C");
  add(foreign, "FK");
  add(unique, "UK");
  return result;
}

SchemaFacts facts_of(const Model& model) { return FactReader(model).read(); }

std::string in_parentheses(const std::vector<std::string>& columns) {
  return "(" + join(columns, ", ") + ")";
}

std::string reference_text(const Table& child, const ForeignKey& key) {
  std::string text =
      child.name.text() + " " + in_parentheses(key.columns) + " → " + key.referenced_table.text();
  if (!key.referenced_columns.empty()) text += " " + in_parentheses(key.referenced_columns);
  return text;
}

const char* action_text(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::restrict_:
      return "restrict";
    case model::ReferentialAction::cascade:
      return "cascade";
    case model::ReferentialAction::set_null:
      return "set null";
    case model::ReferentialAction::set_default:
      return "set default";
    case model::ReferentialAction::no_action:
      break;
  }
  return "no action";
}

std::string default_text(const model::Default& value) {
  if (value.kind == model::Default::Kind::now) return "now()";
  if (value.kind == model::Default::Kind::expression) return value.text;
  switch (value.literal) {
    case model::Default::Literal::null:
      return "NULL";
    case model::Default::Literal::string:
      return "'" + replaced(value.text, '\'', "''") + "'";
    default:
      return value.text;
  }
}

std::string part_text(const model::IndexPart& part) {
  std::string text = part.column.empty() ? part.expression : part.column;
  if (part.prefix_length) text += "(" + std::to_string(*part.prefix_length) + ")";
  if (!part.collation.empty()) text += " collate " + part.collation;
  if (!part.operator_class.empty()) text += " " + part.operator_class;
  if (part.descending) text += " desc";
  if (!part.nulls.empty()) text += " nulls " + part.nulls;
  return text;
}

std::string parts_text(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> texts;
  for (const model::IndexPart& part : parts) texts.push_back(part_text(part));
  return join(texts, ", ");
}

std::string column_extras(const Column& column) {
  std::vector<std::string> words;
  if (column.generated)
    words.push_back("generated always as (" + column.generated->expression + ")" +
                    (column.generated->stored ? " stored" : " virtual"));
  if (column.identity != model::Identity::none)
    words.push_back(column.identity == model::Identity::always ? "identity (always)" : "identity");
  if (column.auto_increment) words.push_back("auto increment");
  if (column.on_update) words.push_back("on update " + *column.on_update);
  if (column.is_static) words.push_back("static");
  if (!column.charset.empty()) words.push_back("charset " + column.charset);
  if (!column.collation.empty()) words.push_back("collate " + column.collation);
  for (const auto& [name, value] : column.options) words.push_back(name + " " + value);
  return join(words, ", ");
}

}  // namespace sterna::diagram
