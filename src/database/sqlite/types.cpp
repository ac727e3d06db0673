// How SQLite spells the portable types. A declared type gives the column's affinity by the words in
// it (https://www.sqlite.org/datatype3.html, 3.1): a UUID declared "uuid" would become NUMERIC, so
// text it is. STRICT tables know INT, INTEGER, REAL, TEXT, BLOB and ANY alone.
#include "base/text.hpp"
#include "database/sqlite/dialect.hpp"

namespace sterna::sqlite {
namespace {

using model::Column;
using model::Type;
using model::TypeKind;

std::string sized(std::string_view word, const std::optional<int>& size) {
  return std::string(word) + (size ? "(" + std::to_string(*size) + ")" : "");
}

std::string decimal(const Type& type) {
  if (!type.precision) return "numeric";
  return "decimal(" + std::to_string(*type.precision) +
         (type.scale ? "," + std::to_string(*type.scale) : "") + ")";
}

/// "" where a STRICT table has no such type either.
std::string strict_type(const Type& type, const std::string& spelled) {
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::tiny_integer:
    case TypeKind::small_integer:
    case TypeKind::medium_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
    case TypeKind::year:
      return "integer";
    case TypeKind::real:
    case TypeKind::double_precision:
      return "real";
    case TypeKind::decimal:
      return "any";  // keeps a number as it comes: integer, real or text
    case TypeKind::binary:
      return "blob";
    case TypeKind::native:
      return spelled;
    default:
      return "text";
  }
}

bool numbered(const Column& column) {
  return column.auto_increment || column.identity != model::Identity::none;
}

}  // namespace

std::string SqliteDialect::spell(const Type& type, const ServerInfo& /*server*/) const {
  switch (type.kind) {
    case TypeKind::native:
      return type.name;
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::tiny_integer:
      return "tinyint";
    case TypeKind::small_integer:
    case TypeKind::year:
      return "smallint";
    case TypeKind::medium_integer:
      return "mediumint";
    case TypeKind::integer:
      return "integer";
    case TypeKind::big_integer:
      return "bigint";
    case TypeKind::decimal:
      return decimal(type);
    case TypeKind::real:
      return "real";
    case TypeKind::double_precision:
      return "double";
    case TypeKind::char_:
      return sized("char", type.length);
    case TypeKind::string:
      return sized("varchar", type.length);
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
    case TypeKind::uuid:
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::enumeration:
    case TypeKind::inet:
    case TypeKind::cidr:
    case TypeKind::mac_address:
      return "text";
    case TypeKind::binary:
      return "blob";
    case TypeKind::date:
      return "date";
    case TypeKind::time:
      return "time";
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return "datetime";
    default:
      return {};
  }
}

std::string SqliteDialect::column_type(const Column& column, const TableScope& scope) const {
  // Only a column declared exactly so is the rowid (https://www.sqlite.org/autoinc.html).
  if (numbered(column)) return "integer";
  // A column may have no type at all.
  if (column.type.kind == TypeKind::native && column.type.name.empty()) return {};
  std::string spelled = SqlDialect::column_type(column, scope);
  return scope.strict ? strict_type(column.type, spelled) : spelled;
}

std::string SqliteDialect::implied_check(const Column& column, const TableScope& /*scope*/) const {
  if (column.type.is_unsigned && !numbered(column)) {
    return " CHECK (" + quote(column.name) + " >= 0)";
  }
  if (column.type.kind != TypeKind::enumeration) return {};
  std::vector<std::string> values;
  for (const std::string& value : column.type.values) values.push_back(string_literal(value));
  return " CHECK (" + quote(column.name) + " IN (" + join(values, ", ") + "))";
}

bool SqliteDialect::key_in_column(const Column& column, const TableScope& scope) const {
  const model::PrimaryKey* key = scope.primary_key;
  return key != nullptr && key->options.contains("in column") && !key->parts.empty() &&
         key->parts.front().column == column.name;
}

std::string SqliteDialect::identity_words(const Column& column, const TableScope& scope) const {
  std::string words = " ";
  if (scope.primary_key != nullptr && !scope.primary_key->name.empty())
    words += "CONSTRAINT " + quote(scope.primary_key->name) + " ";
  return words + (key_in_column(column, scope) ? scope.primary_key->options.at("in column")
                                               : "PRIMARY KEY AUTOINCREMENT");
}

std::string SqliteDialect::nullability(const Column& column, const ServerInfo& /*server*/) const {
  if (column.nullable) return {};
  const auto conflict = column.options.find("not null on conflict");
  return conflict == column.options.end() ? " NOT NULL"
                                          : " NOT NULL ON CONFLICT " + to_upper(conflict->second);
}

std::string SqliteDialect::default_expression(const std::string& text) const {
  return "(" + text + ")";
}

/// CURRENT_TIMESTAMP has whole seconds.
std::string SqliteDialect::default_now(const Type& type) const {
  if (type.precision.value_or(0) == 0 || type.kind == TypeKind::date) {
    return SqlDialect::default_now(type);
  }
  return type.kind == TypeKind::time ? "(strftime('%H:%M:%f', 'now'))" : "(" + now() + ")";
}

}  // namespace sterna::sqlite
