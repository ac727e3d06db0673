// What the parts of the inspector share while one database is read. Internal to inspect*.cpp.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "database/mysql/connection.hpp"

namespace sterna::mysql {

/// One catalog query and what is done with each of its rows.
struct CatalogQuery {
  std::string sql;
  std::function<void(Row&)> visit;
  std::string what;  ///< for the line in not_managed when it fails
};

struct Reading {
  MysqlConnection& connection;
  const InspectOptions& options;
  std::string database;
  std::string schema;  ///< the database as a literal: lets the server look into this one alone
  bool mariadb = false;
  model::Model model = {};
  std::unordered_map<std::string, std::size_t> tables = {};  ///< places in model.tables
  std::unordered_set<std::string> without = {};
  std::vector<std::string> views = {}, sequences = {};
  /// Tables of which something is told by SHOW CREATE TABLE alone (partitions, parsers of full-text
  /// indexes, periods, tables of a MERGE).
  std::vector<std::string> by_definition = {};
  /// Columns and indexes of MySQL (with their tables) of which the catalogs tell expressions or
  /// bytes wrongly or not at all: taken from SHOW CREATE TABLE.
  std::set<std::pair<std::string, std::string>> columns_by_definition = {},
                                                indexes_by_definition = {};
  bool spatial = false;  ///< a spatial column was seen

  /// Version of the product at hand from which on; 0: never.
  bool since(int mysql_version, int mariadb_version) const {
    const int first = mariadb ? mariadb_version : mysql_version;
    return first != 0 && connection.server().version >= first;
  }
  /// nullptr for views and for what is left out.
  model::Table* table(const std::string& name) {
    if (last_ != nullptr && *last_ == name) return &model.tables[last_place_];
    const auto found = tables.find(name);
    if (found == tables.end()) return nullptr;
    last_ = &found->first;
    last_place_ = found->second;
    return &model.tables[last_place_];
  }
  /// An expression of the catalogs, or of SHOW CREATE TABLE with `escaped` false, as it can be
  /// written again.
  std::string expression(const std::string& text, bool escaped = true) const;
  void not_managed(std::string line) { model.not_managed.push_back(std::move(line)); }
  /// The server prints '?' for each byte that is no character.
  void lost_bytes(const model::Table& table, const model::Column& column) {
    not_managed("table " + table.name.text() + ", column " + column.name +
                ": its default may hold bytes that the server prints as '?'");
  }
  /// Runs the queries in one round trip.
  void run(const std::vector<CatalogQuery>& queries);

  const std::string* last_ = nullptr;
  std::size_t last_place_ = 0;
};

/// Tables, columns, keys, indexes and constraints.
std::vector<CatalogQuery> table_queries(Reading& reading);
/// What costs much and is rare: asked for when a spatial column was seen.
std::vector<CatalogQuery> spatial_queries(Reading& reading);
/// Views, triggers, routines, events and sequences.
class ObjectPart {
 public:
  explicit ObjectPart(Reading& reading);
  ~ObjectPart();
  ObjectPart(const ObjectPart&) = delete;
  ObjectPart& operator=(const ObjectPart&) = delete;

  std::vector<CatalogQuery> queries();
  /// SHOW CREATE of what has no other source; once `queries` were run.
  std::vector<CatalogQuery> definitions();
  /// Links the triggers, and finds what the views read.
  void finish();

 private:
  struct State;
  Reading& reading_;
  std::unique_ptr<State> state_;
};

/// Privileges on this database and what is in it.
std::vector<CatalogQuery> grant_queries(Reading& reading);

/// Takes over what SHOW CREATE TABLE alone tells.
void read_definition(Reading& reading, model::Table& table, const std::string& definition);

}  // namespace sterna::mysql
