#include "sql/substitute.hpp"

#include "base/text.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <array>
#include <vector>

namespace sterna::sql {
namespace {

/// Words behind which a name is none of a column.
constexpr std::array<std::string_view, 8> other_names{
    "AS", "COLLATE", "TRIGGER", "FUNCTION", "PROCEDURE", "NULLS", "CHARACTER", "BIT"};

std::string name_of(const Token& token) {
  if (token.kind == TokenKind::quoted_identifier) return unquoted(token);
  return token.kind == TokenKind::word ? to_lower(token.text) : std::string();
}

bool is_column(const std::vector<Token>& tokens, std::size_t i, std::string_view table) {
  if (i + 1 < tokens.size() && (tokens[i + 1].is('(') || tokens[i + 1].is('.'))) return false;
  if (i == 0) return true;
  const Token& before = tokens[i - 1];
  if (before.is('.')) {
    const std::string of = i < 2 ? std::string() : name_of(tokens[i - 2]);
    const bool deeper = i >= 3 && tokens[i - 3].is('.');
    return !deeper && (of == "new" || of == "old" || of == table);
  }
  if (before.text == "::") return false;
  for (const std::string_view word : other_names) {
    if (is_word(before, word)) return false;
  }
  // with time zone, EXTRACT(year FROM …)
  if (is_word(before, "TIME") && i >= 2) return false;
  return !(before.is('(') && i >= 2 && is_word(tokens[i - 2], "EXTRACT"));
}

}  // namespace

std::string substitute_column(std::string_view text, std::string_view column,
                              std::string_view replacement, std::string_view table) {
  std::vector<Token> tokens;
  Lexer lexer(text, Language::postgres);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!token.is_comment()) tokens.push_back(token);
  }
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (name_of(tokens[i]) != column || !is_column(tokens, i, table)) continue;
    const auto begin = static_cast<std::size_t>(tokens[i].text.data() - text.data());
    result += text.substr(copied, begin - copied);
    result += replacement;
    copied = begin + tokens[i].text.size();
  }
  result += text.substr(copied);
  return result;
}

}  // namespace sterna::sql
