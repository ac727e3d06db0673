// A schema as a Graphviz graph: tables as HTML-like labels with a port a column, crow's-foot arrow
// heads. Used by `schema inspect --format dot`; makes the text alone and never runs Graphviz.
#pragma once

#include "diagram/facts.hpp"

#include <string>

namespace sterna::diagram {

std::string to_dot(const model::Model& model, const TypeSpelling& type);

}  // namespace sterna::diagram
