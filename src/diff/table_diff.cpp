#include "diff/table_diff.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

namespace sterna::detail {
namespace {

using model::Column;
using model::Table;
using model::TypeKind;

template <class Item>
std::unordered_map<std::string_view, const Item*> by_name(const std::vector<Item>& items) {
  std::unordered_map<std::string_view, const Item*> map;
  for (const Item& item : items) map.emplace(item.name, &item);
  return map;
}

/// Integer types by their size; 0 for all others.
int integer_rank(TypeKind kind) {
  constexpr std::array ranks{TypeKind::tiny_integer, TypeKind::small_integer,
                             TypeKind::medium_integer, TypeKind::integer, TypeKind::big_integer};
  const auto found = std::find(ranks.begin(), ranks.end(), kind);
  return found == ranks.end() ? 0 : static_cast<int>(found - ranks.begin()) + 1;
}

int text_rank(TypeKind kind) {
  constexpr std::array ranks{TypeKind::tiny_text, TypeKind::text, TypeKind::medium_text,
                             TypeKind::long_text};
  const auto found = std::find(ranks.begin(), ranks.end(), kind);
  return found == ranks.end() ? 0 : static_cast<int>(found - ranks.begin()) + 1;
}

class TableDiff {
 public:
  TableDiff(const Table& from, const Table& to, const DiffOptions& options)
      : from_(from), to_(to), options_(options) {}

  TableDifference run() {
    columns();
    foreign_keys();
    primary_key();
    constraints<AddUnique>(from_.uniques, to_.uniques, DropConstraint::Kind::unique);
    constraints<AddExclusion>(from_.exclusions, to_.exclusions, DropConstraint::Kind::exclusion);
    constraints<AddCheck>(from_.checks, to_.checks, DropConstraint::Kind::check);
    indexes();
    options();
    for (auto* list : {&drops_, &column_adds_, &column_changes_, &column_drops_, &adds_}) {
      for (TableAction& action : *list) result_.actions.push_back(std::move(action));
    }
    return std::move(result_);
  }

 private:
  std::string part(std::string_view column) const {
    return from_.name.text() + "." + std::string(column);
  }

  void lose(const std::string& object, std::string text) {
    result_.losses.push_back({object, std::move(text)});
  }

  void columns() {
    const auto olds = by_name(from_.columns), news = by_name(to_.columns);
    for (const Column& old : from_.columns) {
      if (news.contains(old.name)) continue;
      drop(old);
      if (!old.generated)
        lose(part(old.name), "drops column " + part(old.name) + " with its values");
    }
    const Column* previous = nullptr;
    for (const Column& column : to_.columns) {
      const auto found = olds.find(column.name);
      if (found == olds.end())
        add(column, previous);
      else if (*found->second != column)
        modify(*found->second, column, previous);
      previous = &column;
    }
  }

  void drop(const Column& column) {
    column_drops_.push_back(DropColumn{column.name, false, column});
    result_.touched.insert(column.name);
  }

  /// Where the database can place a column it comes where it stands in `to`.
  void add(const Column& column, const Column* previous) {
    AddColumn action{column, false, false, {}};
    const bool last = previous == &to_.columns.back() || &column == &to_.columns.back();
    if (options_.dialect.capabilities(options_.server).column_positions && !last) {
      action.first = previous == nullptr;
      if (previous != nullptr) action.after = previous->name;
    }
    column_adds_.push_back(std::move(action));
  }

  void modify(const Column& old, const Column& column, const Column* previous) {
    const bool derived_anew = column.generated && old.generated != column.generated;
    if (derived_anew) {
      if (!old.generated)
        lose(part(old.name), "drops the values of " + part(old.name) + ", which becomes generated");
      // In a statement of its own: it goes before it comes.
      drops_.push_back(DropColumn{old.name, false, old});
      result_.touched.insert(old.name);
      return add(column, previous);
    }
    ModifyColumn action;
    action.to = column;
    action.was = old;
    const auto differs = [&](bool yes, ModifyColumn::Part flag) {
      if (yes) action.parts |= flag;
    };
    differs(old.type != column.type, ModifyColumn::type);
    differs(old.nullable != column.nullable, ModifyColumn::nullability);
    differs(old.default_value != column.default_value || old.on_update != column.on_update,
            ModifyColumn::default_value);
    differs(old.comment != column.comment, ModifyColumn::comment);
    differs(old.generated != column.generated, ModifyColumn::generated);
    differs(old.identity != column.identity || old.auto_increment != column.auto_increment,
            ModifyColumn::identity);
    differs(old.collation != column.collation || old.charset != column.charset,
            ModifyColumn::collation);
    differs(old.options != column.options, ModifyColumn::options);
    if ((action.parts & (ModifyColumn::type | ModifyColumn::collation)) != 0)
      result_.touched.insert(old.name);
    if ((action.parts & ModifyColumn::type) != 0 && !widens(old.type, column.type)) {
      lose(part(old.name), "changes the type of " + part(old.name) +
                               ": values that do not fit are cut, rounded or refused");
    }
    column_changes_.push_back(std::move(action));
  }

  void foreign_keys() {
    const auto olds = by_name(from_.foreign_keys), news = by_name(to_.foreign_keys);
    for (const model::ForeignKey& old : from_.foreign_keys) {
      const auto found = news.find(old.name);
      if (found != news.end() && *found->second == old) continue;
      if (found != news.end() && only_validated(old, *found->second)) {
        adds_.push_back(ValidateConstraint{old.name});
        continue;
      }
      result_.drop_keys.push_back(
          DropConstraint{DropConstraint::Kind::foreign_key, old.name, false, old});
    }
    for (const model::ForeignKey& key : to_.foreign_keys) {
      const auto found = olds.find(key.name);
      const bool stays =
          found != olds.end() && (*found->second == key || only_validated(*found->second, key));
      if (!stays) result_.add_keys.push_back(AddForeignKey{key});
    }
  }

  template <class Constraint>
  static bool only_validated(Constraint old, const Constraint& now) {
    if (!old.not_valid || now.not_valid) return false;
    old.not_valid = false;
    return old == now;
  }

  void primary_key() {
    if (from_.primary_key == to_.primary_key) return;
    if (from_.primary_key)
      drops_.push_back(DropPrimaryKey{from_.primary_key->name, from_.primary_key});
    if (to_.primary_key) adds_.insert(adds_.begin(), AddPrimaryKey{*to_.primary_key});
  }

  template <class Add, class Constraint>
  void constraints(const std::vector<Constraint>& olds, const std::vector<Constraint>& news,
                   DropConstraint::Kind kind) {
    // Constraints without a name (SQLite, checks of MySQL's columns) are known by all they say.
    std::multimap<std::string_view, const Constraint*> left;
    for (const Constraint& now : news) left.emplace(now.name, &now);
    for (const Constraint& old : olds) {
      auto [at, end] = left.equal_range(old.name);
      at = std::find_if(at, end, [&](const auto& entry) { return *entry.second == old; });
      if (at != end) {
        left.erase(at);
        continue;
      }
      if constexpr (std::is_same_v<Constraint, model::Check>) {
        const auto same = left.find(old.name);
        if (!old.name.empty() && same != left.end() && only_validated(old, *same->second)) {
          adds_.push_back(ValidateConstraint{old.name});
          left.erase(same);
          continue;
        }
      }
      drops_.push_back(DropConstraint{kind, old.name, false, old});
    }
    for (const auto& [name, now] : left) adds_.push_back(Add{*now});
  }

  void indexes() {
    const auto olds = by_name(from_.indexes), news = by_name(to_.indexes);
    std::vector<const model::Index*> gone, come;
    const bool renames = options_.dialect.capabilities(options_.server).renames_indexes;
    for (const model::Index& old : from_.indexes) {
      const auto found = news.find(old.name);
      if (found == news.end() || *found->second != old) gone.push_back(&old);
    }
    for (const model::Index& now : to_.indexes) {
      const auto found = olds.find(now.name);
      if (found == olds.end() || *found->second != now) come.push_back(&now);
    }
    for (const model::Index* old : gone) {
      // An index under another name is not built again.
      const auto twin = std::find_if(come.begin(), come.end(), [&](const model::Index* now) {
        model::Index renamed = *now;
        renamed.name = old->name;
        return renames && renamed == *old && !news.contains(old->name) && !olds.contains(now->name);
      });
      if (twin == come.end()) {
        drops_.push_back(DropIndex{old->name, false, false, *old});
        continue;
      }
      column_changes_.push_back(RenameIndex{old->name, (*twin)->name});
      come.erase(twin);
    }
    for (const model::Index* now : come) adds_.push_back(AddIndex{*now, false, false});
  }

  void options() {
    if (from_.comment != to_.comment) adds_.push_back(SetTableComment{to_.comment, from_.comment});
    const auto set = [&](const std::string& key, const std::string& old, const std::string& now) {
      if (old != now) adds_.push_back(SetTableOption{key, now, old});
    };
    set("engine", from_.engine, to_.engine);
    set("charset", from_.charset, to_.charset);
    set("collation", from_.collation, to_.collation);
    const auto flag = [&](const std::string& key, bool old, bool now) {
      set(key, old ? "true" : "false", now ? "true" : "false");
    };
    flag("strict", from_.strict, to_.strict);
    flag("without_rowid", from_.without_rowid, to_.without_rowid);
    for (const auto& [key, old] : from_.options) {
      const auto found = to_.options.find(key);
      set(key, old, found == to_.options.end() ? std::string() : found->second);
    }
    for (const auto& [key, now] : to_.options) {
      if (!from_.options.contains(key)) set(key, {}, now);
    }
  }

  const Table& from_;
  const Table& to_;
  const DiffOptions& options_;
  TableDifference result_;
  std::vector<TableAction> drops_, column_adds_, column_changes_, column_drops_, adds_;
};

}  // namespace

bool widens(const model::Type& from, const model::Type& to) {
  if (from == to) return true;
  const int old_rank = integer_rank(from.kind), new_rank = integer_rank(to.kind);
  if (old_rank > 0 && new_rank > 0) {
    if (from.is_unsigned == to.is_unsigned) return new_rank >= old_rank;
    return from.is_unsigned && new_rank > old_rank;  // signed to unsigned loses the negative ones
  }
  const bool from_text = from.kind == TypeKind::string || from.kind == TypeKind::char_;
  if (from_text && text_rank(to.kind) > 0)
    return to.kind != TypeKind::tiny_text || (from.length && *from.length <= 63);
  if (from_text && to.kind == TypeKind::string)
    return !to.length || (from.length && *from.length <= *to.length);
  if (text_rank(from.kind) > 0 && text_rank(to.kind) > 0)
    return text_rank(to.kind) >= text_rank(from.kind);
  if (from.kind == TypeKind::decimal && to.kind == TypeKind::decimal) {
    if (!to.precision) return true;
    if (!from.precision) return false;
    const int old_scale = from.scale.value_or(0), new_scale = to.scale.value_or(0);
    return new_scale >= old_scale && *to.precision - new_scale >= *from.precision - old_scale;
  }
  if (from.kind == TypeKind::real && to.kind == TypeKind::double_precision) return true;
  if (from.kind == to.kind && from.kind == TypeKind::timestamp)
    return to.precision.value_or(6) >= from.precision.value_or(6) &&
           from.with_time_zone == to.with_time_zone;
  if (from.kind == TypeKind::enumeration && to.kind == TypeKind::enumeration) {
    return std::all_of(from.values.begin(), from.values.end(), [&](const std::string& value) {
      return std::find(to.values.begin(), to.values.end(), value) != to.values.end();
    });
  }
  return false;
}

TableDifference diff_tables(const Table& from, const Table& to, const DiffOptions& options) {
  return TableDiff(from, to, options).run();
}

}  // namespace sterna::detail
