// The sterna command as a function, with the migrations linked into the calling program: what
// sterna_add_migrator() builds.
#pragma once

#include <sterna/export.hpp>

namespace sterna {

/// Runs the command line and returns its exit code (docs/commands.md). Needs the library
/// Sterna::cli.
STERNA_API int command_main(int argc, char** argv);

}  // namespace sterna
