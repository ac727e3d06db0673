// From the protocol's error codes to Error (native_protocol_v4.spec, section 9).
#pragma once

#include "database/cql/frame.hpp"
#include "sql/statement.hpp"

#include <sterna/error.hpp>

namespace sterna::cql {

ErrorKind kind_of(std::int32_t code);

/// Kind, code, statement, the place in it, and what a person can do.
Error error_of(const ServerError& error, const Statement& statement);

/// True when the statement may have taken effect all the same, now or later: no answer came, or the
/// server itself does not know.
bool in_doubt(const Error& error);

/// True when the same may go well a moment later: runs that met on one row, a slow or overloaded
/// node, one that does not know a table yet, or has forgotten a prepared statement.
bool passes(const Error& error);

/// True when another node may do better: this one cannot be reached, starts, or is overloaded.
bool tries_next_host(const Error& error);

}  // namespace sterna::cql
