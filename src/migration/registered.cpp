#include "migration/registered.hpp"

#include <mutex>

namespace sterna {
namespace {

// Filled at static initialisation, in any order: the lists are made when the first entry comes.
std::mutex& mutex() {
  static std::mutex instance;
  return instance;
}
std::vector<RegisteredMigration>& classes() {
  static std::vector<RegisteredMigration> list;
  return list;
}
std::vector<EmbeddedFile>& files() {
  static std::vector<EmbeddedFile> list;
  return list;
}

}  // namespace

namespace detail {

bool register_migration(const char* file, std::unique_ptr<Migration> (*make)(),
                        Meta (*meta)()) noexcept {
  const std::lock_guard lock(mutex());
  classes().push_back({file, make, meta});
  return true;
}

}  // namespace detail

std::vector<RegisteredMigration> registered_migrations(std::size_t from) {
  const std::lock_guard lock(mutex());
  if (from >= classes().size()) return {};
  return {classes().begin() + static_cast<std::ptrdiff_t>(from), classes().end()};
}

void register_embedded(std::span<const EmbeddedFile> added) noexcept {
  const std::lock_guard lock(mutex());
  files().insert(files().end(), added.begin(), added.end());
}

std::vector<EmbeddedFile> embedded_files() {
  const std::lock_guard lock(mutex());
  return files();
}

}  // namespace sterna
