#include "program/entity_document.hpp"

#include <sterna/error.hpp>

#include <nlohmann/json.hpp>

#include "model/json.hpp"

namespace sterna {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string to_json(const EntityModel& entities) {
  Json json;
  json["sterna_entities"] = entity_document_version;
  json["model"] = Json::parse(model::to_json(entities.model));
  json["renames"] = Json::array();
  for (const EntityRename& rename : entities.renames) {
    json["renames"].push_back({{"of", rename.of_enum ? "enum" : "table"},
                               {"name", rename.table},
                               {"part", rename.part},
                               {"to", rename.to}});
  }
  json["positions"] = Json::object();
  for (const auto& [what, position] : entities.positions) json["positions"][what] = position;
  return json.dump(2) + "\n";
}

EntityModel entities_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    const int version = json.at("sterna_entities").get<int>();
    if (version > entity_document_version) {
      throw Error(ErrorKind::validation, "these entities are of version " +
                                             std::to_string(version) + ", and this Sterna reads " +
                                             std::to_string(entity_document_version))
          .suggest("update Sterna, or build the program with the version that reads it");
    }
    EntityModel entities;
    entities.model = model::from_json(json.at("model").dump());
    for (const Json& rename : json.at("renames")) {
      entities.renames.push_back(
          {rename.at("name").get<std::string>(), rename.at("part").get<std::string>(),
           rename.at("to").get<std::string>(), rename.at("of").get<std::string>() == "enum"});
    }
    for (const auto& [what, position] : json.at("positions").items())
      entities.positions[what] = position.get<std::string>();
    return entities;
  } catch (const nlohmann::json::exception& error) {
    throw Error(
        ErrorKind::validation,
        std::string("this is not what a program of sterna_add_model prints: ") + error.what());
  }
}

}  // namespace sterna
