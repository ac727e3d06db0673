#include "diff/enum_diff.hpp"

#include "diff/expressions.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

using model::EnumType;
using model::Model;

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// Values that both have, in the order of `from`.
std::vector<std::string> common(const EnumType& from, const EnumType& other) {
  std::vector<std::string> values;
  for (const std::string& value : from.values) {
    if (contains(other.values, value)) values.push_back(value);
  }
  return values;
}

bool uses_one_of(const Model& model, const EnumType& type, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return mentions_value(model, type.name, value);
  });
}

}  // namespace

void refuse_partition_key(const model::Table& table, const std::string& column,
                          const std::string& change) {
  const auto key = table.options.find("partition by");
  if (key == table.options.end() || key->second.find(column) == std::string::npos) return;
  throw Error(ErrorKind::plan, change + ", but table " + table.name.text() + " is partitioned by " +
                                   column + ", whose type cannot change")
      .with_state("nothing was changed")
      .suggest("make a new table with the new type, move the rows, and drop the old one");
}

EnumDifference diff_enums(const EnumType& from, const EnumType& to, const Model& to_model,
                          bool at_once) {
  EnumDifference result;
  std::vector<std::string> values = from.values, come;
  for (const std::string& value : from.values) {
    if (!contains(to.values, value)) result.lost.push_back(value);
  }
  for (const std::string& value : to.values) {
    if (!contains(from.values, value)) come.push_back(value);
  }
  result.replaced = !result.lost.empty() || common(from, to) != common(to, from) ||
                    (at_once && uses_one_of(to_model, to, come));
  if (result.replaced) return result;
  // Each is placed by its neighbour.
  for (std::size_t i = 0; i < to.values.size(); ++i) {
    const std::string& value = to.values[i];
    if (contains(values, value)) continue;
    AddEnumValue add{to.name, value, {}, {}};
    if (i > 0)
      add.after = to.values[i - 1];
    else if (!values.empty())
      add.before = values.front();
    const auto place =
        i > 0 ? std::find(values.begin(), values.end(), to.values[i - 1]) + 1 : values.begin();
    values.insert(place, value);
    result.added.push_back(std::move(add));
  }
  return result;
}

std::vector<EnumColumn> columns_of(const EnumType& type, const Model& from, const Model& to,
                                   const Dialect& dialect) {
  std::vector<EnumColumn> uses;
  for (const model::Table& old : from.tables) {
    const model::Table* now = to.table(old.name);
    if (now == nullptr) continue;
    for (const model::Column& column : old.columns) {
      if (column.generated || !is_of(column.type, type.name)) continue;
      const model::Column* after = now->column(column.name);
      if (after == nullptr || !is_of(after->type, type.name)) continue;
      if (dialect.follows_parent(old, *now, column.name)) continue;
      refuse_partition_key(old, column.name,
                           "values of the enum " + type.name.text() + " were taken away or moved");
      uses.push_back({old.name, column, *after});
    }
  }
  return uses;
}

}  // namespace sterna::detail
