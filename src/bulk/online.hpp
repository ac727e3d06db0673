// An ALTER TABLE that keeps nobody waiting, on servers that can do it in place only sometimes: by
// the server itself where it can, else on a copy of the table that triggers keep right, in batches,
// compared, and put in its place at once. Each phase can be taken up where a run died.
#pragma once

#include "bulk/host.hpp"

#include <string>
#include <vector>

namespace sterna::bulk {

/// Runs the ALTER TABLE that `statement` is. @throws Error(validation) before anything runs when
/// the table cannot be changed in this way; Error(data) when the copy does not hold what the table
/// does: then nothing is left behind.
std::int64_t run_online(const Statement& statement, StepHost& host);

/// Takes back what an interrupted run left. @throws Error(plan) when the change is made already.
void abandon_online(const Statement& statement, StepHost& host);

/// What it would do, one line each. @throws Error(validation) as run_online.
std::vector<std::string> plan_online(const Statement& statement, Connection& connection);

}  // namespace sterna::bulk
