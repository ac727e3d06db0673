#include "diagram/dbml_cursor.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <algorithm>

namespace sterna::diagram {

using model::Name;

DbmlCursor::DbmlCursor(std::string_view text, const std::string& file)
    : text_(text), file_(file), tokens_(dbml_tokens(text, file)) {}

std::string DbmlCursor::between(std::size_t begin, std::size_t end) const {
  return std::string(text_.substr(begin, end - begin));
}

const DbmlToken& DbmlCursor::after() const {
  return tokens_[std::min(at_ + 1, tokens_.size() - 1)];
}

const DbmlToken& DbmlCursor::take() {
  const DbmlToken& token = tokens_[at_];
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool DbmlCursor::take_sign(std::string_view sign) {
  if (!now().is_sign(sign)) return false;
  take();
  return true;
}

bool DbmlCursor::is_word(const DbmlToken& token, std::string_view word) {
  return token.kind == DbmlTokenKind::word && equals_ignoring_case(token.text, word);
}

void DbmlCursor::fail(const DbmlToken& at, const std::string& message,
                      const std::vector<std::string>& known) const {
  Error error(ErrorKind::validation, message);
  error.at({file_, at.line, at.column});
  if (!known.empty()) {
    const auto near = near_misses(at.text, known, 1);
    error.suggest(near.empty() ? "DBML has here: " + join(known, ", ")
                               : "did you mean " + near.front() + "?");
  }
  throw error;
}

std::string DbmlCursor::shown(const DbmlToken& token) {
  return token.kind == DbmlTokenKind::end ? "the end of the text" : "“" + token.text + "”";
}

void DbmlCursor::expect(std::string_view sign) {
  if (!take_sign(sign)) fail(now(), std::string(sign) + " is missing before " + shown(now()));
}

std::string DbmlCursor::name_part(std::string_view what) {
  if (!now().is_name() || now().text.empty())
    fail(now(), std::string(what) + " is missing before " + shown(now()));
  return take().text;
}

Name DbmlCursor::dotted_name(std::string_view what) {
  std::string first = name_part(what);
  if (!take_sign(".")) return {std::string(), std::move(first)};
  std::string second = name_part(what);
  if (now().is_sign(".")) fail(now(), std::string(what) + " has more parts than schema.name");
  return {std::move(first), std::move(second)};
}

std::string DbmlCursor::string_value() {
  if (now().kind != DbmlTokenKind::string)
    fail(now(), "a text between ' is missing before " + shown(now()));
  return take().text;
}

std::string DbmlCursor::expression() {
  if (now().kind != DbmlTokenKind::expression)
    fail(now(), "an expression between ` is missing before " + shown(now()));
  if (trim(now().text).empty()) fail(now(), "the expression is empty");
  return take().text;
}

void DbmlCursor::end_of_line(std::string_view after_what) {
  if (now().first_on_line || now().is_sign("}") || now().kind == DbmlTokenKind::end) return;
  fail(now(), shown(now()) + " cannot stand after " + std::string(after_what));
}

void DbmlCursor::block(const std::function<void()>& each) {
  const DbmlToken& open = now();
  expect("{");
  while (!now().is_sign("}")) {
    if (now().kind == DbmlTokenKind::end) fail(open, "the block is not closed with }");
    each();
  }
  take();
}

void DbmlCursor::settings(const std::function<void(const DbmlToken&, const std::string&)>& each) {
  if (!now().is_sign("[")) return;
  const DbmlToken& open = take();
  for (;;) {
    if (now().kind == DbmlTokenKind::end) fail(open, "the settings are not closed with ]");
    const DbmlToken& first = now();
    std::string words = to_lower(name_part("a setting"));
    while (now().kind == DbmlTokenKind::word) words += " " + to_lower(take().text);
    each(first, words);
    if (take_sign("]")) return;
    expect(",");
  }
}

void DbmlCursor::skip_value() {
  if (!take_sign(":")) return;
  if (now().kind == DbmlTokenKind::sign || now().kind == DbmlTokenKind::end)
    fail(now(), "a value is missing before " + shown(now()));
  take();
}

std::string DbmlCursor::note_value() {
  expect(":");
  return string_value();
}

std::string DbmlCursor::note_body() {
  if (now().is_sign(":")) return note_value();
  expect("{");
  std::string text = string_value();
  expect("}");
  return text;
}

bool DbmlCursor::at_note() const {
  return is_word(now(), "note") && (after().is_sign(":") || after().is_sign("{"));
}

}  // namespace sterna::diagram
