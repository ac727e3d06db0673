// The steps there are, for whoever runs or plans a statement without knowing which it is.
#pragma once

#include "bulk/host.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sterna::bulk {

/// Runs the step that `statement` is; rows changed. @throws Error(validation) before anything runs
/// when it cannot be done.
std::int64_t run_step(const Statement& statement, StepHost& host);
/// What it would do, one line each; nothing for statements that are no step. @throws as run_step.
std::vector<std::string> plan_step(const Statement& statement, Connection& connection);

}  // namespace sterna::bulk
