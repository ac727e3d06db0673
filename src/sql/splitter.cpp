#include "sql/splitter.hpp"

#include "sql/position.hpp"
#include "sql/scanner.hpp"

namespace sterna {
namespace {

using sql::Opening;
using sql::PositionCounter;
using sql::Scanner;
using sql::Token;
using sql::TokenKind;

std::string quoted(std::string_view mark) { return "'" + std::string(mark) + "'"; }

/// What stands unclosed, in words; `mark` is how it opens.
std::string describe(const Token& token) {
  const auto mark_to = [&](std::string_view stop) {
    const auto at = token.text.find_first_of(stop);
    return token.text.substr(0, at == std::string_view::npos ? 1 : at + 1);
  };
  switch (token.kind) {
    case TokenKind::block_comment:
    case TokenKind::hint:
      return "the comment that opens here with '/*' is never closed";
    case TokenKind::dollar_string:
      return "the text that opens here with " +
             quoted(token.text.substr(0, token.text.find('$', 1) + 1)) + " is never closed";
    case TokenKind::quoted_identifier:
      return "the quoted name that opens here with " + quoted(mark_to("\"`[")) + " is never closed";
    default:
      return "the string that opens here with " + quoted(mark_to("'\"")) + " is never closed";
  }
}

class Splitter {
 public:
  Splitter(std::string_view text, Language language, std::string_view file, int first_line)
      : scanner_(text, language), positions_(text, file, first_line) {}

  std::vector<Statement> run() {
    while (true) {
      const Token token = scanner_.next();
      switch (token.kind) {
        case TokenKind::end:
          return finish();
        case TokenKind::line_comment:
          break;
        case TokenKind::block_comment:
          if (!token.closed) fail(token, describe(token));
          break;
        case TokenKind::terminator:
          end_statement();
          break;
        case TokenKind::copy_data:
          take_data(token);
          break;
        case TokenKind::client_command:
          command(token);
          break;
        default:
          add(token);
      }
    }
  }

 private:
  void add(const Token& token) {
    if (!token.closed) fail(token, describe(token));
    if (token.is(';'))
      return;  // inside a body another token follows; before a custom delimiter it is not wanted
    if (begin_ == nullptr) begin_ = token.text.data();
    end_ = token.text.data() + token.text.size();
    has_code_ |=
        token.kind != TokenKind::conditional_open && token.kind != TokenKind::conditional_close;
  }

  void end_statement() {
    if (has_code_) {
      Statement& statement = statements_.emplace_back();
      statement.sql.assign(begin_, end_);
      statement.position = positions_.at(offset_of(begin_));
    }
    begin_ = nullptr;
    has_code_ = false;
  }

  std::vector<Statement> finish() {
    if (const std::optional<Opening> open = scanner_.open_construct()) {
      Error error(ErrorKind::syntax, "the " + std::string(open->what) +
                                         " that opens here is never closed by its " +
                                         std::string(open->closing));
      error.at(positions_.at(open->offset));
      if (open->closing == "END") {
        error.suggest(
            "check that each BEGIN, IF, CASE and LOOP has its END, and that ';' stands behind the "
            "last END");
      }
      throw error;
    }
    end_statement();
    return std::move(statements_);
  }

  void take_data(const Token& token) {
    if (!token.closed) {
      throw Error(ErrorKind::syntax, "the data of this COPY … FROM stdin do not end")
          .at(statements_.back().position)
          .with_statement(statements_.back().sql)
          .suggest(
              "put the data on the lines after the statement and close them with a line that holds "
              "just \\.");
    }
    statements_.back().copy_data = token.text;
  }

  void command(const Token& token) {
    if (token.text.front() != '\\') {
      if (!token.closed)
        fail(token,
             "DELIMITER needs the new delimiter on its line, and that may not hold a backslash");
      return end_statement();
    }
    // pg_dump brackets its output with these, to keep psql from running commands hidden in data.
    // They are nothing to us.
    const std::string_view name = token.text.substr(1, token.text.find_first_of(" \t\r", 1) - 1);
    if (begin_ == nullptr && (name == "restrict" || name == "unrestrict")) return;
    throw Error(ErrorKind::syntax,
                "'\\" + std::string(name) + "' is a command of psql; no server understands it")
        .at(positions_.at(offset_of(token.text.data())))
        .suggest("remove the line, or run this file with psql");
  }

  [[noreturn]] void fail(const Token& token, const std::string& message) {
    throw Error(ErrorKind::syntax, message).at(positions_.at(offset_of(token.text.data())));
  }

  std::size_t offset_of(const char* at) const noexcept {
    return static_cast<std::size_t>(at - scanner_.text().data());
  }

  Scanner scanner_;
  PositionCounter positions_;
  std::vector<Statement> statements_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  bool has_code_ = false;
};

}  // namespace

std::vector<Statement> split_statements(std::string_view text, Language language,
                                        std::string_view file, int first_line) {
  return Splitter(text, language, file, first_line).run();
}

}  // namespace sterna
