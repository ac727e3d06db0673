// A project folder, the command run in it, and what `status` says of its migrations.
#pragma once

#include "base/file.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::test {

struct CommandProject {
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(const std::vector<std::string>& arguments) const {
    return sterna_command(arguments, {.folder = folder.path()});
  }
  /// "applied", "pending", …, in order.
  std::vector<std::string> states() const {
    std::vector<std::string> result;
    const auto status = nlohmann::json::parse(run({"status", "--format", "json"}).out);
    for (const auto& migration : status["migrations"])
      result.push_back(migration["state"].get<std::string>());
    return result;
  }
  TempFolder folder;
};

}  // namespace sterna::test
