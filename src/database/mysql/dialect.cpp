#include "database/mysql/dialect.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/mysql/engine.hpp"
#include "database/mysql/explain.hpp"
#include "database/mysql/probe.hpp"
#include "database/mysql/versions.hpp"
#include "database/render.hpp"

namespace sterna::mysql {
namespace {

/// What SHOW CREATE TABLE says of a column after its name. A run that is resumed after a crash may
/// find the column renamed already.
std::string live_definition(const SqlDialect& dialect, const RenameColumn& change,
                            const TableScope& scope) {
  const Rows rows =
      scope.context.connection->query("SHOW CREATE TABLE " + dialect.quote(scope.table));
  const std::vector<std::string> lines =
      split(rows.empty() ? std::string() : rows.front().get<std::string>(1), '\n');
  for (const std::string& column : {change.from, change.to}) {
    const std::string head = "  " + dialect.quote(column) + " ";
    for (const std::string& line : lines) {
      if (!line.starts_with(head)) continue;
      const std::string definition = line.substr(head.size());
      return definition.ends_with(',') ? definition.substr(0, definition.size() - 1) : definition;
    }
  }
  const std::string object = scope.object(change.from);
  throw Error(ErrorKind::schema, object + ": there is no such column to rename")
      .with_object(object);
}

}  // namespace

const Dialect& dialect() {
  static const MysqlDialect instance;
  return instance;
}

Capabilities MysqlDialect::capabilities(const ServerInfo& /*server*/) const {
  return {.transactional_ddl = false,
          .batches_in_one_trip = true,
          .native_enum = true,
          .comments = true,
          .concurrent_indexes = false,
          .schemas = true,
          .column_positions = true,
          .foreign_keys_need_indexes = true,
          .reorders_columns = true,
          .max_identifier_length = 64,
          .upsert = UpsertStyle::on_duplicate_key};
}

std::string MysqlDialect::now() const { return "CURRENT_TIMESTAMP(6)"; }
std::string MysqlDialect::utc_now() const { return "UTC_TIMESTAMP(6)"; }

std::string MysqlDialect::elapsed_microseconds() const {
  return "TIMESTAMPDIFF(MICROSECOND, applied_at, UTC_TIMESTAMP(6))";
}

/// The part in /*M! … */ is a comment to MySQL, whose own max_execution_time covers SELECT alone:
/// there the client's watchdog is all there is. The variable after it keeps the statement from
/// being empty.
std::vector<Statement> MysqlDialect::timeouts(double statement_timeout, double lock_timeout,
                                              bool /*in_transaction*/) const {
  std::vector<Statement> result;
  if (statement_timeout > 0) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3f", std::max(statement_timeout, 0.001));
    result.push_back({std::string("SET /*M! SESSION max_statement_time = ") + seconds +
                          ", */ @sterna_statement_timeout = " + seconds,
                      {},
                      {},
                      {}});
  }
  if (lock_timeout > 0) {
    const std::string seconds = std::to_string(static_cast<long long>(std::ceil(lock_timeout)));
    result.push_back({"SET SESSION lock_wait_timeout = " + seconds +
                          ", SESSION innodb_lock_wait_timeout = " + seconds,
                      {},
                      {},
                      {}});
  }
  return result;
}

bool MysqlDialect::needs_fingerprint(const Statement& statement) const {
  return mysql::needs_fingerprint(statement);
}
std::string MysqlDialect::fingerprint(Connection& connection, const Statement& statement) const {
  return mysql::fingerprint(connection, statement);
}
EffectReport MysqlDialect::effect(Connection& connection, const Statement& statement,
                                  std::string_view fingerprint_before) const {
  return mysql::effect(connection, statement, fingerprint_before);
}
void MysqlDialect::explain(Error& error, Connection& connection) const noexcept {
  mysql::explain(error, connection);
}

std::string_view MysqlDialect::lacks(Feature feature, const ServerInfo& server) const {
  switch (feature) {
    case Feature::identity_always:
      return "numbers rows by default only; use .auto_increment()";
    case Feature::using_expression:
      return "converts values by itself; leave out the USING expression, and UPDATE the rows "
             "before";
    case Feature::add_column_if_missing:
      if (is_mariadb(server)) return {};
      return "has no IF NOT EXISTS for columns; ask schema.has_column() before";
    case Feature::drop_column_if_exists:
      if (is_mariadb(server)) return {};
      return "has no IF EXISTS for columns; ask schema.has_column() before";
    case Feature::add_index_if_missing:
    case Feature::drop_index_if_exists:
      if (is_mariadb(server)) return {};
      return "has no IF EXISTS for indexes; ask schema.has_index() before";
    case Feature::drop_constraint_if_exists:
      if (is_mariadb(server)) return {};
      return "has no IF EXISTS for constraints; drop it by its name where it exists";
    case Feature::strict:
      return "takes its strictness from sql_mode; leave out .strict()";
    case Feature::without_rowid:
      return "has no WITHOUT ROWID; leave out .without_rowid()";
    case Feature::drop_cascade:
      return "reads CASCADE and does nothing; drop the foreign keys or views that depend on it "
             "first";
    case Feature::check:
      if (since(server, 80016, 100201)) return {};
      return "reads CHECK and does nothing in this version; update the server or use a trigger";
    case Feature::deferrable_key:
    case Feature::deferrable_unique:
      return "checks constraints at every row; leave out .deferrable()";
    case Feature::not_valid:
    case Feature::validate_constraint:
      return "checks the rows there are at once; leave out .not_valid() and validate";
    case Feature::not_enforced:
      if (since(server, 80016, 0)) return {};
      return "enforces every check; leave it out";
    case Feature::match:
      return "reads MATCH and then ignores ON DELETE and ON UPDATE; leave out .match()";
    case Feature::set_default_action:
      return "has no SET DEFAULT for foreign keys (InnoDB); use set_null or a trigger";
    case Feature::rename_constraint:
      return "cannot rename a constraint; drop it and add it again";
    case Feature::using_index:
      return "makes a key's index by itself; add the key";
    case Feature::exclusion:
      return "has no exclusion constraints; use a trigger";
    case Feature::partial_index:
      return "has no partial indexes; use a generated column or leave out .where()";
    case Feature::index_include:
      return "has no INCLUDE; add the columns to the index, or leave out .include()";
    case Feature::expression_index:
      if (since(server, 80013, 0)) return {};
      return "has no indexes over expressions; index a generated column";
    case Feature::nulls_not_distinct:
      return "counts NULLs as distinct; make the columns NOT NULL or index a generated column";
    case Feature::nulls_order:
      return "sorts NULLs first always; leave out the order of NULLs";
    case Feature::operator_class:
      return "has no operator classes; leave it out";
    case Feature::index_collation:
      return "takes an index's collation from the column; give the column a .collate()";
    case Feature::index_options:
      return "takes no storage parameters for an index; leave them out";
    case Feature::enum_type:
      return "has no enum types of their own; use enum_() in each table, and .alter() to add "
             "values";
    case Feature::structured_type:
      return "has no structured types; use json() or one column for each field";
    default:
      return {};
  }
}

std::string MysqlDialect::identity_words(const model::Column& /*column*/,
                                         const TableScope& /*scope*/) const {
  return " AUTO_INCREMENT";
}

/// Backslash is an escape unless sql_mode has NO_BACKSLASH_ESCAPES, which Sterna's sessions do not
/// set.
std::string MysqlDialect::string_literal(std::string_view text) const {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') escaped += '\\';
    if (c == '\0')
      escaped += "\\0";  // statements go through tools that end at a zero byte
    else
      escaped += c;
  }
  return SqlDialect::string_literal(escaped);
}

std::string_view MysqlDialect::drop_constraint_words(DropConstraint::Kind kind,
                                                     const ServerInfo& server) const {
  switch (kind) {
    case DropConstraint::Kind::foreign_key:
      return "DROP FOREIGN KEY";
    case DropConstraint::Kind::unique:
      return "DROP INDEX";
    case DropConstraint::Kind::check:
      return is_mariadb(server) ? "DROP CONSTRAINT" : "DROP CHECK";  // known since CHECK itself is
    case DropConstraint::Kind::exclusion:
      break;
  }
  return "DROP CONSTRAINT";
}

std::string MysqlDialect::index_method(const model::Index& index, const TableScope& scope) const {
  if (index.method.empty()) return {};
  if (!equals_ignoring_case(index.method, "btree") && !equals_ignoring_case(index.method, "hash")) {
    refuse("index " + (index.name.empty() ? "on " + scope.table.text() : index.name),
           "has no index method " + index.method +
               "; use btree or hash, or .full_text() or .spatial()",
           scope.server());
  }
  return SqlDialect::index_method(index, scope);
}

std::string_view MysqlDialect::index_kind(model::IndexKind kind) const {
  switch (kind) {
    case model::IndexKind::full_text:
      return "FULLTEXT ";
    case model::IndexKind::spatial:
      return "SPATIAL ";
    case model::IndexKind::plain:
      break;
  }
  return {};
}

/// MODIFY takes the whole definition; a new default alone goes without it, ON UPDATE does not.
Clauses MysqlDialect::modify_column(const ModifyColumn& change, const TableScope& scope) const {
  const model::Column& to = change.to;
  const bool same_update =
      change.was ? change.was->on_update == to.on_update : !to.on_update.has_value();
  if (change.parts == ModifyColumn::default_value && same_update) {
    const std::string head = "ALTER COLUMN " + quote(to.name);
    const bool literal =
        to.default_value && to.default_value->kind == model::Default::Kind::literal;
    if (!to.default_value) return {{}, {head + " DROP DEFAULT"}, {}};
    if (literal) {
      check_version(to, scope);
      return {{}, {head + " SET DEFAULT " + default_value(to, scope.server())}, {}};
    }
  }
  return {{}, {"MODIFY COLUMN " + column_definition(*this, to, scope)}, {}};
}

std::vector<std::string> MysqlDialect::rename_column(const RenameColumn& change,
                                                     const TableScope& scope) const {
  if (since(scope.server(), 80000, 100502)) return SqlDialect::rename_column(change, scope);
  const std::string head =
      "ALTER TABLE " + quote(scope.table) + " CHANGE COLUMN " + quote(change.from) + " ";
  if (change.was) {
    model::Column column = *change.was;
    column.name = change.to;
    return {head + column_definition(*this, column, scope)};
  }
  if (scope.context.connection == nullptr) {
    refuse(
        scope.object(change.from),
        "renames a column in this version only with its whole definition, which is read from the "
        "live table; connect to it, or write ALTER TABLE … CHANGE in SQL",
        scope.server());
  }
  return {head + quote(change.to) + " " + live_definition(*this, change, scope)};
}

std::vector<std::string> MysqlDialect::rename_index(const RenameIndex& change,
                                                    const TableScope& scope) const {
  if (!since(scope.server(), 50700, 100502)) {
    refuse("index " + change.from,
           "cannot rename an index in this version; drop it and add it again", scope.server());
  }
  return SqlDialect::rename_index(change, scope);
}

/// The new name is looked up in the session's database unless it is qualified.
std::string MysqlDialect::rename_table(const RenameTable& change) const {
  return "ALTER TABLE " + quote(change.from) + " RENAME TO " +
         quote(model::Name(change.from.schema, change.to));
}

bool MysqlDialect::replaces(std::string_view kind, const ServerInfo& server) const {
  if (kind == "view") return true;
  return is_mariadb(server) && (kind == "function" || kind == "procedure" || kind == "trigger" ||
                                kind == "event" || kind == "sequence");
}

}  // namespace sterna::mysql
