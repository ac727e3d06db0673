// What a plan would do to the database that it was made on: each statement with what the rules find
// of it, what it costs, and what keeps it whole. Used by `plan`, `plan --out`, `up` in protected
// environments and `lint --pending`, so that all of them say the same.
#pragma once

#include "lint/linter.hpp"
#include "migration/atomicity.hpp"
#include "migration/engine.hpp"

#include <string>
#include <vector>

namespace sterna::lint {

struct StatementReview {
  Estimate estimate;
  StatementAtomicity atomicity;
  std::vector<Finding> findings;
};

struct MigrationReview {
  std::string id;
  std::vector<Finding> findings;  ///< about the migration as a whole, or about its way down
  std::vector<StatementReview> statements;  ///< one for each of the plan's
};

using PlanReview = std::vector<MigrationReview>;

/// `plan` was made by `engine`, upwards. Looks at the schema, and at how large its tables are.
/// `schema`: where all of it happens, so that of a database with very many schemas only this one is
/// read, and those that the plan names; empty: all are.
/// @throws Error(config) for a policy that cannot be followed.
PlanReview review(MigrationEngine& engine, const Plan& plan, const Policy& policy,
                  const std::string& schema = {});

/// All findings, migration by migration, in the order of the lines.
std::vector<Finding> findings_of(const PlanReview& review);

}  // namespace sterna::lint
