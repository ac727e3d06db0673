// The way into this database, for the registry alone.
#pragma once

#include "database/bulk.hpp"
#include "database/connection.hpp"

#include <memory>

namespace sterna::sqlite {

const Dialect& dialect();
/// @throws Error(connection) naming host and port (or file), and what to check.
std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options);
/// True when connecting would make the file.
bool would_create(const Url& url);

/// For work on very many rows.
const BulkWords& bulk();

}  // namespace sterna::sqlite
