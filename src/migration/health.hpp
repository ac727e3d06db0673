// The state of a database and its migrations, asked of an engine. Used by the runner and by what
// serves health. Only looks; what fails is part of the answer.
#pragma once

#include "migration/engine.hpp"

#include <sterna/health.hpp>

namespace sterna {

Health check_health(MigrationEngine& engine);

}  // namespace sterna
