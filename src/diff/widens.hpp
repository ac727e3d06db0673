// Which values of one type have a place in another. Used by diff alone.
#pragma once

#include "model/model.hpp"

namespace sterna::detail {

/// True when every value of `from` has a place in `to` without loss.
bool widens(const model::Type& from, const model::Type& to);

}  // namespace sterna::detail
