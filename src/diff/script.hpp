// Changes as the statements that make them. Some databases write a change by looking at the schema
// it meets (SQLite rebuilds tables): there the changes are really made, on a scratch copy.
#pragma once

#include "change/change.hpp"
#include "database/connection.hpp"

#include <string>
#include <vector>

namespace sterna {

struct ChangeScript {
  std::vector<Statement> statements;
  /// Its statements must not share a transaction: `-- sterna:transaction none`.
  bool outside_transaction = false;
  /// Foreign keys must be off from before its transaction until it is committed, as they would take
  /// rows along when SQLite rebuilds the table they refer to: `-- sterna:foreign-keys off`.
  bool foreign_keys_off = false;
};
/// The directives that a migration with these statements begins with, a line each; or nothing.
std::string directives_of(const ChangeScript& script);

/// `changes` start at the schema `from`. `like`: a session of the database they are for; it is
/// asked for its version and, where it must be, for a scratch database, and not changed.
ChangeScript script_of(const std::vector<Change>& changes, const model::Model& from,
                       Connection& like);

/// Makes everything of `model` in an empty database.
void create_model(Connection& empty, const model::Model& model);

}  // namespace sterna
