// The SQL texts inside a model (defaults, checks, parts of indexes, definitions of objects), walked
// over alike. Used by diff where a rename shows in such texts, or a type that goes.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>

namespace sterna::detail {

/// Calls `visit(std::string&)`, or with const for a const table, for each text of it.
template <class AnyTable, class Visit>
void visit_expressions(AnyTable& table, Visit visit) {
  const auto part = [&](auto& one) {
    if (!one.expression.empty()) visit(one.expression);
  };
  for (auto& column : table.columns) {
    if (column.default_value && column.default_value->kind == model::Default::Kind::expression)
      visit(column.default_value->text);
    if (column.generated) visit(column.generated->expression);
  }
  for (auto& index : table.indexes) {
    for (auto& one : index.parts) part(one);
    if (!index.where.empty()) visit(index.where);
  }
  for (auto& check : table.checks) visit(check.expression);
  for (auto& exclusion : table.exclusions) {
    for (auto& element : exclusion.elements) visit(element.column_or_expression);
    if (!exclusion.where.empty()) visit(exclusion.where);
  }
}

/// The enum type as the database prints it in casts and as a column's type: quoted where it must.
std::string spelled(const model::Name& name);
/// Whether `text` may say the column: its name stands there as a word.
bool names_column(std::string_view text, std::string_view column);
/// Whether `text` casts to the type ("'sad'::mood").
bool casts_to(std::string_view text, const model::Name& type);
/// Whether values of `type` are, or hold, those of the enum type.
bool is_of(const model::Type& type, const model::Name& enumeration);

/// Whether something in the model says the value ("'sad'::mood", a default, a partition's bound).
bool mentions_value(const model::Model& model, const model::Name& type, const std::string& value);

/// As the database does it: the type's name, or a value's, in everything that refers to it.
void rename_enum_in(model::Model& model, const model::Name& from, const model::Name& to);
void rename_value_in(model::Model& model, const model::Name& type, const std::string& from,
                     const std::string& to);

}  // namespace sterna::detail
