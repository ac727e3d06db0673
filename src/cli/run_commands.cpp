// up, down, redo, reset, fresh, seed, plan: what runs migrations.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "cli/plan_output.hpp"
#include "cli/selection.hpp"
#include "cli/session.hpp"
#include "lint/report.hpp"
#include "ops/plan_file.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace {

double seconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

void print_result(const RunResult& result, const Invocation& invocation, std::string_view verb) {
  if (invocation.json()) {
    print(result_json(result, invocation.command->name));
    return;
  }
  if (invocation.verbosity() < 0) return;
  for (const std::string& skipped : result.skipped)
    say(toned("skipped ", Tone::dim, true) + skipped);
  if (result.applied.empty()) {
    say("nothing to do");
    return;
  }
  std::string line =
      fmt::format("{} {} migration{} in {}", verb, result.applied.size(),
                  result.applied.size() == 1 ? "" : "s", format_duration(seconds(result.duration)));
  if (result.pending > 0) line += fmt::format("; {} pending", result.pending);
  say(line);
}

int show_plan(Session& session, const Invocation& invocation, const Target& target) {
  const Plan plan = session.engine().plan(target, Direction::up);
  const lint::PlanReview review = review_plan(session, plan);
  session.clear_progress();
  print_plan(plan, &review, invocation);
  return plan_exit(plan);
}

/// Runs a plan file, unless the linter refuses what it does, or the tables have grown so far that
/// it is no longer what was agreed to.
int run_by_plan(Session& session, const Invocation& invocation, const std::string& file) {
  const std::string text = read_file(file);
  const PlanToday today = look_at_plan_file(session.engine(), text, file, policy_of(session));
  session.clear_progress();
  for (const std::string& line : today.grown)
    say(fmt::format("{} {}", toned("warning", Tone::warning, true), line));
  if (!today.grown.empty() && session.connection_config().strict.value)
    throw Error(ErrorKind::plan, file + " takes longer than was agreed to: " + today.grown.front())
        .with_state("nothing was run")
        .suggest("make a new plan, and have it looked at again: sterna plan --out " + file);
  if (invocation.has("dry-run")) {
    print_plan(today.plan, &today.review, invocation);
    return plan_exit(today.plan);
  }
  if (!lint_allows(session, invocation, lint::findings_of(today.review))) return lint_errors_found;
  session.permit(invocation, "running the plan " + file, false);
  const RunResult result = run_plan_file(session.engine(), text, file);
  session.clear_progress();
  print_result(result, invocation, "applied");
  return 0;
}

}  // namespace

int run_up(Invocation& invocation) {
  if (invocation.has("fleet")) return run_up_fleet(invocation);
  Session session(invocation, access_of(invocation));
  session.wait_for_database(invocation);
  const Target target = up_target(invocation);
  if (const auto file = invocation.value("plan")) {
    if (target.kind != Target::Kind::all || invocation.has("rehearse"))
      throw Error(ErrorKind::config,
                  "--plan says by itself what is run: it goes with no other choice of migrations");
    return run_by_plan(session, invocation, *file);
  }
  if (invocation.has("dry-run")) return show_plan(session, invocation, target);
  if (invocation.has("rehearse")) {
    print_result(session.engine().rehearse(target), invocation, "rehearsed and rolled back");
    return 0;
  }
  if (session.connection_config().protected_.value) {
    const Status status = session.engine().status();
    if (status.up_to_date()) {
      print_result({}, invocation, "applied");
      return 0;
    }
    if (!invocation.has("no-lint") &&
        !lint_allows(session, invocation, lint_pending(session, target)))
      return lint_errors_found;
    session.permit(invocation,
                   fmt::format("applying {} migration(s)", status.count(MigrationState::pending)),
                   false);
  }
  const RunResult result = session.engine().up(target);
  session.clear_progress();
  print_result(result, invocation, "applied");
  return 0;
}

int run_plan(Invocation& invocation) {
  if (invocation.has("fleet")) return run_plan_fleet(invocation);
  Session session(invocation, Access::looks);
  const auto file = invocation.value("out");
  if (!file) return show_plan(session, invocation, up_target(invocation));
  const PlanFile plan = make_plan_file(session.engine(), up_target(invocation), policy_of(session));
  write_file_atomically(*file, plan.text);
  session.clear_progress();
  const lint::Counts counts = lint::count(lint::findings_of(plan.review));
  say(
      fmt::format("wrote {}: {} error(s), {} warning(s), {} note(s); run it with `sterna up --plan "
                  "{}`",
                  *file, counts.errors, counts.warnings, counts.notes, *file));
  return 0;
}

namespace {
int take_down(Session& session, Invocation& invocation, const Target& target, bool dangerous) {
  if (invocation.has("dry-run")) {
    const Plan plan = session.engine().plan(target, Direction::down);
    print_plan(plan, nullptr, invocation);
    return plan_exit(plan);
  }
  session.permit(invocation, dangerous ? "taking every migration back" : "taking migrations back",
                 dangerous);
  const RunResult result = session.engine().down(target);
  session.clear_progress();
  print_result(result, invocation, "took back");
  return 0;
}
}  // namespace

int run_down(Invocation& invocation) {
  if (invocation.has("fleet")) return run_down_fleet(invocation);
  Session session(invocation, access_of(invocation));
  return take_down(session, invocation, down_target(invocation), invocation.has("all"));
}

int run_reset(Invocation& invocation) {
  Session session(invocation, access_of(invocation));
  return take_down(session, invocation, {}, true);
}

int run_redo(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "taking migrations back and applying them again", false);
  const RunResult result = session.engine().redo(invocation.number("steps", 1).value_or(1));
  session.clear_progress();
  print_result(result, invocation, "ran");
  return 0;
}

int run_fresh(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "dropping every object", true);
  const RunResult result = session.engine().fresh();
  if (invocation.has("seed")) session.engine().seed();
  session.clear_progress();
  print_result(result, invocation, "applied");
  return 0;
}

int run_seed(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "running the seeds", false);
  const std::vector<std::string> names = session.engine().seed();
  session.clear_progress();
  if (invocation.json())
    print(names_json("seeds", names));
  else
    say(names.empty() ? std::string("no seed scripts") : fmt::format("ran {}", join(names, ", ")));
  return 0;
}

}  // namespace sterna::cli
