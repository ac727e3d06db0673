// Passwords inside statements: those of accounts and of foreign servers.
#include "database/mysql/secrets.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "database/mysql/errors.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <array>

namespace sterna::mysql {
namespace {

using sql::Token;
using sql::TokenKind;

/// The statements that take passwords (MySQL manual, "Account Management Statements", "CREATE
/// SERVER", "CHANGE MASTER TO").
bool takes_secrets(std::string_view sql) {
  sql::TokenCursor cursor(sql, Language::mysql);
  if (cursor.at_any({"GRANT", "CHANGE"})) return true;
  if (cursor.accept("SET")) return cursor.at("PASSWORD");
  if (!cursor.accept_any({"CREATE", "ALTER"})) return false;
  cursor.accept({"OR", "REPLACE"});
  return cursor.at_any({"USER", "SERVER"});
}

bool is_at_sign(const Token& token) { return token.text.starts_with('@'); }

/// What a quoted name follows, in these statements.
bool names_somebody(const Token& before) {
  static constexpr std::array words{"USER", "TO", "FOR", "EXISTS", "SERVER", "HOST", "DATABASE"};
  if (is_at_sign(before) || before.is(',')) return true;
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql::is_word(before, word); });
}

}  // namespace

std::vector<Token> secrets_in(std::string_view sql) {
  std::vector<Token> secrets;
  if (!takes_secrets(sql)) return secrets;
  sql::Lexer lexer(sql, Language::mysql);
  Token before, token = lexer.next();
  while (token.kind != TokenKind::end) {
    const Token after = lexer.next();
    if (token.kind == TokenKind::string && !names_somebody(before) && !is_at_sign(after))
      secrets.push_back(token);
    before = token;
    token = after;
  }
  return secrets;
}

std::string mask_secrets(std::string_view sql) {
  std::string masked;
  std::size_t copied = 0;
  for (const Token& secret : secrets_in(sql)) {
    const auto start = static_cast<std::size_t>(secret.text.data() - sql.data());
    masked.append(sql.substr(copied, start - copied)).append("'***'");
    copied = start + secret.text.size();
  }
  return mask_passwords(masked.append(sql.substr(copied)));
}

std::string mask_message(std::string message, std::string_view sql) {
  // The server quotes at most 80 characters of the statement: a secret may be cut.
  constexpr std::size_t shortest = 3;
  for (const Token& secret : secrets_in(sql)) {
    for (std::size_t length = secret.text.size(); length >= shortest; --length) {
      const std::string_view part = secret.text.substr(0, length);
      const std::size_t at = message.find(part);
      if (at == std::string::npos) continue;
      message.replace(at, length, "'***'");
      length = secret.text.size() + 1;  // it may stand there once more
      if (part.find_first_not_of("'*") == std::string_view::npos) break;
    }
  }
  return mask_passwords(message);
}

}  // namespace sterna::mysql
