// The steps there are, for whoever runs or plans a statement without knowing which it is.
#pragma once

#include "bulk/host.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace sterna::bulk {

/// Runs the step that `statement` is; rows changed. @throws Error(validation) before anything runs
/// when it cannot be done.
std::int64_t run_step(const Statement& statement, StepHost& host);
/// Takes back what an interrupted run of the step left, as far as it can be taken back. @throws
/// Error(plan) where it cannot.
void abandon_step(const Statement& statement, StepHost& host);
/// What it would do, one line each; nothing for statements that are no step. @throws as run_step.
std::vector<std::string> plan_step(const Statement& statement, Connection& connection);

/// Plans the statements of a run one after the other. A table that one of them defines or alters is
/// not looked at in the database as it is now.
class StepPlans {
 public:
  explicit StepPlans(Connection& connection) : connection_(connection) {}
  /// As plan_step.
  std::vector<std::string> see(const Statement& statement);

 private:
  Connection& connection_;
  std::set<std::string> altered_;  // names in lower case
};

}  // namespace sterna::bulk
