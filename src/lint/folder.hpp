// Migrations as the linter reads them: straight from files, tolerant of what a run would refuse.
// Used by the command.
#pragma once

#include "lint/linter.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sterna::lint {

struct FolderInputs {
  std::vector<Input> inputs;            ///< in the order in which they run
  std::vector<std::string> code_files;  ///< C++: they are linted by their plan
};

/// A folder of migrations, with its repeatable/ ones. `shown`: how the folder is called in
/// findings. @throws Error(config) when it cannot be read.
FolderInputs read_inputs(const std::filesystem::path& folder, const std::string& shown,
                         Language language);
/// `// sterna:allow RULE REASON` in the text of a migration in C++: each is for all of it.
std::vector<Directive> allowances_in_code(std::string_view text, const std::string& file);
/// Single files. A .down.sql joins its .up.sql when both are named.
std::vector<Input> read_inputs(const std::vector<std::string>& files, Language language);

}  // namespace sterna::lint
