#include "migration/own_place.hpp"

#include "database/lease.hpp"

#include <algorithm>

namespace sterna {

EngineOptions in_scratch(EngineOptions options, Scratch& scratch) {
  options.url = scratch.session().url();
  options.url_origin = "the scratch database";
  options.connect = nullptr;
  options.run.history_schema = scratch.schema();
  options.run.replicas.clear();
  return options;
}

model::Model inspect_beside_history(Connection& session, const RunnerOptions& run,
                                    InspectOptions what, const Scratch* scratch) {
  const std::string own = scratch != nullptr ? scratch->schema() : run.history_schema;
  what.without.emplace_back(own, run.history_table);
  what.without.emplace_back(own, std::string(lease_table_name));
  if (scratch != nullptr && !scratch->schema().empty()) what.schemas = {scratch->schema()};
  model::Model model = session.inspect(what);
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
