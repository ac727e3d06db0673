// up --fleet: the same migrations on many databases.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "database/registry.hpp"
#include "ops/fleet.hpp"
#include "program/options.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace {

using Result = FleetOutcome::Result;

/// One line that is rewritten on a terminal; failures stay, each on a line of its own.
class FleetProgress {
 public:
  FleetProgress(std::size_t total, bool live, bool quiet)
      : total_(total), live_(live), quiet_(quiet) {}

  void tell(const FleetOutcome& outcome, std::size_t done) {
    if (outcome.result == Result::failed) ++failed_;
    if (quiet_) return;
    clear();
    if (outcome.result == Result::failed)
      say(fmt::format("{} {}: {}", toned("failed", Tone::bad, true), outcome.target,
                      outcome.error));
    else if (!live_ && outcome.result == Result::applied)
      say(fmt::format("{} {}: {}", toned("applied", Tone::good, true), outcome.target,
                      join(outcome.applied, ", ")));
    if (!live_) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
    const double left = rate > 0 ? static_cast<double>(total_ - done) / rate : 0;
    fmt::print(stderr, "{} of {} done, {} failed, {:.0f}/s, {} left", done, total_, failed_, rate,
               format_duration(left));
    std::fflush(stderr);
    shown_ = true;
  }

  void clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\033[K");
    shown_ = false;
  }

 private:
  std::size_t total_, failed_ = 0;
  bool live_, quiet_, shown_ = false;
  Clock::time_point begun_ = Clock::now();
};

void refuse_other_choices(const Invocation& invocation) {
  for (const std::string_view other : {"to", "steps", "dry-run", "rehearse", "plan", "wait"}) {
    if (invocation.has(other))
      throw Error(ErrorKind::config, fmt::format("--{} does not go with --fleet", other));
  }
}

}  // namespace

int run_up_fleet(Invocation& invocation) {
  refuse_other_choices(invocation);
  const Config config = load_configuration(invocation);
  const FleetConfig& fleet = config.fleet(*invocation.value("fleet"));
  // A project may have targets and no database of its own: then the first target stands for one in
  // what follows.
  const std::vector<FleetTarget> targets = fleet_targets(fleet, config.root, [&] {
    return connect(engine_options(config, config.connection(fleet.connection)).url, {});
  });
  Invocation first = invocation;
  if (!config.connection(invocation.value("connection").value_or("")).url.value)
    first.values["url"] = {targets.front().url.reveal()};
  Session session(first);
  session.permit(invocation,
                 fmt::format("applying migrations to {} targets of the fleet {}, the first on",
                             targets.size(), fleet.name),
                 false);
  FleetOptions options;
  options.jobs = invocation.number("jobs", 1).value_or(options.jobs);
  options.canary = invocation.number("canary", 0).value_or(options.canary);
  options.stop_after_failures =
      invocation.number("stop-after-failures", 0).value_or(options.stop_after_failures);
  const std::vector<Source>& sources = session.engine().sources();
  const bool compiled = std::any_of(sources.begin(), sources.end(), [](const Source& one) {
    return one.kind == SourceKind::cpp && !one.make;
  });
  if (compiled && options.jobs > 1) {
    // Loading registers them for the whole process.
    say(
        fmt::format("{} one target at a time: there are C++ migrations that are loaded on demand; "
                    "a migrator program has them linked",
                    toned("note", Tone::warning, true)));
    options.jobs = 1;
  }
  const bool quiet = invocation.verbosity() < 0 || invocation.json();
  FleetProgress progress(targets.size(), stderr_is_terminal(), quiet);
  const FleetReport report = run_fleet(
      targets, session.engine().options(), options, session.engine().stop(),
      [&](const FleetOutcome& outcome, std::size_t done) { progress.tell(outcome, done); });
  progress.clear();
  const std::string json = fleet_json(report, fleet.name);
  if (const auto file = invocation.value("report")) write_file_atomically(*file, json);
  if (invocation.json()) print(json);
  const std::size_t failed = report.count(Result::failed), waiting = report.count(Result::not_run);
  if (!quiet) {
    say(fmt::format("{} applied, {} up to date, {} failed, {} not begun, in {}",
                    report.count(Result::applied), report.count(Result::up_to_date), failed,
                    waiting, format_duration(static_cast<double>(report.duration.count()) / 1e6)));
    if (failed + waiting > 0) say("run it again to go on with what is missing");
  }
  if (session.engine().stop().requested()) return exit_code(ErrorKind::interrupted);
  return failed + waiting > 0 ? 1 : 0;
}

}  // namespace sterna::cli
