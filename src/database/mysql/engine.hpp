// The way into this database, for the registry alone.
#pragma once

#include "database/connection.hpp"

#include <memory>

namespace sterna::mysql {

const Dialect& dialect();
/// @throws Error(connection) naming host and port (or file), and what to check.
std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options);

}  // namespace sterna::mysql
