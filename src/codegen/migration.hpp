// Changes as a migration file in C++ over the public builder: for `new --from-diff` and the
// designer. What the builder has no word for becomes schema.raw with the dialect's own statement.
// Runs nothing, reads no database.
#pragma once

#include <sterna/migration.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "change/change.hpp"
#include "database/dialect.hpp"

namespace sterna {

struct CppMigration {
  std::string class_name;  ///< empty: from the description
  Meta meta;               ///< `irreversible` set: no down() is written
  std::vector<Change> up, down;

  Capabilities capabilities;  ///< of the database it is for: default names are left out
  /// How a change is written in SQL; the way down begins at the schema where the way up ends. Asked
  /// for each part in the order it runs, also for what the builder can say, so that a renderer that
  /// looks at the schema can keep a copy up to date (StepwiseRenderer).
  std::function<Rendered(const Change&)> render_up, render_down;
  /// The database's spelling of a type that the builder has no word for; may be null.
  std::function<std::string(const model::Type&)> type_name = nullptr;
};

/// The whole file. @throws Error(plan) for what stands in no C++ migration (statements with bound
/// values or COPY data, a rebuild that only SQL can switch foreign keys off for).
std::string cpp_migration(const CppMigration& migration);

/// "add users" → "AddUsers".
std::string migration_class_name(std::string_view description);

/// `changes` with the statements that must stand around all of them (`Dialect::script_frame`).
std::vector<Change> framed(std::vector<Change> changes, const Dialect& dialect);

}  // namespace sterna
