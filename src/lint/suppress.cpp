// `-- sterna:allow RULE[,RULE] REASON`: directly above a statement for that statement, in the head
// for the file.
#include "base/text.hpp"
#include "lint/linter.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

struct Allowance {
  std::vector<std::string> rules;
  std::string reason;
  SourcePosition position;
  bool head = false;       ///< before the first statement: it counts for what is about the file
  int statement_line = 0;  ///< of the statement it stands above; 0: for the whole file
  std::vector<bool> used;
};

Allowance read(const Directive& directive) {
  Allowance allowance;
  const std::string_view value = trim(directive.value);
  const std::size_t end = std::min(value.find_first_of(" \t"), value.size());
  for (const std::string& id : split(value.substr(0, end), ',')) {
    if (!trim(id).empty()) allowance.rules.push_back(to_upper(trim(id)));
  }
  allowance.reason = trim(value.substr(end));
  allowance.position = directive.position;
  allowance.used.assign(allowance.rules.size(), false);
  return allowance;
}

/// Only comments stand between the two lines.
bool adjoin(const std::vector<std::string>& lines, int from, int to) {
  for (int line = from + 1; line < to; ++line) {
    if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return false;
    const std::string_view text = trim(lines[static_cast<std::size_t>(line - 1)]);
    if (!text.starts_with("--") && !text.starts_with("//") && !text.starts_with("#")) return false;
  }
  return true;
}

class Allowances {
 public:
  explicit Allowances(const Input& input) : lines_(split(input.text, '\n')) {
    int first = 0;
    for (const std::vector<Statement>* part : {&input.up, &input.down}) {
      for (const Statement& statement : *part) {
        if (first == 0 || statement.position.line < first) first = statement.position.line;
      }
    }
    for (const Directive& directive : input.directives) {
      if (directive.key != "allow") continue;
      Allowance allowance = read(directive);
      const int line = directive.position.line;
      allowance.head = first == 0 || line < first;
      for (const std::vector<Statement>* part : {&input.up, &input.down}) {
        for (const Statement& statement : *part) {
          const int at = statement.position.line;
          if (at > line && statement.position.file == directive.position.file &&
              adjoin(lines_, line, at))
            allowance.statement_line = at;
        }
      }
      all.push_back(std::move(allowance));
    }
  }

  bool allow(const Finding& finding) {
    bool allowed = false;
    for (Allowance& allowance : all) {
      const bool of_file = finding.statement.empty()
                               ? allowance.head
                               : allowance.statement_line == 0 && allowance.head;
      const bool of_statement =
          allowance.statement_line != 0 && finding.statement_line() == allowance.statement_line;
      if (!of_file && !of_statement) continue;
      for (std::size_t i = 0; i < allowance.rules.size(); ++i) {
        if (!equals_ignoring_case(allowance.rules[i], finding.rule)) continue;
        allowance.used[i] = true;
        allowed = allowed || !allowance.reason.empty();
      }
    }
    return allowed;
  }

  std::vector<Allowance> all;

 private:
  std::vector<std::string> lines_;
};

Finding about(const Input& input, const Allowance& allowance, std::string_view rule_id,
              std::string message) {
  const Rule& rule = *find_rule(rule_id);
  Finding finding;
  finding.rule = rule.id;
  finding.name = rule.name;
  finding.severity = rule.severity;
  finding.migration = input.id;
  finding.position = allowance.position;
  finding.message = std::move(message);
  finding.help = "docs/lint.md#" + to_lower(rule.id);
  return finding;
}

}  // namespace

void suppress(const Input& input, std::vector<Finding>& findings, const Policy& policy) {
  Allowances allowances(input);
  if (allowances.all.empty()) return;
  std::erase_if(findings, [&](const Finding& finding) { return allowances.allow(finding); });
  const auto wanted = [&](std::string_view rule) {
    const auto found = policy.severities.find(rule);
    return found == policy.severities.end() || found->second != Severity::off;
  };
  for (const Allowance& allowance : allowances.all) {
    if ((allowance.reason.empty() || allowance.rules.empty()) && wanted("ST002")) {
      findings.push_back(
          about(input, allowance, "ST002",
                "an allowance needs its reason: -- sterna:allow " +
                    (allowance.rules.empty() ? std::string("RULE") : listed(allowance.rules)) +
                    " why it is right here"));
      continue;
    }
    for (std::size_t i = 0; i < allowance.rules.size(); ++i) {
      const std::string& id = allowance.rules[i];
      if (!has_rule(policy, id)) {
        if (wanted("ST004"))
          findings.push_back(about(input, allowance, "ST004", "there is no rule " + id));
      } else if (!allowance.used[i] && wanted("ST003")) {
        findings.push_back(
            about(input, allowance, "ST003", id + " is allowed here, but finds nothing"));
      }
    }
  }
}

}  // namespace sterna::lint
