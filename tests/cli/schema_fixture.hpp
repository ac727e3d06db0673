// A project folder with one migration and a fresh database, for the tests of commands that look at
// schemas.
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

class SchemaProject : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
    write("migrations/001_users.sql",
          "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n");
  }
  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  TempFolder folder;
  std::unique_ptr<TestDatabase> database;
};

}  // namespace sterna::test
