// The tokens of a script with what they mean for its statements: where one ends, which `;` belong
// to a body, what is COPY data, what is a command to the client. Used by the splitter, the script
// parser and the token hash. Never throws.
#pragma once

#include "sql/body.hpp"
#include "sql/lexer.hpp"

#include <optional>

namespace sterna::sql {

/// Something that was opened and not closed at the end of the text.
struct Opening {
  std::size_t offset = 0;
  std::string_view what;     ///< "body", "version comment", "parenthesis"
  std::string_view closing;  ///< what would close it
};

class Scanner {
 public:
  Scanner(std::string_view text, Language language);

  Token next();

  /// True while a body is open, or a version comment: comments there are part of the statement.
  bool inside_body() const noexcept { return body_->inside() || lexer_.inside_conditional(); }
  std::optional<Opening> open_construct() const noexcept;

  /// Forgets the statement that has begun, as if it had ended here.
  void end_statement() noexcept;

  std::string_view text() const noexcept { return lexer_.text(); }
  std::size_t offset_of(const Token& token) const noexcept {
    return static_cast<std::size_t>(token.text.data() - lexer_.text().data());
  }

 private:
  Token punctuation(Token token);
  Token copy_data();
  Token command(Token token, bool closed = true);
  std::optional<Token> delimiter_command(const Token& word);
  bool first_on_line(const Token& token) const noexcept;
  std::string_view rest_of_line(const Token& token) const noexcept;

  Lexer lexer_;
  const Traits& traits_;
  std::unique_ptr<BodyTracker> body_;
  std::string_view delimiter_;  // empty: `;`
  bool begun_ = false;          // a token of the statement was seen
  bool copy_data_follows_ = false;
  int depth_ = 0;                // of parentheses
  std::size_t parenthesis_ = 0;  // the outermost open one
  bool held_ = false;            // a `;` stood inside parentheses
};

}  // namespace sterna::sql
