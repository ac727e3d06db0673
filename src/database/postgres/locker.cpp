#include "database/postgres/locker.hpp"

#include "base/hash.hpp"
#include "database/postgres/connection.hpp"
#include "database/postgres/engine.hpp"

#include <fmt/format.h>

namespace sterna::postgres {
namespace {

/// The lock lives on the working session itself:
/// docs/decisions/0001-lock-on-the-working-session.md.
class AdvisoryLock final : public Locker {
 public:
  AdvisoryLock(PostgresConnection& connection, const std::string& name) : connection_(connection) {
    const std::string digest = sha256_hex("sterna:" + name).substr(0, 16);
    key_ = static_cast<std::int64_t>(std::stoull(digest, nullptr, 16));
  }
  ~AdvisoryLock() override { release(); }

  /// Advisory locks are by database already, so the name alone makes the key.
  bool try_acquire() override {
    if (held_) return true;
    // A server that runs a long statement notices only when asked to that its client is gone
    // (client_connection_check_interval, since PostgreSQL 14): until then the lock would stay.
    constexpr int check_since = 140000;
    const std::string notice =
        connection_.server().version >= check_since
            ? ", set_config('client_connection_check_interval', '1000', false)"
            : "";
    held_ = connection_.query(fmt::format("SELECT pg_try_advisory_lock({}){}", key_, notice))
                .front()
                .get<bool>(0);
    return held_;
  }

  void release() noexcept override {
    if (!held_) return;
    held_ = false;
    try {
      if (!connection_.alive()) return;  // the lock went with the session
      connection_.rollback();
      connection_.query(fmt::format("SELECT pg_advisory_unlock({})", key_));
    } catch (const Error&) {
    }
  }

  std::optional<LockHolder> holder() override {
    // A bigint key stands in pg_locks in two halves.
    const auto bits = static_cast<std::uint64_t>(key_);
    const Rows rows = connection_.query(fmt::format(
        "SELECT coalesce(nullif(a.application_name, ''), a.usename::text, '') || ' (backend ' || "
        "l.pid || coalesce(', ' || host(a.client_addr), '') || ')', "
        "extract(epoch from now() - a.backend_start)::float8 FROM pg_locks l LEFT JOIN "
        "pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted "
        "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
        "l.classid = {} AND l.objid = {} AND l.objsubid = 1 LIMIT 1",
        bits >> 32, bits & 0xFFFFFFFFULL));
    if (rows.empty()) return std::nullopt;
    return LockHolder{rows.front().get<std::string>(0),
                      rows.front()[1].is_null() ? -1 : rows.front().get<double>(1)};
  }

  void check() override {
    if (held_ && !connection_.alive())
      throw Error(ErrorKind::connection, "the session that held the migration lock was lost");
  }

  std::string_view kind() const override { return "advisory lock"; }

 private:
  PostgresConnection& connection_;
  std::int64_t key_ = 0;
  bool held_ = false;
};

/// The table stands beside the history. A takeover changes `fence`, part of a key, and so waits for
/// migrations in progress, whose fence holds the row FOR KEY SHARE; the heartbeat changes no key
/// and does not (PostgreSQL manual, "Row-Level Locks").
LeaseSql lease_sql(const PostgresConnection& connection, const std::string& name) {
  const model::Name table_name = lease_table(name);
  const std::string table = connection.dialect().quote(table_name);
  const std::string key = connection.dialect().literal(Value(name));
  const std::string mine = fmt::format("name = {} AND owner = {{owner}}", key);
  LeaseSql sql;
  // The row is made first, free, and then taken by an UPDATE that only one of several can win: an
  // INSERT … ON CONFLICT (name) would still fail on the other unique index when two make the row.
  sql.table = table_name;
  sql.create_table = fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (name text PRIMARY KEY, owner text NOT NULL, fence bigint NOT "
      "NULL, since timestamptz NOT NULL, expires timestamptz NOT NULL, UNIQUE (name, fence))",
      table);
  sql.create_row = fmt::format(
      "INSERT INTO {} (name, owner, fence, since, expires) VALUES ({}, '', 0, now(), '-infinity') "
      "ON CONFLICT DO NOTHING",
      table, key);
  sql.acquire = fmt::format(
      "UPDATE {} SET owner = {{owner}}, fence = fence + 1, since = clock_timestamp(), expires = "
      "clock_timestamp() + make_interval(secs => {{seconds}}) WHERE name = {} AND expires < "
      "clock_timestamp()",
      table, key);
  sql.owned =
      fmt::format("SELECT fence FROM {} WHERE {} AND expires > clock_timestamp()", table, mine);
  sql.renew = fmt::format(
      "UPDATE {} SET expires = clock_timestamp() + make_interval(secs => {{seconds}}) WHERE {} AND "
      "fence = {{fence}}",
      table, mine);
  // Not deleted: the fencing number must go on growing.
  sql.release = fmt::format("UPDATE {} SET expires = '-infinity' WHERE {} AND fence = {{fence}}",
                            table, mine);
  sql.holder = fmt::format(
      "SELECT owner, extract(epoch from clock_timestamp() - since)::float8 FROM {} WHERE name = {} "
      "AND expires > clock_timestamp()",
      table, key);
  sql.fence = {
      fmt::format("DO $sterna$ BEGIN PERFORM 1 FROM {} WHERE {} AND fence = {{fence}} AND expires "
                  "> clock_timestamp() FOR KEY SHARE; IF NOT FOUND THEN RAISE "
                  "EXCEPTION 'the migration lock was lost: another run has taken over' USING "
                  "ERRCODE = 'lock_not_available'; END IF; END $sterna$",
                  table, mine)};
  return sql;
}

}  // namespace

std::unique_ptr<Locker> make_locker(PostgresConnection& connection, const std::string& name,
                                    LeaseTimes times) {
  // A pooler tells clients a process id of its own making; the server's function tells the truth.
  const bool pooled = connection.query("SELECT pg_backend_pid()").front().get<int>(0) !=
                      connection.told_backend_pid();
  if (!pooled) return std::make_unique<AdvisoryLock>(connection, name);
  const Url url = connection.url();
  const ConnectOptions options = connection.options();
  return make_lease_locker(
      connection, [url, options] { return connect(url, options); }, lease_sql(connection, name),
      times);
}

std::unique_ptr<Locker> PostgresConnection::locker(const std::string& name) {
  return make_locker(*this, name);
}

}  // namespace sterna::postgres
