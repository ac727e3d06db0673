// A schema as a data dictionary in Markdown (GitHub's dialect), made to be committed and reviewed:
// the same schema gives the same text, and no version, date or place stands in it. Used by `schema
// inspect --format markdown` and the designer's export.
#pragma once

#include "diagram/facts.hpp"

#include <string>

namespace sterna::diagram {

std::string to_markdown(const model::Model& model, const TypeSpelling& type);

}  // namespace sterna::diagram
