// Several sessions beside a connection, each of which works through ranges of tokens until none is
// left. Used by walks and copies. What a session cannot do for a passing reason is done again by
// another one; any other error ends all of them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "database/cql/client.hpp"

namespace sterna::cql {

class CqlConnection;

class RangeWorkers {
 public:
  /// What is done with one range; called again for the same one when its session was lost, so it
  /// goes on where it had come to. `stopping` ends it early.
  struct Turn {
    Client& client;
    std::size_t range;
    int attempt;  ///< 0 the first time
    const std::atomic<bool>& stopping;
    Deadline deadline() const { return std::chrono::steady_clock::now() + timeout; }
    std::chrono::milliseconds timeout;
  };
  using Work = std::function<void(const Turn&)>;

  RangeWorkers(CqlConnection& connection, int sessions, std::size_t ranges, Work work);
  /// Stops them and waits.
  ~RangeWorkers();
  RangeWorkers(const RangeWorkers&) = delete;
  RangeWorkers& operator=(const RangeWorkers&) = delete;

  /// Waits until something is done, at most this long; false when all have ended.
  bool wait(std::chrono::milliseconds most);
  /// @throws what ended one of them; Error(timeout, "interrupted") when the connection was
  /// cancelled meanwhile.
  void check();
  void stop() noexcept;

 private:
  void work_through(std::size_t number);
  bool once_more(std::size_t number, std::size_t range, int attempt);
  void open(std::size_t number, int attempt);

  CqlConnection& connection_;
  std::vector<Url::Host> hosts_;
  std::size_t ranges_;
  Work work_;
  std::uint64_t cancellations_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // of what follows
  std::condition_variable ended_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::exception_ptr failure_;
  std::size_t working_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace sterna::cql
