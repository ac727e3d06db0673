// sterna.toml as plain values with their lines. The one place that knows the TOML library.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// One value: text, number and boolean as text; arrays of text as a list; tables as fields.
struct TomlValue {
  enum class Kind { text, number, boolean, list, table } kind = Kind::text;
  std::string text;
  std::vector<std::string> list;
  std::map<std::string, TomlValue, std::less<>> fields;
  int line = 0;
};

/// @throws Error(config) with file:line:column for text that is no TOML, or holds a value of a kind
/// that the configuration does not use.
TomlValue parse_toml(std::string_view text, const std::string& file);

}  // namespace sterna
