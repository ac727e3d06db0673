#include "sql/lexer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sterna::sql {
namespace {

/// What a byte may begin. Bytes from 0x80 on are letters: every language takes UTF-8 in names.
enum class Begins : std::uint8_t {
  other,
  space,
  word,
  digit,
  quote,
  double_quote,
  backquote,
  bracket,
  dollar,
  dot,
  dash,
  slash,
  star,
  hash,
  colon,
  question,
  at,
  sign,  ///< the remaining operator characters
};

constexpr std::uint8_t continues_word = 1;  // letters, digits, underscore, from 0x80 on
constexpr std::uint8_t is_digit = 2;
constexpr std::uint8_t is_operator =
    4;  // PostgreSQL manual 4.1.3: + - * / < > = ~ ! @ # % ^ & | ` ?
constexpr std::uint8_t allows_sign = 8;  // those that let an operator end in + or -
constexpr std::uint8_t is_space_bit = 16;

struct CharacterTable {
  std::array<Begins, 256> begins{};
  std::array<std::uint8_t, 256> bits{};
};

constexpr CharacterTable make_table() {
  CharacterTable table;
  const auto index = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
  for (const char c : std::string_view(" \t\n\r\f\v")) {
    table.begins[index(c)] = Begins::space;
    table.bits[index(c)] |= is_space_bit;
  }
  for (std::size_t c = 0; c < 256; ++c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    const bool digit = c >= '0' && c <= '9';
    if (letter) table.begins[c] = Begins::word;
    if (digit) table.begins[c] = Begins::digit;
    if (letter || digit) table.bits[c] |= continues_word;
    if (digit) table.bits[c] |= is_digit;
  }
  for (const char c : std::string_view("+-*/<>=~!@#%^&|`?")) {
    table.begins[index(c)] = Begins::sign;
    table.bits[index(c)] |= is_operator;
  }
  for (const char c : std::string_view("~!@#%^&|`?")) table.bits[index(c)] |= allows_sign;
  constexpr std::array<std::pair<char, Begins>, 12> single{{{'\'', Begins::quote},
                                                            {'"', Begins::double_quote},
                                                            {'`', Begins::backquote},
                                                            {'[', Begins::bracket},
                                                            {'$', Begins::dollar},
                                                            {'.', Begins::dot},
                                                            {'-', Begins::dash},
                                                            {'/', Begins::slash},
                                                            {'*', Begins::star},
                                                            {'#', Begins::hash},
                                                            {':', Begins::colon},
                                                            {'?', Begins::question}}};
  for (const auto& [c, begins] : single) table.begins[index(c)] = begins;
  table.begins[index('@')] = Begins::at;
  return table;
}

constexpr CharacterTable characters = make_table();

Begins begins(char c) noexcept { return characters.begins[static_cast<unsigned char>(c)]; }
bool has(char c, std::uint8_t bit) noexcept {
  return (characters.bits[static_cast<unsigned char>(c)] & bit) != 0;
}
char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

const char* find(const char* from, const char* end, char c) noexcept {
  const void* found = std::memchr(from, c, static_cast<std::size_t>(end - from));
  return found == nullptr ? end : static_cast<const char*>(found);
}

/// @return the first place of `what`, or `end`.
const char* find(const char* from, const char* end, std::string_view what) noexcept {
  const auto at = std::string_view(from, static_cast<std::size_t>(end - from)).find(what);
  return at == std::string_view::npos ? end : from + at;
}

}  // namespace

bool is_word(std::string_view text, std::string_view word) noexcept {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (upper(text[i]) != word[i]) return false;
  }
  return true;
}

Lexer::Lexer(std::string_view text, Language language) noexcept
    : traits_(traits_of(language)),
      begin_(text.data()),
      end_(begin_ + text.size()),
      position_(begin_) {
  if (text.starts_with("\xEF\xBB\xBF")) position_ += 3;
}

Token Lexer::take(TokenKind kind, const char* end, bool closed) noexcept {
  const Token token{kind, closed, {position_, static_cast<std::size_t>(end - position_)}};
  position_ = end;
  return token;
}

Token Lexer::next() noexcept {
  while (position_ != end_ && has(*position_, is_space_bit)) ++position_;
  if (position_ == end_) return take(TokenKind::end, end_);
  if (!delimiter_.empty() && at_delimiter(position_))
    return take(TokenKind::terminator, position_ + delimiter_.size());
  const Traits& traits = traits_;
  switch (begins(*position_)) {
    case Begins::word:
      return word();
    case Begins::digit:
      return number();
    case Begins::quote:
      return quoted(TokenKind::string, position_, '\'', traits.backslash_escapes);
    case Begins::double_quote:
      if (traits.double_quoted_strings)
        return quoted(TokenKind::string, position_, '"', traits.backslash_escapes);
      return quoted(TokenKind::quoted_identifier, position_, '"', false);
    case Begins::backquote:
      if (traits.backquotes) return quoted(TokenKind::quoted_identifier, position_, '`', false);
      return operators();
    case Begins::bracket:
      if (traits.brackets) return quoted(TokenKind::quoted_identifier, position_, ']', false);
      break;
    case Begins::dollar:
      return dollar();
    case Begins::dot:
      if (has(peek(1), is_digit)) return number();
      return operators();
    case Begins::dash:
      // MySQL: a control character or the end of the text is as good as a space.
      if (traits.dash_comments && peek(1) == '-' &&
          (!traits.dash_needs_space || static_cast<unsigned char>(peek(2)) <= ' ')) {
        return line_comment();
      }
      return operators();
    case Begins::slash:
      if (peek(1) == '*') return block_comment();
      if (traits.slash_comments && peek(1) == '/') return line_comment();
      return operators();
    case Begins::star:
      if (conditional_depth_ > 0 && peek(1) == '/') {
        --conditional_depth_;
        return take(TokenKind::conditional_close, position_ + 2);
      }
      return operators();
    case Begins::hash:
      if (traits.hash_comments) return line_comment();
      return operators();
    case Begins::colon:
      if (traits.colon_names && has(peek(1), continues_word)) return named_parameter(position_ + 1);
      return operators();
    case Begins::question: {
      if (!traits.question_marks) return operators();
      return named_parameter(position_ + 1);
    }
    case Begins::at:
      if (traits.at_names) return named_parameter(position_ + (peek(1) == '@' ? 2 : 1));
      return operators();
    case Begins::sign:
      return operators();
    case Begins::space:
    case Begins::other:
      break;
  }
  return take(TokenKind::punctuation, position_ + 1);
}

const char* Lexer::word_end(const char* from) const noexcept {
  const bool dollars = traits_.dollar_in_words;
  while (from != end_ && (has(*from, continues_word) || (dollars && *from == '$'))) ++from;
  return from;
}

Token Lexer::word() noexcept {
  if (peek(1) == '\'' && traits_.string_prefixes.find(*position_) != std::string_view::npos) {
    if (traits_.escape_strings && upper(*position_) == 'E') return escape_string();
    return quoted(TokenKind::string, position_ + 1, '\'', traits_.backslash_escapes);
  }
  if (traits_.unicode_quotes && peek(1) == '&' && upper(*position_) == 'U') {
    if (peek(2) == '\'') return quoted(TokenKind::string, position_ + 2, '\'', false);
    if (peek(2) == '"') return quoted(TokenKind::quoted_identifier, position_ + 2, '"', false);
  }
  const char* end = word_end(position_);
  if (traits_.digit_separators && end != end_ && (*end == '"' || *end == '\'')) {
    const std::string_view prefix(position_, static_cast<std::size_t>(end - position_));
    const bool raw = prefix.ends_with('R');
    const std::string_view encoding = raw ? prefix.substr(0, prefix.size() - 1) : prefix;
    if (encoding.empty() || encoding == "L" || encoding == "u" || encoding == "U" ||
        encoding == "u8") {
      if (raw && *end == '"') return raw_string(end);
      if (!raw) return quoted(TokenKind::string, end, *end, true);
    }
  }
  return delimited(take(TokenKind::word, end));
}

// Numbers are read generously (0xff, 1_000, 1e-5, names such as 2fa_codes in MySQL): nothing
// depends on their value.
Token Lexer::number() noexcept {
  const char* at = position_;
  bool decimal = true;
  bool point = false;
  while (at != end_) {
    const char c = *at;
    if (has(c, is_digit)) {
      ++at;
    } else if (has(c, continues_word)) {
      const bool exponent = upper(c) == 'E' || (traits_.digit_separators && upper(c) == 'P');
      const bool signed_exponent = exponent && (decimal || traits_.digit_separators) &&
                                   end_ - at > 2 && (at[1] == '+' || at[1] == '-') &&
                                   has(at[2], is_digit);
      decimal = false;
      at += signed_exponent ? 2 : 1;
    } else if (c == '.' && decimal && !point && !(end_ - at > 1 && at[1] == '.')) {
      point = true;
      ++at;
    } else if (c == '\'' && traits_.digit_separators && end_ - at > 1 &&
               has(at[1], continues_word)) {
      ++at;
    } else {
      break;
    }
  }
  return delimited(take(TokenKind::number, at));
}

Token Lexer::line_comment() noexcept {
  const char* end = find(position_, end_, '\n');
  if (end != position_ && end[-1] == '\r') --end;
  return take(TokenKind::line_comment, end);
}

Token Lexer::block_comment() noexcept {
  if (traits_.conditional_comments) {
    const std::size_t mark = peek(2) == 'M' && peek(3) == '!' ? 4 : peek(2) == '!' ? 3 : 0;
    if (mark != 0) {
      const char* end = position_ + mark;
      for (int digits = 0; digits < 6 && end != end_ && has(*end, is_digit); ++digits) ++end;
      // mariadb-dump begins with /*M!999999\- … */, a command to the client that every server
      // skips.
      if (end == end_ || *end != '\\') {
        if (conditional_depth_++ == 0) conditional_opening_ = offset();
        return take(TokenKind::conditional_open, end);
      }
    }
  }
  const TokenKind kind =
      traits_.conditional_comments && peek(2) == '+' ? TokenKind::hint : TokenKind::block_comment;
  const char* at = position_ + 2;
  if (!traits_.nested_comments) {
    at = find(at, end_, "*/");
    return at == end_ ? take(kind, end_, false) : take(kind, at + 2);
  }
  for (int depth = 1; end_ - at >= 2;) {
    if (at[0] == '*' && at[1] == '/') {
      at += 2;
      if (--depth == 0) return take(kind, at);
    } else if (at[0] == '/' && at[1] == '*') {
      at += 2;
      ++depth;
    } else {
      ++at;
    }
  }
  return take(kind, end_, false);
}

Token Lexer::quoted(TokenKind kind, const char* open, char close, bool backslash) noexcept {
  const char* at = open + 1;
  if (!backslash) {
    while ((at = find(at, end_, close)) != end_) {
      const bool doubled = close != ']' && end_ - at > 1 && at[1] == close;
      if (!doubled) return take(kind, at + 1);
      at += 2;
    }
    return take(kind, end_, false);
  }
  const bool one_line = traits_.digit_separators;
  const bool doubling = !traits_.digit_separators;
  while (at != end_) {
    const char c = *at;
    if (c == '\\') {
      at += end_ - at > 1 ? 2 : 1;
    } else if (c == close) {
      if (!doubling || end_ - at < 2 || at[1] != close) return take(kind, at + 1);
      at += 2;
    } else if (c == '\n' && one_line) {
      return take(kind, at, false);  // an apostrophe in #error: not a literal at all
    } else {
      ++at;
    }
  }
  return take(kind, end_, false);
}

// E'…' keeps its backslashes when it goes on behind a line end (PostgreSQL manual 4.1.2.2: two
// strings that are parted by white space with a line end are one).
Token Lexer::escape_string() noexcept {
  const char* start = position_;
  Token token = quoted(TokenKind::string, position_ + 1, '\'', true);
  while (token.closed) {
    const char* at = position_;
    bool line_end = false;
    while (at != end_ && has(*at, is_space_bit)) line_end |= *at++ == '\n';
    if (!line_end || at == end_ || *at != '\'') break;
    token = quoted(TokenKind::string, at, '\'', true);
  }
  token.text = {start, static_cast<std::size_t>(position_ - start)};
  return token;
}

bool Lexer::follows_as() const noexcept {
  const char* at = position_;
  while (at != begin_ && has(at[-1], is_space_bit)) --at;
  return at - begin_ >= 2 && at != position_ && is_word({at - 2, 2}, "AS") &&
         (at - begin_ == 2 || !has(at[-3], continues_word));
}

Token Lexer::dollar() noexcept {
  switch (traits_.dollar_quotes) {
    case DollarQuotes::none:
      break;
    case DollarQuotes::bare:
      if (peek(1) == '$') return dollar_quoted(position_ + 2);
      break;
    case DollarQuotes::after_as:
      if (!follows_as()) break;
      [[fallthrough]];
    case DollarQuotes::tagged: {
      const char* tag = position_ + 1;
      if (tag != end_ && !has(*tag, is_digit)) {
        while (tag != end_ && has(*tag, continues_word)) ++tag;
      }
      if (tag != end_ && *tag == '$') return dollar_quoted(tag + 1);
      break;
    }
  }
  if (traits_.dollar_names && has(peek(1), continues_word)) return named_parameter(position_ + 1);
  if (traits_.dollar_numbers && has(peek(1), is_digit)) {
    const char* at = position_ + 1;
    while (at != end_ && has(*at, is_digit)) ++at;
    return take(TokenKind::parameter, at);
  }
  if (traits_.dollar_starts_words) return delimited(take(TokenKind::word, word_end(position_)));
  return take(TokenKind::punctuation, position_ + 1);
}

Token Lexer::dollar_quoted(const char* tag_end) noexcept {
  const std::string_view tag(position_, static_cast<std::size_t>(tag_end - position_));
  const char* close = find(tag_end, end_, tag);
  return close == end_ ? take(TokenKind::dollar_string, end_, false)
                       : take(TokenKind::dollar_string, close + tag.size());
}

// R"mark( … )mark" ; the mark has at most 16 characters.
Token Lexer::raw_string(const char* quote) noexcept {
  const char* open = quote + 1;
  while (open != end_ && open - quote <= 17 && *open != '(' && *open != '"' && *open != '\n')
    ++open;
  if (open == end_ || *open != '(') return quoted(TokenKind::string, quote, '"', true);
  std::array<char, 19> close{')'};
  const auto mark = static_cast<std::size_t>(open - quote - 1);
  std::copy_n(quote + 1, mark, close.begin() + 1);
  close[mark + 1] = '"';
  const char* at = find(open + 1, end_, std::string_view(close.data(), mark + 2));
  return at == end_ ? take(TokenKind::string, end_, false) : take(TokenKind::string, at + mark + 2);
}

Token Lexer::named_parameter(const char* name) noexcept {
  return delimited(take(TokenKind::parameter, word_end(name)));
}

Token Lexer::operators() noexcept {
  const std::string_view rest(position_, static_cast<std::size_t>(end_ - position_));
  for (const std::string_view known : traits_.operators) {
    if (rest.starts_with(known)) return take(TokenKind::punctuation, position_ + known.size());
  }
  if (!traits_.free_operators || !has(rest.front(), is_operator))
    return take(TokenKind::punctuation, position_ + 1);
  const char* at = position_;
  bool may_end_in_sign = false;
  while (at != end_ && has(*at, is_operator)) {
    const bool comment =
        end_ - at > 1 && ((at[0] == '-' && at[1] == '-') || (at[0] == '/' && at[1] == '*'));
    if (comment) break;
    may_end_in_sign |= has(*at, allows_sign);
    ++at;
  }
  while (!may_end_in_sign && at - position_ > 1 && (at[-1] == '+' || at[-1] == '-')) --at;
  return take(TokenKind::punctuation, at);
}

bool Lexer::at_delimiter(const char* at) const noexcept {
  if (static_cast<std::size_t>(end_ - at) < delimiter_.size()) return false;
  return std::memcmp(at, delimiter_.data(), delimiter_.size()) == 0 &&
         (!has(delimiter_.back(), continues_word) ||
          static_cast<std::size_t>(end_ - at) == delimiter_.size() ||
          !has(at[delimiter_.size()], continues_word));
}

Token Lexer::cut_at_delimiter(Token token) noexcept {
  if (has(delimiter_.front(), continues_word)) return token;
  const auto at = token.text.find(delimiter_.front());
  if (at == std::string_view::npos) return token;
  const char* first = token.text.data();
  for (const char* cut = first + at; cut != first + token.text.size(); ++cut) {
    if (cut == first || *cut != delimiter_.front() || !at_delimiter(cut)) continue;
    position_ = cut;
    token.text = {first, static_cast<std::size_t>(cut - first)};
    break;
  }
  return token;
}

Token first_token(std::string_view text, Language language) noexcept {
  Lexer lexer(text, language);
  Token token = lexer.next();
  while (token.is_comment()) token = lexer.next();
  return token;
}

}  // namespace sterna::sql
