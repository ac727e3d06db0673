#include "migration/health.hpp"

#include "base/system.hpp"
#include "base/url.hpp"
#include "database/registry.hpp"

#include <fmt/format.h>

namespace sterna {
namespace {

void count(Health& health, const Status& status) {
  for (const MigrationStatus& item : status.migrations) {
    switch (item.state) {
      case MigrationState::applied:
        ++health.applied;
        break;
      case MigrationState::pending:
      case MigrationState::out_of_order:
        ++health.pending;
        break;
      case MigrationState::interrupted:
        ++health.interrupted;
        continue;
      case MigrationState::changed:
        ++health.changed;
        break;
      case MigrationState::missing:
        ++health.missing;
        break;
      case MigrationState::skipped:
        break;
    }
    if (item.applied_at.empty() || item.kind == "repeatable") continue;
    health.newest = item.id();
    health.last_applied_at = std::max(health.last_applied_at, item.applied_at);
  }
}

/// Where a lock is a row, its table may not be there yet: then nobody holds it.
void find_holder(Health& health, MigrationEngine& engine) {
  const RunnerOptions& options = engine.options().run;
  Connection& connection = engine.connection();
  const History history(connection, options.history_schema, options.history_table);
  try {
    const auto holder = connection.locker(history.lock_name())->holder();
    if (!holder || holder->who.empty()) return;
    health.lock_holder = holder->who;
    health.lock_seconds = holder->seconds;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
  }
}

}  // namespace

Health check_health(MigrationEngine& engine) {
  Health health;
  health.connection = engine.options().run.name;
  health.timestamp = utc_now();
  const Clock::time_point begun = Clock::now();
  try {
    if (!engine.connected() && would_create(engine.options().url))
      throw Error(ErrorKind::connection, "there is no database " + engine.options().url.masked());
    const ServerInfo& server = engine.connection().server();
    health.database = server.version_text.starts_with(server.product)
                          ? server.version_text
                          : server.product + " " + server.version_text;
    const Status status = engine.status();
    count(health, status);
    health.frozen = status.frozen;
    find_holder(health, engine);
    health.reachable = true;
  } catch (const std::exception& error) {
    health.error = mask_passwords(error.what());
  }
  health.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  return health;
}

std::map<std::string, Health> health_status(Connections& connections) {
  std::map<std::string, Health> result;
  for (const std::string& name : connections.names()) {
    try {
      result[name] = check_health(connections[name]);
    } catch (const Error& error) {
      result[name].timestamp = utc_now();
      result[name].error = error.what();
    }
    result[name].connection = name;
  }
  return result;
}

Health check_health(Runner& runner) { return runner.health(); }

}  // namespace sterna
