// Hints in a desired schema that say what something was called before: `-- sterna:was old_name` in
// front of a CREATE statement, above or beside a column, key, index or constraint of CREATE TABLE,
// above or beside a value of an enum. Read by StateReader alone; runs nothing.
#pragma once

#include "diff/diff.hpp"
#include "sql/language.hpp"

#include <string_view>
#include <vector>

namespace sterna::detail {

/// A hint where it stands: names as they are written, nothing looked up yet.
struct RenameHint {
  Rename::Kind kind = Rename::Kind::column;
  model::Name owner;  ///< the table or enum type, as it is to be
  std::string part;   ///< as it is to be; empty: the owner itself
  std::string was;
  SourcePosition position;
};

/// @throws Error(validation) with file:line for a hint that belongs to nothing with a name, for two
/// on one thing, and for directives that Sterna does not know.
std::vector<RenameHint> read_rename_hints(std::string_view text, Language language,
                                          std::string_view file);

/// The hints as renames, in the names of `model`, which was loaded from the same text.
/// @throws Error(validation) with file:line for a hint on what the model does not hold, and for an
/// old name that is still used.
std::vector<Rename> renames_of(const std::vector<RenameHint>& hints, const model::Model& model);

}  // namespace sterna::detail
