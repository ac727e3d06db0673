#include "ops/drift.hpp"

#include "base/system.hpp"
#include "database/registry.hpp"
#include "program/state.hpp"

namespace sterna {

DriftReport find_drift(const EngineOptions& options) {
  DriftReport report;
  report.checked_at = utc_now();
  try {
    if (would_create(options.url))
      throw Error(ErrorKind::connection, "there is no database " + options.url.masked());
    MigrationEngine engine(options);
    std::string applied = "empty";
    for (const MigrationStatus& item : engine.status().migrations) {
      if (item.state == MigrationState::applied && item.kind != "repeatable")
        applied = "migrations@" + item.version;
    }
    StateReader reader(engine, {}, [](std::string_view) -> EngineOptions {
      throw Error(ErrorKind::internal, "drift asks for no other connection");
    });
    State expected = reader.read_state(applied);
    if (reader.narrowed()) expected = reader.read_state(applied);
    const State found = reader.read_state("database");
    Connection& connection = engine.connection();
    const Difference difference =
        diff(expected.model, found.model, {connection.dialect(), connection.server()});
    for (const Change& change : difference.changes) report.changes.push_back(describe(change));
  } catch (const std::exception& error) {
    report.error = mask_passwords(error.what());
  }
  return report;
}

}  // namespace sterna
