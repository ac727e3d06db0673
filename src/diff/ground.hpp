// Keys and indexes that go under something else: foreign keys that stand on them, and names that
// other tables want. Used by diff.cpp alone.
#pragma once

#include "diff/table_diff.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace sterna::detail {

using AlteredTables = std::unordered_map<std::string, TableDifference>;  ///< by table_key()

/// Whether a foreign key of `table` stands on a key, an index or columns that change. With
/// `needs_indexes` the database wants an index under both its ends.
bool loses_ground(const model::Table& table, const model::ForeignKey& key,
                  const AlteredTables& altered, bool needs_indexes);
/// Foreign keys that stay as they are, though what they stand on does not, go for a while.
void keys_step_aside(const model::Model& from, const model::Model& to, AlteredTables& altered,
                     bool needs_indexes);

/// Names of keys and indexes, which a schema has once, that tables of `to` get anew.
class WantedNames {
 public:
  WantedNames(const model::Model& from, const model::Model& to) : from_(from), to_(to) {}
  /// Whether one of them is that of a key or an index of `dropped`.
  bool one_of(const model::Table& dropped) const;

 private:
  const model::Model &from_, &to_;
  mutable std::optional<std::unordered_set<std::string>> names_;  ///< read when first asked for
};

}  // namespace sterna::detail
