// Places of cards. Used by the routes; knows only sizes and lines, as the page sends them.
#pragma once

#include <string>
#include <string_view>

namespace sterna::designer {

/// {"nodes": [{"width", "height", "x"?, "y"?, "group"?}], "edges": [{"from", "to", "from_offset"?,
/// "to_offset"?}]} → {"positions": [[x, y]], "routes": [[[x, y], …]]}. Nodes with x and y stay.
/// @throws Error(validation) for what is no such document.
std::string layout_json(std::string_view body);

}  // namespace sterna::designer
