// The readers of the tools' files, and what they share. Used by the table of tools alone.
#pragma once

#include "import/foreign.hpp"

#include <sterna/error.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::detail {

// One reader a family of tools.
ForeignProject read_flyway(const ForeignRequest& request);
ForeignProject read_refinery(const ForeignRequest& request);
/// goose, dbmate, sql-migrate: markers in one file, which Sterna's own parser knows.
ForeignProject read_marked(const ForeignRequest& request);
/// golang-migrate, sqlx, atlas: NAME.up.sql and NAME.down.sql, or NAME.sql.
ForeignProject read_pairs(const ForeignRequest& request);
/// diesel: a folder a migration, with up.sql and down.sql.
ForeignProject read_diesel(const ForeignRequest& request);
ForeignProject read_prisma(const ForeignRequest& request);
ForeignProject read_drizzle(const ForeignRequest& request);
ForeignProject read_sqitch(const ForeignRequest& request);
ForeignProject read_liquibase(const ForeignRequest& request);
/// gocqlx, cassandra-migration.
ForeignProject read_cql(const ForeignRequest& request);
// Migrations in another language: their names and order.
ForeignProject read_javascript(const ForeignRequest& request);
ForeignProject read_typeorm(const ForeignRequest& request);
ForeignProject read_alembic(const ForeignRequest& request);
ForeignProject read_django(const ForeignRequest& request);
ForeignProject read_rails(const ForeignRequest& request);
ForeignProject read_laravel(const ForeignRequest& request);

bool mark_flyway(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables);
bool mark_refinery(ForeignProject& project, ForeignHistory& history,
                   const std::vector<std::string>& tables);
bool mark_goose(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables);
bool mark_golang_migrate(ForeignProject& project, ForeignHistory& history,
                         const std::vector<std::string>& tables);
bool mark_sqlx(ForeignProject& project, ForeignHistory& history,
               const std::vector<std::string>& tables);
bool mark_atlas(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables);
bool mark_prisma(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables);
bool mark_drizzle(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables);
bool mark_sqitch(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables);
bool mark_liquibase(ForeignProject& project, ForeignHistory& history,
                    const std::vector<std::string>& tables);
bool mark_gocqlx(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables);
bool mark_cassandra_migration(ForeignProject& project, ForeignHistory& history,
                              const std::vector<std::string>& tables);
bool mark_alembic(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables);
bool mark_django(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables);
/// Tables whose rows are the keys of the applied migrations: one function a name of the column.
bool mark_by_version(ForeignProject& project, ForeignHistory& history,
                     const std::vector<std::string>& tables);
bool mark_by_id(ForeignProject& project, ForeignHistory& history,
                const std::vector<std::string>& tables);
bool mark_by_name(ForeignProject& project, ForeignHistory& history,
                  const std::vector<std::string>& tables);
bool mark_by_migration(ForeignProject& project, ForeignHistory& history,
                       const std::vector<std::string>& tables);

/// Marks the migrations with these keys; a key without a file becomes a note.
void mark_keys(ForeignProject& project, const std::vector<std::string>& keys);
/// The migration that a history calls `key`; nullptr when there is no file for it.
const ForeignMigration* find_key(const ForeignProject& project, std::string_view key);
/// Where the tool itself would not go on: an applied file that reads otherwise than it did.
/// @throws Error(refused)
void check_unchanged(std::string_view tool, const ForeignProject& project, std::string_view key,
                     std::string_view checksum, std::string_view remedy);
[[noreturn]] void refuse_history(std::string_view tool, std::string_view what,
                                 std::string_view remedy);
/// Truth as databases write it as text.
bool is_true(std::string_view text);

/// "20200101_create_users" → digits (with single underscores) and the rest. Nothing when it does
/// not begin with a digit.
struct LeadingDigits {
  std::string digits, rest;
};
std::optional<LeadingDigits> leading_digits(std::string_view text);
/// Names of the files of a folder, sorted by their leading numbers, then by bytes.
std::vector<std::string> files_by_number(const std::filesystem::path& folder);
/// Names of the folders in a folder, sorted by bytes.
std::vector<std::string> folders_in(const std::filesystem::path& folder);
/// `text` without the lines for which `drop` holds.
std::string without_lines(std::string_view text, bool (*drop)(std::string_view line));
/// Takes BEGIN and COMMIT away where a script begins and ends with them: the run gives its own.
/// True when it did, or the script holds a single statement.
bool strip_transaction(std::string& text, Language language, const std::string& file);
/// Less by the numbers in it: "9" before "10".
bool less_by_number(std::string_view a, std::string_view b);

}  // namespace sterna::detail
