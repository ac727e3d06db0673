// What an inspector is asked for. The inspectors stand in the databases' folders and are reached
// through Connection::inspect.
#pragma once

#include "model/model.hpp"

#include <string>
#include <vector>

namespace sterna {

struct InspectOptions {
  /// Schemas to read; empty: all that are not the system's (MySQL, SQLite: the connection's own
  /// database).
  std::vector<std::string> schemas;
  /// Tables that are no part of the schema (Sterna's own), with all that belongs to them. A name
  /// without a schema is one in the default schema.
  std::vector<model::Name> without;
  bool grants = false;  ///< owners and privileges too
};

}  // namespace sterna
