// What the user configured: sterna.toml, environment variables, .env, flags; resolved to
// connections with the origin of each value. Used by the command and by embedding programs; knows
// files and text only, never a database.
#pragma once

#include "base/url.hpp"
#include "config/fleet_config.hpp"
#include "config/lint_config.hpp"

#include <sterna/error.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sterna {

/// A value and where it came from: "flag --url", "STERNA_URL", "DATABASE_URL", "sterna.toml:12
/// [connection.main]", ".env:3", "default".
template <class T>
struct Setting {
  T value{};
  std::string origin = "default";
  bool operator==(const Setting&) const = default;
};

enum class OutOfOrder { error, warn, allow };

/// One named connection after all sources are merged. Durations are seconds; 0 means no limit.
struct ConnectionConfig {
  std::string name;
  Setting<std::optional<Url>> url;
  std::shared_ptr<const Error>
      url_error;  ///< why the URL could not be read; thrown when this connection is used
  Setting<std::vector<std::string>>
      directories;  ///< default {"migrations"}; relative to the folder of sterna.toml
  Setting<bool> separate_directories;   ///< each directory has its own order and history scope
                                        ///< instead of one common order
  Setting<std::string> history_table;   ///< default "sterna_migrations"
  Setting<std::string> history_schema;  ///< default: the connection's current schema
  Setting<double> run_timeout;          ///< MIGRATION_TIMEOUT, default 0
  Setting<double> migration_timeout;    ///< default 0
  Setting<double> statement_timeout;    ///< default 0
  Setting<double> lock_wait;            ///< wait for another runner; default 60
  Setting<double> lock_timeout;         ///< for table locks inside the database; default 5
  Setting<int> lock_retries;            ///< default 3 (with backoff)
  Setting<std::vector<Url>> replicas;   ///< asked how far they are behind
  Setting<OutOfOrder> out_of_order;     ///< default error
  Setting<std::string> transaction;     ///< "migration" (default) or "run"
  Setting<bool> strict;                 ///< strict validation before running; default false
  Setting<bool>
      protected_;  ///< asks for the environment's name before changing anything; default false
  Setting<bool> auto_run;       ///< an embedding program migrates at start; default false
  Setting<std::string> seeds;   ///< default "seeds"
  Setting<std::string> models;  ///< folder of entities in C++; default "models"
  Setting<std::string> schema;  ///< the schema as it should be: a state, as commands name it
  /// Patterns of the objects that the schema commands look at, and of those they leave alone.
  Setting<std::vector<std::string>> schema_only, schema_without;
};

struct Config {
  std::filesystem::path file;        ///< the sterna.toml that was found; empty when none
  std::filesystem::path root;        ///< its folder, or the current one
  Setting<std::string> environment;  ///< default "development"
  Setting<std::string> log_sql;      ///< STERNA_LOG_SQL; "" off
  Setting<bool> debug;               ///< STERNA_DEBUG
  std::map<std::string, ConnectionConfig> connections;
  std::map<std::string, FleetConfig> fleets;
  LintConfig lint;                 ///< [lint], with that of the environment over it
  std::string default_connection;  ///< "main" or the only one, or what `default = "…"` says

  /// @throws Error(config) naming the connections there are.
  const ConnectionConfig& connection(const std::string& name = {}) const;
};

/// What the command line gave. Everything here wins over all other sources.
struct ConfigOverrides {
  std::optional<std::filesystem::path> config_file;
  std::optional<std::string> environment, connection, url;
  std::vector<std::string> directories;
  std::map<std::string, std::string>
      settings;  ///< further keys as in sterna.toml ("lock_wait" → "10s")
  bool use_dotenv = true;
};

/// Environment look-up, replaceable in tests.
using Environment = std::function<std::optional<std::string>(const std::string&)>;
Environment process_environment();

/// Finds sterna.toml by walking up from `start` to the version control root, reads it, .env beside
/// it, and the environment. Precedence: flag > STERNA_* > DATABASE_URL (and MIGRATION_TIMEOUT) >
/// sterna.toml ([env.NAME] over top level) > .env.
/// `${VAR}` (with `${VAR:-default}`) and `file:/path` secrets are resolved in values; unknown keys
/// are refused.
/// @throws Error(config) with file:line and what is expected.
Config load_config(const std::filesystem::path& start, const ConfigOverrides& overrides,
                   const Environment& environment);

/// The path of an SQLite file that is relative means a file in `folder`; every other URL is as it
/// was. URLs of sterna.toml and .env are placed by load_config(), into its folder.
Url in_folder(Url url, const std::filesystem::path& folder);

}  // namespace sterna
