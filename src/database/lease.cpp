#include "database/lease.hpp"

#include "base/log.hpp"
#include "base/system.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

namespace sterna {
namespace {

using Steady = std::chrono::steady_clock;

std::string replaced(std::string text, std::string_view key, const std::string& value) {
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos; at += value.size())
    text.replace(at, key.size(), value);
  return text;
}

class LeaseLocker final : public Locker {
 public:
  LeaseLocker(Connection& work, std::function<std::unique_ptr<Connection>()> reconnect,
              LeaseSql sql, LeaseTimes times)
      : work_(work), reconnect_(std::move(reconnect)), sql_(std::move(sql)), times_(times) {
    // The process alone does not tell two lockers of one program apart.
    static std::atomic<int> number{0};
    owner_ = runner_identity() + " #" + std::to_string(++number) + "." +
             std::to_string(std::random_device{}() % 100000);
  }
  ~LeaseLocker() override { release(); }

  bool try_acquire() override {
    if (held_ && !over()) return true;
    stop_heartbeat();
    held_ = false;
    make_table();
    // Taken before the server counts, so that the lease never seems longer here than there.
    const Steady::time_point asked = Steady::now();
    const std::optional<std::string> acquire = acquisition();
    if (!acquire) return false;
    work_.execute(own(*acquire));
    const Rows rows = work_.query(own(sql_.owned));
    if (rows.empty()) return false;
    const Row& row = rows.front();
    if (row.has("owner") &&
        row.get<std::optional<std::string>>("owner").value_or(std::string()) != owner_)
      return false;
    fence_ = row.get<std::int64_t>("fence");
    held_ = true;
    lost_ = false;
    renewed_ = asked;
    start_heartbeat();
    return true;
  }

  void release() noexcept override {
    stop_heartbeat();
    if (!held_) return;
    held_ = false;
    try {
      if (work_.alive()) {
        work_.rollback();
        work_.execute(own(sql_.release));
      } else if (sql_.release_elsewhere) {
        reconnect_()->execute(own(sql_.release));
      }
    } catch (const Error&) {  // it ends by itself
    }
  }

  std::optional<LockHolder> holder() override {
    const Rows rows = work_.query(own(sql_.holder));
    if (rows.empty()) return std::nullopt;
    return LockHolder{rows.front().get<std::string>(0), rows.front().get<double>(1)};
  }

  std::vector<Statement> fence() const override {
    std::vector<Statement> statements;
    for (const std::string& sql : sql_.fence)
      statements.push_back({filled(sql), {}, {"the fence of the migration lock", 0, 0}, {}});
    return statements;
  }

  void check() override {
    if (!held_ || !over()) return;
    throw Error(ErrorKind::lock,
                "the migration lock was lost: its lease could not be renewed in time")
        .suggest("another run may have taken over; `sterna status` shows what is applied");
  }

  std::string_view kind() const override { return "lease (a pooler or cluster is in between)"; }

 private:
  bool over() {
    const std::lock_guard lock(mutex_);
    return lost_ || Steady::now() - renewed_ >= times_.lease;
  }

  std::string filled(std::string sql) const {
    const Dialect& dialect = work_.dialect();
    sql = replaced(std::move(sql), "{owner}", dialect.literal(Value(owner_)));
    sql = replaced(std::move(sql), "{fence}", std::to_string(fence_));
    return replaced(std::move(sql), "{seconds}",
                    std::to_string(static_cast<double>(times_.lease.count()) / 1000.0));
  }

  Statement own(const std::string& sql) const {
    Statement statement{filled(sql), {}, {}, {}};
    statement.purpose = Purpose::lock;
    return statement;
  }

  /// The statement that takes the lease; nothing while somebody else is known to hold it.
  std::optional<std::string> acquisition() const {
    if (sql_.current.empty()) return sql_.acquire;
    const Rows rows = work_.query(own(sql_.current));
    const bool taken = !rows.empty() && !rows.front()["owner"].is_null();
    if (taken && rows.front().get<std::string>("owner") != owner_) return std::nullopt;
    const std::optional<std::int64_t> fence =
        rows.empty() ? std::nullopt : rows.front().get<std::optional<std::int64_t>>("fence");
    std::string sql = replaced(sql_.acquire, "{current}", fence ? std::to_string(*fence) : "NULL");
    return replaced(std::move(sql), "{next}", std::to_string(fence.value_or(0) + 1));
  }

  /// Two first runners may both try: one of them then fails with a name that exists, which is what
  /// it wanted.
  void make_table() {
    if (made_) return;
    for (int attempt = 0;; ++attempt) {
      try {
        if (!sql_.table.name.empty() && !work_.has_table(sql_.table))
          work_.execute(own(sql_.create_table));
        if (!sql_.create_row.empty()) work_.execute(own(sql_.create_row));
        made_ = true;
        return;
      } catch (const Error& error) {
        const bool raced = error.kind() == ErrorKind::schema || error.kind() == ErrorKind::data;
        if (!raced || attempt >= 5) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(20 << attempt));
      }
    }
  }

  void start_heartbeat() {
    ended_ = false;
    heartbeat_ = std::thread([this] { beat(); });
  }

  void stop_heartbeat() noexcept {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    wake_.notify_all();
    if (heartbeat_.joinable()) heartbeat_.join();
  }

  void beat() {
    std::unique_ptr<Connection> connection;
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, times_.heartbeat, [this] { return ended_; })) {
      lock.unlock();
      bool renewed = false, lost = false;
      const Steady::time_point asked = Steady::now();
      try {
        if (!connection || !connection->alive()) connection = reconnect_();
        renewed = connection->execute(own(sql_.renew)) == 1;
        lost = !renewed;
      } catch (const Error& error) {
        connection.reset();  // tried again at the next beat; check() knows when it took too long
        log(LogLevel::warning,
            std::string("the migration lock could not be renewed: ") + error.what());
      }
      lock.lock();
      if (renewed) renewed_ = asked;
      if (lost) {
        lost_ = true;
        return;
      }
    }
  }

  Connection& work_;
  std::function<std::unique_ptr<Connection>()> reconnect_;
  LeaseSql sql_;
  LeaseTimes times_;
  std::string owner_;
  std::int64_t fence_ = 0;
  bool held_ = false, made_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::thread heartbeat_;
  bool ended_ = true, lost_ = false;
  Steady::time_point renewed_;
};

}  // namespace

model::Name lease_table(const std::string& lock_name) {
  const std::size_t dot = lock_name.find('.');
  return {dot == std::string::npos ? std::string() : lock_name.substr(0, dot),
          std::string(lease_table_name)};
}

std::unique_ptr<Locker> make_lease_locker(Connection& work,
                                          std::function<std::unique_ptr<Connection>()> reconnect,
                                          LeaseSql sql, LeaseTimes times) {
  return std::make_unique<LeaseLocker>(work, std::move(reconnect), std::move(sql), times);
}

}  // namespace sterna
