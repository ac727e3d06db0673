// up --fleet, status --fleet: the same migrations on many databases or schemas.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "program/fleet.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sterna::cli {
namespace {

using State = FleetOutcome::State;

FleetOptions options_of(const Invocation& invocation) {
  FleetOptions options;
  options.jobs = invocation.number("jobs", 1).value_or(options.jobs);
  options.canary = invocation.number("canary", 0).value_or(options.canary);
  options.stop_after = invocation.number("stop-after-failures", 1).value_or(0);
  return options;
}

std::string_view word_of(State state) {
  switch (state) {
    case State::done:
      return "done";
    case State::failed:
      return "failed";
    case State::left_out:
      return "left out";
  }
  return {};
}

std::size_t count(const std::vector<FleetOutcome>& outcomes, State state) {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [&](const FleetOutcome& outcome) { return outcome.state == state; }));
}

/// What went on is shown on a terminal as one line that is rewritten.
class Line {
 public:
  explicit Line(const Invocation& invocation)
      : shown_(stderr_is_terminal() && !invocation.json() && invocation.verbosity() >= 0) {}
  ~Line() { clear(); }
  void show(const FleetProgress& progress) {
    if (!shown_) return;
    std::string text = fmt::format("{} of {} done", progress.done, progress.targets);
    if (progress.failed > 0) text += fmt::format(", {} failed", progress.failed);
    text += fmt::format(", {} running", progress.running);
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
    drawn_ = false;
  }

 private:
  bool shown_, drawn_ = false;
};

struct Ended {
  std::vector<FleetOutcome> outcomes;
  double seconds = 0;
  bool stopped = false;
};

nlohmann::ordered_json json_of(const std::string& fleet, const Ended& ended) {
  const std::vector<FleetOutcome>& outcomes = ended.outcomes;
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["fleet"] = fleet;
  json["seconds"] = ended.seconds;
  json["done"] = count(outcomes, State::done);
  json["failed"] = count(outcomes, State::failed);
  json["left_out"] = count(outcomes, State::left_out);
  json["targets"] = nlohmann::ordered_json::array();
  for (const FleetOutcome& outcome : outcomes) {
    nlohmann::ordered_json one;
    one["target"] = outcome.target;
    one["database"] = outcome.database;
    one["state"] = word_of(outcome.state);
    one["applied_now"] = outcome.applied;
    one["applied"] = outcome.known_applied;
    one["pending"] = outcome.pending;
    one["latest"] = outcome.latest;
    one["seconds"] = outcome.seconds;
    if (!outcome.error.empty()) {
      one["error"] = outcome.error;
      one["database_state"] = outcome.database_state;
      one["suggestions"] = outcome.suggestions;
    }
    json["targets"].push_back(std::move(one));
  }
  return json;
}

void remember(const Status& status, FleetOutcome& outcome) {
  outcome.known_applied = status.count(MigrationState::applied);
  outcome.pending =
      status.count(MigrationState::pending) + status.count(MigrationState::interrupted);
  for (const MigrationStatus& migration : status.migrations) {
    if (migration.state == MigrationState::applied) outcome.latest = migration.id();
  }
}

void tell(const FleetOutcome& outcome, const Invocation& invocation, Line& line) {
  const bool failed = outcome.state == State::failed;
  if (invocation.json() || (!failed && invocation.verbosity() < 1)) return;
  line.clear();
  std::string text =
      fmt::format("{} {}", toned(word_of(outcome.state), failed ? Tone::bad : Tone::good, true),
                  outcome.target);
  if (!outcome.error.empty()) text += ": " + outcome.error;
  say(text);
  if (!failed) return;
  if (!outcome.database_state.empty()) say("  " + outcome.database_state);
  for (const std::string& suggestion : outcome.suggestions) say("  try: " + suggestion);
}

struct Fleet {
  Config config;
  std::string name;
  std::vector<FleetTarget> targets;
};

Fleet load(const Invocation& invocation) {
  if (invocation.has("url") || invocation.has("connection")) {
    throw Error(ErrorKind::config,
                "--fleet names its databases itself: --url and --connection go without it");
  }
  Fleet fleet{load_configuration(invocation), *invocation.value("fleet"), {}};
  fleet.targets = fleet_targets(fleet.config, fleet.name);
  for (FleetTarget& target : fleet.targets) prepare(target.options, invocation, fleet.config);
  return fleet;
}

int finish(const Invocation& invocation, const std::string& fleet, const Ended& ended) {
  const std::string json =
      json_of(fleet, ended).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (const auto report = invocation.value("report")) write_file_atomically(*report, json);
  if (invocation.json()) print(json);
  if (ended.stopped) return exit_code(ErrorKind::interrupted);
  return count(ended.outcomes, State::done) == ended.outcomes.size() ? 0 : 1;
}

Ended run(std::vector<FleetTarget> targets, const FleetRun::Work& work,
          const Invocation& invocation) {
  FleetRun fleet(std::move(targets), options_of(invocation));
  Line line(invocation);
  const SignalScope signals(fleet.stop());
  const auto begin = std::chrono::steady_clock::now();
  Ended ended;
  ended.outcomes =
      fleet.run(work, {[&](const FleetOutcome& outcome) { tell(outcome, invocation, line); },
                       [&](const FleetProgress& progress) { line.show(progress); }});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  ended.seconds = took.count();
  ended.stopped = fleet.stop().requested();
  return ended;
}

}  // namespace

int run_up_fleet(Invocation& invocation) {
  for (const char* option : {"dry-run", "rehearse", "steps", "wait", "plan"}) {
    if (invocation.has(option))
      throw Error(ErrorKind::config, fmt::format("--fleet and --{} exclude each other", option))
          .suggest("`sterna status --fleet` shows what is pending on each target");
  }
  Fleet fleet = load(invocation);
  const ConnectionConfig& connection =
      fleet.config.connection(fleet.config.fleets.at(fleet.name).connection);
  permit(invocation, fleet.config, connection.protected_.value,
         fmt::format("applying migrations on {} targets of fleet {}", fleet.targets.size(),
                     fleet.name),
         "", false);
  Target target;
  if (const auto to = invocation.value("to")) target = {Target::Kind::version, *to, 0};
  const Ended ended = run(
      std::move(fleet.targets),
      [&](MigrationEngine& engine, FleetOutcome& outcome) {
        const RunResult result = engine.up(target);
        for (const AppliedMigration& applied : result.applied)
          outcome.applied.push_back(applied.id());
        remember(engine.status(), outcome);
      },
      invocation);
  const std::vector<FleetOutcome>& outcomes = ended.outcomes;
  std::size_t changed = 0;
  for (const FleetOutcome& outcome : outcomes) changed += outcome.applied.empty() ? 0 : 1;
  const std::size_t failed = count(outcomes, State::failed),
                    left = count(outcomes, State::left_out);
  if (!invocation.json()) {
    std::string text = fmt::format("{} targets: {} migrated, {} had nothing to do", outcomes.size(),
                                   changed, count(outcomes, State::done) - changed);
    if (failed > 0) text += fmt::format(", {} failed", failed);
    if (left > 0) text += fmt::format(", {} not begun", left);
    say(text);
    if (failed + left > 0)
      say("the same command goes on with what is missing; targets that are done are not touched");
  }
  return finish(invocation, fleet.name, ended);
}

int run_status_fleet(Invocation& invocation) {
  Fleet fleet = load(invocation);
  const Ended ended = run(
      std::move(fleet.targets),
      [&](MigrationEngine& engine, FleetOutcome& outcome) { remember(engine.status(), outcome); },
      invocation);
  const std::vector<FleetOutcome>& outcomes = ended.outcomes;
  if (!invocation.json()) {
    std::vector<std::vector<std::string>> rows{{"target", "applied", "pending", "latest", ""}};
    for (const FleetOutcome& outcome : outcomes) {
      if (invocation.has("pending") && outcome.state == State::done && outcome.pending == 0)
        continue;
      rows.push_back({outcome.target, std::to_string(outcome.known_applied),
                      std::to_string(outcome.pending), outcome.latest, outcome.error});
    }
    print(table(rows));
  }
  const int code = finish(invocation, fleet.name, ended);
  const bool pending = std::any_of(outcomes.begin(), outcomes.end(),
                                   [](const FleetOutcome& one) { return one.pending > 0; });
  return code == 0 && invocation.has("check") && pending ? 2 : code;
}

}  // namespace sterna::cli
