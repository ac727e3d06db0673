#include "ops/fleet.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace sterna {
namespace {

constexpr std::string_view place = "{target}";

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

FleetTarget target_of(const std::string& name, const FleetConfig& fleet) {
  if (fleet.url.empty()) {
    FleetTarget target{name, parse_url(name)};
    target.name = target.url.masked();
    return target;
  }
  // A path of SQLite is taken as it is written; in other URLs a name may hold what only looks like
  // a part of one.
  const bool path = fleet.url.starts_with("sqlite:") && !fleet.url.starts_with("sqlite://");
  std::string url = fleet.url;
  for (std::size_t at = 0; (at = url.find(place, at)) != std::string::npos;) {
    const std::string value = path ? name : percent_encoded(name);
    url.replace(at, place.size(), value);
    at += value.size();
  }
  return {name, parse_url(url)};
}

/// A list that several threads take from, in waves: the first ones alone.
class FleetRun {
 public:
  FleetRun(const std::vector<FleetTarget>& targets, const EngineOptions& like,
           const FleetOptions& options, const StopSource& stop,
           const std::function<void(const FleetOutcome&, std::size_t)>& told)
      : targets_(targets), like_(like), options_(options), stop_(stop), told_(told) {
    report_.outcomes.resize(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
      report_.outcomes[i].target = targets[i].name;
      report_.outcomes[i].url = targets[i].url.masked();
    }
  }

  FleetReport run() {
    const Clock::time_point begun = Clock::now();
    std::thread watcher([this] { watch(); });
    const std::size_t canaries =
        std::min(targets_.size(), static_cast<std::size_t>(std::max(options_.canary, 0)));
    for (; next_ < canaries && failures_ == 0 && !stop_.requested();) run_one(next_++);
    if (failures_ == 0) {
      std::vector<std::thread> workers;
      const std::size_t jobs =
          std::min(targets_.size() - next_, static_cast<std::size_t>(std::max(options_.jobs, 1)));
      for (std::size_t i = 0; i < jobs; ++i) workers.emplace_back([this] { work(); });
      for (std::thread& worker : workers) worker.join();
    }
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    ended_.notify_all();
    watcher.join();
    report_.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
    return std::move(report_);
  }

 private:
  void work() {
    for (;;) {
      std::size_t index = 0;
      {
        const std::lock_guard lock(mutex_);
        const bool enough = options_.stop_after_failures > 0 &&
                            failures_ >= static_cast<std::size_t>(options_.stop_after_failures);
        if (enough || stop_.requested() || next_ >= targets_.size()) return;
        index = next_++;
      }
      run_one(index);
    }
  }

  void run_one(std::size_t index) {
    FleetOutcome& outcome = report_.outcomes[index];
    EngineOptions options = like_;
    options.url = targets_[index].url;
    options.url_origin.clear();
    const Clock::time_point begun = Clock::now();
    try {
      MigrationEngine engine(std::move(options));
      const Registration registration(*this, engine.stop());
      const RunResult result = engine.up({});
      for (const AppliedMigration& applied : result.applied)
        outcome.applied.push_back(applied.id());
      outcome.result = outcome.applied.empty() ? FleetOutcome::Result::up_to_date
                                               : FleetOutcome::Result::applied;
    } catch (const Error& error) {
      outcome.result = FleetOutcome::Result::failed;
      outcome.error = mask_passwords(error.what());
      outcome.error_kind = to_string(error.kind());
      outcome.state = error.state();
    } catch (const std::exception& error) {
      outcome.result = FleetOutcome::Result::failed;
      outcome.error = mask_passwords(error.what());
      outcome.error_kind = to_string(ErrorKind::unknown);
    }
    outcome.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
    const std::lock_guard lock(mutex_);
    if (outcome.result == FleetOutcome::Result::failed) ++failures_;
    ++done_;
    if (told_) told_(outcome, done_);
  }

  /// The engines that run now, so that a request to stop reaches them.
  struct Registration {
    Registration(FleetRun& owner, StopSource& source) : run(owner), stop(&source) {
      const std::lock_guard lock(run.mutex_);
      run.running_.insert(stop);
    }
    ~Registration() {
      const std::lock_guard lock(run.mutex_);
      run.running_.erase(stop);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    FleetRun& run;
    StopSource* stop;
  };

  void watch() {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, std::chrono::milliseconds(50), [this] { return over_; })) {
      if (!stop_.requested()) continue;
      for (StopSource* running : running_) running->request();
    }
  }

  const std::vector<FleetTarget>& targets_;
  const EngineOptions& like_;
  const FleetOptions& options_;
  const StopSource& stop_;
  const std::function<void(const FleetOutcome&, std::size_t)>& told_;
  FleetReport report_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<StopSource*> running_;
  std::size_t next_ = 0, done_ = 0, failures_ = 0;
  bool over_ = false;
};

}  // namespace

std::vector<FleetTarget> fleet_targets(
    const FleetConfig& fleet, const std::filesystem::path& root,
    const std::function<std::unique_ptr<Connection>()>& connection) {
  std::vector<std::string> names = fleet.targets;
  if (!fleet.file.empty()) {
    for (const std::string& line : split(read_file(root / fleet.file), '\n')) {
      const std::string_view name = trim(std::string_view(line).substr(0, line.find('#')));
      if (!name.empty()) names.emplace_back(name);
    }
  }
  if (!fleet.query.empty()) {
    for (const Row& row : connection()->query(fleet.query))
      names.push_back(row.get<std::string>(0));
  }
  if (names.empty())
    throw Error(ErrorKind::config, "the fleet '" + fleet.name + "' has no targets")
        .at(fleet.position);
  std::vector<FleetTarget> targets;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    targets.push_back(target_of(name, fleet));
    if (!seen.insert(targets.back().url.reveal()).second)
      throw Error(ErrorKind::config,
                  fmt::format("the fleet '{}' holds {} twice", fleet.name, targets.back().name))
          .at(fleet.position);
  }
  return targets;
}

std::string_view to_string(FleetOutcome::Result result) noexcept {
  switch (result) {
    case FleetOutcome::Result::not_run:
      return "not_run";
    case FleetOutcome::Result::up_to_date:
      return "up_to_date";
    case FleetOutcome::Result::applied:
      return "applied";
    case FleetOutcome::Result::failed:
      return "failed";
  }
  return "not_run";
}

std::size_t FleetReport::count(FleetOutcome::Result result) const {
  return static_cast<std::size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [&](const FleetOutcome& one) { return one.result == result; }));
}

FleetReport run_fleet(const std::vector<FleetTarget>& targets, const EngineOptions& like,
                      const FleetOptions& options, const StopSource& stop,
                      const std::function<void(const FleetOutcome&, std::size_t done)>& told) {
  return FleetRun(targets, like, options, stop, told).run();
}

std::string fleet_json(const FleetReport& report, std::string_view fleet) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["fleet"] = fleet;
  json["duration_us"] = report.duration.count();
  for (const auto result : {FleetOutcome::Result::applied, FleetOutcome::Result::up_to_date,
                            FleetOutcome::Result::failed, FleetOutcome::Result::not_run})
    json["counts"][std::string(to_string(result))] = report.count(result);
  json["targets"] = nlohmann::ordered_json::array();
  for (const FleetOutcome& outcome : report.outcomes) {
    nlohmann::ordered_json item{{"target", outcome.target},
                                {"url", outcome.url},
                                {"result", to_string(outcome.result)},
                                {"applied", outcome.applied},
                                {"duration_us", outcome.duration.count()}};
    if (!outcome.error.empty())
      item["error"] = {
          {"kind", outcome.error_kind}, {"message", outcome.error}, {"state", outcome.state}};
    json["targets"].push_back(std::move(item));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sterna
