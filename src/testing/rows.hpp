// Rows for the tables of a schema, made up so that they obey its constraints and show what a
// conversion would lose: longest texts, letters of two and four bytes, fractions, limits, NULL.
// The same rows each time.
#pragma once

#include "database/connection.hpp"
#include "model/model.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sterna::trial {

struct MadeRows {
  std::size_t rows = 0;
  /// Tables that no row could be made for, and why.
  std::vector<std::string> without;
};

/// Fills every table of `schema` that has no rows, those first that others refer to. CQL tables
/// too.
MadeRows make_rows(Connection& connection, const model::Model& schema, std::size_t rows);

}  // namespace sterna::trial
