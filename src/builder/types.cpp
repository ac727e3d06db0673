#include <sterna/types.hpp>

#include <sterna/error.hpp>

#include <string>
#include <unordered_set>

#include "model/model.hpp"

namespace sterna {

using model::Type;
using model::TypeKind;

ColumnType::ColumnType(model::Type type)
    : type_(std::make_shared<const model::Type>(std::move(type))) {}

namespace types {
namespace {

ColumnType of(TypeKind kind) {
  Type type;
  type.kind = kind;
  return ColumnType(std::move(type));
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::validation, message);
}

ColumnType with_length(TypeKind kind, int length, int least, const char* what) {
  if (length < least)
    refuse(std::string(what) + " of length " + std::to_string(length) + "; it needs " +
           std::to_string(least) + " or more");
  Type type;
  type.kind = kind;
  type.length = length;
  return ColumnType(std::move(type));
}

ColumnType with_precision(TypeKind kind, std::optional<int> precision,
                          bool with_time_zone = false) {
  if (precision && (*precision < 0 || *precision > 6)) {
    refuse("a precision of " + std::to_string(*precision) +
           "; seconds have 0 to 6 fractional digits");
  }
  Type type;
  type.kind = kind;
  type.precision = precision;
  type.with_time_zone = with_time_zone;
  return ColumnType(std::move(type));
}

ColumnType with_name(TypeKind kind, std::string_view name, const char* what) {
  if (name.empty()) refuse(std::string(what) + " without a name");
  Type type;
  type.kind = kind;
  type.name = name;
  return ColumnType(std::move(type));
}

ColumnType of_elements(TypeKind kind, std::initializer_list<ColumnType> elements) {
  Type type;
  type.kind = kind;
  for (const ColumnType& element : elements) type.arguments.push_back(element.get());
  return ColumnType(std::move(type));
}

ColumnType with_values(TypeKind kind, std::vector<std::string> values, const char* what) {
  if (values.empty()) refuse(std::string(what) + " without values");
  std::unordered_set<std::string_view> seen;
  for (const std::string& value : values) {
    if (!seen.insert(value).second)
      refuse(std::string(what) + " with the value '" + value + "' twice");
  }
  Type type;
  type.kind = kind;
  type.values = std::move(values);
  return ColumnType(std::move(type));
}

}  // namespace

ColumnType native(std::string_view name) {
  return with_name(TypeKind::native, name, "a native type");
}
ColumnType boolean() { return of(TypeKind::boolean); }
ColumnType tiny_integer() { return of(TypeKind::tiny_integer); }
ColumnType small_integer() { return of(TypeKind::small_integer); }
ColumnType medium_integer() { return of(TypeKind::medium_integer); }
ColumnType integer() { return of(TypeKind::integer); }
ColumnType big_integer() { return of(TypeKind::big_integer); }

ColumnType unsigned_(const ColumnType& type) {
  Type copy = type.get();
  copy.is_unsigned = true;
  return ColumnType(std::move(copy));
}

ColumnType decimal(int precision, int scale) {
  if (precision < 1)
    refuse("a decimal with " + std::to_string(precision) + " digits; it needs 1 or more");
  if (scale < 0)
    refuse("a decimal with a scale of " + std::to_string(scale) + "; it needs 0 or more");
  if (scale > precision) {
    refuse("a decimal with " + std::to_string(scale) + " digits behind the point of " +
           std::to_string(precision) + " in all: the scale may not be larger than the precision");
  }
  Type type;
  type.kind = TypeKind::decimal;
  type.precision = precision;
  type.scale = scale;
  return ColumnType(std::move(type));
}

ColumnType float_() { return of(TypeKind::real); }
ColumnType double_() { return of(TypeKind::double_precision); }
ColumnType char_(int length) { return with_length(TypeKind::char_, length, 1, "a char column"); }
ColumnType string(int length) {
  return with_length(TypeKind::string, length, 1, "a string column");
}
ColumnType text() { return of(TypeKind::text); }
ColumnType tiny_text() { return of(TypeKind::tiny_text); }
ColumnType medium_text() { return of(TypeKind::medium_text); }
ColumnType long_text() { return of(TypeKind::long_text); }
ColumnType binary(int length) {
  return with_length(TypeKind::binary, length, 0, "a binary column");
}
ColumnType uuid() { return of(TypeKind::uuid); }
ColumnType json() { return of(TypeKind::json); }
ColumnType jsonb() { return of(TypeKind::jsonb); }
ColumnType date() { return of(TypeKind::date); }
ColumnType time(std::optional<int> precision, bool with_time_zone) {
  return with_precision(TypeKind::time, precision, with_time_zone);
}
ColumnType timestamp(std::optional<int> precision, bool with_time_zone) {
  return with_precision(TypeKind::timestamp, precision, with_time_zone);
}
ColumnType datetime(std::optional<int> precision) {
  return with_precision(TypeKind::datetime, precision);
}
ColumnType interval(std::optional<int> precision) {
  return with_precision(TypeKind::interval, precision);
}
ColumnType year() { return of(TypeKind::year); }

ColumnType enum_(std::vector<std::string> values, std::string_view type_name) {
  Type type = with_values(TypeKind::enumeration, std::move(values), "an enumeration").get();
  type.name = type_name;
  return ColumnType(std::move(type));
}

ColumnType set_of_values(std::vector<std::string> values) {
  return with_values(TypeKind::set_of_values, std::move(values), "a set");
}
ColumnType inet() { return of(TypeKind::inet); }
ColumnType cidr() { return of(TypeKind::cidr); }
ColumnType mac_address() { return of(TypeKind::mac_address); }
ColumnType array(const ColumnType& element) { return of_elements(TypeKind::array, {element}); }
ColumnType range(std::string_view name) { return with_name(TypeKind::range, name, "a range"); }

ColumnType timeuuid() { return of(TypeKind::timeuuid); }
ColumnType counter() { return of(TypeKind::counter); }
ColumnType varint() { return of(TypeKind::varint); }
ColumnType duration() { return of(TypeKind::duration); }
ColumnType ascii() { return of(TypeKind::ascii); }
ColumnType list(const ColumnType& element) { return of_elements(TypeKind::list, {element}); }
ColumnType set(const ColumnType& element) { return of_elements(TypeKind::set, {element}); }
ColumnType map(const ColumnType& key, const ColumnType& value) {
  return of_elements(TypeKind::map, {key, value});
}
ColumnType tuple(std::initializer_list<ColumnType> elements) {
  if (elements.size() == 0) refuse("a tuple without elements");
  return of_elements(TypeKind::tuple, elements);
}
ColumnType frozen(const ColumnType& type) { return of_elements(TypeKind::frozen, {type}); }
ColumnType user_type(std::string_view name) {
  return with_name(TypeKind::user_type, name, "a user type");
}

ColumnType vector(const ColumnType& element, int dimension) {
  if (dimension < 1)
    refuse("a vector of dimension " + std::to_string(dimension) + "; it needs 1 or more");
  Type type = of_elements(TypeKind::vector, {element}).get();
  type.length = dimension;
  return ColumnType(std::move(type));
}

}  // namespace types
}  // namespace sterna
