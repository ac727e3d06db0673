#include "lint/constant_text.hpp"

#include "base/text.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <optional>

namespace sterna::lint {

using sql::Token;
using sql::TokenKind;

namespace {

/// Enough for a list of tables; more is no list that anybody wrote down.
constexpr std::size_t most_texts = 64;

Texts unknown() { return {}; }
Texts known(std::string text) { return {{std::move(text)}, true}; }

void add(std::vector<std::string>& all, std::string text) {
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
}

/// Every text of the one followed by every text of the other.
Texts joined(const Texts& a, const Texts& b) {
  Texts result;
  result.complete = a.complete && b.complete;
  for (const std::string& first : a.all) {
    for (const std::string& second : b.all) {
      if (result.all.size() == most_texts) {
        result.complete = false;
        return result;
      }
      add(result.all, first + second);
    }
  }
  return result;
}

template <class Change>
Texts each(Texts texts, Change change) {
  for (std::string& text : texts.all) text = change(text);
  return texts;
}

/// MySQL manual, "String Literals": a backslash before another character is left out.
std::string without_backslashes(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    ++i;
    result += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i] == 'r' ? '\r' : text[i];
  }
  return result;
}

/// The text of a literal; nothing for one whose escapes are not read here (E'\x41', U&'\0041').
std::optional<std::string> literal(const Token& token, Language language) {
  if (!token.closed) return std::nullopt;
  if (token.kind == TokenKind::dollar_string) {
    const std::size_t tag = token.text.find('$', 1) + 1;
    return std::string(token.text.substr(tag, token.text.size() - 2 * tag));
  }
  if (token.kind != TokenKind::string) return std::nullopt;
  const bool plain = token.text.starts_with('\'') || token.text.starts_with('"');
  const bool escapes = token.text.find('\\') != std::string_view::npos;
  if (language == Language::mysql) {
    if (!plain) return std::nullopt;
    return escapes ? without_backslashes(sql::unquoted(token)) : sql::unquoted(token);
  }
  if (!plain && escapes) return std::nullopt;
  const bool extended = token.text.starts_with("E'") || token.text.starts_with("e'");
  return plain || extended ? std::optional(sql::unquoted(token)) : std::nullopt;
}

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

/// As quote_ident() does, but for words that are reserved: those are read the same either way.
std::string as_identifier(const std::string& name) {
  const bool plain = !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                     });
  return plain ? name : quoted(name, '"');
}
std::string as_literal(const std::string& text) { return quoted(text, '\''); }

/// PostgreSQL manual, format(): %s, %I, %L, %%, and %1$I by position. One with a width is not read.
Texts formatted(const std::string& format, const std::vector<Texts>& arguments) {
  Texts result = known({});
  std::size_t next = 0;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      result = each(std::move(result), [&](const std::string& text) { return text + format[i]; });
      continue;
    }
    std::size_t at = i + 1, number = 0;
    while (at < format.size() && format[at] >= '0' && format[at] <= '9')
      number =
          std::min<std::size_t>(number * 10 + static_cast<std::size_t>(format[at++] - '0'), 99);
    if (number > 0 && (at == format.size() || format[at++] != '$')) return unknown();
    if (at == format.size()) return unknown();
    const char kind = format[at];
    i = at;
    if (kind == '%') {
      result = joined(result, known("%"));
      continue;
    }
    const std::size_t index = number > 0 ? number - 1 : next;
    next = index + 1;
    if (index >= arguments.size()) return unknown();
    if (kind == 's')
      result = joined(result, arguments[index]);
    else if (kind == 'I')
      result = joined(result, each(arguments[index], as_identifier));
    else if (kind == 'L')
      result = joined(result, each(arguments[index], as_literal));
    else
      return unknown();
  }
  return result;
}

}  // namespace

Texts either(Texts a, const Texts& b) {
  a.complete = a.complete && b.complete;
  for (const std::string& text : b.all) {
    if (a.all.size() == most_texts) {
      a.complete = false;
      break;
    }
    add(a.all, text);
  }
  return a;
}

/// Walks over one expression.
class Folding {
 public:
  Folding(const Constants& constants, std::vector<std::string>* used)
      : constants_(constants), used_(used) {}

  Texts whole(Tokens tokens) {
    if (tokens.empty() || depth_ == deepest) return unknown();
    ++depth_;
    std::size_t at = 0;
    Texts result = term(tokens, at);
    while (at < tokens.size()) {
      const bool joins = mysql() ? tokens[at].kind == TokenKind::string : tokens[at].text == "||";
      if (!joins) {
        result = unknown();
        break;
      }
      if (!mysql()) ++at;
      result = joined(result, term(tokens, at));
    }
    --depth_;
    return result;
  }

 private:
  bool mysql() const { return constants_.language_ == Language::mysql; }

  /// Leaves `at` behind it; where it is not understood, at the end.
  Texts term(Tokens tokens, std::size_t& at) {
    const auto give_up = [&] {
      at = tokens.size();
      return unknown();
    };
    if (at >= tokens.size()) return give_up();
    const Token& token = tokens[at];
    Texts result;
    if (const auto text = literal(token, constants_.language_)) {
      result = known(*text);
      ++at;
    } else if (token.is('(')) {
      const Tokens inside = in_brackets(tokens, at);
      if (inside.empty()) return give_up();
      at += inside.size() + 2;
      result = sql::is_word(inside.front(), "SELECT") ? selected(inside) : whole(inside);
    } else if (at + 1 < tokens.size() && tokens[at + 1].is('(') && token.kind == TokenKind::word) {
      const Tokens inside = in_brackets(tokens, at + 1);
      at += inside.size() + 3;
      if (at > tokens.size()) return give_up();
      result = call(token, inside);
    } else if (token.kind == TokenKind::number) {
      result = known(std::string(token.text));
      ++at;
    } else if (token.kind == TokenKind::word || token.kind == TokenKind::parameter ||
               token.kind == TokenKind::quoted_identifier) {
      result = variable(token);
      ++at;
    } else {
      return give_up();
    }
    // A cast to a text leaves it as it is.
    if (at + 1 < tokens.size() && tokens[at].text == "::") at += 2;
    return result;
  }

  Texts variable(const Token& token) {
    const std::string name = to_lower(sql::unquoted(token));
    if (used_ != nullptr) used_->push_back(name);
    return constants_.value(name);
  }

  /// SELECT expression [FROM …]: MySQL's SET @sql = (SELECT IF(…)).
  Texts selected(Tokens tokens) {
    std::size_t end = 1;
    int depth = 0;
    for (; end < tokens.size(); ++end) {
      if (tokens[end].is('(')) ++depth;
      if (tokens[end].is(')')) --depth;
      if (depth == 0 && sql::is_word(tokens[end], "FROM")) break;
    }
    return whole(tokens.subspan(1, end - 1));
  }

  Texts call(const Token& name, Tokens inside) {
    const std::vector<Tokens> parts = parts_of(inside);
    if (parts.empty()) return unknown();
    const auto is = [&](std::string_view word) { return sql::is_word(name, word); };
    if (is("CONCAT")) {
      Texts result = known({});
      for (const Tokens part : parts) result = joined(result, whole(part));
      return result;
    }
    if (mysql()) {
      if (is("IF") && parts.size() == 3) return either(whole(parts[1]), whole(parts[2]));
      return unknown();
    }
    if (is("QUOTE_IDENT") && parts.size() == 1) return each(whole(parts[0]), as_identifier);
    if (is("QUOTE_LITERAL") && parts.size() == 1) return each(whole(parts[0]), as_literal);
    return is("FORMAT") ? format(parts) : unknown();
  }

  Texts format(const std::vector<Tokens>& parts) {
    std::vector<Texts> arguments;
    for (std::size_t i = 1; i < parts.size(); ++i) arguments.push_back(whole(parts[i]));
    const Texts formats = whole(parts[0]);
    if (formats.all.empty()) return unknown();
    Texts result{{}, formats.complete};
    for (const std::string& one : formats.all) result = either(result, formatted(one, arguments));
    return result;
  }

  static constexpr int deepest = 20;

  const Constants& constants_;
  std::vector<std::string>* used_;
  int depth_ = 0;
};

Texts Constants::fold(Tokens expression, std::vector<std::string>* used) const {
  return Folding(*this, used).whole(expression);
}

void Constants::set(std::string_view name, Texts texts) {
  variables_.insert_or_assign(to_lower(name), std::move(texts));
}

void Constants::may_be(std::string_view name, const Texts& texts) {
  const auto [found, fresh] = variables_.try_emplace(to_lower(name), texts);
  if (!fresh) found->second = either(found->second, texts);
}

Texts Constants::value(std::string_view name) const {
  const auto found = variables_.find(to_lower(name));
  return found == variables_.end() ? unknown() : found->second;
}

}  // namespace sterna::lint
