// What stands in DBML at the places of values: types, defaults, the parts of a reference. Used by
// dbml_parse.cpp alone.
#pragma once

#include "diagram/dbml_cursor.hpp"

#include <string>

namespace sterna::diagram {

/// As it is written: a word with its arguments and brackets, or anything between ".
std::string read_dbml_type(DbmlCursor& cursor);
model::Default read_dbml_default(DbmlCursor& cursor);
/// "<", ">", "-", "<>".
std::string read_dbml_reference_sign(DbmlCursor& cursor);
model::ReferentialAction read_dbml_action(DbmlCursor& cursor);
/// [schema.]table.column or [schema.]table.(a, b)
DbmlEndpoint read_dbml_endpoint(DbmlCursor& cursor);

}  // namespace sterna::diagram
