// up --fleet, status --fleet: the same migrations on many databases or schemas.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/fleet_table.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "ops/trace.hpp"
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

bool shows_table(const Invocation& invocation) {
  return stderr_is_terminal() && !invocation.json() && !log_is_json() &&
         invocation.verbosity() >= 0;
}

/// Tells the table, the log and the traces what the targets' engines tell, each from its own
/// thread.
class Observers {
 public:
  Observers(const std::string& fleet, std::size_t targets, FleetTable& table) : table_(table) {
    if (log_is_json()) {
      ProgressOptions options;
      options.json = true;
      log_ = std::make_unique<Progress>(options);
    }
    trace_ = TraceExporter::from_environment(process_environment(), [this](std::string_view text) {
      table_.clear();
      say(fmt::format("{} {}", toned("warning", Tone::warning, true), text));
    });
    if (trace_) trace_->begin_fleet(fleet, targets);
  }
  void end(std::size_t failed) {
    if (trace_) trace_->end_fleet(failed);
  }

  /// `work`, watched.
  FleetRun::Work around(FleetRun::Work work) {
    return [this, work = std::move(work)](MigrationEngine& engine, FleetOutcome& outcome) {
      const std::unique_ptr<TraceExporter> trace =
          trace_ ? trace_->target(outcome.target) : nullptr;
      const Listening listening(engine, [&](const Event& event) {
        table_.on_event(outcome.target, event);
        if (log_) log_->on_event(event);
        if (trace) trace->on_event(event);
      });
      try {
        work(engine, outcome);
      } catch (const Error& error) {
        if (trace) trace->target_failed(error);
        throw;
      }
    };
  }

 private:
  /// The engine outlives what its events are told to.
  class Listening {
   public:
    Listening(MigrationEngine& engine, EventHandler handler) : engine_(engine) {
      engine_.on_event(std::move(handler));
    }
    ~Listening() { engine_.on_event({}); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

   private:
    MigrationEngine& engine_;
  };

  FleetTable& table_;
  std::unique_ptr<Progress> log_;
  std::unique_ptr<TraceExporter> trace_;
};

/// A target's row, while it is worked on.
class FleetRow {
 public:
  FleetRow(FleetTable& table, std::string target) : table_(table), target_(std::move(target)) {
    table_.begin(target_);
  }
  ~FleetRow() { table_.end(target_); }
  FleetRow(const FleetRow&) = delete;
  FleetRow& operator=(const FleetRow&) = delete;

 private:
  FleetTable& table_;
  std::string target_;
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

void tell(const FleetOutcome& outcome, const Invocation& invocation, FleetTable& table) {
  const bool failed = outcome.state == State::failed;
  if (invocation.json() || (!failed && invocation.verbosity() < 1)) return;
  table.clear();
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
          const Invocation& invocation, FleetTable& table) {
  FleetRun fleet(std::move(targets), options_of(invocation));
  const SignalScope signals(fleet.stop());
  const auto begin = std::chrono::steady_clock::now();
  Ended ended;
  ended.outcomes = fleet.run(
      [&](MigrationEngine& engine, FleetOutcome& outcome) {
        const FleetRow row(table, outcome.target);
        work(engine, outcome);
      },
      {[&](const FleetOutcome& outcome) { tell(outcome, invocation, table); },
       [&](const FleetProgress& progress) { table.show(progress); }});
  table.clear();
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
  FleetTable table(shows_table(invocation));
  Observers observers(fleet.name, fleet.targets.size(), table);
  const Ended ended = run(std::move(fleet.targets),
                          observers.around([&](MigrationEngine& engine, FleetOutcome& outcome) {
                            const RunResult result = engine.up(target);
                            for (const AppliedMigration& applied : result.applied)
                              outcome.applied.push_back(applied.id());
                            remember(engine.status(), outcome);
                          }),
                          invocation, table);
  const std::vector<FleetOutcome>& outcomes = ended.outcomes;
  observers.end(count(outcomes, State::failed));
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
  FleetTable progress(shows_table(invocation));
  const Ended ended = run(
      std::move(fleet.targets),
      [&](MigrationEngine& engine, FleetOutcome& outcome) { remember(engine.status(), outcome); },
      invocation, progress);
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
