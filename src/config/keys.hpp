// The keys of sterna.toml: which there are, and the refusal of all others. Used by config.cpp
// alone.
#pragma once

#include "config/toml.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sterna {

/// Keys of a connection, which also stand at the top level and in environments.
std::span<const std::string_view> setting_names();
bool is_setting(std::string_view name);

const TomlValue* field(const TomlValue& table, std::string_view name);

/// Unknown keys anywhere are refused, also in environments that are not chosen. `file`: as people
/// know it.
/// @throws Error(config) with its line, and what may have been meant.
void check_keys(const TomlValue& document, const std::string& file);

}  // namespace sterna
