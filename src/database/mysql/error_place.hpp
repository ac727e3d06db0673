// Where in a statement the server found a fault. It sends no position, but quotes what it stumbled
// on. Used by the errors of this folder alone; decides no kind.
#pragma once

#include "sql/statement.hpp"

#include <string_view>

namespace sterna::mysql {

/// The place that the message names, or the statement's own where it names none for certain.
SourcePosition place_of(unsigned number, std::string_view message, const Statement& statement);

}  // namespace sterna::mysql
