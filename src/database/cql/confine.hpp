// Keeps what is loaded into a scratch keyspace inside it: CQL has no databases around keyspaces, so
// that a script that names another keyspace would act on that one. Asked by the connection before
// it sends a statement.
#pragma once

#include "sql/statement.hpp"

#include <string_view>

namespace sterna::cql {

/// @throws Error(refused) when `keyspace` is a scratch keyspace and the statement changes anything
/// outside of it.
void confine(std::string_view keyspace, const Statement& statement);

}  // namespace sterna::cql
