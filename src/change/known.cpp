#include "change/known.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 deduces none for aggregates

/// Whether `item` is called `name`: by its own name or, when it was given none, by the default it
/// gets. Which database that will be is not known here; their limits are 63 and 64 bytes.
template <class Item>
bool bears(const model::Name& table, const Item& item, const std::string& name) {
  if (name.empty() || !item.name.empty()) return !name.empty() && item.name == name;
  if constexpr (requires { model::default_name(table, item, 63); }) {
    return model::default_name(table, item, 63) == name ||
           model::default_name(table, item, 64) == name;
  }
  return false;
}

template <class Items>
auto find_named(const model::Name& table, Items& items, const std::string& name)
    -> decltype(items.data()) {
  for (auto& item : items) {
    if (bears(table, item, name)) return &item;
  }
  return nullptr;
}

template <class Items>
void erase_named(const model::Name& table, Items& items, const std::string& name) {
  std::erase_if(items, [&](const auto& item) { return bears(table, item, name); });
}

void rename(std::vector<std::string>& columns, const RenameColumn& change) {
  std::replace(columns.begin(), columns.end(), change.from, change.to);
}

void rename(std::vector<model::IndexPart>& parts, const RenameColumn& change) {
  for (model::IndexPart& part : parts) {
    if (part.column == change.from) part.column = change.to;
  }
}

void rename_everywhere(model::Table& table, const RenameColumn& change) {
  if (model::Column* column = table.column(change.from)) column->name = change.to;
  if (table.primary_key) rename(table.primary_key->parts, change);
  rename(table.partition_key, change);
  rename(table.clustering_key, change);
  for (auto& unique : table.uniques) rename(unique.columns, change);
  for (auto& key : table.foreign_keys) rename(key.columns, change);
  for (auto& index : table.indexes) {
    rename(index.parts, change);
    rename(index.include, change);
  }
}

/// `column` with the parts that `change` names; the rest of `change.to` may be incomplete.
void modify(model::Column& column, const ModifyColumn& change) {
  const auto changes = [&](ModifyColumn::Part part) { return (change.parts & part) != 0; };
  if (changes(ModifyColumn::type)) column.type = change.to.type;
  if (changes(ModifyColumn::nullability)) column.nullable = change.to.nullable;
  if (changes(ModifyColumn::default_value)) column.default_value = change.to.default_value;
  if (changes(ModifyColumn::comment)) column.comment = change.to.comment;
  if (changes(ModifyColumn::generated)) column.generated = change.to.generated;
  if (changes(ModifyColumn::collation)) {
    column.collation = change.to.collation;
    column.charset = change.to.charset;
  }
  if (changes(ModifyColumn::identity)) {
    column.identity = change.to.identity;
    column.auto_increment = change.to.auto_increment;
  }
}

std::optional<decltype(DropConstraint::was)::value_type> find_constraint(
    const model::Table& table, const DropConstraint& drop) {
  const auto look =
      [&](const auto& items) -> std::optional<decltype(DropConstraint::was)::value_type> {
    if (const auto* item = find_named(table.name, items, drop.name)) return *item;
    return std::nullopt;
  };
  switch (drop.kind) {
    case DropConstraint::Kind::unique:
      return look(table.uniques);
    case DropConstraint::Kind::foreign_key:
      return look(table.foreign_keys);
    case DropConstraint::Kind::check:
      return look(table.checks);
    case DropConstraint::Kind::exclusion:
      return look(table.exclusions);
  }
  return std::nullopt;
}

void apply_field(const AddTypeField& add, model::UserType& type) {
  type.fields.push_back(add.field);
}
void apply_field(const RenameTypeField& rename, model::UserType& type) {
  for (model::TypeField& field : type.fields) {
    if (field.name == rename.from) field.name = rename.to;
  }
}

}  // namespace

Known::Known(const model::Model& before) {
  for (const model::Table& table : before.tables)
    tables_[table.name] = Entry{table, true, table.comment};
  for (const model::Object& object : before.objects) objects_[{object.kind, object.name}] = object;
  for (const model::UserType& type : before.types) types_[type.name] = type;
}

void Known::complete_action(TableAction& action, const Entry& entry) {
  const model::Table& table = entry.table;
  std::visit(Overloaded{
                 [&](DropColumn& drop) {
                   const model::Column* column = table.column(drop.name);
                   if (!drop.was && column != nullptr) drop.was = *column;
                 },
                 [&](ModifyColumn& change) {
                   const model::Column* column = table.column(change.to.name);
                   if (!change.was && column != nullptr) change.was = *column;
                 },
                 [&](DropPrimaryKey& drop) {
                   if (!drop.was) drop.was = table.primary_key;
                 },
                 [&](DropConstraint& drop) {
                   if (!drop.was) drop.was = find_constraint(table, drop);
                 },
                 [&](DropIndex& drop) {
                   const model::Index* index = find_named(table.name, table.indexes, drop.name);
                   if (!drop.was && index != nullptr) drop.was = *index;
                 },
                 [&](SetTableComment& set) {
                   if (!set.was) set.was = entry.comment;
                 },
                 [&](SetTableOption& set) {
                   const auto option = table.options.find(set.key);
                   if (!set.was && option != table.options.end()) set.was = option->second;
                 },
                 [](auto&) {},
             },
             action);
}

Change Known::completed(Change change) const {
  std::visit(Overloaded{
                 [&](DropTable& drop) {
                   const auto entry = tables_.find(drop.name);
                   if (!drop.was && entry != tables_.end() && entry->second.complete) {
                     drop.was = entry->second.table;
                   }
                 },
                 [&](AlterTable& alter) {
                   const auto entry = tables_.find(alter.name);
                   Entry now = entry == tables_.end() ? Entry{} : entry->second;
                   now.table.name = alter.name;
                   for (TableAction& action : alter.actions) {
                     complete_action(action, now);
                     apply_action(action, now);
                   }
                 },
                 [&](DropObject& drop) {
                   const auto object = objects_.find({drop.kind, drop.name});
                   if (!drop.was && object != objects_.end()) drop.was = object->second;
                 },
                 [&](DropType& drop) {
                   const auto type = types_.find(drop.name);
                   if (!drop.was && type != types_.end()) drop.was = type->second;
                 },
                 [](auto&) {},
             },
             change);
  return change;
}

void Known::apply_action(const TableAction& action, Entry& entry) {
  model::Table& table = entry.table;
  std::visit(Overloaded{
                 [&](const AddColumn& add) {
                   if (!add.if_missing) table.columns.push_back(add.column);
                 },
                 [&](const DropColumn& drop) {
                   std::erase_if(table.columns, [&](const auto& c) { return c.name == drop.name; });
                 },
                 [&](const RenameColumn& change) { rename_everywhere(table, change); },
                 [&](const ModifyColumn& change) {
                   if (model::Column* column = table.column(change.to.name))
                     modify(*column, change);
                 },
                 [&](const AddPrimaryKey& add) { table.primary_key = add.key; },
                 [&](const DropPrimaryKey&) { table.primary_key.reset(); },
                 [&](const AddUnique& add) { table.uniques.push_back(add.unique); },
                 [&](const AddForeignKey& add) { table.foreign_keys.push_back(add.key); },
                 [&](const AddCheck& add) { table.checks.push_back(add.check); },
                 [&](const AddExclusion& add) { table.exclusions.push_back(add.exclusion); },
                 [&](const DropConstraint& drop) {
                   switch (drop.kind) {
                     case DropConstraint::Kind::unique:
                       erase_named(table.name, table.uniques, drop.name);
                       break;
                     case DropConstraint::Kind::foreign_key:
                       erase_named(table.name, table.foreign_keys, drop.name);
                       break;
                     case DropConstraint::Kind::check:
                       erase_named(table.name, table.checks, drop.name);
                       break;
                     case DropConstraint::Kind::exclusion:
                       erase_named(table.name, table.exclusions, drop.name);
                       break;
                   }
                 },
                 [](const ValidateConstraint&) {},
                 [&](const AddIndex& add) {
                   if (!add.if_missing) table.indexes.push_back(add.index);
                 },
                 [&](const DropIndex& drop) { erase_named(table.name, table.indexes, drop.name); },
                 [&](const RenameIndex& change) {
                   if (model::Index* index = find_named(table.name, table.indexes, change.from)) {
                     index->name = change.to;
                   }
                 },
                 [&](const RenameConstraint& change) {
                   const auto rename = [&](auto& items) {
                     if (auto* item = find_named(table.name, items, change.from))
                       item->name = change.to;
                   };
                   rename(table.uniques);
                   rename(table.foreign_keys);
                   rename(table.checks);
                   rename(table.exclusions);
                   if (table.primary_key && table.primary_key->name == change.from)
                     table.primary_key->name = change.to;
                 },
                 [&](const SetTableComment& set) {
                   entry.comment = set.comment;
                   table.comment = set.comment;
                 },
                 [&](const SetTableOption& set) { table.options[set.key] = set.value; },
             },
             action);
}

void Known::apply(const Change& change) {
  std::visit(Overloaded{
                 [&](const CreateTable& create) {
                   // With IF NOT EXISTS the table may be an older one of another shape.
                   if (create.if_missing) return;
                   tables_[create.table.name] = {create.table, true, create.table.comment};
                 },
                 [&](const DropTable& drop) { tables_.erase(drop.name); },
                 [&](const RenameTable& rename) {
                   auto node = tables_.extract(rename.from);
                   if (node.empty()) return;
                   node.key() = model::Name(rename.from.schema, rename.to);
                   node.mapped().table.name = node.key();
                   tables_.insert(std::move(node));
                 },
                 [&](const AlterTable& alter) {
                   Entry& entry = tables_[alter.name];
                   entry.table.name = alter.name;
                   for (const TableAction& action : alter.actions) apply_action(action, entry);
                 },
                 [&](const CreateObject& create) {
                   objects_[{create.object.kind, create.object.name}] = create.object;
                 },
                 [&](const DropObject& drop) {
                   objects_.erase({drop.kind, drop.name});
                 },
                 [&](const CreateType& create) {
                   if (!create.if_missing) types_[create.type.name] = create.type;
                 },
                 [&](const AlterType& alter) {
                   const auto known = types_.find(alter.name);
                   if (known == types_.end()) return;
                   for (const TypeAction& action : alter.actions)
                     std::visit([&](const auto& a) { apply_field(a, known->second); }, action);
                 },
                 [&](const DropType& drop) { types_.erase(drop.name); },
                 [](const auto&) {},
             },
             change);
}

}  // namespace sterna::detail
