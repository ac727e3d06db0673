#include <sterna/entity.hpp>

#include <sterna/error.hpp>

#include <set>

#include "builder/draft.hpp"
#include "builder/entity.hpp"
#include "database/registry.hpp"

// Descriptions as calls of the builder: the same checks and default names as in a migration.

namespace sterna {

using detail::EntityColumn;
using detail::EntityKey;
using detail::EntityKeyKind;
using detail::EntityPart;
using detail::EntityType;

namespace {

ColumnType type_of(const EntityColumn& column) {
  switch (column.type) {
    case EntityType::boolean:
      return types::boolean();
    case EntityType::tiny_integer:
      return types::tiny_integer();
    case EntityType::small_integer:
      return types::small_integer();
    case EntityType::integer:
      return types::integer();
    case EntityType::big_integer:
      return types::big_integer();
    case EntityType::real:
      return types::float_();
    case EntityType::double_precision:
      return types::double_();
    case EntityType::string:
      return types::string(column.length);
    case EntityType::text:
      return types::text();
    // All six digits: what is written is what is read again.
    case EntityType::timestamp:
      return types::timestamp(6);
    case EntityType::binary:
      return types::binary();
    case EntityType::decimal:
      return types::decimal(column.precision, column.scale);
    case EntityType::uuid:
      return types::uuid();
    case EntityType::json:
      return types::json();
    case EntityType::jsonb:
      return types::jsonb();
    case EntityType::date:
      return types::date();
    case EntityType::native:
      // SQLite has columns without any type.
      return column.native.empty() ? ColumnType(model::Type{}) : types::native(column.native);
    case EntityType::enumeration: {
      const detail::EntityEnum description = column.enumeration();
      std::vector<std::string> values;
      for (std::size_t i = 0; i < description.count; ++i)
        values.emplace_back(description.values[i].text);
      return types::enum_(std::move(values), description.name);
    }
    case EntityType::user_type:
      return types::user_type(column.user_type());
    case EntityType::made:
      return column.make_type();
  }
  return types::text();
}

void set_default(ColumnBuilder& builder, const EntityColumn& column) {
  switch (column.default_kind) {
    case EntityColumn::Default::none:
      break;
    case EntityColumn::Default::null:
      builder.default_to(nullptr);
      break;
    case EntityColumn::Default::boolean:
      builder.default_to(column.default_boolean);
      break;
    case EntityColumn::Default::integer:
      builder.default_to(column.default_integer);
      break;
    case EntityColumn::Default::real:
      builder.default_to(column.default_real);
      break;
    case EntityColumn::Default::string:
      builder.default_to(column.default_text);
      break;
    case EntityColumn::Default::expression:
      builder.default_to(expression(column.default_text));
      break;
    case EntityColumn::Default::now:
      builder.default_to(now());
      break;
  }
}

/// `known_enum`: another column of the table makes the type.
void describe_column(TableBuilder& table, const EntityColumn& column, bool known_enum) {
  const auto enum_name = [&] {
    return dialect_named(detail::dialect_of(table)).quote(model::Name(column.enumeration().name));
  };
  ColumnBuilder builder =
      table.column(column.name, known_enum ? types::native(enum_name()) : type_of(column));
  // Where no column can refuse to be without a value, a member that always has one says nothing.
  if (column.nullable || dialect_named(detail::dialect_of(table)).capabilities({}).not_null)
    builder.nullable(column.nullable);
  set_default(builder, column);
  if (column.is_unsigned) builder.unsigned_();
  if (column.auto_increment) builder.auto_increment();
  if (column.identity) builder.identity(column.identity_kind);
  if (!column.generated.empty())
    builder.generated(column.generated, column.virtual_ ? Virtual : Stored);
  if (column.on_update_now) builder.on_update_now();
  if (column.primary) builder.primary();
  if (!column.comment.empty()) builder.comment(column.comment);
  if (!column.charset.empty()) builder.charset(column.charset);
  if (!column.collation.empty()) builder.collate(column.collation);
  if (column.is_static) builder.static_();
  for (const auto& [key, value] : column.options) builder.option(key, value);
  if (column.unique) builder.unique();
  if (column.index) builder.index();
  if (!column.check.empty()) builder.check(column.check);
  if (column.referenced_table != nullptr) {
    builder.references(column.referenced_column())
        .on(column.referenced_table())
        .on_delete(column.on_delete)
        .on_update(column.on_update);
  } else if (!column.references_table.empty()) {
    builder.references(column.references_column)
        .on(column.references_table)
        .on_delete(column.on_delete);
  }
}

// ---- keys ----

IndexColumn part_of(const EntityPart& part) {
  IndexColumn column = part.member != nullptr ? IndexColumn(part.member())
                                              : IndexColumn(expression(part.expression));
  if (part.descending) column.descending();
  if (part.nulls == "first") column.nulls_first();
  if (part.nulls == "last") column.nulls_last();
  if (part.prefix != 0) column.prefix(part.prefix);
  if (!part.operator_class.empty()) column.operator_class(part.operator_class);
  if (!part.collation.empty()) column.collate(part.collation);
  return column;
}

IndexColumns parts_of(const EntityKey& key) {
  std::vector<IndexColumn> list;
  for (const EntityPart& part : key.parts) list.push_back(part_of(part));
  return IndexColumns(std::move(list));
}

template <class List>
std::vector<std::string> names_of(const List& names) {
  std::vector<std::string> texts;
  for (const auto& name : names) {
    if constexpr (std::is_invocable_v<decltype(name)>)
      texts.emplace_back(name());
    else
      texts.emplace_back(name);
  }
  return texts;
}

std::vector<std::string> members_of(const EntityKey& key) {
  std::vector<std::string> names;
  for (const EntityPart& part : key.parts) {
    if (part.member == nullptr) {
      throw Error(ErrorKind::validation, "this key takes members alone, not the expression '" +
                                             std::string(part.expression) + "'");
    }
    names.emplace_back(part.member());
  }
  return names;
}

void describe_index(IndexBuilder builder, const EntityKey& key) {
  if (key.is_unique) builder.unique();
  if (!key.method.empty()) builder.method(key.method);
  if (!key.where.empty()) builder.where(key.where);
  if (!key.include.empty()) builder.include(names_of(key.include));
  if (key.nulls_not_distinct) builder.nulls_not_distinct();
  if (key.deferrable) builder.deferrable(key.initially_deferred);
  if (!key.language.empty()) builder.language(key.language);
  if (!key.parser.empty()) builder.parser(key.parser);
  if (!key.comment.empty()) builder.comment(key.comment);
  for (const auto& [name, value] : key.options) {
    if (key.kind == EntityKeyKind::unique)
      builder.constraint_option(name, value);
    else
      builder.option(name, value);
  }
}

void describe_foreign(ForeignBuilder builder, const EntityKey& key) {
  if (key.referenced_table != nullptr)
    builder.references(names_of(key.referenced)).on(key.referenced_table());
  else
    builder.references(names_of(key.referenced_names)).on(key.table);
  builder.on_delete(key.on_delete).on_update(key.on_update);
  if (key.deferrable) builder.deferrable(key.initially_deferred);
  if (key.not_valid) builder.not_valid();
  if (!key.match.empty()) builder.match(key.match);
  for (const auto& [name, value] : key.options) builder.option(name, value);
}

void describe_check(CheckBuilder builder, const EntityKey& key) {
  if (key.not_valid) builder.not_valid();
  if (key.not_enforced) builder.not_enforced();
  if (key.unnamed) builder.unnamed();
  for (const auto& [name, value] : key.options) builder.option(name, value);
}

void describe_exclusion(TableBuilder& table, const EntityKey& key) {
  std::vector<TableBuilder::Exclude> elements;
  for (const EntityPart& part : key.parts) {
    elements.push_back({std::string(part.member != nullptr ? part.member() : part.expression),
                        std::string(part.with)});
  }
  ExclusionBuilder builder = table.exclude(std::move(elements), key.name);
  if (!key.method.empty()) builder.method(key.method);
  if (!key.where.empty()) builder.where(key.where);
  if (key.deferrable) builder.deferrable(key.initially_deferred);
  for (const auto& [name, value] : key.options) builder.option(name, value);
}

void describe_key(TableBuilder& table, const EntityKey& key) {
  switch (key.kind) {
    case EntityKeyKind::primary: {
      PrimaryBuilder builder = table.primary(parts_of(key), key.name);
      for (const auto& [name, value] : key.options) builder.option(name, value);
      break;
    }
    case EntityKeyKind::unique:
      describe_index(table.unique(parts_of(key), key.name), key);
      break;
    case EntityKeyKind::index:
      describe_index(table.index(parts_of(key), key.name), key);
      break;
    case EntityKeyKind::full_text:
      describe_index(table.full_text(members_of(key), key.name), key);
      break;
    case EntityKeyKind::spatial:
      describe_index(table.spatial(members_of(key), key.name), key);
      break;
    case EntityKeyKind::foreign:
      describe_foreign(table.foreign(members_of(key), key.name), key);
      break;
    case EntityKeyKind::check:
      describe_check(table.check(key.expression, key.name), key);
      break;
    case EntityKeyKind::exclusion:
      describe_exclusion(table, key);
      break;
  }
}

void describe_settings(TableBuilder& table, const detail::EntitySettings& settings) {
  if (!settings.comment.empty()) table.comment(settings.comment);
  if (!settings.engine.empty()) table.engine(settings.engine);
  if (!settings.charset.empty()) table.charset(settings.charset);
  if (!settings.collation.empty()) table.collation(settings.collation);
  if (settings.strict) table.strict();
  if (settings.without_rowid) table.without_rowid();
  for (const auto& [key, value] : settings.options) table.option(key, value);
  if (!settings.partition_key.empty()) table.partition_key(names_of(settings.partition_key));
  std::vector<IndexColumn> clustering;
  for (const EntityPart& part : settings.clustering_key) clustering.push_back(part_of(part));
  if (!clustering.empty()) table.clustering_key(IndexColumns(std::move(clustering)));
}

}  // namespace

void detail::describe_entity(TableBuilder& table, const EntityTable& entity) {
  const Dialect& dialect = dialect_named(dialect_of(table));
  std::set<std::string_view> enums;  // whose types this table makes, if they are objects
  for (const EntityColumn& column : entity.columns) {
    const bool again =
        column.type == EntityType::enumeration && !enums.insert(column.enumeration().name).second;
    describe_column(table, column, again && has_enum_types(dialect, {}));
  }
  for (const EntityKey& key : entity.keys) describe_key(table, key);
  describe_settings(table, entity.settings);
}

std::string_view detail::dialect_of(const TableBuilder& builder) {
  return builder.draft_->dialect.name();
}

std::string_view detail::enum_text(const EntityEnum& description, std::int64_t number) {
  for (std::size_t i = 0; i < description.count; ++i) {
    if (description.values[i].number == number) return description.values[i].text;
  }
  throw Error(ErrorKind::data, "the enumerator " + std::to_string(number) + " of " +
                                   std::string(description.name) + " has no text")
      .suggest("describe it with sterna::value in sterna::enumeration");
}

std::int64_t detail::enum_number(const EntityEnum& description, std::string_view text) {
  for (std::size_t i = 0; i < description.count; ++i) {
    if (description.values[i].text == text) return description.values[i].number;
  }
  throw Error(ErrorKind::data,
              "'" + std::string(text) + "' is no value of " + std::string(description.name))
      .suggest("describe it with sterna::value in sterna::enumeration");
}

model::Table entity_table(const detail::EntityTable& entity, const Dialect& dialect,
                          const ServerInfo& server) {
  detail::TableDraft draft(entity.settings.name, false, dialect, server);
  TableBuilder builder(draft);
  detail::describe_entity(builder, entity);
  return finish_table(draft);
}

}  // namespace sterna
