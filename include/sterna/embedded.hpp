// Migrations baked into a program. Written for the code that sterna_embed_migrations() generates;
// programs need not include it.
#pragma once

#include <sterna/export.hpp>

#include <span>
#include <string_view>

namespace sterna {

/// One file of the baked-in folder. C++ files carry no text, only the token hash of their source,
/// so that program and command agree on whether a migration was edited.
struct EmbeddedFile {
  std::string_view name;  ///< "20260115143022_create_posts.sql", "repeatable/active_users.sql"
  std::string_view text;  ///< SQL; empty for C++
  std::string_view hash;  ///< C++: token hash of the source
};

/// Called before main by generated code. The files must outlive the program.
STERNA_API void register_embedded(std::span<const EmbeddedFile> files) noexcept;

}  // namespace sterna
