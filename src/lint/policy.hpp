// What sterna.toml says about rules ([lint], with that of the environment over it) as the policy
// that the linter follows, and the project's rules in C++. One place, so that every asker follows
// the same.
#pragma once

#include "config/lint_config.hpp"
#include "lint/linter.hpp"
#include "migration/compiler.hpp"

#include <filesystem>

namespace sterna::lint {

/// Compiles and loads the rules in C++ that [lint] names, once a process; without such a folder
/// nothing happens. `root`: that of the project. @throws Error(config) for a folder that holds
/// none, Error(validation) for a file that does not compile or registers none.
void load_rules(const LintConfig& config, const std::filesystem::path& root,
                const CompileOptions& options);

/// With the rules in C++ that this process has: linked in, or loaded. @throws Error(config) for a
/// word that is no severity, and as registered_rules().
Policy policy_of(const LintConfig& config);

}  // namespace sterna::lint
