// One table on its way from one shape to another: what is known of it, and the lists in which its
// changes gather until their order is made. Used by column_diff.cpp and table_diff.cpp alone.
#pragma once

#include "diff/table_diff.hpp"

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sterna::detail {

struct TableWork {
  const model::Table& from;
  const model::Table& to;
  const DiffOptions& options;
  const TableContext& context;
  const Remade& remade = context.remade;
  const Capabilities capabilities = options.dialect.capabilities(options.server);
  /// Its parent's changes are its own.
  const bool follows = options.dialect.follows_parent(from, to, {});

  using Names = std::set<std::string, std::less<>>;
  Names anew;        ///< columns that go and come again
  Names anew_aside;  ///< those of them that go aside
  TableDifference result;
  std::vector<TableAction> drops, derived, column_adds, column_changes, column_drops, adds;
  std::vector<TableAction> derived_adds;  ///< columns that read others, when those have their types
  std::vector<TableAction> defaults;      ///< of the table, which its columns follow
  std::vector<TableAction> moves;         ///< columns to another place

  TableWork(const model::Table& old_table, const model::Table& new_table,
            const DiffOptions& diff_options, const TableContext& table_context)
      : from(old_table), to(new_table), options(diff_options), context(table_context) {}
};

/// Columns that come, go, change, or stand elsewhere. Before keys: those ask what comes anew.
void diff_columns(TableWork& work);

template <class Item>
std::unordered_map<std::string_view, const Item*> by_name(const std::vector<Item>& items) {
  std::unordered_map<std::string_view, const Item*> map;
  for (const Item& item : items) map.emplace(item.name, &item);
  return map;
}

}  // namespace sterna::detail
