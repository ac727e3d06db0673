// Directives of a script (`-- sterna:key value`) as Meta. The one list of keys that Sterna knows.
#pragma once

#include "sql/script.hpp"

#include <sterna/migration.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace sterna {

/// @throws Error(validation) with file:line for an unknown key (with "did you mean") or a malformed
/// value.
Meta read_meta(const std::vector<Directive>& directives);

/// Keys with their meaning, for the command reference and for messages.
struct DirectiveHelp {
  std::string_view key, value, meaning;
};
std::span<const DirectiveHelp> directive_help();

}  // namespace sterna
