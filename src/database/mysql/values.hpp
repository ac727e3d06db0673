// Fields of results as the server's text protocol writes them. Used by the connection and its
// prepared statements alone.
#pragma once

#include "database/mysql/libmariadb.hpp"

#include <sterna/value.hpp>

#include <string_view>

namespace sterna::mysql {

/// Bytes, not characters: columns whose character set is "binary".
bool is_binary(const MYSQL_FIELD& field);

/// A field by its column's type: integers, floating point, bits and bytes become such values;
/// everything else stays text, and so does an integer beyond 63 bits.
Value read_value(const MYSQL_FIELD& field, std::string_view text);

}  // namespace sterna::mysql
