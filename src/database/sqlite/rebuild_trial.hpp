// Tries a rebuild on a copy of the schema, before anything is touched. Called by rebuild.cpp for
// changes that take something away; never sees the live database.
#pragma once

#include "database/connection.hpp"

#include <string>
#include <vector>

namespace sterna::sqlite {

/// A statement of a rebuild, and the object that it makes again ("index posts_title"), if any.
struct RebuildStep {
  std::string sql, makes;
};

/// SQLite recreates a view or a trigger without looking whether its columns exist, so that it would
/// fail at its first use. Runs the steps on `copy` and looks.
/// @throws Error(dependency) naming the index, check, view or trigger that needs what goes.
void try_rebuild(Connection& copy, const std::vector<RebuildStep>& steps, const std::string& table);

}  // namespace sterna::sqlite
