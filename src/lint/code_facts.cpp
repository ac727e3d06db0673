#include "lint/code_facts.hpp"

#include <array>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

std::string_view word_of(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "CREATE";
    case Verb::alter:
      return "ALTER";
    case Verb::drop:
      return "DROP";
    case Verb::rename:
      return "RENAME";
    case Verb::truncate:
      return "TRUNCATE";
    case Verb::comment:
      return "COMMENT";
    case Verb::insert:
      return "INSERT";
    case Verb::update:
      return "UPDATE";
    case Verb::remove:
      return "DELETE";
    case Verb::replace:
      return "REPLACE";
    case Verb::merge:
      return "MERGE";
    case Verb::select:
      return "SELECT";
    case Verb::copy:
      return "COPY";
    case Verb::call:
      return "CALL";
    case Verb::grant:
      return "GRANT";
    case Verb::revoke:
      return "REVOKE";
    case Verb::set:
      return "SET";
    case Verb::lock:
      return "LOCK";
    case Verb::vacuum:
      return "VACUUM";
    case Verb::analyze:
      return "ANALYZE";
    case Verb::reindex:
      return "REINDEX";
    case Verb::cluster:
      return "CLUSTER";
    case Verb::refresh:
      return "REFRESH";
    case Verb::pragma:
      return "PRAGMA";
    case Verb::do_block:
      return "DO";
    default:
      return "";
  }
}

LintAction::Kind public_kind(Kind kind) {
  using To = LintAction::Kind;
  switch (kind) {
    case Kind::add_column:
      return To::add_column;
    case Kind::drop_column:
      return To::drop_column;
    case Kind::rename_column:
      return To::rename_column;
    case Kind::set_type:
      return To::set_type;
    case Kind::modify_column:
      return To::modify_column;
    case Kind::set_not_null:
      return To::set_not_null;
    case Kind::drop_not_null:
      return To::drop_not_null;
    case Kind::set_default:
      return To::set_default;
    case Kind::drop_default:
      return To::drop_default;
    case Kind::add_constraint:
      return To::add_constraint;
    case Kind::validate_constraint:
      return To::validate_constraint;
    case Kind::drop_constraint:
    case Kind::drop_primary_key:
      return To::drop_constraint;
    case Kind::drop_index:
      return To::drop_index;
    case Kind::rename_index:
      return To::rename_index;
    case Kind::rename_table:
      return To::rename_table;
    case Kind::rename_constraint:
      return To::rename_constraint;
    case Kind::attach_partition:
      return To::attach_partition;
    case Kind::detach_partition:
      return To::detach_partition;
    default:
      return To::other;
  }
}

LintReference public_reference(const Reference& reference) {
  return {reference.table.schema, reference.table.name, reference.columns, reference.on_delete};
}

LintColumn public_column(const ColumnFact& column) {
  LintColumn result;
  result.name = column.name;
  result.type = column.type;
  result.base = column.base;
  result.arguments = column.arguments;
  result.not_null = column.not_null;
  result.primary = column.primary;
  result.unique = column.unique;
  result.generated = column.generated;
  result.stored = column.stored;
  result.identity = column.identity;
  result.auto_increment = column.auto_increment;
  result.has_default = column.default_value.has_value();
  result.default_value = column.default_value.value_or("");
  result.has_reference = column.references.has_value();
  if (column.references) result.reference = public_reference(*column.references);
  return result;
}

LintConstraint public_constraint(const ConstraintFact& constraint) {
  return {constraint.kind,       constraint.name,
          constraint.columns,    public_reference(constraint.references),
          constraint.expression, constraint.not_valid};
}

LintAction public_action(const ActionFact& action) {
  LintAction result;
  result.kind = public_kind(action.kind);
  result.name = action.name;
  result.new_name = action.new_name;
  result.column = public_column(action.column);
  result.constraint = public_constraint(action.constraint);
  result.text = action.text;
  result.cascade = action.cascade;
  result.if_exists = action.if_exists;
  result.concurrently = action.concurrently;
  return result;
}

}  // namespace

LintStatement public_statement(const StatementFact& fact) {
  LintStatement result;
  result.text = fact.text();
  result.one_line = one_line(fact);
  result.position = fact.statement->position;
  result.verb = word_of(fact.summary.verb);
  result.object = fact.summary.object;
  result.schema = fact.summary.name.schema;
  result.name = fact.summary.name.name;
  const bool of_table = fact.summary.object == "TABLE" || fact.changes_rows() ||
                        fact.summary.verb == Verb::truncate || !fact.summary.table.name.empty();
  if (of_table) {
    result.table_schema = table_of(fact).schema;
    result.table = table_of(fact).name;
  }
  for (const ColumnFact* column : made_columns(fact))
    result.columns.push_back(public_column(*column));
  for (const ConstraintFact* constraint : made_constraints(fact))
    result.constraints.push_back(public_constraint(*constraint));
  for (const ActionFact& action : fact.actions) result.actions.push_back(public_action(action));
  result.index_columns = fact.index.columns;
  result.unique_index = fact.index.unique;
  result.if_exists = fact.summary.if_exists;
  result.or_replace = fact.summary.or_replace;
  result.temporary = fact.summary.temporary;
  result.concurrently = fact.summary.concurrently;
  result.cascade = fact.cascade;
  result.has_where = fact.summary.has_where;
  result.in_steps = fact.in_steps;
  return result;
}

LintTable public_table(const KnownTable& table, bool is_new) {
  LintTable result;
  result.schema = table.name.schema;
  result.name = table.name.name;
  result.complete = table.complete;
  result.is_new = is_new;
  result.rows = table.rows;
  for (const KnownColumn& column : table.columns)
    result.columns.push_back({column.name, column.type, column.base, column.not_null});
  result.primary_key = table.primary_key;
  for (const KnownIndex& index : table.indexes)
    result.indexes.push_back({index.name, index.columns, index.unique});
  for (const KnownKey& key : table.foreign_keys)
    result.foreign_keys.push_back({key.name, key.columns, public_reference(key.references)});
  return result;
}

}  // namespace sterna::lint
