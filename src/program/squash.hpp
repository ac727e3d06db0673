// A checkpoint: one migration in the place of many, made by running them and proven to make the
// same. Used by the command; touches scratch databases and the migrations folder alone.
#pragma once

#include "program/state.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct Checkpoint {
  std::string version;                ///< that of the newest migration it replaces
  std::vector<std::string> versions;  ///< of all it replaces, in their order
  std::vector<std::string> files;     ///< theirs, as a person would write them
  std::string text;                   ///< of the new migration
  std::size_t tables = 0, rows = 0;
  std::size_t rights =
      0;  ///< statements over roles, owners, privileges and settings that it takes over
};

/// Replays the migrations up to and including `to` (a version, id or name), writes what they make
/// as one script, loads that into another scratch database, and compares both: every object, and
/// every row that the migrations put in. Statements over roles, owners, privileges and settings of
/// the database, which are no part of a schema, are taken over as they are.
/// @throws Error(plan) for a version that does not exist, when there are fewer than two to replace,
/// when one of them is part of the program, and for more than 10 000 rows.
/// @throws Error(internal) naming what differs, when the script does not make the same.
Checkpoint make_checkpoint(MigrationEngine& engine, StateReader& reader, std::string_view to);

/// Puts the checkpoint into `folder` as VERSION_checkpoint.sql (or .cql, as the newest file), moves
/// the replaced files into archive/VERSION below it, and renews sterna.sum. No file is deleted.
/// Returns the new file's name.
std::string write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint,
                             MigrationEngine& engine, const std::string& directory);

}  // namespace sterna
