#include "program/fleet.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "program/options.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace sterna {
namespace {

/// A name inside a URL: whatever is not plain is percent-encoded, except in the path of a file.
std::string in_url(std::string_view name, bool is_path) {
  if (is_path) return std::string(name);
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '.' || c == '~';
    if (plain)
      result += c;
    else
      result += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return result;
}

std::string filled(std::string_view pattern, const std::string& name) {
  constexpr std::string_view place = "{name}";
  std::string result;
  for (std::size_t from = 0;;) {
    const std::size_t at = pattern.find(place, from);
    result += pattern.substr(from, at - from);
    if (at == std::string_view::npos) return result;
    result += name;
    from = at + place.size();
  }
}

std::vector<std::string> names_of(const Config& config, const FleetConfig& fleet,
                                  const ConnectionConfig& connection) {
  if (!fleet.query.empty()) {
    std::vector<std::string> names;
    const EngineOptions options = engine_options(config, connection);
    for (const Row& row : connect(options.url)->query(fleet.query))
      names.push_back(row.get<std::string>(0));
    return names;
  }
  if (fleet.file.empty()) return fleet.targets;
  std::vector<std::string> names;
  const std::string text = read_file(config.root / fleet.file);
  for (const std::string& line : split(text, '\n')) {
    const std::string_view name = trim(line);
    if (!name.empty() && !name.starts_with('#')) names.emplace_back(name);
  }
  return names;
}

/// Opens the target's sessions with its schema first in their path.
std::function<std::unique_ptr<Connection>()> in_schema(const Url& url, const std::string& schema) {
  return [url, schema] {
    std::unique_ptr<Connection> connection = connect(url);
    const std::string use = connection->dialect().use_schema(schema);
    if (use.empty()) {
      throw Error(ErrorKind::config, "a fleet's schema is for PostgreSQL; on " +
                                         connection->server().product +
                                         " the fleet's url names the place")
          .with_state("nothing was changed")
          .suggest(
              "write url = \"mysql://db/{name}\", \"cassandra://node/{name}\" or "
              "\"sqlite:{name}.db\" instead of schema");
    }
    connection->execute(use);
    return connection;
  };
}

EngineOptions options_of(const Config& config, const FleetConfig& fleet,
                         const ConnectionConfig& connection, const std::string& name) {
  ConnectionConfig own = connection;
  own.name = mask_passwords(name);  // it stands in events and traces
  if (!fleet.url.empty() || fleet.schema.empty()) {
    const bool is_path = fleet.url.starts_with("sqlite:");
    const std::string text = fleet.url.empty() ? name : filled(fleet.url, in_url(name, is_path));
    try {
      own.url = {in_folder(parse_url(text), config.root), fleet.origin};
    } catch (const Error& error) {
      throw Error(ErrorKind::config, "target '" + mask_passwords(name) + "' of fleet " +
                                         fleet.name + " is no database: " + error.what())
          .suggest("write url = \"…{name}…\" or schema = \"{name}\" into [fleet." + fleet.name +
                   "]");
    }
  }
  EngineOptions options = engine_options(config, own);
  if (!fleet.schema.empty()) {
    const std::string schema = filled(fleet.schema, name);
    options.run.history_schema = schema;
    options.connect = in_schema(options.url, schema);
  }
  return options;
}

}  // namespace

std::vector<FleetTarget> fleet_targets(const Config& config, const std::string& name) {
  const auto found = config.fleets.find(name);
  if (found == config.fleets.end()) {
    std::vector<std::string> known;
    for (const auto& [one, fleet] : config.fleets) known.push_back(one);
    throw Error(ErrorKind::config, "there is no fleet '" + name + "' in sterna.toml")
        .suggest(known.empty() ? "write a table [fleet." + name + "] with targets, file or query"
                               : "known fleets: " + join(known, ", "));
  }
  const FleetConfig& fleet = found->second;
  if (fleet.url_error) throw Error(*fleet.url_error);
  const ConnectionConfig& connection = config.connection(fleet.connection);
  std::vector<FleetTarget> targets;
  std::set<std::string> seen;
  for (const std::string& target : names_of(config, fleet, connection)) {
    if (!seen.insert(target).second) continue;
    EngineOptions options = options_of(config, fleet, connection, target);
    // A password never stands in a name.
    targets.push_back({mask_passwords(target), std::move(options)});
  }
  return targets;
}

struct FleetRun::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<FleetOutcome> outcomes;
  std::vector<std::size_t> ended;  ///< not told yet
  std::set<MigrationEngine*> engines;
  FleetProgress progress;
};

void FleetRun::run_one(std::size_t at, const Work& work, Shared& shared) {
  const FleetTarget& target = targets_[at];
  FleetOutcome outcome;
  outcome.target = target.name;
  outcome.database = target.options.url.masked();
  const auto begin = std::chrono::steady_clock::now();
  std::unique_ptr<MigrationEngine> engine;
  try {
    engine = std::make_unique<MigrationEngine>(target.options);
    {
      const std::lock_guard lock(shared.mutex);
      shared.engines.insert(engine.get());
      if (stop_.requested()) engine->stop().request();
    }
    work(*engine, outcome);
    outcome.state = FleetOutcome::State::done;
  } catch (const Error& error) {
    outcome.state = FleetOutcome::State::failed;
    outcome.error = error;
  } catch (const std::exception& error) {
    outcome.state = FleetOutcome::State::failed;
    outcome.error = Error(ErrorKind::internal, mask_passwords(error.what()));
  }
  {
    const std::lock_guard lock(shared.mutex);
    shared.engines.erase(engine.get());
  }
  engine.reset();  // its session ends before the next one begins
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  outcome.seconds = took.count();
  const std::lock_guard lock(shared.mutex);
  --shared.progress.running;
  ++(outcome.state == FleetOutcome::State::failed ? shared.progress.failed : shared.progress.done);
  shared.outcomes[at] = std::move(outcome);
  shared.ended.push_back(at);
  shared.changed.notify_all();
}

void FleetRun::run_wave(std::size_t begin, std::size_t end, int jobs, const Work& work,
                        const Watch& watch, Shared& shared) {
  std::size_t next = begin;
  const auto worker = [&] {
    for (;;) {
      std::size_t at = 0;
      {
        const std::lock_guard lock(shared.mutex);
        const bool enough = options_.stop_after > 0 &&
                            shared.progress.failed >= static_cast<std::size_t>(options_.stop_after);
        if (next == end || enough || stop_.requested()) return;
        at = next++;
        ++shared.progress.running;
      }
      run_one(at, work, shared);
    }
  };
  std::vector<std::thread> threads;
  const std::size_t count = std::min(static_cast<std::size_t>(std::max(jobs, 1)), end - begin);
  std::atomic<std::size_t> alive{count};
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      worker();
      const std::lock_guard lock(shared.mutex);
      --alive;
      shared.changed.notify_all();
    });
  }
  constexpr std::chrono::milliseconds beat{100};
  std::unique_lock lock(shared.mutex);
  for (;;) {
    shared.changed.wait_for(lock, beat, [&] { return alive == 0 || !shared.ended.empty(); });
    if (stop_.requested()) {
      for (MigrationEngine* engine : shared.engines) engine->stop().request();
    }
    const std::vector<std::size_t> ended = std::exchange(shared.ended, {});
    const FleetProgress progress = shared.progress;
    const bool over = alive == 0;
    lock.unlock();
    // An outcome that has ended is written no more.
    for (const std::size_t at : ended) watch.ended(shared.outcomes[at]);
    watch.tick(progress);
    if (over) break;
    lock.lock();
  }
  for (std::thread& thread : threads) thread.join();
}

std::vector<FleetOutcome> FleetRun::run(const Work& work, const Watch& watch) {
  Shared shared;
  shared.progress.targets = targets_.size();
  shared.outcomes.resize(targets_.size());
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    shared.outcomes[i].target = targets_[i].name;
    shared.outcomes[i].database = targets_[i].options.url.masked();
  }
  // Without canaries the first one goes alone even so: it compiles what all the others take.
  const std::size_t first =
      std::min(targets_.size(), static_cast<std::size_t>(std::max(options_.canary, 1)));
  run_wave(0, first, options_.canary > 0 ? options_.jobs : 1, work, watch, shared);
  const bool canary_died = options_.canary > 0 && shared.progress.failed > 0;
  if (!canary_died && first < targets_.size() && !stop_.requested())
    run_wave(first, targets_.size(), options_.jobs, work, watch, shared);
  return std::move(shared.outcomes);
}

}  // namespace sterna
