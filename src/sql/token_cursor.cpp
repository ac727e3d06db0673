#include "sql/token_cursor.hpp"

namespace sterna::sql {

const Token& TokenCursor::peek(std::size_t ahead) {
  while (tokens_.size() <= next_ + ahead) {
    Token token = lexer_.next();
    const bool skipped = token.is_comment() || token.kind == TokenKind::hint ||
                         token.kind == TokenKind::conditional_open ||
                         token.kind == TokenKind::conditional_close;
    if (!skipped) tokens_.push_back(token);
  }
  return tokens_[next_ + ahead];
}

Token TokenCursor::take() {
  const Token token = peek();
  if (token.kind == TokenKind::end) return token;
  if (++next_ == 64) {  // a long INSERT need not be kept
    tokens_.erase(tokens_.begin(), tokens_.begin() + 64);
    next_ = 0;
  }
  return token;
}

bool TokenCursor::at_any(std::initializer_list<std::string_view> words, std::size_t ahead) {
  for (const std::string_view word : words) {
    if (at(word, ahead)) return true;
  }
  return false;
}

bool TokenCursor::accept(std::initializer_list<std::string_view> words) {
  std::size_t ahead = 0;
  for (const std::string_view word : words) {
    if (!at(word, ahead++)) return false;
  }
  for (; ahead > 0; --ahead) take();
  return true;
}

bool TokenCursor::accept(char punctuation) {
  if (!at(punctuation)) return false;
  take();
  return true;
}

bool TokenCursor::accept_any(std::initializer_list<std::string_view> words) {
  if (!at_any(words)) return false;
  take();
  return true;
}

bool TokenCursor::at_name(std::size_t ahead) {
  switch (peek(ahead).kind) {
    case TokenKind::word:
    case TokenKind::quoted_identifier:
    case TokenKind::string:
    case TokenKind::number:
      return true;
    default:
      return false;
  }
}

std::string TokenCursor::identifier() { return at_name() ? unquoted(take()) : std::string(); }

ObjectName TokenCursor::name() {
  ObjectName name{{}, identifier()};
  while (at('.') && at_name(1)) {
    take();
    name.schema = std::move(name.name);
    name.name = identifier();
  }
  return name;
}

void TokenCursor::skip() {
  const bool angles = traits().angle_brackets;
  const auto opens = [&](const Token& token) {
    return token.is('(') || token.is('[') || token.is('{') || (angles && token.is('<'));
  };
  const auto closes = [&](const Token& token) {
    return token.is(')') || token.is(']') || token.is('}') || (angles && token.is('>'));
  };
  int depth = 0;
  do {
    const Token token = take();
    if (token.kind == TokenKind::end) return;
    depth += opens(token) ? 1 : closes(token) ? -1 : 0;
  } while (depth > 0);
}

bool TokenCursor::skip_to(std::initializer_list<std::string_view> words) {
  while (!at_any(words)) {
    if (at_end()) return false;
    skip();
  }
  return true;
}

bool TokenCursor::skip_to(char punctuation) {
  while (!at(punctuation)) {
    if (at_end()) return false;
    skip();
  }
  return true;
}

std::string unquoted(const Token& token) {
  std::string_view text = token.text;
  if (token.kind != TokenKind::quoted_identifier && token.kind != TokenKind::string)
    return std::string(text);
  text.remove_prefix(text.find_first_of("'\"`["));
  const char close = text.front() == '[' ? ']' : text.front();
  text.remove_prefix(1);
  if (token.closed) text.remove_suffix(1);
  std::string name;
  name.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    name += text[i];
    if (text[i] == close && i + 1 < text.size() && text[i + 1] == close) ++i;
  }
  return name;
}

}  // namespace sterna::sql
