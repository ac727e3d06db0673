#include "bulk/steps.hpp"

#include "bulk/backfill.hpp"
#include "bulk/directive.hpp"

namespace sterna::bulk {

std::int64_t run_step(const Statement& statement, StepHost& host) {
  return run_backfill(statement, host);
}

std::vector<std::string> plan_step(const Statement& statement, Connection& connection) {
  if (!is_step(statement)) return {};
  return plan_backfill(statement, connection);
}

}  // namespace sterna::bulk
