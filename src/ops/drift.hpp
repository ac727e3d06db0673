// Whether a database is what its applied migrations make, for what looks again and again or at
// many. Used by `sterna serve` and `validate --fleet`. Replays the migrations in a scratch
// database; never touches the one that it looks at.
#pragma once

#include "diff/diff.hpp"
#include "migration/engine.hpp"
#include "ops/health_page.hpp"

namespace sterna {

struct DriftOptions {
  ObjectFilter filter;
  bool schema = false;  ///< the connection's current schema alone is meant
  bool grants = false;  ///< owners and privileges too
};

/// What the database has and the migrations applied to it do not make, and the other way round.
std::vector<Change> drift_of(MigrationEngine& engine, const DriftOptions& options);

/// The same in words. Failures are in the report.
DriftReport find_drift(const EngineOptions& options, const ObjectFilter& filter);

}  // namespace sterna
