#include "database/cql/value_type.hpp"

#include "base/text.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace sterna::cql {
namespace {

constexpr int most_nested = 32;
constexpr std::string_view package = "org.apache.cassandra.db.marshal.";

struct Known {
  Kind kind;
  std::string_view cql, java;
};
constexpr std::array<Known, 22> scalars{{
    {Kind::ascii, "ascii", "AsciiType"},
    {Kind::bigint, "bigint", "LongType"},
    {Kind::blob, "blob", "BytesType"},
    {Kind::boolean, "boolean", "BooleanType"},
    {Kind::counter, "counter", "CounterColumnType"},
    {Kind::decimal, "decimal", "DecimalType"},
    {Kind::double_, "double", "DoubleType"},
    {Kind::float_, "float", "FloatType"},
    {Kind::int_, "int", "Int32Type"},
    {Kind::timestamp, "timestamp", "TimestampType"},
    {Kind::uuid, "uuid", "UUIDType"},
    {Kind::text, "text", "UTF8Type"},
    {Kind::varint, "varint", "IntegerType"},
    {Kind::timeuuid, "timeuuid", "TimeUUIDType"},
    {Kind::inet, "inet", "InetAddressType"},
    {Kind::date, "date", "SimpleDateType"},
    {Kind::time, "time", "TimeType"},
    {Kind::smallint, "smallint", "ShortType"},
    {Kind::tinyint, "tinyint", "ByteType"},
    {Kind::duration, "duration", "DurationType"},
    {Kind::timestamp, "timestamp", "DateType"},
    {Kind::timeuuid, "timeuuid", "LexicalUUIDType"},
}};

/// Reads what a class name says of a type: Name(argument, …), each a class again.
class ClassReader {
 public:
  explicit ClassReader(std::string_view text) : text_(text) {}

  ValueType read(int depth) {
    if (depth > most_nested) malformed("its types are nested without end");
    std::string_view name = word();
    if (name.starts_with(package)) name.remove_prefix(package.size());
    for (const Known& known : scalars) {
      if (known.java == name) {
        ValueType type;
        type.kind = known.kind;
        return type;
      }
    }
    ValueType type;
    type.kind = Kind::custom;
    if (name == "ListType") type.kind = Kind::list;
    if (name == "SetType") type.kind = Kind::set;
    if (name == "MapType") type.kind = Kind::map;
    if (name == "TupleType") type.kind = Kind::tuple;
    if (name == "VectorType") type.kind = Kind::vector;
    if (name == "FrozenType" || name == "ReversedType") {
      if (!accept('(')) return type;
      type = read(depth + 1);
      accept(')');
      return type;
    }
    if (type.kind == Kind::custom || !accept('(')) return unknown();
    while (!at_end() && !accept(')')) {
      if (type.kind == Kind::vector && type.parts.size() == 1) {
        const std::string_view digits = word();
        std::from_chars(digits.data(), digits.data() + digits.size(), type.dimension);
        if (digits.empty() && !accept(',')) return unknown();
      } else {
        const std::size_t before = text_.size();
        type.parts.push_back(read(depth + 1));
        if (text_.size() == before) return unknown();
      }
      accept(',');
    }
    const std::size_t wanted = type.kind == Kind::map ? 2 : 1;
    if (type.kind != Kind::tuple && type.parts.size() != wanted) return unknown();
    return type;
  }

 private:
  static ValueType unknown() {
    ValueType type;
    type.kind = Kind::custom;
    return type;
  }
  bool at_end() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
    return text_.empty();
  }
  bool accept(char c) {
    if (at_end() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    at_end();
    const std::size_t end = std::min(text_.find_first_of("(), "), text_.size());
    const std::string_view result = text_.substr(0, end);
    text_.remove_prefix(end);
    return result;
  }
  std::string_view text_;
};

}  // namespace

ValueType type_of_class(std::string_view name) {
  ValueType type = ClassReader(name).read(0);
  if (type.kind == Kind::custom) type.name = std::string(name);
  return type;
}

ValueType read_type(ByteReader& reader, int depth) {
  if (depth > most_nested) malformed("its types are nested without end");
  const unsigned id = reader.short_number();
  ValueType type;
  type.kind = static_cast<Kind>(id);
  switch (type.kind) {
    case Kind::custom:
      return type_of_class(reader.string());
    case Kind::list:
    case Kind::set:
      type.parts.push_back(read_type(reader, depth + 1));
      return type;
    case Kind::map:
      type.parts.push_back(read_type(reader, depth + 1));
      type.parts.push_back(read_type(reader, depth + 1));
      return type;
    case Kind::user_type:
      reader.string();  // keyspace
      type.name = reader.string();
      for (unsigned i = reader.short_number(); i > 0; --i) {
        type.fields.push_back(reader.string());
        type.parts.push_back(read_type(reader, depth + 1));
      }
      return type;
    case Kind::tuple:
      for (unsigned i = reader.short_number(); i > 0; --i)
        type.parts.push_back(read_type(reader, depth + 1));
      return type;
    case Kind::vector:
      malformed("it has a type that is not known");
    default:
      break;
  }
  for (const Known& known : scalars) {
    if (known.kind == type.kind) return type;
  }
  malformed("it has a column of the type " + std::to_string(id) + ", which is not known");
}

std::string to_string(const ValueType& type) {
  for (const Known& known : scalars) {
    if (known.kind == type.kind) return std::string(known.cql);
  }
  std::vector<std::string> parts;
  for (const ValueType& part : type.parts) parts.push_back(to_string(part));
  switch (type.kind) {
    case Kind::list:
      return "list<" + join(parts, ", ") + ">";
    case Kind::set:
      return "set<" + join(parts, ", ") + ">";
    case Kind::map:
      return "map<" + join(parts, ", ") + ">";
    case Kind::tuple:
      return "tuple<" + join(parts, ", ") + ">";
    case Kind::vector:
      return "vector<" + join(parts, ", ") + ", " + std::to_string(type.dimension) + ">";
    default:
      return type.name;
  }
}

}  // namespace sterna::cql
