// Renames: those that were asked for, as changes, and those that may have been meant. Used by diff
// alone.
#pragma once

#include "diff/diff.hpp"

namespace sterna::detail {

/// `from` as it stands after the renames of `options`, whose changes are added to `changes`.
/// @throws Error(validation) for what is not there, and for a new name that is taken.
model::Model apply_renames(const model::Model& from, const DiffOptions& options,
                           std::vector<Change>& changes);

/// Tables, and columns of tables that stay, that go while one like them comes, where the database
/// can rename them.
std::vector<Rename> possible_renames(const model::Model& from, const model::Model& to,
                                     const Dialect& dialect);

}  // namespace sterna::detail
