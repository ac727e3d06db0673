// Scratch keyspaces beside the one of a session, with the same replication. Nothing tells whether
// somebody still uses one: those of yesterday and before were left by runs that died.
#include "database/scratch.hpp"
#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/inspect_reading.hpp"
#include "database/cql/options.hpp"
#include "database/cql/scratch.hpp"
#include "database/registry.hpp"

#include <charconv>
#include <chrono>

namespace sterna::cql {
namespace {

constexpr std::chrono::hours lifetime{24};

std::map<std::string, std::string> replication_like(const std::vector<SystemRow>& keyspaces,
                                                    const std::string& keyspace) {
  for (const SystemRow& row : keyspaces) {
    if (row.text("keyspace_name") == keyspace) return row.map("replication");
  }
  return {{"class", "SimpleStrategy"}, {"replication_factor", "1"}};
}

}  // namespace

/// sterna_scratch_MILLISECONDS_PID_NUMBER.
bool is_orphaned_scratch(std::string_view keyspace) {
  if (!keyspace.starts_with(scratch_prefix)) return false;
  const std::string_view rest = keyspace.substr(scratch_prefix.size());
  std::int64_t made = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), made);
  if (error != std::errc() || end == rest.data() + rest.size() || *end != '_') return false;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return now - std::chrono::milliseconds(made) > lifetime;
}

std::unique_ptr<Scratch> CqlConnection::make_scratch() {
  const KeyspaceReading reading{*this, {}, {}, {}, {}};
  const std::vector<SystemRow> keyspaces = reading.all_rows("system_schema.keyspaces");
  for (const SystemRow& row : keyspaces) {
    const std::string name = row.text("keyspace_name");
    if (!is_orphaned_scratch(name)) continue;
    try {
      execute("DROP KEYSPACE IF EXISTS " + words().quote(name));
    } catch (const Error&) {  // somebody else was quicker, or it is not ours to drop
    }
  }
  const std::string name = scratch_name();
  const std::string quoted = words().quote(name);
  execute("CREATE KEYSPACE " + quoted + " WITH replication = " +
          map_text(replication_like(keyspaces, keyspace())) + " AND durable_writes = false");
  // Through a session of the old keyspace: one that is dropped cannot be used.
  const auto remove = [url = url_, options = options_, quoted] {
    connect(url, options)->execute("DROP KEYSPACE IF EXISTS " + quoted);
  };
  try {
    Url url = url_;
    url.database = name;
    return std::make_unique<Scratch>(
        connect(url, options_), remove,
        std::make_shared<Confinement>(
            Confinement::Bounds{Language::cql, Confinement::Scope::server, name,
                                confinement() ? confinement()->bounds().origin : keyspace()}));
  } catch (...) {
    remove();
    throw;
  }
}

}  // namespace sterna::cql
