// MySQL's migration lock: GET_LOCK on the working session, or a lease where that does not reach
// every server or session.
#pragma once

#include "database/connection.hpp"
#include "database/lease.hpp"

#include <memory>
#include <string>

namespace sterna::mysql {

class MysqlConnection;

/// `name` is the history table, with its schema if it has one.
std::unique_ptr<Locker> make_locker(MysqlConnection& connection, const std::string& name,
                                    LeaseTimes times = {});

}  // namespace sterna::mysql
