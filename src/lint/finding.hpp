// What the linter found, as values. Made by rules; read by reports, by `up` in protected
// environments and by the designer. Knows no database.
#pragma once

#include <sterna/lint.hpp>

#include <string>
#include <string_view>

namespace sterna::lint {

using Severity = LintSeverity;
/// @throws Error(config) for another word than off, note, warning, error.
Severity severity_named(std::string_view word);

/// With what reports tell beside it.
struct Finding : LintFinding {
  std::string statement;  ///< as written; empty when it is about the whole migration
  SourcePosition begin;   ///< where that begins
  int number = -1;        ///< of that on the way up, from 0; negative: another way, or all of it
  std::string algorithm;  ///< MySQL: the best that the server accepts: "COPY", "INPLACE", "INSTANT"
  std::string help;       ///< "docs/lint.md#pg101"
  bool operator==(const Finding&) const = default;

  int statement_line() const { return statement.empty() ? 0 : begin.line; }
};

}  // namespace sterna::lint
