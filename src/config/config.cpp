#include "config/config.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/dotenv.hpp"
#include "config/keys.hpp"
#include "config/raw.hpp"
#include "config/toml.hpp"

#include <sterna/error.hpp>

#include <charconv>
#include <cstdlib>
#include <set>

namespace sterna {
namespace fs = std::filesystem;

namespace {

using RawMap = std::map<std::string, Raw, std::less<>>;

/// Everything that was found, in layers; a later layer wins.
class Loader {
 public:
  Loader(const fs::path& start, const ConfigOverrides& overrides, const Environment& environment)
      : start_(start),
        overrides_(overrides),
        environment_(environment),
        values_([this](const std::string& name) { return from_environment(name); }, config_.root) {}

  Config load() {
    find_file();
    read_dotenv();
    check_keys(toml_, shown_file_);
    choose_environment();
    read_fleets_of_file();
    for (const TomlValue* table :
         std::initializer_list<const TomlValue*>{&toml_, environment_table_}) {
      const TomlValue* lint = table == nullptr ? nullptr : field(*table, "lint");
      if (lint != nullptr) read_lint(*lint, shown_file_, config_.lint);
    }
    collect_connections();
    for (const std::string& name : names_) config_.connections.emplace(name, connection(name));
    choose_default();
    config_.log_sql = values_.text(from_environment("STERNA_LOG_SQL"), "");
    config_.debug = values_.boolean(from_environment("STERNA_DEBUG"), false);
    return std::move(config_);
  }

 private:
  void find_file() {
    config_.root = start_;
    fs::path named = overrides_.config_file.value_or(fs::path());
    if (named.empty()) {
      if (const auto value = environment_("STERNA_CONFIG"); value && !value->empty())
        named = *value;
    }
    if (!named.empty()) {
      config_.file = named.is_absolute() ? named : start_ / named;
    } else {
      std::error_code ignored;
      for (fs::path folder = fs::absolute(start_);; folder = folder.parent_path()) {
        if (fs::is_regular_file(folder / "sterna.toml", ignored)) {
          config_.file = folder / "sterna.toml";
          break;
        }
        if (fs::exists(folder / ".git", ignored) || folder == folder.root_path()) return;
      }
    }
    config_.root = config_.file.has_parent_path() ? config_.file.parent_path() : fs::path(".");
    shown_file_ = config_.file.parent_path() == fs::absolute(start_)
                      ? config_.file.filename().string()
                      : config_.file.string();
    toml_ = parse_toml(read_file(config_.file), shown_file_);
  }

  void read_dotenv() {
    if (!overrides_.use_dotenv) return;
    const fs::path path = config_.root / ".env";
    if (const auto text = read_file_if_exists(path))
      dotenv_ = parse_dotenv(*text, path.filename().string());
  }

  /// A variable of the real environment, or else of .env.
  std::optional<Raw> from_environment(const std::string& name) const {
    if (const auto value = environment_(name); value && !value->empty())
      return Raw{*value, {}, false, name, {}};
    if (const auto found = dotenv_.find(name);
        found != dotenv_.end() && !found->second.value.empty()) {
      return Raw{found->second.value,
                 {},
                 false,
                 ".env:" + std::to_string(found->second.line),
                 {".env", found->second.line, 1}};
    }
    return std::nullopt;
  }

  bool in_dotenv_only(const std::string& name) const {
    const auto value = environment_(name);
    return (!value || value->empty()) && dotenv_.contains(name);
  }

  void read_fleets_of_file() {
    const TomlValue* fleets = field(toml_, "fleet");
    if (fleets == nullptr) return;
    config_.fleets = read_fleets(*fleets, shown_file_);
    for (auto& [name, fleet] : config_.fleets) {
      try {
        const Raw raw{fleet.url, {}, false, fleet.origin, {shown_file_, fleet.line, 0}};
        fleet.url = values_.resolve(raw, fleet.url);
      } catch (const Error& error) {
        fleet.url_error = std::make_shared<Error>(error);
      }
    }
  }

  Raw raw_of(const TomlValue& value, const std::string& table) const {
    const std::string origin =
        shown_file_ + ":" + std::to_string(value.line) + (table.empty() ? "" : " [" + table + "]");
    return Raw{value.text,
               value.list,
               value.kind == TomlValue::Kind::list,
               origin,
               {shown_file_, value.line, 0}};
  }

  void choose_environment() {
    std::optional<Raw> chosen;
    if (const TomlValue* value = field(toml_, "environment")) chosen = raw_of(*value, {});
    if (auto variable = from_environment("STERNA_ENV");
        variable && !(chosen && in_dotenv_only("STERNA_ENV")))
      chosen = variable;
    if (overrides_.environment) chosen = Raw{*overrides_.environment, {}, false, "flag --env", {}};
    config_.environment = values_.text(chosen, "development");
    if (const TomlValue* environments = field(toml_, "env")) {
      environment_table_ = field(*environments, config_.environment.value);
      const bool asked = chosen && (overrides_.environment || chosen->origin == "STERNA_ENV");
      if (environment_table_ == nullptr && asked && config_.environment.value != "development" &&
          config_.environment.value != "test") {
        std::vector<std::string> known;
        for (const auto& [name, fields] : environments->fields) known.push_back(name);
        Error error(ErrorKind::config, "there is no [env." + config_.environment.value +
                                           "]; there are " + join(known, ", "));
        error.at({shown_file_, 0, 0});
        for (const std::string& near : near_misses(config_.environment.value, known, 1))
          error.suggest("did you mean '" + near + "'?");
        throw error;
      }
    }
  }

  void collect_connections() {
    std::set<std::string> names;
    for (const TomlValue* table :
         std::initializer_list<const TomlValue*>{&toml_, environment_table_}) {
      if (table == nullptr) continue;
      if (const TomlValue* connections = field(*table, "connection")) {
        for (const auto& [name, fields] : connections->fields) names.insert(name);
      }
    }
    if (names.empty() || field(toml_, "url") != nullptr) names.insert("main");
    names_.assign(names.begin(), names.end());
    if (const TomlValue* value = field(toml_, "default"))
      default_ = value->text;
    else if (names.contains("main"))
      default_ = "main";
    else
      default_ = names_.front();
    if (!names.contains(default_)) {
      throw Error(ErrorKind::config, "default = \"" + default_ +
                                         "\" names no connection; there are " + join(names_, ", "))
          .at({shown_file_, field(toml_, "default")->line, 0});
    }
  }

  static void layer(RawMap& target, const std::string& key, Raw raw) {
    target[key == "directory" ? "directories" : key] = std::move(raw);
  }

  void layer_table(RawMap& target, const TomlValue* table, const std::string& name) const {
    if (table == nullptr) return;
    for (const auto& [key, value] : table->fields) {
      if (is_setting(key)) layer(target, key, raw_of(value, name));
    }
  }

  static const TomlValue* connection_table(const TomlValue* table, const std::string& name) {
    if (table == nullptr) return nullptr;
    const TomlValue* connections = field(*table, "connection");
    return connections == nullptr ? nullptr : field(*connections, name);
  }

  /// The layers from the weakest to the strongest: .env, the file (top level, connection,
  /// environment, connection of the environment), DATABASE_URL and MIGRATION_TIMEOUT, STERNA_*,
  /// flags.
  RawMap layers(const std::string& name) const {
    RawMap values;
    layer_variables(values, name, true);
    layer_table(values, &toml_, {});
    layer_table(values, connection_table(&toml_, name), "connection." + name);
    const std::string environment = "env." + config_.environment.value;
    layer_table(values, environment_table_, environment);
    layer_table(values, connection_table(environment_table_, name),
                environment + ".connection." + name);
    layer_variables(values, name, false);
    const bool chosen =
        overrides_.connection ? *overrides_.connection == name : name == chosen_default();
    if (chosen && overrides_.url)
      layer(values, "url", Raw{*overrides_.url, {}, false, "flag --url", {}});
    if (!overrides_.directories.empty())
      layer(values, "directories",
            Raw{{}, from_start(overrides_.directories), true, "flag --dir", {}});
    for (const auto& [key, value] : overrides_.settings) {
      std::string flag = key == "run_timeout" ? "timeout" : key;
      std::replace(flag.begin(), flag.end(), '_', '-');
      layer(values, key, Raw{value, {}, false, "flag --" + flag, {}});
    }
    return values;
  }

  /// Folders that were named where the command was started, as seen from that of sterna.toml: a
  /// history knows separate folders by these paths.
  std::vector<std::string> from_start(std::vector<std::string> directories) const {
    const fs::path start = fs::absolute(start_).lexically_normal();
    const fs::path root = fs::absolute(config_.root).lexically_normal();
    if (start == root) return directories;
    for (std::string& directory : directories)
      if (fs::path(directory).is_relative())
        directory = (start / directory).lexically_normal().lexically_proximate(root).string();
    return directories;
  }

  std::string chosen_default() const {
    if (const auto variable = from_environment("STERNA_CONNECTION")) return variable->text;
    return default_;
  }

  void layer_variables(RawMap& values, const std::string& name, bool dotenv) const {
    const auto take = [&](const std::string& variable, const std::string& key) {
      if (in_dotenv_only(variable) != dotenv) return;
      if (auto raw = from_environment(variable)) {
        if (key == "directories") {
          raw->list = split(raw->text, ':');
          if (!dotenv) raw->list = from_start(std::move(raw->list));
          raw->is_list = true;
        }
        if (variable == "MIGRATION_TIMEOUT") raw->text = migration_timeout(raw->text);
        layer(values, key, std::move(*raw));
      }
    };
    const bool is_default = name == chosen_default();
    if (is_default) take("DATABASE_URL", "url");
    take("MIGRATION_TIMEOUT", "run_timeout");
    take("STERNA_DIR", "directories");
    for (const std::string_view key : setting_names()) {
      if (key == "url" || key == "directory" || key == "directories") continue;
      take("STERNA_" + to_upper(key), std::string(key));
    }
    if (is_default) take("STERNA_URL", "url");
    std::string upper = to_upper(name);
    std::replace(upper.begin(), upper.end(), '-', '_');
    take("STERNA_URL_" + upper, "url");
  }

  /// Tools that know this variable count milliseconds; a small bare number can only mean seconds.
  static std::string migration_timeout(const std::string& text) {
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 1000)
      return text + "ms";
    return text;
  }

  Url replica(const Raw& raw, const std::string& url) const {
    try {
      return parse_url(values_.resolve(raw, std::string(trim(url))));
    } catch (Error& error) {
      if (error.position().file.empty()) error.at(raw.position);
      error.suggest("the URL of a replica comes from " + raw.origin);
      throw;
    }
  }

  ConnectionConfig connection(const std::string& name) const {
    const RawMap values = layers(name);
    const auto raw = [&](std::string_view key) -> std::optional<Raw> {
      const auto found = values.find(key);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    };
    ConnectionConfig result;
    result.name = name;
    if (const auto value = raw("url")) {
      result.url.origin = value->origin;
      try {
        Url url = parse_url(values_.resolve(*value, value->text));
        const bool stands_in_a_file = !value->position.file.empty();
        result.url.value = stands_in_a_file ? in_folder(std::move(url), config_.root) : url;
      } catch (Error& error) {
        // A connection that is not used must not stop another one.
        if (error.position().file.empty()) error.at(value->position);
        error.suggest("the URL comes from " + value->origin);
        result.url_error = std::make_shared<Error>(error);
      }
    }
    result.directories = values_.list(raw("directories"), {"migrations"});
    if (result.directories.value.empty())
      throw refused(*raw("directories"), "at least one folder", "[]");
    result.separate_directories = values_.boolean(raw("separate_directories"), false);
    result.history_table = values_.text(raw("history_table"), "sterna_migrations");
    result.history_schema = values_.text(raw("history_schema"), "");
    result.run_timeout = values_.duration(raw("run_timeout"), 0);
    result.migration_timeout = values_.duration(raw("migration_timeout"), 0);
    result.statement_timeout = values_.duration(raw("statement_timeout"), 0);
    result.lock_wait = values_.duration(raw("lock_wait"), 60);
    result.lock_timeout = values_.duration(raw("lock_timeout"), 5);
    result.lock_retries = values_.number(raw("lock_retries"), 3);
    if (const auto value = raw("replicas")) {
      result.replicas.origin = value->origin;
      for (const std::string& url : value->is_list ? value->list : split(value->text, ','))
        result.replicas.value.push_back(replica(*value, url));
    }
    const auto policy = values_.choice(raw("out_of_order"), "error", {"error", "warn", "allow"});
    result.out_of_order = {policy.value == "allow"  ? OutOfOrder::allow
                           : policy.value == "warn" ? OutOfOrder::warn
                                                    : OutOfOrder::error,
                           policy.origin};
    result.transaction = values_.choice(raw("transaction"), "migration", {"migration", "run"});
    result.strict = values_.boolean(raw("strict"), false);
    result.protected_ = values_.boolean(raw("protected"), false);
    result.auto_run = values_.boolean(raw("auto_run"), false);
    result.seeds = values_.text(raw("seeds"), "seeds");
    result.models = values_.text(raw("models"), "models");
    result.schema = values_.text(raw("schema"), "");
    result.schema_only = values_.list(raw("schema_only"), {});
    result.schema_without = values_.list(raw("schema_without"), {});
    return result;
  }

  void choose_default() {
    config_.default_connection = default_;
    if (const auto variable = from_environment("STERNA_CONNECTION"))
      config_.default_connection = variable->text;
    if (overrides_.connection) config_.default_connection = *overrides_.connection;
  }

  fs::path start_;
  const ConfigOverrides& overrides_;
  const Environment& environment_;
  Config config_;
  ValueReader values_;
  std::string shown_file_ = "sterna.toml";
  TomlValue toml_;
  const TomlValue* environment_table_ = nullptr;
  std::map<std::string, DotenvValue, std::less<>> dotenv_;
  std::vector<std::string> names_;
  std::string default_ = "main";
};

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Config load_config(const fs::path& start, const ConfigOverrides& overrides,
                   const Environment& environment) {
  return Loader(start, overrides, environment).load();
}

Url in_folder(Url url, const fs::path& folder) {
  const std::string& path = url.database;
  const bool is_relative_file = url.scheme.starts_with("sqlite") && !path.empty() &&
                                path != ":memory:" && !path.starts_with("file:") &&
                                fs::path(path).is_relative();
  std::error_code ignored;
  // Where both are the same, messages keep the short path that was written.
  if (is_relative_file && !fs::equivalent(folder, fs::current_path(), ignored))
    url.database = (folder / path).string();
  return url;
}

const ConnectionConfig& Config::connection(const std::string& name) const {
  const std::string& wanted = name.empty() ? default_connection : name;
  const auto found = connections.find(wanted);
  if (found == connections.end()) {
    std::vector<std::string> known;
    for (const auto& [key, value] : connections) known.push_back(key);
    Error error(ErrorKind::config,
                "there is no connection '" + wanted + "'; there are " + join(known, ", "));
    for (const std::string& near : near_misses(wanted, known, 1))
      error.suggest("did you mean '" + near + "'?");
    throw error;
  }
  if (found->second.url_error) throw *found->second.url_error;
  return found->second;
}

}  // namespace sterna
