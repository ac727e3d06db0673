// schema inspect, diff, drift, snapshot: a schema as a value, and what lies between two of them.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "database/registry.hpp"
#include "diff/safe.hpp"
#include "model/json.hpp"
#include "program/options.hpp"
#include "program/schema_formats.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace sterna::cli {
namespace {

constexpr int differences_found = 2;

/// What runs on another database proves nothing of this one.
Url scratch_of(const Url& own, const std::string& named) {
  Url scratch = parse_url(named);
  const std::string_view wanted = engine_for(own).dialect().name(),
                         given = engine_for(scratch).dialect().name();
  if (given == wanted) return scratch;
  throw Error(ErrorKind::config,
              fmt::format("--scratch names a database of {}, and the project's is one of {}: {}",
                          given, wanted, scratch.masked()))
      .with_state("nothing was run")
      .suggest(fmt::format("name an empty database of {}, or leave --scratch out: one is made "
                           "where the role may",
                           wanted));
}

/// A state that is read from the database of the connection.
bool is_of_database(std::string_view state) { return state == "database" || state == "applied"; }

/// Where no connection is configured, a state that is a URL says which database is meant.
Invocation on_database_of(const Invocation& invocation,
                          std::initializer_list<std::string_view> states) {
  Invocation result = invocation;
  if (invocation.has("url")) return result;
  const Config config = load_configuration(invocation);
  if (config.connection(invocation.value("connection").value_or("")).url.value) return result;
  for (const std::string_view state : states) {
    const auto spec = invocation.value(state);
    if (!spec || !is_url(*spec)) continue;
    result.values["url"] = {*spec};
    break;
  }
  return result;
}

}  // namespace

StateReader reader_of(Session& session, const Invocation& invocation) {
  StateOptions options;
  options.inspect.schemas = invocation.all("schema");
  options.inspect.grants = invocation.has("grants");
  if (const auto url = invocation.value("scratch"))
    options.scratch = scratch_of(session.engine().options().url, *url);
  return {session.engine(), std::move(options), [&session](std::string_view name) {
            const Config& config = session.config();
            return engine_options(config, config.connection(std::string(name)));
          }};
}

ObjectFilter filter_of(const ConnectionConfig& connection, const Invocation& invocation) {
  ObjectFilter filter{connection.schema_only.value, connection.schema_without.value};
  if (const auto only = invocation.all("only"); !only.empty()) filter.only = only;
  for (const std::string& pattern : invocation.all("without")) filter.without.push_back(pattern);
  check(filter);
  return filter;
}

namespace {

/// The safe forms: asked for, or in production unless they were declined.
bool wants_safe_forms(Session& session, const Invocation& invocation) {
  if (invocation.has("no-safe")) return false;
  const std::string& environment = session.config().environment.value;
  return invocation.has("safe") || environment == "production" || environment == "prod";
}

}  // namespace

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
  if (is_of_database(from) || is_of_database(to)) session.tell_absent(invocation);
  StateReader reader = reader_of(session, invocation);
  Connection& connection = session.engine().connection();
  State start = reader.read_state(from);
  const bool whole = !reader.narrowed();
  State end = reader.read_state(to);
  if (reader.narrowed()) {
    if (whole) start = reader.read_state(from);
    const std::string& schema = start.model.default_schema.starts_with(scratch_prefix)
                                    ? end.model.default_schema
                                    : start.model.default_schema;
    say(
        fmt::format("{} this role may not make databases: only the schema {} is compared, in a "
                    "scratch schema beside it",
                    toned("note", Tone::warning, true), schema));
  }
  keep_unsaid(end, start.model);
  Comparison result{std::move(start.model),
                    std::move(end.model),
                    {},
                    {connection.dialect(), connection.server()},
                    reader.narrowed()};
  tell_unmanaged(result.from);
  // What both have is said once.
  model::Model others;
  for (const std::string& line : result.to.not_managed) {
    const std::vector<std::string>& told = result.from.not_managed;
    if (std::find(told.begin(), told.end(), line) == told.end()) others.not_managed.push_back(line);
  }
  tell_unmanaged(others);
  if (result.from.dialect != result.to.dialect) {
    throw Error(ErrorKind::validation,
                fmt::format("a schema of {} cannot be compared with one of {}", result.from.dialect,
                            result.to.dialect));
  }
  result.options.filter = filter_of(session.connection_config(), invocation);
  result.options.own_commits = wants_safe_forms(session, invocation);
  result.options.renames = open_renames(end.renames, result.from);
  for (const std::string& text : invocation.all("rename"))
    result.options.renames.push_back(parse_rename(text, result.from));
  result.difference = diff(result.from, result.to, result.options);
  return result;
}

std::vector<Problem> drift_problems(const std::vector<Change>& changes) {
  std::vector<Problem> problems;
  for (const Change& change : changes) {
    problems.push_back(
        {Problem::Severity::error,
         ErrorKind::validation,
         "the database differs from what the applied migrations make: " + describe(change),
         {},
         {"`sterna schema diff --from database --to migrations` prints what mends it"}});
  }
  return problems;
}

void ask_about_renames(Comparison& compared) {
  bool agreed = false;
  for (const Rename& rename : compared.difference.possible_renames) {
    if (!ask(fmt::format("Is {} the former {}, under a new name? [y/N]", rename.new_name(),
                         rename.old_name())))
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
    const std::string old = rename.old_name();
    say(fmt::format("{} {} may be {} under a new name: if so, say --rename {}:{}",
                    toned("rename?", Tone::warning, true), rename.new_name(), old, old, rename.to));
  }
  for (const std::string& note : difference.notes)
    say(fmt::format("{} {}", toned("note", Tone::warning, true), note));
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
  const std::string shown =
      write_migration(session.config(), session.connection_config(), name,
                      cpp ? ".cpp" : compared.options.dialect.script_ending(), text);
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
  const std::string text = sql_text(script.statements), directives = directives_of(script);
  return directives.empty() ? text : directives + "\n" + text;
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
  json["notes"] = difference.notes;
  return json;
}

/// The words by which a migration would name what changed. An object is looked for by its own name:
/// that its table is named somewhere says nothing of a trigger that was made by hand.
std::string own_name_of(const Change& change) {
  std::string name = subject_of(change).name;
  if (const auto* made = std::get_if<CreateObject>(&change)) name = made->object.name.name;
  if (const auto* gone = std::get_if<DropObject>(&change)) name = gone->name.name;
  name = name.substr(0, name.find('('));
  // What has no name of its own (a grant, the owner of a sequence) is known by its table.
  return name.find(' ') == std::string::npos ? name : subject_of(change).name;
}

/// Whose each changed thing is: the applied migration that names it last, or nobody's.
std::vector<std::string> origins_of(const std::vector<Change>& changes, MigrationEngine& engine) {
  std::set<std::string> applied;
  for (const HistoryRow& row : engine.history()) {
    if (row.state == RowState::applied) applied.insert(row.id());
  }
  std::vector<std::string> origins(changes.size(), "in no migration");
  for (const Source& source : engine.sources()) {
    // What is still pending can have made nothing.
    if (!applied.contains(source.id())) continue;
    const std::string text = source.up_file.empty()
                                 ? std::string()
                                 : read_file_if_exists(engine.options().base / source.up_file)
                                       .value_or(std::string(source.embedded_text));
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (holds_word(text, own_name_of(changes[i]))) origins[i] = "last named by " + source.id();
    }
  }
  return origins;
}

}  // namespace

int run_schema_inspect(Invocation& invocation) {
  Session session(on_database_of(invocation, {"STATE"}), Access::reads_states);
  StateReader reader = reader_of(session, invocation);
  const std::string state = invocation.value("STATE").value_or("database");
  if (is_of_database(state)) session.tell_absent(invocation);
  const model::Model model =
      filtered(reader.read(state), filter_of(session.connection_config(), invocation));
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
  Session session(on_database_of(invocation, {"to", "from"}), Access::reads_states);
  Comparison compared = compare(session, invocation, invocation.value("from").value_or("database"),
                                desired_state(session, invocation));
  if (!invocation.json()) ask_about_renames(compared);
  if (const auto name = invocation.value("output"))
    return write_derived_migration(session, invocation, std::move(compared), to_snake_case(*name));
  const Difference& difference = compared.difference;
  Connection& connection = session.engine().connection();
  const ChangeScript script = compared.options.own_commits
                                  ? safe_script(difference.changes, compared.from, connection)
                                  : script_of(difference.changes, compared.from, connection);
  if (invocation.json())
    print(json_of(difference, script.statements).dump(2) + "\n");
  else
    print(text_of(script));
  tell_difference(difference);
  return invocation.has("exit-code") && !difference.empty() ? differences_found : 0;
}

int run_schema_drift(Invocation& invocation) {
  Session session(invocation, Access::reads_states);
  // From what the applied migrations make to what is there: what somebody did by hand. What is
  // still pending is no drift.
  const Comparison compared = compare(session, invocation, "applied", "database");
  const Difference& difference = compared.difference;
  const bool drifted = !difference.empty();
  if (drifted || invocation.json()) {
    DiffOptions back{compared.options.dialect, compared.options.server};
    back.filter = compared.options.filter;
    const ChangeScript mend = script_of(
        diff(compared.to, compared.from, {compared.options.dialect, compared.options.server})
            .changes,
        compared.to, session.engine().connection());
    const std::vector<std::string> origins = origins_of(difference.changes, session.engine());
    if (invocation.json()) {
      nlohmann::ordered_json json = json_of(difference, mend.statements);
      for (std::size_t i = 0; i < origins.size(); ++i) json["origins"].push_back(origins[i]);
      print(json.dump(2) + "\n");
    } else {
      for (std::size_t i = 0; i < origins.size(); ++i)
        print(fmt::format("-- {} ({})\n", describe(difference.changes[i]), origins[i]));
      print("\n-- to bring the database back:\n" + text_of(mend));
      say("bring the database back with `sterna schema apply --to applied`, or take what it has "
          "into the migrations with `sterna new NAME --from-diff --to database`, then `sterna "
          "resolve NAME --as up`");
    }
  } else {
    say("no drift: the database is what its migrations make");
  }
  return invocation.has("check") && drifted ? differences_found : 0;
}

int run_schema_snapshot(Invocation& invocation) {
  Session session(on_database_of(invocation, {"STATE"}), Access::reads_states);
  StateReader reader = reader_of(session, invocation);
  const std::string state = invocation.value("STATE").value_or("database");
  if (is_of_database(state)) session.tell_absent(invocation);
  const model::Model model = reader.read(state);
  tell_unmanaged(model);
  const std::string file = invocation.value("output").value_or("schema.json");
  write_file_atomically(file, model::to_json(model));
  say(fmt::format("wrote {}: {} tables, {} other objects", file, model.tables.size(),
                  model.objects.size() + model.enums.size() + model.types.size()));
  return 0;
}

}  // namespace sterna::cli
