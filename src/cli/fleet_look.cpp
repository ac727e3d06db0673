// status --fleet, plan --fleet, validate --fleet: what only looks at many databases or schemas.
#include "cli/commands.hpp"
#include "cli/fleet.hpp"
#include "cli/json.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "cli/plan_output.hpp"
#include "cli/schema.hpp"
#include "cli/selection.hpp"
#include "ops/drift.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <mutex>

namespace sterna::cli {
namespace {

using State = FleetOutcome::State;

struct TargetPlan {
  Plan plan;
  lint::PlanReview review;  ///< empty: of a way down
};
using Plans = std::map<std::string, TargetPlan>;  // by target

/// How much a plan asks of its database, to tell the heaviest of several that run the same.
std::tuple<std::size_t, int, std::int64_t> weight_of(const lint::PlanReview& review) {
  std::size_t errors = 0;
  int time = -1;  // a time that is not known says the least
  std::int64_t rows = 0;
  for (const lint::Finding& finding : lint::findings_of(review))
    errors += finding.severity == lint::Severity::error ? 1 : 0;
  for (const lint::MigrationReview& migration : review) {
    for (const lint::StatementReview& statement : migration.statements) {
      if (statement.estimate.time != TimeClass::unknown)
        time = std::max(time, static_cast<int>(statement.estimate.time));
      for (const TouchedTable& table : statement.estimate.tables)
        rows += std::max<std::int64_t>(table.rows, 0);
    }
  }
  return {errors, time, rows};
}

/// Targets on which the same statements run.
struct Alike {
  std::vector<std::string> targets;
  const TargetPlan* heaviest = nullptr;
  std::string heaviest_target;
};

std::vector<Alike> grouped(const std::vector<FleetOutcome>& outcomes, const Plans& plans) {
  std::vector<Alike> groups;
  std::map<std::vector<std::string>, std::size_t> known;
  for (const FleetOutcome& outcome : outcomes) {
    const auto found = plans.find(outcome.target);
    if (outcome.state != State::done || found == plans.end()) continue;
    std::vector<std::string> key;
    for (const PlannedMigration& migration : found->second.plan) {
      key.push_back(migration.id() + "\n" + migration.error);
      for (const PlannedStatement& statement : migration.statements) key.push_back(statement.sql);
    }
    const auto [at, fresh] = known.try_emplace(std::move(key), groups.size());
    if (fresh) groups.emplace_back();
    Alike& group = groups[at->second];
    group.targets.push_back(outcome.target);
    if (group.heaviest != nullptr &&
        weight_of(found->second.review) <= weight_of(group.heaviest->review))
      continue;
    group.heaviest = &found->second;
    group.heaviest_target = outcome.target;
  }
  return groups;
}

void print_groups(const std::vector<Alike>& groups, const Invocation& invocation) {
  int hidden = 0;
  for (const Alike& group : groups) {
    const TargetPlan& shown = *group.heaviest;
    const std::size_t count = group.targets.size();
    print(toned(fmt::format("-- {} target{}: {}{}", count, count == 1 ? "" : "s",
                            some_of(group.targets), shown.plan.empty() ? ": nothing to do" : ""),
                Tone::strong) +
          "\n");
    if (count > 1 && !shown.review.empty())
      print(toned(fmt::format("-- findings and estimates are those of {}, where it weighs most",
                              group.heaviest_target),
                  Tone::dim) +
            "\n");
    print("\n");
    hidden +=
        print_plan_text(shown.plan, shown.review.empty() ? nullptr : &shown.review, invocation);
  }
  tell_hidden_notes(hidden);
}

}  // namespace

int show_fleet_plan(const Fleet& fleet, const Invocation& invocation, const Target& target,
                    Direction direction) {
  const bool up = direction == Direction::up;
  const lint::Policy policy = up ? policy_of(invocation, fleet.config) : lint::Policy{};
  std::mutex mutex;
  Plans plans;
  const FleetEnd ended =
      look_at_fleet(fleet, invocation, [&](MigrationEngine& engine, FleetOutcome& outcome) {
        TargetPlan own;
        own.plan = engine.plan(target, direction);
        if (up) own.review = lint::review(engine, own.plan, policy, fleet.schema_of(engine));
        remember(engine.status(), outcome);
        const std::lock_guard lock(mutex);
        plans[outcome.target] = std::move(own);
      });
  if (!invocation.json()) print_groups(grouped(ended.outcomes, plans), invocation);
  nlohmann::ordered_json json = fleet_json(fleet, invocation, ended);
  int code = 0;
  for (std::size_t i = 0; i < ended.outcomes.size(); ++i) {
    const auto found = plans.find(ended.outcomes[i].target);
    if (found == plans.end()) continue;
    json["targets"][i]["migrations"] =
        planned_json(found->second.plan, up ? &found->second.review : nullptr);
    code = std::max(code, plan_exit(found->second.plan));
  }
  const int finished = finish_fleet(invocation, ended, json);
  return finished != 0 ? finished : code;
}

int run_plan_fleet(Invocation& invocation) {
  const Fleet fleet = load_fleet(invocation);
  refuse_with_fleet(invocation, {"out"}, "a plan file is of one database: --url, --connection");
  refuse_with_fleet(invocation, {"steps"},
                    "say up to which version, with --to, as `up --fleet` has it");
  const Target target = up_target(invocation);
  known_version(fleet, target);
  return show_fleet_plan(fleet, invocation, target, Direction::up);
}

int run_status_fleet(Invocation& invocation) {
  const Fleet fleet = load_fleet(invocation);
  refuse_with_fleet(invocation, {"wait"}, "`sterna wait-for` waits for one database");
  const FleetEnd ended = look_at_fleet(
      fleet, invocation,
      [](MigrationEngine& engine, FleetOutcome& outcome) { remember(engine.status(), outcome); });
  const std::vector<FleetOutcome>& outcomes = ended.outcomes;
  if (!invocation.json()) {
    std::vector<std::vector<std::string>> rows{{"target", "applied", "pending", "latest", ""}};
    for (const FleetOutcome& outcome : outcomes) {
      if (invocation.has("pending") && outcome.state == State::done && outcome.pending == 0)
        continue;
      const std::string note =
          outcome.error ? outcome.error->what()
          : outcome.pending == 0 && outcome.state == State::done && !outcome.up_to_date
              ? "edited or missing files"
              : "";
      rows.push_back({outcome.target, std::to_string(outcome.known_applied),
                      std::to_string(outcome.pending), outcome.latest, note});
    }
    print(table(rows));
  }
  const int code = finish_fleet(invocation, ended, fleet_json(fleet, invocation, ended));
  const bool clean = std::all_of(outcomes.begin(), outcomes.end(),
                                 [](const FleetOutcome& one) { return one.up_to_date; });
  return code == 0 && invocation.has("check") && !clean ? 2 : code;
}

int run_validate_fleet(Invocation& invocation) {
  const Fleet fleet = load_fleet(invocation);
  refuse_with_fleet(invocation, {"offline"}, "the files are the same for all: no --fleet then");
  refuse_with_fleet(invocation, {"scratch"}, "every target has a scratch database of its own");
  refuse_with_fleet(invocation, {"schema"}, "the fleet says which schema is a target");
  const bool strict = invocation.has("strict") || fleet.connection().strict.value;
  const auto serious = [&](const std::vector<Problem>& problems) {
    return std::any_of(problems.begin(), problems.end(),
                       [&](const Problem& problem) { return is_serious(problem, strict); });
  };
  // The files are the same for all targets, so what is wrong with them is told once.
  std::vector<Problem> of_files;
  if (!fleet.targets.empty())
    of_files = MigrationEngine(fleet.targets.front().options).validate(true);
  const bool files_stop = serious(of_files);
  if (!invocation.json()) print_problems(of_files);
  if (files_stop && !invocation.json())
    say("no target was looked at: mend the files first, then run it again");

  const DriftOptions drift{filter_of(fleet.connection(), invocation), fleet.of_schemas(),
                           invocation.has("grants")};
  std::mutex mutex;
  std::map<std::string, std::vector<Problem>> of_target;
  Fleet looked = fleet;
  if (files_stop) looked.targets.clear();
  FleetEnd ended =
      look_at_fleet(looked, invocation, [&](MigrationEngine& engine, FleetOutcome& outcome) {
        std::vector<Problem> problems = engine.validate_history();
        if (invocation.has("database")) {
          for (Problem& problem : drift_problems(drift_of(engine, drift)))
            problems.push_back(std::move(problem));
        }
        remember(engine.status(), outcome);
        const std::lock_guard lock(mutex);
        of_target[outcome.target] = std::move(problems);
      });
  if (files_stop) {
    for (const FleetTarget& target : fleet.targets)
      ended.outcomes.push_back({.target = target.name, .database = target.options.url.masked()});
  }
  nlohmann::ordered_json json = fleet_json(fleet, invocation, ended);
  json["problems"] = problem_list(of_files);
  std::size_t faulty = 0;
  for (std::size_t i = 0; i < ended.outcomes.size(); ++i) {
    const std::string& target = ended.outcomes[i].target;
    const std::vector<Problem>& problems = of_target[target];
    json["targets"][i]["problems"] = problem_list(problems);
    if (serious(problems)) ++faulty;
    if (invocation.json() || problems.empty()) continue;
    print(toned(target, Tone::strong) + "\n");
    print_problems(problems);
  }
  if (!invocation.json()) {
    std::string text = fmt::format("{} targets: {} in order", fleet.targets.size(),
                                   ended.count(State::done) - faulty);
    if (faulty > 0) text += fmt::format(", {} with serious problems", faulty);
    if (ended.count(State::failed) > 0)
      text += fmt::format(", {} could not be looked at", ended.count(State::failed));
    if (ended.count(State::left_out) > 0)
      text += fmt::format(", {} not looked at", ended.count(State::left_out));
    say(text);
  }
  const int code = finish_fleet(invocation, ended, json);
  if (files_stop) return exit_code(ErrorKind::validation);
  return code == 0 && faulty > 0 ? exit_code(ErrorKind::validation) : code;
}

}  // namespace sterna::cli
