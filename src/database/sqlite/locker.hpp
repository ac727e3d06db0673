// The lock file beside an SQLite database: why it is there and how it is used stands in
// docs/decisions/0003-sqlite-lock-file.md.
#pragma once

#include "database/connection.hpp"

#include <memory>
#include <string>

namespace sterna::sqlite {

/// A lock on `<real path>-sterna-lock`; for databases in memory one that is always free.
/// `database`: the absolute path as sqlite3_db_filename gives it, empty for one in memory. One lock
/// serves all names: SQLite lets one write at a time anyway.
std::unique_ptr<Locker> make_locker(const std::string& database, const std::string& name);

}  // namespace sterna::sqlite
