// What keeps each statement of a planned migration whole, and what a crash leaves behind it. Used
// by plans for a person and by plan files; says what the sinks do (transactional_sink.cpp,
// journalled_sink.cpp) and decides nothing.
#pragma once

#include <sterna/lint.hpp>
#include <sterna/runner.hpp>

#include <vector>

namespace sterna {

class Connection;

/// One for each statement, in their order.
std::vector<StatementAtomicity> atomicity_of(const PlannedMigration& migration,
                                             const Connection& connection,
                                             const RunnerOptions& options);

}  // namespace sterna
