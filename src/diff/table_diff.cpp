#include "diff/table_diff.hpp"

#include "diff/expressions.hpp"
#include "diff/table_work.hpp"

#include <algorithm>
#include <map>

namespace sterna::detail {
namespace {

using model::Column;
using model::Table;

class TableDiff {
 public:
  TableDiff(const Table& from, const Table& to, const DiffOptions& options,
            const TableContext& context)
      : work_(from, to, options, context) {}

  TableDifference run() {
    diff_columns(work_);
    foreign_keys();
    primary_key();
    constraints<AddUnique>(work_.from.uniques, work_.to.uniques, DropConstraint::Kind::unique);
    constraints<AddExclusion>(work_.from.exclusions, work_.to.exclusions,
                              DropConstraint::Kind::exclusion);
    constraints<AddCheck>(work_.from.checks, work_.to.checks, DropConstraint::Kind::check);
    indexes();
    options();
    for (auto* list :
         {&work_.drops, &work_.derived, &work_.defaults, &work_.moves, &work_.column_adds,
          &work_.column_changes, &work_.derived_adds, &work_.column_drops, &work_.adds}) {
      for (TableAction& action : *list) work_.result.actions.push_back(std::move(action));
    }
    // What goes aside does so from what mentions it to what it is.
    const auto rank = [](const TableAction& one) {
      return std::holds_alternative<ModifyColumn>(one) ? 2
             : std::holds_alternative<DropColumn>(one) ? 1
                                                       : 0;
    };
    std::stable_sort(work_.result.aside.begin(), work_.result.aside.end(),
                     [&](const TableAction& a, const TableAction& b) { return rank(a) < rank(b); });
    return std::move(work_.result);
  }

 private:
  using Names = TableWork::Names;

  /// Of a column whose type is replaced, or that comes anew.
  bool holds_back(const std::string& name) const {
    const Column* column = work_.from.column(name);
    return work_.anew.contains(name) || (column != nullptr && work_.remade.is_type_of(*column));
  }
  bool must_step_aside(const model::ForeignKey& key) const {
    return std::any_of(key.columns.begin(), key.columns.end(),
                       [&](const std::string& name) { return holds_back(name); });
  }

  void foreign_keys() {
    const auto olds = by_name(work_.from.foreign_keys), news = by_name(work_.to.foreign_keys);
    std::set<std::string_view> stay;
    for (const model::ForeignKey& old : work_.from.foreign_keys) {
      const auto found = news.find(old.name);
      if (found != news.end() && !must_step_aside(old)) {
        const bool same = *found->second == old;
        if (same || only_validated(old, *found->second)) {
          stay.insert(old.name);
          if (!same) work_.adds.push_back(ValidateConstraint{old.name});
          continue;
        }
      }
      work_.result.drop_keys.push_back(
          DropConstraint{DropConstraint::Kind::foreign_key, old.name, false, old});
    }
    for (const model::ForeignKey& key : work_.to.foreign_keys) {
      if (!stay.contains(key.name)) work_.result.add_keys.push_back(AddForeignKey{key});
    }
  }

  template <class Constraint>
  static bool only_validated(Constraint old, const Constraint& now) {
    if (!old.not_valid || now.not_valid) return false;
    old.not_valid = false;
    return old == now;
  }

  /// Without the options that the database changes by itself with the table.
  template <class Item>
  Item own_part(const Item& item) const {
    Item own = item;
    std::erase_if(own.options, [&](const auto& entry) {
      return work_.options.dialect.follows_table(entry.first);
    });
    return own;
  }
  template <class Item>
  bool same(const Item& a, const Item& b) const {
    return a == b || own_part(a) == own_part(b);
  }
  /// What is part of the parent's goes with that.
  template <class Item>
  bool goes_with_parent(const Item& item) const {
    return work_.follows && own_part(item) != item;
  }

  /// A key or index of a partitioned table makes those of its parts, unless they are there.
  std::vector<TableAction>& key_adds() {
    return work_.context.has_parts ? work_.result.late : work_.adds;
  }

  void primary_key() {
    if (!work_.from.primary_key && !work_.to.primary_key) return;
    if (work_.from.primary_key && work_.to.primary_key &&
        same(*work_.from.primary_key, *work_.to.primary_key) &&
        !uses(*work_.from.primary_key, work_.anew))
      return;
    if (work_.from.primary_key && work_.to.primary_key &&
        !uses(*work_.from.primary_key, work_.anew) &&
        only_renamed(*work_.from.primary_key, *work_.to.primary_key))
      return;
    if (work_.from.primary_key && !goes_with_parent(*work_.from.primary_key)) {
      drops_for(*work_.from.primary_key)
          .push_back(DropPrimaryKey{work_.from.primary_key->name, work_.from.primary_key});
    }
    if (work_.to.primary_key) {
      auto& list = key_adds();
      const auto& parts = work_.to.primary_key->parts;
      const bool takes_null = std::any_of(parts.begin(), parts.end(), [&](const auto& one) {
        const Column* column = work_.to.column(one.column);
        return column != nullptr && column->nullable;
      });
      list.insert(list.begin(), AddPrimaryKey{*work_.to.primary_key, false, takes_null});
    }
  }

  /// A key that differs in its name alone is not built again.
  template <class Key>
  bool only_renamed(const Key& old, const Key& now) {
    Key renamed = now;
    renamed.name = old.name;
    if (!work_.capabilities.renames_constraints || old.name.empty() || now.name.empty() ||
        old.name == now.name || !same(renamed, old))
      return false;
    work_.column_changes.push_back(RenameConstraint{old.name, now.name});
    return true;
  }

  static bool uses(const model::PrimaryKey& key, const Names& names) {
    return std::any_of(key.parts.begin(), key.parts.end(),
                       [&](const auto& one) { return names.contains(one.column); });
  }
  static bool uses(const model::Unique& unique, const Names& names) {
    return std::any_of(unique.columns.begin(), unique.columns.end(),
                       [&](const std::string& name) { return names.contains(name); });
  }
  static bool uses(const model::Index& index, const Names& names) {
    return std::any_of(index.parts.begin(), index.parts.end(),
                       [&](const auto& one) { return names.contains(one.column); }) ||
           std::any_of(index.include.begin(), index.include.end(),
                       [&](const std::string& name) { return names.contains(name); });
  }
  static bool uses(const model::Check& check, const Names& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return names_column(check.expression, name);
    });
  }
  static bool uses(const model::Exclusion&, const Names&) { return false; }

  /// Where the drop of it stands: before what it needs goes.
  template <class Item>
  std::vector<TableAction>& drops_for(const Item& item) {
    bool aside = uses(item, work_.anew_aside);
    if constexpr (requires { work_.remade.concerns(item); })
      aside = aside || work_.remade.concerns(item);
    return aside ? work_.result.aside : work_.drops;
  }

  template <class Add, class Constraint>
  void constraints(const std::vector<Constraint>& olds, const std::vector<Constraint>& news,
                   DropConstraint::Kind kind) {
    // Constraints without a name (SQLite, checks of MySQL's columns) are known by all they say.
    std::multimap<std::string_view, const Constraint*> left;
    for (const Constraint& now : news) left.emplace(now.name, &now);
    for (const Constraint& old : olds) {
      if (!work_.remade.concerns(old) && !uses(old, work_.anew) && stays(old, left)) continue;
      // What it gets from its parent goes with that.
      if (goes_with_parent(old)) continue;
      if (from_parent(old, work_.context.old_parent)) continue;
      drops_for(old).push_back(DropConstraint{kind, old.name, false, old});
    }
    for (const auto& [name, now] : left) {
      if (from_parent(*now, work_.context.parent)) continue;
      (kind == DropConstraint::Kind::unique ? key_adds() : work_.adds).push_back(Add{*now});
    }
  }

  /// True, and it is no longer left to be made, when a constraint of `left` is this one.
  template <class Constraint>
  bool stays(const Constraint& old, std::multimap<std::string_view, const Constraint*>& left) {
    auto [at, end] = left.equal_range(old.name);
    at = std::find_if(at, end, [&](const auto& entry) { return same(*entry.second, old); });
    if (at != end) {
      left.erase(at);
      return true;
    }
    if constexpr (std::is_same_v<Constraint, model::Check>) {
      const auto found = left.find(old.name);
      if (!old.name.empty() && found != left.end() && only_validated(old, *found->second)) {
        work_.adds.push_back(ValidateConstraint{old.name});
        left.erase(found);
        return true;
      }
    }
    return false;
  }

  /// A check that comes and goes with the parent's of the same name.
  template <class Constraint>
  bool from_parent(const Constraint& one, const Table* parent) const {
    if constexpr (std::is_same_v<Constraint, model::Check>) {
      return work_.follows && parent != nullptr &&
             std::any_of(parent->checks.begin(), parent->checks.end(),
                         [&](const model::Check& other) { return other.name == one.name; });
    }
    return false;
  }

  void indexes() {
    const auto olds = by_name(work_.from.indexes), news = by_name(work_.to.indexes);
    std::vector<const model::Index*> gone, come;
    const bool renames = work_.options.dialect.capabilities(work_.options.server).renames_indexes;
    const auto stays = [&](const model::Index& one, const auto& others) {
      const auto found = others.find(one.name);
      return found != others.end() && same(*found->second, one) && !work_.remade.concerns(one) &&
             !uses(one, work_.anew);
    };
    for (const model::Index& old : work_.from.indexes) {
      if (!stays(old, news)) gone.push_back(&old);
    }
    for (const model::Index& now : work_.to.indexes) {
      if (!stays(now, olds)) come.push_back(&now);
    }
    for (const model::Index* old : gone) {
      if (goes_with_parent(*old)) continue;
      // An index under another name is not built again.
      const auto twin = std::find_if(come.begin(), come.end(), [&](const model::Index* now) {
        model::Index renamed = *now;
        renamed.name = old->name;
        return renames && same(renamed, *old) && !news.contains(old->name) &&
               !olds.contains(now->name);
      });
      if (twin == come.end() || work_.remade.concerns(*old) || uses(*old, work_.anew)) {
        drops_for(*old).push_back(DropIndex{old->name, false, false, *old});
        continue;
      }
      work_.column_changes.push_back(RenameIndex{old->name, (*twin)->name});
      come.erase(twin);
    }
    for (const model::Index* now : come) key_adds().push_back(AddIndex{*now, false, false});
  }

  void options() {
    if (work_.from.comment != work_.to.comment)
      work_.adds.push_back(SetTableComment{work_.to.comment, work_.from.comment});
    for (SetTableOption& change : work_.options.dialect.option_changes(work_.from, work_.to)) {
      // A part is let go before its table changes, and taken in when both have their shape.
      const bool lets_go =
          !work_.options.dialect.parent_of(work_.from).empty() && change.value.empty();
      const bool takes_in = !work_.options.dialect.parent_of(work_.to).empty();
      const bool is_default =
          change.key == "charset" || change.key == "collation" || change.value.empty();
      (lets_go      ? work_.result.aside
       : takes_in   ? work_.result.late
       : is_default ? work_.defaults
                    : work_.adds)
          .push_back(std::move(change));
    }
  }

  TableWork work_;
};

}  // namespace

TableDifference diff_tables(const Table& from, const Table& to, const DiffOptions& options,
                            const TableContext& context) {
  return TableDiff(from, to, options, context).run();
}

}  // namespace sterna::detail
