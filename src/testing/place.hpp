// A scratch database with an engine on it. Used by the tests of migrations alone.
#pragma once

#include "migration/own_place.hpp"
#include "testing/contents.hpp"
#include "testing/migrations.hpp"

namespace sterna::trial {

struct MigrationTests::Place {
  std::unique_ptr<Scratch> scratch;
  std::unique_ptr<MigrationEngine> engine;

  Connection& connection() { return engine->connection(); }
  model::Model inspect() {
    return inspect_beside_history(connection(), engine->options().run, {}, scratch.get());
  }
  Contents contents() { return contents_of(connection(), inspect()); }
};

/// What failed, as a finding.
Finding finding_of(const Error& error, const std::string& what);

}  // namespace sterna::trial
