// Health as what monitors read: JSON, the text format of Prometheus, and the answers to a cluster's
// probes. Used by `sterna serve`; asks no database itself, but the function it was given, once for
// all who ask at one time.
#pragma once

#include "http/server.hpp"

#include <sterna/health.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sterna {

/// What a slow question about the database found, and when.
struct DriftReport {
  std::vector<std::string> changes;  ///< in words; empty: the database is what its migrations make
  std::string error;                 ///< why it could not be compared
  std::string checked_at;            ///< UTC
};

struct HealthPageOptions {
  std::string connection;  ///< its name, for the answer when the database gives none
  std::function<Health()> check;
  /// Whether the database is what its migrations make: expensive, so asked every `drift_interval`
  /// in the background.
  std::function<DriftReport()> check_drift = {};
  std::chrono::milliseconds drift_interval{0};  ///< 0: never
  std::chrono::milliseconds keep{1000};  ///< an answer of the database serves everyone for so long
  std::chrono::milliseconds patience{5000};  ///< then the answer is that the database gives none
};

class HealthPages {
 public:
  explicit HealthPages(HealthPageOptions options);
  ~HealthPages();
  HealthPages(const HealthPages&) = delete;
  HealthPages& operator=(const HealthPages&) = delete;

  /// GET /health, /livez, /readyz, /metrics. Callable from several threads.
  HttpResponse answer(const HttpRequest& request);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// "pending: 2 migrations" … ; empty when `health` is ready.
std::string why_not_ready(const Health& health);
/// Text exposition format 0.0.4.
std::string prometheus_text(const Health& health, const std::optional<DriftReport>& drift,
                            double uptime_seconds);
std::string health_json(const Health& health, const std::optional<DriftReport>& drift,
                        double uptime_seconds);

}  // namespace sterna
