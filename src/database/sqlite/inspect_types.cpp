#include "base/text.hpp"
#include "database/sqlite/dialect.hpp"
#include "database/sqlite/inspect_table.hpp"

#include <charconv>
#include <map>

namespace sterna::sqlite {
namespace {

using model::Default;
using model::Type;
using model::TypeKind;

/// As dialect.spell() writes them: what stands here and is written otherwise would not round-trip.
const std::map<std::string_view, TypeKind>& plain_kinds() {
  static const std::map<std::string_view, TypeKind> kinds{{"boolean", TypeKind::boolean},
                                                          {"tinyint", TypeKind::tiny_integer},
                                                          {"smallint", TypeKind::small_integer},
                                                          {"mediumint", TypeKind::medium_integer},
                                                          {"integer", TypeKind::integer},
                                                          {"bigint", TypeKind::big_integer},
                                                          {"numeric", TypeKind::decimal},
                                                          {"real", TypeKind::real},
                                                          {"double", TypeKind::double_precision},
                                                          {"char", TypeKind::char_},
                                                          {"varchar", TypeKind::string},
                                                          {"text", TypeKind::text},
                                                          {"blob", TypeKind::binary},
                                                          {"date", TypeKind::date},
                                                          {"time", TypeKind::time},
                                                          {"datetime", TypeKind::datetime}};
  return kinds;
}

std::string type_words(const std::vector<Token>& tokens) {
  if (tokens.size() == 1) {  // "INTEGER" and [INTEGER] are INTEGER
    const std::string word = sql::unquoted(tokens.front());
    const bool plain =
        !word.empty() &&
        word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
            std::string::npos;
    if (plain) return to_lower(word);
  }
  std::string text;
  for (const Token& token : tokens) {
    const bool quoted =
        token.kind == sql::TokenKind::quoted_identifier || token.kind == sql::TokenKind::string;
    const bool glued = text.empty() || token.is('(') || token.is(')') || token.is(',') ||
                       text.back() == '(' || text.back() == ',' || text.back() == '-' ||
                       text.back() == '+';
    if (!glued) text += ' ';
    text += quoted ? sql_dialect().quote(sql::unquoted(token)) : to_lower(token.text);
  }
  return text;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "varchar(20)", "decimal(10,2)"; native when it is none of these.
Type sized_type(const std::string& text) {
  Type native;
  native.name = text;
  const std::size_t open = text.find('(');
  if (open == std::string::npos || text.back() != ')') return native;
  const std::string_view word = std::string_view(text).substr(0, open);
  std::vector<std::optional<int>> sizes;
  for (const std::string& size : split(text.substr(open + 1, text.size() - open - 2), ','))
    sizes.push_back(number(size));
  Type type;
  if (word == "decimal" && sizes.size() <= 2) {
    type.kind = TypeKind::decimal;
    type.precision = sizes.front();
    if (sizes.size() == 2) type.scale = sizes.back();
  } else if ((word == "varchar" || word == "char") && sizes.size() == 1) {
    type.kind = word == "char" ? TypeKind::char_ : TypeKind::string;
    type.length = sizes.front();
  }
  return type;
}

Default literal(Default::Literal kind, std::string text) {
  return {Default::Kind::literal, std::move(text), kind};
}

}  // namespace

Type read_type(std::string_view text, bool strict) {
  Type native;
  native.name = type_words(tokens_of(text));
  Type type;
  if (const auto kind = plain_kinds().find(native.name); kind != plain_kinds().end()) {
    type.kind = kind->second;
  } else {
    type = sized_type(native.name);
  }
  // The test that decides: what is not written back letter by letter stays as it is.
  if (strict && type.kind != TypeKind::integer && type.kind != TypeKind::real &&
      type.kind != TypeKind::text && type.kind != TypeKind::binary)
    return native;
  return sql_dialect().spell(type, {}) == native.name ? type : native;
}

std::string expression_text(Tokens tokens, const std::vector<std::string>& names) {
  std::string text = one_line(without_parentheses(tokens));
  if (text.find('"') == std::string::npos) return text;
  // It looks at what stands in parentheses alone.
  text = with_strings_in_single_quotes("(" + text + ")", names);
  return text.substr(1, text.size() - 2);
}

std::string check_expression(std::string_view check, const std::vector<std::string>& columns) {
  const std::vector<Token> tokens = tokens_of(check);
  std::size_t at = 0;
  while (at < tokens.size() && !tokens[at].is('(')) ++at;
  if (at == tokens.size()) return {};
  std::vector<std::string> names = columns;
  for (const char* rowid : {"rowid", "_rowid_", "oid"}) names.emplace_back(rowid);
  return expression_text(Tokens(tokens).subspan(at + 1, past_group(tokens, at) - at - 2), names);
}

Default read_default(const ClauseText& clause, const Type& type,
                     const std::vector<std::string>& names) {
  const std::string text = default_of(clause);
  const std::vector<Token> all = tokens_of(text);
  const Tokens tokens = without_parentheses(all);
  const bool is_signed = tokens.size() == 2 && (tokens[0].is('-') || tokens[0].is('+'));
  const Token& last = tokens.back();
  const std::string now = sql_dialect().default_now(type);
  if (last.kind == sql::TokenKind::number && (tokens.size() == 1 || is_signed)) {
    return literal(Default::Literal::number,
                   (tokens[0].is('-') ? "-" : "") + std::string(last.text));
  }
  if (tokens.size() == 1) {
    const bool string = last.kind == sql::TokenKind::string && last.text.front() == '\'';
    if (string) return literal(Default::Literal::string, sql::unquoted(last));
    if (sql::is_word(last, "NULL")) return literal(Default::Literal::null, {});
    // They are 1 and 0 (https://www.sqlite.org/lang_expr.html#booleanexpr).
    if (sql::is_word(last, "TRUE")) return literal(Default::Literal::number, "1");
    if (sql::is_word(last, "FALSE")) return literal(Default::Literal::number, "0");
    const std::string word = to_upper(last.text);
    if (word == now) return {Default::Kind::now, {}};
    if (word.starts_with("CURRENT_")) return {Default::Kind::expression, word};
  }
  std::string expression = expression_text(tokens, names);
  if ("(" + expression + ")" == now) return {Default::Kind::now, {}};
  return {Default::Kind::expression, std::move(expression)};
}

}  // namespace sterna::sqlite
