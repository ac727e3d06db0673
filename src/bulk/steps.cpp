#include "bulk/steps.hpp"

#include "bulk/backfill.hpp"
#include "bulk/directive.hpp"
#include "bulk/online.hpp"

namespace sterna::bulk {

std::int64_t run_step(const Statement& statement, StepHost& host) {
  return step_of(statement)->kind == StepKind::online ? run_online(statement, host)
                                                      : run_backfill(statement, host);
}

std::vector<std::string> plan_step(const Statement& statement, Connection& connection) {
  const std::optional<StepOptions> step = step_of(statement);
  if (!step) return {};
  return step->kind == StepKind::online ? plan_online(statement, connection)
                                        : plan_backfill(statement, connection);
}

}  // namespace sterna::bulk
