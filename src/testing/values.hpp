// One made-up value for a column. Used by make_rows alone.
#pragma once

#include "database/dialect.hpp"
#include "model/model.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sterna::trial {

/// What a column's checks allow, as far as a simple condition says it.
struct Allowed {
  std::vector<std::string> literals;  ///< one of these, as SQL
  std::optional<double> least, most;
  bool least_open = false, most_open = false;
};
/// Reads `column IN (…)`, `= ANY (ARRAY[…])`, comparisons with a number and BETWEEN, joined by AND.
Allowed allowed_of(const model::Table& table, const std::string& column, Language language);

/// SQL for the value of row `row` (from 0) of a column, on the `attempt`-th try. Empty: this type
/// is not known.
std::string made_value(const model::Model& schema, const model::Column& column,
                       const Allowed& allowed, bool distinct, std::size_t row, std::size_t attempt,
                       const Dialect& dialect);

/// The same for a type that stands nowhere under checks: of an element, or of a field. `n` makes
/// values differ.
std::string made_value(const model::Model& schema, const model::Type& type, bool distinct,
                       std::size_t n, const Dialect& dialect);

/// Collections, tuples, vectors and user types, whose parts are made of it.
std::string made_structure(const model::Model& schema, const model::Type& type, bool distinct,
                           std::size_t n, const Dialect& dialect);

}  // namespace sterna::trial
