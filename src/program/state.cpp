#include "program/state.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "builder/models.hpp"
#include "database/registry.hpp"
#include "diff/script.hpp"
#include "migration/compiler.hpp"
#include "migration/own_place.hpp"
#include "migration/planner.hpp"
#include "migration/version.hpp"
#include "model/json.hpp"
#include "program/entity_document.hpp"
#include "program/rename_hints.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

namespace sterna {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view migrations_at = "migrations@";

std::vector<std::string> sql_files(const std::string& folder) {
  std::vector<std::string> files;
  for (const std::string& name : list_files(folder)) {
    if (is_script_name(name)) files.push_back(folder + "/" + name);
  }
  return files;
}

/// The last one in order, of each folder where they are separate; empty when none is applied.
std::string newest_applied(MigrationEngine& engine) {
  std::map<std::string, std::string> newest;
  for (const MigrationStatus& item : engine.status().migrations) {
    if (item.state == MigrationState::applied && item.kind != "repeatable")
      newest[item.scope] = target_name(item.scope, item.scope.empty() ? item.version : item.id());
  }
  std::vector<std::string> names;
  for (const auto& [scope, name] : newest) names.push_back(name);
  return join(names, ",");
}

/// Migrations bear versions; files of a desired schema do not.
bool holds_migrations(const std::string& folder) {
  const std::vector<std::string> names = list_files(folder);
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    MigrationFileName parsed;
    return parse_file_name(name, parsed);
  });
}

constexpr std::string_view exec_prefix = "exec:";

/// The sources in a folder of entities; its headers where it has no source.
std::vector<fs::path> model_files(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> sources, headers;
  for (const std::string& name : list_files(path)) {
    if (name.ends_with(".cpp")) sources.push_back(fs::path(path) / name);
    if (name.ends_with(".hpp")) headers.push_back(fs::path(path) / name);
  }
  return sources.empty() ? headers : sources;
}

/// What the tables of a database stand on and entities do not say: schemas, extensions, domains,
/// functions of defaults. Described tables may stand on it as well.
void add_ground(model::Model& wanted, const model::Model& live) {
  std::set<std::string> needed;
  for (const model::Table& table : live.tables)
    needed.insert(table.depends_on.keys.begin(), table.depends_on.keys.end());
  std::vector<const model::Object*> ground;
  for (bool more = true; more;) {
    more = false;
    for (const model::Object& object : live.objects) {
      const bool wide = object.kind == "extension" || object.kind == "schema";
      const bool known = std::find(ground.begin(), ground.end(), &object) != ground.end();
      if (known || !object.table.name.empty() || !(wide || needed.contains(key_of(object))))
        continue;
      ground.push_back(&object);
      needed.insert(object.depends_on.begin(), object.depends_on.end());
      more = true;
    }
  }
  wanted.schemas = live.schemas;
  std::vector<std::string> keys;
  for (const model::EnumType& type : live.enums) {
    keys.push_back(model::key_of("enum", type.name));
    if (needed.contains(keys.back()) && wanted.enumeration(type.name) == nullptr)
      wanted.enums.push_back(type);
  }
  for (const model::Object* object : ground) {
    keys.push_back(key_of(*object));
    if (wanted.object(object->kind, object->name) == nullptr) wanted.objects.push_back(*object);
  }
  for (model::Table& table : wanted.tables)
    table.depends_on.keys.insert(table.depends_on.keys.end(), keys.begin(), keys.end());
  model::sort(wanted);
}

/// A file that a program writes into; gone at the end.
struct OutputFile {
  std::string path;
  OutputFile() {
    path = (fs::temp_directory_path() / "sterna-entities-XXXXXX").string();
    const int fd = ::mkstemp(path.data());
    if (fd < 0) throw Error(ErrorKind::config, "no temporary file can be made in " + path);
    ::close(fd);
  }
  ~OutputFile() { ::unlink(path.c_str()); }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
};

/// The line that describes what an error is about: the one whose name stands in its statement.
void place_of(Error& error, const EntityModel& entities) {
  if (!error.position().file.empty()) return;
  std::string_view best;
  for (const auto& [what, position] : entities.positions) {
    const std::size_t space = what.find(' ');
    if (space == std::string::npos) continue;  // a column
    const std::string name = model::Name(what.substr(space + 1)).name;
    const bool named = error.object() == name || error.object().starts_with(name + ".") ||
                       error.statement().find(name) < 64;
    if (!named || name.size() <= best.size()) continue;
    best = std::string_view(what).substr(space + 1);
    const std::size_t colon = position.rfind(':');
    error.at({position.substr(0, colon), std::atoi(position.c_str() + colon + 1), 0});
  }
}

Rename rename_of(const EntityRename& rename, const std::vector<EntityRename>& all) {
  Rename result;
  result.table = model::Name(rename.table);
  result.part = rename.part;
  result.to = rename.to;
  if (!rename.of_enum) return result;
  result.kind = Rename::Kind::enumeration;
  for (const EntityRename& other : all) {  // a value is described under its type's new name
    if (other.of_enum && other.part.empty() && other.to == rename.table && !rename.part.empty())
      result.table = model::Name(other.table);
  }
  return result;
}

}  // namespace

bool is_url(std::string_view spec) {
  for (const Engine& engine : engines()) {
    const std::string scheme(engine.scheme);
    if (spec.starts_with(scheme + ":")) return true;
  }
  return false;
}

void keep_unsaid(State& to, const model::Model& from) {
  if (!to.tables_alone) return;
  const auto stays = [&](const model::Object& object) {
    return object.table.name.empty() || to.model.table(object.table) != nullptr ||
           from.table(object.table) == nullptr;
  };
  to.model.schemas = from.schemas;
  std::vector<model::Object>& objects = to.model.objects;
  for (const model::Object& object : from.objects) {
    if (!stays(object)) continue;
    const auto same = std::find_if(objects.begin(), objects.end(), [&](const model::Object& other) {
      return other.kind == object.kind && other.name == object.name;
    });
    if (same == objects.end())
      objects.push_back(object);
    else if (same->definition == object.definition)  // what the described tables stand on
      *same = object;
  }
  for (model::EnumType& type : to.model.enums) {
    if (const model::EnumType* was = from.enumeration(type.name); was && type.comment.empty())
      type.comment = was->comment;
  }
  model::sort(to.model);
}

std::string applied_state(MigrationEngine& engine) {
  const std::string last = newest_applied(engine);
  return last.empty() ? "empty" : std::string(migrations_at) + last;
}

StateReader::StateReader(MigrationEngine& engine, StateOptions options,
                         std::function<EngineOptions(std::string_view name)> engine_of)
    : engine_(engine), options_(std::move(options)), engine_of_(std::move(engine_of)) {}

State StateReader::read_state(std::string_view spec) {
  const RunnerOptions& run = engine_.options().run;
  if (spec == "database") return {inspect(engine_.connection(), run), {}};
  if (spec == "migrations" || spec.starts_with(migrations_at)) {
    const Target target =
        spec == "migrations"
            ? Target{}
            : Target{Target::Kind::version, std::string(spec.substr(migrations_at.size())), 0};
    const Replayed replayed = replay(target);
    return {inspect(replayed.engine->connection(), *replayed.scratch), {}};
  }
  if (spec == "applied") return applied();
  if (spec == "empty") {
    State nothing;
    nothing.model.dialect = engine_.connection().dialect().name();
    return nothing;
  }
  if (spec == "models") return models((engine_.options().base / engine_.options().models).string());
  if (spec.starts_with(exec_prefix)) return program(std::string(spec.substr(exec_prefix.size())));
  if (spec.starts_with('@')) {
    const EngineOptions other = engine_of_(spec.substr(1));
    return {inspect_at(other.url, other.run), {}};
  }
  if (is_url(spec)) return {inspect_at(parse_url(spec), run), {}};
  return read_path(std::string(spec));
}

State StateReader::read_path(const std::string& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    if (holds_migrations(path)) return {replay_folder(path), {}};
    return model_files(path).empty() ? load_files(sql_files(path)) : models(path);
  }
  if (is_script_name(path)) return load_files({path});
  if (path.ends_with(".json")) return {read_snapshot(path), {}};
  if (path.ends_with(".hpp") || path.ends_with(".cpp")) return models(path);
  if (fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0) return program(path);
  throw Error(ErrorKind::config, "'" + path + "' is no schema: there is no such file or folder")
      .with_state("nothing was changed")
      .suggest(
          "name `database`, `applied`, `migrations`, `migrations@VERSION`, `models`, `empty`, "
          "@connection, a "
          "URL, a .sql file, a snapshot (.json), a folder of migrations, SQL files or entities in "
          "C++, or exec:PROGRAM");
}

model::Model StateReader::replay_folder(const std::string& folder) {
  const Replayed replayed = replay({folder}, {});
  return inspect(replayed.engine->connection(), *replayed.scratch);
}

model::Model StateReader::inspect(Connection& session, const Scratch& scratch) const {
  return inspect(session, engine_.options().run, &scratch);
}

model::Model StateReader::inspect_at(const Url& url, const RunnerOptions& run) const {
  if (would_create(url))
    throw Error(ErrorKind::connection, "there is no database " + url.masked())
        .with_state("nothing was made")
        .suggest("check the path; `empty` is the schema with nothing in it");
  return inspect(*connect(url), run);
}

model::Model StateReader::inspect(Connection& session, const RunnerOptions& run,
                                  const Scratch* scratch) const {
  InspectOptions options = options_.inspect;
  if (narrowed_ && (scratch == nullptr || scratch->schema().empty()))
    options.schemas = {session.inspect(options).default_schema};
  return inspect_beside_history(session, run, std::move(options), scratch);
}

std::unique_ptr<Scratch> StateReader::make_scratch() {
  try {
    std::unique_ptr<Scratch> scratch = options_.scratch
                                           ? scratch_at(*options_.scratch, engine_.connection())
                                           : engine_.connection().make_scratch();
    narrowed_ = narrowed_ || !scratch->schema().empty();
    return scratch;
  } catch (Error& error) {
    if (error.kind() == ErrorKind::permission) {
      error.with_state("nothing was changed")
          .suggest(
              "loading files needs an empty database: name one with --scratch URL, or let the "
              "role make one (CREATEDB; CREATE on *.*)");
    }
    throw;
  }
}

State StateReader::load_files(const std::vector<std::string>& files) {
  const Language language = engine_.connection().dialect().language();
  std::vector<Statement> statements;
  std::vector<detail::RenameHint> hints;
  for (const std::string& file : files) {
    const std::string text = read_file(file);
    for (detail::RenameHint& hint : detail::read_rename_hints(text, language, file))
      hints.push_back(std::move(hint));
    for (Statement& statement : split_statements(text, language, file, 1))
      statements.push_back(std::move(statement));
  }
  const std::unique_ptr<Scratch> scratch = make_scratch();
  scratch->leave_schema_to(statements);
  try {
    scratch->session().execute_batch(statements);
  } catch (Error& error) {
    error.with_state("nothing was changed: this was a scratch database");
    throw;
  }
  State state{inspect(scratch->session(), *scratch), {}};
  state.renames = detail::renames_of(hints, state.model);
  return state;
}

State StateReader::applied() {
  const Target target{Target::Kind::version, newest_applied(engine_), 0, true};
  if (target.version.empty()) return read_state("empty");
  const Replayed replayed = replay(target);
  return {inspect(replayed.engine->connection(), *replayed.scratch), {}};
}

Replayed StateReader::replay(const Target& target) {
  return replay(engine_.options().run.directories, target);
}

Replayed StateReader::replay(const std::vector<std::string>& directories, const Target& target) {
  Replayed replayed{make_scratch(), nullptr};
  EngineOptions options = engine_.options();
  options.run.directories = directories;
  replayed.engine = engine_in(*replayed.scratch, std::move(options));
  try {
    replayed.engine->up(target);
  } catch (Error& error) {
    error.with_state("nothing was changed: this was a scratch database");
    throw;
  }
  return replayed;
}

State StateReader::models(const std::string& path) {
  std::error_code ignored;
  const bool there = fs::exists(path, ignored);
  const std::vector<fs::path> files = there ? model_files(path) : std::vector<fs::path>{};
  load_cpp_models(files, engine_.options().compile);
  const Dialect& dialect = engine_.connection().dialect();
  const std::vector<detail::EntityTable> entities = registered_entities(dialect.name());
  if (entities.empty()) {
    throw Error(ErrorKind::config, there ? "no entities are registered in '" + path + "'"
                                         : "there is no folder '" + path + "' of entities")
        .with_state("nothing was changed")
        .suggest("describe structs with <sterna/model.hpp> and register them: STERNA_MODEL(User);")
        .suggest("or name the folder in sterna.toml: models = \"…\"");
  }
  return made_of(entity_model(entities, dialect, engine_.connection().server()));
}

State StateReader::program(const std::string& path) {
  Connection& connection = engine_.connection();
  const OutputFile output;
  const ServerInfo& server = connection.server();
  // A name without a slash would be looked up in PATH.
  const std::string program = path.find('/') == std::string::npos ? "./" + path : path;
  const ProcessResult result = run_process(
      {program, "--dialect", std::string(connection.dialect().name()), "--server-version",
       std::to_string(server.version), "--product", server.product, "--output", output.path});
  const auto text = read_file_if_exists(output.path);
  if (result.exit_code != 0 || !text || text->empty()) {
    throw Error(ErrorKind::config,
                "the program '" + path + "' printed no entities" +
                    (result.exit_code != 0 ? " (exit code " + std::to_string(result.exit_code) + ")"
                                           : std::string()))
        .with_detail(std::string(trim(result.output)))
        .with_state("nothing was changed")
        .suggest("it must be a program of sterna_add_model (CMake), or call sterna::model_main");
  }
  try {
    return made_of(entities_from_json(*text));
  } catch (Error& error) {
    if (error.position().file.empty()) error.at({path, 0, 0});
    throw;
  }
}

/// The database itself spells types and defaults: what is described is made on a scratch database.
State StateReader::made_of(const EntityModel& entities) {
  model::Model wanted = entities.model;
  add_ground(wanted, inspect(engine_.connection(), engine_.options().run));
  const std::unique_ptr<Scratch> scratch = make_scratch();
  try {
    create_model(scratch->session(), wanted);
  } catch (Error& error) {
    place_of(error, entities);
    error.with_state("nothing was changed: this was a scratch database");
    throw;
  }
  State state{inspect(scratch->session(), *scratch), {}, true};
  for (const EntityRename& rename : entities.renames)
    state.renames.push_back(rename_of(rename, entities.renames));
  return state;
}

model::Model StateReader::read_snapshot(const std::string& file) const {
  try {
    return model::from_json(read_file(file));
  } catch (Error& error) {
    if (error.position().file.empty()) error.at({file, 0, 0});
    throw;
  }
}

}  // namespace sterna
