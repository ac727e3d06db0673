// Tables and user types from system_schema.
#include <algorithm>
#include <tuple>

#include "base/text.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/inspect_reading.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/options.hpp"
#include "database/cql/type_text.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

using model::Column;
using model::Index;
using model::Table;
using model::TypeKind;

/// Columns stand as the server thinks of them: partition key, clustering columns, then the others
/// by name.
struct ColumnEntry {
  int rank = 0, position = 0;
  bool descending = false;
  Column column;
};

int rank_of(const std::string& kind) {
  return kind == "partition_key" ? 0 : kind == "clustering" ? 1 : 2;
}

Column column_of(const SystemRow& row) {
  Column column;
  column.name = row.text("column_name");
  column.type = parse_type(row.text("type"));
  column.is_static = row.text("kind") == "static";
  column.nullable = rank_of(row.text("kind")) == 2;
  return column;
}

void put_columns(Table& table, std::vector<ColumnEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const ColumnEntry& a, const ColumnEntry& b) {
    return std::tie(a.rank, a.position, a.column.name) <
           std::tie(b.rank, b.position, b.column.name);
  });
  Keys keys;
  for (ColumnEntry& entry : entries) {
    // The nameless column of old tables with compact storage: "value empty".
    if (entry.column.type.kind == TypeKind::native && entry.column.type.name == "empty") continue;
    if (entry.rank == 0) keys.partition.push_back(entry.column.name);
    if (entry.rank == 1) keys.clustering.push_back({entry.column.name, entry.descending});
    table.columns.push_back(std::move(entry.column));
  }
  set_keys(table, keys);
}

void depend_on_types(Table& table, const KeyspaceReading& reading) {
  std::vector<std::string>& keys = table.depends_on.keys;
  for (const Column& column : table.columns) {
    for (std::string& key : model::keys_of_types(column.type, table.name.schema))
      keys.push_back(std::move(key));
  }
  if (!table.name.schema.empty() && table.name.schema != reading.default_keyspace)
    keys.push_back(model::key_of("keyspace", model::Name(std::string(), table.name.schema)));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

/// `c`, `"C"`, `keys(m)`: the target of an index. A local index of ScyllaDB has it as JSON:
/// {"pk":["p"],"ck":["c"]}.
std::vector<model::IndexPart> parts_of(const std::string& target) {
  std::vector<model::IndexPart> parts;
  const auto add = [&](std::string column, std::string over) {
    model::IndexPart part;
    part.column = std::move(column);
    part.operator_class = std::move(over);
    parts.push_back(std::move(part));
  };
  if (target.starts_with('{')) {
    const SystemRow json(model::json::parse(target));
    for (std::string& column : json.list("pk")) add(std::move(column), "local");
    for (std::string& column : json.list("ck")) add(std::move(column), {});
    return parts;
  }
  sql::TokenCursor cursor(target, Language::cql);
  const sql::Token first = cursor.take();
  if (cursor.accept('(')) {
    add(cursor.identifier(), to_lower(first.text));
  } else {
    add(sql::unquoted(first), {});
  }
  // A name that the server quotes nowhere ("Odd name") is no token: it is the whole text.
  if (parts.back().operator_class.empty() && !cursor.at_end()) parts.back().column = target;
  return parts;
}

/// Sterna's words for the classes that come with the server.
std::string method_of(const std::string& class_name) {
  if (class_name.ends_with("StorageAttachedIndex") || class_name == "sai") return "sai";
  if (class_name == "org.apache.cassandra.index.sasi.SASIIndex") return "sasi";
  return class_name;
}

Index index_of(const SystemRow& row) {
  Index index;
  index.name = row.text("index_name");
  index.options = row.map("options");
  index.parts = parts_of(index.options["target"]);
  index.options.erase("target");
  if (const auto found = index.options.find("class_name"); found != index.options.end()) {
    index.method = method_of(found->second);
    index.options.erase(found);
  }
  return index;
}

std::string table_key(const SystemRow& row) {
  return row.text("keyspace_name") + "." + row.text("table_name");
}

}  // namespace

void read_types(KeyspaceReading& reading) {
  for (const SystemRow& row : reading.rows("types")) {
    model::UserType type;
    type.name = reading.name(row, "type_name");
    const std::vector<std::string> names = row.list("field_names");
    const std::vector<std::string> types = row.list("field_types");
    for (std::size_t i = 0; i < std::min(names.size(), types.size()); ++i)
      type.fields.push_back({names[i], parse_type(types[i])});
    reading.model.types.push_back(std::move(type));
  }
}

void read_tables(KeyspaceReading& reading) {
  std::map<std::string, Table> tables;
  for (const SystemRow& row : reading.rows("tables")) {
    if (reading.is_left_out(row, "table_name")) continue;
    Table& table = tables[table_key(row)];
    table.name = reading.name(row, "table_name");
    table.comment = row.text("comment");
    table.options = read_options(row, reading.server());
    const std::vector<std::string> flags = row.list("flags");
    const bool compound = std::find(flags.begin(), flags.end(), "compound") != flags.end();
    if (!flags.empty() && !compound) table.options["compact storage"] = "true";
  }
  for (const SystemRow& row : reading.scylla_rows("scylla_tables")) {
    const auto table = tables.find(table_key(row));
    if (table == tables.end()) continue;
    for (const char* option : {"cdc", "per_partition_rate_limit"}) {
      if (const auto entries = row.map(option); !entries.empty())
        table->second.options[option] = map_text(entries);
    }
  }
  std::map<std::string, std::vector<ColumnEntry>> columns;
  for (const SystemRow& row : reading.rows("columns")) {
    if (!tables.contains(table_key(row))) continue;  // of a view
    columns[table_key(row)].push_back({rank_of(row.text("kind")), row.number("position"),
                                       row.text("clustering_order") == "desc", column_of(row)});
  }
  for (const SystemRow& row : reading.rows("dropped_columns")) {
    const auto table = tables.find(table_key(row));
    if (table == tables.end()) continue;
    Column column = column_of(row);
    column.nullable = true;
    table->second.dropped.columns.push_back(std::move(column));
  }
  for (const SystemRow& row : reading.rows("indexes")) {
    const auto table = tables.find(table_key(row));
    if (table != tables.end()) table->second.indexes.push_back(index_of(row));
  }
  for (auto& [key, table] : tables) {
    put_columns(table, std::move(columns[key]));
    depend_on_types(table, reading);
    reading.model.tables.push_back(std::move(table));
  }
}

}  // namespace sterna::cql
