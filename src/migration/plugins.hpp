// What a project writes in C++ beside its migrations and registers by itself (lint rules), compiled
// and loaded in the same way (compiler.hpp).
#pragma once

#include "migration/compiler.hpp"

#include <filesystem>
#include <span>
#include <string_view>

namespace sterna {

/// `what` the files hold, for messages: "lint rule". A file that is loaded already is left alone.
/// @throws Error(validation) as load_cpp_migrations() does.
void load_cpp_plugins(std::string_view what, std::span<const std::filesystem::path> files,
                      const CompileOptions& options);

}  // namespace sterna
