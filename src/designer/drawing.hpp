// The schema as files to take away, and files as a schema. Used by the routes.
#pragma once

#include "designer/project.hpp"
#include "http/server.hpp"

#include <string>
#include <string_view>

namespace sterna::designer {

/// {"format", "model", "theme"?, "placed"?: {"schema.table": [x, y]}}: the formats are those of
/// `schema inspect`.
HttpResponse exported(DesignProject& project, std::string_view body);

/// {"format": "sql|dbml|connection", "text"} → a model, with what could not be kept.
std::string imported(DesignProject& project, std::string_view body);

}  // namespace sterna::designer
