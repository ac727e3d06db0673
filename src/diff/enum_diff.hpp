// Enum types that change: values that are added in their places, or all of them anew. Used by diff
// alone.
#pragma once

#include "diff/diff.hpp"

namespace sterna::detail {

struct EnumDifference {
  std::vector<Change> added;      ///< AddEnumValue, in an order in which they can run
  bool replaced = false;          ///< values went or moved, or must be used at once: ReplaceEnum
  std::vector<std::string> lost;  ///< values that went
};

/// `at_once`: the changes share a transaction, in which a value that is added cannot be used yet
/// (PostgreSQL manual, "ALTER TYPE", notes); `to_model` is asked whether one would be.
EnumDifference diff_enums(const model::EnumType& from, const model::EnumType& to,
                          const model::Model& to_model, bool at_once);

/// The columns of the type in tables that stay, with their defaults before and after. Those of
/// parts of tables, which their parent's change reaches, are left out.
/// @throws Error(plan) for one that its table is partitioned by.
std::vector<EnumColumn> columns_of(const model::EnumType& type, const model::Model& from,
                                   const model::Model& to, const Dialect& dialect);

/// @throws Error(plan) when the table is partitioned by the column; `change` says what would change
/// its type.
void refuse_partition_key(const model::Table& table, const std::string& column,
                          const std::string& change);

}  // namespace sterna::detail
