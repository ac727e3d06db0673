// Parts a script into statements, for all four languages. Works on tokens, never on lines; unknown
// syntax is passed through.
#pragma once

#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// The statements of `text` in order. `file`, `first_line` seed the positions. The text of a
/// statement runs from its first to its last token (leading and trailing comments and the
/// terminator are left out; comments inside stay). A UTF-8 BOM is skipped; CRLF is kept inside
/// statements. Client commands: MySQL's DELIMITER is obeyed and not returned.
/// @throws Error(syntax) with the position of the opening mark for an unterminated quote, comment,
/// dollar quote or body, and for
///         psql meta-commands (a line that starts with a backslash outside COPY data), which no
///         server understands.
std::vector<Statement> split_statements(std::string_view text, Language language,
                                        std::string_view file = {}, int first_line = 1);

}  // namespace sterna
