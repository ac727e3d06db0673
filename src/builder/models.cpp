#include "builder/models.hpp"

#include <algorithm>
#include <mutex>

namespace sterna {
namespace {

// Filled at static initialisation, in any order: the list is made when the first entry comes.
std::mutex& mutex() {
  static std::mutex instance;
  return instance;
}
std::vector<detail::DescribeEntity>& entities() {
  static std::vector<detail::DescribeEntity> list;
  return list;
}

bool same_description(const detail::EntitySettings& a, const detail::EntitySettings& b) {
  return a.name == b.name && a.place.line == b.place.line &&
         std::string_view(a.place.file) == b.place.file;
}

}  // namespace

bool detail::register_entities(std::initializer_list<DescribeEntity> added) noexcept {
  const std::lock_guard lock(mutex());
  entities().insert(entities().end(), added.begin(), added.end());
  return true;
}

std::vector<detail::EntityTable> registered_entities(std::string_view dialect) {
  const std::lock_guard lock(mutex());
  std::vector<detail::EntityTable> tables;
  for (const detail::DescribeEntity describe : entities()) {
    detail::EntityTable table = describe(dialect);
    const bool known = std::any_of(tables.begin(), tables.end(), [&](const auto& other) {
      return same_description(other.settings, table.settings);
    });
    if (!known && detail::is_for(table.settings.engines, dialect))
      tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace sterna
