#include "designer/project.hpp"

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "program/options.hpp"
#include "sql/splitter.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace sterna::designer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_kept = 16;
constexpr std::size_t most_files = 200;

[[noreturn]] void unknown_state(const std::string& spec) {
  throw Error(ErrorKind::validation, "'" + spec + "' is no schema that the designer can open")
      .suggest(
          "there are migrations, migrations@VERSION, applied, database, empty, @connection, and "
          ".sql and .json files inside the project's folder");
}

/// The path of a file below `root`, symbolic links followed; nothing for what lies outside.
std::optional<fs::path> inside(const fs::path& root, const std::string& name) {
  std::error_code failed;
  const fs::path base = fs::canonical(root, failed);
  const fs::path path = fs::canonical(base / name, failed);
  if (failed || !fs::is_regular_file(path)) return std::nullopt;
  const auto [end, ignored] = std::mismatch(base.begin(), base.end(), path.begin(), path.end());
  if (end != base.end()) return std::nullopt;
  return path;
}

/// Files of the project that may describe a schema: in its folder and in those right below, without
/// hidden ones and the migrations' own.
std::vector<std::string> schema_files(const fs::path& root,
                                      const std::vector<std::string>& migrations) {
  std::set<fs::path> left_out;
  for (const std::string& directory : migrations)
    left_out.insert(fs::weakly_canonical(root / directory));
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::recursive_directory_iterator
           at(root, fs::directory_options::skip_permission_denied, failed),
       end;
       !failed && at != end && found.size() < most_files; at.increment(failed)) {
    const fs::path& path = at->path();
    const bool folder = at->is_directory(failed);
    const bool hidden = path.filename().string().starts_with(".");
    if (folder && (hidden || at.depth() > 0 || left_out.contains(fs::weakly_canonical(path)) ||
                   path.filename() == "node_modules"))
      at.disable_recursion_pending();
    const fs::path ending = path.extension();
    if (!folder && !hidden && (ending == ".sql" || ending == ".cql"))
      found.push_back(path.lexically_relative(root).generic_string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// What other tables need of one that did not change: columns and keys.
model::Table ground_of(const model::Table& table) {
  model::Table result = table;
  result.foreign_keys.clear();
  result.checks.clear();
  result.exclusions.clear();
  std::erase_if(result.indexes, [](const model::Index& index) { return !index.unique; });
  return result;
}

/// The part of `wanted` that differs from `base`, with the tables it refers to, and types and
/// objects that tables may stand on.
model::Model changed_part(const model::Model& wanted, const model::Model& base,
                          std::set<model::Name>& changed) {
  model::Model part = wanted;
  part.tables.clear();
  std::set<model::Name> needed;
  for (const model::Table& table : wanted.tables) {
    const model::Table* was = base.table(table.name);
    if (was != nullptr && *was == table) continue;
    changed.insert(table.name);
    for (const model::ForeignKey& key : table.foreign_keys) needed.insert(key.referenced_table);
  }
  for (const model::Table& table : wanted.tables) {
    if (changed.contains(table.name))
      part.tables.push_back(table);
    else if (needed.contains(table.name))
      part.tables.push_back(ground_of(table));
  }
  std::set<std::string> ground;
  for (const model::Table& table : part.tables)
    ground.insert(table.depends_on.keys.begin(), table.depends_on.keys.end());
  std::erase_if(part.objects, [&](const model::Object& object) {
    const bool wide = object.kind == "extension" || object.kind == "schema";
    return !wide && !ground.contains(key_of(object));
  });
  return part;
}

/// One table with a column of the type.
model::Model type_probe(const std::string& text, std::string_view dialect,
                        const model::Model& drawn) {
  model::Model probe;
  probe.dialect = dialect;
  probe.types = drawn.types;
  probe.enums = drawn.enums;
  model::Table table;
  table.name = model::Name("sterna_type_probe");
  model::Column key, column;
  key.name = "id";
  key.type.kind = model::TypeKind::integer;
  column.name = "value";
  column.type.name = trim(text);
  column.nullable = true;
  table.columns = {key, column};
  table.primary_key = model::PrimaryKey{{}, {{"id", {}, false, {}, {}, {}, {}}}};
  table.partition_key = {"id"};
  probe.tables = {std::move(table)};
  return probe;
}

bool same_beside_tables(const model::Model& a, const model::Model& b) {
  return a.objects == b.objects && a.enums == b.enums && a.types == b.types &&
         a.schemas == b.schemas;
}

}  // namespace

DesignProject::DesignProject(const Config& config, const ConnectionConfig& connection,
                             std::function<EngineOptions(std::string_view name)> options_of)
    : config_(config), connection_(connection), options_of_(std::move(options_of)) {}

MigrationEngine& DesignProject::engine() {
  // The first migration that is applied makes the database.
  if (absent_ && !would_create(engine_->options().url)) engine_.reset();
  if (!engine_) {
    EngineOptions options = options_of_(connection_.name);
    absent_ = look_without_making(options);
    engine_ = std::make_unique<MigrationEngine>(std::move(options));
  }
  return *engine_;
}

std::unique_ptr<MigrationEngine> DesignProject::looking_engine() const {
  EngineOptions options = options_of_(connection_.name);
  look_without_making(options);
  return std::make_unique<MigrationEngine>(std::move(options));
}

std::unique_ptr<MigrationEngine> DesignProject::applying_engine() const {
  return std::make_unique<MigrationEngine>(options_of_(connection_.name));
}

void DesignProject::reconnect() noexcept {
  engine_.reset();
  absent_ = false;
}

StateReader DesignProject::reader() { return {engine(), {}, options_of_}; }

std::string DesignProject::files_stamp() const {
  std::string stamp;
  for (const std::string& directory : connection_.directories.value) {
    std::error_code failed;
    for (fs::recursive_directory_iterator at(config_.root / directory, failed), end;
         !failed && at != end; at.increment(failed)) {
      if (!at->is_regular_file(failed)) continue;
      const auto time = at->last_write_time(failed).time_since_epoch().count();
      stamp += at->path().string() + " " + std::to_string(at->file_size(failed)) + " " +
               std::to_string(time) + "\n";
    }
  }
  return sha256_hex(stamp);
}

void DesignProject::check_state(const std::string& spec) const {
  if (spec != "applied") spec_of(spec);
}

std::string DesignProject::spec_of(const std::string& spec) const {
  if (spec == "migrations" || spec == "database" || spec == "empty") return spec;
  if (spec.starts_with("migrations@")) return spec;
  if (spec == "applied") return applied_state(*looking_engine());
  if (spec.starts_with("@")) {
    config_.connection(spec.substr(1));  // throws for a name that is not there
    return spec;
  }
  if (spec.ends_with(".sql") || spec.ends_with(".cql") || spec.ends_with(".json")) {
    if (const auto path = inside(config_.root, spec)) return path->string();
  }
  unknown_state(spec);
}

const DesignState& DesignProject::state(const std::string& spec) {
  const std::string read_as = spec_of(spec);
  const bool of_files = read_as.starts_with("migrations");
  const std::string stamp = of_files ? files_stamp() : std::string();
  const auto found = kept_.find(read_as);
  if (of_files && found != kept_.end() && found->second.stamp == stamp) return found->second.state;
  if (kept_.size() > most_kept) kept_.clear();
  DesignState state{reader().read(read_as), {}};
  state.model = filtered(std::move(state.model),
                         {connection_.schema_only.value, connection_.schema_without.value});
  state.fingerprint = sha256_hex(model::to_json(state.model)).substr(0, 32);
  Kept& kept = kept_[read_as];
  kept = {stamp, std::move(state)};
  return kept.state;
}

std::vector<std::string> DesignProject::states() const {
  std::vector<std::string> found = {"empty", "migrations", "applied", "database"};
  for (const auto& [name, connection] : config_.connections) {
    const bool other = connection.url.value && connection_.url.value && name != connection_.name &&
                       connection.url.value->scheme == connection_.url.value->scheme;
    if (other) found.push_back("@" + name);
  }
  const std::vector<std::string> files = schema_files(config_.root, connection_.directories.value);
  found.insert(found.end(), files.begin(), files.end());
  return found;
}

model::Model DesignProject::canonical(const model::Model& wanted) {
  StateReader states = reader();
  const std::unique_ptr<Scratch> scratch = states.make_scratch();
  create_model(scratch->session(), wanted);
  return states.inspect(scratch->session(), *scratch);
}

model::Model DesignProject::canonical(const model::Model& wanted, const model::Model& base) {
  if (!same_beside_tables(wanted, base)) return canonical(wanted);
  std::set<model::Name> changed;
  const model::Model part = changed_part(wanted, base, changed);
  model::Model result = wanted;
  if (changed.empty()) return result;
  model::Model made;
  try {
    made = canonical(part);
  } catch (const Error& error) {
    // Perhaps a table needs something that was not known to be its ground.
    if (error.kind() == ErrorKind::connection || part.tables.size() == wanted.tables.size()) throw;
    return canonical(wanted);
  }
  for (model::Table& table : result.tables) {
    const model::Table* now = changed.contains(table.name) ? made.table(table.name) : nullptr;
    if (now != nullptr) table = *now;
  }
  model::sort(result);
  return result;
}

model::Model DesignProject::loaded(std::string_view sql, const std::string& file) {
  StateReader states = reader();
  const Language language = connection().dialect().language();
  const std::vector<Statement> statements = split_statements(sql, language, file, 1);
  const std::unique_ptr<Scratch> scratch = states.make_scratch();
  scratch->session().execute_batch(statements);
  return states.inspect(scratch->session(), *scratch);
}

model::Type DesignProject::type_of(const std::string& text, const model::Model& drawn) {
  const auto refuse = [&](std::string why) {
    throw Error(ErrorKind::validation,
                "'" + text + "' is no type of " + connection().server().product)
        .with_detail(std::move(why));
  };
  if (trim(text).empty()) refuse({});
  model::Model made;
  try {
    made = canonical(type_probe(text, connection().dialect().name(), drawn));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection || error.kind() == ErrorKind::permission) throw;
    refuse(error.what());
  }
  const model::Table* found = made.tables.size() == 1 ? made.tables.data() : nullptr;
  const model::Column* value = found == nullptr ? nullptr : found->column("value");
  if (value == nullptr || found->columns.size() != 2) refuse({});
  return value->type;
}

DiffOptions DesignProject::diff_options() {
  DiffOptions options{connection().dialect(), connection().server()};
  options.filter = {connection_.schema_only.value, connection_.schema_without.value};
  const std::string& environment = config_.environment.value;
  options.own_commits = environment == "production" || environment == "prod";
  return options;
}

std::string DesignProject::type_text(const model::Type& type) {
  try {
    return connection().dialect().type_name(type, connection().server());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
    return type.name.empty() ? std::string("?") : type.name;
  }
}

}  // namespace sterna::designer
