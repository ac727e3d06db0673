// A plan as a contract: what a run is to do, what it costs and what the rules find of it, the state
// it was made on, and a hash over all of it. A run by a plan does exactly that, or refuses because
// the files, the history or the schema have moved.
// Used by `plan --out` and `up --plan`.
#pragma once

#include "lint/review.hpp"
#include "migration/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct PlanFile {
  std::string text;         ///< JSON that a person can read
  lint::PlanReview review;  ///< what stands in it
};

/// The plan for everything up to `target`. @throws Error(plan) when a migration cannot be planned.
PlanFile make_plan_file(MigrationEngine& engine, const Target& target, const lint::Policy& policy);

/// How a plan that still holds looks today.
struct PlanToday {
  Plan plan;
  lint::PlanReview review;
  /// Statements that take longer than was agreed to, because their tables have grown: "statement 2
  /// of 003_index: seconds when the plan was made, minutes now (…)".
  std::vector<std::string> grown;
};
/// Looks, and runs nothing. @throws Error(plan) as run_plan_file.
PlanToday look_at_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file,
                            const lint::Policy& policy);

/// Runs what the plan says. @throws Error(plan), and nothing was run: the file was edited, is of
/// another format, or what it was made on is no longer so.
RunResult run_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file);

}  // namespace sterna
