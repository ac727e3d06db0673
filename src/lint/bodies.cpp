#include "lint/bodies.hpp"

#include "base/text.hpp"
#include "sql/position.hpp"

#include <algorithm>
#include <optional>

namespace sterna::lint {
namespace {

using sql::Token;
using sql::TokenKind;

std::size_t offset_in(std::string_view text, std::string_view within) {
  return static_cast<std::size_t>(within.data() - text.data());
}

SourcePosition moved(const SourcePosition& begin, std::string_view text, std::size_t offset) {
  if (begin.line == 0) return begin;  // from C++: the file alone is known
  SourcePosition result = begin;
  const SourcePosition inside = sql::PositionCounter(text, {}, 1).at(offset);
  result.column = inside.line == 1 ? begin.column + inside.column - 1 : inside.column;
  result.line += inside.line - 1;
  return result;
}

bool is_any(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sql::is_word(token, word); });
}

/// Walks over one block. Gives up as soon as the nesting is not what it knows.
class Block {
 public:
  Block(std::string_view body, const SourcePosition& begin, Language language)
      : body_(body), begin_(begin), language_(language) {
    sql::Lexer lexer(body, language);
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
      if (!token.closed) broken_ = true;
      if (!token.is_comment() && token.kind != TokenKind::hint) tokens_.push_back(token);
    }
  }

  std::vector<BodyStatement> read() {
    while (!broken_ && at_ < tokens_.size()) step();
    if (broken_ || !open_.empty()) return {};
    return std::move(found_);
  }

 private:
  const Token& peek(std::size_t ahead = 0) const {
    static const Token none;
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : none;
  }
  bool at(std::string_view word) const { return sql::is_word(peek(), word); }
  bool accept(std::string_view word) {
    if (!at(word)) return false;
    ++at_;
    return true;
  }
  bool mysql() const { return language_ == Language::mysql; }

  /// Stands behind `word`, outside of brackets and of CASE … END; broken where it does not come.
  void skip_past(std::string_view word) {
    int brackets = 0, cases = 0;
    for (; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.is('(')) ++brackets;
      if (token.is(')')) --brackets;
      if (sql::is_word(token, "CASE")) ++cases;
      if (token.is(';') && brackets == 0) break;
      if (brackets == 0 && cases == 0 && sql::is_word(token, word)) {
        ++at_;
        return;
      }
      if (sql::is_word(token, "END") && cases > 0) --cases;
    }
    broken_ = true;
  }

  /// Stands behind the semicolon; at the end of the body one may be missing.
  void skip_statement() {
    int brackets = 0;
    for (; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.is('(')) ++brackets;
      if (token.is(')')) --brackets;
      if (sql::is_word(token, "ATOMIC")) broken_ = true;  // a body within the body
      if (token.is(';') && brackets == 0) {
        ++at_;
        return;
      }
    }
  }

  void open(bool conditional) { open_.push_back(conditional); }
  bool conditional() const { return std::find(open_.begin(), open_.end(), true) != open_.end(); }

  void close() {
    if (open_.empty()) {
      broken_ = true;
      return;
    }
    open_.pop_back();
    skip_statement();
  }

  bool at_label() const { return mysql() && peek(1).is(':') && peek().kind == TokenKind::word; }

  void step() {
    if (at_label()) {
      at_ += 2;
    } else if (peek().is(';')) {
      ++at_;
    } else if (!mysql() && peek().text == "<<") {
      skip_label();
    } else if (!block() && !branch() && !loop()) {
      plain();
    }
  }

  void skip_label() {
    while (at_ < tokens_.size() && tokens_[at_].text != ">>") ++at_;
    ++at_;
  }

  bool block() {
    if (accept("BEGIN")) {
      open(false);
    } else if (at("DECLARE")) {
      // Of PL/pgSQL it holds declarations up to BEGIN; of MySQL it is a statement, whose handler
      // may hold a block.
      if (mysql()) {
        skip_declaration();
      } else {
        while (at_ < tokens_.size() && !at("BEGIN")) ++at_;
      }
    } else if (accept("END")) {
      close();
    } else if (!mysql() && accept("EXCEPTION")) {
      if (open_.empty())
        broken_ = true;
      else
        open_.back() = true;
    } else {
      return false;
    }
    return true;
  }

  void skip_declaration() {
    ++at_;
    if (!is_any(peek(), {"CONTINUE", "EXIT", "UNDO"})) return skip_statement();
    broken_ = true;  // its statement may be a block of its own: rare, and no place for definitions
  }

  bool branch() {
    if (accept("IF")) {
      skip_past("THEN");
      open(true);
    } else if (accept("ELSIF") || accept("ELSEIF")) {
      skip_past("THEN");
    } else if (accept("CASE")) {
      skip_past("THEN");
      open(true);
    } else if (accept("WHEN")) {
      skip_past("THEN");
    } else if (!accept("ELSE")) {
      return false;
    }
    return true;
  }

  bool loop() {
    if (at("WHILE") || at("FOR") || at("FOREACH")) {
      skip_past(mysql() ? "DO" : "LOOP");
      open(true);
    } else if (accept("LOOP") || (mysql() && accept("REPEAT"))) {
      open(true);
    } else if (mysql() && accept("UNTIL")) {
      skip_past("END");
      --at_;
    } else {
      return false;
    }
    return true;
  }

  void plain() {
    static constexpr std::string_view starts[] = {
        "CREATE", "ALTER",  "DROP",   "TRUNCATE", "UPDATE",  "DELETE",  "INSERT", "MERGE",  "WITH",
        "LOCK",   "RENAME", "VACUUM", "REFRESH",  "REINDEX", "CLUSTER", "GRANT",  "REPLACE"};
    const std::size_t first = at_;
    const bool wanted =
        peek().kind == TokenKind::word &&
        std::any_of(std::begin(starts), std::end(starts),
                    [&](std::string_view word) { return sql::is_word(peek(), word); });
    // An assignment may be to a variable of such a name.
    const bool assigns = peek(1).text == ":=" || peek(1).text == "=";
    if (!mysql() && at("EXECUTE")) return dynamic();
    skip_statement();
    if (!wanted || assigns || broken_) return;
    std::size_t last = at_;
    while (last > first && tokens_[last - 1].is(';')) --last;
    if (last == first) return;
    const std::size_t begin = offset_in(body_, tokens_[first].text);
    const std::string_view end = tokens_[last - 1].text;
    add(std::string(body_.substr(begin, offset_in(body_, end) + end.size() - begin)), begin);
  }

  /// EXECUTE 'text': only where the text stands there as a whole.
  void dynamic() {
    ++at_;
    const Token text = peek();
    const bool whole = peek(1).is(';') || sql::is_word(peek(1), "USING");
    const bool plain_string = text.kind == TokenKind::dollar_string ||
                              (text.kind == TokenKind::string && text.text.starts_with('\''));
    skip_statement();
    if (!whole || !plain_string || broken_) return;
    std::string sql = sql::unquoted(text);
    if (text.kind == TokenKind::dollar_string) {
      const std::size_t tag = text.text.find('$', 1) + 1;
      sql = std::string(text.text.substr(tag, text.text.size() - 2 * tag));
    }
    add(std::string(trim(sql)), offset_in(body_, text.text));
  }

  void add(std::string sql, std::size_t offset) {
    BodyStatement& found = found_.emplace_back();
    found.statement.sql = std::move(sql);
    found.statement.position = moved(begin_, body_, offset);
    found.conditional = conditional();
  }

  std::string_view body_;
  const SourcePosition& begin_;
  Language language_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<bool> open_;  ///< blocks: whether what they hold may not run
  std::vector<BodyStatement> found_;
  bool broken_ = false;
};

/// The text between the quotes, where it stands in the statement as it is.
std::optional<std::string_view> quoted_body(const Token& token) {
  if (token.kind == TokenKind::dollar_string && token.closed) {
    const std::size_t tag = token.text.find('$', 1) + 1;
    return token.text.substr(tag, token.text.size() - 2 * tag);
  }
  const bool plain =
      token.kind == TokenKind::string && token.text.starts_with('\'') && token.text.size() > 2;
  if (!plain) return std::nullopt;
  const std::string_view inside = token.text.substr(1, token.text.size() - 2);
  if (inside.find_first_of("'\\") != std::string_view::npos) return std::nullopt;
  return inside;
}

/// LANGUAGE of a DO block or a routine; PL/pgSQL when a DO block names none.
bool speaks(const StatementFact& fact, std::string_view language) {
  const std::size_t at = fact.find({"LANGUAGE"});
  if (at == StatementFact::npos)
    return fact.summary.verb == Verb::do_block && language == "plpgsql";
  return at + 1 < fact.tokens.size() &&
         equals_ignoring_case(trim(sql::unquoted(fact.tokens[at + 1])), language);
}

std::vector<BodyStatement> of_postgres(const StatementFact& fact) {
  if (!speaks(fact, "plpgsql") && !speaks(fact, "sql")) return {};
  for (std::size_t i = 1; i < fact.tokens.size(); ++i) {
    const bool here = fact.summary.verb == Verb::do_block ? fact.tokens[i].kind != TokenKind::word
                                                          : sql::is_word(fact.tokens[i - 1], "AS");
    const auto body = here ? quoted_body(fact.tokens[i]) : std::nullopt;
    if (!body) continue;
    const SourcePosition begin =
        moved(fact.statement->position, fact.text(), offset_in(fact.text(), *body));
    return statements_of_body(*body, begin, Language::postgres);
  }
  return {};
}

/// From BEGIN to the end; a routine of one statement is that statement.
std::vector<BodyStatement> of_mysql(const StatementFact& fact) {
  const std::size_t at = fact.find({"BEGIN"});
  if (at == StatementFact::npos) return {};
  const std::size_t offset = offset_in(fact.text(), fact.tokens[at].text);
  return statements_of_body(std::string_view(fact.text()).substr(offset),
                            moved(fact.statement->position, fact.text(), offset), Language::mysql);
}

/// The routine that is called as a statement: CALL p(…), SELECT f(…).
std::optional<ObjectName> called(const StatementFact& fact) {
  if (fact.summary.verb != Verb::call && fact.summary.verb != Verb::select) return std::nullopt;
  ObjectName name;
  std::size_t i = 1;
  for (; i < fact.tokens.size(); i += 2) {
    const Token& token = fact.tokens[i];
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_identifier)
      return std::nullopt;
    name.schema = std::move(name.name);
    name.name = sql::unquoted(token);
    if (i + 1 >= fact.tokens.size() || !fact.tokens[i + 1].is('.')) break;
  }
  const bool call = i + 1 < fact.tokens.size() && fact.tokens[i + 1].is('(');
  if (fact.summary.verb == Verb::select && !call) return std::nullopt;
  return name;
}

}  // namespace

std::vector<BodyStatement> statements_of_body(std::string_view body, const SourcePosition& begin,
                                              Language language) {
  return Block(body, begin, language).read();
}

std::vector<BodyStatement> statements_within(const StatementFact& fact,
                                             std::span<const StatementFact> before,
                                             Language language) {
  const bool postgres = language == Language::postgres;
  if (!postgres && language != Language::mysql) return {};
  if (fact.summary.verb == Verb::do_block)
    return postgres ? of_postgres(fact) : std::vector<BodyStatement>{};
  const std::optional<ObjectName> name = called(fact);
  if (!name) return {};
  for (auto made = before.rbegin(); made != before.rend(); ++made) {
    const StatementSummary& summary = made->summary;
    const bool routine = summary.verb == Verb::create &&
                         (summary.object == "PROCEDURE" || summary.object == "FUNCTION");
    if (!routine || !equals_ignoring_case(summary.name.name, name->name)) continue;
    // MySQL's functions cannot hold definitions, and a query that calls one is no place for them.
    if (!postgres && summary.object == "FUNCTION") return {};
    return postgres ? of_postgres(*made) : of_mysql(*made);
  }
  return {};
}

}  // namespace sterna::lint
