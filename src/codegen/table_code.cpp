#include "codegen/table_code.hpp"

#include <algorithm>
#include <map>

#include "codegen/key_code.hpp"

namespace sterna::codegen {
namespace {

using model::Column;
using Code = std::optional<std::string>;

/// Keys and indexes of one column that are said beside it: `.primary()`, `.unique()`, `.index()`.
class BesideColumns {
 public:
  BesideColumns(const model::Table& table, const KeyCode& keys) {
    if (const auto& key = table.primary_key; key && key->parts.size() == 1 &&
                                             is_plain(key->parts.front()) &&
                                             !keys.has_own_name(*key) && key->options.empty()) {
      primary_ = key->parts.front().column;
    }
    for (const model::Unique& unique : table.uniques) {
      model::Unique usual;
      usual.columns = unique.columns;
      usual.name = keys.default_name(usual);
      if (unique.columns.size() == 1 && unique == usual) uniques_[unique.columns[0]] = &unique;
    }
    for (const model::Index& index : table.indexes) {
      model::Index usual;
      usual.parts = index.parts;
      usual.name = keys.default_name(usual);
      if (index.parts.size() == 1 && is_plain(index.parts[0]) && index == usual)
        indexes_[index.parts[0].column] = &index;
    }
  }

  void add(CallChain& chain, const Column& column) const {
    if (column.name == primary_) chain.add(".primary()");
    if (uniques_.contains(column.name)) chain.add(".unique()");
    if (indexes_.contains(column.name)) chain.add(".index()");
  }
  bool holds(const model::PrimaryKey&) const { return !primary_.empty(); }
  bool holds(const model::Unique& unique) const { return holds(uniques_, &unique); }
  bool holds(const model::Index& index) const { return holds(indexes_, &index); }
  template <class Other>
  bool holds(const Other&) const {
    return false;
  }

 private:
  template <class Key>
  static bool holds(const std::map<std::string, const Key*>& keys, const Key* wanted) {
    return std::any_of(keys.begin(), keys.end(),
                       [&](const auto& entry) { return entry.second == wanted; });
  }

  std::string primary_;
  std::map<std::string, const model::Unique*> uniques_;
  std::map<std::string, const model::Index*> indexes_;
};

/// `table.id()` says the most usual first column at once.
std::string shortened(const std::string& line, const std::string& margin) {
  const std::string big = "table.big_integer(", small = "table.integer(",
                    end = ").auto_increment().primary();\n";
  if (!line.ends_with(end)) return line;
  for (const auto& [head, method] : {std::pair{big, "id"}, std::pair{small, "increments"}}) {
    if (!line.starts_with(margin + head)) continue;
    const std::size_t begin = margin.size() + head.size();
    const std::string name = line.substr(begin, line.size() - end.size() - begin);
    return margin + "table." + method + "(" + (name == "\"id\"" ? "" : name) + ");\n";
  }
  return line;
}

std::string settings_code(const model::Table& table, const std::string& margin) {
  std::string code;
  const auto say = [&](std::string_view method, const std::string& argument) {
    code += margin + "table" + call(method, argument) + ";\n";
  };
  if (!table.comment.empty()) say("comment", cpp_string(table.comment));
  if (!table.engine.empty()) say("engine", cpp_string(table.engine));
  if (!table.charset.empty()) say("charset", cpp_string(table.charset));
  if (!table.collation.empty()) say("collation", cpp_string(table.collation));
  if (table.strict) say("strict", "");
  if (table.without_rowid) say("without_rowid", "");
  if (table.temporary) say("temporary", "");
  if (!table.partition_key.empty()) say("partition_key", cpp_strings(table.partition_key));
  if (!table.clustering_key.empty()) say("clustering_key", cpp_strings(table.clustering_key));
  for (const auto& [key, value] : table.options)
    say("option", cpp_string(key) + ", " + cpp_string(value));
  return code;
}

}  // namespace

Code table_code(const model::Table& table, const TableContext& context, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const KeyCode keys(table.name, context);
  const BesideColumns beside(table, keys);
  std::string code;
  bool complete = !table.columns.empty();
  for (const Column& column : table.columns) {
    std::optional<CallChain> chain = column_chain(column, context, "table");
    if (!chain) return std::nullopt;
    beside.add(*chain, column);
    code += shortened(chain->text(indent), margin);
  }
  const auto add = [&](const auto& key) {
    if (beside.holds(key)) return;
    const Code said = keys(key, indent);
    complete = complete && said.has_value();
    code += said.value_or("");
  };
  if (table.primary_key) add(*table.primary_key);
  for (const model::Unique& unique : table.uniques) add(unique);
  for (const model::Index& index : table.indexes) add(index);
  for (const model::ForeignKey& key : table.foreign_keys) add(key);
  for (const model::Check& check : table.checks) add(check);
  for (const model::Exclusion& exclusion : table.exclusions) add(exclusion);
  code += settings_code(table, margin);
  return complete ? Code(std::move(code)) : std::nullopt;
}

}  // namespace sterna::codegen
