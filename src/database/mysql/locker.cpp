#include "database/mysql/locker.hpp"

#include "base/hash.hpp"
#include "database/mysql/connection.hpp"
#include "database/mysql/engine.hpp"

#include <fmt/format.h>

namespace sterna::mysql {
namespace {

/// GET_LOCK belongs to the session and survives the implicit commits of definitions (MySQL manual,
/// "Locking Functions").
class SessionLock final : public Locker {
 public:
  SessionLock(MysqlConnection& connection, const std::string& name) : connection_(connection) {
    // Names are server-wide and at most 64 characters long.
    name_ = "sterna:" + sha256_hex(connection.url().database + "\n" + name).substr(0, 40);
  }
  ~SessionLock() override { release(); }

  bool try_acquire() override {
    if (held_) return true;
    const Rows rows = connection_.query(fmt::format("SELECT GET_LOCK('{}', 0)", name_));
    held_ = !rows.front()[std::size_t{0}].is_null() && rows.front().get<std::int64_t>(0) == 1;
    return held_;
  }

  void release() noexcept override {
    if (!held_) return;
    held_ = false;
    try {
      if (connection_.alive()) connection_.query(fmt::format("SELECT RELEASE_LOCK('{}')", name_));
    } catch (const Error&) {  // the lock went with the session
    }
  }

  std::optional<LockHolder> holder() override {
    const Rows rows = connection_.query(
        fmt::format("SELECT CONCAT(p.user, '@', p.host, ' (connection ', p.id, ')') FROM "
                    "information_schema.processlist p WHERE p.id = IS_USED_LOCK('{}')",
                    name_));
    if (rows.empty()) return std::nullopt;
    // For how long it has it, the server does not tell.
    LockHolder holder{rows.front().get<std::string>(0), -1};
    try {
      // Who it is for a person: the name that the runner gave at the start, where the server shows
      // it.
      const Rows named = connection_.query(
          fmt::format("SELECT attr_value FROM performance_schema.session_connect_attrs WHERE "
                      "attr_name = 'program_name' AND processlist_id = IS_USED_LOCK('{}')",
                      name_));
      if (!named.empty() && !named.front()[std::size_t{0}].is_null())
        holder.who = named.front().get<std::string>(0) + ", " + holder.who;
    } catch (const Error&) {  // no right, or no performance schema
    }
    return holder;
  }

  void check() override {
    if (held_ && !connection_.alive())
      throw Error(ErrorKind::connection, "the session that held the migration lock was lost");
  }

  std::string_view kind() const override { return "GET_LOCK"; }

 private:
  MysqlConnection& connection_;
  std::string name_;
  bool held_ = false;
};

LeaseSql lease_sql(const MysqlConnection& connection, const std::string& name) {
  const model::Name table_name = lease_table(name);
  const std::string table = connection.dialect().quote(table_name);
  const std::string key = connection.dialect().literal(Value(name));
  const std::string mine = fmt::format("name = {} AND owner = {{owner}}", key);
  const std::string until = "TIMESTAMPADD(MICROSECOND, {seconds} * 1000000, UTC_TIMESTAMP(6))";
  LeaseSql sql;
  sql.table = table_name;
  sql.create_table = fmt::format(
      "CREATE TABLE IF NOT EXISTS {} (name varchar(191) NOT NULL PRIMARY KEY, owner varchar(255) "
      "NOT NULL, fence bigint NOT NULL, since datetime(6) NOT NULL, expires datetime(6) NOT NULL)",
      table);
  // Assignments go from left to right: `expires` is changed last, so that all of them judge by its
  // old value.
  sql.acquire = fmt::format(
      "INSERT INTO {0} (name, owner, fence, since, expires) VALUES ({1}, {{owner}}, 1, "
      "UTC_TIMESTAMP(6), {2}) ON DUPLICATE KEY UPDATE owner = "
      "IF(expires < UTC_TIMESTAMP(6), VALUES(owner), owner), fence = IF(expires < "
      "UTC_TIMESTAMP(6), fence + 1, fence), since = IF(expires < "
      "UTC_TIMESTAMP(6), VALUES(since), since), expires = IF(expires < UTC_TIMESTAMP(6), "
      "VALUES(expires), expires)",
      table, key, until);
  sql.owned =
      fmt::format("SELECT fence FROM {} WHERE {} AND expires > UTC_TIMESTAMP(6)", table, mine);
  sql.renew =
      fmt::format("UPDATE {} SET expires = {} WHERE {} AND fence = {{fence}}", table, until, mine);
  sql.release = fmt::format("UPDATE {} SET expires = '1970-01-02' WHERE {} AND fence = {{fence}}",
                            table, mine);
  sql.holder = fmt::format(
      "SELECT owner, TIMESTAMPDIFF(SECOND, since, UTC_TIMESTAMP(6)) FROM {} WHERE name = {} AND "
      "expires > UTC_TIMESTAMP(6)",
      table, key);
  // Definitions commit by themselves, so nothing can be held until then: a subquery with two rows
  // fails the batch before its next statement. SET, because DO ends well whatever fails in it.
  sql.fence = {fmt::format(
      "SET @sterna_fence = IF((SELECT COUNT(*) FROM {} WHERE {} AND fence = {{fence}} AND expires "
      "> UTC_TIMESTAMP(6)) = 1, 1, (SELECT 1 UNION ALL SELECT 2))",
      table, mine)};
  return sql;
}

}  // namespace

std::unique_ptr<Locker> make_locker(MysqlConnection& connection, const std::string& name,
                                    LeaseTimes times) {
  const bool proxied =
      static_cast<unsigned long>(
          connection.query("SELECT CONNECTION_ID()").front().get<std::int64_t>(0)) !=
      connection.thread_id();
  const Rows cluster = connection.query("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  const bool galera = !cluster.empty() && cluster.front().get<std::string>(1) == "ON";
  if (!proxied && !galera) return std::make_unique<SessionLock>(connection, name);
  const Url url = connection.url();
  const ConnectOptions options = connection.options();
  return make_lease_locker(
      connection, [url, options] { return connect(url, options); }, lease_sql(connection, name),
      times);
}

std::unique_ptr<Locker> MysqlConnection::locker(const std::string& name) {
  return make_locker(*this, name);
}

}  // namespace sterna::mysql
