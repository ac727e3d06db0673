#include "diff/enum_diff.hpp"
#include "diff/expressions.hpp"
#include "diff/table_work.hpp"
#include "diff/widens.hpp"
#include "model/kinds.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

using model::Column;
using model::is_text;
using model::TypeKind;

class ColumnDiff {
 public:
  explicit ColumnDiff(TableWork& work) : work_(work) {}

  void run() {
    columns();
    order();
  }

 private:
  std::string part(std::string_view column) const {
    return work_.from.name.text() + "." + std::string(column);
  }

  void lose(const std::string& object, std::string text) {
    work_.result.losses.push_back({object, std::move(text)});
  }

  bool follows(const std::string& column) const {
    return work_.options.dialect.follows_parent(work_.from, work_.to, column);
  }

  void columns() {
    const auto olds = by_name(work_.from.columns), news = by_name(work_.to.columns);
    for (const Column& old : work_.from.columns) {
      if (news.contains(old.name) || follows(old.name)) continue;
      drop(old);
      if (!old.generated)
        lose(part(old.name), "drops column " + part(old.name) + " with its values");
    }
    const Column* previous = nullptr;
    for (const Column& column : work_.to.columns) {
      const auto found = olds.find(column.name);
      if (found == olds.end()) {
        if (!follows(column.name)) add(column, previous);
      } else if (*found->second != column || steps_aside(*found->second) || follows_table(column) ||
                 work_.remade.stand_in(found->second->type)) {
        modify(*found->second, column);
      }
      previous = &column;
    }
  }

  /// A column without a collation of its own has its table's, and keeps the old one by itself.
  bool follows_table(const Column& column) const {
    if (work_.from.collation == work_.to.collation && work_.from.charset == work_.to.charset)
      return false;
    const TypeKind kind = column.type.kind;
    return is_text(kind) || kind == TypeKind::enumeration || kind == TypeKind::set_of_values;
  }

  void drop(const Column& column) {
    DropColumn action{column.name, false, column};
    work_.result.touched.insert(column.name);
    (goes_aside(column)    ? work_.result.aside
     : reads_types(column) ? work_.derived
                           : work_.column_drops)
        .push_back(std::move(action));
  }

  /// A type cannot go while a column has it, or is made of one that has it.
  bool goes_aside(const Column& old) const {
    const auto of_remade = [&](const Column& one) { return work_.remade.is_type_of(one); };
    return of_remade(old) || (old.generated && (work_.remade.concerns(old.generated->expression) ||
                                                (reads_types(old) && reads(old, of_remade))));
  }

  /// Where the database can place a column it comes where it stands in `to`.
  void add(const Column& column, const Column* previous) {
    AddColumn action{column, false, false, {}};
    const bool last = previous == &work_.to.columns.back() || &column == &work_.to.columns.back();
    if (work_.capabilities.column_positions && !last) {
      action.first = previous == nullptr;
      if (previous != nullptr) action.after = previous->name;
    }
    (reads_types(column) ? work_.derived_adds : work_.column_adds).push_back(std::move(action));
  }

  /// A generated column, where those that it reads keep their types while it is there.
  bool reads_types(const Column& column) const {
    return column.generated && !work_.capabilities.retypes_under_generated;
  }
  /// Whether it reads one of the old columns that are so.
  template <class Is>
  bool reads(const Column& generated, Is is) const {
    return std::any_of(work_.from.columns.begin(), work_.from.columns.end(),
                       [&](const Column& one) {
                         return is(one) && names_column(generated.generated->expression, one.name);
                       });
  }
  bool reads_retyped(const Column& old) const {
    return reads_types(old) && reads(old, [&](const Column& one) {
             const Column* now = work_.to.column(one.name);
             return now != nullptr && (now->type != one.type || now->collation != one.collation ||
                                       work_.remade.is_type_of(one));
           });
  }

  bool steps_aside(const Column& old) const {
    if (reads_retyped(old)) return true;
    if (work_.remade.is_type_of(old)) return false;  // it is converted, with its default
    return (old.generated && work_.remade.concerns(old.generated->expression)) || mentions(old);
  }
  /// A default that says something of what goes.
  bool mentions(const Column& old) const {
    return old.default_value && old.default_value->kind == model::Default::Kind::expression &&
           work_.remade.concerns(old.default_value->text);
  }

  /// A generated column has no values of its own: it goes and comes anew where it cannot change.
  bool derived_anew(const Column& old, const Column& column) const {
    if (old.generated && work_.remade.concerns(old.generated->expression)) return true;
    if (column.generated && reads_retyped(old)) return true;
    return column.generated && old.generated != column.generated;
  }

  void modify(const Column& old, const Column& column) {
    if (derived_anew(old, column) && !follows(column.name)) {
      if (!old.generated)
        lose(part(old.name), "drops the values of " + part(old.name) + ", which becomes generated");
      return make_anew(old, column);
    }
    if (!work_.options.dialect.converts(old.type, column.type)) {
      if (!old.generated)
        lose(part(old.name), "drops the values of " + part(old.name) + ": no " +
                                 words_of(old.type) + " becomes a " + words_of(column.type));
      return make_anew(old, column);
    }
    if (work_.remade.is_type_of(column) && !follows(column.name)) {
      if (auto stand_in = work_.remade.stand_in(old.type))
        return convert_through(std::move(*stand_in), old, column);
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
    if (mentions(old) && !work_.remade.is_type_of(old)) {
      default_aside(old);
      if (column.default_value) action.parts |= ModifyColumn::default_value;
    }
    if (action.parts == 0) return;
    if ((action.parts &
         ~static_cast<unsigned>(ModifyColumn::comment | ModifyColumn::default_value)) != 0)
      work_.result.retyped.insert(old.name);
    if ((action.parts & (ModifyColumn::type | ModifyColumn::collation)) != 0)
      work_.result.touched.insert(old.name);
    if ((action.parts & ModifyColumn::type) != 0 && !widens(old.type, column.type))
      lose(part(old.name), conversion_loss(old, column));
    const bool leaves = work_.remade.is_type_of(old) && (action.parts & ModifyColumn::type) != 0 &&
                        !work_.remade.is_type_of(column);
    (leaves ? work_.result.aside : work_.column_changes).push_back(std::move(action));
  }

  /// Its type goes and comes back: meanwhile the values are kept in another one.
  void convert_through(model::Type stand_in, const Column& old, const Column& column) {
    refuse_partition_key(work_.from, old.name, "what domain " + old.type.name + " is of changed");
    ModifyColumn leave;
    leave.was = leave.to = old;
    leave.to.type = std::move(stand_in);
    leave.to.default_value.reset();
    leave.parts = ModifyColumn::type;
    ModifyColumn come;
    come.was = leave.to;
    come.to = column;
    come.parts = ModifyColumn::parts_between(leave.to, column);
    work_.result.retyped.insert(old.name);
    work_.result.touched.insert(old.name);
    work_.result.aside.push_back(std::move(leave));
    work_.column_changes.push_back(std::move(come));
  }

  void make_anew(const Column& old, const Column& column) {
    DropColumn gone{old.name, false, old};
    work_.result.touched.insert(old.name);
    const bool aside = goes_aside(old);
    work_.anew.insert(old.name);
    if (aside) work_.anew_aside.insert(old.name);
    (aside ? work_.result.aside : work_.derived).push_back(std::move(gone));
    const auto at = std::find_if(work_.to.columns.begin(), work_.to.columns.end(),
                                 [&](const Column& one) { return one.name == column.name; });
    add(column, at == work_.to.columns.begin() ? nullptr : &*std::prev(at));
  }

  void default_aside(const Column& old) {
    ModifyColumn without;
    without.to = old;
    without.to.default_value.reset();
    without.was = old;
    without.parts = ModifyColumn::default_value;
    work_.result.aside.push_back(std::move(without));
  }

  void lose_characters(const Column& old, const Column& column) {
    const std::string& was = old.charset.empty() ? work_.from.charset : old.charset;
    const std::string& now = column.charset.empty() ? work_.to.charset : column.charset;
    if (was == now || now.starts_with("utf8mb4")) return;
    lose(part(old.name), "changes the character set of " + part(old.name) + " from " + was +
                             " to " + now + ": characters that it lacks are refused");
  }

  /// As the database writes it; by its own name where the database has none like it.
  std::string words_of(const model::Type& type) const {
    try {
      return work_.options.dialect.type_name(type, work_.options.server);
    } catch (const Error&) {
      return type.name.empty() ? "its type" : type.name;
    }
  }

  std::string conversion_loss(const Column& old, const Column& column) const {
    const std::string text = "changes the type of " + part(old.name) + " from " +
                             words_of(old.type) + " to " + words_of(column.type) + ": ";
    if (old.type.kind == TypeKind::enumeration && column.type.kind == TypeKind::enumeration)
      return text +
             "rows with a value that is taken away are refused or emptied, and values in "
             "another order compare and sort otherwise";
    if (is_text(old.type.kind) && !is_text(column.type.kind))
      return text + "it may fail, at the first row whose text cannot be read as the new type";
    return text + "values that do not fit are cut, rounded or refused";
  }

  /// Columns that are in both, in another order among each other.
  void order() {
    std::vector<std::string_view> olds, news;
    for (const Column& column : work_.from.columns) {
      if (work_.to.column(column.name) != nullptr && !work_.anew.contains(column.name))
        olds.push_back(column.name);
    }
    for (const Column& column : work_.to.columns) {
      if (work_.from.column(column.name) != nullptr && !work_.anew.contains(column.name))
        news.push_back(column.name);
    }
    if (olds == news) return;
    if (!work_.capabilities.reorders_columns) {
      work_.result.notes.push_back("the columns of " + work_.from.name.text() +
                                   " stay in their order: this database cannot put one elsewhere");
      return;
    }
    // One after the other to its place; those that stand there by then are left alone.
    for (std::size_t i = 0; i < news.size(); ++i) {
      if (olds[i] == news[i]) continue;
      olds.erase(std::find(olds.begin(), olds.end(), news[i]));
      olds.insert(olds.begin() + static_cast<std::ptrdiff_t>(i), news[i]);
      place(*work_.to.column(news[i]), i == 0 ? std::string_view() : news[i - 1]);
    }
  }

  /// Before new ones come: those find their place among the others.
  void place(const Column& column, std::string_view after) {
    const auto change = std::find_if(work_.column_changes.begin(), work_.column_changes.end(),
                                     [&](const TableAction& one) {
                                       const auto* modify = std::get_if<ModifyColumn>(&one);
                                       return modify != nullptr && modify->to.name == column.name;
                                     });
    ModifyColumn action;
    if (change != work_.column_changes.end()) {
      action = std::get<ModifyColumn>(*change);
      work_.column_changes.erase(change);
    } else {
      action.to = column;
      action.was = *work_.from.column(column.name);
    }
    action.parts |= ModifyColumn::position;
    action.first = after.empty();
    action.after = after;
    work_.moves.push_back(std::move(action));
  }

  TableWork& work_;
};

}  // namespace

void diff_columns(TableWork& work) { ColumnDiff(work).run(); }

}  // namespace sterna::detail
