// What a fleet is doing, on a terminal: a line of counts, and under it the targets in progress with
// the migration each of them is at, drawn anew ten times a second. Elsewhere it shows nothing.
#pragma once

#include "program/fleet.hpp"

#include <sterna/event.hpp>

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace sterna::cli {

class FleetTable {
 public:
  explicit FleetTable(bool shown) : shown_(shown) {}
  ~FleetTable() { clear(); }
  FleetTable(const FleetTable&) = delete;
  FleetTable& operator=(const FleetTable&) = delete;

  /// From the thread of the target.
  void begin(const std::string& target);
  void on_event(const std::string& target, const Event& event);
  void end(const std::string& target);

  void show(const FleetProgress& progress);
  /// Takes it away, before something else is printed.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  struct Row {
    std::string doing = "connecting";
    Clock::time_point since = Clock::now();
  };
  std::string text(const FleetProgress& progress);

  bool shown_;
  std::mutex mutex_;
  std::map<std::string, Row> rows_;
  std::size_t drawn_ = 0;  ///< lines on the screen
};

}  // namespace sterna::cli
