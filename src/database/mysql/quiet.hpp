// Statements about what may be missing, without a note for a person that it is.
#pragma once

#include "database/connection.hpp"

#include <utility>
#include <vector>

namespace sterna::mysql {

/// A session that ends between them has no notes any more, and no other difference.
inline std::vector<Statement> quietly(std::vector<Statement> statements) {
  statements.insert(statements.begin(),
                    {"SET @sterna_notes = @@SESSION.sql_notes, SESSION sql_notes = 0", {}, {}, {}});
  statements.push_back({"SET SESSION sql_notes = COALESCE(@sterna_notes, 1)", {}, {}, {}});
  return statements;
}

}  // namespace sterna::mysql
