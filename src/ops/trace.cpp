#include "ops/trace.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "http/client.hpp"
#include "http/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <iterator>
#include <mutex>
#include <random>
#include <utility>

namespace sterna {
namespace {

using Json = nlohmann::ordered_json;
using Nanoseconds = std::chrono::nanoseconds;

/// A migration of a million statements is no trace that anybody reads; the count of the rest is an
/// attribute of the run.
constexpr std::size_t most_statement_spans = 2000;
constexpr std::size_t most_statement_text = 4096;

std::string random_hex(std::size_t bytes) {
  static thread_local std::random_device device;
  std::string out;
  while (out.size() < bytes * 2) out += fmt::format("{:08x}", static_cast<std::uint32_t>(device()));
  return out.substr(0, bytes * 2);
}

Nanoseconds unix_now() { return std::chrono::system_clock::now().time_since_epoch(); }

Json attribute(std::string_view key, std::string_view value) {
  return {{"key", key}, {"value", {{"stringValue", value}}}};
}
/// 64-bit integers are text in the JSON form of protocol buffers.
Json attribute(std::string_view key, std::size_t value) {
  return {{"key", key}, {"value", {{"intValue", std::to_string(value)}}}};
}

struct Span {
  std::string id = random_hex(8), parent, name;
  Nanoseconds start = unix_now(), end{0};
  bool client = false;  ///< a call of the database's server, as opposed to work of this program
  Json attributes = Json::array();
  std::string error;

  Json json(const std::string& trace) const {
    Json json{{"traceId", trace}, {"spanId", id}};
    if (!parent.empty()) json["parentSpanId"] = parent;
    json["name"] = name;
    json["kind"] = client ? 3 : 1;
    json["startTimeUnixNano"] = std::to_string(start.count());
    json["endTimeUnixNano"] = std::to_string(std::max(start, end).count());
    json["attributes"] = attributes;
    if (error.empty())
      json["status"] = {{"code", 1}};
    else
      json["status"] = {{"code", 2}, {"message", error}};
    return json;
  }
};

/// "00-TRACE-SPAN-FLAGS" of W3C Trace Context; nothing when it is malformed or void.
std::optional<std::pair<std::string, std::string>> parse_traceparent(std::string_view text) {
  const std::vector<std::string> parts = split(trim(text), '-');
  const auto hex = [](const std::string& part, std::size_t size) {
    return part.size() == size && part.find_first_not_of("0123456789abcdef") == std::string::npos &&
           part.find_first_not_of('0') != std::string::npos;
  };
  if (parts.size() < 4 || parts[0].size() != 2 || parts[0] == "ff" || !hex(parts[1], 32) ||
      !hex(parts[2], 16))
    return std::nullopt;
  return std::pair(parts[1], parts[2]);
}

/// "key=value,key=value", the values percent-encoded (OpenTelemetry specification, Baggage form).
std::vector<std::pair<std::string, std::string>> parse_pairs(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& item : split(text, ',')) {
    const auto equals = item.find('=');
    if (equals == std::string::npos) continue;
    const std::string value(trim(std::string_view(item).substr(equals + 1)));
    pairs.emplace_back(trim(std::string_view(item).substr(0, equals)),
                       percent_decode(value, false).value_or(value));
  }
  return pairs;
}

/// Where spans go, and what goes with each request.
struct Collector {
  HttpUrl url;
  HttpHeaders headers;
  std::chrono::milliseconds timeout{10000};
  Json resource = Json::array();
  std::function<void(std::string_view)> warn;

  /// False when they did not arrive; then it was said why.
  bool send(const std::string& trace, const std::vector<Span>& ended) const {
    Json spans = Json::array();
    for (const Span& span : ended) spans.push_back(span.json(trace));
    Json scope{{"scope", {{"name", "sterna"}, {"version", version()}}},
               {"spans", std::move(spans)}};
    Json body{{"resourceSpans", Json::array({{{"resource", {{"attributes", resource}}},
                                              {"scopeSpans", Json::array({std::move(scope)})}}})}};
    try {
      const HttpResponse answer =
          http_post(url, body.dump(-1, ' ', false, Json::error_handler_t::replace),
                    "application/json", headers, timeout);
      if (answer.status >= 200 && answer.status <= 299) return true;
      warn(fmt::format("the traces were refused with status {}", answer.status));
    } catch (const Error& error) {
      warn(fmt::format("the traces could not be sent: {}", error.what()));
    }
    return false;
  }
};

void fail(Span& span, const Error& error) {
  span.error = mask_passwords(error.what());
  span.attributes.push_back(attribute("error.type", to_string(error.kind())));
  if (!error.code().empty())
    span.attributes.push_back(attribute("db.response.status_code", error.code()));
}

/// A database's kind as OpenTelemetry's semantic conventions spell it, by the scheme of its URL.
std::string_view system_name(std::string_view scheme) {
  if (scheme == "postgres") return "postgresql";
  if (scheme == "sqlite3") return "sqlite";
  if (scheme == "scylla") return "cassandra";
  return scheme;
}

/// The spans of a fleet, from all its threads. Sent in parts, so that neither a thousand targets
/// make a thousand requests nor their spans stay in memory.
class FleetSpans {
 public:
  FleetSpans(const Collector& collector, std::string trace)
      : collector_(collector), trace_(std::move(trace)) {}

  void add(std::vector<Span> spans) {
    const std::lock_guard lock(mutex_);
    if (refused_) return;
    std::move(spans.begin(), spans.end(), std::back_inserter(spans_));
    if (spans_.size() >= part) send();
  }
  void flush() {
    const std::lock_guard lock(mutex_);
    if (!spans_.empty() && !refused_) send();
  }
  const std::string& trace() const noexcept { return trace_; }

 private:
  static constexpr std::size_t part = 1000;
  void send() {
    refused_ = !collector_.send(trace_, spans_);
    spans_.clear();
  }

  const Collector& collector_;
  std::string trace_;
  std::mutex mutex_;
  std::vector<Span> spans_;
  bool refused_ = false;
};

}  // namespace

struct TraceExporter::State {
  std::shared_ptr<const Collector> collector;
  std::string trace, outer;  ///< of TRACEPARENT; empty: each run is a trace of its own

  std::shared_ptr<FleetSpans> fleet_spans;  ///< of a fleet and its targets
  std::optional<Span> fleet;
  std::string database;  ///< "postgresql"; empty: not known
  std::string target;    ///< whose runs these are; empty outside of a fleet

  std::optional<Span> run, migration;
  std::string run_trace;
  std::vector<Span> ended;
  std::size_t statements = 0;
  bool ran = false;

  void begin_run(const Event& event) {
    run_trace = trace.empty() ? random_hex(16) : trace;
    run.emplace();
    run->parent = outer;
    run->name = event.direction == Direction::up ? "sterna up" : "sterna down";
    run->attributes.push_back(attribute("sterna.connection", event.connection));
    say_database(*run);
    if (!target.empty()) run->attributes.push_back(attribute("sterna.target", target));
    ended.clear();
    statements = 0;
    ran = true;
  }

  void begin_migration(const Event& event) {
    migration.emplace();
    migration->parent = run ? run->id : outer;
    migration->name = "migration " + event.migration;
    say_database(*migration);
    migration->attributes.push_back(attribute("sterna.migration", event.migration));
  }

  /// A statement is told of when it has ended: those of one message to the server began together.
  void add_statement(const Event& event) {
    if (++statements > most_statement_spans) return;
    Span span;
    span.end = unix_now();
    span.start = span.end - event.duration;
    span.parent = migration ? migration->id : run ? run->id : outer;
    span.name = fmt::format("statement {}", event.index);
    span.client = true;
    say_database(span);
    span.attributes.push_back(
        attribute("db.query.text",
                  mask_passwords(std::string_view(event.text).substr(0, most_statement_text))));
    if (event.error != nullptr) fail(span, event);
    ended.push_back(std::move(span));
  }

  /// Under the name of the conventions, and under the one that they had until 2025.
  void say_database(Span& span) const {
    if (database.empty()) return;
    span.attributes.push_back(attribute("db.system.name", database));
    span.attributes.push_back(attribute("db.system", database));
  }

  static void fail(Span& span, const Event& event) {
    if (event.error != nullptr)
      sterna::fail(span, *event.error);
    else
      span.error = mask_passwords(event.text);
  }

  void end(std::optional<Span>& span, const Event& event, bool failed) {
    if (!span) return;
    span->end = unix_now();
    if (failed) fail(*span, event);
    ended.push_back(std::move(*span));
    span.reset();
  }

  void send() {
    if (fleet_spans)
      fleet_spans->add(std::exchange(ended, {}));
    else
      collector->send(run_trace, std::exchange(ended, {}));
  }
};

TraceExporter::TraceExporter(std::unique_ptr<State> state) : state_(std::move(state)) {}
TraceExporter::~TraceExporter() = default;

std::unique_ptr<TraceExporter> TraceExporter::from_environment(
    const Environment& environment, std::function<void(std::string_view)> warn) {
  const auto value = [&](const char* name) { return environment(name).value_or(""); };
  std::string endpoint = value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  if (endpoint.empty()) {
    endpoint = value("OTEL_EXPORTER_OTLP_ENDPOINT");
    if (endpoint.empty()) return nullptr;
    endpoint += endpoint.ends_with('/') ? "v1/traces" : "/v1/traces";
  }
  if (equals_ignoring_case(value("OTEL_SDK_DISABLED"), "true") ||
      value("OTEL_TRACES_EXPORTER") == "none")
    return nullptr;
  auto collector = std::make_shared<Collector>();
  collector->warn = std::move(warn);
  try {
    collector->url = parse_http_url(endpoint);
  } catch (const Error& error) {
    collector->warn(fmt::format("no traces are sent: {}", error.what()));
    return nullptr;
  }
  for (auto& pair : parse_pairs(value("OTEL_EXPORTER_OTLP_HEADERS")))
    collector->headers.push_back(std::move(pair));
  const std::string timeout = value("OTEL_EXPORTER_OTLP_TIMEOUT");
  int milliseconds = 0;
  if (std::from_chars(timeout.data(), timeout.data() + timeout.size(), milliseconds).ec ==
          std::errc() &&
      milliseconds > 0)
    collector->timeout = std::chrono::milliseconds(milliseconds);
  const std::string service = value("OTEL_SERVICE_NAME");
  collector->resource.push_back(attribute("service.name", service.empty() ? "sterna" : service));
  for (const auto& [key, text] : parse_pairs(value("OTEL_RESOURCE_ATTRIBUTES"))) {
    if (key != "service.name" || service.empty())
      collector->resource.push_back(attribute(key, text));
  }
  auto state = std::make_unique<State>();
  state->collector = std::move(collector);
  if (const auto parent = parse_traceparent(value("TRACEPARENT")))
    std::tie(state->trace, state->outer) = *parent;
  return std::unique_ptr<TraceExporter>(new TraceExporter(std::move(state)));
}

void TraceExporter::of_database(std::string_view scheme) { state_->database = system_name(scheme); }

void TraceExporter::on_event(const Event& event) {
  State& state = *state_;
  switch (event.kind) {
    case EventKind::run_started:
      return state.begin_run(event);
    case EventKind::migration_started:
      return state.begin_migration(event);
    case EventKind::statement_finished:
    case EventKind::statement_failed:
      return state.add_statement(event);
    case EventKind::migration_finished:
    case EventKind::migration_failed:
      return state.end(state.migration, event, event.kind == EventKind::migration_failed);
    case EventKind::run_finished:
    case EventKind::run_failed: {
      const bool failed = event.kind == EventKind::run_failed;
      state.end(state.migration, event, failed);
      if (state.run && state.statements > most_statement_spans)
        state.run->attributes.push_back(
            attribute("sterna.statements_left_out", state.statements - most_statement_spans));
      state.end(state.run, event, failed);
      return state.send();
    }
    default:
      return;
  }
}

void TraceExporter::begin_fleet(std::string_view command, std::string_view name,
                                std::size_t targets) {
  State& state = *state_;
  state.fleet_spans = std::make_shared<FleetSpans>(
      *state.collector, state.trace.empty() ? random_hex(16) : state.trace);
  state.fleet.emplace();
  state.fleet->parent = state.outer;
  state.fleet->name = fmt::format("sterna {} --fleet {}", command, name);
  state.fleet->attributes.push_back(attribute("sterna.fleet", name));
  state.fleet->attributes.push_back(attribute("sterna.targets", targets));
}

std::unique_ptr<TraceExporter> TraceExporter::target(std::string_view name,
                                                     std::string_view scheme) const {
  auto own = std::make_unique<State>();
  own->collector = state_->collector;
  own->fleet_spans = state_->fleet_spans;
  own->trace = state_->fleet_spans->trace();
  own->outer = state_->fleet->id;
  own->target = name;
  own->database = system_name(scheme);
  return std::unique_ptr<TraceExporter>(new TraceExporter(std::move(own)));
}

void TraceExporter::target_failed(const Error& error) {
  State& state = *state_;
  if (state.ran) return;
  state.begin_run({.kind = EventKind::run_started, .connection = state.target});
  Event failure{.kind = EventKind::run_failed, .connection = state.target};
  failure.error = &error;
  on_event(failure);
}

void TraceExporter::end_fleet(std::size_t failed) {
  State& state = *state_;
  state.fleet->end = unix_now();
  state.fleet->attributes.push_back(attribute("sterna.targets_failed", failed));
  if (failed > 0) state.fleet->error = fmt::format("{} targets failed", failed);
  std::vector<Span> last;
  last.push_back(std::move(*state.fleet));
  state.fleet.reset();
  state.fleet_spans->add(std::move(last));
  state.fleet_spans->flush();
}

}  // namespace sterna
