#include "database/sql_dialect.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "database/render.hpp"

namespace sterna {
namespace {

using model::TypeKind;

std::string doubled(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result += quote;
}

/// What to use instead of a type that a database does not have. One list for all of them.
std::string no_type(TypeKind kind) {
  switch (kind) {
    case TypeKind::timeuuid:
      return "has no timeuuid, a CQL type; use uuid()";
    case TypeKind::counter:
      return "has no counter, a CQL type; use big_integer()";
    case TypeKind::list:
      return "has no list, a CQL type; use json() or a child table";
    case TypeKind::set:
      return "has no set, a CQL type; use json() or a child table";
    case TypeKind::map:
      return "has no map, a CQL type; use json() or a child table";
    case TypeKind::frozen:
      return "has no frozen, a CQL type; use json()";
    case TypeKind::tuple:
      return "has no tuple, a CQL type; use json() or one column for each part";
    case TypeKind::user_type:
      return "has no CQL user types; use json() or one column for each field";
    case TypeKind::vector:
      return "has no vector type of its own; use type(\"vector(n)\") where the server has one "
             "(pgvector), or json()";
    case TypeKind::varint:
      return "has no varint, a CQL type; use decimal(38, 0)";
    case TypeKind::duration:
      return "has no duration, a CQL type; use big_integer() with a unit in the column's name";
    case TypeKind::ascii:
      return "has no ascii, a CQL type; use string()";
    case TypeKind::array:
      return "has no arrays; use json() or a child table";
    case TypeKind::range:
      return "has no ranges; use two columns with a check between them";
    case TypeKind::interval:
      return "has no intervals; use big_integer() with a unit in the column's name";
    case TypeKind::set_of_values:
      return "has no SET; use a join table, or an array where there are some";
    case TypeKind::enumeration:
      return "needs a name for this enumeration; give the type's name";
    default:
      return "has no such type; use type(\"…\") with a type of its own";
  }
}

std::string number(double value) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end};
}

bool truthy(const std::string& text) {
  return text == "1" || text == "t" || text == "true" || text == "TRUE";
}

}  // namespace

std::string SqlDialect::quote(std::string_view identifier) const {
  return doubled(identifier, quote_character());
}

std::string SqlDialect::string_literal(std::string_view text) const { return doubled(text, '\''); }

std::string SqlDialect::blob_literal(std::string_view bytes) const {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "x'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    result += digits[byte >> 4U];
    result += digits[byte & 15U];
  }
  return result += '\'';
}

std::string SqlDialect::not_finite_literal(double value) const {
  return string_literal(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}

std::string SqlDialect::literal(const Value& value) const {
  struct Visitor {
    const SqlDialect& dialect;
    std::string operator()(std::monostate) const { return "NULL"; }
    std::string operator()(bool v) const { return dialect.boolean_literal(v); }
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
      return std::isfinite(v) ? number(v) : dialect.not_finite_literal(v);
    }
    std::string operator()(const std::string& v) const { return dialect.string_literal(v); }
    std::string operator()(const Blob& v) const { return dialect.blob_literal(v.bytes); }
  };
  return std::visit(Visitor{*this}, value.storage());
}

std::string SqlDialect::type_name(const model::Type& type, const ServerInfo& server) const {
  std::string spelled = spell(type, server);
  if (spelled.empty()) refuse({}, no_type(type.kind), server);
  return spelled;
}

std::string SqlDialect::column_type(const model::Column& column, const TableScope& scope) const {
  std::string spelled = spell(column.type, scope.server());
  if (spelled.empty()) {
    refuse(scope.object(column.name), no_type(column.type.kind), scope.server());
  }
  return spelled;
}

Rendered SqlDialect::render(const Change& change, const RenderContext& context) const {
  return render_change(*this, change, context);
}

void SqlDialect::require(Feature feature, const std::string& object,
                         const ServerInfo& server) const {
  if (const std::string_view reason = lacks(feature, server); !reason.empty()) {
    refuse(object, reason, server);
  }
}

void SqlDialect::refuse(const std::string& object, std::string_view reason,
                        const ServerInfo& server) const {
  std::string message = object.empty() ? "" : object + ": ";
  message += server.product.empty() ? std::string(title()) : server.product;
  message += " " + std::string(reason);
  throw Error(ErrorKind::validation, message).with_object(object);
}

std::string SqlDialect::default_value(const model::Column& column, const ServerInfo& server) const {
  const model::Default& value = *column.default_value;
  if (value.kind == model::Default::Kind::expression) return default_expression(value.text);
  if (value.kind == model::Default::Kind::now) return default_now(column.type);
  switch (value.literal) {
    case model::Default::Literal::null:
      return "NULL";
    case model::Default::Literal::boolean:
      return boolean_literal(truthy(value.text));
    case model::Default::Literal::number:
      return value.text;
    case model::Default::Literal::string:
      break;
  }
  return default_literal(column, value.text, server);
}

std::string SqlDialect::default_literal(const model::Column& /*column*/, const std::string& text,
                                        const ServerInfo& /*server*/) const {
  return string_literal(text);
}

std::string SqlDialect::default_now(const model::Type& type) const {
  if (type.kind == TypeKind::date) return "CURRENT_DATE";
  if (type.kind == TypeKind::time) return "CURRENT_TIME";
  return "CURRENT_TIMESTAMP";
}

std::string SqlDialect::column_options(const model::Column& column) const {
  std::string text;
  for (const auto& [key, value] : column.options) {
    text += " " + to_upper(key) + (value.empty() ? "" : " " + value);
  }
  return text;
}

std::string SqlDialect::create_table_words(const model::Table& table) const {
  return table.temporary ? "CREATE TEMPORARY TABLE " : "CREATE TABLE ";
}

std::string SqlDialect::or_replace(const std::string& definition) const {
  const std::string_view text = trim(definition);
  if (!equals_ignoring_case(text.substr(0, 7), "CREATE ")) return definition;
  const std::string_view rest = trim(text.substr(7));
  if (equals_ignoring_case(rest.substr(0, 11), "OR REPLACE ")) return definition;
  return "CREATE OR REPLACE " + std::string(rest);
}

std::string SqlDialect::drop_primary_key(const model::Name& /*table*/,
                                         const std::string& /*name*/) const {
  return "DROP PRIMARY KEY";
}

std::string SqlDialect::index_on(const std::string& index, const model::Name& table) const {
  return quote(index) + " ON " + quote(table);
}

std::string SqlDialect::index_method(const model::Index& index, const TableScope& /*scope*/) const {
  return index.method.empty() ? "" : " USING " + index.method;
}

std::string SqlDialect::full_text_parts(const model::Index& index) const {
  std::string result;
  for (const model::IndexPart& part : index.parts) {
    result += (result.empty() ? "" : ", ") + quote(part.column);
  }
  return result;
}

std::vector<std::string> SqlDialect::rename_column(const RenameColumn& change,
                                                   const TableScope& scope) const {
  return {"ALTER TABLE " + quote(scope.table) + " RENAME COLUMN " + quote(change.from) + " TO " +
          quote(change.to)};
}

std::vector<std::string> SqlDialect::rename_index(const RenameIndex& change,
                                                  const TableScope& scope) const {
  return {"ALTER TABLE " + quote(scope.table) + " RENAME INDEX " + quote(change.from) + " TO " +
          quote(change.to)};
}

std::string SqlDialect::rename_constraint(const RenameConstraint& change) const {
  return "RENAME CONSTRAINT " + quote(change.from) + " TO " + quote(change.to);
}

std::string SqlDialect::rename_object(const RenameObject& change) const {
  return "ALTER " + (change.kind == "enum" ? "TYPE" : to_upper(change.kind)) + " " +
         quote(change.from) + " RENAME TO " + quote(change.to);
}

std::string SqlDialect::fill_column(const FillColumn& change) const {
  const std::string column = quote(change.column);
  return "UPDATE " + quote(change.table) + " SET " + column + " = " + change.expression +
         " WHERE " + column + " IS NULL";
}

std::string SqlDialect::rename_table(const RenameTable& change) const {
  return "ALTER TABLE " + quote(change.from) + " RENAME TO " + quote(change.to);
}

}  // namespace sterna
