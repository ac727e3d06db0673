#include "designer/types.hpp"

#include <sterna/error.hpp>

#include <set>

namespace sterna::designer {
namespace {

using model::Type;
using model::TypeKind;

struct Sample {
  const char* group;
  Type type;
};

Type plain(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}
Type sized(TypeKind kind, int length) {
  Type type = plain(kind);
  type.length = length;
  return type;
}
Type zoned(TypeKind kind) {
  Type type = plain(kind);
  type.with_time_zone = true;
  return type;
}
Type precise(int precision, int scale) {
  Type type = plain(TypeKind::decimal);
  type.precision = precision;
  type.scale = scale;
  return type;
}
Type of(TypeKind kind, std::vector<Type> arguments) {
  Type type = plain(kind);
  type.arguments = std::move(arguments);
  return type;
}

std::vector<Sample> samples() {
  const Type text = plain(TypeKind::text), integer = plain(TypeKind::integer);
  std::vector<Sample> all;
  const auto add = [&](const char* group, Type type) { all.push_back({group, std::move(type)}); };
  for (const TypeKind kind : {TypeKind::integer, TypeKind::big_integer, TypeKind::small_integer,
                              TypeKind::tiny_integer, TypeKind::medium_integer})
    add("numbers", plain(kind));
  add("numbers", precise(10, 2));
  for (const TypeKind kind :
       {TypeKind::real, TypeKind::double_precision, TypeKind::varint, TypeKind::counter})
    add("numbers", plain(kind));
  add("text", text);
  add("text", sized(TypeKind::string, 255));
  add("text", sized(TypeKind::char_, 2));
  for (const TypeKind kind : {TypeKind::ascii, TypeKind::tiny_text, TypeKind::medium_text,
                              TypeKind::long_text, TypeKind::json, TypeKind::jsonb})
    add("text", plain(kind));
  add("time", plain(TypeKind::date));
  add("time", plain(TypeKind::timestamp));
  add("time", zoned(TypeKind::timestamp));
  for (const TypeKind kind :
       {TypeKind::datetime, TypeKind::time, TypeKind::interval, TypeKind::year, TypeKind::duration})
    add("time", plain(kind));
  for (const TypeKind kind :
       {TypeKind::boolean, TypeKind::uuid, TypeKind::timeuuid, TypeKind::binary, TypeKind::inet,
        TypeKind::cidr, TypeKind::mac_address})
    add("other", plain(kind));
  add("other", of(TypeKind::array, {text}));
  add("other", of(TypeKind::list, {text}));
  add("other", of(TypeKind::set, {text}));
  add("other", of(TypeKind::map, {text, integer}));
  return all;
}

}  // namespace

std::vector<TypeChoice> type_choices(const Dialect& dialect, const ServerInfo& server) {
  std::vector<TypeChoice> choices;
  std::set<std::string> seen;
  for (Sample& sample : samples()) {
    try {
      std::string text = dialect.type_name(sample.type, server);
      if (!seen.insert(text).second) continue;
      choices.push_back({std::move(sample.type), std::move(text), sample.group});
    } catch (const Error&) {  // this database has no such type
    }
  }
  return choices;
}

namespace {

bool can_render(const Dialect& dialect, const ServerInfo& server, const Change& change) {
  try {
    return !dialect.render(change, {server}).statements.empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

bool has_enum_types(const Dialect& dialect, const ServerInfo& server) {
  return can_render(dialect, server, CreateEnum{model::Name("kind"), {"first"}});
}

bool has_structured_types(const Dialect& dialect, const ServerInfo& server) {
  const model::UserType type{model::Name("kind"), {{"first", plain(TypeKind::text)}}, {}};
  return can_render(dialect, server, CreateType{type, false});
}

}  // namespace sterna::designer
