// Sterna's own table in a keyspace: history, journal and lock in one partition, so that one
// lightweight transaction writes a row and checks the lock. Used by the lock and by the words for
// the history; docs/decisions says why it is one partition.
#pragma once

#include "database/cql/connection.hpp"

#include <string>
#include <string_view>

namespace sterna::cql {

/// The key of the one partition: "run = 'all'".
inline constexpr std::string_view own_partition = "run = 'all'";

/// Under it, behind all scopes of migrations, stand rows of copies that are not done (U+10FFFD).
inline constexpr std::string_view scope_of_copies = "\xF4\x8F\xBF\xBD";

/// "sterna_migrations" or "keyspace.sterna_migrations".
model::Name own_table_name(const CqlConnection& connection, const std::string& name);

/// Makes the table where it is missing. Several may do so at once, on different nodes: each makes
/// the same definition under the same id, and looks afterwards that every node has that one.
/// @throws Error(schema) that names nodes that have another id.
void make_own_table(CqlConnection& connection, const model::Name& name);

bool is_own_table(CqlConnection& connection, const model::Name& name);
/// Takes out all rows, under the lock that this session holds.
void empty_own_table(CqlConnection& connection, const model::Name& name);

}  // namespace sterna::cql
