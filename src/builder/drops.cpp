// What alter_table takes away and renames, and the settings of the table itself.
#include <sterna/table.hpp>

#include "builder/draft.hpp"

namespace sterna {

namespace {

using Kind = DropConstraint::Kind;

std::vector<std::string> strings(std::initializer_list<std::string_view> names) {
  return {names.begin(), names.end()};
}

/// What `definition` describes, as it would be created. Columns that keys refer to need not be
/// among it.
model::Table described(const detail::TableDraft& draft,
                       const TableBuilder::Definition& definition) {
  detail::TableDraft was(draft.name.text(), false, draft);
  TableBuilder builder(was);
  definition(builder);
  return detail::finish_fragment(was);
}

template <class Item>
const Item* named(const std::vector<Item>& items, std::string_view name) {
  for (const Item& item : items) {
    if (item.name == name) return &item;
  }
  return items.size() == 1 ? &items.front() : nullptr;
}

/// Picks the described item that is dropped, with the dropped name, whatever name the description
/// gives it.
template <class Item>
Item picked(const detail::TableDraft& draft, const std::vector<Item>& items,
            std::string_view name) {
  const Item* item = named(items, name);
  if (item == nullptr)
    draft.refuse("the definition given with the drop of '" + std::string(name) +
                 "' does not describe it");
  Item copy = *item;
  copy.name = name;
  return copy;
}

void drop_constraint(detail::TableDraft& draft, Kind kind, const char* what, std::string_view name,
                     const TableBuilder::Definition& definition) {
  draft.only_in_alter(what);
  // A check without a name (SQLite) is found by its text.
  if (name.empty() && !(definition && kind == Kind::check))
    draft.refuse(std::string(what) + " without a name");
  DropConstraint drop;
  drop.kind = kind;
  drop.name = name;
  if (definition) {
    const model::Table was = described(draft, definition);
    switch (kind) {
      case Kind::unique:
        drop.was = picked(draft, was.uniques, name);
        break;
      case Kind::foreign_key:
        drop.was = picked(draft, was.foreign_keys, name);
        break;
      case Kind::check:
        drop.was = picked(draft, was.checks, name);
        break;
      case Kind::exclusion:
        drop.was = picked(draft, was.exclusions, name);
        break;
    }
  }
  draft.act(std::move(drop));
}

std::string default_of_columns(const detail::TableDraft& draft,
                               const std::vector<std::string>& columns, const char* what,
                               const char* suffix) {
  if (columns.empty()) draft.refuse(std::string(what) + " without columns");
  return model::default_name(draft.name, columns, suffix, draft.max_identifier);
}

void drop_one_column(detail::TableDraft& draft, std::string_view name, bool if_exists,
                     const TableBuilder::Definition& definition) {
  draft.only_in_alter("drop_column()");
  if (name.empty()) draft.refuse("drop_column() without a name");
  DropColumn drop;
  drop.name = name;
  drop.if_exists = if_exists;
  if (definition) drop.was = picked(draft, described(draft, definition).columns, name);
  draft.act(std::move(drop));
}

}  // namespace

void TableBuilder::drop_column(std::string_view name, const Definition& definition) {
  drop_one_column(*draft_, name, false, definition);
}
void TableBuilder::drop_column_if_exists(std::string_view name, const Definition& definition) {
  drop_one_column(*draft_, name, true, definition);
}
void TableBuilder::drop_columns(Names names) {
  if (names.list().empty()) draft_->refuse("drop_columns() without names");
  for (const std::string& name : names.list()) drop_column(name);
}

void TableBuilder::rename_column(std::string_view from, std::string_view to) {
  draft_->only_in_alter("rename_column()");
  if (from.empty() || to.empty()) draft_->refuse("rename_column() without a name");
  draft_->act(RenameColumn{std::string(from), std::string(to)});
}

void TableBuilder::drop_timestamps() {
  const Definition definition = [](TableBuilder& table) { table.timestamps(); };
  drop_column("created_at", definition);
  drop_column("updated_at", definition);
}

void TableBuilder::drop_soft_deletes(std::string_view name) {
  drop_column(name, [&](TableBuilder& table) { table.soft_deletes(name); });
}

void TableBuilder::drop_primary(std::string_view name, const Definition& definition) {
  draft_->only_in_alter("drop_primary()");
  DropPrimaryKey drop;
  drop.name = name;
  if (definition) {
    drop.was = described(*draft_, definition).primary_key;
    if (!drop.was)
      draft_->refuse("the definition given with drop_primary() describes no primary key");
  }
  draft_->act(std::move(drop));
}

void TableBuilder::drop_unique(std::string_view name, const Definition& definition) {
  drop_constraint(*draft_, Kind::unique, "drop_unique()", name, definition);
}
void TableBuilder::drop_unique(const std::vector<std::string>& columns,
                               const Definition& definition) {
  drop_unique(std::string_view(default_of_columns(*draft_, columns, "drop_unique()", "unique")),
              definition);
}
void TableBuilder::drop_unique(std::initializer_list<std::string_view> columns,
                               const Definition& definition) {
  drop_unique(strings(columns), definition);
}

void TableBuilder::drop_index(std::string_view name, const Definition& definition) {
  draft_->only_in_alter("drop_index()");
  if (name.empty()) draft_->refuse("drop_index() without a name");
  DropIndex drop;
  drop.name = name;
  if (definition) drop.was = picked(*draft_, described(*draft_, definition).indexes, name);
  draft_->act(std::move(drop));
}
void TableBuilder::drop_index(const std::vector<std::string>& columns,
                              const Definition& definition) {
  drop_index(std::string_view(default_of_columns(*draft_, columns, "drop_index()", "index")),
             definition);
}
void TableBuilder::drop_index(std::initializer_list<std::string_view> columns,
                              const Definition& definition) {
  drop_index(strings(columns), definition);
}

void TableBuilder::drop_foreign(std::string_view name, const Definition& definition) {
  drop_constraint(*draft_, Kind::foreign_key, "drop_foreign()", name, definition);
}
void TableBuilder::drop_foreign(const std::vector<std::string>& columns,
                                const Definition& definition) {
  drop_foreign(std::string_view(default_of_columns(*draft_, columns, "drop_foreign()", "foreign")),
               definition);
}
void TableBuilder::drop_foreign(std::initializer_list<std::string_view> columns,
                                const Definition& definition) {
  drop_foreign(strings(columns), definition);
}

void TableBuilder::drop_check(std::string_view name, const Definition& definition) {
  drop_constraint(*draft_, Kind::check, "drop_check()", name, definition);
}
void TableBuilder::drop_check(const std::vector<std::string>& columns,
                              const Definition& definition) {
  drop_check(std::string_view(default_of_columns(*draft_, columns, "drop_check()", "check")),
             definition);
}
void TableBuilder::drop_check(std::initializer_list<std::string_view> columns,
                              const Definition& definition) {
  drop_check(strings(columns), definition);
}

void TableBuilder::drop_exclusion(std::string_view name, const Definition& definition) {
  drop_constraint(*draft_, Kind::exclusion, "drop_exclusion()", name, definition);
}

void TableBuilder::rename_index(std::string_view from, std::string_view to) {
  draft_->only_in_alter("rename_index()");
  if (from.empty() || to.empty()) draft_->refuse("rename_index() without a name");
  draft_->act(RenameIndex{std::string(from), std::string(to)});
}

// ---- the table itself ----

void TableBuilder::comment(std::string_view text) {
  if (draft_->altering)
    draft_->act(SetTableComment{std::string(text), std::nullopt});
  else
    draft_->settings.comment = text;
}

void TableBuilder::engine(std::string_view name) {
  if (draft_->altering)
    option("engine", name);
  else
    draft_->settings.engine = name;
}

void TableBuilder::charset(std::string_view name) {
  if (draft_->altering)
    option("charset", name);
  else
    draft_->settings.charset = name;
}

void TableBuilder::collation(std::string_view name) {
  if (draft_->altering)
    option("collation", name);
  else
    draft_->settings.collation = name;
}

void TableBuilder::option(std::string_view key, std::string_view value,
                          std::optional<std::string_view> former) {
  if (key.empty()) draft_->refuse("option() without a name");
  if (draft_->altering)
    draft_->act(
        SetTableOption{std::string(key), std::string(value), std::optional<std::string>(former)});
  else
    draft_->settings.options[std::string(key)] = value;
}

void TableBuilder::strict() {
  draft_->only_in_create("strict()");
  draft_->settings.strict = true;
}

void TableBuilder::without_rowid() {
  draft_->only_in_create("without_rowid()");
  draft_->settings.without_rowid = true;
}

void TableBuilder::temporary() {
  draft_->only_in_create("temporary()");
  draft_->settings.temporary = true;
}

}  // namespace sterna
