// Reading of what PostgreSQL prints about itself: types, default values, the parts of an index.
// Used by the inspector alone; never looks at a database.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::postgres {

/// Behind the item that begins at `at`: a quoted text or name, a group in parentheses or brackets,
/// or one character.
std::size_t skip_item(std::string_view text, std::size_t at);
/// Parts between commas that stand outside of quotes and parentheses, trimmed.
std::vector<std::string_view> split_list(std::string_view text);
/// Without the parentheses around the whole: "((a + b))" → "a + b".
std::string_view without_parentheses(std::string_view text);
/// The identifier at the beginning, unquoted; `text` goes on behind it.
std::string take_identifier(std::string_view& text);
/// "a, \"B c\"" → a, B c.
std::vector<std::string> identifiers(std::string_view list);

/// What format_type() says, as a portable kind where its rendering is the same type again.
model::Type read_type(std::string_view text);
/// The text of a column's default, as the server prints it; `type_text`: what format_type() says.
model::Default read_default(std::string_view text, const model::Type& type,
                            std::string_view type_text);
/// One part of an index: column or expression, collation, operator class, order.
model::IndexPart read_index_part(std::string_view text);

}  // namespace sterna::postgres
