// The way into this database, for the registry alone.
#pragma once

#include "database/bulk.hpp"
#include "database/connection.hpp"
#include "database/shadow.hpp"

#include <memory>

namespace sterna::mysql {

const Dialect& dialect();
/// @throws Error(connection) naming host and port (or file), and what to check.
std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options);

/// For work on very many rows.
const BulkWords& bulk();
/// For tables changed on a copy.
const ShadowWords& shadow();

}  // namespace sterna::mysql
