// Migrations that are linked into this process or were loaded into it: the list STERNA_MIGRATION
// fills, and the files that sterna_embed_migrations() baked in. Read by the migration sources.
#pragma once

#include <sterna/embedded.hpp>
#include <sterna/migration.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

std::vector<EmbeddedFile> embedded_files();

/// One STERNA_MIGRATION of this process.
struct RegisteredMigration {
  std::string file;  ///< __FILE__ as the compiler saw it
  std::unique_ptr<Migration> (*make)() = nullptr;
  Meta (*meta)() = nullptr;
};
/// In order of registration. `from`: only those registered since (the size of an earlier list), for
/// a library just loaded.
std::vector<RegisteredMigration> registered_migrations(std::size_t from = 0);

}  // namespace sterna
