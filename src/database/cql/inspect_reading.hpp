// What the parts of the CQL inspector share: rows of the system tables as JSON, which every version
// of Cassandra and ScyllaDB writes alike, and names as the model has them. Internal to the
// inspector; reads only.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "database/connection.hpp"
#include "model/json_tree.hpp"

namespace sterna::cql {

/// One row of a system table. A column that the server does not have reads as empty.
class SystemRow {
 public:
  explicit SystemRow(model::json::Node node) : node_(std::move(node)) {}

  const model::json::Node* find(std::string_view column) const;
  bool has_value(std::string_view column) const;
  /// Texts as they are, numbers and truth values as CQL writes them; empty for null.
  std::string text(std::string_view column) const;
  bool flag(std::string_view column) const { return text(column) == "true"; }
  int number(std::string_view column) const;
  std::vector<std::string> list(std::string_view column) const;
  std::map<std::string, std::string> map(std::string_view column) const;

 private:
  model::json::Node node_;
};

struct KeyspaceReading {
  Connection& connection;
  const InspectOptions& options;
  std::vector<std::string> keyspaces;  ///< that are read
  std::string default_keyspace;        ///< names in it stand without a schema
  std::set<model::Name> without;       ///< tables that are left out, by their full names
  model::Model model = {};

  const ServerInfo& server() const { return connection.server(); }
  /// The rows of `system_schema.TABLE` (or any table with a keyspace_name) of all keyspaces that
  /// are read. Nothing where the server has no such table.
  std::vector<SystemRow> rows(const std::string& table) const;
  /// All rows of a table.
  std::vector<SystemRow> all_rows(const std::string& table) const;
  /// The rows of a table that ScyllaDB alone has, some versions not even that: nothing then.
  std::vector<SystemRow> scylla_rows(const std::string& table) const;
  /// The name in the model of what a row describes.
  model::Name name(const SystemRow& row, std::string_view column) const;
  bool is_left_out(const SystemRow& row, std::string_view table_column) const;
};

/// Tables with their columns, keys, options and indexes.
void read_tables(KeyspaceReading& reading);
/// User types.
void read_types(KeyspaceReading& reading);
/// Materialized views, functions, aggregates, triggers.
void read_objects(KeyspaceReading& reading);
/// Keyspaces other than the default one.
void read_keyspaces(KeyspaceReading& reading, const std::vector<SystemRow>& rows);
/// Roles, who is member of whom, and privileges on what was read.
void read_rights(KeyspaceReading& reading);

/// Options of a table or view that are not at their default, under their names; without `comment`.
std::map<std::string, std::string> read_options(const SystemRow& row, const ServerInfo& server);

}  // namespace sterna::cql
