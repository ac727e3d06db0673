#include "lint/bodies.hpp"

#include "base/text.hpp"
#include "lint/dynamic_sql.hpp"
#include "sql/position.hpp"

#include <algorithm>
#include <utility>

namespace sterna::lint {
namespace {

using sql::Token;
using sql::TokenKind;
using Kind = BodyStatement::Kind;

/// Whether `TG_OP = 'INSERT'` holds, in brackets or not; nothing for every other condition.
std::optional<bool> holds(Tokens condition, std::string_view event) {
  while (condition.size() > 2 && condition.front().is('(') && condition.back().is(')'))
    condition = condition.subspan(1, condition.size() - 2);
  if (event.empty() || condition.size() < 3 || !sql::is_word(condition[0], "TG_OP"))
    return std::nullopt;
  const auto is_event = [&](const Token& token) { return sql::unquoted(token) == event; };
  if (condition.size() == 3 && condition[1].is('=')) return is_event(condition[2]);
  const bool list = sql::is_word(condition[1], "IN") && condition[2].is('(') &&
                    in_brackets(condition, 2).size() + 4 == condition.size();
  if (!list) return std::nullopt;
  const Tokens events = condition.subspan(3, condition.size() - 4);
  return std::any_of(events.begin(), events.end(), is_event);
}

/// Walks over one block. Gives up as soon as the nesting is not what it knows.
class Block {
 public:
  Block(const Body& body, Constants& constants)
      : body_(body.text), about_(body), constants_(constants) {
    sql::Lexer lexer(body_, about_.language);
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
  /// What is open: a block, a branch, a loop.
  struct Frame {
    bool conditional = false;  ///< what it holds may not run
    bool loop = false;
    bool dead = false;     ///< what it holds does not run
    bool decided = false;  ///< of an IF: an earlier branch runs
  };

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
  bool mysql() const { return about_.language == Language::mysql; }
  Tokens between(std::size_t begin, std::size_t end) const {
    return Tokens(tokens_).subspan(begin, std::max(begin, end) - begin);
  }

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

  /// Stands behind the semicolon; at the end of the body one may be missing. What it passed.
  Tokens skip_statement() {
    const std::size_t first = at_;
    int brackets = 0;
    for (; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.is('(')) ++brackets;
      if (token.is(')')) --brackets;
      if (sql::is_word(token, "ATOMIC")) broken_ = true;  // a body within the body
      if (token.is(';') && brackets == 0) return between(first, at_++);
    }
    return between(first, at_);
  }

  void open(Frame frame) { open_.push_back(frame); }
  bool any(bool Frame::*what) const {
    return std::any_of(open_.begin(), open_.end(), [&](const Frame& frame) { return frame.*what; });
  }
  bool conditional() const { return in_handler_ || any(&Frame::conditional); }

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
      in_handler_ = false;
    }
  }

  void skip_label() {
    while (at_ < tokens_.size() && tokens_[at_].text != ">>") ++at_;
    ++at_;
  }

  bool block() {
    if (accept("BEGIN")) {
      if (open_.empty() && !accept("ATOMIC") && accept("NOT")) accept("ATOMIC");
      open({.conditional = std::exchange(in_handler_, false)});
    } else if (at("DECLARE")) {
      // Of PL/pgSQL it holds declarations up to BEGIN; of MySQL it is a statement, and the
      // statement of a handler follows.
      ++at_;
      if (mysql())
        declaration();
      else
        while (at_ < tokens_.size() && !at("BEGIN")) variable(skip_declaration());
    } else if (accept("END")) {
      close();
    } else if (!mysql() && accept("EXCEPTION")) {
      if (open_.empty())
        broken_ = true;
      else
        open_.back().conditional = true;
    } else {
      return false;
    }
    return true;
  }

  Tokens skip_declaration() {
    const std::size_t first = at_;
    while (at_ < tokens_.size() && !at("BEGIN") && !peek().is(';')) ++at_;
    const Tokens declaration = between(first, at_);
    if (peek().is(';')) ++at_;
    return declaration;
  }

  /// name type [:= value]. Without one it is NULL, and no text at all.
  void variable(Tokens declaration) {
    for (std::size_t i = 1; i < declaration.size(); ++i) {
      const Token& token = declaration[i];
      if (token.text == ":=" || token.is('=') || sql::is_word(token, "DEFAULT"))
        return constants_.set(sql::unquoted(declaration.front()),
                              constants_.fold(declaration.subspan(i + 1)));
    }
  }

  /// MySQL manual, "DECLARE … HANDLER Statement": the conditions stand between commas, and behind
  /// them a statement, which may be a block.
  void declaration() {
    if (!is_any(peek(), {"CONTINUE", "EXIT", "UNDO"}) || !sql::is_word(peek(1), "HANDLER"))
      return variable(skip_statement());
    at_ += 2;
    if (!accept("FOR")) broken_ = true;
    do {
      if (accept("SQLSTATE")) accept("VALUE");
      if (accept("NOT")) {  // FOUND
      }
      ++at_;
    } while (peek().is(',') && ++at_ < tokens_.size());
    in_handler_ = true;
  }

  bool branch() {
    const std::size_t first = at_ + 1;
    if (accept("IF")) {
      skip_past("THEN");
      head(first);
      const std::optional<bool> sure = holds(between(first, at_ - 1), about_.event);
      open({.conditional = true, .dead = sure == false, .decided = sure == true});
      in_handler_ = false;
    } else if (accept("ELSIF") || accept("ELSEIF")) {
      skip_past("THEN");
      head(first);
      otherwise(holds(between(first, at_ - 1), about_.event));
    } else if (accept("CASE")) {
      skip_past("THEN");
      open({.conditional = true});
      in_handler_ = false;
    } else if (accept("WHEN")) {
      skip_past("THEN");
    } else if (accept("ELSE")) {
      otherwise(std::nullopt);
    } else {
      return false;
    }
    return true;
  }

  /// Another branch of the IF that is open.
  void otherwise(std::optional<bool> sure) {
    if (open_.empty()) return;
    Frame& frame = open_.back();
    frame.dead = frame.decided || sure == false;
    frame.decided = frame.decided || sure == true;
  }

  bool loop() {
    const std::size_t first = at_ + 1;
    if (at("WHILE") || at("FOR") || at("FOREACH")) {
      const bool counts = !at("WHILE");
      skip_past(mysql() ? "DO" : "LOOP");
      head(first);
      if (counts && !broken_) loop_variable(between(first, at_ - 1));
      open({.conditional = true, .loop = true});
    } else if (accept("LOOP") || (mysql() && accept("REPEAT"))) {
      open({.conditional = true, .loop = true});
    } else if (mysql() && accept("UNTIL")) {
      skip_past("END");
      --at_;
    } else {
      return false;
    }
    in_handler_ = false;
    return true;
  }

  /// A condition, or the query of a loop, may call a routine.
  void head(std::size_t first) {
    const Tokens tokens = between(first, at_ - 1);
    if (broken_ || tokens.empty() || any(&Frame::dead)) return;
    run_text(tokens, {place(tokens.front()), conditional(), any(&Frame::loop)});
    if (!mentions_call(tokens)) return;
    found_.push_back({{.sql = "SELECT " + written(tokens), .position = place(tokens.front())},
                      conditional(),
                      Kind::called});
  }

  /// FOREACH v IN ARRAY ARRAY['a', 'b'], FOR v IN SELECT unnest(ARRAY['a', 'b']): each of them.
  void loop_variable(Tokens head) {
    if (head.size() < 2) return;
    Texts texts;
    for (std::size_t i = 0; i + 1 < head.size(); ++i) {
      if (!sql::is_word(head[i], "ARRAY") || !head[i + 1].is('[')) continue;
      const bool listed = sql::is_word(head[i - 1], "ARRAY") ||
                          (i > 1 && head[i - 1].is('(') && sql::is_word(head[i - 2], "UNNEST"));
      if (!listed) break;
      texts.complete = true;
      for (const Tokens part : parts_of(in_brackets(head, i + 1)))
        texts = either(std::move(texts), constants_.fold(part));
      break;
    }
    constants_.set(sql::unquoted(head.front()), std::move(texts));
  }

  bool run_text(Tokens statement, Surroundings around) {
    // A text that stands there as a whole is the place of what it says.
    const TokenKind second = statement.size() > 1 ? statement[1].kind : TokenKind::end;
    if (second == TokenKind::string || second == TokenKind::dollar_string)
      around.position = place(statement[1]);
    std::vector<BodyStatement> dynamic =
        dynamic_statements(statement, about_.language, around, constants_);
    std::move(dynamic.begin(), dynamic.end(), std::back_inserter(found_));
    return !dynamic.empty();
  }

  void plain() {
    const bool assigns = peek(1).text == ":=" || peek(1).text == "=";
    const Tokens statement = skip_statement();
    if (broken_ || statement.empty() || any(&Frame::dead)) return;
    Surroundings around{place(statement.front()), conditional(), any(&Frame::loop)};
    const bool runs_text = run_text(statement, around);
    follow_variables(statement, about_.language, around, constants_);
    // An assignment may be to a variable of such a name.
    const bool judged = begins_judged(statement.front()) && !assigns;
    if (!judged && (runs_text || !mentions_call(statement))) return;
    BodyStatement& found = found_.emplace_back();
    found.statement.sql = written(statement);
    found.statement.position = std::move(around.position);
    found.conditional = around.conditional;
    found.kind = judged ? Kind::judged : Kind::called;
  }

  SourcePosition place(const Token& token) {
    if (about_.begin.line == 0) return about_.begin;  // from C++: the file alone is known
    SourcePosition result = about_.begin;
    const SourcePosition inside =
        counter_.at(static_cast<std::size_t>(token.text.data() - body_.data()));
    result.column = inside.line == 1 ? result.column + inside.column - 1 : inside.column;
    result.line += inside.line - 1;
    return result;
  }

  std::string_view body_;
  const Body& about_;
  Constants& constants_;
  sql::PositionCounter counter_{body_, {}, 1};
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<Frame> open_;
  std::vector<BodyStatement> found_;
  bool broken_ = false;
  bool in_handler_ = false;  ///< the next statement is that of a handler
};

}  // namespace

std::vector<BodyStatement> statements_of_body(const Body& body, Constants& constants) {
  return Block(body, constants).read();
}

std::vector<BodyStatement> statements_of_body(const Body& body) {
  Constants none(body.language);
  return statements_of_body(body, none);
}

}  // namespace sterna::lint
