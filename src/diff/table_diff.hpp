// What must change in one table. Used by diff alone.
#pragma once

#include "diff/diff.hpp"

#include <set>

namespace sterna::detail {

struct TableDifference {
  std::vector<TableAction> drop_keys;  ///< foreign keys: before anything else
  std::vector<TableAction> actions;
  std::vector<TableAction> add_keys;  ///< foreign keys: when all tables are there
  std::vector<Loss> losses;
  /// Columns that go or get another type: what reads them must step aside.
  std::set<std::string> touched;

  bool empty() const { return drop_keys.empty() && actions.empty() && add_keys.empty(); }
};

/// `to` and `from` have the same name.
TableDifference diff_tables(const model::Table& from, const model::Table& to,
                            const DiffOptions& options);

/// True when every value of `from` has a place in `to` without loss.
bool widens(const model::Type& from, const model::Type& to);

}  // namespace sterna::detail
