#include "sql/script.hpp"

#include "base/text.hpp"
#include "sql/position.hpp"
#include "sql/scanner.hpp"

#include <algorithm>
#include <optional>

namespace sterna {
namespace {

using sql::PositionCounter;
using sql::Scanner;
using sql::Token;
using sql::TokenKind;

enum class Mark { up, down };

/// What a comment says to Sterna.
struct Note {
  std::optional<Mark> mark;
  std::string key;  // of a directive, empty when there is none
  std::string value;
};

/// The comment without its opening and the white space around.
std::string_view content_of(std::string_view comment) {
  comment.remove_prefix(comment.starts_with('#') ? 1 : 2);
  return trim(comment);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equals_ignoring_case(text.substr(0, start.size()), start);
}

/// Cuts the first word off.
std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text = trim(text.substr(end));
  return word;
}

std::optional<Mark> mark_named(std::string_view word) {
  if (equals_ignoring_case(word, "up")) return Mark::up;
  if (equals_ignoring_case(word, "down")) return Mark::down;
  return std::nullopt;
}

/// A comment that cannot mean what it was meant to.
struct Malformed {
  std::string message;
  std::string suggestion;
};

Note without_transaction(std::optional<Mark> mark) { return {mark, "transaction", "none"}; }

/// `sterna:key value`
Note read_own(std::string_view text) {
  const auto key_end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view key = text.substr(0, key_end);
  const std::string_view value = trim(text.substr(key_end));
  const bool well_formed =
      !key.empty() && key.front() >= 'a' && key.front() <= 'z' &&
      key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
  if (!well_formed) {
    throw Malformed{
        "malformed directive '-- sterna:" + std::string(text) + "'",
        "write '-- sterna:key value': no space behind the colon, the key in lower case"};
  }
  if (key != "up" && key != "down") return {std::nullopt, std::string(key), std::string(value)};
  if (!value.empty()) {
    throw Malformed{"the marker '-- sterna:" + std::string(key) + "' takes no value, but has '" +
                        std::string(value) + "'",
                    "put directives on lines of their own, such as '-- sterna:transaction none'"};
  }
  return {key == "up" ? Mark::up : Mark::down, {}, {}};
}

/// goose: Up, Down, StatementBegin, StatementEnd, NO TRANSACTION, ENVSUB.
Note read_goose(std::string_view text) {
  std::string_view rest = text;
  const std::string_view word = take_word(rest);
  if (const auto mark = mark_named(word); mark && rest.empty()) return {mark, {}, {}};
  if (equals_ignoring_case(word, "StatementBegin") || equals_ignoring_case(word, "StatementEnd"))
    return {};
  if (equals_ignoring_case(text, "NO TRANSACTION")) return without_transaction(std::nullopt);
  if (equals_ignoring_case(text, "ENVSUB OFF")) return {};
  throw Malformed{"Sterna cannot follow the annotation '-- +goose " + std::string(text) + "'",
                  equals_ignoring_case(word, "ENVSUB")
                      ? "write the values into the script: Sterna replaces no variables in SQL"
                      : "known are Up, Down, StatementBegin, StatementEnd and NO TRANSACTION"};
}

/// sql-migrate: Up [notransaction], Down [notransaction], StatementBegin, StatementEnd.
Note read_sql_migrate(std::string_view text) {
  std::string_view rest = text;
  const std::string_view word = take_word(rest);
  if (const auto mark = mark_named(word)) {
    if (rest.empty()) return {mark, {}, {}};
    if (equals_ignoring_case(rest, "notransaction")) return without_transaction(mark);
  }
  if (equals_ignoring_case(word, "StatementBegin") || equals_ignoring_case(word, "StatementEnd"))
    return {};
  throw Malformed{"Sterna cannot follow the annotation '-- +migrate " + std::string(text) + "'",
                  "known are Up, Down (both with notransaction), StatementBegin and StatementEnd"};
}

/// dbmate: `migrate:up` and `migrate:down`, with options.
Note read_dbmate(std::string_view text) {
  std::string_view rest = text;
  const auto mark = mark_named(take_word(rest));
  if (!mark) return {};  // "migrate: move the users" is prose
  Note note{mark, {}, {}};
  while (!rest.empty()) {
    const std::string_view option = take_word(rest);
    if (option == "transaction:false")
      note = without_transaction(mark);
    else if (option != "transaction:true") {
      throw Malformed{"Sterna does not know the option '" + std::string(option) +
                          "' of '-- migrate:" + (*mark == Mark::up ? "up'" : "down'"),
                      "known is transaction:false"};
    }
  }
  return note;
}

struct Dialect {
  std::string_view start;
  Note (*read)(std::string_view text);
  bool needs_space;  // between `start` and what follows
};

constexpr std::string_view own_start = "sterna:";
constexpr Dialect dialects[] = {{own_start, read_own, false},
                                {"+goose", read_goose, true},
                                {"+migrate", read_sql_migrate, true},
                                {"migrate:", read_dbmate, false}};

const Dialect* dialect_of(std::string_view content) {
  for (const Dialect& dialect : dialects) {
    if (!starts_with_ignoring_case(content, dialect.start)) continue;
    const std::string_view rest = content.substr(dialect.start.size());
    if (!dialect.needs_space || rest.empty() || rest.front() == ' ' || rest.front() == '\t')
      return &dialect;
  }
  return nullptr;
}

/// True when the text may hold a directive or marker: without any of these words there is no need
/// to look at all of it.
bool may_have_notes(std::string_view text) {
  for (std::size_t at = 0; (at = text.find(':', at)) != std::string_view::npos; ++at) {
    const auto ends_with = [&](std::string_view word) {
      return at >= word.size() &&
             equals_ignoring_case(text.substr(at - word.size(), word.size()), word);
    };
    if (ends_with("sterna") || ends_with("migrate")) return true;
  }
  for (std::size_t at = 0; (at = text.find('+', at)) != std::string_view::npos; ++at) {
    const std::string_view rest = text.substr(at);
    if (starts_with_ignoring_case(rest, "+goose") || starts_with_ignoring_case(rest, "+migrate"))
      return true;
  }
  return false;
}

class ScriptReader {
 public:
  ScriptReader(std::string_view text, Language language, std::string_view file)
      : text_(text), scanner_(text, language), positions_(text, file, 1) {}

  Script run() {
    const bool look = may_have_notes(text_);
    for (Token token = scanner_.next(); token.kind != TokenKind::end; token = scanner_.next()) {
      if (token.kind == TokenKind::line_comment) {
        if (look && !scanner_.inside_body()) comment(token);
      } else if (is_code(token)) {
        if (first_code_ == nullptr) first_code_ = token.text.data();
        if (!look) break;
      }
    }
    close_part(text_.size());
    if (first_mark_ == nullptr) {
      script_.up = {first_code_ != nullptr, text_, 1};
    } else if (first_code_ != nullptr && first_code_ < first_mark_) {
      fail(first_code_,
           "a statement stands before the first marker: it belongs to neither direction",
           "move it below '-- sterna:up', or remove the markers");
    }
    return std::move(script_);
  }

 private:
  static bool is_code(const Token& token) {
    if (!token.closed) return true;  // the splitter will say what is wrong
    if (token.kind == TokenKind::client_command) return token.text.front() == '\\';
    return !token.is_comment() && token.kind != TokenKind::terminator;
  }

  void comment(const Token& token) {
    const std::string_view content = content_of(token.text);
    const Dialect* dialect = dialect_of(content);
    if (dialect == nullptr) return;
    if (!alone_on_line(token)) {
      if (dialect->start != own_start) return;
      fail(token.text.data(), "a directive must stand alone on its line",
           "put it on a line of its own");
    }
    Note note;
    try {
      note = dialect->read(trim_left(content.substr(dialect->start.size()), *dialect));
    } catch (const Malformed& malformed) {
      fail(token.text.data(), malformed.message, malformed.suggestion);
    }
    if (note.mark) mark(token, *note.mark);
    if (!note.key.empty()) add(token, std::move(note), dialect->start == own_start);
  }

  static std::string_view trim_left(std::string_view text, const Dialect& dialect) {
    return dialect.needs_space ? trim(text) : text;
  }

  /// Another tool's `transaction` option may stand at both markers: that is one directive.
  void add(const Token& token, Note note, bool own) {
    const auto same = [&](const Directive& other) {
      return other.key == note.key && other.value == note.value;
    };
    if (!own && std::any_of(script_.directives.begin(), script_.directives.end(), same)) return;
    script_.directives.push_back(
        {std::move(note.key), std::move(note.value), position_of(token.text.data())});
  }

  void mark(const Token& token, Mark mark) {
    const char* at = token.text.data();
    ScriptPart& part = mark == Mark::up ? script_.up : script_.down;
    const std::string name = mark == Mark::up ? "up" : "down";
    if (part.present)
      fail(at, "the marker '" + name + "' stands here a second time",
           "keep one up part and one down part in a file");
    if (mark == Mark::up && script_.down.present)
      fail(at, "the down part stands before the up part", "put the up part first");
    close_part(line_start(at));
    scanner_.end_statement();
    if (first_mark_ == nullptr) first_mark_ = at;
    const std::size_t line_end = std::min(text_.find('\n', offset_of(at)), text_.size());
    part_begin_ = std::min(line_end + 1, text_.size());
    part.present = true;
    part.first_line = position_of(at).line + 1;
    open_part_ = &part;
  }

  void close_part(std::size_t end) {
    if (open_part_ != nullptr) open_part_->text = text_.substr(part_begin_, end - part_begin_);
    open_part_ = nullptr;
  }

  std::size_t line_start(const char* at) const {
    const auto before = text_.rfind('\n', offset_of(at));
    return before == std::string_view::npos ? 0 : before + 1;
  }

  bool alone_on_line(const Token& token) const {
    std::size_t start = line_start(token.text.data());
    if (start == 0 && text_.starts_with("\xEF\xBB\xBF")) start = 3;
    return trim(text_.substr(start, offset_of(token.text.data()) - start)).empty();
  }

  std::size_t offset_of(const char* at) const {
    return static_cast<std::size_t>(at - text_.data());
  }
  SourcePosition position_of(const char* at) { return positions_.at(offset_of(at)); }

  [[noreturn]] void fail(const char* at, const std::string& message,
                         const std::string& suggestion) {
    throw Error(ErrorKind::validation, message).at(position_of(at)).suggest(suggestion);
  }

  std::string_view text_;
  Scanner scanner_;
  PositionCounter positions_;
  Script script_;
  const char* first_code_ = nullptr;
  const char* first_mark_ = nullptr;
  ScriptPart* open_part_ = nullptr;
  std::size_t part_begin_ = 0;
};

}  // namespace

Script parse_script(std::string_view text, Language language, std::string_view file) {
  return ScriptReader(text, language, file).run();
}

}  // namespace sterna
