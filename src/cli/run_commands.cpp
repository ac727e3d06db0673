// up, down, redo, reset, fresh, seed, plan: what runs migrations.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "ops/plan_file.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace {

double seconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

Target up_target(const Invocation& invocation) {
  const auto to = invocation.value("to");
  const auto steps = invocation.number("steps", 1);
  if (to && steps) throw Error(ErrorKind::config, "--to and --steps exclude each other");
  if (to) return {Target::Kind::version, *to, 0};
  if (steps) return {Target::Kind::steps, {}, *steps};
  return {};
}

Target down_target(const Invocation& invocation) {
  const auto to = invocation.value("to");
  const auto steps = invocation.number("steps", 1);
  const int given = (to ? 1 : 0) + (steps ? 1 : 0) + (invocation.has("batch") ? 1 : 0) +
                    (invocation.has("all") ? 1 : 0);
  if (given > 1)
    throw Error(ErrorKind::config, "--steps, --to, --batch and --all exclude each other");
  if (to) return {Target::Kind::version, *to, 0};
  if (invocation.has("batch")) return {Target::Kind::batch, {}, 0};
  if (invocation.has("all")) return {};
  return {Target::Kind::steps, {}, steps.value_or(1)};
}

void print_plan(const Plan& plan, const Invocation& invocation) {
  if (invocation.json()) {
    print(plan_json(plan));
    return;
  }
  if (plan.empty()) {
    say("nothing to do");
    return;
  }
  for (const PlannedMigration& migration : plan) {
    print(fmt::format(
        "{}\n", toned(fmt::format("-- {} {}", migration.direction == Direction::up ? "up" : "down",
                                  migration.id()),
                      Tone::strong)));
    print(fmt::format("-- {}; after a crash: {}\n", migration.atomicity, migration.after_crash));
    if (!migration.meta.description.empty())
      print(fmt::format("-- {}\n", migration.meta.description));
    if (migration.meta.breaking)
      print(toned("-- breaking: running code of the previous version may fail after it",
                  Tone::warning) +
            "\n");
    for (const std::string& change : migration.changes) print(fmt::format("-- {}\n", change));
    for (const PlannedStatement& statement : migration.statements) {
      for (const std::string& note : statement.notes)
        print(toned(fmt::format("-- note: {}", note), Tone::dim) + "\n");
      print(statement.sql + ";\n");
    }
    if (!migration.error.empty())
      print(toned("-- cannot be planned: " + migration.error, Tone::bad) + "\n");
    print("\n");
  }
}

int plan_exit(const Plan& plan) {
  for (const PlannedMigration& migration : plan) {
    if (!migration.error.empty()) return 6;
  }
  return 0;
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

}  // namespace

int run_up(Invocation& invocation) {
  if (invocation.has("fleet")) return run_up_fleet(invocation);
  Session session(invocation);
  session.wait_for_database(invocation);
  const Target target = up_target(invocation);
  if (const auto file = invocation.value("plan")) {
    if (target.kind != Target::Kind::all || invocation.has("dry-run") || invocation.has("rehearse"))
      throw Error(ErrorKind::config,
                  "--plan says by itself what is run: it goes with no other choice of migrations");
    const std::string text = read_file(*file);
    session.permit(invocation, "running the plan " + *file, false);
    const RunResult result = run_plan_file(session.engine(), text, *file);
    session.clear_progress();
    print_result(result, invocation, "applied");
    return 0;
  }
  if (invocation.has("dry-run")) {
    const Plan plan = session.engine().plan(target, Direction::up);
    print_plan(plan, invocation);
    return plan_exit(plan);
  }
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
    if (!lint_allows(session, invocation, target)) return lint_errors_found;
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
  Session session(invocation);
  if (const auto file = invocation.value("out")) {
    write_file_atomically(*file, make_plan_file(session.engine(), up_target(invocation)));
    say("wrote " + *file + ": run it with `sterna up --plan " + *file + "`");
    return 0;
  }
  const Plan plan = session.engine().plan(up_target(invocation), Direction::up);
  print_plan(plan, invocation);
  return plan_exit(plan);
}

namespace {
int take_down(Session& session, Invocation& invocation, const Target& target, bool dangerous) {
  if (invocation.has("dry-run")) {
    const Plan plan = session.engine().plan(target, Direction::down);
    print_plan(plan, invocation);
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
  Session session(invocation);
  return take_down(session, invocation, down_target(invocation), invocation.has("all"));
}

int run_reset(Invocation& invocation) {
  Session session(invocation);
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
