// Every failure that Sterna reports is a sterna::Error.
//
// An error says what failed, where (file:line:column, statement), the server's own code, what state
// the database was left in, and what a person can do next. Passwords never appear in one:
// connection URLs are formatted masked before they get here.
#pragma once

#include <sterna/export.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// What went wrong, decided from the server's code (SQLSTATE, errno, result code), never from
/// message text.
enum class ErrorKind {
  connection,  ///< the server cannot be reached, or the session was lost
  schema,      ///< an object is missing, exists already, or has the wrong shape
  dependency,  ///< another object depends on this one
  timeout,     ///< a clock ran out; the work was cancelled on the server
  lock,  ///< another session holds what is needed (the migration lock, a row, a table, a deadlock)
  permission,   ///< the role lacks a right
  syntax,       ///< the server could not parse a statement
  data,         ///< rows do not fit (constraint, conversion, range)
  checksum,     ///< an applied migration was edited, or sterna.sum does not match
  validation,   ///< input was refused before anything ran
  plan,         ///< what is asked cannot be planned (no such version, not reversible, out of order)
  config,       ///< usage or configuration
  refused,      ///< needs an explicit yes (--yes, --allow-destructive, a protected environment)
  interrupted,  ///< a signal asked to stop
  internal,     ///< a fault of Sterna itself
  unknown,      ///< the server's code is not known to Sterna
};

/// Stable lower-case name, as printed in JSON: "connection", "schema", ...
STERNA_API std::string_view to_string(ErrorKind kind) noexcept;

/// A place in a file. `line` and `column` count from 1; 0 means "not known". Columns count bytes.
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const SourcePosition&) const = default;
};

/// "file:line:column", leaving out what is not known; empty when nothing is.
STERNA_API std::string to_string(const SourcePosition& position);

class STERNA_API Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const noexcept { return kind_; }
  /// The server's own code: SQLSTATE for PostgreSQL, number (SQLSTATE) for MySQL, extended result
  /// code name for SQLite.
  const std::string& code() const noexcept { return code_; }
  /// The statement that failed, as sent (bound values are not part of it).
  const std::string& statement() const noexcept { return statement_; }
  const SourcePosition& position() const noexcept { return position_; }
  /// The schema object concerned, when the server names it ("users.email", "fk_posts_author").
  const std::string& object() const noexcept { return object_; }
  /// The server's detail or hint text.
  const std::string& detail() const noexcept { return detail_; }
  /// What state the database is in now ("nothing was changed", "2 of 5 statements are committed").
  const std::string& state() const noexcept { return state_; }
  /// What a person can do next, best first.
  const std::vector<std::string>& suggestions() const noexcept { return suggestions_; }
  /// In a batch: index (from 0) of the statement that failed; those before it had succeeded.
  std::optional<std::size_t> statement_index() const noexcept { return statement_index_; }

  Error& with_kind(ErrorKind kind) {
    kind_ = kind;
    return *this;
  }
  Error& with_code(std::string code) {
    code_ = std::move(code);
    return *this;
  }
  Error& with_statement(std::string sql) {
    statement_ = std::move(sql);
    return *this;
  }
  Error& at(SourcePosition position) {
    position_ = std::move(position);
    return *this;
  }
  Error& with_object(std::string object) {
    object_ = std::move(object);
    return *this;
  }
  Error& with_detail(std::string detail) {
    detail_ = std::move(detail);
    return *this;
  }
  Error& with_state(std::string state) {
    state_ = std::move(state);
    return *this;
  }
  Error& suggest(std::string suggestion) {
    suggestions_.push_back(std::move(suggestion));
    return *this;
  }
  Error& with_statement_index(std::size_t index) {
    statement_index_ = index;
    return *this;
  }

 private:
  ErrorKind kind_;
  std::string code_, statement_, object_, detail_, state_;
  SourcePosition position_;
  std::vector<std::string> suggestions_;
  std::optional<std::size_t> statement_index_;
};

}  // namespace sterna
