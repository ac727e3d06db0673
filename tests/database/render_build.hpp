// Short words to write models and changes with, for the rendering tests.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "change/change.hpp"

namespace sterna::test {

using model::TypeKind;

inline model::Type type(TypeKind kind, std::optional<int> length = {}) {
  model::Type result;
  result.kind = kind;
  const bool clock = kind == TypeKind::timestamp || kind == TypeKind::datetime ||
                     kind == TypeKind::time || kind == TypeKind::interval;
  (clock ? result.precision : result.length) = length;
  return result;
}

inline model::Column column(std::string name, model::Type column_type) {
  model::Column result;
  result.name = std::move(name);
  result.type = std::move(column_type);
  return result;
}
inline model::Column column(std::string name, TypeKind kind, std::optional<int> length = {}) {
  return column(std::move(name), type(kind, length));
}
inline model::Column nullable(model::Column result) {
  result.nullable = true;
  return result;
}
inline model::Column enumeration(std::string name, std::vector<std::string> values) {
  model::Column result = column(std::move(name), TypeKind::enumeration);
  result.type.values = std::move(values);
  return result;
}
inline model::Column with_unsigned(model::Column result) {
  result.type.is_unsigned = true;
  return result;
}
inline model::Column increments(std::string name, TypeKind kind = TypeKind::integer) {
  model::Column result = column(std::move(name), kind);
  result.auto_increment = true;
  return result;
}
inline model::Column with_default(model::Column result, model::Default value) {
  result.default_value = std::move(value);
  return result;
}
inline model::Default text_default(std::string text) {
  return {model::Default::Kind::literal, std::move(text), model::Default::Literal::string};
}
inline model::Default number_default(std::string text) {
  return {model::Default::Kind::literal, std::move(text), model::Default::Literal::number};
}
inline model::Default boolean_default(bool value) {
  return {model::Default::Kind::literal, value ? "true" : "false",
          model::Default::Literal::boolean};
}
inline model::Default null_default() {
  return {model::Default::Kind::literal, {}, model::Default::Literal::null};
}
inline model::Default expression_default(std::string text) {
  return {model::Default::Kind::expression, std::move(text), model::Default::Literal::string};
}
inline model::Default now_default() { return {model::Default::Kind::now, {}, {}}; }

inline model::IndexPart part(std::string name) {
  model::IndexPart result;
  result.column = std::move(name);
  return result;
}
inline model::IndexPart expression_part(std::string expression) {
  model::IndexPart result;
  result.expression = std::move(expression);
  return result;
}
inline model::Index index(std::vector<model::IndexPart> parts, std::string name = {}) {
  model::Index result;
  result.name = std::move(name);
  result.parts = std::move(parts);
  return result;
}
inline model::PrimaryKey primary(std::vector<model::IndexPart> parts) {
  return {{}, std::move(parts)};
}
inline model::Unique unique(std::vector<std::string> columns, std::string name = {}) {
  model::Unique result;
  result.name = std::move(name);
  result.columns = std::move(columns);
  return result;
}
inline model::Check check(std::string name, std::string expression) {
  model::Check result;
  result.name = std::move(name);
  result.expression = std::move(expression);
  return result;
}
inline model::ForeignKey foreign(std::vector<std::string> columns, std::string table,
                                 std::vector<std::string> referenced = {"id"}) {
  model::ForeignKey result;
  result.columns = std::move(columns);
  result.referenced_table = model::Name(table);
  result.referenced_columns = std::move(referenced);
  return result;
}

/// A table with a numbered key "id" and the columns given.
inline model::Table table(std::string name, std::vector<model::Column> columns) {
  model::Table result;
  result.name = model::Name(name);
  result.columns.push_back(increments("id"));
  for (model::Column& each : columns) result.columns.push_back(std::move(each));
  result.primary_key = primary({part("id")});
  return result;
}

inline Change create(model::Table what) { return CreateTable{std::move(what), false}; }
inline Change alter(std::string name, std::vector<TableAction> actions) {
  return AlterTable{model::Name(name), std::move(actions)};
}
inline Change sql(std::string text) { return RawSql{{std::move(text), {}, {}, {}}, std::nullopt}; }

}  // namespace sterna::test
