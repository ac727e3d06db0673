// Assertions in migrations (`-- sterna:assert SELECT …`): a question whose answer must be empty or
// zero, asked where it stands among the statements. An assertion is a statement that carries its
// mark as a comment, so that logs and plans show what it is.
#pragma once

#include "database/connection.hpp"
#include "sql/script.hpp"

#include <vector>

namespace sterna {

bool is_assertion(const Statement& statement) noexcept;
/// Puts those of `directives` that stand between the lines `from` and `to` (0: the end) among the
/// statements.
std::vector<Statement> with_assertions(std::vector<Statement> statements,
                                       const std::vector<Directive>& directives, int from, int to);
/// @throws Error(data) with the first rows, unless they are none, or a single zero.
void check_assertion(const Statement& statement, const Rows& rows);

}  // namespace sterna
