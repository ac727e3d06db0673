#include "config/fleet_config.hpp"

#include <sterna/error.hpp>

namespace sterna {
namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& file, int line) {
  throw Error(ErrorKind::config, message)
      .at({file, line, 0})
      .suggest("known in [fleet.NAME]: connection, targets, file, query, url, schema");
}

FleetConfig read_fleet(const std::string& name, const TomlValue& table, const std::string& file) {
  if (table.kind != TomlValue::Kind::table) refuse("[fleet.NAME] is expected", file, table.line);
  FleetConfig fleet;
  fleet.name = name;
  fleet.line = table.line;
  fleet.origin = file + ":" + std::to_string(table.line);
  int sources = 0;
  for (const auto& [key, value] : table.fields) {
    if (key == "targets") {
      if (value.kind != TomlValue::Kind::list) refuse("targets is a list", file, value.line);
      fleet.targets = value.list;
      ++sources;
      continue;
    }
    std::string* field = key == "connection" ? &fleet.connection
                         : key == "file"     ? &fleet.file
                         : key == "query"    ? &fleet.query
                         : key == "url"      ? &fleet.url
                         : key == "schema"   ? &fleet.schema
                                             : nullptr;
    if (field == nullptr)
      refuse("unknown key '" + key + "' in [fleet." + name + "]", file, value.line);
    *field = value.text;
    if (key == "file" || key == "query") ++sources;
  }
  if (sources != 1)
    refuse("[fleet." + name + "] needs one of targets, file and query", file, table.line);
  return fleet;
}

}  // namespace

std::map<std::string, FleetConfig> read_fleets(const TomlValue& table, const std::string& file) {
  if (table.kind != TomlValue::Kind::table) refuse("[fleet.NAME] is expected", file, table.line);
  std::map<std::string, FleetConfig> fleets;
  for (const auto& [name, fields] : table.fields)
    fleets.emplace(name, read_fleet(name, fields, file));
  return fleets;
}

}  // namespace sterna
