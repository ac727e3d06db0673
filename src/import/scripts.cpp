// Tools whose migrations are SQL files under names of their own: goose, dbmate, sql-migrate
// (markers in one file); golang-migrate, sqlx, atlas (pairs); diesel and prisma (a folder a
// migration); drizzle (a journal beside the files). Sources: each tool's documentation of its file
// format.
#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace sterna::detail {
namespace fs = std::filesystem;
namespace {

void number(ForeignMigration& migration, const std::string& stem) {
  migration.key = stem;
  migration.name = stem;
  if (const auto parts = leading_digits(stem)) {
    migration.version = parts->digits;
    migration.name = parts->rest;
    migration.key = parts->digits;
  }
}

/// What only the other tool reads; where a statement begins and ends Sterna finds by itself.
bool is_marker_line(std::string_view line) {
  return line.starts_with("-- +goose") || line.starts_with("--+goose") ||
         line.starts_with("-- +migrate") || line.starts_with("-- migrate:");
}

bool is_breakpoint(std::string_view line) { return line.starts_with("--> statement-breakpoint"); }

/// The digest's bytes, as sqlx keeps them.
std::string sha384(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha384(), nullptr);
  return {digest.begin(), digest.begin() + size};
}

std::string first_line(std::string_view text) {
  return to_lower(trim(text.substr(0, text.find('\n'))));
}

}  // namespace

ForeignProject read_marked(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& file : files_by_number(request.path)) {
    const bool code = file.ends_with(".go") && !file.ends_with("_test.go");
    if (!is_script_name(file) && !code) continue;
    ForeignMigration migration;
    number(migration, file.substr(0, file.rfind('.')));
    migration.file = file;
    if (code) {
      // Beside goose's migrations in Go stand files of the program that runs them.
      if (migration.version.empty()) continue;
      migration.code = "Go";
      project.migrations.push_back(std::move(migration));
      continue;
    }
    const std::string text = read_file(request.path / file);
    if (text.find("+goose ENVSUB ON") != std::string::npos)
      project.notes.push_back(file + " takes values from the environment (ENVSUB): write them in");
    const Script script = parse_script(text, request.language, (request.path / file).string());
    migration.up = without_lines(script.up.text, is_marker_line);
    migration.has_down = script.down.present;
    migration.down = without_lines(script.down.text, is_marker_line);
    for (const Directive& directive : script.directives) {
      if (directive.key == "transaction" && directive.value == "none")
        migration.in_transaction = false;
    }
    if (migration.version.empty()) migration.key = file;
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

ForeignProject read_pairs(const ForeignRequest& request) {
  ForeignProject project;
  std::map<std::string, std::string> downs;
  for (const std::string& file : files_by_number(request.path)) {
    if (file.ends_with(".down.sql") || file.ends_with(".down.cql")) {
      downs[file.substr(0, file.size() - 9)] = read_file(request.path / file);
      continue;
    }
    const bool up = file.ends_with(".up.sql") || file.ends_with(".up.cql");
    if (!up && !is_script_name(file)) continue;
    const std::string stem = file.substr(0, file.size() - (up ? 7 : 4));
    ForeignMigration migration;
    number(migration, stem);
    migration.file = file;
    migration.up = read_file(request.path / file);
    const std::string first = first_line(migration.up);
    migration.in_transaction = first != "-- no-transaction" &&
                               migration.up.find("-- atlas:txmode none") == std::string::npos;
    if (migration.up.find("-- atlas:checkpoint") != std::string::npos) {
      project.notes.push_back(file +
                              " is a checkpoint for new databases: it was left out, the migrations "
                              "before it are whole");
      continue;
    }
    if (migration.up.find("-- atlas:delimiter") != std::string::npos)
      project.notes.push_back(file + " sets a delimiter of its own: end its statements with ;");
    project.migrations.push_back(std::move(migration));
  }
  for (ForeignMigration& migration : project.migrations) {
    const std::string stem =
        migration.file.ends_with(".up.sql") || migration.file.ends_with(".up.cql")
            ? migration.file.substr(0, migration.file.size() - 7)
            : migration.file.substr(0, migration.file.size() - 4);
    const auto down = downs.find(stem);
    if (down == downs.end()) continue;
    migration.down = down->second;
    migration.has_down = true;
  }
  return project;
}

ForeignProject read_diesel(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& folder : folders_in(request.path)) {
    const fs::path path = request.path / folder;
    const auto up = read_file_if_exists(path / "up.sql");
    if (!up) continue;
    ForeignMigration migration;
    const std::size_t bar = folder.find('_');
    migration.name = bar == std::string::npos ? folder : folder.substr(bar + 1);
    // The history holds the digits before the first underscore alone.
    for (const char c : folder.substr(0, bar)) {
      if (c >= '0' && c <= '9') migration.key += c;
    }
    migration.version = migration.key;
    migration.file = folder + "/up.sql";
    migration.up = *up;
    if (const auto down = read_file_if_exists(path / "down.sql")) {
      migration.down = *down;
      migration.has_down = true;
    }
    if (const auto meta = read_file_if_exists(path / "metadata.toml"))
      migration.in_transaction = meta->find("run_in_transaction = false") == std::string::npos;
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

ForeignProject read_prisma(const ForeignRequest& request) {
  ForeignProject project;
  for (const std::string& folder : folders_in(request.path)) {
    const auto up = read_file_if_exists(request.path / folder / "migration.sql");
    if (!up) continue;
    ForeignMigration migration;
    number(migration, folder);
    migration.key = folder;
    migration.file = folder + "/migration.sql";
    migration.up = *up;
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

ForeignProject read_drizzle(const ForeignRequest& request) {
  ForeignProject project;
  const fs::path journal = request.path / "meta/_journal.json";
  const auto json = nlohmann::json::parse(read_file(journal), nullptr, false);
  if (json.is_discarded() || !json.contains("entries"))
    throw Error(ErrorKind::validation, journal.string() + " is no journal of drizzle-kit")
        .at({journal.string(), 0, 0});
  for (const auto& entry : json["entries"]) {
    const std::string tag = entry.value("tag", "");
    ForeignMigration migration;
    number(migration, tag);
    migration.key = std::to_string(entry.value("when", std::int64_t{0}));
    migration.file = tag + ".sql";
    migration.up = without_lines(read_file(request.path / migration.file), is_breakpoint);
    // Breakpoints stand behind a statement on its line, too.
    for (std::size_t at = 0;
         (at = migration.up.find("--> statement-breakpoint", at)) != std::string::npos;)
      migration.up.erase(at, std::string_view("--> statement-breakpoint").size());
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

bool mark_goose(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version_id, is_applied", "id", rows)) return false;
  std::vector<std::string> applied;
  for (const ForeignRow& row : rows) {
    if (row[0] == "0") continue;
    std::erase(applied, row[0]);
    if (is_true(row[1])) applied.push_back(row[0]);
  }
  mark_keys(project, applied);
  return true;
}

/// It keeps the newest version alone: everything up to it is applied.
bool mark_golang_migrate(ForeignProject& project, ForeignHistory& history,
                         const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version, dirty", "version", rows)) return false;
  if (rows.empty()) return true;
  if (is_true(rows.back()[1]))
    refuse_history("golang-migrate",
                   fmt::format("version {} is dirty: it failed in the middle", rows.back()[0]),
                   "mend the schema and settle it with `migrate force VERSION`, then import again");
  for (ForeignMigration& migration : project.migrations)
    migration.applied = !less_by_number(rows.back()[0], migration.key);
  return true;
}

bool mark_sqlx(ForeignProject& project, ForeignHistory& history,
               const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version, success, checksum", "version", rows)) return false;
  for (ForeignMigration& migration : project.migrations) migration.checksum = sha384(migration.up);
  std::vector<std::string> keys;
  for (const ForeignRow& row : rows) {
    if (!is_true(row[1]))
      refuse_history("sqlx", row[0] + " failed in the middle",
                     "mend the schema and delete that row, then import again");
    check_unchanged("sqlx", project, row[0], row[2],
                    "bring the file back to what was applied, then import again");
    keys.push_back(row[0]);
  }
  mark_keys(project, keys);
  return true;
}

bool mark_atlas(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "version, applied, total, type", "version", rows)) return false;
  std::vector<std::string> keys;
  for (const ForeignRow& row : rows) {
    if (row[0] == ".atlas_cloud_identifier") continue;
    if (row[1] != row[2])
      refuse_history("Atlas",
                     fmt::format("{} of {} statements of {} are applied", row[1], row[2], row[0]),
                     "finish it with `atlas migrate apply`, then import again");
    // 1: a baseline, at which everything up to it was there already.
    if (row[3] == "1") {
      for (ForeignMigration& migration : project.migrations) {
        if (!less_by_number(row[0], migration.key)) migration.applied = true;
      }
      continue;
    }
    keys.push_back(row[0]);
  }
  mark_keys(project, keys);
  return true;
}

bool mark_prisma(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "migration_name, finished_at, rolled_back_at, checksum", "started_at",
                    rows))
    return false;
  std::vector<std::string> keys;
  for (const ForeignRow& row : rows) {
    if (!row[2].empty()) continue;
    if (row[1].empty())
      refuse_history("Prisma", row[0] + " failed",
                     "settle it with `prisma migrate resolve`, then import again");
    // `prisma migrate deploy` goes on all the same, and so does the import.
    const ForeignMigration* file = find_key(project, row[0]);
    if (file != nullptr && sha256_hex(file->up) != row[3])
      project.notes.push_back(file->file + " was edited after it was applied");
    keys.push_back(row[0]);
  }
  mark_keys(project, keys);
  return true;
}

/// Drizzle runs what is newer than the newest row, so everything up to it counts as applied.
bool mark_drizzle(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "created_at", "created_at", rows)) return false;
  if (rows.empty()) return true;
  for (ForeignMigration& migration : project.migrations)
    migration.applied = !less_by_number(rows.back()[0], migration.key);
  return true;
}

namespace {

bool mark_by(std::string_view column, ForeignProject& project, ForeignHistory& history,
             const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, column, column, rows)) return false;
  std::vector<std::string> keys;
  for (ForeignRow& row : rows) keys.push_back(std::move(row[0]));
  mark_keys(project, keys);
  return true;
}

}  // namespace

bool mark_by_version(ForeignProject& project, ForeignHistory& history,
                     const std::vector<std::string>& tables) {
  return mark_by("version", project, history, tables);
}

/// sql-migrate calls a migration by its file.
bool mark_by_id(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables) {
  for (ForeignMigration& migration : project.migrations) migration.key = migration.file;
  return mark_by("id", project, history, tables);
}

bool mark_by_name(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables) {
  return mark_by("name", project, history, tables);
}

bool mark_by_migration(ForeignProject& project, ForeignHistory& history,
                       const std::vector<std::string>& tables) {
  return mark_by("migration", project, history, tables);
}

}  // namespace sterna::detail
