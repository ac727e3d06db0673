// A backfill: one UPDATE, DELETE or INSERT … SELECT over a whole table, run range by range of its
// key. Each range is a short transaction that also keeps the cursor, so that a run which dies goes
// on exactly there. Ends with a count of what is left. Knows nothing of migrations.
#pragma once

#include "bulk/directive.hpp"
#include "bulk/host.hpp"

#include <string>
#include <vector>

namespace sterna::bulk {

/// Runs the backfill that `statement` is, from where the host's cursor stands; rows changed.
/// @throws Error(validation) before anything runs, when it cannot be parted safely or its table has
/// no key.
std::int64_t run_backfill(const Statement& statement, StepHost& host);

/// Takes away the trigger that an interrupted run left. The rows that it did keep what they have.
void abandon_backfill(const Statement& statement, StepHost& host);

/// What a backfill would do, one line each: key, rows, batches. A table that is not there yet is no
/// error. @throws Error(validation) as run_backfill.
std::vector<std::string> plan_backfill(const Statement& statement, Connection& connection);

}  // namespace sterna::bulk
