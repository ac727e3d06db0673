// The whole schema of an SQLite session as a model. Used by SqliteConnection::inspect; changes
// nothing.
#pragma once

#include "database/connection.hpp"

namespace sterna::sqlite {

/// What a conflict clause and a key in an odd place say has no field of its own: Column::options
/// "not null on conflict"; PrimaryKey::options "in column", the words within the column's
/// definition; "definition" of a PrimaryKey or Unique, the whole constraint. A UNIQUE without any
/// of that and a unique index of whole columns are the same: a Unique. Keys without a name have the
/// default name, checks have none.
model::Model inspect(Connection& connection, const InspectOptions& options);

}  // namespace sterna::sqlite
