// Cases of rules as files: tests/lint/cases/DATABASE/RULE.sql, parted by lines that begin with
// "--- setup", "--- bad" or "--- good", each with words behind it that say what is known of the
// server ("version=110000", "mariadb", "lock_timeout=0", "repeatable", "no-down", "code"), or
// "offline": not for a server.
#pragma once

#include "lint/linter.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace sterna::test {

struct LintPart {
  bool bad = false;
  std::string words;
  std::string text;
  bool has(std::string_view word) const {
    return (" " + words + " ").find(" " + std::string(word) + " ") != std::string::npos;
  }
};

struct LintCase {
  std::string database, rule, setup;
  std::vector<LintPart> parts;
};

void PrintTo(const LintCase& rule_case, std::ostream* out);

std::vector<LintCase> lint_cases(const std::string& database = {});
LintCase read_case(const std::string& path);
lint::Options options_of(const LintCase& rule_case, const LintPart& part);
/// All findings of the part, behind the setup.
std::vector<lint::Finding> findings_of(const LintCase& rule_case, const LintPart& part);

}  // namespace sterna::test
