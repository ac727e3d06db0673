// A plan as a contract: what a run is to do, the state it was made on, and a hash over both. A run
// by a plan does exactly that, or refuses because the files, the history or the schema have moved.
// Used by `plan --out` and `up --plan`.
#pragma once

#include "migration/engine.hpp"

#include <string>
#include <string_view>

namespace sterna {

/// The plan for everything up to `target`, as JSON that a person can read. @throws Error(plan) when
/// a migration cannot be planned.
std::string make_plan_file(MigrationEngine& engine, const Target& target);
/// Runs what the plan says. @throws Error(plan), and nothing was run: the file was edited, or what
/// it was made on is no longer so.
RunResult run_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file);

}  // namespace sterna
