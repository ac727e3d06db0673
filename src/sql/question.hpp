// What can be told of a query by its words alone. Used by the scripts that ask an assertion's
// question inside another statement.
#pragma once

#include "sql/language.hpp"

#include <string_view>

namespace sterna {

/// It can stand in brackets as the source of another query: SELECT, WITH, VALUES, TABLE. Not so
/// SHOW, PRAGMA, CHECK TABLE.
bool can_be_subquery(std::string_view query, Language language);
/// It names exactly one column: of `*` nobody knows without the schema.
bool gives_one_column(std::string_view query, Language language);

}  // namespace sterna
