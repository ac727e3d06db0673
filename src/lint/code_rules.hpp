// Rules that teams write in C++ (<sterna/lint.hpp>): the list of this process, and what stands
// between them and the linter. They see facts as plain public values, and never its own types.
#pragma once

#include "lint/rule.hpp"

#include <sterna/lint.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct CodeRule {
  std::string file;  ///< __FILE__ as the compiler saw it
  std::unique_ptr<LintRule> (*make)() = nullptr;
  LintMeta meta;
};

/// Those that registered themselves, in any order. @throws Error(config) for an id that is none,
/// that Sterna has itself, or that two of them have.
std::vector<CodeRule> registered_rules();

/// The rules of one run of the linter, as objects.
class CodeRules {
 public:
  /// Those of `rules` that are for this database.
  CodeRules(const std::vector<CodeRule>& rules, const Server& server);
  bool empty() const noexcept { return rules_.empty(); }
  /// Asks all of them about the statement that `probe` stands at. @throws Error(config) when one of
  /// them throws.
  void ask(Probe& probe);

 private:
  struct Made {
    const CodeRule* rule;
    std::unique_ptr<LintRule> object;
  };
  const std::vector<LintStatement>& statements_of(const Script& script);

  std::vector<Made> rules_;
  const Script* script_ = nullptr;  ///< that `statements_` are of
  std::vector<LintStatement> statements_;
};

}  // namespace sterna::lint
