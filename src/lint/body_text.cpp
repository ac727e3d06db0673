// Where the body stands in a definition: in quotes, between BEGIN and END, or as one statement.
#include "base/text.hpp"
#include "lint/bodies.hpp"
#include "sql/position.hpp"

namespace sterna::lint {
namespace {

using sql::Token;
using sql::TokenKind;

/// Behind `offset`, a place in the statement's text.
SourcePosition moved(const SourcePosition& begin, std::string_view text, std::size_t offset) {
  if (begin.line == 0) return begin;  // from C++: the file alone is known
  SourcePosition result = begin;
  const SourcePosition inside = sql::PositionCounter(text, {}, 1).at(offset);
  result.column = inside.line == 1 ? begin.column + inside.column - 1 : inside.column;
  result.line += inside.line - 1;
  return result;
}

Body body_at(const StatementFact& fact, std::string_view text, Language language) {
  const auto offset = static_cast<std::size_t>(text.data() - fact.text().data());
  return {text, moved(fact.statement->position, fact.text(), offset), language};
}

/// From this token to the end of the statement.
Body from_token(const StatementFact& fact, std::size_t at, Language language) {
  const char* begin = fact.tokens[at].text.data();
  const char* end = fact.text().data() + fact.text().size();
  return body_at(fact, {begin, static_cast<std::size_t>(end - begin)}, language);
}

/// The text between the quotes, where it stands in the statement as it is.
std::optional<std::string_view> quoted_body(const Token& token) {
  if (token.kind == TokenKind::dollar_string && token.closed) {
    const std::size_t tag = token.text.find('$', 1) + 1;
    return token.text.substr(tag, token.text.size() - 2 * tag);
  }
  const bool plain =
      token.kind == TokenKind::string && token.text.starts_with('\'') && token.text.size() > 2;
  if (!plain) return std::nullopt;
  const std::string_view inside = token.text.substr(1, token.text.size() - 2);
  if (inside.find_first_of("'\\") != std::string_view::npos) return std::nullopt;
  return inside;
}

/// LANGUAGE of a DO block or a routine; PL/pgSQL when a DO block names none.
bool speaks(const StatementFact& fact, std::string_view language) {
  const std::size_t at = fact.find({"LANGUAGE"});
  if (at == StatementFact::npos)
    return fact.summary.verb == Verb::do_block && language == "plpgsql";
  return at + 1 < fact.tokens.size() &&
         equals_ignoring_case(trim(sql::unquoted(fact.tokens[at + 1])), language);
}

std::optional<Body> of_postgres(const StatementFact& fact) {
  // A body of standard SQL may leave LANGUAGE out (PostgreSQL manual, CREATE FUNCTION, sql_body).
  const std::size_t standard = fact.find({"BEGIN", "ATOMIC"});
  if (standard != StatementFact::npos) return from_token(fact, standard, Language::postgres);
  if (!speaks(fact, "plpgsql") && !speaks(fact, "sql")) return std::nullopt;
  for (std::size_t i = 1; i < fact.tokens.size(); ++i) {
    const bool here = fact.summary.verb == Verb::do_block ? fact.tokens[i].kind != TokenKind::word
                                                          : sql::is_word(fact.tokens[i - 1], "AS");
    const auto text = here ? quoted_body(fact.tokens[i]) : std::nullopt;
    if (text) return body_at(fact, *text, Language::postgres);
  }
  return std::nullopt;
}

/// Past the bracket that closes the one at `at`.
std::size_t past_brackets(const StatementFact& fact, std::size_t at) {
  int depth = 0;
  for (; at < fact.tokens.size(); ++at) {
    if (fact.tokens[at].is('(')) ++depth;
    if (fact.tokens[at].is(')') && --depth == 0) return at + 1;
  }
  return at;
}

/// Behind FOR EACH ROW [FOLLOWS other], or behind the parameters and what describes the routine:
/// the first word that can begin a statement. The size where there is none (RETURN expression).
std::size_t first_statement(const StatementFact& fact) {
  static constexpr std::string_view starts[] = {
      "BEGIN",  "UPDATE", "DELETE", "INSERT", "REPLACE", "CALL",  "SET",  "TRUNCATE", "ALTER",
      "CREATE", "DROP",   "RENAME", "IF",     "CASE",    "WHILE", "LOOP", "REPEAT",   "EXECUTE"};
  std::size_t at = fact.find({"FOR", "EACH", "ROW"});
  if (at != StatementFact::npos) {
    at += 3;
  } else {
    at = 1;
    while (at < fact.tokens.size() && !fact.tokens[at].is('(')) ++at;
    at = past_brackets(fact, at);
  }
  for (; at < fact.tokens.size(); ++at) {
    // RETURNS text CHARACTER SET x; RETURNS SET('a', 'b')
    const bool of_type = sql::is_word(fact.tokens[at], "SET") &&
                         (sql::is_word(fact.tokens[at - 1], "CHARACTER") ||
                          (at + 1 < fact.tokens.size() && fact.tokens[at + 1].is('(')));
    if (of_type) continue;
    for (const std::string_view word : starts) {
      if (sql::is_word(fact.tokens[at], word)) return at;
    }
  }
  return at;
}

std::optional<Body> of_mysql(const StatementFact& fact) {
  const bool block = fact.summary.verb == Verb::do_block;
  const std::size_t at = block ? 0 : first_statement(fact);
  if (at >= fact.tokens.size()) return std::nullopt;
  return from_token(fact, at, Language::mysql);
}

}  // namespace

std::optional<Body> body_of(const StatementFact& fact, Language language) {
  const StatementSummary& summary = fact.summary;
  const bool block = summary.verb == Verb::do_block;
  const bool trigger = summary.verb == Verb::create && summary.object == "TRIGGER";
  const bool routine = summary.verb == Verb::create &&
                       (summary.object == "FUNCTION" || summary.object == "PROCEDURE");
  switch (language) {
    case Language::postgres:
      return block || routine ? of_postgres(fact) : std::nullopt;
    case Language::mysql:  // MySQL's own DO runs expressions
      if (block && !fact.has({"BEGIN", "NOT", "ATOMIC"})) return std::nullopt;
      return block || routine || trigger ? of_mysql(fact) : std::nullopt;
    case Language::sqlite: {
      const std::size_t begin = trigger ? fact.find({"BEGIN"}) : StatementFact::npos;
      if (begin == StatementFact::npos) return std::nullopt;
      return from_token(fact, begin, Language::sqlite);
    }
    default:
      return std::nullopt;
  }
}

}  // namespace sterna::lint
