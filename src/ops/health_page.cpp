#include "ops/health_page.hpp"

#include "base/cancellation.hpp"
#include "base/system.hpp"
#include "base/text.hpp"

#include <sterna/value.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sterna {
namespace {

/// What could not be compared is tried again sooner.
constexpr std::chrono::milliseconds after_failure{60'000};

}  // namespace

/// The question that is asked of the database, answered by one thread for all who wait.
struct HealthPages::State {
  explicit State(HealthPageOptions given) : options(std::move(given)) {}

  HealthPageOptions options;
  Clock::time_point started = Clock::now();
  std::mutex mutex;
  std::condition_variable asked, answered;
  bool stopping = false;
  bool wanted = false;
  std::uint64_t answers = 0;
  Health latest;
  Clock::time_point latest_at;
  std::optional<DriftReport> drift;
  std::thread checker, comparer;

  void check_loop() {
    std::unique_lock lock(mutex);
    for (;;) {
      asked.wait(lock, [&] { return wanted || stopping; });
      if (stopping) return;
      wanted = false;
      lock.unlock();
      Health health = options.check();
      lock.lock();
      latest = std::move(health);
      latest_at = Clock::now();
      ++answers;
      answered.notify_all();
    }
  }

  void drift_loop() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      DriftReport report = options.check_drift();
      lock.lock();
      const auto pause = report.error.empty() ? options.drift_interval
                                              : std::min(options.drift_interval, after_failure);
      drift = std::move(report);
      asked.wait_for(lock, pause, [&] { return stopping; });
    }
  }

  std::pair<Health, std::optional<DriftReport>> now() {
    std::unique_lock lock(mutex);
    if (answers == 0 || Clock::now() - latest_at > options.keep) {
      const std::uint64_t before = answers;
      wanted = true;
      asked.notify_all();
      if (!answered.wait_for(lock, options.patience, [&] { return answers > before; })) {
        Health silent;
        silent.connection = options.connection;
        silent.timestamp = utc_now();
        silent.error =
            fmt::format("the database gave no answer within {}",
                        format_duration(std::chrono::duration<double>(options.patience).count()));
        return {silent, drift};
      }
    }
    return {latest, drift};
  }

  double uptime() const { return std::chrono::duration<double>(Clock::now() - started).count(); }
};

HealthPages::HealthPages(HealthPageOptions options)
    : state_(std::make_shared<State>(std::move(options))) {
  State& state = *state_;
  state.checker = std::thread([&state] { state.check_loop(); });
  if (state.options.check_drift && state.options.drift_interval.count() > 0)
    state.comparer = std::thread([&state] { state.drift_loop(); });
}

HealthPages::~HealthPages() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->asked.notify_all();
  state_->checker.join();
  if (state_->comparer.joinable()) state_->comparer.join();
}

HttpResponse HealthPages::answer(const HttpRequest& request) {
  const bool known = request.path == "/health" || request.path == "/livez" ||
                     request.path == "/readyz" || request.path == "/metrics";
  if (!known) return {.status = 404, .body = "There are /health, /livez, /readyz and /metrics.\n"};
  if (request.method != "GET")
    return {.status = 405, .body = "GET only.\n", .headers = {{"Allow", "GET, HEAD"}}};
  if (request.path == "/livez") return {.status = 200, .body = "ok\n"};
  const auto [health, drift] = state_->now();
  if (request.path == "/metrics")
    return {.status = 200,
            .body = prometheus_text(health, drift, state_->uptime()),
            .content_type = "text/plain; version=0.0.4; charset=utf-8"};
  const std::string reason = why_not_ready(health);
  if (request.path == "/readyz")
    return {.status = reason.empty() ? 200 : 503, .body = reason.empty() ? "ok\n" : reason + "\n"};
  return {.status = health.reachable ? 200 : 503,
          .body = health_json(health, drift, state_->uptime()),
          .content_type = "application/json"};
}

std::string why_not_ready(const Health& health) {
  if (!health.reachable) return "the database cannot be asked: " + health.error;
  std::vector<std::string> reasons;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number > 0) reasons.push_back(fmt::format("{} {}", number, what));
  };
  add(health.pending, "pending");
  add(health.interrupted, "interrupted");
  add(health.changed, "edited after they were applied");
  add(health.missing, "applied without a file");
  return reasons.empty() ? std::string() : "migrations: " + join(reasons, ", ");
}

std::string health_json(const Health& health, const std::optional<DriftReport>& drift,
                        double uptime_seconds) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["status"] = health.ready() ? "ready" : health.reachable ? "not ready" : "unreachable";
  json["connection"] = health.connection;
  json["database"] = health.database;
  json["timestamp"] = health.timestamp;
  json["uptime"] = uptime_seconds;
  // Of a database that could not be asked nothing is known, which is not zero.
  const auto known = [&](auto value) {
    return health.reachable ? nlohmann::ordered_json(std::move(value)) : nullptr;
  };
  json["applied"] = known(health.applied);
  json["pending"] = known(health.pending);
  json["interrupted"] = known(health.interrupted);
  json["changed"] = known(health.changed);
  json["missing"] = known(health.missing);
  json["newest"] = known(health.newest);
  json["last_applied_at"] = known(health.last_applied_at);
  json["lock_holder"] = nullptr;
  if (!health.lock_holder.empty()) {
    json["lock_holder"] = {{"who", health.lock_holder}};
    if (health.lock_seconds >= 0) json["lock_holder"]["seconds"] = health.lock_seconds;
  }
  json["frozen"] = nullptr;
  if (health.frozen)
    json["frozen"] = {
        {"reason", health.frozen->reason}, {"by", health.frozen->by}, {"at", health.frozen->at}};
  json["drift"] = nullptr;
  if (drift) {
    json["drift"] = {{"differs", !drift->changes.empty()},
                     {"changes", drift->changes},
                     {"checked_at", drift->checked_at}};
    if (!drift->error.empty()) json["drift"]["error"] = drift->error;
  }
  json["check_ms"] = static_cast<double>(health.took.count()) / 1000;
  if (!health.error.empty()) json["error"] = health.error;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

namespace {

/// A label's value: backslash, quote and line end are escaped.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == '"')
      out += {'\\', c};
    else
      out += c;
  }
  return out;
}

}  // namespace

std::string prometheus_text(const Health& health, const std::optional<DriftReport>& drift,
                            double uptime_seconds) {
  std::string out;
  const std::string connection = label(health.connection);
  const auto family = [&](std::string_view name, std::string_view help) {
    out += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
  };
  const auto gauge = [&](std::string_view name, std::string_view help, double value) {
    family(name, help);
    out += fmt::format("{}{{connection=\"{}\"}} {}\n", name, connection, value);
  };
  family("sterna_build_info", "Version of Sterna, and of the database.");
  out += fmt::format("sterna_build_info{{version=\"{}\",database=\"{}\"}} 1\n", label(version()),
                     label(health.database));
  gauge("sterna_up", "1 when the database answers.", health.reachable ? 1 : 0);
  gauge("sterna_uptime_seconds", "Since this process serves.", uptime_seconds);
  gauge("sterna_check_duration_seconds", "How long the last look at the database took.",
        static_cast<double>(health.took.count()) / 1e6);
  if (!health.reachable) return out;
  gauge("sterna_ready", "1 when nothing is left to apply or to mend.", health.ready() ? 1 : 0);
  family("sterna_migrations", "Migrations by their state.");
  for (const auto& [state, number] :
       std::initializer_list<std::pair<std::string_view, std::size_t>>{
           {"applied", health.applied},
           {"pending", health.pending},
           {"interrupted", health.interrupted},
           {"changed", health.changed},
           {"missing", health.missing}})
    out += fmt::format("sterna_migrations{{connection=\"{}\",state=\"{}\"}} {}\n", connection,
                       state, number);
  if (!health.last_applied_at.empty()) {
    const auto since = parse_timestamp(health.last_applied_at).time_since_epoch();
    gauge("sterna_last_applied_timestamp_seconds",
          "When a migration was applied last, as Unix time.",
          std::floor(std::chrono::duration<double>(since).count()));
  }
  gauge("sterna_lock_held", "1 while a run holds the migration lock.",
        health.lock_holder.empty() ? 0 : 1);
  if (health.lock_seconds >= 0)
    gauge("sterna_lock_held_seconds", "For how long.", health.lock_seconds);
  gauge("sterna_frozen", "1 while an operator keeps runs from beginning.", health.frozen ? 1 : 0);
  if (drift && drift->error.empty())
    gauge("sterna_drift_changes", "Differences between the database and what its migrations make.",
          static_cast<double>(drift->changes.size()));
  return out;
}

}  // namespace sterna
