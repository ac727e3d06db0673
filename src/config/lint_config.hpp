// The table [lint] of sterna.toml, and of an environment: which rules matter how much, and rules of
// one's own. Plain values; what they mean is the linter's.
#pragma once

#include "config/toml.hpp"

#include <map>
#include <string>
#include <vector>

namespace sterna {

struct LintConfig {
  struct Rule {
    std::string pattern, message, severity = "warning", safe_form;
  };
  std::map<std::string, std::string> severities;  ///< by rule; those that are ignored are "off"
  std::map<std::string, Rule> rules;              ///< by the name of the table [lint.rule.NAME]
  std::string folder;         ///< of rules in C++, beside sterna.toml; empty: there are none
  std::string folder_origin;  ///< "sterna.toml:12"
};

/// Lays one [lint] table over what is there already. @throws Error(config) with file and line for
/// an unknown key.
void read_lint(const TomlValue& table, const std::string& file, LintConfig& config);

}  // namespace sterna
