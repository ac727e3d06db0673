#include "base/cancellation.hpp"

#include <sterna/error.hpp>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace sterna {
namespace {

constexpr std::chrono::milliseconds stop_poll{50};
constexpr std::chrono::milliseconds cancel_again{200};

}  // namespace

struct Watchdog::State {
  struct Watch {
    Clock::time_point deadline;
    std::string what;
  };

  std::function<void()> cancel;
  const StopSource* stop = nullptr;
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::map<int, Watch> watches;
  int next_id = 1;
  Cause cause = Cause::none;
  std::string what;
  int fired = 0;  // the guard whose clock ran out; -1 for the stop source
  Clock::time_point cancelled_at{};
  bool ended = false;
  std::thread thread;

  void start() {
    if (!thread.joinable()) thread = std::thread([this] { run(); });
  }

  /// Something fired and what it was to end still runs.
  bool cancelling() const { return fired == -1 || watches.contains(fired); }

  /// Under the lock: what has to be cancelled now, if anything.
  bool due(Clock::time_point now) {
    if (watches.empty()) return false;
    if (cancelling()) return now - cancelled_at >= cancel_again;
    if (stop != nullptr && stop->requested()) {
      cause = Cause::stop;
      what = "a request to stop";
      fired = -1;
      return true;
    }
    for (const auto& [id, watch] : watches) {
      if (watch.deadline > now) continue;
      cause = Cause::deadline;
      what = watch.what;
      fired = id;
      return true;
    }
    return false;
  }

  Clock::time_point next(Clock::time_point now) const {
    auto until = now + std::chrono::hours(1);
    if (watches.empty()) return until;
    if (stop != nullptr) until = now + stop_poll;
    if (cancelling()) return std::max(cancelled_at + cancel_again, now);
    for (const auto& [id, watch] : watches) until = std::min(until, watch.deadline);
    return std::max(until, now + std::chrono::milliseconds(1));
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!ended) {
      const auto now = Clock::now();
      if (due(now)) {
        cancelled_at = now;
        // Cancelling talks to the server; the guards must not wait for it.
        lock.unlock();
        cancel();
        lock.lock();
        continue;
      }
      wake.wait_until(lock, next(now));
    }
  }
};

Watchdog::Watchdog(std::function<void()> cancel, const StopSource* stop)
    : state_(std::make_shared<State>()) {
  state_->cancel = std::move(cancel);
  state_->stop = stop;
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
  }
  state_->wake.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

Watchdog::Guard Watchdog::watch(std::chrono::milliseconds limit, std::string what) {
  Guard guard;
  // So long a limit never ends, and would overflow the clock.
  constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 365 * 100);
  const bool endless = limit.count() <= 0 || limit > longest;
  if (endless && state_->stop == nullptr) return guard;
  const std::lock_guard lock(state_->mutex);
  if (state_->watches.empty()) {
    state_->cause = Cause::none;
    state_->fired = 0;
    state_->what.clear();
  }
  guard.watchdog_ = this;
  guard.id_ = state_->next_id++;
  state_->watches[guard.id_] = {endless ? Clock::time_point::max() : Clock::now() + limit,
                                std::move(what)};
  state_->start();
  state_->wake.notify_all();
  return guard;
}

Watchdog::Guard::Guard(Guard&& other) noexcept
    : watchdog_(std::exchange(other.watchdog_, nullptr)), id_(other.id_) {}

Watchdog::Guard& Watchdog::Guard::operator=(Guard&& other) noexcept {
  std::swap(watchdog_, other.watchdog_);
  std::swap(id_, other.id_);
  return *this;
}

Watchdog::Guard::~Guard() {
  if (watchdog_ == nullptr) return;
  const std::lock_guard lock(watchdog_->state_->mutex);
  watchdog_->state_->watches.erase(id_);
}

Watchdog::Cause Watchdog::cause() const {
  const std::lock_guard lock(state_->mutex);
  return state_->cause;
}

std::string Watchdog::what() const {
  const std::lock_guard lock(state_->mutex);
  return state_->what;
}

void Watchdog::check() const {
  if (state_->stop != nullptr && state_->stop->requested())
    throw Error(ErrorKind::interrupted, "stopped on request");
  if (cause() == Cause::deadline) throw Error(ErrorKind::timeout, what() + " ran out");
}

}  // namespace sterna
