// baseline, resolve, repair, freeze, unfreeze, hash, history clear: what changes the history or
// sterna.sum without running migrations.
#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "migration/sum.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sterna::cli {

int run_baseline(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "marking migrations as applied", false);
  const RunResult result = session.engine().baseline(*invocation.value("VERSION"));
  if (invocation.json())
    print(result_json(result, "baseline"));
  else
    say(fmt::format("{} migration(s) are marked as applied; none was run", result.applied.size()));
  return 0;
}

int run_resolve(Invocation& invocation) {
  const auto name = invocation.value("NAME") ? invocation.value("NAME") : invocation.value("name");
  if (!name)
    throw Error(ErrorKind::config, "NAME is missing: the version or name of a migration")
        .suggest("usage: sterna resolve NAME --as up|down");
  std::optional<Direction> as;
  if (const auto state = invocation.value("as"))
    as = *state == "up" ? Direction::up : Direction::down;
  const bool abandon = invocation.has("abandon");
  if (as && abandon)
    throw Error(ErrorKind::config, "--as and --abandon exclude each other")
        .suggest("--abandon takes back what was begun; --as only says what counts");
  Session session(invocation, as ? Access::changes : Access::looks);
  if (as) session.permit(invocation, "settling a migration by hand", false);
  if (abandon) session.permit(invocation, "giving up an interrupted step", false);
  const Resolution resolution =
      abandon ? session.engine().abandon(*name) : session.engine().resolve(*name, as);
  if (invocation.json()) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["id"] = resolution.id;
    json["evidence"] = resolution.evidence;
    json["resolved"] = abandon ? "abandoned" : as ? (*as == Direction::up ? "up" : "down") : "";
    print(json.dump(2) + "\n");
    return 0;
  }
  print(resolution.id + "\n");
  for (const std::string& line : resolution.evidence) print("  " + line + "\n");
  if (abandon) return 0;
  if (as)
    say(fmt::format("{} counts as {} now; nothing was run", resolution.id,
                    *as == Direction::up ? "applied" : "not applied"));
  else
    say("to settle it: sterna resolve " + *name + " --as up|down");
  return 0;
}

int run_repair(Invocation& invocation) {
  Session session(invocation, access_of(invocation));
  const std::vector<Repair> repairs = session.engine().repair(false);
  if (invocation.json()) {
    nlohmann::ordered_json json;
    json["schema_version"] = 1;
    json["applied"] = !invocation.has("dry-run") && invocation.has("yes");
    json["repairs"] = nlohmann::ordered_json::array();
    for (const Repair& repair : repairs) {
      json["repairs"].push_back(
          {{"id", repair.id},
           {"kind", repair.kind == Repair::Kind::remove_row ? "remove_row" : "renew_hash"},
           {"explanation", repair.explanation}});
    }
    print(json.dump(2) + "\n");
  } else {
    for (const Repair& repair : repairs)
      print(fmt::format("{}\n  {}\n", repair.id, repair.explanation));
  }
  if (repairs.empty()) {
    say("nothing to repair");
    return 0;
  }
  if (invocation.has("dry-run")) return 0;
  session.permit(invocation, fmt::format("changing {} row(s) of the history", repairs.size()),
                 true);
  session.engine().repair(true);
  say(fmt::format("repaired {} row(s)", repairs.size()));
  return 0;
}

int run_freeze(Invocation& invocation) {
  Session session(invocation);
  const std::string reason = invocation.value("REASON").value_or("");
  session.engine().freeze(reason);
  if (invocation.json())
    print(freeze_json(session.engine().status().frozen));
  else
    say("frozen: no run begins on this database until `sterna unfreeze`");
  return 0;
}

int run_unfreeze(Invocation& invocation) {
  Session session(invocation);
  const std::optional<Freeze> before = session.engine().unfreeze();
  if (invocation.json())
    print(freeze_json(std::nullopt));
  else
    say(before ? "runs may begin again; it was frozen by " + before->by +
                     (before->reason.empty() ? "" : ": " + before->reason)
               : std::string("it was not frozen"));
  return 0;
}

int run_hash(Invocation& invocation) {
  Session session(invocation);
  std::vector<std::string> written;
  for (const std::string& directory : session.connection_config().directories.value) {
    const std::filesystem::path path = session.config().root / directory / sum_file_name;
    const std::string text = session.engine().sum_text(directory);
    if (read_file_if_exists(path) != text) {
      write_file_atomically(path, text);
      written.push_back(path.string());
    }
  }
  if (invocation.json())
    print(names_json("written", written));
  else if (written.empty())
    say("sterna.sum is up to date");
  for (const std::string& path : written) {
    if (!invocation.json()) say("wrote " + path);
  }
  return 0;
}

int run_history_clear(Invocation& invocation) {
  Session session(invocation);
  session.permit(invocation, "emptying the history", true);
  session.engine().clear_history();
  say("the history is empty; the schema was not touched");
  return 0;
}

}  // namespace sterna::cli
