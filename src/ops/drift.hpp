// Whether a database is what its applied migrations make, for what looks again and again. Used by
// `sterna serve`. Replays the migrations in a scratch database; never touches the one that it looks
// at.
#pragma once

#include "migration/engine.hpp"
#include "ops/health_page.hpp"

namespace sterna {

/// Failures are in the report.
DriftReport find_drift(const EngineOptions& options);

}  // namespace sterna
