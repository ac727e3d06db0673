#include "sql/scanner.hpp"

#include "base/text.hpp"

namespace sterna::sql {

Scanner::Scanner(std::string_view text, Language language)
    : lexer_(text, language), traits_(lexer_.traits()), body_(make_body_tracker(traits_.bodies)) {
  body_->start();
}

Token Scanner::next() {
  if (copy_data_follows_) return copy_data();
  const Token token = lexer_.next();
  switch (token.kind) {
    case TokenKind::end:
    case TokenKind::line_comment:
    case TokenKind::block_comment:
    case TokenKind::hint:
    case TokenKind::conditional_open:
    case TokenKind::conditional_close:
      return token;
    case TokenKind::terminator:
      end_statement();
      return token;
    case TokenKind::word:
      if (traits_.delimiter_command && (!begun_ || !delimiter_.empty())) {
        if (const std::optional<Token> line = delimiter_command(token)) return *line;
      }
      break;
    case TokenKind::punctuation:
      return punctuation(token);
    default:
      break;
  }
  if (!body_->idle() && delimiter_.empty()) body_->step(token, depth_);
  begun_ = true;
  return token;
}

/// Parentheses, semicolons and backslashes.
Token Scanner::punctuation(Token token) {
  const char c = token.text.size() == 1 ? token.text.front() : '\0';
  if (c == '\\' && traits_.backslash_commands && first_on_line(token)) return command(token);
  const int depth = depth_;
  if (c == '(' && depth_++ == 0) parenthesis_ = offset_of(token);
  if (c == ')' && depth_ > 0) --depth_;
  if (!body_->idle() && delimiter_.empty()) body_->step(token, depth);
  begun_ = true;
  if (c != ';' || !delimiter_.empty() || inside_body()) return token;
  if (traits_.parentheses_hold_semicolons && depth_ > 0) {
    held_ = true;
    return token;
  }
  copy_data_follows_ = body_->reads_stdin();
  end_statement();
  token.kind = TokenKind::terminator;
  return token;
}

void Scanner::end_statement() noexcept {
  begun_ = held_ = false;
  depth_ = 0;
  body_->start();
}

std::optional<Opening> Scanner::open_construct() const noexcept {
  if (body_->inside()) {
    return Opening{static_cast<std::size_t>(body_->opening() - text().data()), "body",
                   body_->closing()};
  }
  if (lexer_.inside_conditional())
    return Opening{lexer_.conditional_opening(), "version comment", "*/"};
  if (held_) return Opening{parenthesis_, "parenthesis", ")"};
  return std::nullopt;
}

bool Scanner::first_on_line(const Token& token) const noexcept {
  for (std::size_t at = offset_of(token); at > 0; --at) {
    const char before = text()[at - 1];
    if (before == '\n') return true;
    if (before != ' ' && before != '\t') return text().substr(0, at) == "\xEF\xBB\xBF";
  }
  return true;
}

std::string_view Scanner::rest_of_line(const Token& token) const noexcept {
  const std::string_view rest = text().substr(offset_of(token) + token.text.size());
  return rest.substr(0, rest.find('\n'));
}

/// The whole line as one token.
Token Scanner::command(Token token, bool closed) {
  const std::string_view rest = rest_of_line(token);
  token.kind = TokenKind::client_command;
  token.closed = closed;
  token.text = text().substr(offset_of(token), token.text.size() + rest.size());
  lexer_.seek(offset_of(token) + token.text.size());
  end_statement();
  return token;
}

/// The mysql client's DELIMITER: alone on its line, between statements, its argument up to white
/// space (MySQL manual, "Defining Stored Programs"). Behind a statement that lacks its custom
/// delimiter it ends that statement too.
std::optional<Token> Scanner::delimiter_command(const Token& word) {
  if (!is_word(word, "DELIMITER")) return std::nullopt;
  const std::string_view rest = rest_of_line(word);
  const std::string_view argument = trim(rest);
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t' && !argument.empty())
    return std::nullopt;
  if (begun_ && (argument != ";" || !first_on_line(word))) return std::nullopt;
  const std::string_view wanted = argument.substr(0, argument.find_first_of(" \t"));
  const bool closed = !wanted.empty() && wanted.find('\\') == std::string_view::npos;
  if (closed) {
    delimiter_ = wanted == ";" ? std::string_view() : wanted;
    lexer_.set_delimiter(delimiter_);
  }
  return command(word, closed);
}

/// The lines behind COPY … FROM stdin; up to one that is just `\.`. Not closed when that is
/// missing, or when the line of the statement goes on: psql would then read data from the line
/// after.
Token Scanner::copy_data() {
  copy_data_follows_ = false;
  const std::string_view all = text();
  const std::size_t begin = lexer_.offset();
  std::size_t line_end = std::min(all.find('\n', begin), all.size());
  const std::string_view rest = trim(all.substr(begin, line_end - begin));
  Token token{TokenKind::copy_data, false, all.substr(begin, 0)};
  if (!rest.empty() && !rest.starts_with("--")) return token;
  const std::size_t data = std::min(line_end + 1, all.size());
  for (std::size_t line = data; line < all.size(); line = line_end + 1) {
    line_end = std::min(all.find('\n', line), all.size());
    if (all[line] != '\\') continue;
    const std::string_view content = all.substr(line, line_end - line);
    if (content != "\\." && content != "\\.\r") continue;
    token.closed = true;
    token.text = all.substr(data, line - data);
    lexer_.seek(line_end);
    return token;
  }
  token.text = all.substr(data);
  lexer_.seek(all.size());
  return token;
}

}  // namespace sterna::sql
