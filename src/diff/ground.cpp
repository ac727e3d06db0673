#include "diff/ground.hpp"

#include "diff/aside.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

using model::Table;

/// Whether `parts` are exactly these columns; with `prefix` whether they begin with them.
template <class Parts, class NameOf>
bool fits(const Parts& parts, NameOf name_of, const std::vector<std::string>& columns,
          bool prefix) {
  if (parts.size() < columns.size() || (!prefix && parts.size() != columns.size())) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool found = prefix ? name_of(parts[i]) == columns[i]
                              : std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
                                  return name_of(part) == columns[i];
                                });
    if (!found) return false;
  }
  return true;
}

/// Whether a key or index of exactly these columns goes; with `prefix` one that begins with them.
bool drops_key(const TableDifference& difference, const std::vector<std::string>& columns,
               bool prefix) {
  const auto column_of = [](const model::IndexPart& part) { return part.column; };
  const auto itself = [](const std::string& name) { return name; };
  const auto goes = [&](const TableAction& action) {
    if (const auto* key = std::get_if<DropPrimaryKey>(&action))
      return key->was && fits(key->was->parts, column_of, columns, prefix);
    if (const auto* index = std::get_if<DropIndex>(&action)) {
      return index->was && (prefix || index->was->unique) &&
             fits(index->was->parts, column_of, columns, prefix);
    }
    const auto* drop = std::get_if<DropConstraint>(&action);
    const auto* unique =
        drop != nullptr && drop->was ? std::get_if<model::Unique>(&*drop->was) : nullptr;
    return unique != nullptr && fits(unique->columns, itself, columns, prefix);
  };
  return std::any_of(difference.aside.begin(), difference.aside.end(), goes) ||
         std::any_of(difference.actions.begin(), difference.actions.end(), goes);
}

bool changes_one_of(const TableDifference& difference, const std::vector<std::string>& columns) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
    return difference.touched.contains(column) || difference.retyped.contains(column);
  });
}

bool drops_constraint(const std::vector<TableAction>& actions, const std::string& name) {
  return std::any_of(actions.begin(), actions.end(), [&](const TableAction& one) {
    const auto* drop = std::get_if<DropConstraint>(&one);
    return drop != nullptr && drop->name == name;
  });
}

template <class Visit>
void visit_names(const Table& table, Visit visit) {
  if (table.primary_key && !table.primary_key->name.empty()) visit(table.primary_key->name);
  const auto all = [&](const auto& items) {
    for (const auto& item : items) {
      if (!item.name.empty()) visit(item.name);
    }
  };
  all(table.uniques);
  all(table.indexes);
  all(table.exclusions);
  all(table.foreign_keys);
  all(table.checks);
}

}  // namespace

bool loses_ground(const Table& table, const model::ForeignKey& key, const AlteredTables& altered,
                  bool needs_indexes) {
  const auto own = altered.find(table_key(table.name));
  const auto other = altered.find(table_key(key.referenced_table));
  if (other != altered.end() && drops_key(other->second, key.referenced_columns, false))
    return true;
  if (!needs_indexes) return false;
  const auto shaken = [&](AlteredTables::const_iterator found,
                          const std::vector<std::string>& columns) {
    return found != altered.end() &&
           (drops_key(found->second, columns, true) || changes_one_of(found->second, columns));
  };
  return shaken(own, key.columns) || shaken(other, key.referenced_columns);
}

void keys_step_aside(const model::Model& from, const model::Model& to, AlteredTables& altered,
                     bool needs_indexes) {
  for (const Table& old : from.tables) {
    const Table* now = to.table(old.name);
    if (now == nullptr) continue;
    for (const model::ForeignKey& key : old.foreign_keys) {
      if (!loses_ground(old, key, altered, needs_indexes)) continue;
      TableDifference& difference = altered[table_key(old.name)];
      if (drops_constraint(difference.drop_keys, key.name)) continue;
      difference.drop_keys.push_back(
          DropConstraint{DropConstraint::Kind::foreign_key, key.name, false, key});
      for (const model::ForeignKey& same : now->foreign_keys) {
        if (same.name == key.name) difference.add_keys.push_back(AddForeignKey{same});
      }
    }
  }
}

bool WantedNames::one_of(const Table& dropped) const {
  if (!names_) {
    names_.emplace();
    for (const Table& table : to_.tables) {
      const Table* old = from_.table(table.name);
      if (old != nullptr && *old == table) continue;
      visit_names(table, [&](const std::string& name) {
        names_->insert(model::Name(table.name.schema, name).text());
      });
    }
  }
  bool found = false;
  visit_names(dropped, [&](const std::string& name) {
    found = found || names_->contains(model::Name(dropped.name.schema, name).text());
  });
  return found;
}

}  // namespace sterna::detail
