// What doctor asks a PostgreSQL server.
#include "base/text.hpp"
#include "database/postgres/connection.hpp"

#include <cstdio>

namespace sterna::postgres {
namespace {

using Result = ServerFinding::Result;

ServerFinding writes(bool recovery, bool read_only) {
  if (recovery)
    return {"writes", "this is a standby: connect to the primary (target_session_attrs=read-write)",
            Result::bad};
  if (read_only)
    return {"writes", "default_transaction_read_only is on for this role or database", Result::bad};
  return {"writes", "taken"};
}

/// Standbys, as far as this role may see them (manual, "pg_stat_replication").
ServerFinding replicas(Connection& connection) {
  constexpr double much = 10;
  std::vector<std::string> lines;
  double slowest = 0;
  for (const Row& row : connection.query(
           "SELECT coalesce(nullif(application_name, ''), client_addr::text, 'one'), "
           "coalesce(state, 'state not visible to this role'), coalesce(extract(epoch FROM "
           "replay_lag), 0)::float8 FROM pg_catalog.pg_stat_replication ORDER BY 1")) {
    const double lag = row.get<double>(2);
    slowest = std::max(slowest, lag);
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.1f s behind", lag);
    lines.push_back(row.get<std::string>(0) + " (" + row.get<std::string>(1) + ", " + seconds +
                    ")");
  }
  return {"replicas", lines.empty() ? "none seen" : join(lines, ", "),
          slowest > much ? Result::warning : Result::good};
}

/// A transaction that stays open holds back what ALTER TABLE waits for.
ServerFinding old_transactions(Connection& connection) {
  const Rows rows = connection.query(
      "SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), "
      "0)::bigint "
      "FROM pg_catalog.pg_stat_activity WHERE datname = current_database() AND pid <> "
      "pg_backend_pid() AND xact_start < clock_timestamp() - interval '1 minute'");
  const auto count = rows.front().get<std::int64_t>(0);
  if (count == 0) return {"old transactions", "none"};
  return {"old transactions",
          std::to_string(count) + " open for more than a minute, the oldest for " +
              std::to_string(rows.front().get<std::int64_t>(1)) +
              " s: a change of a table that they have read waits for them (pg_stat_activity)",
          Result::warning};
}

}  // namespace

std::vector<ServerFinding> PostgresConnection::examine() {
  const Rows rows = query(
      "SELECT pg_catalog.pg_is_in_recovery(), current_setting('default_transaction_read_only') = "
      "'on', (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
  const Row& row = rows.front();
  return {writes(row.get<bool>(0), row.get<bool>(1)),
          clock_finding(static_cast<double>(row.get<std::int64_t>(2)) / 1000), replicas(*this),
          old_transactions(*this)};
}

}  // namespace sterna::postgres
