// Statements inside bodies: of DO blocks, of routines, of triggers. Reads blocks of PL/pgSQL, of
// SQL, of SQLite's triggers, and of MySQL's stored programs, from tokens. Who runs a body, and
// when, is asked of running.hpp. A body that is not understood to its end holds nothing, and no
// error.
#pragma once

#include "lint/constant_text.hpp"
#include "lint/facts.hpp"

#include <optional>
#include <vector>

namespace sterna::lint {

struct BodyStatement {
  enum class Kind {
    judged,  ///< a statement as those outside
    called,  ///< of interest for the routines that it calls: PERFORM, CALL, an assignment, a query
    opaque,  ///< runs text that is not known before it runs; as written
  };
  Statement statement;       ///< with its own position in the file
  bool conditional = false;  ///< in a branch, a loop or a handler: it may run, or not
  Kind kind = Kind::judged;
  bool dynamic = false;  ///< from a text that is run, and that may stand nowhere as it is
};

struct Body {
  std::string_view text;
  SourcePosition begin;  ///< where it stands in the file; line 0: not known
  Language language = Language::postgres;
  /// Of a trigger, what fires it: "INSERT". Branches of PL/pgSQL for another TG_OP do not run then.
  std::string_view event = {};
};

/// In their order. `constants`: what is known of variables before, and behind it.
std::vector<BodyStatement> statements_of_body(const Body& body, Constants& constants);
std::vector<BodyStatement> statements_of_body(const Body& body);

/// What a DO block, a BEGIN NOT ATOMIC, or the definition of a routine or trigger holds. Nothing
/// for other languages than SQL, PL/pgSQL and MySQL's own, and for PostgreSQL's triggers, which
/// call a function.
std::optional<Body> body_of(const StatementFact& fact, Language language);

}  // namespace sterna::lint
