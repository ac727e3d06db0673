// squash: one checkpoint in the place of many migrations.
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "program/squash.hpp"

#include <fmt/format.h>

namespace sterna::cli {

int run_squash(Invocation& invocation) {
  Session session(invocation);
  const auto to = invocation.value("to");
  if (!to) {
    throw Error(ErrorKind::config,
                "--to is missing: the newest migration to put into the checkpoint")
        .suggest("`sterna status` lists them");
  }
  const std::vector<std::string>& directories = session.connection_config().directories.value;
  if (directories.size() != 1) {
    throw Error(ErrorKind::config, "squash works on one migrations folder, not on several")
        .suggest("name it with --dir");
  }
  StateReader reader = reader_of(session, invocation);
  const Checkpoint checkpoint = make_checkpoint(session.engine(), reader, *to);
  if (invocation.has("dry-run")) {
    print(checkpoint.text);
    return 0;
  }
  session.permit(
      invocation,
      fmt::format("putting a checkpoint in the place of {} migrations", checkpoint.versions.size()),
      false);
  const std::string file = write_checkpoint(session.config().root / directories.front(), checkpoint,
                                            session.engine(), directories.front());
  const std::string shown = directories.front() + "/" + file;
  if (invocation.json()) {
    print(names_json("made", {shown}));
    return 0;
  }
  print(shown + "\n");
  say(
      fmt::format("it makes {} tables and {} rows, as the {} migrations did, which are now in "
                  "{}/archive/{}",
                  checkpoint.tables, checkpoint.rows, checkpoint.versions.size(),
                  directories.front(), checkpoint.version));
  if (checkpoint.rights > 0)
    say(fmt::format(
        "statements over roles, owners, privileges and settings that stand at its end: {}",
        checkpoint.rights));
  return 0;
}

}  // namespace sterna::cli
