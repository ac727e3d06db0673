// The tables [fleet.NAME] of sterna.toml: many databases or schemas that the same migrations are
// run on. Plain values; who the targets are is found out by src/program.
#pragma once

#include "config/toml.hpp"

#include <sterna/error.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sterna {

struct FleetConfig {
  std::string name, connection;      ///< whose settings are meant; empty: the default one
  std::vector<std::string> targets;  ///< one of these three says who they are
  std::string file;                  ///< one a line; relative to the folder of sterna.toml
  std::string query;                 ///< run on the connection; its first column
  std::string
      url;  ///< of a target, with {name} in it; empty: of the connection, or the name itself
  std::string schema;  ///< that each target's migrations run in, with {name} in it
  /// Why a variable in `url` could not be filled in; thrown when the fleet is used.
  std::shared_ptr<const Error> url_error;
  std::string origin;  ///< "sterna.toml:12"
  int line = 0;
};

/// The table [fleet], by name. @throws Error(config) with file and line for an unknown key, and for
/// a fleet without targets.
std::map<std::string, FleetConfig> read_fleets(const TomlValue& table, const std::string& file);

}  // namespace sterna
