// Clocks and stop signals. Work that can be cancelled registers how; a watchdog thread calls it
// when a clock runs out or somebody asks to stop. The thread exists only while something is being
// watched.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace sterna {

/// A request to stop, shared by the runner and whoever may ask (a signal handler, an embedding
/// program). request() is async-signal-safe.
class StopSource {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
};

using Clock = std::chrono::steady_clock;

/// Watches any number of nested deadlines and one StopSource, and calls `cancel` (from its own
/// thread) when the earliest ends. `cancel` is called again every 200 ms until the guard that fired
/// is gone, because a cancel request can arrive between two statements and be lost.
class Watchdog {
 public:
  Watchdog(std::function<void()> cancel, const StopSource* stop);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// While it lives, the deadline counts. `what` is for the message: "migration 20260115_001
  /// (timeout 60 s)".
  class Guard {
   public:
    Guard() = default;
    Guard(Guard&&) noexcept;
    Guard& operator=(Guard&&) noexcept;
    ~Guard();

   private:
    friend class Watchdog;
    Watchdog* watchdog_ = nullptr;
    int id_ = 0;
  };
  /// A zero or negative `limit` means no limit; the guard then only watches the stop source.
  Guard watch(std::chrono::milliseconds limit, std::string what);

  enum class Cause { none, deadline, stop };
  /// Why work was cancelled since the outermost guard was made; `what()` then names the clock that
  /// ran out.
  Cause cause() const;
  std::string what() const;
  /// @throws Error(timeout) or Error(interrupted) when something fired: called between statements.
  void check() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sterna
