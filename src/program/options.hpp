// From configuration to engine options. The one place where both are known; used by the command and
// by programs that embed Sterna.
#pragma once

#include "config/config.hpp"
#include "migration/engine.hpp"

namespace sterna {

/// @throws Error(config) when the connection has no URL, naming every place where one can be given.
EngineOptions engine_options(const Config& config, const ConnectionConfig& connection);

/// For an engine that only looks: where connecting would make the database, it sees an empty one in
/// memory instead. True when that is so.
bool look_without_making(EngineOptions& options);

}  // namespace sterna
