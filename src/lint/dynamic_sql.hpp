// Dynamic SQL: statements that a program runs from a text. EXECUTE of PL/pgSQL, PREPARE and EXECUTE
// of PostgreSQL; SET, PREPARE, EXECUTE and EXECUTE IMMEDIATE of MySQL and MariaDB, in bodies and
// outside. Where the text can be
// put together from constants it is read; where it cannot, the statement is said to be opaque.
#pragma once

#include "lint/bodies.hpp"

namespace sterna::lint {

/// Where a statement stands in a program.
struct Surroundings {
  SourcePosition position;
  bool conditional = false;
  bool loop = false;
};

/// Takes down what a statement makes of variables: assignments, SET, INTO, PREPARE.
void follow_variables(Tokens statement, Language language, const Surroundings& around,
                      Constants& constants);
/// What it runs of a text; nothing for every other statement.
std::vector<BodyStatement> dynamic_statements(Tokens statement, Language language,
                                              const Surroundings& around,
                                              const Constants& constants);
/// The same of PREPARE … AS and EXECUTE among the statements of a script (PostgreSQL manual,
/// "PREPARE"): within a body, EXECUTE is another statement.
void follow_prepare(Tokens statement, Constants& constants);
std::vector<BodyStatement> prepared_statements(Tokens statement, Language language,
                                               const Surroundings& around,
                                               const Constants& constants);
/// A statement that begins with this word is looked at like one outside of bodies.
bool begins_judged(const sql::Token& first);
/// It calls something, or may.
bool mentions_call(Tokens statement);

}  // namespace sterna::lint
