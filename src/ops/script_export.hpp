// What a run would do, as one script for a person who runs it by hand: statements and history rows.
// Used by `export`. Reads; runs nothing.
#pragma once

#include "migration/engine.hpp"

#include <string>

namespace sterna {

/// @throws Error(plan) for a migration that cannot be written down: it cannot be planned, or binds
/// values.
std::string export_sql(MigrationEngine& engine, const Target& target);

}  // namespace sterna
