// Looking at the live cluster on behalf of its dialect: did an interrupted statement take effect,
// and what stands behind an error. Called by the dialect alone, under the run's lock; reads only,
// never changes anything.
#pragma once

#include <string_view>

#include "database/dialect.hpp"

namespace sterna::cql {

/// Looks whether `statement`, which was in flight when a run died, took effect.
EffectReport effect(Connection& connection, const Statement& statement,
                    std::string_view fingerprint_before);
/// Adds to `error` what only asking can tell.
void explain(Error& error, Connection& connection) noexcept;

}  // namespace sterna::cql
