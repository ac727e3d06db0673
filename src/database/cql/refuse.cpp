#include "database/cql/refuse.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/type_text.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

using model::Column;
using model::Table;
using model::TypeKind;

/// Tables, views and indexes bear names of letters, digits and underscores (Cassandra
/// documentation, "Definitions").
bool is_name(const std::string& name, std::size_t longest) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), letter);
}

/// Keeps several cells for a value; frozen collections, tuples and vectors do not.
bool has_cells(const model::Type& type) {
  return type.kind == TypeKind::list || type.kind == TypeKind::set || type.kind == TypeKind::map ||
         type.kind == TypeKind::user_type;
}

class Refusals {
 public:
  explicit Refusals(const RenderContext& context) : context_(context) {}

  void operator()(const CreateTable& c) const {
    const Table& table = c.table;
    const std::string name = table.name.text();
    name_of_table(table.name);
    if (table.temporary)
      refuse(name, "has no temporary tables; use a table with a default TTL, and drop it");
    if (!table.foreign_keys.empty()) foreign_key(name, table.foreign_keys.front());
    if (!table.uniques.empty()) unique(name + "." + join(table.uniques.front().columns, ", "));
    const Keys keys = keys_of(table);
    check_keys(table, keys);
    bool counters = false, others = false;
    for (const Column& column : table.columns) {
      check_column(name, column);
      if (column.is_static && keys.clustering.empty()) {
        refuse(name + "." + column.name,
               "has static columns in tables with a clustering key alone; add clustering_key({…}), "
               "or leave out static_()");
      }
      if (keys.holds(column.name)) continue;
      (column.type.kind == TypeKind::counter ? counters : others) = true;
    }
    if (counters && others) {
      refuse(name,
             "keeps counters in tables that hold nothing else beside the key; put them into a "
             "table of their own");
    }
    for (const model::Index& index : table.indexes) check_index(name, index);
  }

  void operator()(const RenameTable& c) const {
    refuse(c.from.text(), std::string("cannot rename a table; ") + by_new_table);
  }

  void operator()(const AlterTable& c) const {
    for (const TableAction& action : c.actions)
      std::visit([&](const auto& a) { check(c.name, a); }, action);
  }

  void operator()(const CreateType& c) const {
    if (c.type.fields.empty()) refuse(c.type.name.text(), "has no types without fields; add one");
    for (const model::TypeField& field : c.type.fields) field_type(c.type.name.text(), field);
  }
  void operator()(const AlterType& c) const {
    for (const TypeAction& action : c.actions) {
      if (const auto* add = std::get_if<AddTypeField>(&action))
        field_type(c.name.text(), add->field);
    }
  }

  void operator()(const CreateObject& c) const {
    check_kind(c.object.kind, c.object.name);
    words_of_scylla(c.object);
  }
  void operator()(const DropObject& c) const { check_kind(c.kind, c.name); }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  [[noreturn]] void refuse(const std::string& object, std::string_view reason) const {
    words().refuse(object, reason, context_.server);
  }

  void check_kind(const std::string& kind, const model::Name& name) const {
    if (kind == "view") {
      refuse("view " + name.text(),
             "has no views but materialized ones; use create_materialized_view(), or a table for "
             "that query");
    }
    if (kind == "procedure")
      refuse("procedure " + name.text(), "has no procedures; call the statements one by one");
    if (kind == "sequence") {
      refuse("sequence " + name.text(),
             "has no sequences; use uuid() or timeuuid(), or a row that is counted up with IF");
    }
    if (kind == "trigger") {
      refuse("trigger " + name.text(),
             "has triggers in Java alone; write them with raw SQL (CREATE TRIGGER … USING)");
    }
  }

  /// Definitions are text: what only ScyllaDB knows in them would be a syntax error elsewhere.
  void words_of_scylla(const model::Object& object) const {
    if (is_scylla(context_.server)) return;
    sql::TokenCursor cursor(object.definition, Language::cql);
    const std::string what = object.kind + " " + object.name.text();
    while (!cursor.at_end()) {
      if (object.kind == "keyspace" && cursor.at("TABLETS"))
        refuse(what, "has no tablets, which are ScyllaDB's; leave out .tablets");
      if (object.kind == "materialized view" && cursor.at("SYNCHRONOUS_UPDATES")) {
        refuse(what,
               "has no synchronous_updates of views, which are ScyllaDB's; leave it out, or "
               "read the base table where a view may be late");
      }
      cursor.skip();
    }
  }

  void name_of_table(const model::Name& name) const {
    const std::size_t longest = words().capabilities(context_.server).max_identifier_length;
    if (is_name(name.name, longest)) return;
    refuse(name.text(), "names tables with letters, digits and underscores, " +
                            std::to_string(longest) + " at most; choose such a name");
  }

  [[noreturn]] void foreign_key(const std::string& table, const model::ForeignKey& key) const {
    refuse(table + "." + join(key.columns, ", "),
           "has no foreign keys; keep what is read together in one partition, or look the other "
           "row up in the program");
  }
  [[noreturn]] void unique(const std::string& object) const {
    refuse(object,
           "has no unique keys; make the value the primary key of a table and write with IF NOT "
           "EXISTS");
  }

  void check_keys(const Table& table, const Keys& keys) const {
    const std::string name = table.name.text();
    if (keys.partition.empty()) {
      refuse(name, "needs a partition key for every table; add partition_key({…}) or primary({…})");
    }
    const auto part = [&](const std::string& column_name) {
      const Column* column = table.column(column_name);
      if (column == nullptr) return;  // the server's error would be the same: the builder checks it
      const std::string object = name + "." + column_name;
      if (column->is_static)
        refuse(object, "keeps a static column once a partition; it cannot be part of the key");
      if (column->type.kind == TypeKind::counter)
        refuse(object, "counts in columns outside the key; use big_integer() in the key");
      if (column->type.kind == TypeKind::duration || column->type.kind == TypeKind::interval)
        refuse(object, "cannot order durations; use big_integer() in the key");
      if (has_cells(column->type))
        refuse(object,
               "has collections and user types in a key as one value; put frozen() around it");
    };
    for (const std::string& column : keys.partition) part(column);
    for (const Keys::Clustering& each : keys.clustering) part(each.column);
  }

  void check_column(const std::string& table, const Column& column) const {
    const std::string object = table + "." + column.name;
    if (column.auto_increment || column.identity != model::Identity::none) {
      refuse(
          object,
          "numbers no rows; use uuid() or timeuuid() and give the value when you insert (uuid(), "
          "now())");
    }
    if (column.default_value)
      refuse(object, "has no default values; give the value when you insert");
    if (column.generated)
      refuse(object, "has no generated columns; write the value from the program");
    if (!column.collation.empty()) refuse(object, "orders text by its bytes; leave out .collate()");
  }

  void check_index(const std::string& table, const model::Index& index) const {
    if (index.unique) {
      std::vector<std::string> columns;
      for (const model::IndexPart& part : index.parts) columns.push_back(part.column);
      unique(table + "." + join(columns, ", "));
    }
    const std::string object = "index " + (index.name.empty() ? "on " + table : index.name);
    std::size_t columns = 0;
    for (const model::IndexPart& part : index.parts) {
      if (part.descending) refuse(object, "keeps no order in an index; leave out the direction");
      columns += part.operator_class == "local" ? 0U : 1U;
    }
    if (columns > 1) {
      refuse(object,
             "indexes one column at a time; add an index for each, or a materialized view, or a "
             "table for that query");
    }
    if (columns < index.parts.size() && !is_scylla(context_.server))
      refuse(object, "has no local indexes, which are ScyllaDB's; leave out local()");
    const bool sai =
        equals_ignoring_case(index.method, "sai") || index.method.ends_with("StorageAttachedIndex");
    if (sai && !since(context_.server, 50000, 0))
      refuse(object,
             "has storage-attached indexes from Cassandra 5.0 on; leave out .method(\"sai\")");
    if (!index.name.empty() && !is_name(index.name, 222))
      refuse(object, "names indexes with letters, digits and underscores; choose such a name");
  }

  void field_type(const std::string& type, const model::TypeField& field) const {
    if (field.type.kind == TypeKind::counter)
      refuse(type + "." + field.name, "has counters as columns alone; use big_integer()");
    if (field.type.kind == TypeKind::user_type) {
      refuse(type + "." + field.name,
             "nests a user type in another one as one value; put frozen() around it");
    }
  }

  // ---- actions of ALTER TABLE ----

  void check(const model::Name& table, const AddColumn& a) const {
    check_column(table.text(), a.column);
    if (context_.connection != nullptr) dropped_before(table, a.column);
  }
  void check(const model::Name& table, const DropColumn& a) const {
    if (a.was && a.was->type.kind == TypeKind::user_type) {
      refuse(table.text() + "." + a.name,
             std::string(
                 "cannot drop a column of a user type that is not frozen; leave it empty, or ") +
                 by_new_table);
    }
  }
  void check(const model::Name& table, const RenameColumn& a) const {
    if (context_.connection == nullptr) return;
    const std::string kind = kind_of(table, a.from);
    if (kind.empty() || kind == "partition_key" || kind == "clustering") return;
    refuse(table.text() + "." + a.from,
           "renames columns of the primary key alone; add a column of the new name, copy the "
           "values, and drop the old one");
  }
  void check(const model::Name& table, const ModifyColumn& a) const {
    if (a.parts == ModifyColumn::comment) return;
    refuse(table.text() + "." + a.to.name,
           (a.parts & ModifyColumn::type) != 0
               ? std::string("cannot change the type of a column; add a column of the new type, "
                             "copy the values, and drop the old one; or ") +
                     by_new_table
               : std::string("knows of a column its type alone; leave out the default and "
                             "nullability"));
  }
  void check(const model::Name& table, const AddPrimaryKey&) const { primary_key(table); }
  void check(const model::Name& table, const DropPrimaryKey&) const { primary_key(table); }
  void check(const model::Name& table, const AddUnique& a) const {
    unique(table.text() + "." + join(a.unique.columns, ", "));
  }
  void check(const model::Name& table, const AddForeignKey& a) const {
    foreign_key(table.text(), a.key);
  }
  void check(const model::Name& table, const DropConstraint& a) const {
    refuse(table.text() + "." + a.name, "has no constraints; there is nothing to drop");
  }
  void check(const model::Name& table, const AddIndex& a) const {
    check_index(table.text(), a.index);
  }
  void check(const model::Name&, const RenameIndex& a) const {
    refuse("index " + a.from, "cannot rename an index; add one of the new name, then drop the old");
  }
  template <class Other>
  void check(const model::Name&, const Other&) const {}

  [[noreturn]] void primary_key(const model::Name& table) const {
    refuse(table.text(), std::string("cannot change the primary key of a table; ") + by_new_table);
  }

  // ---- questions to the live schema ----

  std::string keyspace_of(const model::Name& table) const {
    return table.schema.empty() ? context_.connection->url().database : table.schema;
  }

  std::string kind_of(const model::Name& table, const std::string& column) const {
    const Rows rows = context_.connection->query(
        {"SELECT kind FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ? AND "
         "column_name = ?",
         {Value(keyspace_of(table)), Value(table.name), Value(column)},
         {},
         {}});
    return rows.empty() ? std::string() : rows.front().get<std::string>(0);
  }

  /// The old values may still lie on disk: the server takes the name back for the same type alone.
  void dropped_before(const model::Name& table, const Column& column) const {
    const Rows rows = context_.connection->query(
        {"SELECT type FROM system_schema.dropped_columns WHERE keyspace_name = ? AND table_name = "
         "? AND column_name = ?",
         {Value(keyspace_of(table)), Value(table.name), Value(column.name)},
         {},
         {}});
    if (rows.empty()) return;
    const std::string old = rows.front().get<std::string>(0);
    if (takes_back(parse_type(old), column.type)) return;
    refuse(table.text() + "." + column.name,
           "had a column of this name and the type " + old +
               ", whose values may still lie on disk; give the new column another name");
  }

  const RenderContext& context_;
};

}  // namespace

void refuse_impossible(const Change& change, const RenderContext& context) {
  std::visit(Refusals(context), change);
}

}  // namespace sterna::cql
