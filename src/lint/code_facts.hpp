// Facts as the public values that rules in C++ see.
#pragma once

#include "lint/rule.hpp"

#include <sterna/lint.hpp>

namespace sterna::lint {

LintStatement public_statement(const StatementFact& fact);
LintTable public_table(const KnownTable& table, bool is_new);

}  // namespace sterna::lint
