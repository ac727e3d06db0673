// PostgreSQL's migration lock: a session advisory lock, or a lease where a pooler makes session
// locks meaningless.
#pragma once

#include "database/connection.hpp"
#include "database/lease.hpp"

#include <memory>
#include <string>

namespace sterna::postgres {

class PostgresConnection;

/// `name` is the history table, with its schema if it has one.
std::unique_ptr<Locker> make_locker(PostgresConnection& connection, const std::string& name,
                                    LeaseTimes times = {});

}  // namespace sterna::postgres
