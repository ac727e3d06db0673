// Keys, indexes and constraints, of the table itself and as handles to one.
#include <sterna/table.hpp>

#include "builder/draft.hpp"

namespace sterna {

namespace {

model::ReferentialAction action_of(ReferentialAction action) {
  switch (action) {
    case NoAction:
      return model::ReferentialAction::no_action;
    case Restrict:
      return model::ReferentialAction::restrict_;
    case Cascade:
      return model::ReferentialAction::cascade;
    case SetNull:
      return model::ReferentialAction::set_null;
    case SetDefault:
      return model::ReferentialAction::set_default;
  }
  return model::ReferentialAction::no_action;
}

model::IndexPart part_of(const IndexColumn& column) {
  model::IndexPart part;
  (column.is_expression ? part.expression : part.column) = column.text;
  part.descending = column.is_descending;
  part.nulls = column.nulls;
  part.prefix_length = column.prefix_length;
  part.operator_class = column.op_class;
  part.collation = column.collation;
  return part;
}

std::vector<model::IndexPart> parts_of(const detail::TableDraft& draft,
                                       const std::vector<IndexColumn>& columns, const char* what) {
  std::vector<model::IndexPart> parts;
  for (const IndexColumn& column : columns) {
    if (column.text.empty()) draft.refuse(std::string(what) + " over a column without a name");
    parts.push_back(part_of(column));
  }
  if (parts.empty()) draft.refuse(std::string(what) + " without columns");
  return parts;
}

std::vector<std::string> names_of(const detail::TableDraft& draft, const Names& names,
                                  const char* what) {
  if (names.list().empty()) draft.refuse(std::string(what) + " without columns");
  for (const std::string& name : names.list()) {
    if (name.empty()) draft.refuse(std::string(what) + " over a column without a name");
  }
  return names.list();
}

IndexColumns plain(const Names& names) { return IndexColumns(names.list()); }

}  // namespace

// ---- TableBuilder ----

PrimaryBuilder TableBuilder::primary(IndexColumns columns, std::string_view name) {
  model::PrimaryKey key;
  key.name = name;
  key.parts = parts_of(*draft_, columns.list(), "a primary key");
  for (const model::IndexPart& part : key.parts) {
    if (!part.expression.empty())
      draft_->refuse("a primary key is made of columns, not of '" + part.expression + "'");
  }
  return PrimaryBuilder(&draft_->add(detail::PrimaryDraft{std::move(key)}));
}

IndexBuilder TableBuilder::unique(IndexColumns columns, std::string_view name) {
  detail::KeyDraft key;
  key.constraint = true;
  key.index.unique = true;
  key.index.name = name;
  key.index.parts = parts_of(*draft_, columns.list(), "a unique key");
  return IndexBuilder(&draft_->add(std::move(key)));
}

IndexBuilder TableBuilder::index(IndexColumns columns, std::string_view name) {
  detail::KeyDraft key;
  key.index.name = name;
  key.index.parts = parts_of(*draft_, columns.list(), "an index");
  return IndexBuilder(&draft_->add(std::move(key)));
}

IndexBuilder TableBuilder::full_text(Names columns, std::string_view name) {
  IndexBuilder builder = index(plain(columns), name);
  builder.draft_->index.kind = model::IndexKind::full_text;
  return builder;
}

IndexBuilder TableBuilder::spatial(Names columns, std::string_view name) {
  IndexBuilder builder = index(plain(columns), name);
  builder.draft_->index.kind = model::IndexKind::spatial;
  return builder;
}

ForeignBuilder TableBuilder::foreign(Names columns, std::string_view name) {
  detail::ForeignDraft foreign;
  foreign.key.name = name;
  foreign.key.columns = names_of(*draft_, columns, "a foreign key");
  return ForeignBuilder(&draft_->add(std::move(foreign)));
}

CheckBuilder TableBuilder::check(std::string_view expression, std::string_view name) {
  if (expression.empty()) draft_->refuse("check() without an expression");
  detail::CheckDraft check;
  check.check.expression = expression;
  check.check.name = name;
  return CheckBuilder(&draft_->add(std::move(check)));
}

ExclusionBuilder TableBuilder::exclude(std::vector<Exclude> elements, std::string_view name) {
  if (elements.empty()) draft_->refuse("exclude() without columns");
  detail::ExclusionDraft draft;
  draft.exclusion.name = name;
  for (Exclude& element : elements) {
    if (element.column_or_expression.empty() || element.with_operator.empty())
      draft_->refuse("exclude() needs a column and an operator for each part");
    draft.exclusion.elements.push_back(
        {std::move(element.column_or_expression), std::move(element.with_operator)});
  }
  return ExclusionBuilder(&draft_->add(std::move(draft)));
}

void TableBuilder::validate_constraint(std::string_view name) {
  draft_->only_in_alter("validate_constraint()");
  if (name.empty()) draft_->refuse("validate_constraint() without a name");
  draft_->act(ValidateConstraint{std::string(name)});
}

// ---- ForeignBuilder ----

ForeignBuilder& ForeignBuilder::references(Names columns) {
  draft_->key.referenced_columns = columns.list();
  return *this;
}
ForeignBuilder& ForeignBuilder::on(std::string_view table) {
  draft_->key.referenced_table = model::Name(table);
  return *this;
}
ForeignBuilder& ForeignBuilder::name(std::string_view name) {
  draft_->key.name = name;
  return *this;
}
ForeignBuilder& ForeignBuilder::on_delete(ReferentialAction action) {
  draft_->key.on_delete = action_of(action);
  return *this;
}
ForeignBuilder& ForeignBuilder::on_update(ReferentialAction action) {
  draft_->key.on_update = action_of(action);
  return *this;
}
ForeignBuilder& ForeignBuilder::deferrable(bool initially_deferred) {
  draft_->key.deferrable = true;
  draft_->key.initially_deferred = initially_deferred;
  return *this;
}
ForeignBuilder& ForeignBuilder::not_valid() {
  draft_->key.not_valid = true;
  return *this;
}
ForeignBuilder& ForeignBuilder::match(std::string_view kind) {
  draft_->key.match = kind;
  return *this;
}

ForeignBuilder& ForeignBuilder::option(std::string_view key, std::string_view value) {
  draft_->key.options[std::string(key)] = value;
  return *this;
}

// ---- IndexBuilder ----

IndexBuilder& IndexBuilder::name(std::string_view name) {
  draft_->index.name = name;
  return *this;
}
IndexBuilder& IndexBuilder::unique() {
  draft_->index.unique = true;
  return *this;
}
IndexBuilder& IndexBuilder::method(std::string_view name) {
  draft_->index.method = name;
  return *this;
}
IndexBuilder& IndexBuilder::where(std::string_view expression) {
  draft_->index.where = expression;
  return *this;
}
IndexBuilder& IndexBuilder::include(Names columns) {
  draft_->index.include = columns.list();
  return *this;
}
IndexBuilder& IndexBuilder::concurrently() {
  draft_->concurrently = true;
  return *this;
}
IndexBuilder& IndexBuilder::if_missing() {
  draft_->if_missing = true;
  return *this;
}
IndexBuilder& IndexBuilder::nulls_not_distinct() {
  draft_->index.nulls_not_distinct = true;
  return *this;
}
IndexBuilder& IndexBuilder::deferrable(bool initially_deferred) {
  draft_->deferrable = true;
  draft_->initially_deferred = initially_deferred;
  return *this;
}
IndexBuilder& IndexBuilder::language(std::string_view name) {
  draft_->index.language = name;
  return *this;
}
IndexBuilder& IndexBuilder::parser(std::string_view name) {
  draft_->index.parser = name;
  return *this;
}
IndexBuilder& IndexBuilder::comment(std::string_view text) {
  draft_->index.comment = text;
  return *this;
}
IndexBuilder& IndexBuilder::option(std::string_view key, std::string_view value) {
  draft_->index.options[std::string(key)] = value;
  return *this;
}

IndexBuilder& IndexBuilder::constraint_option(std::string_view key, std::string_view value) {
  draft_->constraint_options[std::string(key)] = value;
  return *this;
}

// ---- PrimaryBuilder, CheckBuilder, ExclusionBuilder ----

PrimaryBuilder& PrimaryBuilder::option(std::string_view key, std::string_view value) {
  draft_->key.options[std::string(key)] = value;
  return *this;
}

CheckBuilder& CheckBuilder::name(std::string_view name) {
  draft_->check.name = name;
  return *this;
}
CheckBuilder& CheckBuilder::not_valid() {
  draft_->check.not_valid = true;
  return *this;
}
CheckBuilder& CheckBuilder::not_enforced() {
  draft_->check.not_enforced = true;
  return *this;
}
CheckBuilder& CheckBuilder::unnamed() {
  draft_->unnamed = true;
  return *this;
}
CheckBuilder& CheckBuilder::option(std::string_view key, std::string_view value) {
  draft_->check.options[std::string(key)] = value;
  return *this;
}
ExclusionBuilder& ExclusionBuilder::name(std::string_view name) {
  draft_->exclusion.name = name;
  return *this;
}
ExclusionBuilder& ExclusionBuilder::method(std::string_view name) {
  draft_->exclusion.method = name;
  return *this;
}
ExclusionBuilder& ExclusionBuilder::where(std::string_view expression) {
  draft_->exclusion.where = expression;
  return *this;
}
ExclusionBuilder& ExclusionBuilder::deferrable(bool initially_deferred) {
  draft_->exclusion.deferrable = true;
  draft_->exclusion.initially_deferred = initially_deferred;
  return *this;
}
ExclusionBuilder& ExclusionBuilder::option(std::string_view key, std::string_view value) {
  draft_->exclusion.options[std::string(key)] = value;
  return *this;
}

}  // namespace sterna
