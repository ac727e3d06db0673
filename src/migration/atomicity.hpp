// What keeps each statement of a planned migration whole, and what a crash leaves behind it. Used
// by plans for a person and by plan files; says what the sinks do (transactional_sink.cpp,
// journalled_sink.cpp) and decides nothing.
#pragma once

#include <sterna/runner.hpp>

#include <string>
#include <vector>

namespace sterna {

class Connection;

struct StatementAtomicity {
  std::string unit;          ///< what it is committed with: "by itself", "with its journal entry"
  std::string after_crash;   ///< what is there when the run dies after it, or in it
  bool with_others = false;  ///< shares its transaction with the others of the migration
  bool operator==(const StatementAtomicity&) const = default;
};

/// One for each statement, in their order.
std::vector<StatementAtomicity> atomicity_of(const PlannedMigration& migration,
                                             const Connection& connection,
                                             const RunnerOptions& options);

}  // namespace sterna
