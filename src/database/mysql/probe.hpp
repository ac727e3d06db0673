// Looking at the live database on behalf of its dialect: did an interrupted statement take
// effect? Called by the dialect alone, under the run's lock; reads only,
// never changes anything.
#pragma once

#include <string>
#include <string_view>

#include "database/dialect.hpp"

namespace sterna::mysql {

/// True when the effect of `statement` cannot be told from the existence of the objects it names
/// (an index added without a name, a data statement), so that `fingerprint` must be read before it
/// runs.
bool needs_fingerprint(const Statement& statement);
/// Text of the concerned object's definition as the server tells it; a change shows that the
/// statement took effect. Empty when there is nothing to read.
std::string fingerprint(Connection& connection, const Statement& statement);
/// Looks whether `statement`, which was in flight when a run died, took effect.
/// `fingerprint_before` is what `fingerprint` gave before it ran, empty when it was not read.
EffectReport effect(Connection& connection, const Statement& statement,
                    std::string_view fingerprint_before);

}  // namespace sterna::mysql
