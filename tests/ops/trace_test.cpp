// Spans, as a collector that listens on a socket receives them.
#include "ops/trace.hpp"

#include "http/client.hpp"
#include "http/server.hpp"

#include <sterna/runner.hpp>

#include <nlohmann/json.hpp>

#include <mutex>
#include <thread>

namespace sterna {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Keeps what it is sent.
class Collector {
 public:
  explicit Collector(int status = 200)
      : server_({}, [this, status](const HttpRequest& request) {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          return HttpResponse{.status = status, .body = "{}"};
        }) {
    thread_ = std::thread([this] { server_.run(stop_); });
  }
  ~Collector() {
    stop_.request();
    thread_.join();
  }
  std::string address() const { return server_.address(); }
  std::vector<HttpRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  StopSource stop_;
  std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  HttpServer server_;
  std::thread thread_;
};

Environment environment_of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string ignored_warnings;
std::unique_ptr<TraceExporter> exporter(std::map<std::string, std::string> values,
                                        std::string& warnings = ignored_warnings) {
  return TraceExporter::from_environment(environment_of(std::move(values)),
                                         [&warnings](std::string_view text) { warnings += text; });
}

void run_two(TraceExporter& trace, std::string_view second) {
  Runner runner("sqlite::memory:",
                {make_migration("001_people",
                                [](Schema& schema) { schema.raw("CREATE TABLE people (id int)"); }),
                 make_migration("002_more",
                                [sql = std::string(second)](Schema& schema) { schema.raw(sql); })});
  runner.on_event([&](const Event& event) { trace.on_event(event); });
  try {
    runner.up();
  } catch (const Error&) {
  }
}

nlohmann::json spans_of(const HttpRequest& request) {
  return nlohmann::json::parse(request.body)["resourceSpans"][0]["scopeSpans"][0]["spans"];
}

nlohmann::json named(const nlohmann::json& spans, const std::string& name) {
  for (const auto& span : spans)
    if (span["name"] == name) return span;
  return nullptr;
}

TEST(TraceExporter, SendsARunItsMigrationsAndStatements) {
  Collector collector;
  const auto trace = exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.address()},
                               {"OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20b, x-other=c"},
                               {"OTEL_SERVICE_NAME", "shop"},
                               {"OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test"}});
  ASSERT_NE(trace, nullptr);
  trace->of_database("postgres");
  run_two(*trace, "CREATE TABLE more (id int)");
  const auto requests = collector.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/v1/traces");
  EXPECT_EQ(requests[0].header("content-type"), "application/json");
  EXPECT_EQ(requests[0].header("x-key"), "a b");
  EXPECT_EQ(requests[0].header("x-other"), "c");
  EXPECT_THAT(requests[0].body,
              HasSubstr(R"({"key":"service.name","value":{"stringValue":"shop"}})"));
  EXPECT_THAT(requests[0].body, HasSubstr("deployment.environment"));
  const auto spans = spans_of(requests[0]);
  const auto run = named(spans, "sterna up"), people = named(spans, "migration 001_people"),
             more = named(spans, "migration 002_more");
  ASSERT_FALSE(run.is_null() || people.is_null() || more.is_null()) << spans.dump(1);
  EXPECT_FALSE(run.contains("parentSpanId"));
  EXPECT_EQ(people["parentSpanId"], run["spanId"]);
  EXPECT_EQ(people["traceId"], run["traceId"]);
  EXPECT_EQ(run["traceId"].get<std::string>().size(), 32U);
  EXPECT_EQ(run["spanId"].get<std::string>().size(), 16U);
  EXPECT_EQ(run["status"]["code"], 1);
  EXPECT_LE(std::stoull(run["startTimeUnixNano"].get<std::string>()),
            std::stoull(people["startTimeUnixNano"].get<std::string>()));
  EXPECT_GE(std::stoull(run["endTimeUnixNano"].get<std::string>()),
            std::stoull(more["endTimeUnixNano"].get<std::string>()));
  int statements = 0;
  for (const auto& span : spans) {
    EXPECT_THAT(span["attributes"].dump(),
                testing::AllOf(
                    HasSubstr(R"({"key":"db.system.name","value":{"stringValue":"postgresql"}})"),
                    HasSubstr(R"("key":"db.system")")));
    if (!span["name"].get<std::string>().starts_with("statement")) continue;
    ++statements;
    EXPECT_TRUE(span["parentSpanId"] == people["spanId"] || span["parentSpanId"] == more["spanId"]);
    EXPECT_THAT(span.dump(), HasSubstr("CREATE TABLE"));
  }
  EXPECT_EQ(statements, 2);
}

TEST(TraceExporter, MarksWhatFailed) {
  Collector collector;
  run_two(*exporter({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.address() + "/own/path"}}),
          "CREATE TABLE people (id int)");
  const auto requests = collector.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/own/path");
  const auto spans = spans_of(requests[0]);
  EXPECT_EQ(named(spans, "migration 001_people")["status"]["code"], 1);
  const auto failed = named(spans, "migration 002_more");
  EXPECT_EQ(failed["status"]["code"], 2);
  EXPECT_THAT(failed["status"]["message"].get<std::string>(), HasSubstr("already exists"));
  EXPECT_EQ(named(spans, "sterna up")["status"]["code"], 2);
}

TEST(TraceExporter, HangsTheRunUnderTheSpanThatStartedIt) {
  Collector collector;
  run_two(*exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", collector.address() + "/"},
                     {"TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}),
          "CREATE TABLE more (id int)");
  const auto run = named(spans_of(collector.requests().at(0)), "sterna up");
  EXPECT_EQ(run["traceId"], "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(run["parentSpanId"], "b7ad6b7169203331");
}

TEST(TraceExporter, NeverHarmsARun) {
  std::string warnings;
  Collector refusing(503);
  run_two(*exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", refusing.address()}}, warnings),
          "CREATE TABLE more (id int)");
  EXPECT_THAT(warnings, HasSubstr("503"));
  warnings.clear();
  run_two(*exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"}}, warnings),
          "CREATE TABLE more (id int)");
  EXPECT_THAT(warnings, HasSubstr("could not be sent"));
}

TEST(TraceExporter, IsThereOnlyWhenItIsAskedFor) {
  std::string warnings;
  EXPECT_EQ(exporter({}, warnings), nullptr);
  EXPECT_EQ(exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://x"}, {"OTEL_SDK_DISABLED", "true"}},
                     warnings),
            nullptr);
  EXPECT_THAT(warnings, IsEmpty());
  EXPECT_EQ(exporter({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector"}}, warnings), nullptr);
  EXPECT_THAT(warnings, HasSubstr("https"));
}

TEST(HttpClient, GivesUpWhenTheTimeIsOver) {
  std::atomic<bool> go_on = false;
  StopSource stop;
  HttpServer server({}, [&](const HttpRequest&) {
    go_on.wait(false);
    return HttpResponse{};
  });
  std::thread thread([&] { server.run(stop); });
  EXPECT_THROW(http_post(parse_http_url(server.address()), "", "text/plain", {},
                         std::chrono::milliseconds(100)),
               Error);
  go_on = true;
  go_on.notify_all();
  stop.request();
  thread.join();
}

TEST(HttpClient, ReadsAddresses) {
  EXPECT_EQ(parse_http_url("http://collector:4318/v1/traces").port, 4318);
  EXPECT_EQ(parse_http_url("http://[::1]:4318").host, "::1");
  EXPECT_EQ(parse_http_url("http://[::1]:4318").port, 4318);
  EXPECT_EQ(parse_http_url("http://host").target, "/");
  for (const auto* bad :
       {"collector:4318", "http://", "http://h:0", "http://h:99999", "http://u:p@h/", "ftp://h"})
    EXPECT_THROW(parse_http_url(bad), Error) << bad;
}

}  // namespace
}  // namespace sterna
