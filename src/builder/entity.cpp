#include "builder/entity.hpp"

#include "builder/draft.hpp"

namespace sterna {

using detail::EntityColumn;
using detail::EntityType;

namespace {

ColumnBuilder make_column(TableBuilder& table, const EntityColumn& column) {
  switch (column.type) {
    case EntityType::boolean:
      return table.boolean(column.name);
    case EntityType::tiny_integer:
      return table.tiny_integer(column.name);
    case EntityType::small_integer:
      return table.small_integer(column.name);
    case EntityType::integer:
      return table.integer(column.name);
    case EntityType::big_integer:
      return table.big_integer(column.name);
    case EntityType::real:
      return table.float_(column.name);
    case EntityType::double_precision:
      return table.double_(column.name);
    case EntityType::string:
      return table.string(column.name, column.length);
    case EntityType::text:
      return table.text(column.name);
    // All six digits: what is written is what is read again.
    case EntityType::timestamp:
      return table.timestamp(column.name, 6);
    case EntityType::binary:
      return table.binary(column.name);
    case EntityType::decimal:
      return table.decimal(column.name, column.precision, column.scale);
    case EntityType::uuid:
      return table.uuid(column.name);
    case EntityType::json:
      return table.json(column.name);
    case EntityType::jsonb:
      return table.jsonb(column.name);
    case EntityType::date:
      return table.date(column.name);
    case EntityType::native:
      return table.type(column.name, column.native);
  }
  return table.text(column.name);
}

void set_default(ColumnBuilder& builder, const EntityColumn& column) {
  switch (column.default_kind) {
    case EntityColumn::Default::none:
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

}  // namespace

void detail::describe_entity(TableBuilder& table, const EntityTable& entity) {
  for (std::size_t i = 0; i < entity.count; ++i) {
    const EntityColumn& column = entity.columns[i];
    ColumnBuilder builder = make_column(table, column);
    builder.nullable(column.nullable);
    set_default(builder, column);
    if (column.auto_increment) builder.auto_increment();
    if (column.primary) builder.primary();
    if (!column.comment.empty()) builder.comment(column.comment);
    if (!column.collation.empty()) builder.collate(column.collation);
    if (column.unique) builder.unique();
    if (column.index) builder.index();
    if (!column.check.empty()) builder.check(column.check);
    if (!column.references_table.empty()) {
      builder.references(column.references_column)
          .on(column.references_table)
          .on_delete(column.on_delete);
    }
  }
}

model::Table entity_table(const detail::EntityTable& entity, const Dialect& dialect,
                          const ServerInfo& server) {
  detail::TableDraft draft(entity.name, false, dialect, server);
  TableBuilder builder(draft);
  detail::describe_entity(builder, entity);
  return finish_table(draft);
}

}  // namespace sterna
