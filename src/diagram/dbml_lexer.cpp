#include "diagram/dbml_lexer.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <algorithm>

namespace sterna::diagram {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

/// What all lines of a text between ''' begin with is indentation.
std::string without_indentation(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  const auto is_blank = [](const std::string& line) { return trim(line).empty(); };
  if (lines.size() > 1 && is_blank(lines.front())) lines.erase(lines.begin());
  if (lines.size() > 1 && is_blank(lines.back())) lines.pop_back();
  std::size_t least = std::string::npos;
  for (const std::string& line : lines) {
    if (!is_blank(line)) least = std::min(least, line.find_first_not_of(" \t"));
  }
  if (least == std::string::npos) least = 0;
  for (std::string& line : lines) line = is_blank(line) ? "" : line.substr(least);
  return join(lines, "\n");
}

class DbmlLexer {
 public:
  DbmlLexer(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = line_begin_ = 3;
  }

  std::vector<DbmlToken> run() {
    do {
      skip();
      next();
    } while (tokens_.back().kind != DbmlTokenKind::end);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool at_end() const { return at_ >= text_.size(); }
  void advance() {
    if (text_[at_++] == '\n') {
      ++line_;
      line_begin_ = at_;
      first_ = true;
    }
  }
  int column() const { return static_cast<int>(at_ - line_begin_) + 1; }

  [[noreturn]] void fail(const std::string& message, int line, int column) const {
    throw Error(ErrorKind::validation, message).at({file_, line, column});
  }

  void skip() {
    while (!at_end()) {
      const char c = peek();
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        advance();
      } else if (c == '/' && peek(1) == '/') {
        while (!at_end() && peek() != '\n') advance();
      } else if (c == '/' && peek(1) == '*') {
        skip_comment();
      } else {
        return;
      }
    }
  }

  void skip_comment() {
    const int line = line_, begin = column();
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) fail("the comment is not closed with */", line, begin);
    while (at_ < end + 2) advance();
  }

  void next() {
    DbmlToken token;
    token.begin = at_;
    token.line = line_;
    token.column = column();
    token.first_on_line = first_;
    first_ = false;
    tokens_.push_back(token);
    read(tokens_.back());
    tokens_.back().end = at_;
  }

  void read(DbmlToken& token) {
    if (at_end()) return;
    const char c = peek();
    if (is_word(c) || (c == '#' && is_word(peek(1)))) {
      token.kind = DbmlTokenKind::word;
      word();
    } else if (c == '"') {
      token.kind = DbmlTokenKind::quoted;
      token.text = between("\"", false);
      return;
    } else if (c == '\'') {
      token.kind = DbmlTokenKind::string;
      const bool lines = text_.substr(at_).starts_with("'''");
      token.text = between(lines ? "'''" : "'", lines);
      if (lines) token.text = without_indentation(token.text);
      return;
    } else if (c == '`') {
      token.kind = DbmlTokenKind::expression;
      expression();
      token.text = text_.substr(token.begin + 1, at_ - token.begin - 2);
      return;
    } else {
      token.kind = DbmlTokenKind::sign;
      if (std::string_view("{}[](),.:<>-+~*").find(c) == std::string_view::npos)
        fail(std::string("DBML knows no ") + (c < ' ' ? "control sign" : std::string(1, c)) +
                 " here",
             token.line, token.column);
      advance();
      if (c == '<' && peek() == '>') advance();
    }
    token.text = text_.substr(token.begin, at_ - token.begin);
  }

  void word() {
    const bool number = is_digit(peek());
    advance();
    while (is_word(peek()) && !at_end()) advance();
    if (!number) return;
    if (peek() == '.' && is_digit(peek(1))) {
      advance();
      while (is_word(peek()) && !at_end()) advance();
    }
    const char before = text_[at_ - 1];
    if ((before == 'e' || before == 'E') && (peek() == '-' || peek() == '+') && is_digit(peek(1))) {
      advance();
      while (is_digit(peek())) advance();
    }
  }

  std::string between(std::string_view quote, bool lines) {
    const int line = line_, begin = column();
    std::string result;
    for (std::size_t i = 0; i < quote.size(); ++i) advance();
    while (!text_.substr(at_).starts_with(quote)) {
      if (at_end() || (!lines && peek() == '\n'))
        fail("the text is not closed with " + std::string(quote), line, begin);
      if (peek() == '\\' && at_ + 1 < text_.size()) {
        advance();
        result += unescaped(peek());
        // A line end after a backslash joins the lines.
        if (peek() == '\n') result.pop_back();
      } else if (peek() != '\r') {
        result += peek();
      }
      advance();
    }
    for (std::size_t i = 0; i < quote.size(); ++i) advance();
    return result;
  }

  static char unescaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      default:
        return c;
    }
  }

  void expression() {
    const int line = line_, begin = column();
    advance();
    while (peek() != '`' || at_end()) {
      if (at_end()) fail("the expression is not closed with `", line, begin);
      advance();
    }
    advance();
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<DbmlToken> tokens_;
  std::size_t at_ = 0, line_begin_ = 0;
  int line_ = 1;
  bool first_ = true;
};

}  // namespace

std::vector<DbmlToken> dbml_tokens(std::string_view text, const std::string& file) {
  return DbmlLexer(text, file).run();
}

}  // namespace sterna::diagram
