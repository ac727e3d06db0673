// Entity descriptions as values of the model, for whoever compares a program's structs with a
// database: tables, enum types, user-defined types, what had another name, and where each is
// written.
#pragma once

#include <sterna/describe.hpp>

#include "database/dialect.hpp"

#include <map>
#include <string>
#include <vector>

namespace sterna {

/// The table that create_table<Entity>() would make on this database (default names depend on its
/// limits).
model::Table entity_table(const detail::EntityTable& entity, const Dialect& dialect,
                          const ServerInfo& server);

template <class Entity>
model::Table entity_table(const Dialect& dialect, const ServerInfo& server) {
  return entity_table(detail::entity_table_of<Entity>(dialect.name()), dialect, server);
}

/// Something described under a new name.
struct EntityRename {
  std::string table;  ///< as it was; the enum type's new name for values
  std::string part;   ///< column or enum value, as it was; empty: the table or type itself
  std::string to;
  bool of_enum = false;
  bool operator==(const EntityRename&) const = default;
};

namespace detail {
/// Are enums objects of their own there? The dialect says so by taking or refusing one.
bool has_enum_types(const Dialect& dialect, const ServerInfo& server);
}  // namespace detail

/// Everything that is described, for one database.
struct EntityModel {
  model::Model model;
  std::vector<EntityRename> renames;
  /// "table users", "users.email", "enum mood" → "models/user.hpp:12".
  std::map<std::string, std::string> positions;
};

/// @throws Error(validation) with the file and line of a description that cannot be, and for two
/// descriptions of one table that are not the same.
EntityModel entity_model(const std::vector<detail::EntityTable>& entities, const Dialect& dialect,
                         const ServerInfo& server);

}  // namespace sterna
