// Inversion that knows the schema as it was. Used where a migration that tells one direction is
// taken down.
#pragma once

#include "change/change.hpp"

namespace sterna {

/// As invert(): what the list drops or changes without having made it is restored as `before` had
/// it.
Inverse invert(const std::vector<Change>& changes, const model::Model& before);

}  // namespace sterna
