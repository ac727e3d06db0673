#include "program/options.hpp"

#include "database/registry.hpp"

#include <sterna/runner.hpp>

namespace sterna {
namespace {

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

}  // namespace

EngineOptions engine_options(const Config& config, const ConnectionConfig& connection) {
  if (!connection.url.value) {
    throw Error(ErrorKind::config, "no database is named for connection '" + connection.name + "'")
        .suggest("give --url, for instance --url sqlite:app.db")
        .suggest("or set STERNA_URL or DATABASE_URL, in the environment or in .env")
        .suggest("or write `url = \"…\"` into sterna.toml (`sterna init` makes one)");
  }
  EngineOptions options;
  options.url = *connection.url.value;
  options.url_origin = connection.url.origin;
  options.base = config.root;
  options.seeds = connection.seeds.value;
  options.models = connection.models.value;
  RunnerOptions& run = options.run;
  run.name = connection.name;
  run.environment = config.environment.value;
  run.directories = connection.directories.value;
  run.separate_directories = connection.separate_directories.value;
  run.history_table = connection.history_table.value;
  run.history_schema = connection.history_schema.value;
  run.run_timeout = milliseconds(connection.run_timeout.value);
  run.migration_timeout = milliseconds(connection.migration_timeout.value);
  run.statement_timeout = milliseconds(connection.statement_timeout.value);
  run.lock_wait = milliseconds(connection.lock_wait.value);
  run.lock_timeout = milliseconds(connection.lock_timeout.value);
  run.lock_retries = connection.lock_retries.value;
  for (const Url& replica : connection.replicas.value) run.replicas.push_back(replica.reveal());
  run.out_of_order = static_cast<OutOfOrderPolicy>(connection.out_of_order.value);
  run.transaction =
      connection.transaction.value == "run" ? RunTransaction::run : RunTransaction::migration;
  run.strict = connection.strict.value;
  return options;
}

bool look_without_making(EngineOptions& options) {
  if (!would_create(options.url)) return false;
  options.connect = [] { return connect(parse_url("sqlite::memory:")); };
  return true;
}

Connections Connections::from_config(std::string_view folder) {
  const Config config = load_config(folder, {}, process_environment());
  std::map<std::string, Definition> definitions;
  for (const auto& [name, connection] : config.connections) {
    EngineOptions options = engine_options(config, connection);
    for (std::string& directory : options.run.directories)
      directory = (config.root / directory).string();
    // A program carries its migrations with it; the folder is read where it lies beside the
    // configuration.
    std::erase_if(options.run.directories, [](const std::string& directory) {
      return !std::filesystem::is_directory(directory);
    });
    definitions[name] = {
        options.url.reveal(), {}, std::move(options.run), connection.auto_run.value};
  }
  return Connections(std::move(definitions));
}

}  // namespace sterna
