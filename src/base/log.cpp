#include "base/log.hpp"

#include "base/url.hpp"

#include <atomic>
#include <mutex>

namespace sterna {
namespace {

std::mutex mutex;
LogSink& sink() {
  static LogSink current;
  return current;
}
std::atomic<int> threshold{1000};  // above every level: nothing is logged until a sink is set

}  // namespace

void set_log_sink(LogSink new_sink, LogLevel least) {
  const std::lock_guard lock(mutex);
  threshold = new_sink ? static_cast<int>(least) : 1000;
  sink() = std::move(new_sink);
}

bool log_enabled(LogLevel level) noexcept {
  return static_cast<int>(level) >= threshold.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view text) {
  if (!log_enabled(level)) return;
  const std::lock_guard lock(mutex);
  if (sink()) sink()(level, mask_passwords(text));
}

}  // namespace sterna
