// The whole of an import: files read, history asked, folder, history and configuration written.
// Used by the command.
#pragma once

#include "config/config.hpp"
#include "import/carry.hpp"
#include "migration/engine.hpp"

#include <optional>

namespace sterna {

struct TakeoverOptions {
  std::string tool;
  std::filesystem::path path;  ///< empty: the tool's usual places
  std::filesystem::path root;  ///< where those are looked for, and sterna.toml stands
  std::string directory;       ///< of the migrations to write, relative to `root`
  std::map<std::string, std::string> placeholders;
  std::string history_table;   ///< empty: the tool's usual one
  std::optional<Url> history;  ///< another database that holds the tool's history
  bool files_only = false;     ///< no database is asked: nothing counts as applied
  bool dry_run = false;
};

struct Takeover {
  Carried carried;
  std::size_t adopted = 0;
  std::vector<std::string> leave_out;  ///< patterns of the tool's own tables, for schema_without
};

/// `engine`: of the database, with `directory` as its migrations folder. Not asked with files_only.
Takeover take_over(MigrationEngine& engine, const TakeoverOptions& options);

/// Puts `schema_without` at the head of a sterna.toml, which is made when there is none. False when
/// it holds such a key already, and is left alone.
bool leave_out_of_schema(const std::filesystem::path& file,
                         const std::vector<std::string>& patterns);

}  // namespace sterna
