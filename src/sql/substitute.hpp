// Puts something else in the place of a column in a text that PostgreSQL printed: an index's keys,
// the condition of a check, a trigger or a policy. Knows no catalog; used by who writes migrations.
#pragma once

#include <string>
#include <string_view>

namespace sterna::sql {

/// `text` with `replacement` for each mention of `column`, unquoted as the catalog has it. Behind a
/// dot it is one when OLD, NEW or `table` stands before that. Types, collations, functions and
/// words of the grammar that look like it stay.
std::string substitute_column(std::string_view text, std::string_view column,
                              std::string_view replacement, std::string_view table);

}  // namespace sterna::sql
