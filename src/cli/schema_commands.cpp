// schema inspect, diff, drift, snapshot: a schema as a value, and what lies between two of them.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "codegen/entities.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "program/options.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sterna::cli {
namespace {

constexpr int differences_found = 2;

}  // namespace

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

std::string desired_state(const Session& session, const Invocation& invocation) {
  if (const auto to = invocation.value("to")) return *to;
  const std::string& schema = session.connection_config().schema.value;
  if (!schema.empty()) return schema;
  throw Error(ErrorKind::config, "--to is missing: the schema as it should be")
      .with_state("nothing was changed")
      .suggest("for instance --to schema.sql, or --from database --to migrations")
      .suggest("or name it once and for all in sterna.toml: schema = \"schema.sql\"");
}

Comparison compare(Session& session, const Invocation& invocation, std::string_view from,
                   std::string_view to) {
  StateReader reader = reader_of(session, invocation);
  Connection& connection = session.engine().connection();
  State start = reader.read_state(from), end = reader.read_state(to);
  keep_unsaid(end, start.model);
  Comparison result{std::move(start.model),
                    std::move(end.model),
                    {},
                    {connection.dialect(), connection.server()}};
  result.options.renames = open_renames(end.renames, result.from);
  tell_unmanaged(result.from);
  tell_unmanaged(result.to);
  if (result.from.dialect != result.to.dialect) {
    throw Error(ErrorKind::validation,
                fmt::format("a schema of {} cannot be compared with one of {}", result.from.dialect,
                            result.to.dialect));
  }
  for (const std::string& text : invocation.all("rename"))
    result.options.renames.push_back(parse_rename(text, result.from));
  result.difference = diff(result.from, result.to, result.options);
  return result;
}

namespace {

std::string old_name(const Rename& rename) {
  return rename.column.empty() ? rename.table.text() : rename.table.text() + "." + rename.column;
}
std::string new_name(const Rename& rename) {
  return rename.column.empty() ? rename.to : rename.table.text() + "." + rename.to;
}

}  // namespace

void ask_about_renames(Comparison& compared) {
  bool agreed = false;
  for (const Rename& rename : compared.difference.possible_renames) {
    if (!ask(fmt::format("Is {} the former {}, under a new name? [y/N]", new_name(rename),
                         old_name(rename))))
      continue;
    compared.options.renames.push_back(rename);
    agreed = true;
  }
  if (agreed) compared.difference = diff(compared.from, compared.to, compared.options);
}

void tell_difference(const Difference& difference) {
  for (const Loss& loss : difference.losses)
    say(fmt::format("{} {}", toned("destructive", Tone::bad, true), loss.text));
  for (const Rename& rename : difference.possible_renames) {
    say(fmt::format("{} {} may be {} under a new name: if so, say --rename {}:{}",
                    toned("rename?", Tone::warning, true), new_name(rename), old_name(rename),
                    old_name(rename), rename.to));
  }
}

int write_derived_migration(Session& session, const Invocation& invocation, Comparison compared,
                            const std::string& name) {
  if (compared.difference.empty()) {
    if (invocation.json())
      print(names_json("made", {}));
    else
      say("the schemas are equal: there is nothing to write");
    return 0;
  }
  tell_difference(compared.difference);
  const DerivedMigration migration =
      derive_migration(compared.from, compared.to, std::move(compared.difference), compared.options,
                       session.engine().connection());
  const bool cpp = invocation.has("cpp");
  const std::string text =
      cpp ? cpp_text(migration, name, compared.from, compared.to, session.engine().connection())
          : sql_text(migration);
  const std::string shown = write_migration(session.config(), session.connection_config(), name,
                                            cpp ? "cpp" : "sql", text);
  if (!migration.no_way_down.empty())
    say(fmt::format("{} {}", toned("no way down", Tone::warning, true), migration.no_way_down));
  if (invocation.json())
    print(names_json("made", {shown}));
  else
    print(shown + "\n");
  return 0;
}

namespace {

/// With what has to be known of it in front.
std::string text_of(const ChangeScript& script) {
  const std::string text = sql_text(script.statements);
  return script.outside_transaction ? "-- sterna:transaction none\n\n" + text : text;
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
  Connection& connection = session.engine().connection();
  if (invocation.value("format") == "cpp") {
    print(cpp_entities({model, connection.capabilities(), [&](const model::Type& type) {
                          return connection.dialect().type_name(type, connection.server());
                        }}));
    return 0;
  }
  model::Model nothing;
  nothing.dialect = model.dialect;
  const Difference all = diff(nothing, model, {connection.dialect(), connection.server()});
  print(text_of(script_of(all.changes, nothing, connection)));
  return 0;
}

int run_schema_diff(Invocation& invocation) {
  Session session(invocation);
  Comparison compared = compare(session, invocation, invocation.value("from").value_or("database"),
                                desired_state(session, invocation));
  if (!invocation.json()) ask_about_renames(compared);
  if (const auto name = invocation.value("output"))
    return write_derived_migration(session, invocation, std::move(compared), to_snake_case(*name));
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
