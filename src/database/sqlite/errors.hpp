// From SQLite's result codes to Error. https://www.sqlite.org/rescode.html
#pragma once

#include "sql/statement.hpp"

#include <sterna/error.hpp>

struct sqlite3;

namespace sterna::sqlite {

/// Which call failed: SQLite reads a statement and looks its names up in the first, and works in
/// the second.
enum class Phase { prepare, step };

/// The error of the last call on `handle`, with kind, code, place in the file and suggestions.
/// SQLite has one code (SQLITE_ERROR) for a syntax error, a missing table and a name that exists
/// already; which it is is found by parsing the statement again without a schema, never by reading
/// the message (plain_error.cpp).
Error error_of(sqlite3* handle, const Statement& statement, Phase phase);

/// What an SQLITE_ERROR of this statement at `offset` (sqlite3_error_offset) was about. Leaves the
/// error state of `handle` undefined.
ErrorKind kind_of_plain_error(sqlite3* handle, const Statement& statement, Phase phase, int offset);

}  // namespace sterna::sqlite
