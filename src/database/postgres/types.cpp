// How PostgreSQL spells the portable types (manual, chapter 8).
#include "database/postgres/dialect.hpp"
#include "database/postgres/enum_types.hpp"

namespace sterna::postgres {
namespace {

using model::Type;
using model::TypeKind;

std::string sized(std::string_view word, const std::optional<int>& size) {
  return std::string(word) + (size ? "(" + std::to_string(*size) + ")" : "");
}

std::string clock(std::string_view word, const Type& type) {
  return sized(word, type.precision) + (type.with_time_zone ? " with time zone" : "");
}

std::string decimal(const Type& type) {
  if (!type.precision) return "numeric";
  return "numeric(" + std::to_string(*type.precision) +
         (type.scale ? "," + std::to_string(*type.scale) : "") + ")";
}

}  // namespace

std::string PostgresDialect::spell(const Type& type, const ServerInfo& server) const {
  switch (type.kind) {
    case TypeKind::native:
      return type.name;
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::tiny_integer:
    case TypeKind::small_integer:
    case TypeKind::year:
      return "smallint";
    case TypeKind::medium_integer:
    case TypeKind::integer:
      return "integer";
    case TypeKind::big_integer:
      return "bigint";
    case TypeKind::decimal:
      return decimal(type);
    case TypeKind::real:
      return "real";
    case TypeKind::double_precision:
      return "double precision";
    case TypeKind::char_:
      return sized("char", type.length);
    case TypeKind::string:
      return sized("varchar", type.length);
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
      return "text";
    case TypeKind::binary:
      return "bytea";  // has no length of its own
    case TypeKind::uuid:
      return "uuid";
    case TypeKind::json:
      return "json";
    case TypeKind::jsonb:
      return "jsonb";
    case TypeKind::date:
      return "date";
    case TypeKind::time:
      return clock("time", type);
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return clock("timestamp", type);
    case TypeKind::interval:
      return sized("interval", type.precision);
    case TypeKind::enumeration:
      return type.name.empty() ? "" : quote(model::Name(type.name));
    case TypeKind::inet:
      return "inet";
    case TypeKind::cidr:
      return "cidr";
    case TypeKind::mac_address:
      return "macaddr";
    case TypeKind::array:
      return type.arguments.empty() ? "" : type_name(type.arguments.front(), server) + "[]";
    case TypeKind::range:
      return type.name;
    default:
      return {};
  }
}

std::string PostgresDialect::column_type(const model::Column& column,
                                         const TableScope& scope) const {
  if (column.type.kind == TypeKind::enumeration) return quote(enum_type(column, scope));
  if (column.options.contains("serial")) {
    if (column.type.kind == TypeKind::big_integer) return "bigserial";
    return column.type.kind == TypeKind::small_integer ? "smallserial" : "serial";
  }
  return SqlDialect::column_type(column, scope);
}

/// PostgreSQL has no unsigned types: the plain type keeps its width, and the check its sign.
std::string PostgresDialect::implied_check(const model::Column& column,
                                           const TableScope& scope) const {
  const bool numbered = column.auto_increment || column.identity != model::Identity::none;
  if (!column.type.is_unsigned || numbered) return {};
  const std::string name = model::default_name(scope.table, {column.name}, "unsigned",
                                               capabilities(scope.server()).max_identifier_length);
  return " CONSTRAINT " + quote(name) + " CHECK (" + quote(column.name) + " >= 0)";
}

}  // namespace sterna::postgres
