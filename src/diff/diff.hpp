// What must change to make one schema like another. Reads two inspected models of the same engine
// and gives changes in an order in which they can run; says what they would lose and which drops
// may be renames. Touches no database and writes no SQL.
#pragma once

#include "change/change.hpp"
#include "database/dialect.hpp"
#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A table (`column` empty) or a column that has a new name.
struct Rename {
  model::Name table;   ///< as it was
  std::string column;  ///< as it was
  std::string to;
  bool operator==(const Rename&) const = default;
};
/// "users:people", "users.name:full_name", "public.users.name:full_name". Whether "a.b" is a table
/// in a schema or a column of a table is decided by `from`.
/// @throws Error(validation) when it cannot be read, or `from` has no such table or column.
Rename parse_rename(std::string_view text, const model::Model& from);

/// Those of `hints` that are still to be done on `from`, in its names: a hint stays in a desired
/// schema after it was followed, and is nothing then.
std::vector<Rename> open_renames(const std::vector<Rename>& hints, const model::Model& from);

struct DiffOptions {
  const Dialect& dialect;
  ServerInfo server = {};
  std::vector<Rename> renames = {};
};

/// What running one of the changes would take away for ever.
struct Loss {
  std::string object;  ///< "users.age"
  std::string text;    ///< "drops column users.age with its values"
  bool operator==(const Loss&) const = default;
};

struct Difference {
  std::vector<Change> changes;
  std::vector<Loss> losses;
  /// Something is dropped and something like it is added: possibly a rename, never taken for one.
  std::vector<Rename> possible_renames;

  bool empty() const noexcept { return changes.empty(); }
};

/// The changes that turn `from` into `to`. From an empty model: how to create everything.
/// @throws Error(plan) for a difference that no statement can make (a table's partitioning), naming
/// the object and what to do instead; Error(validation) for a rename that does not fit.
Difference diff(const model::Model& from, const model::Model& to, const DiffOptions& options);

}  // namespace sterna
