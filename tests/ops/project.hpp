// A project folder on a fresh database of any kind, and the command run in it.
#pragma once

#include "base/file.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::test {

class OpsProject : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
    write("migrations/001_users.sql",
          "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n");
  }
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) const {
    return sterna_command(arguments, {.folder = folder.path()});
  }
  std::string read(const std::string& name) const { return read_file(folder.path() / name); }
  TempFolder folder;
  std::unique_ptr<TestDatabase> database;
};

}  // namespace sterna::test
