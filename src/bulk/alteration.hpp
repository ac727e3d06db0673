// The ALTER TABLE of an online change, taken apart, and what of it cannot be made on a copy. Looks
// at text and model alone; changes nothing.
#pragma once

#include "bulk/directive.hpp"
#include "database/bulk.hpp"
#include "database/connection.hpp"
#include "database/shadow.hpp"
#include "sql/classify.hpp"

#include <string>
#include <vector>

namespace sterna::bulk {

struct Alteration {
  StepOptions options;
  StatementSummary summary;
  model::Name table;
  std::string actions;  ///< what stands behind the table's name

  bool drops(const std::string& column) const;
  /// The name that a column has behind it.
  std::string new_name(const std::string& column) const;
};

[[noreturn]] void refuse(const Statement& statement, const std::string& reason,
                         const std::string& advice);

/// @throws Error(validation) for a statement that cannot be made on a copy.
Alteration alteration_of(const Statement& statement, Language language);

/// Names and actions of the change; nothing of what the server has to tell.
Shadow shadow_of(const Alteration& alteration);

/// Fills in what of the table is in the copy, `fresh`, as the server made it: columns and the key
/// by which rows belong together. @throws Error(validation) when these have no such key, or when
/// columns that foreign keys refer to are others in the copy.
void fit(Shadow& shadow, const Alteration& alteration, const model::Table& table,
         const model::Table& fresh, const BulkWords& words);

}  // namespace sterna::bulk
