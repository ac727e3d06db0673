// The entities of this process: those linked into it, and those of models that were loaded into
// it. Filled by STERNA_MODEL; read by whoever wants them as a schema.
#pragma once

#include <sterna/model.hpp>

#include <string_view>
#include <vector>

namespace sterna {

/// In order of registration, each description once.
std::vector<detail::EntityTable> registered_entities(std::string_view dialect);

}  // namespace sterna
