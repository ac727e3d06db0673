#include "lint/known.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

bool contains(const std::vector<std::string>& names, std::string_view wanted) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return same_name(name, wanted); });
}

bool begins_with(const std::vector<std::string>& have, const std::vector<std::string>& wanted) {
  return have.size() >= wanted.size() &&
         std::all_of(have.begin(), have.begin() + static_cast<std::ptrdiff_t>(wanted.size()),
                     [&](const std::string& name) { return contains(wanted, name); });
}

KnownColumn known(const ColumnFact& column) {
  return {column.name,
          column.type,
          column.base,
          column.arguments,
          column.not_null || column.primary,
          column.is_unsigned};
}

/// A type as a database spells it, read as CREATE TABLE would be.
KnownColumn known_column(std::string name, const std::string& type, bool not_null,
                         Language language) {
  Statement statement;
  statement.sql = "CREATE TABLE t (c " + type + ")";
  const StatementFact fact = facts_of(statement, language);
  if (fact.columns.empty()) return {std::move(name), to_upper(type), {}, {}, not_null, false};
  KnownColumn result = known(fact.columns.front());
  result.name = std::move(name);
  result.not_null = not_null;
  return result;
}

std::vector<std::string> names_of(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> names;
  for (const model::IndexPart& part : parts)
    names.push_back(part.column.empty() ? part.expression : part.column);
  return names;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  return equals_ignoring_case(a, b);
}

std::string key_of(const ObjectName& name) {
  const std::string schema = to_lower(name.schema);
  const std::string own = to_lower(name.name);
  return schema.empty() || schema == "public" || schema == "main" ? own : schema + "." + own;
}

std::string shown(const ObjectName& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

const KnownColumn* KnownTable::column(std::string_view wanted) const {
  for (const KnownColumn& column : columns) {
    if (same_name(column.name, wanted)) return &column;
  }
  return nullptr;
}

bool KnownTable::has_full_text() const {
  return std::any_of(indexes.begin(), indexes.end(),
                     [](const KnownIndex& index) { return index.full_text; });
}

bool KnownTable::proves_not_null(std::string_view wanted) const {
  return std::any_of(checks.begin(), checks.end(), [&](const KnownCheck& check) {
    const std::string text = to_lower(check.expression);
    return check.valid && holds_word(text, to_lower(wanted)) &&
           text.find("is not null") != std::string::npos && !holds_word(text, "or");
  });
}

bool KnownTable::leads_with(const std::vector<std::string>& wanted) const {
  if (begins_with(primary_key, wanted)) return true;
  return std::any_of(indexes.begin(), indexes.end(), [&](const KnownIndex& index) {
    return !index.partial && begins_with(index.columns, wanted);
  });
}

const KnownTable* Known::table(const ObjectName& name) const {
  const auto found = tables_.find(key_of(name));
  return found == tables_.end() ? nullptr : &found->second;
}

const KnownTable* Known::table_of_index(std::string_view index, const KnownIndex** found) const {
  for (const auto& [key, table] : tables_) {
    for (const KnownIndex& candidate : table.indexes) {
      if (!same_name(candidate.name, index)) continue;
      if (found != nullptr) *found = &candidate;
      return &table;
    }
  }
  return nullptr;
}

std::vector<const KnownTable*> Known::referencing(const ObjectName& name) const {
  std::vector<const KnownTable*> result;
  for (const auto& [key, table] : tables_) {
    const bool points =
        std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                    [&](const KnownKey& k) { return key_of(k.references.table) == key_of(name); });
    if (points && key != key_of(name)) result.push_back(&table);
  }
  return result;
}

KnownTable& Known::named(const ObjectName& name, int migration, bool creates) {
  KnownTable& table = tables_[key_of(name)];
  if (table.name.name.empty() || creates) {
    table = {};
    table.name = name;
    if (creates) table.made_by = migration;
  }
  return table;
}

void Known::add(KnownTable& table, const ColumnFact& column) {
  if (table.column(column.name) == nullptr) table.columns.push_back(known(column));
  if (column.primary) table.primary_key = {column.name};
  if (column.unique) table.indexes.push_back({{}, {column.name}, true, false, false, {}});
  if (column.references) table.foreign_keys.push_back({{}, {column.name}, *column.references});
}

void Known::add(KnownTable& table, const ConstraintFact& constraint) {
  using C = ConstraintFact::Kind;
  switch (constraint.kind) {
    case C::primary_key:
      table.primary_key = constraint.columns;
      break;
    case C::unique:
    case C::index:
    case C::full_text:
    case C::spatial:
      if (!constraint.columns.empty()) {
        table.indexes.push_back({constraint.name,
                                 constraint.columns,
                                 constraint.kind == C::unique,
                                 false,
                                 constraint.kind == C::full_text,
                                 {}});
      }
      break;
    case C::foreign_key:
      table.foreign_keys.push_back({constraint.name, constraint.columns, constraint.references});
      break;
    case C::check:
      table.checks.push_back({constraint.name, constraint.expression, !constraint.not_valid});
      break;
    case C::exclude:
    case C::not_null:
      break;
  }
}

void Known::create_table(const StatementFact& fact, int migration) {
  const StatementSummary& summary = fact.summary;
  if (summary.if_exists && table(summary.name) != nullptr) return;
  KnownTable& made = named(summary.name, migration, true);
  made.complete = !fact.as_select && fact.partition_of.name.empty() && !fact.has("LIKE") &&
                  !fact.has("INHERITS");
  for (const ColumnFact& column : fact.columns) add(made, column);
  for (const ConstraintFact& constraint : fact.constraints) add(made, constraint);
  made.partition_key = fact.partition_key;
  made.clustering_key = fact.clustering_key;
  const auto option = [&](std::string_view name) {
    const auto found = fact.options.find(name);
    return found == fact.options.end() ? std::string() : to_upper(found->second);
  };
  made.engine = option("ENGINE");
  made.row_format = option("ROW_FORMAT");
}

void Known::drop_column(KnownTable& table, const std::string& name) {
  if (const KnownColumn* column = table.column(name)) table.dropped.push_back(*column);
  std::erase_if(table.columns,
                [&](const KnownColumn& column) { return same_name(column.name, name); });
  std::erase_if(table.indexes,
                [&](const KnownIndex& index) { return contains(index.columns, name); });
  std::erase_if(table.foreign_keys,
                [&](const KnownKey& key) { return contains(key.columns, name); });
}

void Known::alter(KnownTable& table, const ActionFact& action) {
  const auto column = [&]() -> KnownColumn* {
    for (KnownColumn& candidate : table.columns) {
      if (same_name(candidate.name, action.name)) return &candidate;
    }
    return nullptr;
  };
  switch (action.kind) {
    case Kind::add_column:
      add(table, action.column);
      break;
    case Kind::drop_column:
      drop_column(table, action.name);
      break;
    case Kind::rename_column:
      if (KnownColumn* found = column()) found->name = action.new_name;
      break;
    case Kind::set_type:
    case Kind::modify_column:
      if (KnownColumn* found = column()) {
        const bool was_not_null = found->not_null;
        *found = known(action.column);
        if (action.kind == Kind::set_type) found->not_null = was_not_null;
      }
      break;
    case Kind::set_not_null:
    case Kind::drop_not_null:
      if (KnownColumn* found = column()) found->not_null = action.kind == Kind::set_not_null;
      break;
    case Kind::add_constraint:
      add(table, action.constraint);
      break;
    case Kind::validate_constraint:
      for (KnownCheck& check : table.checks) {
        if (same_name(check.name, action.name)) check.valid = true;
      }
      break;
    case Kind::drop_constraint:
    case Kind::drop_index:
      std::erase_if(table.indexes,
                    [&](const KnownIndex& index) { return same_name(index.name, action.name); });
      std::erase_if(table.foreign_keys,
                    [&](const KnownKey& key) { return same_name(key.name, action.name); });
      std::erase_if(table.checks,
                    [&](const KnownCheck& check) { return same_name(check.name, action.name); });
      break;
    case Kind::drop_primary_key:
      table.primary_key.clear();
      break;
    case Kind::engine:
      table.engine = action.value;
      break;
    case Kind::row_format:
      table.row_format = action.value;
      break;
    default:
      break;
  }
}

void Known::rename_table(const ObjectName& from, const std::string& to) {
  auto node = tables_.extract(key_of(from));
  if (node.empty()) return;
  node.mapped().name.name = to;
  node.key() = key_of(node.mapped().name);
  tables_.erase(node.key());
  tables_.insert(std::move(node));
}

void Known::apply(const StatementFact& fact, int migration) {
  const StatementSummary& summary = fact.summary;
  const bool of_table = summary.object == "TABLE";
  if (summary.verb == Verb::create && of_table) return create_table(fact, migration);
  if (summary.verb == Verb::create && summary.object == "INDEX") {
    KnownTable& on = named(summary.table, migration, false);
    const bool there =
        !summary.name.name.empty() &&
        std::any_of(on.indexes.begin(), on.indexes.end(), [&](const KnownIndex& index) {
          return same_name(index.name, summary.name.name);
        });
    if (there) return;
    on.indexes.push_back({summary.name.name, fact.index.columns, fact.index.unique,
                          !fact.index.where.empty(), fact.index.full_text, fact.index.method});
  } else if (summary.verb == Verb::create && summary.object.ends_with("VIEW")) {
    views_[to_lower(summary.name.name)] = migration;
  } else if (summary.verb == Verb::alter && of_table && !fact.actions.empty()) {
    KnownTable& changed = named(summary.name, migration, false);
    for (const ActionFact& action : fact.actions) {
      if (action.kind == Kind::rename_table) return rename_table(summary.name, action.new_name);
      alter(changed, action);
    }
  } else if (summary.verb == Verb::rename && of_table) {
    rename_table(summary.name, summary.new_name.name);
    for (std::size_t i = 0; i < summary.more_names.size() && i < summary.more_new_names.size(); ++i)
      rename_table(summary.more_names[i], summary.more_new_names[i].name);
  } else if (summary.verb == Verb::drop && of_table) {
    tables_.erase(key_of(summary.name));
    for (const ObjectName& name : summary.more_names) tables_.erase(key_of(name));
  } else if (summary.verb == Verb::drop && summary.object == "INDEX") {
    for (auto& [key, table] : tables_)
      std::erase_if(table.indexes, [&](const KnownIndex& index) {
        return same_name(index.name, summary.name.name);
      });
  }
}

void Known::estimate(const ObjectName& name, std::int64_t rows, std::int64_t bytes) {
  const auto found = tables_.find(key_of(name));
  if (found == tables_.end()) return;
  found->second.rows = rows;
  found->second.bytes = bytes;
}

void Known::start_from(const model::Model& model, Language language,
                       const std::function<std::string(const model::Type&)>& spell) {
  whole_ = true;
  for (const model::Table& from : model.tables) {
    const ObjectName name{from.name.schema, from.name.name};
    KnownTable& table = named(name, -1, true);
    table.complete = true;
    for (const model::Column& column : from.columns)
      table.columns.push_back(
          known_column(column.name, spell(column.type), !column.nullable, language));
    if (from.primary_key) table.primary_key = names_of(from.primary_key->parts);
    for (const model::Index& index : from.indexes) {
      table.indexes.push_back({index.name, names_of(index.parts), index.unique,
                               !index.where.empty(), index.kind == model::IndexKind::full_text,
                               index.method});
    }
    for (const model::Unique& unique : from.uniques)
      table.indexes.push_back({unique.name, unique.columns, true, false, false, {}});
    for (const model::ForeignKey& key : from.foreign_keys) {
      table.foreign_keys.push_back(
          {key.name,
           key.columns,
           {{key.referenced_table.schema, key.referenced_table.name}, key.referenced_columns, {}}});
    }
    for (const model::Check& check : from.checks)
      table.checks.push_back({check.name, check.expression, !check.not_valid});
    table.partition_key = from.partition_key;
    table.clustering_key = from.clustering_key;
    for (const model::Column& column : from.dropped.columns)
      table.dropped.push_back(known_column(column.name, spell(column.type), false, language));
    table.engine = to_upper(from.engine);
  }
  for (const model::Object& object : model.objects) {
    if (object.kind.ends_with("view")) views_[to_lower(object.name.name)] = -1;
  }
}

}  // namespace sterna::lint
