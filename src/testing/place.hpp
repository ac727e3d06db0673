// A scratch database with an engine on it. Used by the tests of migrations alone.
#pragma once

#include "testing/contents.hpp"
#include "testing/migrations.hpp"

namespace sterna::trial {

struct MigrationTests::Place {
  std::unique_ptr<Scratch> scratch;
  std::unique_ptr<MigrationEngine> engine;

  Connection& connection() { return engine->connection(); }
  model::Model inspect() {
    const RunnerOptions& run = engine->options().run;
    InspectOptions what;
    what.without.emplace_back(run.history_schema, run.history_table);
    what.without.emplace_back(run.history_schema, run.history_table + "_lock");
    if (!scratch->schema().empty()) what.schemas = {scratch->schema()};
    return connection().inspect(what);
  }
  Contents contents() { return contents_of(connection(), inspect()); }
};

/// What failed, as a finding.
Finding finding_of(const Error& error, const std::string& what);

}  // namespace sterna::trial
