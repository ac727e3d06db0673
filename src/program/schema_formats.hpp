// The forms in which `schema inspect` and the designer print a schema beyond SQL and JSON: one
// table, from which the choices of --format are made too.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>

namespace sterna {

/// "sql|json|mermaid|…|text": what --format takes. SQL and JSON are the command's own.
std::string_view schema_format_choices();
/// The schema in a form; nothing of a database is asked.
/// @throws Error(config) for a form that is not there, with the list.
std::string schema_in_format(const model::Model& model, std::string_view format);

}  // namespace sterna
