#include "lint/token_list.hpp"

#include <algorithm>

namespace sterna::lint {

using sql::Token;
using sql::TokenKind;

bool is_any(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql::is_word(token, word); });
}

bool is_name(const Token& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier;
}

Tokens in_brackets(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].is('(') || tokens[i].is('[')) ++depth;
    if ((tokens[i].is(')') || tokens[i].is(']')) && --depth == 0)
      return tokens.subspan(open + 1, i - open - 1);
  }
  return {};
}

std::vector<Tokens> parts_of(Tokens list) {
  std::vector<Tokens> parts;
  if (list.empty()) return parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i == list.size() || (depth == 0 && list[i].is(','))) {
      parts.push_back(list.subspan(begin, i - begin));
      begin = i + 1;
      continue;
    }
    if (list[i].is('(') || list[i].is('[')) ++depth;
    if (list[i].is(')') || list[i].is(']')) --depth;
  }
  return parts;
}

std::string written(Tokens statement) {
  if (statement.empty()) return {};
  const char* begin = statement.front().text.data();
  const std::string_view last = statement.back().text;
  return {begin, last.data() + last.size()};
}

}  // namespace sterna::lint
