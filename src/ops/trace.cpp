#include "ops/trace.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "http/client.hpp"
#include "http/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <deque>
#include <random>

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

}  // namespace

struct TraceExporter::State {
  HttpUrl url;
  HttpHeaders headers;
  std::chrono::milliseconds timeout{10000};
  Json resource = Json::array();
  std::string trace, outer;  ///< of TRACEPARENT; empty: each run is a trace of its own
  std::function<void(std::string_view)> warn;

  std::optional<Span> run, migration;
  std::string run_trace;
  std::vector<Span> ended;
  std::size_t statements = 0;

  void begin_run(const Event& event) {
    run_trace = trace.empty() ? random_hex(16) : trace;
    run.emplace();
    run->parent = outer;
    run->name = event.direction == Direction::up ? "sterna up" : "sterna down";
    run->attributes.push_back(attribute("sterna.connection", event.connection));
    ended.clear();
    statements = 0;
  }

  void begin_migration(const Event& event) {
    migration.emplace();
    migration->parent = run ? run->id : outer;
    migration->name = "migration " + event.migration;
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
    span.attributes.push_back(
        attribute("db.query.text",
                  mask_passwords(std::string_view(event.text).substr(0, most_statement_text))));
    if (event.error != nullptr) fail(span, event);
    ended.push_back(std::move(span));
  }

  static void fail(Span& span, const Event& event) {
    span.error = mask_passwords(event.error != nullptr ? event.error->what() : event.text);
    if (event.error == nullptr) return;
    span.attributes.push_back(attribute("error.type", to_string(event.error->kind())));
    if (!event.error->code().empty())
      span.attributes.push_back(attribute("db.response.status_code", event.error->code()));
  }

  void end(std::optional<Span>& span, const Event& event, bool failed) {
    if (!span) return;
    span->end = unix_now();
    if (failed) fail(*span, event);
    ended.push_back(std::move(*span));
    span.reset();
  }

  void send() {
    Json spans = Json::array();
    for (const Span& span : ended) spans.push_back(span.json(run_trace));
    ended.clear();
    Json scope{{"scope", {{"name", "sterna"}, {"version", version()}}},
               {"spans", std::move(spans)}};
    Json body{{"resourceSpans", Json::array({{{"resource", {{"attributes", resource}}},
                                              {"scopeSpans", Json::array({std::move(scope)})}}})}};
    try {
      const HttpResponse answer =
          http_post(url, body.dump(-1, ' ', false, Json::error_handler_t::replace),
                    "application/json", headers, timeout);
      if (answer.status < 200 || answer.status > 299)
        warn(fmt::format("the traces were refused with status {}", answer.status));
    } catch (const Error& error) {
      warn(fmt::format("the traces could not be sent: {}", error.what()));
    }
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
  auto state = std::make_unique<State>();
  state->warn = std::move(warn);
  try {
    state->url = parse_http_url(endpoint);
  } catch (const Error& error) {
    state->warn(fmt::format("no traces are sent: {}", error.what()));
    return nullptr;
  }
  for (auto& pair : parse_pairs(value("OTEL_EXPORTER_OTLP_HEADERS")))
    state->headers.push_back(std::move(pair));
  const std::string timeout = value("OTEL_EXPORTER_OTLP_TIMEOUT");
  int milliseconds = 0;
  if (std::from_chars(timeout.data(), timeout.data() + timeout.size(), milliseconds).ec ==
          std::errc() &&
      milliseconds > 0)
    state->timeout = std::chrono::milliseconds(milliseconds);
  const std::string service = value("OTEL_SERVICE_NAME");
  state->resource.push_back(attribute("service.name", service.empty() ? "sterna" : service));
  for (const auto& [key, text] : parse_pairs(value("OTEL_RESOURCE_ATTRIBUTES"))) {
    if (key != "service.name" || service.empty()) state->resource.push_back(attribute(key, text));
  }
  if (const auto parent = parse_traceparent(value("TRACEPARENT")))
    std::tie(state->trace, state->outer) = *parent;
  return std::unique_ptr<TraceExporter>(new TraceExporter(std::move(state)));
}

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

}  // namespace sterna
