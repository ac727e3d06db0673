// Which migrations a command line names.
#pragma once

#include "cli/command.hpp"

#include <sterna/runner.hpp>

namespace sterna::cli {

/// --to, --steps. @throws Error(config) when both are given.
Target up_target(const Invocation& invocation);
/// --to, --steps, --batch, --all; the last one without any. @throws Error(config) for several.
Target down_target(const Invocation& invocation);

}  // namespace sterna::cli
