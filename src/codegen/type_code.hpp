// Column types and defaults as C++ of the public API (sterna::types, TableBuilder). Used by the
// writers of migrations and entities; answers nothing where the API has no word.
#pragma once

#include <optional>
#include <string>

#include "model/model.hpp"

namespace sterna::codegen {

/// A call that makes a type: `string(200)` of sterna::types.
struct TypeCode {
  std::string name, arguments;
  bool is_unsigned = false;

  /// "sterna::types::string(200)", unsigned and all.
  std::string value() const;
};

/// Nothing when no call makes exactly this type.
std::optional<TypeCode> type_code(const model::Type& type);

/// What default_to() is given: `false`, `"new"`, `sterna::now()`, `sterna::expression("…")`.
std::string default_code(const model::Default& value);

}  // namespace sterna::codegen
