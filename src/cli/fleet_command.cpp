// up --fleet, down --fleet: the same migrations on many databases or schemas.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "cli/selection.hpp"
#include "cli/session.hpp"
#include "lint/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace sterna::cli {
namespace {

using State = FleetOutcome::State;

void permit_on(const Fleet& fleet, const Invocation& invocation, const std::string& what,
               bool dangerous) {
  permit(invocation, fleet.config, fleet.connection().protected_.value,
         fmt::format("{} on {} targets of fleet {}", what, fleet.targets.size(), fleet.name), "",
         dangerous);
}

/// "3 targets: 2 migrated, 0 had nothing to do, 1 failed", and how it goes on.
void tell_end(const FleetEnd& ended, const Invocation& invocation, std::string_view did,
              std::string_view nothing, const std::string& again) {
  if (invocation.json()) return;
  const auto changed = static_cast<std::size_t>(
      std::count_if(ended.outcomes.begin(), ended.outcomes.end(), [](const FleetOutcome& outcome) {
        return outcome.state == State::done && !outcome.ran.empty();
      }));
  const std::size_t failed = ended.count(State::failed), left = ended.count(State::left_out);
  std::string text = fmt::format("{} targets: {} {}, {} {}", ended.outcomes.size(), changed, did,
                                 ended.count(State::done) - changed, nothing);
  if (failed > 0) text += fmt::format(", {} failed", failed);
  if (left > 0) text += fmt::format(", {} not begun", left);
  say(text);
  if (failed + left > 0) say(again);
}

constexpr const char* same_command =
    "the same command goes on with what is missing; targets that are done are not touched";

/// As a single `up` in a protected environment. @throws Error(refused), and the target was not
/// touched.
void refuse_findings(MigrationEngine& engine, const Fleet& fleet, const Target& target,
                     const lint::Policy& policy) {
  const Plan plan = engine.plan(target, Direction::up);
  std::vector<lint::Finding> findings =
      lint::findings_of(lint::review(engine, plan, policy, fleet.schema_of(engine)));
  std::optional<Error> refusal = lint_refusal(findings, fleet.config);
  if (!refusal) return;
  std::string detail;
  for (const lint::Finding& finding : findings) detail += "\n" + lint::as_text(finding);
  throw refusal->with_detail(std::string(trim(detail)));
}

/// What a way down that is counted from the newest one (--steps, --batch) means on a fleet: the
/// same on every target that has something to take back, or it is refused. Otherwise a second run
/// after a failure would take further migrations from the targets that are done, and a batch could
/// be one migration here and all of them there.
struct WayDown {
  std::vector<std::string> taken;  ///< IDs
  std::string stays;               ///< the newest that stays; empty: none
  auto operator<=>(const WayDown&) const = default;
};

WayDown way_down(MigrationEngine& engine, const Target& target) {
  WayDown way;
  for (const PlannedMigration& planned : engine.plan(target, Direction::down))
    way.taken.push_back(planned.id());
  std::vector<HistoryRow> rows = engine.history();
  std::sort(rows.begin(), rows.end(),
            [](const HistoryRow& a, const HistoryRow& b) { return a.sequence > b.sequence; });
  for (const HistoryRow& row : rows) {
    const bool goes = row.kind == "repeatable" ||
                      std::find(way.taken.begin(), way.taken.end(), row.id()) != way.taken.end();
    if (goes) continue;
    way.stays = row.id();
    break;
  }
  return way;
}

std::string command_of(const Fleet& fleet, std::string_view selector) {
  return fmt::format("sterna down --fleet {} {}", fleet.name, selector);
}

/// @throws Error when a target cannot be looked at: what was asked for is not known then.
void refuse_unknown(const Fleet& fleet, const FleetEnd& looked) {
  if (looked.stopped)
    throw Error(ErrorKind::interrupted, "interrupted while the targets were looked at")
        .with_state("no target was touched");
  const Error* first = nullptr;
  std::vector<std::string> failed;
  for (const FleetOutcome& outcome : looked.outcomes) {
    if (!outcome.error) continue;
    if (first == nullptr) first = &*outcome.error;
    failed.push_back(outcome.target + ": " + outcome.error->what());
  }
  if (first == nullptr) return;
  constexpr std::size_t most = 10;
  const std::size_t count = failed.size();
  failed.resize(std::min(count, most));
  if (count > most) failed.push_back(fmt::format("and {} more", count - most));
  Error error(first->kind(),
              fmt::format("{} of {} targets do not say what would be taken back from them", count,
                          fleet.targets.size()));
  error.with_detail(join(failed, "\n")).with_state("no target was touched");
  for (const std::string& suggestion : first->suggestions()) error.suggest(suggestion);
  throw error.suggest("or name the version that stays; the other targets then go without these: " +
                      command_of(fleet, "--to VERSION"));
}

/// The one way down that all targets agree on; none when there is nothing to take back anywhere.
std::optional<WayDown> agreed_way(const Fleet& fleet, const Invocation& invocation,
                                  const Target& target) {
  std::mutex mutex;
  std::map<WayDown, std::vector<std::string>> ways;
  const FleetEnd looked = look_at_fleet(
      fleet, invocation,
      [&](MigrationEngine& engine, FleetOutcome& outcome) {
        WayDown way = way_down(engine, target);
        if (way.taken.empty()) return;
        const std::lock_guard lock(mutex);
        ways[std::move(way)].push_back(outcome.target);
      },
      false);
  refuse_unknown(fleet, looked);
  if (ways.empty()) return std::nullopt;
  if (ways.size() == 1) return ways.begin()->first;
  std::vector<std::string> lines;
  for (const auto& [way, targets] : ways)
    lines.push_back(fmt::format("{} on {} of them ({})", join(way.taken, ", "), targets.size(),
                                some_of(targets)));
  throw Error(ErrorKind::plan,
              "the targets are not at the same migration: what would be taken "
              "back differs from one to the other")
      .with_detail(join(lines, "\n"))
      .with_state("no target was touched")
      .suggest("name the version that stays: " + command_of(fleet, "--to VERSION"))
      .suggest("`sterna status --fleet " + fleet.name +
               "` shows where each of them is; a run that did not come to its end leaves such a "
               "difference");
}

/// `version` stays. A target that never came so far has nothing to take back. `agreed`: nothing
/// else may go, when it is given; since the targets were looked at, somebody may have applied more.
RunResult take_down(MigrationEngine& engine, const Target& target, const std::string& version,
                    const std::vector<std::string>* agreed) {
  if (target.kind == Target::Kind::version) {
    bool behind = false, beyond = false;
    for (const MigrationStatus& migration : engine.status().migrations) {
      const bool applied = !migration.applied_at.empty() && migration.kind != "repeatable";
      if (migration.id() == version) behind = !applied;
      if (behind && applied) beyond = true;
    }
    if (behind && !beyond) return {};
  }
  if (agreed == nullptr) return engine.down(target);
  return engine.down(target, [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (std::find(agreed->begin(), agreed->end(), id) != agreed->end()) continue;
      throw Error(ErrorKind::plan, fmt::format("{} was applied since the targets were looked at; "
                                               "taking {} back would take it too",
                                               id, join(*agreed, ", ")))
          .with_state("nothing was taken back here")
          .suggest("name the version that stays, if it is to go as well: --to VERSION or --all");
    }
  });
}

}  // namespace

int run_up_fleet(Invocation& invocation) {
  const Fleet fleet = load_fleet(invocation);
  refuse_with_fleet(invocation, {"plan"}, "a plan file is of one database: --url, --connection");
  refuse_with_fleet(invocation, {"steps"},
                    "say up to which version, with --to: a second run then goes on where the first "
                    "one ended");
  refuse_with_fleet(invocation, {"wait"}, "`sterna wait-for` waits for one database");
  const Target target = up_target(invocation);
  known_version(fleet, target);
  if (invocation.has("dry-run")) return show_fleet_plan(fleet, invocation, target, Direction::up);
  if (invocation.has("rehearse")) {
    const FleetEnd ended = change_fleet(
        fleet, invocation, [&](MigrationEngine& engine) { return engine.rehearse(target); });
    tell_end(ended, invocation, "rehearsed and rolled back", "had nothing to do",
             "nothing was changed anywhere");
    return finish_fleet(invocation, ended, fleet_json(fleet, invocation, ended, "rehearsed"));
  }
  std::optional<lint::Policy> policy;
  if (fleet.connection().protected_.value && !invocation.has("no-lint"))
    policy = policy_of(invocation, fleet.config);
  permit_on(fleet, invocation, "applying migrations", false);
  const FleetEnd ended = change_fleet(fleet, invocation, [&](MigrationEngine& engine) {
    if (policy) refuse_findings(engine, fleet, target, *policy);
    return engine.up(target);
  });
  tell_end(ended, invocation, "migrated", "had nothing to do", same_command);
  return finish_fleet(invocation, ended, fleet_json(fleet, invocation, ended));
}

int run_down_fleet(Invocation& invocation) {
  const Fleet fleet = load_fleet(invocation);
  Target target = down_target(invocation);
  std::string version = known_version(fleet, target);
  if (invocation.has("dry-run")) return show_fleet_plan(fleet, invocation, target, Direction::down);
  const bool all = target.kind == Target::Kind::all;
  std::string what = all ? "taking every migration back" : "taking migrations back";
  std::string again = same_command;
  std::optional<WayDown> way;
  if (!all && target.kind != Target::Kind::version) {
    way = agreed_way(fleet, invocation, target);
    if (way) {
      what = fmt::format("taking {} back", join(way->taken, ", "));
      version = way->stays;
      target = version.empty() ? Target{} : Target{Target::Kind::version, version, 0};
      again = fmt::format(
          "go on with `{}`; targets that are done are not touched",
          command_of(fleet, version.empty() ? std::string("--all") : "--to " + version));
    }
  }
  permit_on(fleet, invocation, what, all);
  const FleetEnd ended = change_fleet(fleet, invocation, [&](MigrationEngine& engine) {
    return take_down(engine, target, version, way ? &way->taken : nullptr);
  });
  tell_end(ended, invocation, "taken back", "had nothing to take back", again);
  return finish_fleet(invocation, ended, fleet_json(fleet, invocation, ended, "rolled_back"));
}

}  // namespace sterna::cli
