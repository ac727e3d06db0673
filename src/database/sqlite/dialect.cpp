#include "database/sqlite/dialect.hpp"

#include "base/text.hpp"
#include "database/render.hpp"
#include "database/sqlite/alter.hpp"
#include "database/sqlite/engine.hpp"
#include "database/sqlite/probe.hpp"
#include "database/sqlite/rebuild.hpp"

namespace sterna::sqlite {

const SqlDialect& sql_dialect() {
  static const SqliteDialect instance;
  return instance;
}

const Dialect& dialect() { return sql_dialect(); }

/// Statements cost no trip, and rendering reads the live table: nothing is gained by sending them
/// together.
Capabilities SqliteDialect::capabilities(const ServerInfo& server) const {
  return {.transactional_ddl = true,
          .batches_in_one_trip = false,
          .native_enum = false,
          .comments = false,
          .concurrent_indexes = false,
          .schemas = false,
          .renders_from_live = true,
          .foreign_keys_by_alter = false,
          .max_identifier_length = 63,  // has no limit: the names that PostgreSQL gets
          // SQLITE_MAX_VARIABLE_NUMBER before and since 3.32 ("Limits in SQLite", 9).
          .max_parameters = server.version >= 33200 ? 32766U : 999U};
}

std::string SqliteDialect::placeholder(std::size_t number) const {
  return "?" + std::to_string(number);
}

std::string SqliteDialect::now() const { return "strftime('%Y-%m-%d %H:%M:%f', 'now')"; }
std::string SqliteDialect::utc_now() const { return now(); }

Rendered SqliteDialect::render(const Change& change, const RenderContext& context) const {
  if (const auto* alter = std::get_if<AlterTable>(&change)) {
    const AlterTable named = with_names(*this, *alter, context);
    require_features(*this, named, context);
    if (needs_rebuild(*this, named, context)) return rebuild(named, context);
  }
  return SqlDialect::render(change, context);
}

bool SqliteDialect::needs_fingerprint(const Statement& statement) const {
  return sqlite::needs_fingerprint(statement);
}
std::string SqliteDialect::fingerprint(Connection& connection, const Statement& statement) const {
  return sqlite::fingerprint(connection, statement);
}
EffectReport SqliteDialect::effect(Connection& connection, const Statement& statement,
                                   std::string_view fingerprint_before) const {
  return sqlite::effect(connection, statement, fingerprint_before);
}
void SqliteDialect::explain(Error& error, Connection& connection) const noexcept {
  sqlite::explain(error, connection);
}

std::string_view SqliteDialect::lacks(Feature feature, const ServerInfo& server) const {
  const auto since = [&](int version) { return server.version == 0 || server.version >= version; };
  switch (feature) {
    case Feature::charset:
      return "has one encoding for a whole file; leave out .charset(), or choose a .collate()";
    case Feature::on_update:
      return "has no ON UPDATE for columns; use an AFTER UPDATE trigger";
    case Feature::column_position:
      return "appends new columns at the end; leave out .first() and .after()";
    case Feature::identity_always:
      return "numbers rows by default only; use .auto_increment()";
    case Feature::using_expression:
      return "converts values by itself; leave out the USING expression, and UPDATE the rows "
             "before";
    case Feature::add_column_if_missing:
    case Feature::drop_column_if_exists:
      return "has no IF EXISTS for columns; ask schema.has_column() before";
    case Feature::drop_constraint_if_exists:
      return "has no IF EXISTS for constraints; drop it where it exists";
    case Feature::table_engine:
      return "has no storage engines; leave out .engine()";
    case Feature::table_charset:
      return "has no character set or collation of a table; give the columns a .collate()";
    case Feature::table_options:
      return "has no such table option; leave it out";
    case Feature::strict:
      if (since(33700)) return {};
      return "has STRICT from version 3.37 on; leave out .strict()";
    case Feature::drop_cascade:
      return "has no CASCADE here; drop what depends on it first";
    case Feature::deferrable_unique:
      return "checks uniqueness at every row; leave out .deferrable()";
    case Feature::not_valid:
    case Feature::validate_constraint:
      return "has no constraints that are not valid yet; leave out .not_valid() and validate";
    case Feature::not_enforced:
      return "enforces every check; leave it out";
    case Feature::match:
      return "handles every foreign key as MATCH SIMPLE; leave out .match()";
    case Feature::exclusion:
      return "has no exclusion constraints; use a trigger";
    case Feature::index_include:
      return "has no INCLUDE; add the columns to the index, or leave out .include()";
    case Feature::nulls_not_distinct:
      return "counts NULLs as distinct; use a unique index over coalesce(…)";
    case Feature::nulls_order:
      return "sorts NULLs first always; leave out the order of NULLs";
    case Feature::operator_class:
      return "has no operator classes; leave it out";
    case Feature::prefix_length:
      return "has no prefix indexes; use an expression like substr(column, 1, 20)";
    case Feature::full_text:
      return "has no full-text indexes; create an FTS5 virtual table with raw SQL";
    case Feature::full_text_parser:
      return "has no full-text parsers; leave it out";
    case Feature::spatial:
      return "has no spatial indexes; create an R*Tree virtual table with raw SQL";
    case Feature::index_options:
      return "takes no storage parameters for an index; leave them out";
    case Feature::enum_type:
      return "has no enum types; use enum_() in each table";
    case Feature::structured_type:
      return "has no structured types; use json() or one column for each field";
    default:
      return {};
  }
}

std::string SqliteDialect::table_suffix(const model::Table& table,
                                        const TableScope& /*scope*/) const {
  if (table.strict && table.without_rowid) return " STRICT, WITHOUT ROWID";
  return table.strict ? " STRICT" : table.without_rowid ? " WITHOUT ROWID" : "";
}

/// Never asked: STRICT and WITHOUT ROWID are the rebuild's, all others are refused before.
std::string SqliteDialect::table_option_clause(const SetTableOption& /*option*/,
                                               const TableScope& scope) const {
  refuse(scope.table.text(), lacks(Feature::table_options, scope.server()), scope.server());
}

/// The schema goes with the index: CREATE INDEX main.name ON table.
std::string SqliteDialect::index_on(const std::string& index, const model::Name& table) const {
  return quote(model::Name(table.schema, index)) + " ON " + quote(table.name);
}

/// A foreign key cannot leave its schema.
std::string SqliteDialect::referenced_table(const model::Name& table) const {
  return quote(table.name);
}

std::string SqliteDialect::index_method(const model::Index& index, const TableScope& scope) const {
  if (!index.method.empty() && !equals_ignoring_case(index.method, "btree")) {
    refuse("index " + (index.name.empty() ? "on " + scope.table.text() : index.name),
           "has no index method " + index.method + "; leave it out: every index is a B-tree",
           scope.server());
  }
  return {};
}

/// A comment alone changes nothing here; everything else about a column is the rebuild's.
Clauses SqliteDialect::modify_column(const ModifyColumn& /*change*/,
                                     const TableScope& /*scope*/) const {
  return {};
}

std::vector<std::string> SqliteDialect::rename_index(const RenameIndex& change,
                                                     const TableScope& scope) const {
  return {create_renamed_index(*this, change, scope),
          "DROP INDEX " + quote(model::Name(scope.table.schema, change.from))};
}

}  // namespace sterna::sqlite
