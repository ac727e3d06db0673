// What must change to make one schema like another. Reads two inspected models of the same engine
// and gives changes in an order in which they can run; says what they would lose and which drops
// may be renames. Touches no database and writes no SQL.
#pragma once

#include "change/change.hpp"
#include "database/dialect.hpp"
#include "diff/filter.hpp"
#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// Something that has a new name.
struct Rename {
  /// column: or the table itself where `part` is empty; index, constraint: of the table;
  /// enumeration: a value, or the enum type itself where `part` is empty; field: of a structured
  /// type.
  enum class Kind { column, index, constraint, enumeration, field };
  model::Name table;  ///< as it was; the type for Kind::enumeration and Kind::field
  std::string part;   ///< as it was
  std::string to;
  Kind kind = Kind::column;
  bool operator==(const Rename&) const = default;
  /// "users.name", as it was.
  std::string old_name() const { return part.empty() ? table.text() : table.text() + "." + part; }
  std::string new_name() const { return part.empty() ? to : table.text() + "." + to; }
};
/// "users:people", "users.name:full_name", "public.users.name:full_name"; likewise indexes,
/// constraints ("users.by_name:by_full_name"), enum types and their values ("mood.sad:unhappy"),
/// fields of structured types ("address.street:road").
/// What "a.b" is decides `from`.
/// @throws Error(validation) when it cannot be read, or `from` has nothing of that name.
Rename parse_rename(std::string_view text, const model::Model& from);

/// Those of `hints` that are still to be done on `from`, in its names: a hint stays in a desired
/// schema after it was followed, and is nothing then.
std::vector<Rename> open_renames(const std::vector<Rename>& hints, const model::Model& from);

struct DiffOptions {
  const Dialect& dialect;
  ServerInfo server = {};
  std::vector<Rename> renames = {};
  /// Steps may commit by themselves (safe forms): a value added to an enum can be used by the next.
  bool own_commits = false;
  /// What is left out is in neither schema. Pass the whole schemas, also to script_of().
  ObjectFilter filter = {};
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
  /// What differs and stays so, because the database cannot change it: the order of columns.
  std::vector<std::string> notes;

  bool empty() const noexcept { return changes.empty(); }
};

/// The changes that turn `from` into `to`. From an empty model: how to create everything.
/// @throws Error(plan) for a difference that no statement can make (an enum that tables are
/// partitioned by), naming
/// the object and what to do instead; Error(validation) for a rename that does not fit.
Difference diff(const model::Model& from, const model::Model& to, const DiffOptions& options);

}  // namespace sterna
