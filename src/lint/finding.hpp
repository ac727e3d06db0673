// What the linter found, as values. Made by rules; read by reports, by `up` in protected
// environments and by the designer. Knows no database.
#pragma once

#include <sterna/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// `off` exists in policies alone.
enum class Severity { off, note, warning, error };
std::string_view to_string(Severity severity) noexcept;
/// @throws Error(config) for another word than off, note, warning, error.
Severity severity_named(std::string_view word);

struct Finding {
  std::string rule;  ///< "PG101"; of a custom rule what sterna.toml calls it
  std::string name;  ///< "index-blocks-writes"
  Severity severity = Severity::warning;
  std::string migration;  ///< its id
  SourcePosition position;
  std::string statement;  ///< as written; empty when it is about the whole migration
  SourcePosition begin;   ///< where that begins
  int number = -1;        ///< of that on the way up, from 0; negative: another way, or all of it
  std::string message;
  std::string lock;       ///< "ACCESS EXCLUSIVE", "SHARED": in the words of the database
  std::string lock_on;    ///< the object that is locked
  std::string blocks;     ///< "reads and writes", "writes"
  std::string algorithm;  ///< MySQL: the best that the server accepts: "COPY", "INPLACE", "INSTANT"
  bool rewrites = false;  ///< the whole table is written anew
  bool scans = false;     ///< all rows are read while the lock is held
  std::int64_t rows = -1;  ///< about so many in the table; negative: not known
  std::string loses;       ///< what cannot be had back
  std::string safe_form;   ///< ready SQL
  std::string help;        ///< "docs/lint.md#pg101"
  bool operator==(const Finding&) const = default;

  int statement_line() const { return statement.empty() ? 0 : begin.line; }
  Finding& locks(std::string mode, std::string object, std::string whom) {
    lock = std::move(mode);
    lock_on = std::move(object);
    blocks = std::move(whom);
    return *this;
  }
  Finding& rewriting() {
    rewrites = true;
    return *this;
  }
  Finding& scanning() {
    scans = true;
    return *this;
  }
  Finding& losing(std::string what) {
    loses = std::move(what);
    return *this;
  }
  Finding& instead(std::string sql) {
    safe_form = std::move(sql);
    return *this;
  }
  Finding& as(Severity other) {
    severity = other;
    return *this;
  }
};

}  // namespace sterna::lint
