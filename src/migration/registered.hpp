// Migrations that are linked into this process or were loaded into it: the list STERNA_MIGRATION fills, and the files that
// sterna_embed_migrations() baked in. Read by the migration sources.
#pragma once

#include <sterna/migration.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A file baked into the program. C++ files carry no text, only the token hash of their source, so that program and command agree.
struct EmbeddedFile {
  std::string_view name;       ///< "20260115143022_create_posts.sql", "repeatable/active_users.sql"
  std::string_view text;       ///< SQL; empty for C++
  std::string_view hash;       ///< C++: token hash of the source
};

/// Called before main by generated code. The files must outlive the program.
STERNA_API void register_embedded(std::span<const EmbeddedFile> files) noexcept;
std::vector<EmbeddedFile> embedded_files();

/// One STERNA_MIGRATION of this process.
struct RegisteredMigration {
  std::string file;            ///< __FILE__ as the compiler saw it
  std::unique_ptr<Migration> (*make)() = nullptr;
  Meta (*meta)() = nullptr;
};
/// In order of registration. `from`: only those registered since (the size of an earlier list), for a library just loaded.
std::vector<RegisteredMigration> registered_migrations(std::size_t from = 0);

}  // namespace sterna
