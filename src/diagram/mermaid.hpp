// A schema as a Mermaid entity-relationship diagram, as it stands in Markdown files. Used by
// `schema inspect` and the designer's export; what Mermaid's grammar cannot hold is shown in
// comments there.
#pragma once

#include "diagram/facts.hpp"

#include <string>

namespace sterna::diagram {

/// Types and names with signs that Mermaid refuses are written with _ in their place, and in full
/// in the comment of their line.
std::string to_mermaid(const model::Model& model, const TypeSpelling& type);

}  // namespace sterna::diagram
