// The way through the tokens of DBML: what is expected next, and the error when it is not there.
// Used by dbml_parse.cpp and dbml_values.cpp; knows no element of the language.
#pragma once

#include "diagram/dbml_lexer.hpp"
#include "diagram/dbml_parse.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::diagram {

class DbmlCursor {
 public:
  DbmlCursor(std::string_view text, const std::string& file);

  const DbmlToken& now() const { return tokens_[at_]; }
  const DbmlToken& after() const;
  const DbmlToken& take();
  bool take_sign(std::string_view sign);
  bool at_end() const { return now().kind == DbmlTokenKind::end; }
  /// Of the text, by bytes.
  std::string between(std::size_t begin, std::size_t end) const;
  static bool is_word(const DbmlToken& token, std::string_view word);

  /// With "did you mean" when one of `known` is near, else with all of them.
  [[noreturn]] void fail(const DbmlToken& at, const std::string& message,
                         const std::vector<std::string>& known = {}) const;
  static std::string shown(const DbmlToken& token);

  void expect(std::string_view sign);
  std::string name_part(std::string_view what);
  model::Name dotted_name(std::string_view what);
  std::string string_value();
  /// Between `, not empty.
  std::string expression();
  void end_of_line(std::string_view after_what);

  void block(const std::function<void()>& each);
  /// [name: value, two words, …]: `each` gets the words in lower case, and stands at the value.
  void settings(const std::function<void(const DbmlToken&, const std::string&)>& each);
  /// The value of a setting that only a drawing has use for.
  void skip_value();
  std::string note_value();
  bool at_note() const;
  /// "Note: 'text'" or "Note { 'text' }", the word taken already.
  std::string note_body();

 private:
  std::string_view text_;
  const std::string& file_;
  std::vector<DbmlToken> tokens_;
  std::size_t at_ = 0;
};

inline DbmlPlace place_of(const DbmlToken& token) { return {token.line, token.column}; }

}  // namespace sterna::diagram
