#include "ops/plan_file.hpp"

#include "base/hash.hpp"
#include "base/system.hpp"
#include "model/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sterna {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json migrations_json(const Plan& plan) {
  Json list = Json::array();
  for (const PlannedMigration& migration : plan) {
    if (!migration.error.empty()) {
      throw Error(ErrorKind::plan, fmt::format("migration {} cannot be planned: {}", migration.id(),
                                               migration.error))
          .with_state("nothing was written");
    }
    Json entry{{"id", migration.id()},
               {"atomicity", migration.atomicity},
               {"after_crash", migration.after_crash}};
    if (!migration.meta.description.empty()) entry["description"] = migration.meta.description;
    if (migration.meta.breaking) entry["breaking"] = true;
    if (migration.meta.estimated.count() > 0)
      entry["estimated_ms"] = migration.meta.estimated.count();
    if (!migration.changes.empty()) entry["changes"] = migration.changes;
    entry["statements"] = Json::array();
    for (const PlannedStatement& statement : migration.statements) {
      Json item{{"sql", statement.sql}};
      if (statement.parameters > 0) item["parameters"] = statement.parameters;
      if (statement.outside_transaction) item["outside_transaction"] = true;
      if (!statement.notes.empty()) item["notes"] = statement.notes;
      entry["statements"].push_back(std::move(item));
    }
    list.push_back(std::move(entry));
  }
  return list;
}

/// What the plan stands on: whatever of it changes makes the plan void.
Json state_json(MigrationEngine& engine) {
  const RunnerOptions& run = engine.options().run;
  Json state;
  state["applied"] = Json::array();
  for (const HistoryRow& row : engine.history())
    state["applied"].push_back(row.id() +
                               (row.state == RowState::applied ? " " : " (interrupted) ") +
                               row.hash_up.substr(0, 16));
  InspectOptions what;
  what.without.emplace_back(run.history_schema, run.history_table);
  what.without.emplace_back(run.history_schema, run.history_table + "_lock");
  model::Model schema = engine.connection().inspect(what);
  schema.not_managed.clear();  // remarks, some of them about Sterna's own tables
  state["tables"] = schema.tables.size();
  state["schema"] = sha256_hex(model::to_json(schema));
  return state;
}

/// Which of the files, by their hashes: the text of a C++ migration is no part of its statements.
Json files_json(MigrationEngine& engine, const Plan& plan) {
  Json files = Json::object();
  for (const Source& source : engine.sources()) {
    const bool planned = std::any_of(plan.begin(), plan.end(), [&](const PlannedMigration& one) {
      return one.id() == source.id();
    });
    if (planned) files[source.id()] = source.hash_up;
  }
  return files;
}

std::string hash_of(Json document) {
  document.erase("hash");
  return sha256_hex(text_of(document));
}

std::string first_difference(const Json& was, const Json& is) {
  for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    if (i >= was.size()) return is[i].get<std::string>() + " is new";
    if (i >= is.size()) return was[i].get<std::string>() + " is gone";
    if (was[i] != is[i])
      return fmt::format("{} stands where {} stood", is[i].get<std::string>(),
                         was[i].get<std::string>());
  }
  return {};
}

/// Why the plan is void; empty when it holds.
std::string what_moved(const Json& planned, const Json& state, const Json& files,
                       const Json& migrations) {
  if (planned["state"]["applied"] != state["applied"])
    return "the history has moved: " +
           first_difference(planned["state"]["applied"], state["applied"]);
  if (planned["state"]["schema"] != state["schema"])
    return "the schema of the database is no longer what it was";
  if (planned["files"] != files)
    return "the files of its migrations were edited, or there are others";
  if (planned["migrations"] != migrations) return "the statements are no longer the same";
  return {};
}

Json read_plan(std::string_view text, const std::string& file) {
  Json planned = Json::parse(text, nullptr, false);
  const bool whole = planned.is_object() && planned.contains("hash") &&
                     planned.contains("migrations") && planned.contains("state") &&
                     planned.contains("files") && planned["state"].is_object();
  if (!whole)
    throw Error(ErrorKind::validation, file + " is no plan")
        .at({file, 0, 0})
        .suggest("`sterna plan --out FILE` makes one");
  if (planned["hash"] != hash_of(planned)) {
    throw Error(ErrorKind::checksum, file + " was edited: its hash does not fit")
        .at({file, 0, 0})
        .with_state("nothing was run")
        .suggest("make it anew: sterna plan --out " + file);
  }
  return planned;
}

}  // namespace

std::string make_plan_file(MigrationEngine& engine, const Target& target) {
  const Plan plan = engine.plan(target, Direction::up);
  Json document;
  document["schema_version"] = 1;
  document["sterna_version"] = version();
  document["made_at"] = utc_now();
  document["made_by"] = runner_identity();
  document["connection"] = engine.options().run.name;
  document["environment"] = engine.options().run.environment;
  document["database"] = engine.connection().server().version_text;
  document["state"] = state_json(engine);
  document["files"] = files_json(engine, plan);
  document["migrations"] = migrations_json(plan);
  document["hash"] = hash_of(document);
  return text_of(document) + "\n";
}

RunResult run_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file) {
  const Json planned = read_plan(text, file);
  const RunnerOptions& run = engine.options().run;
  if (planned["connection"] != run.name || planned["environment"] != run.environment) {
    throw Error(ErrorKind::plan,
                fmt::format("{} was made for the connection '{}' in the environment '{}'", file,
                            planned["connection"].get<std::string>(),
                            planned["environment"].get<std::string>()))
        .with_state("nothing was run");
  }
  const int count = static_cast<int>(planned["migrations"].size());
  const Target target{Target::Kind::steps, {}, count};
  const auto check = [&] {
    const Plan plan = count == 0 ? Plan{} : engine.plan(target, Direction::up);
    const std::string moved =
        what_moved(planned, state_json(engine), files_json(engine, plan), migrations_json(plan));
    if (moved.empty()) return;
    throw Error(ErrorKind::plan, fmt::format("{} no longer holds: {}", file, moved))
        .at({file, 0, 0})
        .with_state("nothing was run")
        .suggest("make a new plan, and have it looked at again: sterna plan --out " + file);
  };
  // Before the lock for an early answer, and under it for the one that counts.
  check();
  return count == 0 ? RunResult{} : engine.up(target, check);
}

}  // namespace sterna
