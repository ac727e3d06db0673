// What must change in one table. Used by diff alone.
#pragma once

#include "diff/diff.hpp"
#include "diff/remade.hpp"

#include <set>

namespace sterna::detail {

struct TableDifference {
  std::vector<TableAction> aside;      ///< what goes before what it mentions does
  std::vector<TableAction> drop_keys;  ///< foreign keys: before anything else
  std::vector<TableAction> actions;
  std::vector<TableAction> late;      ///< keys and indexes that parts of the table must have before
  std::vector<TableAction> add_keys;  ///< foreign keys: when all tables are there
  std::vector<Loss> losses;
  std::vector<std::string> notes;
  /// Columns that go or get another type: what reads them must step aside.
  std::set<std::string> touched;
  /// Columns that change in any way that the type of a foreign key's columns has to do with.
  std::set<std::string> retyped;

  bool empty() const {
    return aside.empty() && drop_keys.empty() && actions.empty() && late.empty() &&
           add_keys.empty();
  }
};

/// What a table's difference depends on besides itself.
struct TableContext {
  const Remade& remade;
  bool has_parts = false;  ///< partitions, which get its keys and indexes
  /// The table that it is a part of, before and after.
  const model::Table* old_parent = nullptr;
  const model::Table* parent = nullptr;
};

/// `to` and `from` have the same name.
TableDifference diff_tables(const model::Table& from, const model::Table& to,
                            const DiffOptions& options, const TableContext& context);

}  // namespace sterna::detail
