#include "database/cql/locker.hpp"

#include "database/cql/connection.hpp"
#include "database/cql/engine.hpp"
#include "database/cql/own_table.hpp"
#include "database/lease.hpp"

#include <fmt/format.h>

#include <thread>

namespace sterna::cql {
namespace {

/// The owner's column has a TTL, the fencing number has none: it must go on growing. Nobody but the
/// servers counts the time.
LeaseSql lease_sql(const CqlConnection& connection, const model::Name& name) {
  const std::string table = connection.dialect().quote(name);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(connection.settings().lease).count();
  const std::string mine = "lock_owner = {owner} AND lock_fence = {fence}";
  LeaseSql sql;
  sql.current =
      fmt::format("SELECT lock_owner AS owner, lock_fence AS fence FROM {} WHERE {} LIMIT 1", table,
                  own_partition);
  sql.acquire = fmt::format(
      "BEGIN BATCH UPDATE {0} USING TTL {2} SET lock_owner = {{owner}} WHERE "
      "{1} IF lock_owner = null AND lock_fence = {{current}}; UPDATE {0} "
      "SET lock_fence = {{next}}, lock_since = toTimestamp(now()) WHERE {1}; APPLY BATCH",
      table, own_partition, seconds);
  sql.owned = sql.current;
  sql.renew = fmt::format("UPDATE {} USING TTL {} SET lock_owner = {{owner}} WHERE {} IF {}", table,
                          seconds, own_partition, mine);
  sql.release =
      fmt::format("UPDATE {} SET lock_owner = null WHERE {} IF {}", table, own_partition, mine);
  sql.fence = {"IF " + mine};
  sql.release_elsewhere = true;
  return sql;
}

class CqlLocker final : public Locker {
 public:
  CqlLocker(CqlConnection& connection, const std::string& name)
      : connection_(connection), table_(own_table_name(connection, name)) {
    Url url = connection.url();
    const ConnectOptions options = connection.options();
    const std::chrono::milliseconds lease = connection.settings().lease;
    lease_ = make_lease_locker(
        connection, [url, options] { return connect(url, options); }, lease_sql(connection, table_),
        {lease, std::min<std::chrono::milliseconds>(lease / 3, std::chrono::seconds(5))});
  }
  ~CqlLocker() override { release(); }

  /// Looks at the cluster first: definitions that some nodes cannot get are not begun.
  bool try_acquire() override {
    if (!steady_) {
      connection_.know_nodes();
      connection_.cluster().require_steady();
      make_own_table(connection_, table_);
      steady_ = true;
    }
    if (!try_lease()) return false;
    connection_.set_fence(lease_->fence().front().sql, table_);
    return true;
  }

  void release() noexcept override {
    connection_.set_fence({}, {});
    lease_->release();
  }

  std::optional<LockHolder> holder() override {
    if (!steady_ && !connection_.has_table(table_)) return std::nullopt;
    Statement look{
        fmt::format("SELECT lock_owner, toUnixTimestamp(lock_since), toUnixTimestamp(now()) FROM "
                    "{} WHERE {} LIMIT 1",
                    connection_.dialect().quote(table_), own_partition),
        {},
        {},
        {}};
    look.purpose = Purpose::lock;
    const Rows rows = connection_.query(look);
    if (rows.empty() || rows.front()[0].is_null()) return std::nullopt;
    const Row& row = rows.front();
    const double seconds =
        row[1].is_null()
            ? -1
            : static_cast<double>(row.get<std::int64_t>(2) - row.get<std::int64_t>(1)) / 1000;
    return LockHolder{row.get<std::string>(0), seconds};
  }

  void check() override { lease_->check(); }
  std::string_view kind() const override { return "lease by lightweight transaction"; }

 private:
  /// A table that another run has just made is in the catalog a moment before it can be used.
  bool try_lease() {
    constexpr int most_tries = 100;
    for (int attempt = 0;; ++attempt) {
      try {
        return lease_->try_acquire();
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::schema || attempt >= most_tries) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    }
  }

  CqlConnection& connection_;
  model::Name table_;
  std::unique_ptr<Locker> lease_;
  bool steady_ = false;
};

}  // namespace

std::unique_ptr<Locker> make_locker(CqlConnection& connection, const std::string& name) {
  return std::make_unique<CqlLocker>(connection, name);
}

std::unique_ptr<Locker> CqlConnection::locker(const std::string& name) {
  return make_locker(*this, name);
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  return std::make_unique<CqlConnection>(url, options);
}

}  // namespace sterna::cql
