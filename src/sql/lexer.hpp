// Parts text into tokens, for every language that Sterna reads; what differs stands in sql/traits.
// Used by the scanner, the token hash and classify. Never allocates, never throws: what is not
// closed comes as a token with `closed` false.
#pragma once

#include "sql/traits.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sterna::sql {

enum class TokenKind : std::uint8_t {
  end,
  line_comment,  ///< without its line end
  block_comment,
  hint,               ///< /*+ … */ in MySQL
  conditional_open,   ///< /*!50100 or /*M!100100; what follows is code
  conditional_close,  ///< the */ of it
  word,
  quoted_identifier,
  string,  ///< with its prefix; a double-quoted one where the language has such
  dollar_string,
  number,       ///< also a name that begins with a digit (MySQL)
  parameter,    ///< ?, ?1, $1, $name, :name, @name
  punctuation,  ///< operators and all the rest
  // From the scanner alone:
  terminator,      ///< the `;` (or what DELIMITER says) that ends a statement
  copy_data,       ///< the lines behind COPY … FROM stdin;
  client_command,  ///< a DELIMITER line, or a psql meta-command
};

struct Token {
  TokenKind kind = TokenKind::end;
  bool closed = true;  ///< false for a quote or comment that runs into the end of the text
  std::string_view text;

  bool is(char c) const noexcept {
    return kind == TokenKind::punctuation && text.size() == 1 && text.front() == c;
  }
  bool is_comment() const noexcept {
    return kind == TokenKind::line_comment || kind == TokenKind::block_comment;
  }
};

class Lexer {
 public:
  Lexer(std::string_view text, Language language) noexcept;

  /// The next token that is not white space; kind `end` for ever after the last. A UTF-8 BOM at the
  /// start is skipped.
  Token next() noexcept;

  std::string_view text() const noexcept {
    return {begin_, static_cast<std::size_t>(end_ - begin_)};
  }
  /// Where the next token is looked for.
  std::size_t offset() const noexcept { return static_cast<std::size_t>(position_ - begin_); }
  void seek(std::size_t offset) noexcept { position_ = begin_ + offset; }
  const Traits& traits() const noexcept { return traits_; }
  /// True inside /*! … */.
  bool inside_conditional() const noexcept { return conditional_depth_ > 0; }
  /// Where that opened, outermost.
  std::size_t conditional_opening() const noexcept { return conditional_opening_; }

  /// While not empty, this text ends statements (MySQL's DELIMITER) and comes as a token of kind
  /// `terminator`. It is found in the middle of words too (`END$$`), unless it is made of letters
  /// itself. Must live as long as it is set.
  void set_delimiter(std::string_view delimiter) noexcept { delimiter_ = delimiter; }

 private:
  Token take(TokenKind kind, const char* end, bool closed = true) noexcept;
  Token word() noexcept;
  Token number() noexcept;
  Token line_comment() noexcept;
  Token block_comment() noexcept;
  Token quoted(TokenKind kind, const char* open, char close, bool backslash) noexcept;
  Token escape_string() noexcept;
  Token dollar() noexcept;
  Token dollar_quoted(const char* tag_end) noexcept;
  Token raw_string(const char* quote) noexcept;
  Token named_parameter(const char* name) noexcept;
  Token operators() noexcept;
  /// Cuts a token where a delimiter begins inside it.
  Token delimited(Token token) noexcept {
    return delimiter_.empty() ? token : cut_at_delimiter(token);
  }
  Token cut_at_delimiter(Token token) noexcept;
  bool at_delimiter(const char* at) const noexcept;
  bool follows_as() const noexcept;
  const char* word_end(const char* from) const noexcept;
  char peek(std::size_t ahead) const noexcept {
    return static_cast<std::size_t>(end_ - position_) > ahead ? position_[ahead] : '\0';
  }

  const Traits& traits_;
  const char* begin_;
  const char* end_;
  const char* position_;
  std::string_view delimiter_;
  int conditional_depth_ = 0;
  std::size_t conditional_opening_ = 0;
};

/// ASCII only, as all keywords are; `upper` must be upper case.
bool is_word(std::string_view text, std::string_view upper) noexcept;
inline bool is_word(const Token& token, std::string_view upper) noexcept {
  return token.kind == TokenKind::word && is_word(token.text, upper);
}

/// The first token that is no comment; kind `end` when there is none: servers give no result for
/// such a statement.
Token first_token(std::string_view text, Language language) noexcept;

}  // namespace sterna::sql
