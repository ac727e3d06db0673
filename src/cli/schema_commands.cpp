// schema inspect, diff, drift, snapshot: a schema as a value, and what lies between two of them.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema_formats.hpp"
#include "cli/session.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "program/options.hpp"
#include "program/state.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sterna::cli {
namespace {

constexpr int differences_found = 2;

StateReader reader_of(Session& session, const Invocation& invocation) {
  StateOptions options;
  options.inspect.schemas = invocation.all("schema");
  options.inspect.grants = invocation.has("grants");
  if (const auto url = invocation.value("scratch")) options.scratch = parse_url(*url);
  return {session.engine(), std::move(options), [&session](std::string_view name) {
            const Config& config = session.config();
            return engine_options(config, config.connection(std::string(name)));
          }};
}

void tell_unmanaged(const model::Model& model) {
  for (const std::string& line : model.not_managed)
    say(fmt::format("{} {}", toned("not managed", Tone::warning, true), line));
}

/// As a migration's file: each statement ended, parted by empty lines.
std::string text_of(const ChangeScript& script) {
  std::string text;
  for (const Statement& statement : script.statements) {
    if (!text.empty()) text += '\n';
    text += std::string(trim(statement.sql)) + ";\n";
  }
  return script.outside_transaction ? "-- sterna:transaction none\n\n" + text : text;
}

struct Comparison {
  model::Model from, to;
  Difference difference;
};

Comparison compare(Session& session, const Invocation& invocation, std::string_view from,
                   std::string_view to) {
  StateReader reader = reader_of(session, invocation);
  Comparison result{reader.read(from), reader.read(to), {}};
  tell_unmanaged(result.from);
  tell_unmanaged(result.to);
  if (result.from.dialect != result.to.dialect) {
    throw Error(ErrorKind::validation,
                fmt::format("a schema of {} cannot be compared with one of {}", result.from.dialect,
                            result.to.dialect));
  }
  Connection& connection = session.engine().connection();
  DiffOptions options{connection.dialect(), connection.server()};
  for (const std::string& text : invocation.all("rename"))
    options.renames.push_back(parse_rename(text, result.from));
  result.difference = diff(result.from, result.to, options);
  return result;
}

void tell_difference(const Difference& difference) {
  for (const Loss& loss : difference.losses)
    say(fmt::format("{} {}", toned("destructive", Tone::bad, true), loss.text));
  for (const Rename& rename : difference.possible_renames) {
    const std::string old =
        rename.column.empty() ? rename.table.text() : rename.table.text() + "." + rename.column;
    say(fmt::format("{} {} may be {} under a new name: if so, say --rename {}:{}",
                    toned("rename?", Tone::warning, true),
                    rename.column.empty() ? rename.to : rename.table.text() + "." + rename.to, old,
                    old, rename.to));
  }
}

nlohmann::ordered_json json_of(const Difference& difference, const std::vector<Statement>& script) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["equal"] = difference.empty();
  json["changes"] = nlohmann::ordered_json::array();
  for (const Change& change : difference.changes) json["changes"].push_back(describe(change));
  json["statements"] = nlohmann::ordered_json::array();
  for (const Statement& statement : script) json["statements"].push_back(statement.sql);
  json["losses"] = nlohmann::ordered_json::array();
  for (const Loss& loss : difference.losses)
    json["losses"].push_back({{"object", loss.object}, {"text", loss.text}});
  return json;
}

}  // namespace

int run_schema_inspect(Invocation& invocation) {
  Session session(invocation);
  StateReader reader = reader_of(session, invocation);
  const model::Model model = reader.read(invocation.value("STATE").value_or("database"));
  tell_unmanaged(model);
  if (invocation.json()) {
    print(model::to_json(model));
    return 0;
  }
  if (const std::string format = invocation.value("format").value_or("sql");
      format != "sql" && format != "text") {
    print(schema_in_format(model, format));
    return 0;
  }
  Connection& connection = session.engine().connection();
  model::Model nothing;
  nothing.dialect = model.dialect;
  const Difference all = diff(nothing, model, {connection.dialect(), connection.server()});
  print(text_of(script_of(all.changes, nothing, connection)));
  return 0;
}

int run_schema_diff(Invocation& invocation) {
  Session session(invocation);
  const auto to = invocation.value("to");
  if (!to) {
    throw Error(ErrorKind::config, "--to is missing: the schema as it should be")
        .suggest("for instance --to schema.sql, or --from database --to migrations");
  }
  const Comparison compared =
      compare(session, invocation, invocation.value("from").value_or("database"), *to);
  const Difference& difference = compared.difference;
  const ChangeScript script =
      script_of(difference.changes, compared.from, session.engine().connection());
  if (invocation.json())
    print(json_of(difference, script.statements).dump(2) + "\n");
  else
    print(text_of(script));
  tell_difference(difference);
  return invocation.has("exit-code") && !difference.empty() ? differences_found : 0;
}

int run_schema_drift(Invocation& invocation) {
  Session session(invocation);
  // From what the migrations make to what is there: what somebody did by hand.
  const Comparison compared = compare(session, invocation, "migrations", "database");
  const Difference& difference = compared.difference;
  if (invocation.json()) {
    const ChangeScript script =
        script_of(difference.changes, compared.from, session.engine().connection());
    print(json_of(difference, script.statements).dump(2) + "\n");
  } else if (difference.empty()) {
    say("no drift: the database is what the migrations make");
  } else {
    for (const Change& change : difference.changes) print(describe(change) + "\n");
    say("the database differs from what the migrations make; `sterna schema diff --from migrations "
        "--to database` shows the statements that would bring the migrations up to it, and with "
        "--from and --to exchanged those that mend the database");
  }
  return invocation.has("check") && !difference.empty() ? differences_found : 0;
}

int run_schema_snapshot(Invocation& invocation) {
  Session session(invocation);
  StateReader reader = reader_of(session, invocation);
  const model::Model model = reader.read(invocation.value("STATE").value_or("database"));
  tell_unmanaged(model);
  const std::string file = invocation.value("output").value_or("schema.json");
  write_file_atomically(file, model::to_json(model));
  say(fmt::format("wrote {}: {} tables, {} other objects", file, model.tables.size(),
                  model.objects.size() + model.enums.size()));
  return 0;
}

}  // namespace sterna::cli
