#include "program/author.hpp"

#include "codegen/migration.hpp"
#include "diff/stepwise.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
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
    if (rename.column.empty()) {
      result.push_back({{rename.table.schema, rename.to}, {}, rename.table.name});
      continue;
    }
    model::Name table = rename.table;
    for (const Rename& other : renames) {
      if (other.column.empty() && other.table == rename.table) table.name = other.to;
    }
    result.push_back({std::move(table), rename.to, rename.column});
  }
  return result;
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

std::string class_name_of(std::string_view snake) {
  std::string name;
  bool upper = true;
  for (const char c : snake) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return name.empty() || (name.front() >= '0' && name.front() <= '9') ? "Migration" + name : name;
}

std::string write_migration(const Config& config, const ConnectionConfig& connection,
                            std::string_view name, std::string_view extension,
                            std::string_view text) {
  const std::string directory = connection.directories.value.front();
  const fs::path folder = config.root / directory;
  if (!fs::is_directory(folder)) {
    throw Error(ErrorKind::config, "the migrations folder '" + directory + "' does not exist")
        .suggest("run `sterna init`");
  }
  const std::string file = fmt::format("{}_{}.{}", next_migration_version(folder), name, extension);
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
  result.up_script = script_of(result.up.changes, from, like);
  DiffOptions back = options;
  back.renames = turned_around(options.renames);
  try {
    result.down = diff(to, from, back);
    result.down_script = script_of(result.down.changes, to, like);
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

std::string cpp_text(const DerivedMigration& migration, std::string_view name,
                     const model::Model& from, const model::Model& to, Connection& like) {
  const Dialect& dialect = like.dialect();
  CppMigration cpp;
  cpp.class_name = class_name_of(name);
  cpp.meta.irreversible = migration.no_way_down;
  if (migration.no_way_down.empty()) cpp.meta.down_loses = names_of(migration.down.losses);
  cpp.up = framed(migration.up.changes, dialect);
  cpp.down = framed(migration.down.changes, dialect);
  cpp.capabilities = like.capabilities();
  cpp.type_name = [&](const model::Type& type) { return dialect.type_name(type, like.server()); };
  StepwiseRenderer there(from, like), back(to, like);
  cpp.render_up = std::ref(there);
  cpp.render_down = std::ref(back);
  return cpp_migration(cpp);
}

std::string sql_text(const DerivedMigration& migration) {
  std::string text;
  if (migration.up_script.outside_transaction || migration.down_script.outside_transaction)
    text += "-- sterna:transaction none\n";
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

}  // namespace sterna
