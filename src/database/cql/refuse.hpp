// What CQL cannot do of what changes may ask for, beyond the features of sql_dialect.hpp: refused
// before anything runs, with the alternative named. Called by CqlDialect::render alone.
#pragma once

#include "database/dialect.hpp"

namespace sterna::cql {

/// @throws Error(validation) naming the object and what to do instead. Looks at the live schema
/// where the context has a connection: whether a renamed column belongs to the key, what was
/// dropped before.
void refuse_impossible(const Change& change, const RenderContext& context);

/// How to change what no ALTER can: the end of every such message.
inline constexpr const char* by_new_table =
    "make a new table as it is to be, copy the rows into it, and let the programs read the new one "
    "before the old one is dropped";

}  // namespace sterna::cql
