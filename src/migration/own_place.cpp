#include "migration/own_place.hpp"

#include "database/confine.hpp"
#include "database/lease.hpp"
#include "model/json.hpp"

#include <algorithm>

namespace sterna {

namespace {

/// What the migrations run, as far as it stands in files. What cannot be read is told by the run.
std::vector<Statement> statements_of(MigrationEngine& engine) {
  std::vector<Statement> all;
  const Language language = engine.connection().dialect().language();
  for (const Source& source : engine.sources()) {
    if (source.kind != SourceKind::sql) continue;
    try {
      for (Statement& statement : load_statements(source, Direction::up, language))
        all.push_back(std::move(statement));
    } catch (const Error&) {
    }
  }
  return all;
}

}  // namespace

std::unique_ptr<MigrationEngine> engine_in(Scratch& scratch, EngineOptions options) {
  options.url = scratch.session().url();
  options.url_origin = "the scratch database";
  options.connect = scratch.opener();
  options.run.history_schema = scratch.schema();
  options.run.replicas.clear();
  auto engine = std::make_unique<MigrationEngine>(std::move(options));
  if (scratch.has_made_schema()) scratch.leave_schema_to(statements_of(*engine));
  return engine;
}

model::Model inspect_beside_history(Connection& session, const RunnerOptions& run,
                                    InspectOptions what, const Scratch* scratch) {
  const std::string own = scratch != nullptr ? scratch->schema() : run.history_schema;
  what.without.emplace_back(own, run.history_table);
  what.without.emplace_back(own, std::string(lease_table_name));
  if (scratch != nullptr && !scratch->schema().empty()) what.schemas = {scratch->schema()};
  model::Model model = session.inspect(what);
  if (const auto& within = session.confinement(); within && within->has_renamed())
    model = model::from_json(within->given_back(model::to_json(model)));
  const auto inside = [&](const auto& items) {
    return std::any_of(items.begin(), items.end(),
                       [&](const auto& item) { return item.name.schema == run.history_schema; });
  };
  if (!run.history_schema.empty() && !inside(model.tables) && !inside(model.enums) &&
      !inside(model.types) && !inside(model.objects))
    std::erase(model.schemas, run.history_schema);
  return model;
}

}  // namespace sterna
