#include "database/sqlite/tokens.hpp"

#include <algorithm>

namespace sterna::sqlite {

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  sql::Lexer lexer(text, Language::sqlite);
  for (Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (!token.is_comment()) tokens.push_back(token);
  }
  return tokens;
}

std::string text_of(const Token& first, const Token& last) {
  return {first.text.data(),
          static_cast<std::size_t>(last.text.data() + last.text.size() - first.text.data())};
}

std::size_t past_group(Tokens tokens, std::size_t at) {
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].is('(')) ++depth;
    if (tokens[at].is(')') && --depth == 0) return at + 1;
  }
  return at;
}

bool has_word(std::string_view text, std::string_view upper) {
  const std::vector<Token> tokens = tokens_of(text);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const Token& token) { return sql::is_word(token, upper); });
}

std::string one_line(Tokens tokens) {
  std::string text;
  const char* end = nullptr;
  for (const Token& token : tokens) {
    if (end != nullptr && token.text.data() != end) text += ' ';
    text += token.text;
    end = token.text.data() + token.text.size();
  }
  return text;
}

Tokens without_parentheses(Tokens tokens) {
  while (tokens.size() > 2 && tokens.front().is('(') && past_group(tokens, 0) == tokens.size())
    tokens = tokens.subspan(1, tokens.size() - 2);
  return tokens;
}

std::vector<Tokens> split_at_commas(Tokens tokens) {
  std::vector<Tokens> items;
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < tokens.size()) {
    if (tokens[at].is(',')) {
      items.push_back(tokens.subspan(start, at - start));
      start = ++at;
    } else {
      at = tokens[at].is('(') ? past_group(tokens, at) : at + 1;
    }
  }
  items.push_back(tokens.subspan(start));
  return items;
}

}  // namespace sterna::sqlite
