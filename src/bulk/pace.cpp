#include "bulk/pace.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace sterna::bulk {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::int64_t first_batch = 1000, least_batch = 10, most_batch = 200'000;
constexpr int most_refusals = 40, told_from = 3;
constexpr milliseconds look_every{1000}, wait_step{250};
/// A server that is always this busy is no reason never to finish.
constexpr milliseconds longest_wait_for_sessions{30'000};
constexpr std::string_view busy_sessions = " sessions are running statements";

}  // namespace

Pace::Pace(const StepOptions& options, const BulkWords& words, StepHost& host)
    : options_(options),
      words_(words),
      host_(host),
      replicas_(host.replicas(), words),
      batch_(options.batch.value_or(first_batch)),
      // Replicas are asked before the first batch: a wrong name is found before anything runs.
      looked_(replicas_.any() ? steady_clock::time_point() : steady_clock::now()) {}

// Towards the time aimed at, at most twice as many at once: the next rows may be wider.
void Pace::did(std::int64_t rows, std::chrono::duration<double> took) {
  refusals_ = 0;
  begun_ = true;
  if (options_.batch) return;
  const double aim = std::chrono::duration<double>(options_.target).count();
  const double factor = std::clamp(aim / std::max(took.count(), 1e-6), 0.3, 2.0);
  // A range with fewer rows than asked for says little of a full one.
  if (factor > 1 && rows < batch_) return;
  batch_ = std::clamp(static_cast<std::int64_t>(static_cast<double>(batch_) * factor), least_batch,
                      most_batch);
}

void Pace::refused(const Error& error) {
  if (++refusals_ > most_refusals) throw error;
  if (refusals_ == told_from)
    host_.tell(fmt::format("waiting: rows are locked by another session ({})", error.what()));
  if (!options_.batch) batch_ = std::max(least_batch, batch_ / 2);
  sleep(milliseconds(20 * std::min(refusals_, 10)));
}

void Pace::sleep(milliseconds time) {
  const auto until = steady_clock::now() + time;
  while (steady_clock::now() < until) {
    host_.check();
    std::this_thread::sleep_for(std::min<steady_clock::duration>(
        milliseconds(20), std::max<steady_clock::duration>(until - steady_clock::now(),
                                                           steady_clock::duration::zero())));
  }
}

std::string Pace::busy() {
  const double most = std::chrono::duration<double>(options_.max_lag).count();
  if (std::string reason = replicas_.behind(most); !reason.empty()) return reason;
  if (options_.pause) return {};
  const ServerLoad load = words_.load(host_.connection());
  if (load.replica_lag > most)
    return fmt::format("a replica is {} behind", format_duration(load.replica_lag));
  if (load.running > options_.max_running) return fmt::format("{}{}", load.running, busy_sessions);
  return {};
}

void Pace::wait_while_busy() {
  const auto since = steady_clock::now();
  std::string told;
  for (std::string reason = busy(); !reason.empty(); reason = busy()) {
    const auto waited = steady_clock::now() - since;
    if (told.empty()) host_.tell("waiting: " + (told = reason));
    if (reason.ends_with(busy_sessions) && waited > longest_wait_for_sessions) break;
    sleep(wait_step);
  }
  if (!told.empty()) {
    const std::chrono::duration<double> waited = steady_clock::now() - since;
    host_.tell("going on after " + format_duration(waited.count()));
  }
}

void Pace::rest() {
  host_.check();
  if (options_.pause && begun_) sleep(*options_.pause);
  if (options_.pause && !replicas_.any()) return;
  if (steady_clock::now() - looked_ < look_every) return;
  wait_while_busy();
  looked_ = steady_clock::now();
}

}  // namespace sterna::bulk
