#include "database/cql/dialect.hpp"

#include "base/text.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/probe.hpp"
#include "database/cql/refuse.hpp"
#include "database/cql/type_text.hpp"
#include "database/render.hpp"

namespace sterna::cql {
namespace {

/// Definition of an index's class: Sterna's short words for those that come with the server.
std::string index_class(const std::string& method) {
  if (equals_ignoring_case(method, "sai")) return "StorageAttachedIndex";
  if (equals_ignoring_case(method, "sasi")) return "org.apache.cassandra.index.sasi.SASIIndex";
  return method;
}

/// The columns of the partition key that begin a local index (ScyllaDB) as one part of it.
model::Index with_local_part(model::Index index) {
  std::vector<std::string> local;
  for (const model::IndexPart& part : index.parts) {
    if (part.operator_class == "local") local.push_back(words().quote(part.column));
  }
  if (local.empty()) return index;
  std::erase_if(index.parts, [](const auto& part) { return part.operator_class == "local"; });
  model::IndexPart whole;
  whole.operator_class = "local";
  whole.expression = join(local, ", ");
  index.parts.insert(index.parts.begin(), std::move(whole));
  return index;
}

/// The key as CQL writes it, so that the common walk need not know of its parts.
model::Table prepared(model::Table table) {
  const Keys keys = keys_of(table);
  set_keys(table, keys);
  table.primary_key->options["definition"] = keys.text();
  for (model::Index& index : table.indexes) {
    if (index.name.empty())
      index.name =
          model::default_name(table.name, index, words().capabilities({}).max_identifier_length);
    index = with_local_part(std::move(index));
  }
  return table;
}

AlterTable prepared(AlterTable change) {
  for (TableAction& action : change.actions) {
    // A comment is one of the options.
    if (const auto* comment = std::get_if<SetTableComment>(&action)) {
      action = SetTableOption{"comment", words().literal(Value(comment->comment)), comment->was};
    } else if (auto* add = std::get_if<AddIndex>(&action)) {
      if (add->index.name.empty()) {
        add->index.name = model::default_name(change.name, add->index,
                                              words().capabilities({}).max_identifier_length);
      }
      add->index = with_local_part(std::move(add->index));
    }
  }
  return change;
}

}  // namespace

const CqlDialect& words() {
  static const CqlDialect instance;
  return instance;
}

const Dialect& cql_dialect() { return words(); }

bool since(const ServerInfo& server, int cassandra, int scylla) {
  if (is_scylla(server)) return scylla > 0 && (server.version == 0 || server.version >= scylla);
  return server.version == 0 || server.version >= cassandra;
}

/// Names of keyspaces, tables and views: 48 characters (Cassandra, SchemaConstants).
Capabilities CqlDialect::capabilities(const ServerInfo& /*server*/) const {
  return {.transactional_ddl = false,
          .batches_in_one_trip = false,
          .native_enum = false,
          .comments = false,
          .concurrent_indexes = false,
          .schemas = true,
          .foreign_keys_by_alter = false,
          .not_null = false,
          .multi_row_insert = false,
          .renames_indexes = false,
          .relational = false,
          .conditional_writes = true,
          .time_to_live = true,
          .max_identifier_length = 48,
          .upsert = UpsertStyle::always};
}

Rendered CqlDialect::render(const Change& change, const RenderContext& context) const {
  refuse_impossible(change, context);
  if (const auto* create = std::get_if<CreateTable>(&change))
    return SqlDialect::render(CreateTable{prepared(create->table), create->if_missing}, context);
  if (const auto* alter = std::get_if<AlterTable>(&change))
    return SqlDialect::render(prepared(*alter), context);
  return SqlDialect::render(change, context);
}

int CqlDialect::creation_rank(std::string_view kind) const {
  if (kind == "keyspace" || kind == "role") return -1;
  return kind == "grant" ? 1 : 0;
}

EffectReport CqlDialect::effect(Connection& connection, const Statement& statement,
                                std::string_view fingerprint_before) const {
  return cql::effect(connection, statement, fingerprint_before);
}
void CqlDialect::explain(Error& error, Connection& connection) const noexcept {
  cql::explain(error, connection);
}

std::string_view CqlDialect::lacks(Feature feature, const ServerInfo& server) const {
  switch (feature) {
    case Feature::charset:
      return "keeps text in UTF-8; leave out .charset()";
    case Feature::on_update:
      return "has no ON UPDATE for columns; set the column in every UPDATE";
    case Feature::column_position:
      return "keeps columns by name; leave out .first() and .after()";
    case Feature::virtual_column:
    case Feature::identity_always:
    case Feature::using_expression:
      return "has no computed values in a table; write the value from the program";
    case Feature::add_column_if_missing:
      if (since(server, 40100, 0)) return {};
      return "has IF NOT EXISTS for columns from Cassandra 4.1 on; ask schema.has_column() before";
    case Feature::drop_column_if_exists:
      if (since(server, 40100, 0)) return {};
      return "has IF EXISTS for columns from Cassandra 4.1 on; ask schema.has_column() before";
    case Feature::table_engine:
      return "has no storage engines; use with_options({.compaction = …})";
    case Feature::table_charset:
      return "keeps text in UTF-8; leave out the character set and collation";
    case Feature::strict:
    case Feature::without_rowid:
      return "has no such kind of table; leave it out";
    case Feature::drop_cascade:
      return "has no CASCADE; drop the materialized views of the table first";
    case Feature::check:
    case Feature::not_valid:
    case Feature::not_enforced:
    case Feature::validate_constraint:
      return "has no checks; look at the values in the program";
    case Feature::deferrable_key:
    case Feature::match:
    case Feature::set_default_action:
      return "has no foreign keys; keep what is read together in one partition";
    case Feature::deferrable_unique:
    case Feature::drop_constraint_if_exists:
    case Feature::nulls_not_distinct:
      return "has no unique keys; make the value the primary key of a table and write with IF NOT "
             "EXISTS";
    case Feature::exclusion:
      return "has no exclusion constraints; use a conditional write (IF …)";
    case Feature::partial_index:
      return "has no partial indexes; leave out .where(), or write a table that holds those rows";
    case Feature::index_include:
      return "has no INCLUDE; use a materialized view, or a table for that query";
    case Feature::expression_index:
      return "has no indexes over expressions; write the value into a column of its own";
    case Feature::nulls_order:
    case Feature::prefix_length:
    case Feature::index_collation:
      return "orders no index; leave it out";
    case Feature::full_text:
    case Feature::full_text_parser:
      return "has no full-text indexes; use .method(\"sai\") with the option index_analyzer";
    case Feature::spatial:
      return "has no spatial indexes; keep a geohash in a clustering column";
    case Feature::enum_type:
      return "has no enum types; use text()";
    default:
      return {};
  }
}

std::string CqlDialect::blob_literal(std::string_view bytes) const {
  const std::string quoted = SqlDialect::blob_literal(bytes);  // x'00ff'
  return "0x" + quoted.substr(2, quoted.size() - 3);
}

std::string CqlDialect::column_options(const model::Column& column) const {
  return column.is_static ? " STATIC" : "";
}

std::string_view CqlDialect::create_index_words(const model::Index& index) const {
  return index.method.empty() ? "CREATE INDEX " : "CREATE CUSTOM INDEX ";
}

/// `"tags"`, `keys("tags")`; a local index of ScyllaDB begins with the partition key: `("day"),
/// "kind"`.
std::string CqlDialect::index_part(const model::IndexPart& part, const std::string& object,
                                   const ServerInfo& server) const {
  const std::string& target = part.operator_class;
  if (target == "local") return "(" + part.expression + ")";
  if (part.column.empty()) require(Feature::expression_index, object, server);
  if (target.empty()) return quote(part.column);
  if (target != "keys" && target != "values" && target != "entries" && target != "full") {
    refuse(object,
           "indexes the keys, values, entries or the full of a collection; it has no " + target,
           server);
  }
  return target + "(" + quote(part.column) + ")";
}

std::string CqlDialect::index_suffix(const model::Index& index) const {
  std::string text;
  if (!index.method.empty()) text += " USING " + string_literal(index_class(index.method));
  std::vector<std::string> entries;
  for (const auto& [key, value] : index.options)
    entries.push_back(string_literal(key) + ": " + string_literal(value));
  if (!entries.empty()) text += " WITH OPTIONS = {" + join(entries, ", ") + "}";
  return text;
}

std::vector<std::string> CqlDialect::rename_column(const RenameColumn& change,
                                                   const TableScope& scope) const {
  return {"ALTER TABLE " + quote(scope.table) + " RENAME " + quote(change.from) + " TO " +
          quote(change.to)};
}

std::string_view CqlDialect::read_once(const ServerInfo& server) const {
  return server.product == "ScyllaDB" ? " BYPASS CACHE" : "";
}

bool CqlDialect::replaces(std::string_view kind, const ServerInfo& /*server*/) const {
  return kind == "function" || kind == "aggregate" || kind == "keyspace" || kind == "role";
}

/// Keyspaces and roles are altered by the words they are made with.
std::string CqlDialect::or_replace(const std::string& definition) const {
  const std::string_view text = trim(definition);
  for (const std::string_view kind : {"CREATE KEYSPACE ", "CREATE ROLE "}) {
    if (equals_ignoring_case(text.substr(0, kind.size()), kind))
      return "ALTER" + std::string(text.substr(6));
  }
  return SqlDialect::or_replace(definition);
}

}  // namespace sterna::cql
