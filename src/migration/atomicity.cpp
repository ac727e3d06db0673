#include "migration/atomicity.hpp"

#include "bulk/directive.hpp"
#include "database/connection.hpp"
#include "migration/execution.hpp"

#include <fmt/format.h>

namespace sterna {
namespace {

/// "statement 1 is", "statements 1 to 3 are", "all of it is"
std::string done_so_far(std::size_t number, std::size_t count) {
  if (number == count) return "all of it is done";
  return number == 1 ? std::string("statement 1 is done")
                     : fmt::format("statements 1 to {} are done", number);
}

std::string next_after(std::size_t number, std::size_t count) {
  return number == count ? std::string("the next run writes that into the history")
                         : fmt::format("the next run goes on with statement {}", number + 1);
}

StatementAtomicity journalled(const Statement& statement, const Dialect& dialect,
                              std::size_t number, std::size_t count) {
  const std::string after = done_so_far(number, count) + "; " + next_after(number, count);
  if (bulk::is_step(statement))
    return {"in batches, each with its cursor in one transaction",
            after +
                "; in the middle of it, the batches that were committed stay and the next run "
                "goes on behind them"};
  const bool by_itself =
      dialect.refuses_transaction(statement).has_value() || dialect.commits_implicitly(statement);
  if (!by_itself)
    return {"in one transaction with its journal entry",
            after + "; in the middle of it, nothing of it remains"};
  return {"by itself, with a journal entry before and after it",
          after + "; in the middle of it, the next run looks whether it took effect"};
}

}  // namespace

std::vector<StatementAtomicity> atomicity_of(const PlannedMigration& migration,
                                             const Connection& connection,
                                             const RunnerOptions& options) {
  std::vector<StatementAtomicity> result;
  const std::size_t count = migration.statements.size();
  const bool whole_run = options.transaction == RunTransaction::run;
  for (const PlannedStatement& planned : migration.statements) {
    if (runs_in_transaction(migration.meta, connection)) {
      result.push_back(whole_run ? StatementAtomicity{"in the transaction of the run",
                                                      "nothing of the run remains", true}
                                 : StatementAtomicity{"in the transaction of its migration",
                                                      "nothing of the migration remains", true});
      continue;
    }
    const Statement statement{planned.sql, {}, planned.position, {}};
    result.push_back(journalled(statement, connection.dialect(), result.size() + 1, count));
  }
  return result;
}

}  // namespace sterna
