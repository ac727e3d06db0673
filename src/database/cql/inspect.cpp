#include "database/cql/inspect.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/inspect_reading.hpp"
#include "database/cql/options.hpp"
#include "database/cql/replication.hpp"

namespace sterna::cql {
namespace {

using model::json::Node;

std::string text_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::string:
    case Node::Kind::other_number:
      return node.text;
    case Node::Kind::integer:
      return std::to_string(node.integer);
    case Node::Kind::boolean:
      return node.boolean ? "true" : "false";
    default:
      return {};
  }
}

/// The keyspaces of the servers themselves (Cassandra, SchemaConstants; ScyllaDB,
/// is_internal_keyspace).
bool is_system(const std::string& keyspace) {
  return keyspace == "system" || keyspace.starts_with("system_") || keyspace == "audit";
}

std::vector<SystemRow> parsed(Connection& connection, const std::string& sql) {
  std::vector<SystemRow> rows;
  connection.for_each_row(Statement{sql, {}, {}, {}}, [&](Row&& row) {
    rows.emplace_back(model::json::parse(row.get<std::string>(0)));
  });
  return rows;
}

/// Options that are maps; the others are texts, numbers and truth values.
bool is_text_option(const std::string& name) {
  return name == "additional_write_policy" || name == "memtable" || name == "read_repair" ||
         name == "speculative_retry";
}

}  // namespace

const Node* SystemRow::find(std::string_view column) const {
  for (const auto& [name, value] : node_.members) {
    if (name == column) return &value;
  }
  return nullptr;
}

bool SystemRow::has_value(std::string_view column) const {
  const Node* node = find(column);
  return node != nullptr && node->kind != Node::Kind::null;
}

std::string SystemRow::text(std::string_view column) const {
  const Node* node = find(column);
  return node == nullptr ? std::string() : text_of(*node);
}

int SystemRow::number(std::string_view column) const {
  const Node* node = find(column);
  return node == nullptr ? 0 : static_cast<int>(node->integer);
}

std::vector<std::string> SystemRow::list(std::string_view column) const {
  std::vector<std::string> values;
  const Node* node = find(column);
  if (node == nullptr) return values;
  for (const Node& item : node->items) values.push_back(text_of(item));
  return values;
}

std::map<std::string, std::string> SystemRow::map(std::string_view column) const {
  std::map<std::string, std::string> values;
  const Node* node = find(column);
  if (node == nullptr) return values;
  for (const auto& [name, value] : node->members) values[name] = text_of(value);
  return values;
}

std::vector<SystemRow> KeyspaceReading::rows(const std::string& table) const {
  if (keyspaces.empty()) return {};
  std::vector<std::string> names;
  for (const std::string& keyspace : keyspaces) names.push_back(words().literal(Value(keyspace)));
  return parsed(connection, "SELECT JSON * FROM system_schema." + table +
                                " WHERE keyspace_name IN (" + join(names, ", ") + ")");
}

std::vector<SystemRow> KeyspaceReading::all_rows(const std::string& table) const {
  return parsed(connection, "SELECT JSON * FROM " + table);
}

std::vector<SystemRow> KeyspaceReading::scylla_rows(const std::string& table) const {
  if (!is_scylla(server())) return {};
  try {
    return rows(table);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::schema) throw;
    return {};
  }
}

model::Name KeyspaceReading::name(const SystemRow& row, std::string_view column) const {
  const std::string keyspace = row.text("keyspace_name");
  return {keyspace == default_keyspace ? std::string() : keyspace, row.text(column)};
}

bool KeyspaceReading::is_left_out(const SystemRow& row, std::string_view table_column) const {
  return without.contains(model::Name(row.text("keyspace_name"), row.text(table_column)));
}

std::map<std::string, std::string> read_options(const SystemRow& row, const ServerInfo& server) {
  std::map<std::string, std::string> all;
  for (const std::string& name : table_options(server)) {
    if (name == "comment" || name == "extensions" || !row.has_value(name)) continue;
    const Node& value = *row.find(name);
    if (value.kind == Node::Kind::object)
      all[name] = map_text(row.map(name));
    else if (is_text_option(name))
      all[name] = words().literal(Value(row.text(name)));
    else
      all[name] = row.text(name);
  }
  std::map<std::string, std::string> set;
  for (const auto& [name, value] : all) {
    if (value != default_of(name, all, server)) set[name] = value;
  }
  return set;
}

void read_keyspaces(KeyspaceReading& reading, const std::vector<SystemRow>& rows) {
  std::map<std::string, bool> tablets;
  for (const SystemRow& row : reading.scylla_rows("scylla_keyspaces"))
    tablets[row.text("keyspace_name")] = row.has_value("initial_tablets");
  for (const SystemRow& row : rows) {
    const std::string keyspace = row.text("keyspace_name");
    const auto& wanted = reading.keyspaces;
    if (std::find(wanted.begin(), wanted.end(), keyspace) == wanted.end()) continue;
    const Replication found_there{row.map("replication"), row.flag("durable_writes")};
    if (keyspace == reading.default_keyspace) {
      reading.model.not_managed.push_back("the keyspace's own replication: " + found_there.text());
      continue;
    }
    std::map<std::string, std::string> replication = found_there.map;
    // Both names are understood; the short one is what people write.
    replication["class"] = found_there.strategy();
    model::Object object;
    object.kind = "keyspace";
    object.name = model::Name(std::string(), keyspace);
    object.definition = "CREATE KEYSPACE " + words().quote(keyspace) +
                        " WITH replication = " + map_text(replication) +
                        " AND durable_writes = " + (found_there.durable_writes ? "true" : "false");
    if (const auto found = tablets.find(keyspace); found != tablets.end()) {
      object.definition +=
          std::string(" AND tablets = {'enabled': ") + (found->second ? "true" : "false") + "}";
    }
    reading.model.objects.push_back(std::move(object));
  }
}

model::Model inspect(Connection& connection, const InspectOptions& options) {
  KeyspaceReading reading{connection, options, options.schemas, connection.url().database, {}};
  const std::vector<SystemRow> keyspaces = reading.all_rows("system_schema.keyspaces");
  if (reading.keyspaces.empty() && !reading.default_keyspace.empty())
    reading.keyspaces.push_back(reading.default_keyspace);
  if (reading.keyspaces.empty()) {
    for (const SystemRow& row : keyspaces) {
      const std::string keyspace = row.text("keyspace_name");
      if (!is_system(keyspace)) reading.keyspaces.push_back(keyspace);
    }
  }
  for (const model::Name& table : options.without) {
    reading.without.emplace(table.schema.empty() ? reading.default_keyspace : table.schema,
                            table.name);
  }
  reading.model.dialect = words().name();
  reading.model.product = reading.server().product;
  reading.model.version = reading.server().version;
  reading.model.default_schema = reading.default_keyspace;
  read_keyspaces(reading, keyspaces);
  read_types(reading);
  read_tables(reading);
  read_objects(reading);
  if (options.grants) read_rights(reading);
  model::sort(reading.model);
  std::sort(reading.model.not_managed.begin(), reading.model.not_managed.end());
  return std::move(reading.model);
}

}  // namespace sterna::cql
