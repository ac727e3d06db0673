// A project of the designer without a socket: requests go straight to its handler.
#pragma once

#include "base/file.hpp"
#include "config/config.hpp"
#include "designer/designer.hpp"
#include "program/options.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sterna::test {

using Json = nlohmann::ordered_json;

class DesignerProject {
 public:
  explicit DesignerProject(const std::string& url = "sqlite:app.db", bool allow_apply = false,
                           const std::string& more = {}) {
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + url + "\"\n" + more);
    options_.config = load_config(folder.path(), {},
                                  [](const std::string&) { return std::optional<std::string>(); });
    options_.token = token;
    options_.allow_apply = allow_apply;
    options_.engine_options = [this](std::string_view name) {
      EngineOptions options =
          engine_options(options_.config, options_.config.connection(std::string(name)));
      if (options.url.scheme == "sqlite" && options.url.database.find('/') == std::string::npos)
        options.url.database = (folder.path() / options.url.database).string();
      return options;
    };
  }

  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }

  HttpRequest request(const std::string& method, const std::string& path, std::string body = {}) {
    HttpRequest request;
    request.method = method;
    const std::size_t query = path.find('?');
    request.path = "/api/v1/" + path.substr(0, query);
    if (query != std::string::npos) {
      const std::size_t equals = path.find('=', query);
      request.parameters[path.substr(query + 1, equals - query - 1)] = path.substr(equals + 1);
    }
    request.headers = {{"Host", "localhost:3001"}, {"X-Sterna-Token", token}};
    request.body = std::move(body);
    return request;
  }
  HttpResponse answer(const HttpRequest& request) {
    if (!designer_) designer_ = std::make_unique<Designer>(options_);
    return designer_->handle(request);
  }
  HttpResponse answer(const std::string& method, const std::string& path, std::string body = {}) {
    return answer(request(method, path, std::move(body)));
  }
  /// The body of an answer that must be this one.
  Json json(const std::string& method, const std::string& path, const Json& body = nullptr,
            int status = 200) {
    const HttpResponse response = answer(method, path, body.is_null() ? "" : body.dump());
    EXPECT_EQ(response.status, status) << response.body;
    return Json::parse(response.body, nullptr, false);
  }
  /// The schema of the migrations, to be altered.
  Json model() { return json("GET", "state")["model"]; }
  /// The members of `tables` that bears the name.
  static Json& table(Json& model, std::string_view name) {
    for (Json& table : model["tables"]) {
      if (table["name"] == name) return table;
    }
    throw std::runtime_error("no table " + std::string(name));
  }

  /// What the drawing lies on, before the first request.
  void draw_on(std::string base) { options_.base = std::move(base); }

  const std::string token = std::string(64, 'a');
  TempFolder folder;

 private:
  DesignerOptions options_;
  std::unique_ptr<Designer> designer_;
};

inline constexpr std::string_view users_migration =
    "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL,\n"
    "  total integer NOT NULL CHECK (total >= 0));\n-- sterna:down\nDROP TABLE users;\n";

}  // namespace sterna::test
