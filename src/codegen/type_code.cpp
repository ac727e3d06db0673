#include "codegen/type_code.hpp"

#include <sterna/error.hpp>
#include <sterna/types.hpp>

#include <charconv>

#include "base/text.hpp"
#include "codegen/cpp_text.hpp"

namespace sterna::codegen {
namespace {

using model::Type;
using model::TypeKind;

struct Made {
  TypeCode code;
  Type type;  ///< what the call gives
};

Made made(std::string name, std::string arguments, const ColumnType& type) {
  return {{std::move(name), std::move(arguments), false}, type.get()};
}

std::string number(int value) { return std::to_string(value); }

std::string precision_arguments(const Type& type) {
  const std::string precision = type.precision ? number(*type.precision) : "std::nullopt";
  if (type.with_time_zone) return precision + ", true";
  return type.precision ? precision : "";
}

std::optional<Made> simple(const Type& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return made("boolean", "", types::boolean());
    case TypeKind::tiny_integer:
      return made("tiny_integer", "", types::tiny_integer());
    case TypeKind::small_integer:
      return made("small_integer", "", types::small_integer());
    case TypeKind::medium_integer:
      return made("medium_integer", "", types::medium_integer());
    case TypeKind::integer:
      return made("integer", "", types::integer());
    case TypeKind::big_integer:
      return made("big_integer", "", types::big_integer());
    case TypeKind::real:
      return made("float_", "", types::float_());
    case TypeKind::double_precision:
      return made("double_", "", types::double_());
    case TypeKind::text:
      return made("text", "", types::text());
    case TypeKind::tiny_text:
      return made("tiny_text", "", types::tiny_text());
    case TypeKind::medium_text:
      return made("medium_text", "", types::medium_text());
    case TypeKind::long_text:
      return made("long_text", "", types::long_text());
    case TypeKind::uuid:
      return made("uuid", "", types::uuid());
    case TypeKind::json:
      return made("json", "", types::json());
    case TypeKind::jsonb:
      return made("jsonb", "", types::jsonb());
    case TypeKind::date:
      return made("date", "", types::date());
    case TypeKind::year:
      return made("year", "", types::year());
    case TypeKind::inet:
      return made("inet", "", types::inet());
    case TypeKind::cidr:
      return made("cidr", "", types::cidr());
    case TypeKind::mac_address:
      return made("mac_address", "", types::mac_address());
    case TypeKind::timeuuid:
      return made("timeuuid", "", types::timeuuid());
    case TypeKind::counter:
      return made("counter", "", types::counter());
    case TypeKind::varint:
      return made("varint", "", types::varint());
    case TypeKind::duration:
      return made("duration", "", types::duration());
    case TypeKind::ascii:
      return made("ascii", "", types::ascii());
    default:
      return std::nullopt;
  }
}

std::optional<Made> with_arguments(const Type& type) {
  switch (type.kind) {
    case TypeKind::native:
      return made("native", cpp_string(type.name), types::native(type.name));
    case TypeKind::decimal: {
      if (!type.precision) return std::nullopt;
      const int scale = type.scale.value_or(0);
      return made("decimal", number(*type.precision) + ", " + number(scale),
                  types::decimal(*type.precision, scale));
    }
    case TypeKind::char_:
      return made("char_", number(type.length.value_or(1)), types::char_(type.length.value_or(1)));
    case TypeKind::string:
      return made("string", number(type.length.value_or(255)),
                  types::string(type.length.value_or(255)));
    case TypeKind::binary: {
      const int length = type.length.value_or(0);
      return made("binary", length == 0 ? "" : number(length), types::binary(length));
    }
    case TypeKind::time:
      return made("time", precision_arguments(type),
                  types::time(type.precision, type.with_time_zone));
    case TypeKind::timestamp:
      return made("timestamp", precision_arguments(type),
                  types::timestamp(type.precision, type.with_time_zone));
    case TypeKind::datetime:
      return made("datetime", precision_arguments(type), types::datetime(type.precision));
    case TypeKind::interval:
      return made("interval", precision_arguments(type), types::interval(type.precision));
    case TypeKind::enumeration:
      return made("enum_",
                  cpp_list(type.values) + (type.name.empty() ? "" : ", " + cpp_string(type.name)),
                  types::enum_(type.values, type.name));
    case TypeKind::set_of_values:
      return made("set_of_values", cpp_list(type.values), types::set_of_values(type.values));
    case TypeKind::range:
      return made("range", cpp_string(type.name), types::range(type.name));
    case TypeKind::user_type:
      return made("user_type", cpp_string(type.name), types::user_type(type.name));
    default:
      return std::nullopt;
  }
}

std::optional<Made> of_elements(const Type& type) {
  std::vector<std::string> arguments;
  for (const Type& element : type.arguments) {
    const std::optional<TypeCode> code = type_code(element);
    if (!code) return std::nullopt;
    arguments.push_back(code->value());
  }
  const auto element = [&](std::size_t i) { return ColumnType(type.arguments[i]); };
  const std::string list = join(arguments, ", ");
  const std::size_t count = arguments.size();
  if (type.kind == TypeKind::array && count == 1)
    return made("array", list, types::array(element(0)));
  if (type.kind == TypeKind::list && count == 1) return made("list", list, types::list(element(0)));
  if (type.kind == TypeKind::set && count == 1) return made("set", list, types::set(element(0)));
  if (type.kind == TypeKind::frozen && count == 1)
    return made("frozen", list, types::frozen(element(0)));
  if (type.kind == TypeKind::map && count == 2)
    return made("map", list, types::map(element(0), element(1)));
  if (type.kind == TypeKind::vector && count == 1) {
    const int dimension = type.length.value_or(0);
    return made("vector", list + ", " + number(dimension), types::vector(element(0), dimension));
  }
  if (type.kind == TypeKind::tuple && count > 0) {
    Type tuple;
    tuple.kind = TypeKind::tuple;
    tuple.arguments = type.arguments;
    return made("tuple", "{" + list + "}", ColumnType(std::move(tuple)));
  }
  return std::nullopt;
}

/// Numbers that a C++ literal of ours becomes again, digit by digit.
bool is_plain_integer(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() &&
         std::to_string(value) == text && value > INT64_MIN;
}

std::string integer_literal(const std::string& text) {
  constexpr std::size_t digits_of_int = 9;
  return text.size() > digits_of_int ? text + "LL" : text;
}

}  // namespace

std::string TypeCode::value() const {
  const std::string call = "sterna::types::" + name + "(" + arguments + ")";
  return is_unsigned ? "sterna::types::unsigned_(" + call + ")" : call;
}

std::optional<TypeCode> type_code(const Type& type) {
  Type plain = type;
  plain.is_unsigned = false;
  try {
    std::optional<Made> found = simple(plain);
    if (!found) found = with_arguments(plain);
    if (!found) found = of_elements(plain);
    if (!found || found->type != plain) return std::nullopt;
    found->code.is_unsigned = type.is_unsigned;
    return found->code;
  } catch (const Error&) {  // out of the range that the API takes
    return std::nullopt;
  }
}

std::string default_code(const model::Default& value) {
  using Kind = model::Default::Kind;
  using Literal = model::Default::Literal;
  if (value.kind == Kind::now) return "sterna::now()";
  if (value.kind == Kind::expression) return "sterna::expression(" + cpp_string(value.text) + ")";
  switch (value.literal) {
    case Literal::null:
      return "nullptr";
    case Literal::boolean:
      return value.text == "true" ? "true" : "false";
    case Literal::number:
      if (is_plain_integer(value.text)) return integer_literal(value.text);
      return "sterna::expression(" + cpp_string(value.text) + ")";
    case Literal::string:
      break;
  }
  return cpp_string(value.text);
}

}  // namespace sterna::codegen
