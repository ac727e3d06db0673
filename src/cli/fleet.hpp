// What the commands with --fleet share: who the targets are, the same work on all of them while a
// table, the log and traces tell of it, and what came of each, for people and as JSON.
#pragma once

#include "cli/command.hpp"
#include "program/fleet.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::cli {

struct Fleet {
  Config config;
  std::string name;
  FleetOptions options;
  std::vector<FleetTarget> targets;
  const ConnectionConfig& connection() const;  ///< whose settings are meant
  bool of_schemas() const;                     ///< else its targets are databases
  /// The schema of the target that `engine` works on; empty where targets are databases.
  std::string schema_of(const MigrationEngine& engine) const;
};

/// The fleet that --fleet names. @throws Error(config) for one that does not exist or cannot be
/// read, and for options that go without --fleet.
Fleet load_fleet(const Invocation& invocation);
/// @throws Error(config) with `instead`, when one of `options` is given.
void refuse_with_fleet(const Invocation& invocation, std::initializer_list<const char*> options,
                       const std::string& instead);
/// Finds out what `target` names before any target is touched, by the files alone: its ID, or
/// nothing when it names no version. @throws Error(plan) for a version that does not exist.
std::string known_version(const Fleet& fleet, const Target& target);

struct FleetEnd {
  std::vector<FleetOutcome> outcomes;
  double seconds = 0;
  bool stopped = false;
  std::size_t count(FleetOutcome::State state) const;
};

/// Looks at every target, whatever becomes of the others: no canaries, no end after failures.
/// `tells`: a target that fails is told of at once.
FleetEnd look_at_fleet(const Fleet& fleet, const Invocation& invocation, const FleetRun::Work& work,
                       bool tells = true);

/// Changes one target, and returns what ran.
using FleetChange = std::function<RunResult(MigrationEngine&)>;
/// Changes the targets, canaries first; events go to the table, the log and the traces.
FleetEnd change_fleet(const Fleet& fleet, const Invocation& invocation, const FleetChange& change);

/// Fills in what a status says.
void remember(const Status& status, FleetOutcome& outcome);

/// What came of each target. `ran`: what the IDs that ran are called there.
nlohmann::ordered_json fleet_json(const Fleet& fleet, const Invocation& invocation,
                                  const FleetEnd& ended, std::string_view ran = "applied_now");
/// Writes the report, prints it where JSON is asked for, and says what the command returns.
int finish_fleet(const Invocation& invocation, const FleetEnd& ended,
                 const nlohmann::ordered_json& json);
/// "a, b, c and 4 more"
std::string some_of(const std::vector<std::string>& names);

/// `up --dry-run`, `plan` and `down --dry-run` of a fleet: targets with the same plan are told
/// together. Returns the exit code.
int show_fleet_plan(const Fleet& fleet, const Invocation& invocation, const Target& target,
                    Direction direction);

}  // namespace sterna::cli
