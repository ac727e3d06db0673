// All rows of a small database as values, and what became of them between two looks: rows that are
// gone, values that are others, conversions that lose something.
#pragma once

#include "database/connection.hpp"
#include "model/model.hpp"
#include "testing/report.hpp"

#include <sterna/runner.hpp>

#include <map>
#include <string>
#include <vector>

namespace sterna::trial {

/// Rows as literals of the database, by table.
struct TableRows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};
struct Contents {
  model::Model schema;
  std::map<model::Name, TableRows> tables;
};

Contents contents_of(Connection& connection, model::Model schema);

/// What happened to what `before` holds. Changes that a statement asks for by name (an UPDATE of
/// that column, a DROP of that table) are notes, all others failures.
std::vector<Finding> compare(const Contents& before, const Contents& after,
                             const std::vector<PlannedStatement>& statements,
                             const Dialect& dialect);

}  // namespace sterna::trial
