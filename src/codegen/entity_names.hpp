// What tables, columns and enumerations are called in C++, and the members that hold the values of
// their columns. Used by the writer of entities.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "codegen/entities.hpp"

namespace sterna::codegen {

/// What the parts of the model are called in C++.
class EntityNames {
 public:
  explicit EntityNames(const CppEntities& entities);

  struct Enum {
    std::string name;
    std::map<std::string, std::string> values;
  };
  struct Struct {
    std::string name;
    std::map<std::string, std::string> members;
  };
  const Struct& of(const model::Table& table) const { return structs_.at(table.name); }
  const Enum& of(const model::EnumType& type) const { return enums_.at(type.name); }
  std::string full(const std::string& name) const { return space_ + name; }
  /// The table is not described: keys refer to it by its name.
  void forget(const model::Name& table) { structs_.erase(table); }
  bool knows(const model::Table& table) const { return structs_.contains(table.name); }
  /// "&models::User::id"; empty when there is no such column.
  std::string pointer(const model::Name& table, const std::string& column) const;

 private:
  std::string space_;
  std::map<model::Name, Enum> enums_;
  std::map<model::Name, Struct> structs_;
};

/// A member's type, and the call that gives its column the type when the member does not say it.
struct MemberCode {
  std::string type;
  std::string call;
  const model::EnumType* enumeration = nullptr;
  bool is_number = false, is_text = false;
};

/// What the member alone says: the rest needs a call.
std::optional<MemberCode> by_member(const model::Type& type);
/// The member that holds values of a type whose column needs a call to be it.
MemberCode holder_of(const model::Type& type);

}  // namespace sterna::codegen
