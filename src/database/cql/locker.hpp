// The migration lock of CQL: a lease in Sterna's own table, taken and renewed by lightweight
// transactions, which ends by its TTL; its fencing number is a condition of every write of the
// journal.
#pragma once

#include "database/connection.hpp"

#include <memory>
#include <string>

namespace sterna::cql {

class CqlConnection;

/// `name` is the history table, with its keyspace if it has one.
std::unique_ptr<Locker> make_locker(CqlConnection& connection, const std::string& name);

}  // namespace sterna::cql
