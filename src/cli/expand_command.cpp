// expand: the two migrations by which a column changes while programs of both versions run.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "program/expand.hpp"

namespace sterna::cli {

int run_expand(Invocation& invocation) {
  ColumnExpansion wanted = parse_expansion(*invocation.value("COLUMN"));
  wanted.type = invocation.value("type").value_or("");
  wanted.name = invocation.value("name").value_or("");
  wanted.value = invocation.value("value").value_or("");
  wanted.back = invocation.value("back").value_or("");
  Session session(invocation);
  StateReader reader = reader_of(session, invocation);
  Connection& connection = session.engine().connection();
  const ExpandedColumn made = expand_column(reader.read("database"), wanted, connection);
  if (invocation.has("dry-run")) {
    print(made.expand + "\n" + made.contract);
    return 0;
  }
  // Before anything is written: who goes on without them loses what they name.
  for (const std::string& note : made.notes) say("to do by hand: " + note);
  const std::string stem = to_snake_case(wanted.table.name + "_" + wanted.column);
  const std::string_view ending = connection.dialect().script_ending();
  std::vector<std::string> files;
  files.push_back(write_migration(session.config(), session.connection_config(), "expand_" + stem,
                                  ending, made.expand));
  files.push_back(write_migration(session.config(), session.connection_config(), "contract_" + stem,
                                  ending, made.contract));
  if (invocation.json()) {
    print(expansion_json(files, made.notes));
    return 0;
  }
  for (const std::string& file : files) print(file + "\n");
  say("apply the first with `sterna up --steps 1`; the second when no program uses the old column");
  return 0;
}

}  // namespace sterna::cli
