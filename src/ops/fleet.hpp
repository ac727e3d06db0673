// One run over many databases: some first to try it on, then many at a time, until too many fail.
// Each target has its own history and lock, so a run that stopped goes on where it stopped. Used by
// `up --fleet`.
#pragma once

#include "config/config.hpp"
#include "migration/engine.hpp"

#include <functional>
#include <string>
#include <vector>

namespace sterna {

struct FleetTarget {
  std::string name;  ///< "acme"
  Url url;
};

/// The targets of a fleet, in the order of its list. `connection`: where its query is asked.
/// @throws Error(config) for a fleet without targets, or two of one name.
std::vector<FleetTarget> fleet_targets(
    const FleetConfig& fleet, const std::filesystem::path& root,
    const std::function<std::unique_ptr<Connection>()>& connection);

struct FleetOptions {
  int jobs = 8;
  int canary = 1;  ///< so many first, one after the other; a failure there stops the run
  int stop_after_failures = 1;  ///< no further target is begun then; 0: never
};

struct FleetOutcome {
  enum class Result { not_run, up_to_date, applied, failed } result = Result::not_run;
  std::string target, url;  ///< the URL masked
  std::vector<std::string> applied;
  std::string error, error_kind, state;
  std::chrono::microseconds duration{0};
};
std::string_view to_string(FleetOutcome::Result result) noexcept;

struct FleetReport {
  std::vector<FleetOutcome> outcomes;  ///< in the order of the targets
  std::chrono::microseconds duration{0};
  std::size_t count(FleetOutcome::Result result) const;
};

/// Runs `up` on every target with `like` for everything but the URL. `stop`: what was begun is
/// cancelled, the rest not begun. `told` hears of each outcome, from several threads, one at a
/// time.
FleetReport run_fleet(const std::vector<FleetTarget>& targets, const EngineOptions& like,
                      const FleetOptions& options, const StopSource& stop,
                      const std::function<void(const FleetOutcome&, std::size_t done)>& told);

std::string fleet_json(const FleetReport& report, std::string_view fleet);

}  // namespace sterna
