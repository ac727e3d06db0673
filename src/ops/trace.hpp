// Spans of a run, sent to an OpenTelemetry collector by OTLP/HTTP in its JSON encoding: one for the
// run, one for each migration, one for each statement. Made of events alone; a collector that does
// not answer never harms a run.
#pragma once

#include "config/config.hpp"

#include <sterna/event.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sterna {

class TraceExporter {
 public:
  /// Reads OTEL_EXPORTER_OTLP_TRACES_ENDPOINT or OTEL_EXPORTER_OTLP_ENDPOINT,
  /// OTEL_EXPORTER_OTLP_HEADERS, _TIMEOUT (ms), OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
  /// OTEL_SDK_DISABLED, and TRACEPARENT, the span that started this program (W3C Trace Context).
  /// nullptr when no endpoint is set. `warn` hears why spans cannot be sent.
  static std::unique_ptr<TraceExporter> from_environment(
      const Environment& environment, std::function<void(std::string_view)> warn);
  ~TraceExporter();
  TraceExporter(const TraceExporter&) = delete;
  TraceExporter& operator=(const TraceExporter&) = delete;

  /// The scheme of its URL: each span says which kind of database it is of.
  void of_database(std::string_view scheme);
  /// At the end of a run its spans are sent, within the timeout (10 s unless set).
  void on_event(const Event& event);

  /// A span around the runs of a fleet's targets, by `command` ("up"). What is gathered under it is
  /// sent in parts, from whichever thread brings the last of a part; after a refusal nothing more
  /// is tried.
  void begin_fleet(std::string_view command, std::string_view name, std::size_t targets);
  /// For the events of one target, which may come from a thread of its own: its run is a child of
  /// the fleet's span. `scheme`: of its URL. Lives no longer than this one.
  std::unique_ptr<TraceExporter> target(std::string_view name, std::string_view scheme) const;
  /// A target that failed: without a run of its own (no connection, say) it gets a span by this.
  void target_failed(const Error& error);
  void end_fleet(std::size_t failed);

 private:
  struct State;
  explicit TraceExporter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sterna
