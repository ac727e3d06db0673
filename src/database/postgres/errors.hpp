// From SQLSTATE to Error. Kinds follow the classes of PostgreSQL's Appendix A.
#pragma once

#include "sql/statement.hpp"

#include <libpq-fe.h>

#include <sterna/error.hpp>

#include <string_view>

namespace sterna::postgres {

ErrorKind kind_of(std::string_view sqlstate);
/// The error that a result carries. `character_offset` is where the statement begins in the text
/// that was sent, in characters.
Error error_of(const PGresult* result, const Statement& statement,
               std::size_t character_offset = 0);

}  // namespace sterna::postgres
