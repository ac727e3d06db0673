#include "bulk/steps.hpp"

#include "base/text.hpp"
#include "bulk/backfill.hpp"
#include "bulk/directive.hpp"
#include "bulk/online.hpp"
#include "bulk/shape.hpp"
#include "sql/classify.hpp"

namespace sterna::bulk {
namespace {

bool defines(Verb verb) {
  return verb == Verb::create || verb == Verb::alter || verb == Verb::drop ||
         verb == Verb::rename || verb == Verb::do_block || verb == Verb::call;
}

/// The table that a step goes through. @throws Error(validation) when it cannot be parted.
std::string table_of(const Statement& statement, const StepOptions& step, Language language) {
  if (step.kind == StepKind::backfill) return shape_of(statement, language, step.table).table.name;
  return classify(body_of(statement.sql), language).name.name;
}

}  // namespace

std::int64_t run_step(const Statement& statement, StepHost& host) {
  return step_of(statement)->kind == StepKind::online ? run_online(statement, host)
                                                      : run_backfill(statement, host);
}

void abandon_step(const Statement& statement, StepHost& host) {
  if (step_of(statement)->kind == StepKind::online)
    abandon_online(statement, host);
  else
    abandon_backfill(statement, host);
}

std::vector<std::string> plan_step(const Statement& statement, Connection& connection) {
  const std::optional<StepOptions> step = step_of(statement);
  if (!step) return {};
  return step->kind == StepKind::online ? plan_online(statement, connection)
                                        : plan_backfill(statement, connection);
}

std::vector<std::string> StepPlans::see(const Statement& statement) {
  const Language language = connection_.dialect().language();
  const std::optional<StepOptions> step = step_of(statement);
  if (!step) {
    const StatementSummary summary = classify(statement.sql, language);
    if (!defines(summary.verb)) return {};
    for (const ObjectName& name : {summary.name, summary.table, summary.new_name})
      altered_.insert(to_lower(name.name));
    for (const ObjectName& name : summary.more_new_names) altered_.insert(to_lower(name.name));
    return {};
  }
  if (!altered_.contains(to_lower(table_of(statement, *step, language))))
    return plan_step(statement, connection_);
  const std::string later =
      "what it goes by is looked at again when the statements before have run";
  try {
    std::vector<std::string> lines = plan_step(statement, connection_);
    lines.push_back(later);
    return lines;
  } catch (const Error& error) {  // what they make may be what is missing
    if (!connection_.alive()) throw;
    return {"in batches; " + later};
  }
}

}  // namespace sterna::bulk
