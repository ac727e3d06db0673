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
  TableDiff(const Table& from, const Table& to, const DiffOptions& options,
            const TableContext& context)
      : from_(from),
        to_(to),
        options_(options),
        capabilities_(options.dialect.capabilities(options.server)),
        context_(context),
        remade_(context.remade),
        follows_(options.dialect.follows_parent(from, to, {})) {}

  TableDifference run() {
    columns();
    order();
    foreign_keys();
    primary_key();
    constraints<AddUnique>(from_.uniques, to_.uniques, DropConstraint::Kind::unique);
    constraints<AddExclusion>(from_.exclusions, to_.exclusions, DropConstraint::Kind::exclusion);
    constraints<AddCheck>(from_.checks, to_.checks, DropConstraint::Kind::check);
    indexes();
    options();
    for (auto* list : {&drops_, &derived_, &defaults_, &moves_, &column_adds_, &column_changes_,
                       &column_drops_, &adds_}) {
      for (TableAction& action : *list) result_.actions.push_back(std::move(action));
    }
    // What goes aside does so from what mentions it to what it is.
    std::stable_partition(result_.aside.begin(), result_.aside.end(), [](const TableAction& one) {
      return !std::holds_alternative<ModifyColumn>(one) && !std::holds_alternative<DropColumn>(one);
    });
    return std::move(result_);
  }

 private:
  using Names = std::set<std::string, std::less<>>;

  std::string part(std::string_view column) const {
    return from_.name.text() + "." + std::string(column);
  }

  void lose(const std::string& object, std::string text) {
    result_.losses.push_back({object, std::move(text)});
  }

  bool follows(const std::string& column) const {
    return options_.dialect.follows_parent(from_, to_, column);
  }

  // ---- columns ----

  void columns() {
    const auto olds = by_name(from_.columns), news = by_name(to_.columns);
    for (const Column& old : from_.columns) {
      if (news.contains(old.name) || follows(old.name)) continue;
      drop(old);
      if (!old.generated)
        lose(part(old.name), "drops column " + part(old.name) + " with its values");
    }
    const Column* previous = nullptr;
    for (const Column& column : to_.columns) {
      const auto found = olds.find(column.name);
      if (found == olds.end()) {
        if (!follows(column.name)) add(column, previous);
      } else if (*found->second != column || steps_aside(*found->second) || follows_table(column)) {
        modify(*found->second, column);
      }
      previous = &column;
    }
  }

  /// A column without a collation of its own has its table's, and keeps the old one by itself.
  bool follows_table(const Column& column) const {
    if (from_.collation == to_.collation && from_.charset == to_.charset) return false;
    const TypeKind kind = column.type.kind;
    return text_rank(kind) > 0 || kind == TypeKind::string || kind == TypeKind::char_ ||
           kind == TypeKind::enumeration || kind == TypeKind::set_of_values;
  }

  void drop(const Column& column) {
    DropColumn action{column.name, false, column};
    result_.touched.insert(column.name);
    // The type cannot go while a column has it.
    (remade_.is_type_of(column) ? result_.aside : column_drops_).push_back(std::move(action));
  }

  /// Where the database can place a column it comes where it stands in `to`.
  void add(const Column& column, const Column* previous) {
    AddColumn action{column, false, false, {}};
    const bool last = previous == &to_.columns.back() || &column == &to_.columns.back();
    if (capabilities_.column_positions && !last) {
      action.first = previous == nullptr;
      if (previous != nullptr) action.after = previous->name;
    }
    column_adds_.push_back(std::move(action));
  }

  bool steps_aside(const Column& old) const {
    if (remade_.is_type_of(old)) return false;  // it is converted, with its default
    return (old.generated && remade_.concerns(old.generated->expression)) || mentions(old);
  }
  /// A default that says something of what goes.
  bool mentions(const Column& old) const {
    return old.default_value && old.default_value->kind == model::Default::Kind::expression &&
           remade_.concerns(old.default_value->text);
  }

  /// A generated column has no values of its own: it goes and comes anew where it cannot change.
  bool derived_anew(const Column& old, const Column& column) const {
    if (old.generated && remade_.concerns(old.generated->expression)) return true;
    return column.generated && old.generated != column.generated;
  }

  void modify(const Column& old, const Column& column) {
    if (derived_anew(old, column) && !follows(column.name)) {
      if (!old.generated)
        lose(part(old.name), "drops the values of " + part(old.name) + ", which becomes generated");
      return make_anew(old, column);
    }
    if (!options_.dialect.converts(old.type, column.type)) {
      if (!old.generated)
        lose(part(old.name), "drops the values of " + part(old.name) + ": no " +
                                 words_of(old.type) + " becomes a " + words_of(column.type));
      return make_anew(old, column);
    }
    ModifyColumn action;
    action.to = column;
    action.was = old;
    action.parts = ModifyColumn::parts_between(old, column);
    if (follows_table(column) && (old.collation.empty() || column.collation.empty())) {
      action.parts |= ModifyColumn::collation;
      lose_characters(old, column);
    }
    if (follows(column.name)) {
      action.parts &= static_cast<unsigned>(ModifyColumn::nullability | ModifyColumn::comment |
                                            ModifyColumn::default_value | ModifyColumn::options);
    }
    if (mentions(old) && !remade_.is_type_of(old)) {
      default_aside(old);
      if (column.default_value) action.parts |= ModifyColumn::default_value;
    }
    if (action.parts == 0) return;
    if ((action.parts &
         ~static_cast<unsigned>(ModifyColumn::comment | ModifyColumn::default_value)) != 0)
      result_.retyped.insert(old.name);
    if ((action.parts & (ModifyColumn::type | ModifyColumn::collation)) != 0)
      result_.touched.insert(old.name);
    if ((action.parts & ModifyColumn::type) != 0 && !widens(old.type, column.type))
      lose(part(old.name), conversion_loss(old, column));
    const bool leaves = remade_.is_type_of(old) && (action.parts & ModifyColumn::type) != 0 &&
                        !remade_.is_type_of(column);
    (leaves ? result_.aside : column_changes_).push_back(std::move(action));
  }

  void make_anew(const Column& old, const Column& column) {
    DropColumn gone{old.name, false, old};
    result_.touched.insert(old.name);
    const bool aside =
        remade_.is_type_of(old) || (old.generated && remade_.concerns(old.generated->expression));
    anew_.insert(old.name);
    if (aside) anew_aside_.insert(old.name);
    (aside ? result_.aside : derived_).push_back(std::move(gone));
    const auto at = std::find_if(to_.columns.begin(), to_.columns.end(),
                                 [&](const Column& one) { return one.name == column.name; });
    add(column, at == to_.columns.begin() ? nullptr : &*std::prev(at));
  }

  void default_aside(const Column& old) {
    ModifyColumn without;
    without.to = old;
    without.to.default_value.reset();
    without.was = old;
    without.parts = ModifyColumn::default_value;
    result_.aside.push_back(std::move(without));
  }

  void lose_characters(const Column& old, const Column& column) {
    const std::string& was = old.charset.empty() ? from_.charset : old.charset;
    const std::string& now = column.charset.empty() ? to_.charset : column.charset;
    if (was == now || now.starts_with("utf8mb4")) return;
    lose(part(old.name), "changes the character set of " + part(old.name) + " from " + was +
                             " to " + now + ": characters that it lacks are refused");
  }

  /// As the database writes it; by its own name where the database has none like it.
  std::string words_of(const model::Type& type) const {
    try {
      return options_.dialect.type_name(type, options_.server);
    } catch (const Error&) {
      return type.name.empty() ? "its type" : type.name;
    }
  }

  std::string conversion_loss(const Column& old, const Column& column) const {
    const std::string text = "changes the type of " + part(old.name) + " from " +
                             words_of(old.type) + " to " + words_of(column.type) + ": ";
    const bool from_words = text_rank(old.type.kind) > 0 || old.type.kind == TypeKind::string ||
                            old.type.kind == TypeKind::char_;
    const bool to_words = text_rank(column.type.kind) > 0 || column.type.kind == TypeKind::string ||
                          column.type.kind == TypeKind::char_;
    if (old.type.kind == TypeKind::enumeration && column.type.kind == TypeKind::enumeration)
      return text +
             "rows with a value that is taken away are refused or emptied, and values in "
             "another order compare and sort otherwise";
    if (from_words && !to_words)
      return text + "it may fail, at the first row whose text cannot be read as the new type";
    return text + "values that do not fit are cut, rounded or refused";
  }

  /// Columns that are in both, in another order among each other.
  void order() {
    std::vector<std::string_view> olds, news;
    for (const Column& column : from_.columns) {
      if (to_.column(column.name) != nullptr && !anew_.contains(column.name))
        olds.push_back(column.name);
    }
    for (const Column& column : to_.columns) {
      if (from_.column(column.name) != nullptr && !anew_.contains(column.name))
        news.push_back(column.name);
    }
    if (olds == news) return;
    if (!capabilities_.reorders_columns) {
      result_.notes.push_back("the columns of " + from_.name.text() +
                              " stay in their order: this database cannot put one elsewhere");
      return;
    }
    // One after the other to its place; those that stand there by then are left alone.
    for (std::size_t i = 0; i < news.size(); ++i) {
      if (olds[i] == news[i]) continue;
      olds.erase(std::find(olds.begin(), olds.end(), news[i]));
      olds.insert(olds.begin() + static_cast<std::ptrdiff_t>(i), news[i]);
      place(*to_.column(news[i]), i == 0 ? std::string_view() : news[i - 1]);
    }
  }

  /// Before new ones come: those find their place among the others.
  void place(const Column& column, std::string_view after) {
    const auto change =
        std::find_if(column_changes_.begin(), column_changes_.end(), [&](const TableAction& one) {
          const auto* modify = std::get_if<ModifyColumn>(&one);
          return modify != nullptr && modify->to.name == column.name;
        });
    ModifyColumn action;
    if (change != column_changes_.end()) {
      action = std::get<ModifyColumn>(*change);
      column_changes_.erase(change);
    } else {
      action.to = column;
      action.was = *from_.column(column.name);
    }
    action.parts |= ModifyColumn::position;
    action.first = after.empty();
    action.after = after;
    moves_.push_back(std::move(action));
  }

  // ---- keys ----

  /// Of a column whose type is replaced, or that comes anew.
  bool holds_back(const std::string& name) const {
    const Column* column = from_.column(name);
    return anew_.contains(name) || (column != nullptr && remade_.is_type_of(*column));
  }
  bool must_step_aside(const model::ForeignKey& key) const {
    return std::any_of(key.columns.begin(), key.columns.end(),
                       [&](const std::string& name) { return holds_back(name); });
  }

  void foreign_keys() {
    const auto olds = by_name(from_.foreign_keys), news = by_name(to_.foreign_keys);
    std::set<std::string_view> stay;
    for (const model::ForeignKey& old : from_.foreign_keys) {
      const auto found = news.find(old.name);
      if (found != news.end() && !must_step_aside(old)) {
        const bool same = *found->second == old;
        if (same || only_validated(old, *found->second)) {
          stay.insert(old.name);
          if (!same) adds_.push_back(ValidateConstraint{old.name});
          continue;
        }
      }
      result_.drop_keys.push_back(
          DropConstraint{DropConstraint::Kind::foreign_key, old.name, false, old});
    }
    for (const model::ForeignKey& key : to_.foreign_keys) {
      if (!stay.contains(key.name)) result_.add_keys.push_back(AddForeignKey{key});
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
    std::erase_if(own.options,
                  [&](const auto& entry) { return options_.dialect.follows_table(entry.first); });
    return own;
  }
  template <class Item>
  bool same(const Item& a, const Item& b) const {
    return a == b || own_part(a) == own_part(b);
  }
  /// What is part of the parent's goes with that.
  template <class Item>
  bool goes_with_parent(const Item& item) const {
    return follows_ && own_part(item) != item;
  }

  /// A key or index of a partitioned table makes those of its parts, unless they are there.
  std::vector<TableAction>& key_adds() { return context_.has_parts ? result_.late : adds_; }

  void primary_key() {
    if (!from_.primary_key && !to_.primary_key) return;
    if (from_.primary_key && to_.primary_key && same(*from_.primary_key, *to_.primary_key) &&
        !uses(*from_.primary_key, anew_))
      return;
    if (from_.primary_key && to_.primary_key && !uses(*from_.primary_key, anew_) &&
        only_renamed(*from_.primary_key, *to_.primary_key))
      return;
    if (from_.primary_key && !goes_with_parent(*from_.primary_key)) {
      drops_for(*from_.primary_key)
          .push_back(DropPrimaryKey{from_.primary_key->name, from_.primary_key});
    }
    if (to_.primary_key) {
      auto& list = key_adds();
      const auto& parts = to_.primary_key->parts;
      const bool takes_null = std::any_of(parts.begin(), parts.end(), [&](const auto& one) {
        const Column* column = to_.column(one.column);
        return column != nullptr && column->nullable;
      });
      list.insert(list.begin(), AddPrimaryKey{*to_.primary_key, false, takes_null});
    }
  }

  /// A key that differs in its name alone is not built again.
  template <class Key>
  bool only_renamed(const Key& old, const Key& now) {
    Key renamed = now;
    renamed.name = old.name;
    if (!capabilities_.renames_constraints || old.name.empty() || now.name.empty() ||
        old.name == now.name || !same(renamed, old))
      return false;
    column_changes_.push_back(RenameConstraint{old.name, now.name});
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
  // Their expressions are text: those that go with a column are written anew as they come.
  static bool uses(const model::Check&, const Names&) { return false; }
  static bool uses(const model::Exclusion&, const Names&) { return false; }

  /// Where the drop of it stands: before what it needs goes.
  template <class Item>
  std::vector<TableAction>& drops_for(const Item& item) {
    bool aside = uses(item, anew_aside_);
    if constexpr (requires { remade_.concerns(item); }) aside = aside || remade_.concerns(item);
    return aside ? result_.aside : drops_;
  }

  template <class Add, class Constraint>
  void constraints(const std::vector<Constraint>& olds, const std::vector<Constraint>& news,
                   DropConstraint::Kind kind) {
    // Constraints without a name (SQLite, checks of MySQL's columns) are known by all they say.
    std::multimap<std::string_view, const Constraint*> left;
    for (const Constraint& now : news) left.emplace(now.name, &now);
    for (const Constraint& old : olds) {
      if (!remade_.concerns(old) && !uses(old, anew_) && stays(old, left)) continue;
      // What it gets from its parent goes with that.
      if (goes_with_parent(old)) continue;
      if (from_parent(old, context_.old_parent)) continue;
      drops_for(old).push_back(DropConstraint{kind, old.name, false, old});
    }
    for (const auto& [name, now] : left) {
      if (from_parent(*now, context_.parent)) continue;
      (kind == DropConstraint::Kind::unique ? key_adds() : adds_).push_back(Add{*now});
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
        adds_.push_back(ValidateConstraint{old.name});
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
      return follows_ && parent != nullptr &&
             std::any_of(parent->checks.begin(), parent->checks.end(),
                         [&](const model::Check& other) { return other.name == one.name; });
    }
    return false;
  }

  void indexes() {
    const auto olds = by_name(from_.indexes), news = by_name(to_.indexes);
    std::vector<const model::Index*> gone, come;
    const bool renames = options_.dialect.capabilities(options_.server).renames_indexes;
    const auto stays = [&](const model::Index& one, const auto& others) {
      const auto found = others.find(one.name);
      return found != others.end() && same(*found->second, one) && !remade_.concerns(one) &&
             !uses(one, anew_);
    };
    for (const model::Index& old : from_.indexes) {
      if (!stays(old, news)) gone.push_back(&old);
    }
    for (const model::Index& now : to_.indexes) {
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
      if (twin == come.end() || remade_.concerns(*old) || uses(*old, anew_)) {
        drops_for(*old).push_back(DropIndex{old->name, false, false, *old});
        continue;
      }
      column_changes_.push_back(RenameIndex{old->name, (*twin)->name});
      come.erase(twin);
    }
    for (const model::Index* now : come) key_adds().push_back(AddIndex{*now, false, false});
  }

  // ---- the rest ----

  void options() {
    if (from_.comment != to_.comment) adds_.push_back(SetTableComment{to_.comment, from_.comment});
    for (SetTableOption& change : options_.dialect.option_changes(from_, to_)) {
      // A part is let go before its table changes, and taken in when both have their shape.
      const bool lets_go = !options_.dialect.parent_of(from_).empty() && change.value.empty();
      const bool takes_in = !options_.dialect.parent_of(to_).empty();
      const bool is_default =
          change.key == "charset" || change.key == "collation" || change.value.empty();
      (lets_go      ? result_.aside
       : takes_in   ? result_.late
       : is_default ? defaults_
                    : adds_)
          .push_back(std::move(change));
    }
  }

  const Table& from_;
  const Table& to_;
  const DiffOptions& options_;
  const Capabilities capabilities_;
  const TableContext& context_;
  const Remade& remade_;
  const bool follows_;  ///< its parent's changes are its own
  Names anew_;          ///< columns that go and come again
  Names anew_aside_;    ///< those of them that go aside
  TableDifference result_;
  std::vector<TableAction> drops_, derived_, column_adds_, column_changes_, column_drops_, adds_;
  std::vector<TableAction> defaults_;  ///< of the table, which its columns follow
  std::vector<TableAction> moves_;     ///< columns to another place
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
    // Those that were are there, in their order, by which they compare and sort.
    auto at = to.values.begin();
    return std::all_of(from.values.begin(), from.values.end(), [&](const std::string& value) {
      at = std::find(at, to.values.end(), value);
      return at != to.values.end();
    });
  }
  return false;
}

TableDifference diff_tables(const Table& from, const Table& to, const DiffOptions& options,
                            const TableContext& context) {
  return TableDiff(from, to, options, context).run();
}

}  // namespace sterna::detail
