// The types that a person can choose from: those of the model that the connection's database can
// spell. Used by the project's description; asks the dialect, never a server.
#pragma once

#include "database/dialect.hpp"

#include <string>
#include <vector>

namespace sterna::designer {

struct TypeChoice {
  model::Type type;
  std::string text;   ///< as the database spells it: "varchar(255)"
  std::string group;  ///< "numbers", "text", "time", "other"
};

std::vector<TypeChoice> type_choices(const Dialect& dialect, const ServerInfo& server);

/// Whether an enumeration can be an object of its own (PostgreSQL), found by what the dialect
/// renders.
bool has_enum_types(const Dialect& dialect, const ServerInfo& server);
/// Likewise a type with fields (CQL).
bool has_structured_types(const Dialect& dialect, const ServerInfo& server);

}  // namespace sterna::designer
