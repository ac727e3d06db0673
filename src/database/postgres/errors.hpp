// From SQLSTATE to Error. Kinds follow the classes of PostgreSQL's Appendix A.
#pragma once

#include "sql/statement.hpp"

#include <libpq-fe.h>

#include <sterna/error.hpp>

#include <optional>
#include <string_view>

namespace sterna::postgres {

/// By the whole code where it says more than its class, else by the class; `unknown` where neither
/// is known.
ErrorKind kind_of(std::string_view sqlstate);
/// The error that a result carries. `character_offset` is where the statement begins in the text
/// that was sent, in characters.
Error error_of(const PGresult* result, const Statement& statement,
               std::size_t character_offset = 0);

/// Where the server places the error in the text that was sent, in characters from 0.
std::optional<std::size_t> error_character(const PGresult* result);

}  // namespace sterna::postgres
