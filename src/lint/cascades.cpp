#include "lint/cascades.hpp"

#include "lint/known.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

std::string_view event_of(model::ReferentialAction on_delete) {
  if (on_delete == model::ReferentialAction::cascade) return "DELETE";
  const bool sets = on_delete == model::ReferentialAction::set_null ||
                    on_delete == model::ReferentialAction::set_default;
  return sets ? "UPDATE" : "";
}

std::string_view event_of(const Reference& reference) {
  if (reference.on_delete == "CASCADE") return "DELETE";
  return reference.on_delete.starts_with("SET") ? "UPDATE" : "";
}

}  // namespace

void Cascades::start_from(const model::Model& model) {
  for (const model::Table& table : model.tables) {
    for (const model::ForeignKey& key : table.foreign_keys) {
      add({key.referenced_table.schema, key.referenced_table.name},
          {{table.name.schema, table.name.name}, key.name, key.columns, event_of(key.on_delete)});
    }
  }
}

const std::vector<Cascade>& Cascades::of(const ObjectName& table) const {
  static const std::vector<Cascade> none;
  const auto found = by_target_.find(key_of(table));
  return found == by_target_.end() ? none : found->second;
}

void Cascades::add(const ObjectName& target, Cascade key) {
  if (key.event.empty()) return;
  // PostgreSQL's own name for a key without one: what DROP CONSTRAINT will say.
  if (key.key.empty()) {
    key.key = key.table.name;
    for (const std::string& column : key.columns) key.key += "_" + column;
    key.key += "_fkey";
  }
  by_target_[key_of(target)].push_back(std::move(key));
}

void Cascades::add(const ObjectName& table, const ColumnFact& column) {
  if (column.references)
    add(column.references->table, {table, {}, {column.name}, event_of(*column.references)});
}

void Cascades::add(const ObjectName& table, const ConstraintFact& constraint) {
  if (constraint.kind == ConstraintFact::Kind::foreign_key)
    add(constraint.references.table,
        {table, constraint.name, constraint.columns, event_of(constraint.references)});
}

template <class Wanted>
void Cascades::remove(const Wanted& wanted) {
  for (auto& [target, keys] : by_target_) std::erase_if(keys, wanted);
}

void Cascades::drop_table(const ObjectName& table) {
  const std::string dropped = key_of(table);
  // SQLite's keys name their table; another one of that name takes its place.
  if (language_ != Language::sqlite) by_target_.erase(dropped);
  remove([&](const Cascade& key) { return key_of(key.table) == dropped; });
}

void Cascades::rename_table(const ObjectName& from, const std::string& to) {
  const std::string before = key_of(from);
  for (auto& [target, keys] : by_target_) {
    for (Cascade& key : keys) {
      if (key_of(key.table) == before) key.table.name = to;
    }
  }
  auto node = by_target_.extract(before);
  if (node.empty()) return;
  node.key() = key_of({from.schema, to});
  by_target_.erase(node.key());
  by_target_.insert(std::move(node));
}

void Cascades::alter(const ObjectName& table, const ActionFact& action) {
  const auto is_here = [own = key_of(table)](const Cascade& key) {
    return key_of(key.table) == own;
  };
  const auto names_column = [&](const std::string& column) {
    return same_name(column, action.name);
  };
  switch (action.kind) {
    case Kind::add_column:
      return add(table, action.column);
    case Kind::add_constraint:
      return add(table, action.constraint);
    case Kind::drop_constraint:
      return remove(
          [&](const Cascade& key) { return is_here(key) && same_name(key.key, action.name); });
    case Kind::drop_column:
      return remove([&](const Cascade& key) {
        return is_here(key) && std::any_of(key.columns.begin(), key.columns.end(), names_column);
      });
    case Kind::rename_constraint:
    case Kind::rename_column:
      for (auto& [target, keys] : by_target_) {
        for (Cascade& key : keys) {
          if (!is_here(key)) continue;
          if (action.kind == Kind::rename_column)
            std::replace_if(key.columns.begin(), key.columns.end(), names_column, action.new_name);
          else if (same_name(key.key, action.name))
            key.key = action.new_name;
        }
      }
      return;
    case Kind::rename_table:
      return rename_table(table, action.new_name);
    default:
      return;
  }
}

void Cascades::apply(const StatementFact& fact) {
  const StatementSummary& summary = fact.summary;
  if (summary.object != "TABLE") return;
  if (summary.verb == Verb::create) {
    for (const ColumnFact& column : fact.columns) add(summary.name, column);
    for (const ConstraintFact& constraint : fact.constraints) add(summary.name, constraint);
  } else if (summary.verb == Verb::alter) {
    for (const ActionFact& action : fact.actions) alter(summary.name, action);
  } else if (summary.verb == Verb::drop) {
    drop_table(summary.name);
    for (const ObjectName& name : summary.more_names) drop_table(name);
  }
}

}  // namespace sterna::lint
