#include "program/author.hpp"

#include "codegen/migration.hpp"
#include "diff/stepwise.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "codegen/migration.hpp"
#include "diff/safe.hpp"
#include "diff/stepwise.hpp"
#include "migration/engine.hpp"
#include "migration/sum.hpp"
#include "migration/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {
namespace fs = std::filesystem;

namespace {

/// The same renames, seen from the other side.
std::vector<Rename> turned_around(const std::vector<Rename>& renames) {
  std::vector<Rename> result;
  for (const Rename& rename : renames) {
    const bool whole = rename.part.empty();
    model::Name table = rename.table;
    for (const Rename& other : renames) {
      if (other.part.empty() && other.table == rename.table) table.name = other.to;
    }
    result.push_back({std::move(table), whole ? std::string() : rename.to,
                      whole ? rename.table.name : rename.part, rename.kind});
  }
  return result;
}

/// The changes as they are to be written, and their statements.
ChangeScript written(std::vector<Change>& changes, const model::Model& from,
                     const DiffOptions& options, Connection& like) {
  if (!options.own_commits) return script_of(changes, from, like);
  std::vector<Change> safe;
  for (SafePart& part : safe_parts(changes, from, options.dialect, options.server))
    safe.insert(safe.end(), part.changes.begin(), part.changes.end());
  ChangeScript script = safe_script(changes, from, like);
  changes = std::move(safe);
  return script;
}

std::string comments_of(const std::vector<Loss>& losses) {
  std::string text;
  for (const Loss& loss : losses) text += "-- destructive: " + loss.text + "\n";
  return text;
}

}  // namespace

std::string next_migration_version(const fs::path& folder) {
  std::string newest;
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) {
    for (const std::string& name : list_files(folder)) {
      MigrationFileName parsed;
      if (!parse_file_name(name, parsed)) continue;
      if (newest.empty() || Version(newest) < Version(parsed.id.version))
        newest = parsed.id.version;
    }
  }
  const std::string now = utc_now();  // "YYYY-MM-DD HH:MM:SS.ffffff"
  std::string stamp;
  for (const char c : now.substr(0, 19)) {
    if (c >= '0' && c <= '9') stamp += c;
  }
  const bool counts_up =
      !newest.empty() && newest.size() < 8 && newest.find('_') == std::string::npos;
  if (counts_up) {
    const std::string next = std::to_string(std::stol(newest) + 1);
    return std::string(newest.size() > next.size() ? newest.size() - next.size() : 0, '0') + next;
  }
  if (newest.size() == 17 && newest[4] == '_' && newest[7] == '_' &&
      newest[10] == '_') {  // 2026_01_15_143022
    stamp = fmt::format("{}_{}_{}_{}", stamp.substr(0, 4), stamp.substr(4, 2), stamp.substr(6, 2),
                        stamp.substr(8));
  } else if (newest.size() == 12 && newest[8] == '_') {  // 20260115_001
    const bool same_day = newest.starts_with(stamp.substr(0, 8));
    return fmt::format("{}_{:03}", stamp.substr(0, 8),
                       same_day ? std::stoi(newest.substr(9)) + 1 : 1);
  }
  if (!newest.empty() && !(Version(newest) < Version(stamp))) {
    // Two in one second, or a clock that was set back: the order of writing must still be the order
    // of running.
    return std::to_string(std::stoll(newest) + 1);
  }
  return stamp;
}

std::string write_migration(const Config& config, const ConnectionConfig& connection,
                            std::string_view name, std::string_view ending, std::string_view text) {
  const std::string directory = connection.directories.value.front();
  const fs::path folder = config.root / directory;
  if (!fs::is_directory(folder)) {
    throw Error(ErrorKind::config, "the migrations folder '" + directory + "' does not exist")
        .suggest("run `sterna init`");
  }
  const std::string file = fmt::format("{}_{}{}", next_migration_version(folder), name, ending);
  const fs::path path = folder / file;
  if (fs::exists(path)) throw Error(ErrorKind::validation, path.string() + " exists already");
  write_file_atomically(path, text);
  if (fs::exists(folder / sum_file_name)) {
    EngineOptions options;
    options.url = connection.url.value ? *connection.url.value : parse_url("sqlite::memory:");
    options.base = config.root;
    MigrationEngine engine(std::move(options));
    write_file_atomically(folder / sum_file_name, engine.sum_text(directory));
  }
  return directory + "/" + file;
}

DerivedMigration derive_migration(const model::Model& from, const model::Model& to, Difference up,
                                  const DiffOptions& options, Connection& like) {
  DerivedMigration result;
  result.up = std::move(up);
  result.up_changes = result.up.changes;
  result.up_script = written(result.up_changes, from, options, like);
  DiffOptions back = options;
  back.renames = turned_around(options.renames);
  try {
    result.down = diff(to, from, back);
    result.down_changes = result.down.changes;
    result.down_script = written(result.down_changes, to, options, like);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::plan) throw;
    result.no_way_down = error.what();
  }
  return result;
}

std::string sql_text(const std::vector<Statement>& statements) {
  std::string text;
  for (const Statement& statement : statements) {
    if (!text.empty()) text += '\n';
    text += std::string(trim(statement.sql)) + ";\n";
  }
  return text;
}

std::string names_of(const std::vector<Loss>& losses) {
  std::vector<std::string> names;
  for (const Loss& loss : losses) {
    if (std::find(names.begin(), names.end(), loss.object) == names.end())
      names.push_back(loss.object);
  }
  return join(names, ", ");
}

namespace {

/// What both directions need.
ChangeScript head_of(const DerivedMigration& migration) {
  const ChangeScript &up = migration.up_script, &down = migration.down_script;
  return {{},
          up.outside_transaction || down.outside_transaction,
          up.foreign_keys_off || down.foreign_keys_off};
}

}  // namespace

std::string sql_text(const DerivedMigration& migration) {
  std::string text;
  text += directives_of(head_of(migration));
  if (!migration.no_way_down.empty())
    text += "-- sterna:reversible never " + migration.no_way_down + "\n";
  else if (!migration.down.losses.empty())
    text += "-- sterna:down-loses " + names_of(migration.down.losses) + "\n";
  text += "-- sterna:up\n" + comments_of(migration.up.losses) +
          sql_text(migration.up_script.statements);
  if (migration.no_way_down.empty()) {
    text += "\n-- sterna:down\n" + comments_of(migration.down.losses) +
            sql_text(migration.down_script.statements);
  }
  return text;
}

std::string cpp_text(const DerivedMigration& migration, std::string_view name,
                     const model::Model& from, const model::Model& to, Connection& like) {
  const Dialect& dialect = like.dialect();
  StepwiseRenderer up(from, like), down(to, like);
  CppMigration code;
  code.class_name = name;
  code.up = framed(migration.up_changes, dialect);
  code.down = framed(migration.down_changes, dialect);
  code.meta.irreversible = migration.no_way_down;
  if (migration.no_way_down.empty()) code.meta.down_loses = names_of(migration.down.losses);
  if (head_of(migration).outside_transaction) code.meta.transaction = TransactionMode::none;
  code.capabilities = like.capabilities();
  code.render_up = [&](const Change& change) { return up(change); };
  code.render_down = [&](const Change& change) { return down(change); };
  code.type_name = [&](const model::Type& type) { return dialect.type_name(type, like.server()); };
  return cpp_migration(code);
}

}  // namespace sterna
