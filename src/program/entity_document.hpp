// What a program with entities prints: the model's JSON, what had other names, and where each is
// written. Used by model_main() and by whoever reads its output; runs nothing.
#pragma once

#include <string>
#include <string_view>

#include "builder/entity.hpp"

namespace sterna {

/// The version that to_json writes, as member "sterna_entities".
inline constexpr int entity_document_version = 1;

std::string to_json(const EntityModel& entities);
/// @throws Error(validation) for a text that is no such document, or of a newer version.
EntityModel entities_from_json(std::string_view text);

}  // namespace sterna
