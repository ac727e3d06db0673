// The linter as a library call, for tests of rules in C++.
#include "base/text.hpp"
#include "database/registry.hpp"
#include "lint/linter.hpp"

namespace sterna {

std::vector<LintFinding> lint_script(std::string_view text, const LintOptions& options) {
  const bool mariadb = options.dialect == "mariadb";
  const Dialect& dialect = dialect_named(mariadb ? "mysql" : options.dialect);
  lint::Options asked;
  asked.server.language = dialect.language();
  asked.server.version = options.server_version;
  asked.server.mariadb = mariadb;
  const Capabilities capabilities = dialect.capabilities({});
  asked.server.transactional_ddl = capabilities.transactional_ddl;
  asked.server.longest_name = capabilities.max_identifier_length;
  asked.policy.code = lint::registered_rules();
  std::vector<LintFinding> findings;
  for (const lint::Finding& finding : lint::lint(
           {lint::read_input("script", "script.sql", std::string(text), asked.server.language)},
           asked)) {
    // A script that cannot be read is found by no rule, and hides what they would find.
    if (options.own_rules_alone && lint::find_rule(finding.rule) != nullptr &&
        finding.rule != "ST001")
      continue;
    findings.push_back(finding);
  }
  return findings;
}

}  // namespace sterna
