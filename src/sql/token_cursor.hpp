// Walks over the tokens of one statement, comments left out, with look-ahead. Used by classify;
// reads no further than it is asked.
#pragma once

#include "sql/classify.hpp"
#include "sql/lexer.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::sql {

class TokenCursor {
 public:
  TokenCursor(std::string_view statement, Language language) : lexer_(statement, language) {}

  /// Kind `end` behind the last token. What stands in MySQL's version comments counts as code.
  const Token& peek(std::size_t ahead = 0);
  Token take();
  bool at_end() { return peek().kind == TokenKind::end; }
  const Traits& traits() const noexcept { return lexer_.traits(); }

  bool at(std::string_view upper, std::size_t ahead = 0) { return is_word(peek(ahead), upper); }
  bool at(char punctuation, std::size_t ahead = 0) { return peek(ahead).is(punctuation); }
  bool at_any(std::initializer_list<std::string_view> words, std::size_t ahead = 0);
  /// Takes the words when all of them follow.
  bool accept(std::initializer_list<std::string_view> words);
  bool accept(std::string_view word) { return accept({word}); }
  bool accept(char punctuation);
  /// Takes the next word when it is one of these.
  bool accept_any(std::initializer_list<std::string_view> words);

  /// True when the next token can be a name: a word, anything quoted, a number (MySQL's 2fa_codes).
  bool at_name(std::size_t ahead = 0);
  /// Takes one name and removes its quotes.
  std::string identifier();
  /// Takes a dotted name; of three parts the last two stay. Empty when none follows.
  ObjectName name();
  /// Takes a token, or a whole bracketed group with what is inside.
  void skip();
  /// Skips to the next of these outside brackets; false at the end.
  bool skip_to(std::initializer_list<std::string_view> words);
  bool skip_to(char punctuation);

 private:
  Lexer lexer_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

/// The name without its quotes: "a""b" → a"b.
std::string unquoted(const Token& token);
/// Reads the actions of ALTER TABLE, from behind the table's name to the end.
void read_alter_actions(TokenCursor& cursor, StatementSummary& summary);

}  // namespace sterna::sql
