#include "database/sqlite/inspect_objects.hpp"

#include "base/text.hpp"
#include "database/sqlite/dialect.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <set>

namespace sterna::sqlite {
namespace {

bool any_word(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql::is_word(token, word); });
}

/// The names that stand where a SELECT names its sources: behind FROM and JOIN, and behind commas
/// up to the next clause.
std::set<std::string> sources(Tokens tokens) {
  std::set<std::string> names;
  std::vector<bool> from{false};  // for each open parenthesis
  bool name_next = false;
  for (const Token& token : tokens) {
    if (token.is('(')) {
      from.push_back(from.back());
    } else if (token.is(')')) {
      if (from.size() > 1) from.pop_back();
      name_next = false;
    } else if (any_word(token, {"FROM", "JOIN"})) {
      from.back() = name_next = true;
    } else if (any_word(token, {"SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW",
                                "UNION", "EXCEPT", "INTERSECT", "ON", "USING"})) {
      from.back() = name_next = false;
    } else if (token.is(',')) {
      name_next = from.back();
    } else if (token.is('.')) {
      name_next = from.back();  // behind the schema
    } else if (name_next) {
      names.insert(to_lower(sql::unquoted(token)));
      name_next = false;
    }
  }
  return names;
}

/// What the arguments of a virtual table name: content='posts'.
std::set<std::string> arguments(Tokens tokens) {
  std::set<std::string> names;
  for (const Token& token : tokens) names.insert(to_lower(sql::unquoted(token)));
  return names;
}

/// Past the name of what is created: CREATE [VIRTUAL] word name.
std::size_t name_at(Tokens tokens, const std::string& type) {
  const std::size_t at = type == "virtual table" ? 3 : 2;
  if (tokens.size() <= at + 1 || !sql::is_word(tokens[0], "CREATE"))
    throw Error(ErrorKind::validation, "its text is no CREATE statement");
  return at;
}

}  // namespace

bool is_virtual(std::string_view sql) {
  sql::Lexer lexer(sql, Language::sqlite);
  lexer.next();
  return sql::is_word(lexer.next(), "VIRTUAL");
}

std::string module_of(std::string_view sql) {
  const std::vector<Token> tokens = tokens_of(sql);
  for (std::size_t i = 4; i < tokens.size(); ++i) {
    if (sql::is_word(tokens[i - 1], "USING")) return to_lower(sql::unquoted(tokens[i]));
  }
  return {};
}

model::Object read_object(std::string type, const model::Name& name, std::string_view sql,
                          const Relations& relations) {
  const std::vector<Token> tokens = tokens_of(sql);
  const std::size_t at = name_at(tokens, type);
  model::Object object;
  object.kind = type;
  object.name = name;
  object.definition = "CREATE " + to_upper(type) + " " + sql_dialect().quote(name) + " " +
                      text_of(tokens[at + 1], tokens.back());
  const Tokens body = Tokens(tokens).subspan(at + 1);
  if (type == "virtual table") object.drop = "DROP TABLE " + sql_dialect().quote(name);
  std::set<std::string> keys;
  for (const std::string& source : type == "virtual table" ? arguments(body) : sources(body)) {
    const auto found = relations.find(source);
    if (found != relations.end() && found->second != model::key_of(object))
      keys.insert(found->second);
  }
  object.depends_on.assign(keys.begin(), keys.end());
  return object;
}

}  // namespace sterna::sqlite
