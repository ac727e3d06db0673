#include "cli/json.hpp"

#include "base/url.hpp"
#include "lint/report_json.hpp"

#include <nlohmann/json.hpp>

namespace sterna::cli {
namespace {

using Json = nlohmann::ordered_json;

Json document() {
  Json json;
  json["schema_version"] = 1;
  return json;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json meta_json(const Meta& meta) {
  Json json = Json::object();
  if (!meta.description.empty()) json["description"] = meta.description;
  if (meta.breaking) json["breaking"] = true;
  if (meta.estimated.count() > 0) json["estimated_ms"] = meta.estimated.count();
  if (meta.timeout.count() > 0) json["timeout_ms"] = meta.timeout.count();
  if (!meta.environments.empty()) json["environments"] = meta.environments;
  if (!meta.connection.empty()) json["connection"] = meta.connection;
  if (!meta.depends.empty()) json["depends"] = meta.depends;
  if (!meta.irreversible.empty()) json["irreversible"] = meta.irreversible;
  return json;
}

Json frozen_or_null(const std::optional<Freeze>& frozen) {
  if (!frozen) return nullptr;
  return {{"reason", frozen->reason}, {"by", frozen->by}, {"at", frozen->at}};
}

Json position_json(const SourcePosition& position) {
  return {{"file", position.file}, {"line", position.line}, {"column", position.column}};
}

}  // namespace

std::string freeze_json(const std::optional<Freeze>& frozen) {
  Json json = document();
  json["frozen"] = frozen_or_null(frozen);
  return text_of(json);
}

std::string status_json(const Status& status, std::string_view connection,
                        std::string_view environment) {
  Json json = document();
  json["connection"] = connection;
  json["environment"] = environment;
  json["up_to_date"] = status.up_to_date();
  json["frozen"] = frozen_or_null(status.frozen);
  for (const MigrationState state :
       {MigrationState::applied, MigrationState::pending, MigrationState::skipped,
        MigrationState::missing, MigrationState::changed, MigrationState::out_of_order,
        MigrationState::interrupted}) {
    json["counts"][std::string(to_string(state))] = status.count(state);
  }
  json["migrations"] = Json::array();
  for (const MigrationStatus& item : status.migrations) {
    Json entry;
    entry["id"] = item.id();
    entry["version"] = item.version;
    entry["name"] = item.name;
    if (!item.scope.empty()) entry["scope"] = item.scope;
    entry["state"] = to_string(item.state);
    entry["kind"] = item.kind;
    entry["file"] = item.file;
    if (!item.detail.empty()) entry["detail"] = item.detail;
    if (!item.applied_at.empty()) {
      entry["batch"] = item.batch;
      entry["applied_at"] = item.applied_at;
      entry["applied_by"] = item.applied_by;
      entry["duration_us"] = item.duration.count();
      entry["sterna_version"] = item.sterna_version;
    }
    if (const Json meta = meta_json(item.meta); !meta.empty()) entry["meta"] = meta;
    json["migrations"].push_back(std::move(entry));
  }
  return text_of(json);
}

std::string history_json(const std::vector<HistoryRow>& rows) {
  Json json = document();
  json["history"] = Json::array();
  for (const HistoryRow& row : rows) {
    json["history"].push_back(
        {{"sequence", row.sequence},
         {"id", row.id()},
         {"version", row.version},
         {"name", row.name},
         {"kind", row.kind},
         {"state", row.state == RowState::applied ? "applied" : "interrupted"},
         {"batch", row.batch},
         {"applied_at", row.applied_at},
         {"applied_by", row.applied_by},
         {"duration_us", row.duration_us},
         {"hash_up", row.hash_up},
         {"hash_down", row.hash_down},
         {"sterna_version", row.sterna_version}});
  }
  return text_of(json);
}

std::string result_json(const RunResult& result, std::string_view command) {
  Json json = document();
  json["command"] = command;
  json["applied"] = Json::array();
  for (const AppliedMigration& applied : result.applied) {
    json["applied"].push_back({{"id", applied.id()},
                               {"version", applied.version},
                               {"name", applied.name},
                               {"direction", applied.direction == Direction::up ? "up" : "down"},
                               {"duration_us", applied.duration.count()},
                               {"statements", applied.statements}});
  }
  json["skipped"] = result.skipped;
  json["pending"] = result.pending;
  json["batch"] = result.batch;
  json["duration_us"] = result.duration.count();
  return text_of(json);
}

Json planned_json(const Plan& plan, const std::vector<lint::MigrationReview>* review) {
  Json migrations = Json::array();
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const PlannedMigration& migration = plan[i];
    Json entry;
    entry["id"] = migration.id();
    entry["direction"] = migration.direction == Direction::up ? "up" : "down";
    entry["atomicity"] = migration.atomicity;
    entry["after_crash"] = migration.after_crash;
    entry["changes"] = migration.changes;
    if (!migration.error.empty()) entry["error"] = mask_passwords(migration.error);
    if (const Json meta = meta_json(migration.meta); !meta.empty()) entry["meta"] = meta;
    if (review != nullptr) entry["findings"] = lint::json_of((*review)[i].findings);
    entry["statements"] = Json::array();
    for (std::size_t k = 0; k < migration.statements.size(); ++k) {
      const PlannedStatement& statement = migration.statements[k];
      Json item = position_json(statement.position);
      item["sql"] = statement.sql;
      item["parameters"] = statement.parameters;
      item["outside_transaction"] = statement.outside_transaction;
      item["progress"] = to_string(statement.progress);
      item["notes"] = statement.notes;
      if (review != nullptr) lint::add(item, (*review)[i].statements[k]);
      entry["statements"].push_back(std::move(item));
    }
    migrations.push_back(std::move(entry));
  }
  return migrations;
}

std::string plan_json(const Plan& plan, const std::vector<lint::MigrationReview>* review) {
  Json json = document();
  json["migrations"] = planned_json(plan, review);
  return text_of(json);
}

Json problem_list(const std::vector<Problem>& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems) {
    Json entry = position_json(problem.position);
    entry["severity"] = problem.severity == Problem::Severity::error ? "error" : "warning";
    entry["kind"] = to_string(problem.kind);
    entry["message"] = problem.message;
    entry["suggestions"] = problem.suggestions;
    list.push_back(std::move(entry));
  }
  return list;
}

std::string problems_json(const std::vector<Problem>& problems) {
  Json json = document();
  json["problems"] = problem_list(problems);
  return text_of(json);
}

std::string names_json(std::string_view key, const std::vector<std::string>& names) {
  Json json = document();
  json[std::string(key)] = names;
  return text_of(json);
}

std::string expansion_json(const std::vector<std::string>& files,
                           const std::vector<std::string>& by_hand) {
  Json json = document();
  json["made"] = files;
  json["by_hand"] = by_hand;
  return text_of(json);
}

std::string statements_json(const std::vector<Statement>& statements) {
  Json json = document();
  json["statements"] = Json::array();
  for (const Statement& statement : statements) {
    Json entry = position_json(statement.position);
    entry["sql"] = statement.sql;
    if (!statement.copy_data.empty()) entry["copy_data_bytes"] = statement.copy_data.size();
    json["statements"].push_back(std::move(entry));
  }
  return text_of(json);
}

}  // namespace sterna::cli
