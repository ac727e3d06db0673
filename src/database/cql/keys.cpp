#include "database/cql/keys.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "database/cql/dialect.hpp"

namespace sterna::cql {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(words().quote(name));
  return join(quoted, ", ");
}

}  // namespace

bool Keys::holds(const std::string& column) const {
  return std::find(partition.begin(), partition.end(), column) != partition.end() ||
         std::any_of(clustering.begin(), clustering.end(),
                     [&](const Clustering& each) { return each.column == column; });
}

std::string Keys::text() const {
  std::string result = "PRIMARY KEY (";
  if (partition.size() == 1)
    result.append(quoted_list(partition));
  else
    result.append("(").append(quoted_list(partition)).append(")");
  for (const Clustering& each : clustering) result.append(", ").append(words().quote(each.column));
  return result.append(")");
}

std::string Keys::order() const {
  const bool plain = std::none_of(clustering.begin(), clustering.end(),
                                  [](const Clustering& each) { return each.descending; });
  if (plain) return {};
  std::vector<std::string> parts;
  for (const Clustering& each : clustering)
    parts.push_back(words().quote(each.column) + (each.descending ? " DESC" : " ASC"));
  return "CLUSTERING ORDER BY (" + join(parts, ", ") + ")";
}

Keys keys_of(const model::Table& table) {
  static const std::vector<model::IndexPart> none;
  const std::vector<model::IndexPart>& parts = table.primary_key ? table.primary_key->parts : none;
  Keys keys;
  keys.partition = table.partition_key;
  if (keys.partition.empty() && !parts.empty()) keys.partition.push_back(parts.front().column);
  const auto clusters = [&](const std::string& column, bool descending) {
    if (!keys.holds(column)) keys.clustering.push_back({column, descending});
  };
  const auto descends = [&](const std::string& column) {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const auto& each) { return each.column == column; });
    return part != parts.end() && part->descending;
  };
  for (const std::string& column : table.clustering_key) clusters(column, descends(column));
  for (const model::IndexPart& part : parts) clusters(part.column, part.descending);
  return keys;
}

void set_keys(model::Table& table, const Keys& keys) {
  table.partition_key = keys.partition;
  table.clustering_key.clear();
  model::PrimaryKey key;
  const auto add = [&](const std::string& column, bool descending) {
    model::IndexPart part;
    part.column = column;
    part.descending = descending;
    key.parts.push_back(std::move(part));
  };
  for (const std::string& column : keys.partition) add(column, false);
  for (const Keys::Clustering& each : keys.clustering) {
    table.clustering_key.push_back(each.column);
    add(each.column, each.descending);
  }
  table.primary_key = std::move(key);
}

}  // namespace sterna::cql
