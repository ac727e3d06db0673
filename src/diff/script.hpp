// Changes as the statements that make them. Some databases write a change by looking at the schema
// it meets (SQLite rebuilds tables): there the changes are really made, on a scratch copy.
#pragma once

#include "change/change.hpp"
#include "database/connection.hpp"

#include <vector>

namespace sterna {

struct ChangeScript {
  std::vector<Statement> statements;
  /// It switches settings that have no effect inside a transaction (foreign keys, which would take
  /// rows along when SQLite rebuilds the table they refer to).
  bool outside_transaction = false;
};

/// `changes` start at the schema `from`. `like`: a session of the database they are for; it is
/// asked for its version and, where it must be, for a scratch database, and not changed.
ChangeScript script_of(const std::vector<Change>& changes, const model::Model& from,
                       Connection& like);

/// Makes everything of `model` in an empty database.
void create_model(Connection& empty, const model::Model& model);

}  // namespace sterna
