#include "program/state.hpp"

#include "base/file.hpp"
#include "database/registry.hpp"
#include "migration/version.hpp"
#include "model/json.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <algorithm>
#include <filesystem>

namespace sterna {
namespace {

namespace fs = std::filesystem;

bool is_url(std::string_view spec) {
  for (const Engine& engine : engines()) {
    const std::string scheme(engine.scheme);
    if (spec.starts_with(scheme + ":")) return true;
  }
  return false;
}

std::vector<std::string> sql_files(const std::string& folder) {
  std::vector<std::string> files;
  for (const std::string& name : list_files(folder)) {
    if (is_script_name(name)) files.push_back(folder + "/" + name);
  }
  return files;
}

/// Migrations bear versions; files of a desired schema do not.
bool holds_migrations(const std::string& folder) {
  const std::vector<std::string> names = list_files(folder);
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    MigrationFileName parsed;
    return parse_file_name(name, parsed);
  });
}

}  // namespace

StateReader::StateReader(MigrationEngine& engine, StateOptions options,
                         std::function<EngineOptions(std::string_view name)> engine_of)
    : engine_(engine), options_(std::move(options)), engine_of_(std::move(engine_of)) {}

model::Model StateReader::read(std::string_view spec) {
  const RunnerOptions& run = engine_.options().run;
  if (spec == "database")
    return inspect(engine_.connection(), run.history_schema, run.history_table);
  if (spec == "migrations") return replay(run.directories);
  if (spec == "empty") {
    model::Model nothing;
    nothing.dialect = engine_.connection().dialect().name();
    return nothing;
  }
  if (spec.starts_with('@')) {
    const EngineOptions other = engine_of_(spec.substr(1));
    return inspect(*connect(other.url), other.run.history_schema, other.run.history_table);
  }
  if (is_url(spec))
    return inspect(*connect(parse_url(spec)), run.history_schema, run.history_table);
  const std::string path(spec);
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return holds_migrations(path) ? replay({path}) : load_files(sql_files(path));
  if (is_script_name(spec)) return load_files({path});
  if (spec.ends_with(".json")) return read_snapshot(path);
  throw Error(ErrorKind::config, "'" + path + "' is no schema: there is no such file or folder")
      .with_state("nothing was changed")
      .suggest(
          "name `database`, `migrations`, `empty`, @connection, a URL, a .sql file, a snapshot "
          "(.json), or a folder of migrations or SQL files");
}

model::Model StateReader::inspect(Connection& session, const std::string& history_schema,
                                  const std::string& history_table) const {
  InspectOptions options = options_.inspect;
  options.without.emplace_back(history_schema, history_table);
  options.without.emplace_back(history_schema, history_table + "_lock");
  return session.inspect(options);
}

std::unique_ptr<Scratch> StateReader::make_scratch() {
  try {
    return options_.scratch ? scratch_at(*options_.scratch) : engine_.connection().make_scratch();
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

model::Model StateReader::load_files(const std::vector<std::string>& files) {
  const Language language = engine_.connection().dialect().language();
  std::vector<Statement> statements;
  for (const std::string& file : files) {
    const std::string text = read_file(file);
    for (Statement& statement : split_statements(text, language, file, 1))
      statements.push_back(std::move(statement));
  }
  const std::unique_ptr<Scratch> scratch = make_scratch();
  try {
    scratch->session().execute_batch(statements);
  } catch (Error& error) {
    error.with_state("nothing was changed: this was a scratch database");
    throw;
  }
  const RunnerOptions& run = engine_.options().run;
  return inspect(scratch->session(), run.history_schema, run.history_table);
}

model::Model StateReader::replay(const std::vector<std::string>& directories) {
  const std::unique_ptr<Scratch> scratch = make_scratch();
  EngineOptions options = engine_.options();
  options.url = scratch->session().url();
  options.url_origin = "the scratch database";
  options.run.directories = directories;
  options.connect = nullptr;
  MigrationEngine replaying(options);
  try {
    replaying.up({});
  } catch (Error& error) {
    error.with_state("nothing was changed: this was a scratch database");
    throw;
  }
  // The engine's own session: an SQLite database in memory is nowhere else.
  return inspect(replaying.connection(), options.run.history_schema, options.run.history_table);
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
