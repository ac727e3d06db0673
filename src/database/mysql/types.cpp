// How MySQL and MariaDB spell the portable types (MySQL manual, "Data Types"; MariaDB, "Data
// Types").
#include "database/mysql/dialect.hpp"

namespace sterna::mysql {
namespace {

using model::Type;
using model::TypeKind;

std::string sized(std::string_view word, const std::optional<int>& size) {
  return std::string(word) + (size ? "(" + std::to_string(*size) + ")" : "");
}

std::string number(std::string_view word, const Type& type) {
  return std::string(word) + (type.is_unsigned ? " unsigned" : "");
}

std::string decimal(const Type& type) {
  if (!type.precision) return number("decimal", type);
  const std::string scale = type.scale ? "," + std::to_string(*type.scale) : "";
  return number("decimal(" + std::to_string(*type.precision) + scale + ")", type);
}

std::string choice(const SqlDialect& dialect, std::string_view word, const Type& type) {
  std::string list;
  for (const std::string& value : type.values) {
    list += (list.empty() ? "" : ",") + dialect.string_literal(value);
  }
  return std::string(word) + "(" + list + ")";
}

bool has_uuid(const ServerInfo& server) {
  constexpr int since = 100700;
  return server.product == "MariaDB" && server.version >= since;
}

}  // namespace

bool is_spatial(std::string_view word) {
  return word == "geometry" || word.ends_with("point") || word.ends_with("linestring") ||
         word.ends_with("polygon") || word.ends_with("collection");
}

/// "Cannot get geometry object from data you send to the GEOMETRY field", in either direction.
bool MysqlDialect::converts(const Type& from, const Type& to) const {
  return is_spatial(from.name) == is_spatial(to.name);
}

std::string MysqlDialect::spell(const Type& type, const ServerInfo& server) const {
  switch (type.kind) {
    case TypeKind::native:
      return type.name;
    case TypeKind::boolean:
      return "tinyint(1)";
    case TypeKind::tiny_integer:
      return number("tinyint", type);
    case TypeKind::small_integer:
      return number("smallint", type);
    case TypeKind::medium_integer:
      return number("mediumint", type);
    case TypeKind::integer:
      return number("int", type);
    case TypeKind::big_integer:
      return number("bigint", type);
    case TypeKind::decimal:
      return decimal(type);
    case TypeKind::real:
      return number("float", type);
    case TypeKind::double_precision:
      return number("double", type);
    case TypeKind::char_:
      return sized("char", type.length);
    case TypeKind::string:
      return "varchar(" + std::to_string(type.length.value_or(255)) + ")";
    case TypeKind::text:
      return "text";
    case TypeKind::tiny_text:
      return "tinytext";
    case TypeKind::medium_text:
      return "mediumtext";
    case TypeKind::long_text:
      return "longtext";
    case TypeKind::binary:
      return type.length.value_or(0) > 0 ? sized("varbinary", type.length) : "longblob";
    case TypeKind::uuid:
      return has_uuid(server) ? "uuid" : "char(36)";
    case TypeKind::json:
    case TypeKind::jsonb:
      return "json";
    case TypeKind::date:
      return "date";
    case TypeKind::time:
      return sized("time", type.precision);
    case TypeKind::timestamp:
      return sized("timestamp", type.precision);
    case TypeKind::datetime:
      return sized("datetime", type.precision);
    case TypeKind::year:
      return "year";
    case TypeKind::enumeration:
      return choice(*this, "enum", type);
    case TypeKind::set_of_values:
      return choice(*this, "set", type);
    // As text, long enough for every address that PostgreSQL's own types print.
    case TypeKind::inet:
      return "varchar(45)";
    case TypeKind::cidr:
      return "varchar(49)";
    case TypeKind::mac_address:
      return "varchar(17)";
    default:
      return {};
  }
}

/// Generated columns of MariaDB take no NOT NULL; old servers read a TIMESTAMP without NULL as NOT
/// NULL with a default of its own (explicit_defaults_for_timestamp).
std::string MysqlDialect::nullability(const model::Column& column, const ServerInfo& server) const {
  if (column.generated && server.product == "MariaDB") return {};
  if (column.options.contains("generated always as row start") ||
      column.options.contains("generated always as row end")) {
    return {};
  }
  if (column.nullable && column.type.kind == TypeKind::timestamp) return " NULL";
  return SqlDialect::nullability(column, server);
}

/// BLOB, TEXT and JSON columns take a default only as an expression (MySQL manual, "Data Type
/// Default Values").
std::string MysqlDialect::default_literal(const model::Column& column, const std::string& text,
                                          const ServerInfo& server) const {
  switch (column.type.kind) {
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
    case TypeKind::json:
    case TypeKind::jsonb:
      return "(" + string_literal(text) + ")";
    case TypeKind::binary:
      if (column.type.length.value_or(0) == 0) return "(" + string_literal(text) + ")";
      [[fallthrough]];
    default:
      return SqlDialect::default_literal(column, text, server);
  }
}

std::string MysqlDialect::default_expression(const std::string& text) const {
  return "(" + text + ")";
}

/// The precision must be that of the column ("Invalid default value" otherwise).
std::string MysqlDialect::default_now(const Type& type) const {
  if (type.kind == TypeKind::date) return "(CURRENT_DATE)";
  if (type.kind == TypeKind::time) return "(" + sized("CURRENT_TIME", type.precision) + ")";
  if (type.kind == TypeKind::timestamp || type.kind == TypeKind::datetime) {
    return sized("CURRENT_TIMESTAMP", type.precision);
  }
  return "(CURRENT_TIMESTAMP)";
}

}  // namespace sterna::mysql
