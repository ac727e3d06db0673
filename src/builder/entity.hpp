// Entity descriptions as tables of the model, for whoever compares a program's structs with a
// database.
#pragma once

#include <sterna/entity.hpp>

#include "database/dialect.hpp"

namespace sterna {

/// The table that create_table<Entity>() would make on this database (default names depend on its
/// limits).
model::Table entity_table(const detail::EntityTable& entity, const Dialect& dialect,
                          const ServerInfo& server);

template <class Entity>
model::Table entity_table(const Dialect& dialect, const ServerInfo& server) {
  const auto columns = detail::entity_columns<Entity>();
  return entity_table(detail::EntityTable{entity<Entity>.name, {}, columns.data(), columns.size()},
                      dialect, server);
}

}  // namespace sterna
