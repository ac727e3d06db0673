#include "lint/policy.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "migration/plugins.hpp"

#include <algorithm>

namespace sterna::lint {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse_folder(const LintConfig& config, const std::string& why) {
  throw Error(ErrorKind::config, "[lint] rules = \"" + config.folder + "\": " + why)
      .at({config.folder_origin, 0, 0})
      .with_state("nothing was linted, and nothing was run")
      .suggest("put the project's rules into it, or take the line out");
}

std::vector<fs::path> rule_files(const LintConfig& config, const fs::path& root) {
  const fs::path folder = (root / config.folder).lexically_normal();
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) refuse_folder(config, "there is no such folder");
  std::vector<fs::path> files;
  for (const std::string& name : list_files(folder)) {
    if (name.ends_with(".cpp")) files.push_back(fs::absolute(folder / name).lexically_normal());
  }
  if (files.empty()) refuse_folder(config, "it holds no .cpp file");
  return files;
}

}  // namespace

void load_rules(const LintConfig& config, const fs::path& root, const CompileOptions& options) {
  if (config.folder.empty()) return;
  const std::vector<fs::path> files = rule_files(config, root);
  load_cpp_plugins("lint rule", files, options);
  const std::vector<CodeRule> rules = registered_rules();
  for (const fs::path& file : files) {
    const bool registers = std::any_of(rules.begin(), rules.end(), [&](const CodeRule& rule) {
      return fs::path(rule.file) == file;
    });
    if (!registers)
      throw Error(ErrorKind::validation, "the file registers no lint rule")
          .at({file.string(), 0, 0})
          .with_state("nothing was linted, and nothing was run")
          .suggest("add STERNA_LINT_RULE(ClassName, {.id = …, .name = …});");
  }
}

Policy policy_of(const LintConfig& config) {
  Policy policy;
  for (const auto& [rule, severity] : config.severities)
    policy.severities[to_upper(rule)] = severity_named(severity);
  for (const auto& [id, rule] : config.rules)
    policy.custom.push_back(
        {id, rule.pattern, rule.message, severity_named(rule.severity), rule.safe_form});
  policy.code = registered_rules();
  return policy;
}

}  // namespace sterna::lint
