// Statements inside bodies: what a DO block runs, and what the call of a routine runs that the same
// script made. Their definitions take the same locks as those outside. Reads blocks of PL/pgSQL, of
// SQL, and of MySQL's stored programs, from tokens; where a body is not understood to its end, or
// its text is made at run time, there is nothing to be seen, and no error.
#pragma once

#include "lint/facts.hpp"

#include <span>
#include <vector>

namespace sterna::lint {

struct BodyStatement {
  Statement statement;       ///< with its own position in the file
  bool conditional = false;  ///< in a branch, a loop or a handler: it may run, or not
};

/// `before`: the statements of the same script, which may have made what `fact` calls.
std::vector<BodyStatement> statements_within(const StatementFact& fact,
                                             std::span<const StatementFact> before,
                                             Language language);

/// Those of one body. `begin`: where it stands in the file; line 0: not known.
std::vector<BodyStatement> statements_of_body(std::string_view body, const SourcePosition& begin,
                                              Language language);

}  // namespace sterna::lint
