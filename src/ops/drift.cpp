#include "ops/drift.hpp"

#include "base/system.hpp"
#include "database/registry.hpp"
#include "program/state.hpp"

namespace sterna {

std::vector<Change> drift_of(MigrationEngine& engine, const DriftOptions& options) {
  StateOptions states;
  states.inspect.grants = options.grants;
  StateReader reader(engine, std::move(states), [](std::string_view) -> EngineOptions {
    throw Error(ErrorKind::internal, "drift asks for no other connection");
  });
  if (options.schema) reader.narrow();
  // The migrations first: they tell whether a scratch schema has to do.
  const State expected = reader.read_state("applied");
  const State found = reader.read_state("database");
  Connection& connection = engine.connection();
  DiffOptions how{connection.dialect(), connection.server()};
  how.filter = options.filter;
  return diff(expected.model, found.model, how).changes;
}

DriftReport find_drift(const EngineOptions& options, const ObjectFilter& filter) {
  DriftReport report;
  report.checked_at = utc_now();
  try {
    if (would_create(options.url))
      throw Error(ErrorKind::connection, "there is no database " + options.url.masked());
    MigrationEngine engine(options);
    for (const Change& change : drift_of(engine, {filter}))
      report.changes.push_back(describe(change));
  } catch (const std::exception& error) {
    report.error = mask_passwords(error.what());
  }
  return report;
}

}  // namespace sterna
