#include "ops/plan_file.hpp"

#include "base/hash.hpp"
#include "base/system.hpp"
#include "lint/report_json.hpp"
#include "migration/own_place.hpp"
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

/// Raised when a reader of the file has to know of a change. 2: findings and estimates.
constexpr int format = 2;

Json migration_json(const PlannedMigration& migration, const lint::MigrationReview& review) {
  Json entry{{"id", migration.id()},
             {"atomicity", migration.atomicity},
             {"after_crash", migration.after_crash}};
  if (!migration.meta.description.empty()) entry["description"] = migration.meta.description;
  if (migration.meta.breaking) entry["breaking"] = true;
  if (migration.meta.estimated.count() > 0)
    entry["estimated_ms"] = migration.meta.estimated.count();
  if (!migration.changes.empty()) entry["changes"] = migration.changes;
  if (!review.findings.empty()) entry["findings"] = lint::json_of(review.findings);
  entry["statements"] = Json::array();
  for (std::size_t i = 0; i < migration.statements.size(); ++i) {
    const PlannedStatement& statement = migration.statements[i];
    Json item{{"sql", statement.sql}};
    if (statement.parameters > 0) item["parameters"] = statement.parameters;
    if (statement.outside_transaction) item["outside_transaction"] = true;
    if (!statement.notes.empty()) item["notes"] = statement.notes;
    lint::add(item, review.statements[i]);
    entry["statements"].push_back(std::move(item));
  }
  return entry;
}

Json migrations_json(const Plan& plan, const lint::PlanReview& review) {
  Json list = Json::array();
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (!plan[i].error.empty()) {
      throw Error(ErrorKind::plan,
                  fmt::format("migration {} cannot be planned: {}", plan[i].id(), plan[i].error))
          .with_state("nothing was written");
    }
    list.push_back(migration_json(plan[i], review[i]));
  }
  return list;
}

/// What of the migrations is run, and how. What they cost and what is found of them was agreed to
/// as it stood: tables grow and are analysed without the plan becoming another.
Json what_runs(const Json& migrations) {
  Json result = Json::array();
  for (const Json& migration : migrations) {
    Json entry{{"id", migration["id"]}, {"atomicity", migration["atomicity"]}};
    for (const Json& statement : migration["statements"]) {
      entry["statements"].push_back({{"sql", statement["sql"]},
                                     {"parameters", statement.value("parameters", 0)},
                                     {"outside", statement.value("outside_transaction", false)},
                                     {"atomicity", statement.value("atomicity", "")}});
    }
    result.push_back(std::move(entry));
  }
  return result;
}

/// What the plan stands on: whatever of it changes makes the plan void.
Json state_json(MigrationEngine& engine) {
  Json state;
  state["applied"] = Json::array();
  for (const HistoryRow& row : engine.history())
    state["applied"].push_back(row.id() +
                               (row.state == RowState::applied ? " " : " (interrupted) ") +
                               row.hash_up.substr(0, 16));
  model::Model schema = inspect_beside_history(engine.connection(), engine.options().run);
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
  if (what_runs(planned["migrations"]) != migrations)
    return "the statements are no longer the same";
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
  const int made_in = planned.value("schema_version", 0);
  if (made_in != format) {
    throw Error(ErrorKind::plan,
                fmt::format("{} is a plan of format {}, and this is Sterna {}, which runs those of "
                            "format {}",
                            file, made_in, version(), format))
        .at({file, 0, 0})
        .with_detail(made_in < format ? "it does not hold what the rules find and what the "
                                        "statements cost, so nobody has agreed to that"
                                      : "a newer version made it")
        .with_state("nothing was run")
        .suggest("make it anew, and have it looked at again: sterna plan --out " + file);
  }
  if (planned["hash"] != hash_of(planned)) {
    throw Error(ErrorKind::checksum, file + " was edited: its hash does not fit")
        .at({file, 0, 0})
        .with_state("nothing was run")
        .suggest("make it anew: sterna plan --out " + file);
  }
  return planned;
}

/// A plan file, and what this engine would run by it.
class PlannedRun {
 public:
  PlannedRun(MigrationEngine& engine, std::string_view text, const std::string& file)
      : engine_(engine), file_(file), planned_(read_plan(text, file)) {
    const RunnerOptions& run = engine.options().run;
    if (planned_["connection"] == run.name && planned_["environment"] == run.environment) return;
    throw Error(ErrorKind::plan,
                fmt::format("{} was made for the connection '{}' in the environment '{}'", file,
                            planned_["connection"].get<std::string>(),
                            planned_["environment"].get<std::string>()))
        .with_state("nothing was run");
  }

  int count() const { return static_cast<int>(planned_["migrations"].size()); }
  Target target() const { return {Target::Kind::steps, {}, count()}; }
  const Json& migrations() const { return planned_["migrations"]; }

  /// The plan as it is made now. @throws Error(plan) when it is another.
  Plan check() {
    Plan plan = count() == 0 ? Plan{} : engine_.plan(target(), Direction::up);
    const Json now = what_runs(migrations_json(plan, reviewed_without_rules(plan)));
    const std::string moved =
        what_moved(planned_, state_json(engine_), files_json(engine_, plan), now);
    if (moved.empty()) return plan;
    throw Error(ErrorKind::plan, fmt::format("{} no longer holds: {}", file_, moved))
        .at({file_, 0, 0})
        .with_state("nothing was run")
        .suggest("make a new plan, and have it looked at again: sterna plan --out " + file_);
  }

 private:
  lint::PlanReview reviewed_without_rules(const Plan& plan) {
    lint::PlanReview result;
    for (const PlannedMigration& migration : plan) {
      lint::MigrationReview& one = result.emplace_back();
      for (StatementAtomicity& atomicity :
           atomicity_of(migration, engine_.connection(), engine_.options().run))
        one.statements.push_back({{}, std::move(atomicity), {}});
    }
    return result;
  }

  MigrationEngine& engine_;
  const std::string& file_;
  Json planned_;
};

/// `then` and `now` are of the same statements.
std::vector<std::string> grown_since(const Json& then, const lint::PlanReview& now) {
  std::vector<std::string> grown;
  for (std::size_t i = 0; i < now.size(); ++i) {
    for (std::size_t k = 0; k < now[i].statements.size(); ++k) {
      const std::string was = then[i]["statements"][k]["estimate"].value("time", "unknown");
      const TimeClass before = lint::time_class_named(was);
      const lint::Estimate& estimate = now[i].statements[k].estimate;
      const bool known = before != TimeClass::unknown && estimate.time != TimeClass::unknown;
      if (!known || estimate.time <= before) continue;
      grown.push_back(fmt::format("statement {} of {}: {} when the plan was made, {} now ({})",
                                  k + 1, now[i].id, was, to_string(estimate.time), estimate.basis));
    }
  }
  return grown;
}

}  // namespace

PlanFile make_plan_file(MigrationEngine& engine, const Target& target, const lint::Policy& policy) {
  const Plan plan = engine.plan(target, Direction::up);
  PlanFile file;
  file.review = lint::review(engine, plan, policy);
  Json document;
  document["schema_version"] = format;
  document["sterna_version"] = version();
  document["made_at"] = utc_now();
  document["made_by"] = runner_identity();
  document["connection"] = engine.options().run.name;
  document["environment"] = engine.options().run.environment;
  document["database"] = engine.connection().server().version_text;
  document["state"] = state_json(engine);
  document["files"] = files_json(engine, plan);
  document["migrations"] = migrations_json(plan, file.review);
  document["hash"] = hash_of(document);
  file.text = text_of(document) + "\n";
  return file;
}

PlanToday look_at_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file,
                            const lint::Policy& policy) {
  PlannedRun run(engine, text, file);
  PlanToday today;
  today.plan = run.check();
  today.review = lint::review(engine, today.plan, policy);
  today.grown = grown_since(run.migrations(), today.review);
  return today;
}

RunResult run_plan_file(MigrationEngine& engine, std::string_view text, const std::string& file) {
  PlannedRun run(engine, text, file);
  // Before the lock for an early answer, and under it for the one that counts.
  run.check();
  return run.count() == 0 ? RunResult{} : engine.up(run.target(), [&] { run.check(); });
}

}  // namespace sterna
