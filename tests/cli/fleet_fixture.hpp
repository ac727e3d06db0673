// A project with a fleet, and the command run in it.
#pragma once

#include "base/file.hpp"
#include "database/registry.hpp"
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

struct FleetCommand : testing::Test {
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  nlohmann::json json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    return nlohmann::json::parse(run(std::move(arguments)).out);
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  void migrations() {
    write("migrations/001_users.sql",
          "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY, name "
          "text);\n-- sterna:down\nDROP TABLE users;\n");
    write("migrations/002_posts.sql",
          "-- sterna:up\nCREATE TABLE posts (id integer PRIMARY KEY);\n-- "
          "sterna:down\nDROP TABLE posts;\n");
  }
  /// Files that cannot take the second migration.
  void spoil(const std::string& file) {
    connect(parse_url("sqlite:" + (folder.path() / file).string()))
        ->execute("CREATE TABLE posts (other text)");
  }
  /// [fleet.some] of SQLite files: "a", "b" → a.db, b.db; `more` stands above it.
  void files(const std::vector<std::string>& names, const std::string& more = {}) {
    std::string targets;
    for (const std::string& name : names)
      targets += (targets.empty() ? "\"" : ", \"") + name + "\"";
    write("sterna.toml",
          more + "[fleet.some]\ntargets = [" + targets + "]\nurl = \"sqlite:{name}.db\"\n");
  }
  /// [fleet.some] of schemas "tenant 1" … of `place`, which are made.
  void schemas(const TestDatabase& place, int count) {
    const auto connection = connect(parse_url(place.url()));
    connection->execute("CREATE TABLE tenants (name text)");
    for (int i = 1; i <= count; ++i) {
      const std::string name = "tenant " + std::to_string(i);
      connection->execute("CREATE SCHEMA \"" + name + "\"");
      connection->execute("INSERT INTO tenants VALUES ('" + name + "')");
    }
    write("sterna.toml", "url = \"" + place.url() +
                             "\"\n[fleet.some]\nquery = \"SELECT name FROM tenants ORDER BY "
                             "name\"\nschema = \"{name}\"\n");
  }
  std::unique_ptr<Connection> open(const std::string& name) {
    return connect(parse_url("sqlite:" + (folder.path() / (name + ".db")).string()));
  }
  /// IDs that the history of a file holds.
  std::vector<std::string> applied(const std::string& name) {
    std::vector<std::string> ids;
    const auto status = nlohmann::json::parse(
        run({"status", "--url", "sqlite:" + name + ".db", "--format", "json"}).out);
    for (const auto& migration : status["migrations"]) {
      if (migration["state"] == "applied") ids.push_back(migration["id"]);
    }
    return ids;
  }
  bool exists(const std::string& file) { return std::filesystem::exists(folder.path() / file); }
  TempFolder folder;
};

}  // namespace sterna::test
