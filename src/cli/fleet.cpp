#include "cli/fleet.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/fleet_table.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "migration/planner.hpp"
#include "ops/trace.hpp"
#include "program/options.hpp"

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

bool shows_table(const Invocation& invocation) {
  return stderr_is_terminal() && !invocation.json() && !log_is_json() &&
         invocation.verbosity() >= 0;
}

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

bool is_applied(const Status& status, const std::string& id) {
  return std::any_of(status.migrations.begin(), status.migrations.end(),
                     [&](const MigrationStatus& migration) {
                       return migration.id() == id && migration.state == MigrationState::applied;
                     });
}

/// A migration that an event told of.
struct Seen {
  std::string id;
  Direction direction;
};

/// Of what was seen to end before the failure, only that counts which the history confirms: a
/// transaction around several may have taken all of it back.
void settle(MigrationEngine& engine, const std::vector<Seen>& seen, FleetOutcome& outcome) {
  try {
    const Status status = engine.status();
    remember(status, outcome);
    for (const Seen& one : seen) {
      if (is_applied(status, one.id) == (one.direction == Direction::up))
        outcome.ran.push_back(one.id);
    }
  } catch (const Error&) {  // the failure that is told already may be why
  }
}

/// Tells the table, the log and the traces what the targets' engines tell, each from its own
/// thread.
class Observers {
 public:
  Observers(const Fleet& fleet, const Invocation& invocation, FleetTable& table) : table_(table) {
    if (log_is_json()) {
      ProgressOptions options;
      options.json = true;
      log_ = std::make_unique<Progress>(options);
    }
    trace_ = TraceExporter::from_environment(process_environment(), [this](std::string_view text) {
      table_.clear();
      say(fmt::format("{} {}", toned("warning", Tone::warning, true), text));
    });
    if (trace_) trace_->begin_fleet(invocation.command->name, fleet.name, fleet.targets.size());
  }
  void end(std::size_t failed) {
    if (trace_) trace_->end_fleet(failed);
  }

  /// `change`, watched.
  FleetRun::Work around(const FleetChange& change) {
    return [this, &change](MigrationEngine& engine, FleetOutcome& outcome) {
      const std::unique_ptr<TraceExporter> trace =
          trace_ ? trace_->target(outcome.target, engine.options().url.scheme) : nullptr;
      std::vector<Seen> seen;
      const Listening listening(engine, [&](const Event& event) {
        table_.on_event(outcome.target, event);
        if (log_) log_->on_event(event);
        if (trace) trace->on_event(event);
        if (event.kind == EventKind::migration_finished)
          seen.push_back({event.migration, event.direction});
      });
      try {
        for (const AppliedMigration& one : change(engine).applied) outcome.ran.push_back(one.id());
        remember(engine.status(), outcome);
      } catch (const Error& error) {
        if (trace) trace->target_failed(error);
        if (engine.connected()) settle(engine, seen, outcome);
        throw;
      }
    };
  }

 private:
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

void tell(const FleetOutcome& outcome, const Invocation& invocation, FleetTable& table) {
  const bool failed = outcome.state == State::failed;
  if (invocation.json() || (!failed && invocation.verbosity() < 1)) return;
  table.clear();
  std::string text =
      fmt::format("{} {}", toned(word_of(outcome.state), failed ? Tone::bad : Tone::good, true),
                  outcome.target);
  if (outcome.error) text += ": " + explain(*outcome.error);
  say(text);
}

FleetEnd run(const Fleet& fleet, const FleetOptions& options, const FleetRun::Work& work,
             FleetTable& table, const std::function<void(const FleetOutcome&)>& told) {
  FleetRun fleet_run(fleet.targets, options);
  const SignalScope signals(fleet_run.stop());
  const auto begin = std::chrono::steady_clock::now();
  FleetEnd ended;
  ended.outcomes = fleet_run.run(
      [&](MigrationEngine& engine, FleetOutcome& outcome) {
        const FleetRow row(table, outcome.target);
        work(engine, outcome);
      },
      {told, [&](const FleetProgress& progress) { table.show(progress); }});
  table.clear();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  ended.seconds = took.count();
  ended.stopped = fleet_run.stop().requested();
  return ended;
}

}  // namespace

const ConnectionConfig& Fleet::connection() const {
  return config.connection(config.fleets.at(name).connection);
}

bool Fleet::of_schemas() const { return !config.fleets.at(name).schema.empty(); }

std::string Fleet::schema_of(const MigrationEngine& engine) const {
  return of_schemas() ? engine.options().run.history_schema : std::string();
}

Fleet load_fleet(const Invocation& invocation) {
  if (invocation.has("url") || invocation.has("connection")) {
    throw Error(ErrorKind::config,
                "--fleet names its databases itself: --url and --connection go without it");
  }
  Fleet fleet{
      load_configuration(invocation), *invocation.value("fleet"), options_of(invocation), {}};
  fleet.targets = fleet_targets(fleet.config, fleet.name);
  for (FleetTarget& target : fleet.targets) prepare(target.options, invocation, fleet.config);
  return fleet;
}

void refuse_with_fleet(const Invocation& invocation, std::initializer_list<const char*> options,
                       const std::string& instead) {
  for (const char* option : options) {
    if (invocation.has(option))
      throw Error(ErrorKind::config, fmt::format("--fleet and --{} exclude each other", option))
          .suggest(instead);
  }
}

std::string known_version(const Fleet& fleet, const Target& target) {
  if (target.kind != Target::Kind::version || fleet.targets.empty()) return {};
  const EngineOptions& options = fleet.targets.front().options;  // all have the same files
  std::vector<Source> sources = MigrationEngine(options).sources();
  try {
    return find_entry(survey(sources, {}, options.run), target.version).source->id();
  } catch (Error& error) {
    error.with_state("no target was touched");
    throw;
  }
}

std::size_t FleetEnd::count(State state) const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [&](const FleetOutcome& outcome) { return outcome.state == state; }));
}

FleetEnd look_at_fleet(const Fleet& fleet, const Invocation& invocation, const FleetRun::Work& work,
                       bool tells) {
  FleetOptions options = fleet.options;
  options.canary = 0;
  options.stop_after = 0;
  Fleet looked = fleet;
  std::vector<std::string> absent;
  for (FleetTarget& target : looked.targets) {
    if (look_without_making(target.options)) absent.push_back(target.name);
  }
  if (!absent.empty() && invocation.verbosity() >= 0)
    say(fmt::format("{} {} target{} no database yet, which `sterna up --fleet {}` makes: {}",
                    toned("warning", Tone::warning, true), absent.size(),
                    absent.size() == 1 ? " has" : "s have", fleet.name, some_of(absent)));
  FleetTable table(shows_table(invocation));
  return run(looked, options, work, table, [&](const FleetOutcome& outcome) {
    if (tells) tell(outcome, invocation, table);
  });
}

FleetEnd change_fleet(const Fleet& fleet, const Invocation& invocation, const FleetChange& change) {
  FleetTable table(shows_table(invocation));
  Observers observers(fleet, invocation, table);
  FleetEnd ended = run(fleet, fleet.options, observers.around(change), table,
                       [&](const FleetOutcome& outcome) { tell(outcome, invocation, table); });
  observers.end(ended.count(State::failed));
  return ended;
}

void remember(const Status& status, FleetOutcome& outcome) {
  outcome.known_applied = status.count(MigrationState::applied);
  outcome.pending = status.count(MigrationState::pending) +
                    status.count(MigrationState::out_of_order) +
                    status.count(MigrationState::interrupted);
  outcome.up_to_date = status.up_to_date();
  for (const MigrationStatus& migration : status.migrations) {
    if (migration.state == MigrationState::applied) outcome.latest = migration.id();
  }
}

nlohmann::ordered_json fleet_json(const Fleet& fleet, const Invocation& invocation,
                                  const FleetEnd& ended, std::string_view ran) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["command"] = invocation.command->name;
  json["fleet"] = fleet.name;
  json["seconds"] = ended.seconds;
  json["done"] = ended.count(State::done);
  json["failed"] = ended.count(State::failed);
  json["left_out"] = ended.count(State::left_out);
  json["targets"] = nlohmann::ordered_json::array();
  for (const FleetOutcome& outcome : ended.outcomes) {
    nlohmann::ordered_json one;
    one["target"] = outcome.target;
    one["database"] = outcome.database;
    one["state"] = word_of(outcome.state);
    one["applied_now"] = nlohmann::ordered_json::array();
    one[std::string(ran)] = outcome.ran;
    one["applied"] = outcome.known_applied;
    one["pending"] = outcome.pending;
    one["latest"] = outcome.latest;
    one["up_to_date"] = outcome.up_to_date;
    one["seconds"] = outcome.seconds;
    if (outcome.error) {
      one["error"] = mask_passwords(outcome.error->what());
      one["database_state"] = outcome.error->state();
      one["suggestions"] = outcome.error->suggestions();
      one["failure"] = nlohmann::ordered_json::parse(explain_json(*outcome.error))["error"];
    }
    json["targets"].push_back(std::move(one));
  }
  return json;
}

int finish_fleet(const Invocation& invocation, const FleetEnd& ended,
                 const nlohmann::ordered_json& json) {
  const std::string text =
      json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (const auto report = invocation.value("report")) write_file_atomically(*report, text);
  if (invocation.json()) print(text);
  if (ended.stopped) return exit_code(ErrorKind::interrupted);
  return ended.count(State::done) == ended.outcomes.size() ? 0 : 1;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  if (names.size() <= most + 1) return join(names, ", ");
  return fmt::format("{} and {} more",
                     join(std::vector<std::string>(names.begin(), names.begin() + most), ", "),
                     names.size() - most);
}

}  // namespace sterna::cli
