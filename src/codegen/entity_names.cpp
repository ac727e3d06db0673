#include "codegen/entity_names.hpp"

#include <set>

#include "codegen/cpp_text.hpp"

namespace sterna::codegen {
namespace {

using model::TypeKind;

std::string unique_name(std::string wanted, std::set<std::string>& taken) {
  while (!taken.insert(wanted).second) wanted += "_";
  return wanted;
}

MemberCode plain(std::string type, bool number = false) {
  return {std::move(type), {}, nullptr, number, false};
}
MemberCode text(std::string call) { return {"std::string", std::move(call), nullptr, false, true}; }

}  // namespace

EntityNames::EntityNames(const CppEntities& entities) : space_(entities.name_space + "::") {
  std::set<std::string> taken;
  for (const model::EnumType& type : entities.model.enums) {
    Enum& one = enums_[type.name];
    one.name = unique_name(codegen::cpp_class_name(type.name.text()), taken);
    std::set<std::string> values;
    for (const std::string& value : type.values)
      one.values[value] = unique_name(codegen::cpp_identifier(value), values);
  }
  for (const model::Table& table : entities.model.tables) {
    Struct& one = structs_[table.name];
    one.name = unique_name(codegen::cpp_class_name(table.name.text()), taken);
    std::set<std::string> members{one.name};
    for (const model::Column& column : table.columns)
      one.members[column.name] = unique_name(codegen::cpp_identifier(column.name), members);
  }
}

std::string EntityNames::pointer(const model::Name& table, const std::string& column) const {
  const auto found = structs_.find(table);
  if (found == structs_.end()) return {};
  const auto member = found->second.members.find(column);
  if (member == found->second.members.end()) return {};
  return "&" + full(found->second.name) + "::" + member->second;
}

std::optional<MemberCode> by_member(const model::Type& type) {
  model::Type bare;
  bare.kind = type.kind;
  if (type.kind == TypeKind::string && type.length) {
    bare.length = type.length;
    if (type == bare) return text(".length(" + std::to_string(*type.length) + ")");
  }
  if (type.kind == TypeKind::decimal && type.precision && type.scale) {
    bare.precision = type.precision;
    bare.scale = type.scale;
    if (type == bare) {
      return text(".decimal(" + std::to_string(*type.precision) + ", " +
                  std::to_string(*type.scale) + ")");
    }
  }
  if (type.kind == TypeKind::timestamp && type.precision == 6) bare.precision = 6;
  if (type != bare) return std::nullopt;
  switch (type.kind) {
    case TypeKind::boolean:
      return plain("bool");
    case TypeKind::tiny_integer:
      return plain("std::int8_t", true);
    case TypeKind::small_integer:
      return plain("std::int16_t", true);
    case TypeKind::integer:
      return plain("std::int32_t", true);
    case TypeKind::big_integer:
      return plain("std::int64_t", true);
    case TypeKind::real:
      return plain("float", true);
    case TypeKind::double_precision:
      return plain("double", true);
    case TypeKind::timestamp:
      return type.precision ? std::optional(plain("sterna::Timestamp")) : std::nullopt;
    case TypeKind::text:
      return text(".text()");
    case TypeKind::uuid:
      return text(".uuid()");
    case TypeKind::json:
      return text(".json()");
    case TypeKind::jsonb:
      return text(".jsonb()");
    case TypeKind::date:
      return text(".date()");
    default:
      return std::nullopt;
  }
}

MemberCode holder_of(const model::Type& type) {
  switch (type.kind) {
    case TypeKind::tiny_integer:
      return plain("std::uint8_t", true);
    case TypeKind::small_integer:
      return plain("std::uint16_t", true);
    case TypeKind::medium_integer:
      return plain("std::int32_t", true);
    case TypeKind::integer:
      return plain("std::uint32_t", true);
    case TypeKind::big_integer:
      return plain("std::uint64_t", true);
    case TypeKind::real:
      return plain("float", true);
    case TypeKind::double_precision:
      return plain("double", true);
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return plain("sterna::Timestamp");
    case TypeKind::binary:
      return plain("sterna::Blob");
    default:
      return text("");
  }
}

}  // namespace sterna::codegen
