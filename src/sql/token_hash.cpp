// The hash of a migration: over its tokens, so that white space, comments and line ends may change
// freely.
#include "base/hash.hpp"
#include "base/text.hpp"
#include "sql/scanner.hpp"
#include "sql/script.hpp"

namespace sterna {
namespace {

using sql::Lexer;
using sql::Scanner;
using sql::Token;
using sql::TokenKind;

/// Stands behind each token and so parts `ab` from `a b`.
constexpr char separator = '\x1f';

class Tokens {
 public:
  explicit Tokens(std::string_view text)
      : carriage_returns_(text.find('\r') != std::string_view::npos) {
    joined_.reserve(text.size() + text.size() / 4 + 64);
  }

  void add(std::string_view token) {
    if (carriage_returns_ && token.find('\r') != std::string_view::npos) {
      add_with_plain_line_ends(token);
    } else {
      joined_ += token;
    }
    joined_ += separator;
  }

  std::string hash() const { return sha256_hex(joined_); }

 private:
  /// A line end inside quotes or a body is the same line end after the version control changed it.
  void add_with_plain_line_ends(std::string_view token) {
    for (std::size_t i = 0; i < token.size(); ++i) {
      if (token[i] != '\r' || i + 1 == token.size() || token[i + 1] != '\n') joined_ += token[i];
    }
  }

  std::string joined_;
  bool carriage_returns_;
};

bool is_directive(std::string_view comment) {
  constexpr std::string_view start = "sterna:";
  if (comment.size() < start.size() + 1) return false;
  comment.remove_prefix(comment.starts_with('#') ? 1 : 2);
  const std::string_view content = trim(comment);
  if (content.size() < start.size() ||
      !equals_ignoring_case(content.substr(0, start.size()), start))
    return false;
  // What the linter is told changes nothing of what runs.
  return !content.substr(start.size()).starts_with("allow ");
}

void add_directive(Tokens& tokens, std::string_view comment) {
  tokens.add("--");  // the same for each way to write a line comment
  comment.remove_prefix(comment.starts_with('#') ? 1 : 2);
  tokens.add(trim(comment));
}

std::string sql_hash(std::string_view text, Language language) {
  Tokens tokens(text);
  Scanner scanner(text, language);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) {
    if (token.kind == TokenKind::line_comment) {
      if (is_directive(token.text)) add_directive(tokens, token.text);
    } else if (token.kind == TokenKind::client_command) {
      tokens.add(trim(token.text));
    } else if (token.kind != TokenKind::block_comment || !token.closed) {
      tokens.add(token.text);
    }
  }
  return tokens.hash();
}

/// True when a line ends in `gap`; a line end behind a backslash is none.
bool ends_line(std::string_view gap) {
  for (auto at = gap.find('\n'); at != std::string_view::npos; at = gap.find('\n', at + 1)) {
    const std::string_view before = gap.substr(0, at);
    if (!before.ends_with('\\') && !before.ends_with("\\\r")) return true;
  }
  return false;
}

/// Line ends count where they end a preprocessor directive.
std::string cpp_hash(std::string_view text) {
  Tokens tokens(text);
  Lexer lexer(text, Language::cpp);
  const char* last = text.data();
  bool new_line = true;
  bool in_directive = false;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    new_line |= ends_line({last, static_cast<std::size_t>(token.text.data() - last)});
    const bool continued_line = token.is('\\');
    last = token.text.data() + (continued_line ? 0 : token.text.size());
    if (continued_line || (token.is_comment() && token.closed)) continue;
    if (new_line && in_directive) tokens.add("\n");
    in_directive = (in_directive && !new_line) || (new_line && token.is('#'));
    tokens.add(token.text);
    new_line = false;
  }
  return tokens.hash();
}

}  // namespace

std::string token_hash(std::string_view text, Language language) {
  return language == Language::cpp ? cpp_hash(text) : sql_hash(text, language);
}

}  // namespace sterna
