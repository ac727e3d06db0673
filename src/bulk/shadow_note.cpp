#include "bulk/shadow_note.hpp"

#include <nlohmann/json.hpp>

namespace sterna::bulk {

using nlohmann::json;

std::string write_note(const Shadow& shadow) {
  json references = json::array(), triggers = json::array();
  for (const Shadow::Reference& one : shadow.references) {
    references.push_back({{"schema", one.owner.schema},
                          {"table", one.owner.name},
                          {"name", one.name},
                          {"meanwhile", one.meanwhile},
                          {"definition", one.definition},
                          {"to_copy", one.to_copy},
                          {"referenced", one.referenced}});
  }
  for (const Shadow::Trigger& one : shadow.triggers) {
    triggers.push_back({{"name", one.name},
                        {"timing", one.timing},
                        {"event", one.event},
                        {"definer", one.definer},
                        {"body", one.body},
                        {"sql_mode", one.sql_mode},
                        {"charset", one.charset},
                        {"collation", one.collation}});
  }
  return json{{"referred", shadow.referred},
              {"references", std::move(references)},
              {"triggers", std::move(triggers)}}
      .dump(-1, ' ', true);
}

void read_note(const std::string& text, Shadow& shadow) {
  try {
    const json note = json::parse(text);
    shadow.referred = note.at("referred").get<bool>();
    shadow.references.clear();
    for (const json& one : note.at("references")) {
      const auto field = [&](const char* name) { return one.at(name).get<std::string>(); };
      shadow.references.push_back({{field("schema"), field("table")},
                                   field("name"),
                                   field("meanwhile"),
                                   field("definition"),
                                   field("to_copy"),
                                   one.at("referenced").get<std::vector<std::string>>()});
    }
    shadow.triggers.clear();
    for (const json& one : note.at("triggers")) {
      const auto field = [&](const char* name) { return one.at(name).get<std::string>(); };
      shadow.triggers.push_back({field("name"), field("timing"), field("event"), field("definer"),
                                 field("body"), field("sql_mode"), field("charset"),
                                 field("collation")});
    }
  } catch (const json::exception&) {
    throw Error(ErrorKind::validation, "what the journal keeps of an online change cannot be read")
        .with_detail(text)
        .suggest("it may have been written by another version of Sterna: go on with that one");
  }
}

}  // namespace sterna::bulk
