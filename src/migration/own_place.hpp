// Where Sterna keeps its own: what a look at a schema leaves out for it, and what an engine on a
// scratch database must not share with the one on the database beside it.
#pragma once

#include "database/inspect.hpp"
#include "database/scratch.hpp"
#include "migration/engine.hpp"

namespace sterna {

/// An engine in `scratch` that does what one of `options` would do in its database.
/// Its history is in the scratch wherever the other one's is: a schema by its name (on MySQL a
/// database, in CQL a keyspace) is the same one on the whole server. In a scratch schema it bears
/// the schema's name, and so has a lock of its own. No replica follows it.
std::unique_ptr<MigrationEngine> engine_in(Scratch& scratch, EngineOptions options);

/// The schema without Sterna's own tables, and without the one that `run` names for the history
/// where it holds nothing else. `scratch`: what `session` is in, when that is one.
model::Model inspect_beside_history(Connection& session, const RunnerOptions& run,
                                    InspectOptions what = {}, const Scratch* scratch = nullptr);

}  // namespace sterna
