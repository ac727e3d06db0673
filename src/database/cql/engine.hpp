// The way into this database, for the registry alone.
#pragma once

#include "database/connection.hpp"

#include <memory>

namespace sterna::cql {

const Dialect& cql_dialect();
/// @throws Error(connection) naming the hosts that were tried, and what to check.
std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options);

}  // namespace sterna::cql
