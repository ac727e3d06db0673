#include "database/cql/replication.hpp"

#include <string_view>

namespace sterna::cql {

std::string Replication::strategy() const {
  const auto found = map.find("class");
  const std::string name = found == map.end() ? std::string() : found->second;
  // Both names are understood; the short one is what people write. Strategies of others keep
  // theirs.
  constexpr std::string_view package = "org.apache.cassandra.locator.";
  return name.starts_with(package) ? name.substr(package.size()) : name;
}

std::string Replication::text() const {
  std::string result = strategy();
  for (const auto& [key, value] : map) {
    if (key != "class") result += ", " + key + ": " + value;
  }
  return result + (durable_writes ? "" : ", durable_writes: false");
}

}  // namespace sterna::cql
