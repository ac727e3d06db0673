// What a drawn schema means: the changes that lead to it in words, the statements of both
// directions, what they would lose, and the migration that is written of them. Used by the routes.
#pragma once

#include "designer/project.hpp"
#include "lint/finding.hpp"
#include "program/author.hpp"

#include <string>
#include <vector>

namespace sterna::designer {

struct PreviewRequest {
  std::string state = "migrations";  ///< what the drawing began with
  model::Model wanted;
  std::vector<Rename> renames;
  bool cpp = false;  ///< the text in C++ too (costs a second walk)
};

struct Preview {
  model::Model from, to;
  std::string fingerprint;  ///< of `from`
  DiffOptions options;
  DerivedMigration migration;
  std::string sql;  ///< the migration as a file
  std::string cpp;
  std::vector<lint::Finding> findings;  ///< of both directions, as the migration stands
};

/// Nothing is changed. @throws Error when the database refuses the drawn schema, naming what.
Preview preview_of(DesignProject& project, PreviewRequest request);

struct Generated {
  std::string path;     ///< as a person would write it
  std::string version;  ///< of the new migration
};
/// Writes the preview as a migration and renews sterna.sum. @throws Error(validation) when there is
/// nothing to write.
Generated generate(DesignProject& project, const Preview& preview, const std::string& name,
                   bool cpp);

}  // namespace sterna::designer
