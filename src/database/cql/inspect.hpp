// The schema of a CQL cluster as a model, read from system_schema (Cassandra 3.11 to 5.0, ScyllaDB
// 5 and 6) in a fixed number of queries. Called by the connection alone; reads, never changes.
#pragma once

#include "database/connection.hpp"

namespace sterna::cql {

/// The connection's keyspace; without one, or with `options.schemas`, each keyspace that is not the
/// system's, as an object with its replication.
model::Model inspect(Connection& connection, const InspectOptions& options);

}  // namespace sterna::cql
