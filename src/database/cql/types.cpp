// How CQL spells the portable types (Cassandra documentation, "Data Types"), and which of them it
// has no word for. Refuses what the server would refuse, naming the alternative.
#include "base/text.hpp"
#include "database/cql/dialect.hpp"

namespace sterna::cql {
namespace {

using model::Type;
using model::TypeKind;

/// Several cells a value, unless frozen: it cannot stand inside a collection, nor in a key.
bool has_cells(TypeKind kind) {
  return kind == TypeKind::list || kind == TypeKind::set || kind == TypeKind::map ||
         kind == TypeKind::user_type;
}

std::string_view plain_word(TypeKind kind) {
  switch (kind) {
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::tiny_integer:
      return "tinyint";
    case TypeKind::small_integer:
    case TypeKind::year:
      return "smallint";
    case TypeKind::medium_integer:
    case TypeKind::integer:
      return "int";
    case TypeKind::big_integer:
      return "bigint";
    case TypeKind::decimal:
      return "decimal";
    case TypeKind::real:
      return "float";
    case TypeKind::double_precision:
      return "double";
    case TypeKind::char_:
    case TypeKind::string:
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
    case TypeKind::json:
    case TypeKind::jsonb:
      return "text";
    case TypeKind::binary:
      return "blob";
    case TypeKind::uuid:
      return "uuid";
    case TypeKind::date:
      return "date";
    case TypeKind::time:
      return "time";
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return "timestamp";
    case TypeKind::interval:
    case TypeKind::duration:
      return "duration";
    case TypeKind::inet:
      return "inet";
    case TypeKind::timeuuid:
      return "timeuuid";
    case TypeKind::counter:
      return "counter";
    case TypeKind::varint:
      return "varint";
    case TypeKind::ascii:
      return "ascii";
    default:
      return {};
  }
}

/// Why there is no such type and what to use; empty when there is one.
std::string_view no_type_here(const Type& type, const ServerInfo& server) {
  if (type.is_unsigned)
    return "has no unsigned numbers; use the next larger integer, or types::varint()";
  switch (type.kind) {
    case TypeKind::timestamp:
    case TypeKind::datetime:
      if (type.precision.value_or(0) > 3)
        return "keeps timestamps in milliseconds; leave out the precision, or use timeuuid()";
      return {};
    case TypeKind::time:
      if (type.with_time_zone)
        return "has no time with a time zone; use time(), or timestamp() for an instant";
      return {};
    case TypeKind::enumeration:
      return "has no enumerations and no checks; use text() and check the value in the program";
    case TypeKind::set_of_values:
      return "has no SET of given values; use set_of() with text()";
    case TypeKind::array:
      return "has no arrays; use list(), or frozen() around one";
    case TypeKind::range:
      return "has no ranges; use two columns";
    case TypeKind::cidr:
    case TypeKind::mac_address:
      return "has no such address type; use inet() or text()";
    case TypeKind::vector:
      if (!since(server, 50000, 20250400))
        return "has vectors from Cassandra 5.0 on; use frozen() around a list";
      return {};
    default:
      return {};
  }
}

}  // namespace

std::string CqlDialect::spell(const Type& type, const ServerInfo& server) const {
  if (const std::string_view reason = no_type_here(type, server); !reason.empty())
    refuse({}, reason, server);
  const auto arguments = [&](bool in_collection) {
    std::vector<std::string> texts;
    for (const Type& argument : type.arguments) {
      if (in_collection && has_cells(argument.kind)) {
        refuse({},
               "keeps a collection or user type inside another collection only as one value; put "
               "frozen() around the inner one",
               server);
      }
      if (argument.kind == TypeKind::counter)
        refuse({}, "has counters as columns alone; use big_integer() within a type", server);
      texts.push_back(spell(argument, server));
    }
    return join(texts, ", ");
  };
  switch (type.kind) {
    case TypeKind::native:
      return type.name;
    case TypeKind::list:
      return "list<" + arguments(true) + ">";
    case TypeKind::set:
      return "set<" + arguments(true) + ">";
    case TypeKind::map:
      return "map<" + arguments(true) + ">";
    case TypeKind::tuple:
      return "tuple<" + arguments(false) + ">";
    case TypeKind::frozen: {
      const TypeKind inner = type.arguments.empty() ? TypeKind::native : type.arguments[0].kind;
      if (!has_cells(inner) && inner != TypeKind::tuple && inner != TypeKind::native)
        refuse({}, "freezes collections, tuples and user types; leave out frozen()", server);
      return "frozen<" + arguments(false) + ">";
    }
    case TypeKind::vector:
      return "vector<" + arguments(false) + ", " + std::to_string(type.length.value_or(1)) + ">";
    case TypeKind::user_type:
      // Of the table's own keyspace: CQL knows no others.
      return quote(model::Name(type.name).name);
    default:
      return std::string(plain_word(type.kind));
  }
}

/// The same with the column's name in the refusal.
std::string CqlDialect::column_type(const model::Column& column, const TableScope& scope) const {
  try {
    return SqlDialect::column_type(column, scope);
  } catch (Error& error) {
    if (!error.object().empty()) throw;
    throw Error(error.kind(), scope.object(column.name) + ": " + error.what())
        .with_object(scope.object(column.name));
  }
}

}  // namespace sterna::cql
