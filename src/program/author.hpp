// New migration files: what they are called, what stands in those that are made of a difference,
// and sterna.sum. Used by the commands and the designer; runs nothing.
#pragma once

#include "config/config.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// "20261121103045", or the next number of the same width and style where the folder counts up.
std::string next_migration_version(const std::filesystem::path& folder);
/// Writes VERSION_name with the ending (".sql") into the connection's first migrations folder, and
/// sterna.sum where the folder has one. Returns the path as a person would write it.
/// @throws Error(config) when the folder does not exist; Error(validation) for a name that is
/// taken.
std::string write_migration(const Config& config, const ConnectionConfig& connection,
                            std::string_view name, std::string_view ending, std::string_view text);

/// A difference in both directions.
struct DerivedMigration {
  Difference up, down;
  std::vector<Change> up_changes, down_changes;  ///< in their safe forms, if those were asked for
  ChangeScript up_script, down_script;
  std::string no_way_down;  ///< why there is none; empty when there is
};

/// The way back is the difference the other way round, so that it restores every object as it was.
/// `options` are those that `up` was made with; with `own_commits`, both are in their safe forms.
DerivedMigration derive_migration(const model::Model& from, const model::Model& to, Difference up,
                                  const DiffOptions& options, Connection& like);

/// The text of a C++ migration over the builder. `from`, `to` and `like` as before.
std::string cpp_text(const DerivedMigration& migration, std::string_view name,
                     const model::Model& from, const model::Model& to, Connection& like);
/// The text of an SQL migration.
std::string sql_text(const DerivedMigration& migration);
/// The same as a C++ migration over the builder. `name`: "add_ages".
std::string cpp_text(const DerivedMigration& migration, std::string_view name,
                     const model::Model& from, const model::Model& to, Connection& like);
/// Statements, each ended, parted by empty lines.
std::string sql_text(const std::vector<Statement>& statements);
/// "users.age, posts": what the losses are about.
std::string names_of(const std::vector<Loss>& losses);

}  // namespace sterna
