// From SQLite's result codes to Error. https://www.sqlite.org/rescode.html
#pragma once

#include "sql/statement.hpp"

#include <sterna/error.hpp>

struct sqlite3;

namespace sterna::sqlite {

/// The error of the last call on `handle`, with kind, code, place in the file and suggestions.
/// SQLite has one code for a syntax error, a missing table and a name that exists already; what
/// kind it is is found by looking whether the objects that the statement names exist.
Error error_of(sqlite3* handle, const Statement& statement);

}  // namespace sterna::sqlite
