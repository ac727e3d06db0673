#include "lint/dynamic_sql.hpp"

#include "base/text.hpp"
#include "sql/splitter.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using sql::Token;
using sql::TokenKind;
using Kind = BodyStatement::Kind;

/// The first of these words outside of brackets; the size where none comes.
std::size_t find_outside(Tokens tokens, std::size_t from,
                         std::initializer_list<std::string_view> words) {
  int depth = 0;
  for (std::size_t i = from; i < tokens.size(); ++i) {
    if (tokens[i].is('(')) ++depth;
    if (tokens[i].is(')')) --depth;
    if (depth == 0 && is_any(tokens[i], words)) return i;
  }
  return tokens.size();
}

bool assigns(Tokens tokens) {
  return tokens.size() > 2 && (tokens[1].text == ":=" || tokens[1].is('='));
}

/// Prepared statements stand among the variables, under a name that none can have.
std::string prepared_name(const Token& name) { return "prepare " + sql::unquoted(name); }

void assign(std::string name, Tokens value, const Surroundings& around, Constants& constants) {
  std::vector<std::string> used;
  Texts texts = constants.fold(value, &used);
  // What grows from round to round has more values than the first.
  const bool itself = std::any_of(used.begin(), used.end(), [&](const std::string& one) {
    return equals_ignoring_case(one, name);
  });
  if (around.loop && itself) texts.complete = false;
  if (around.conditional)
    constants.may_be(name, texts);
  else
    constants.set(name, std::move(texts));
}

/// SELECT value INTO name: that value; of every other INTO, nothing is known.
void follow_into(Tokens tokens, const Surroundings& around, Constants& constants) {
  std::size_t into = find_outside(tokens, 1, {"INTO"});
  if (into == tokens.size() || is_any(tokens[into - 1], {"INSERT", "MERGE", "REPLACE", "IGNORE"}))
    return;
  const Tokens value = tokens.subspan(1, into - 1);
  if (into + 1 < tokens.size() && sql::is_word(tokens[into + 1], "STRICT")) ++into;
  const bool single = into + 2 >= tokens.size() || !tokens[into + 2].is(',');
  const bool read = single && sql::is_word(tokens.front(), "SELECT") && !value.empty();
  for (std::size_t i = into + 1; i < tokens.size(); i += 2) {
    assign(sql::unquoted(tokens[i]), read ? value : Tokens{}, around, constants);
    if (i + 1 == tokens.size() || !tokens[i + 1].is(',')) break;
  }
}

/// A text may hold several statements on PostgreSQL.
void add(std::vector<BodyStatement>& found, const std::string& text, Language language,
         const Surroundings& around, bool conditional) {
  std::vector<Statement> statements;
  try {
    statements = split_statements(text, language);
  } catch (const Error&) {  // no SQL, or cut off: the server will say so
    return;
  }
  for (Statement& statement : statements) {
    const bool judged = begins_judged(sql::first_token(statement.sql, language));
    statement.position = around.position;
    found.push_back(
        {std::move(statement), conditional, judged ? Kind::judged : Kind::called, true});
  }
}

/// The expression behind EXECUTE.
Tokens text_behind(Tokens tokens, std::size_t from) {
  return tokens.subspan(from, find_outside(tokens, from, {"INTO", "USING"}) - from);
}

/// EXECUTE, FOR … IN EXECUTE, RETURN QUERY EXECUTE, OPEN … FOR EXECUTE (PostgreSQL manual,
/// "PL/pgSQL"); the size where it is none of them.
std::size_t find_execute(Tokens tokens) {
  if (sql::is_word(tokens.front(), "EXECUTE")) return 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (sql::is_word(tokens[i], "EXECUTE") && is_any(tokens[i - 1], {"IN", "QUERY", "FOR"}))
      return i;
  }
  return tokens.size();
}

std::vector<BodyStatement> statements_of_texts(const Texts& texts, Tokens statement,
                                               Language language, const Surroundings& around) {
  std::vector<BodyStatement> found;
  const bool conditional = around.conditional || !texts.complete || texts.all.size() > 1;
  for (const std::string& text : texts.all) add(found, text, language, around, conditional);
  if (!texts.complete) {
    BodyStatement& opaque = found.emplace_back();
    opaque.statement.sql = written(statement);
    opaque.statement.position = around.position;
    opaque.conditional = true;
    opaque.kind = Kind::opaque;
  }
  return found;
}

}  // namespace

bool begins_judged(const Token& first) {
  static constexpr std::string_view starts[] = {
      "CREATE", "ALTER",  "DROP",   "TRUNCATE", "UPDATE",  "DELETE",  "INSERT", "MERGE",  "WITH",
      "LOCK",   "RENAME", "VACUUM", "REFRESH",  "REINDEX", "CLUSTER", "GRANT",  "REPLACE"};
  return std::any_of(std::begin(starts), std::end(starts),
                     [&](std::string_view word) { return sql::is_word(first, word); });
}

bool mentions_call(Tokens statement) {
  if (statement.empty()) return false;
  if (sql::is_word(statement.front(), "CALL")) return true;
  for (std::size_t i = 1; i < statement.size(); ++i) {
    if (statement[i].is('(') && is_name(statement[i - 1])) return true;
  }
  return false;
}

void follow_variables(Tokens statement, Language language, const Surroundings& around,
                      Constants& constants) {
  if (statement.size() < 3) return;
  const Token& first = statement.front();
  if (language != Language::mysql) {
    if (!assigns(statement)) return follow_into(statement, around, constants);
    return assign(sql::unquoted(first), statement.subspan(2), around, constants);
  }
  if (sql::is_word(first, "SET")) {
    for (const Tokens part : parts_of(statement.subspan(1))) {
      if (assigns(part)) assign(sql::unquoted(part[0]), part.subspan(2), around, constants);
    }
  } else if (sql::is_word(first, "PREPARE") && sql::is_word(statement[2], "FROM")) {
    assign(prepared_name(statement[1]), statement.subspan(3), around, constants);
  } else {
    follow_into(statement, around, constants);
    // SELECT @x := …: in which order, the manual leaves open.
    for (std::size_t i = 1; i + 1 < statement.size(); ++i) {
      if (statement[i].kind == TokenKind::parameter && statement[i + 1].text == ":=")
        assign(sql::unquoted(statement[i]), {}, around, constants);
    }
  }
}

std::vector<BodyStatement> dynamic_statements(Tokens statement, Language language,
                                              const Surroundings& around,
                                              const Constants& constants) {
  if (statement.size() < 2) return {};
  if (language == Language::postgres) {
    const std::size_t execute = find_execute(statement);
    if (execute == statement.size()) return {};
    return statements_of_texts(constants.fold(text_behind(statement, execute + 1)), statement,
                               language, around);
  }
  if (language != Language::mysql || !sql::is_word(statement.front(), "EXECUTE")) return {};
  const bool immediate = sql::is_word(statement[1], "IMMEDIATE");
  return statements_of_texts(immediate ? constants.fold(text_behind(statement, 2))
                                       : constants.value(prepared_name(statement[1])),
                             statement, language, around);
}

void follow_prepare(Tokens statement, Constants& constants) {
  if (statement.size() < 2 || !sql::is_word(statement.front(), "PREPARE")) return;
  const std::size_t as = find_outside(statement, 2, {"AS"});
  if (as + 1 >= statement.size()) return;
  constants.set(prepared_name(statement[1]), {{written(statement.subspan(as + 1))}, true});
}

std::vector<BodyStatement> prepared_statements(Tokens statement, Language language,
                                               const Surroundings& around,
                                               const Constants& constants) {
  if (statement.size() < 2 || !sql::is_word(statement.front(), "EXECUTE")) return {};
  return statements_of_texts(constants.value(prepared_name(statement[1])), statement, language,
                             around);
}

}  // namespace sterna::lint
