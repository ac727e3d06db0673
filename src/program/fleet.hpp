// The same work on many databases or schemas, several at a time: who they are, the first ones alone
// to see whether it goes well, and an end when too many fail. Each target has its own lock and
// history, so that a fleet that was interrupted is run again and only what is missing is done.
#pragma once

#include "base/cancellation.hpp"
#include "config/config.hpp"
#include "migration/engine.hpp"

#include <sterna/error.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sterna {

struct FleetTarget {
  std::string name;
  EngineOptions options;
};

/// The targets of [fleet.NAME], in their order, each once. Runs the fleet's query on its
/// connection.
/// @throws Error(config) for an unknown fleet, a file that cannot be read, and targets that are no
/// databases by themselves while the fleet names no url and no schema.
std::vector<FleetTarget> fleet_targets(const Config& config, const std::string& name);

struct FleetOutcome {
  enum class State { done, failed, left_out };
  std::string target, database;  ///< its name; its URL without the password
  State state = State::left_out;
  std::vector<std::string> ran;                ///< IDs, by this run
  std::size_t known_applied = 0, pending = 0;  ///< of status
  std::string latest;                          ///< the last applied ID, of status
  bool up_to_date = false;                     ///< of status
  double seconds = 0;
  std::optional<Error> error;  ///< why it failed
};

struct FleetOptions {
  int jobs = 8;        ///< targets at the same time
  int canary = 1;      ///< that many first; a failure among them ends the fleet
  int stop_after = 0;  ///< failures after which no further target is begun; 0: never
};

struct FleetProgress {
  std::size_t targets = 0, done = 0, failed = 0, running = 0;
};

class FleetRun {
 public:
  /// What is done on one target: fills the outcome, or throws.
  using Work = std::function<void(MigrationEngine&, FleetOutcome&)>;
  /// Called on the caller's thread.
  struct Watch {
    std::function<void(const FleetOutcome&)> ended;
    std::function<void(const FleetProgress&)> tick;  ///< ten times a second
  };

  FleetRun(std::vector<FleetTarget> targets, FleetOptions options)
      : targets_(std::move(targets)), options_(options) {}

  /// Outcomes in the order of the targets. A stop lets the targets in progress end as a single run
  /// would.
  std::vector<FleetOutcome> run(const Work& work, const Watch& watch);
  StopSource& stop() noexcept { return stop_; }

 private:
  struct Shared;
  void run_wave(std::size_t begin, std::size_t end, int jobs, const Work& work, const Watch& watch,
                Shared& shared);
  void run_one(std::size_t at, const Work& work, Shared& shared);

  std::vector<FleetTarget> targets_;
  FleetOptions options_;
  StopSource stop_;
};

}  // namespace sterna
