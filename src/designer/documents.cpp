#include "designer/documents.hpp"

#include "base/system.hpp"
#include "designer/answer.hpp"
#include "designer/body.hpp"
#include "model/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sterna::designer {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const Rename& rename) {
  return {{"kind", kind_text(rename.kind)},
          {"table", rename.table.text()},
          {"part", rename.part},
          {"to", rename.to},
          {"old_name", rename.old_name()},
          {"new_name", rename.new_name()}};
}

Json json_of(const std::vector<Change>& changes) {
  Json list = Json::array();
  for (const Change& change : changes)
    list.push_back({{"text", describe(change)}, {"subject", subject_of(change).text()}});
  return list;
}

Json json_of(const std::vector<Loss>& losses) {
  Json list = Json::array();
  for (const Loss& loss : losses) list.push_back({{"object", loss.object}, {"text", loss.text}});
  return list;
}

Json json_of(const lint::Finding& finding) {
  return {{"rule", finding.rule},           {"severity", to_string(finding.severity)},
          {"message", finding.message},     {"lock", finding.lock},
          {"lock_on", finding.lock_on},     {"blocks", finding.blocks},
          {"statement", finding.statement}, {"advice", finding.safe_form}};
}

Json capabilities_of(Connection& connection) {
  const Capabilities can = connection.capabilities();
  return {{"enum_types", has_enum_types(connection.dialect(), connection.server())},
          {"structured_types", has_structured_types(connection.dialect(), connection.server())},
          {"comments", can.comments},
          {"schemas", can.schemas},
          {"relational", can.relational},
          {"not_null", can.not_null},
          {"nullable_primary_keys", can.nullable_primary_keys},
          {"column_positions", can.column_positions},
          {"rebuilds_tables", can.rebuilds_tables},
          {"transactional_ddl", can.transactional_ddl},
          {"max_identifier_length", can.max_identifier_length}};
}

/// A type's JSON as the model writes it: there is one writer of models, and none of types.
Json type_json(const model::Type& type) {
  model::Model holder;
  model::Table table;
  table.name = model::Name("t");
  model::Column column;
  column.name = "c";
  column.type = type;
  table.columns = {column};
  holder.tables = {table};
  return Json::parse(model::to_json(holder))["tables"][0]["columns"][0]["type"];
}

Json connections_of(const Config& config) {
  Json list = Json::array();
  for (const auto& [name, connection] : config.connections) {
    Json item = {{"name", name}, {"protected", connection.protected_.value}};
    if (connection.url.value) {
      item["url"] = connection.url.value->masked();
      item["scheme"] = connection.url.value->scheme;
    }
    list.push_back(std::move(item));
  }
  return list;
}

}  // namespace

std::string model_members(DesignProject& project, const model::Model& model) {
  Json columns = Json::array(), fields = Json::array();
  for (const model::Table& table : model.tables) {
    Json texts = Json::array();
    for (const model::Column& column : table.columns)
      texts.push_back(project.type_text(column.type));
    columns.push_back(std::move(texts));
  }
  for (const model::UserType& type : model.types) {
    Json texts = Json::array();
    for (const model::TypeField& field : type.fields)
      texts.push_back(project.type_text(field.type));
    fields.push_back(std::move(texts));
  }
  return "\"model\":" + model::to_json(model) + ",\"type_texts\":" + dumped(columns) +
         ",\"field_texts\":" + dumped(fields);
}

std::string state_json(DesignProject& project, const DesignState& state) {
  return "{\"fingerprint\":" + json_text(state.fingerprint) + "," +
         model_members(project, state.model) + "}";
}

std::string project_json(DesignProject& project, bool allow_apply, const std::string& base) {
  const Config& config = project.config();
  const ConnectionConfig& own = project.connection_config();
  Json json;
  json["api"] = 1;
  json["version"] = std::string(version());
  json["name"] = config.root.filename().string();
  json["environment"] = config.environment.value;
  json["connection"] = own.name;
  json["connections"] = connections_of(config);
  json["states"] = project.states();
  json["base"] = base;
  json["folder"] = own.directories.value.empty() ? "" : own.directories.value.front();
  json["protected"] = own.protected_.value;
  json["allow_apply"] = allow_apply && !own.protected_.value;
  try {
    Connection& connection = project.connection();
    const ServerInfo& server = connection.server();
    json["dialect"] = std::string(connection.dialect().name());
    json["product"] = server.product;
    json["product_version"] = server.version_text;
    json["capabilities"] = capabilities_of(connection);
    json["types"] = Json::array();
    for (const TypeChoice& choice : type_choices(connection.dialect(), server))
      json["types"].push_back(
          {{"type", type_json(choice.type)}, {"text", choice.text}, {"group", choice.group}});
  } catch (const Error& error) {
    json["unreachable"] = Json::parse(error_json(error));
  }
  return dumped(json);
}

std::string preview_json(const Preview& preview) {
  const DerivedMigration& migration = preview.migration;
  Json json;
  json["fingerprint"] = preview.fingerprint;
  json["changes"] = json_of(migration.up.changes);
  json["losses"] = json_of(migration.up.losses);
  json["down_losses"] = json_of(migration.down.losses);
  json["possible_renames"] = Json::array();
  for (const Rename& rename : migration.up.possible_renames)
    json["possible_renames"].push_back(json_of(rename));
  json["notes"] = migration.up.notes;
  json["up"] = sql_text(migration.up_script.statements);
  json["down"] = sql_text(migration.down_script.statements);
  json["no_way_down"] = migration.no_way_down;
  json["sql"] = preview.sql;
  json["cpp"] = preview.cpp;
  json["findings"] = Json::array();
  for (const lint::Finding& finding : preview.findings)
    json["findings"].push_back(json_of(finding));
  return dumped(json);
}

std::string comparison_json(DesignProject& project, const std::string& from,
                            const std::string& to) {
  const DesignState first = project.state(from);
  const DesignState second = project.state(to);
  const Difference difference = diff(first.model, second.model, project.diff_options());
  Connection& connection = project.connection();
  const ChangeScript mend = script_of(
      diff(second.model, first.model, project.diff_options()).changes, second.model, connection);
  Json json;
  json["equal"] = difference.empty();
  json["changes"] = json_of(difference.changes);
  json["losses"] = json_of(difference.losses);
  json["notes"] = difference.notes;
  json["back"] = sql_text(mend.statements);
  std::string text = dumped(json);
  text.pop_back();
  return text + ",\"from\":" + state_json(project, first) +
         ",\"to\":" + state_json(project, second) + "}";
}

std::string history_json(DesignProject& project) {
  const Status status = project.looking_engine()->status();
  Json json;
  json["migrations"] = Json::array();
  for (const MigrationStatus& item : status.migrations) {
    json["migrations"].push_back({{"id", item.id()},
                                  {"version", item.version},
                                  {"name", item.name},
                                  {"kind", item.kind},
                                  {"file", item.file},
                                  {"state", std::string(to_string(item.state))},
                                  {"applied_at", item.applied_at},
                                  {"detail", item.detail},
                                  {"description", item.meta.description}});
  }
  json["up_to_date"] = status.up_to_date();
  return dumped(json);
}

}  // namespace sterna::designer
