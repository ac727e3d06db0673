// Places of cards, and the schema as files to take away. Used by the routes.
#pragma once

#include "designer/project.hpp"
#include "http/server.hpp"

#include <string>
#include <string_view>

namespace sterna::designer {

/// {"nodes": [{"width", "height", "x"?, "y"?, "group"?}], "edges": [{"from", "to", "from_offset"?,
/// "to_offset"?}]} → {"positions": [[x, y]], "routes": [[[x, y], …]]}. Nodes with x and y stay.
/// @throws Error(validation) for what is no such document.
std::string layout_json(std::string_view body);

/// {"format", "model", "theme"?, "placed"?: {"schema.table": [x, y]}}: the formats are those of
/// `schema inspect`.
HttpResponse exported(DesignProject& project, std::string_view body);

/// {"format": "sql|dbml|connection", "text"} → a model, with what could not be kept.
std::string imported(DesignProject& project, std::string_view body);

}  // namespace sterna::designer
