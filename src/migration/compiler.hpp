// C++ migrations and models compiled on demand into shared objects, cached by content, and loaded.
// Used by the sources when the command runs on a folder; never used by `status`, nor in programs
// that link their migrations.
#pragma once

#include "migration/registered.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace sterna {

struct CompileOptions {
  std::filesystem::path cache;  ///< folder of objects; created with mode 0700
  std::string compiler;         ///< empty: STERNA_CXX, then CXX, then c++
  std::string flags;            ///< added (STERNA_CXXFLAGS)
  bool allow_compile = true;    ///< false (--no-compile): what is not in the cache is refused
  std::function<void(std::string_view)> progress;  ///< "compiling 3 migrations"
};

/// One STERNA_MIGRATION for each file, in the order of `files`.
/// @throws Error(validation) with the compiler's diagnostics as they are, for a file without or
/// with more than one STERNA_MIGRATION,
///         for a cache or source that others may write, and when compiling is not allowed.
std::vector<RegisteredMigration> load_cpp_migrations(std::span<const std::filesystem::path> files,
                                                     const CompileOptions& options);

/// Compiles and loads files that register entities (STERNA_MODEL), in the same way; they are then
/// among those of this process. @throws as above.
void load_cpp_models(std::span<const std::filesystem::path> files, const CompileOptions& options);

}  // namespace sterna
