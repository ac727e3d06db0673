// Reads the whole schema of a database from information_schema. Used by
// MysqlConnection::inspect alone; changes nothing on the server.
#pragma once

#include "database/mysql/connection.hpp"

namespace sterna::mysql {

/// @throws Error(validation) when no database is selected.
model::Model inspect(MysqlConnection& connection, const InspectOptions& options);

}  // namespace sterna::mysql
