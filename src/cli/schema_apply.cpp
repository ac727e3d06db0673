// schema apply, schema drop: a database made to be what a description says.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "diff/safe.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sterna::cli {
namespace {

void show_plan(const Comparison& compared, const std::vector<Statement>& statements,
               const Invocation& invocation) {
  tell_difference(compared.difference);
  if (invocation.json()) return;
  for (const Change& change : compared.difference.changes) say("-- " + describe(change));
  print(sql_text(statements));
}

void print_json(const Comparison& compared, const std::vector<Statement>& statements,
                bool applied) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["applied"] = applied;
  json["changes"] = nlohmann::ordered_json::array();
  for (const Change& change : compared.difference.changes)
    json["changes"].push_back(describe(change));
  json["statements"] = nlohmann::ordered_json::array();
  for (const Statement& statement : statements) json["statements"].push_back(statement.sql);
  json["losses"] = nlohmann::ordered_json::array();
  for (const Loss& loss : compared.difference.losses)
    json["losses"].push_back({{"object", loss.object}, {"text", loss.text}});
  print(json.dump(2) + "\n");
}

void refuse_unallowed_losses(const Difference& difference, const Invocation& invocation) {
  if (difference.losses.empty() || invocation.has("allow-destructive")) return;
  throw Error(ErrorKind::refused, "this takes away for ever: " + names_of(difference.losses))
      .with_state("nothing was changed")
      .suggest("if that is meant, say --allow-destructive")
      .suggest("what only has a new name is named with --rename OLD:NEW");
}

/// In a protected environment only --yes stands for a person's answer.
void permit_apply(Session& session, Invocation& invocation, std::size_t statements) {
  if (invocation.has("auto-approve")) {
    if (session.connection_config().protected_.value) {
      throw Error(
          ErrorKind::refused,
          fmt::format("--auto-approve is for development; the environment '{}' is protected",
                      session.config().environment.value))
          .with_state("nothing was changed")
          .suggest("write a migration instead: sterna new NAME --from-diff")
          .suggest("or say --yes");
    }
    return;
  }
  session.permit(invocation, fmt::format("running {} statement(s)", statements), true);
}

std::vector<Work> work_of(const Comparison& compared, Connection& connection) {
  const std::vector<Change>& changes = compared.difference.changes;
  std::vector<ChangeScript> scripts;
  if (compared.options.own_commits)
    scripts = safe_scripts(changes, compared.from, connection);
  else
    scripts.push_back(script_of(changes, compared.from, connection));
  std::vector<Work> work;
  for (ChangeScript& script : scripts) {
    Work part{std::move(script.statements), {}};
    if (script.outside_transaction) part.meta.transaction = TransactionMode::none;
    part.meta.foreign_keys_off = script.foreign_keys_off;
    work.push_back(std::move(part));
  }
  return work;
}

}  // namespace

int run_schema_apply(Invocation& invocation) {
  Session session(invocation, invocation.has("dry-run") ? Access::reads_states : Access::changes);
  const std::string wanted = desired_state(session, invocation);
  Comparison compared = compare(session, invocation, "database", wanted);
  if (!invocation.json()) ask_about_renames(compared);
  Connection& connection = session.engine().connection();
  const std::vector<Work> work = work_of(compared, connection);
  std::vector<Statement> statements;
  for (const Work& part : work)
    statements.insert(statements.end(), part.statements.begin(), part.statements.end());
  const auto told = [&](bool applied) {
    if (invocation.json()) print_json(compared, statements, applied);
  };
  if (compared.difference.empty()) {
    told(false);
    say("nothing to do: the database is as it should be");
    return 0;
  }
  show_plan(compared, statements, invocation);
  if (invocation.has("dry-run")) {
    told(false);
    return 0;
  }
  refuse_unallowed_losses(compared.difference, invocation);
  permit_apply(session, invocation, statements.size());
  StateReader reader = reader_of(session, invocation);
  if (compared.narrowed) reader.narrow();
  const bool whole = work.size() == 1 && runs_in_transaction(work.front().meta, connection);
  try {
    session.engine().run_work("schema apply", work, [&] {
      if (reader.read("database") == compared.from) return;
      throw Error(ErrorKind::plan,
                  "the database was changed by somebody else since this was planned")
          .with_state("nothing was changed")
          .suggest("look at it again: sterna schema apply");
    });
  } catch (Error& error) {
    if (!whole) error.suggest("run `sterna schema apply` again: it goes on from what is there");
    throw;
  }
  session.clear_progress();
  const Difference rest =
      diff(reader.read("database"), compared.to, {connection.dialect(), connection.server()});
  told(true);
  if (!rest.empty()) {
    throw Error(ErrorKind::internal, fmt::format("after the run the database still differs: {}",
                                                 describe(rest.changes.front())))
        .with_state(fmt::format("{} statement(s) were run and kept", statements.size()))
        .suggest("`sterna schema diff` shows what is left");
  }
  say(fmt::format("ran {} statement(s); the database is now what {} says", statements.size(),
                  wanted));
  return 0;
}

int run_schema_drop(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "dropping every object", true);
  session.engine().drop_everything();
  session.clear_progress();
  if (invocation.json())
    print(names_json("dropped", {"everything"}));
  else
    say("dropped every object");
  return 0;
}

}  // namespace sterna::cli
