// A session on a fresh PostgreSQL database, and whole models created from themselves alone. For the
// tests of PostgreSQL's inspector.
#pragma once

#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace sterna::test {

struct PostgresModels : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    database = std::make_unique<TestDatabase>(Kind::postgres);
    connection = connect(parse_url(database->url()));
  }
  static void run(Connection& on, const std::string& sql) {
    on.execute_batch(std::vector<Statement>{{sql, {}, {}, {}}});
  }
  std::vector<std::string> lines_of(const model::Model& model) const {
    model::Model nothing;
    nothing.dialect = model.dialect;
    const Difference all = diff(nothing, model, {connection->dialect(), connection->server()});
    std::vector<std::string> lines;
    for (Statement& statement : script_of(all.changes, nothing, *connection).statements) {
      lines.push_back(std::move(statement.sql));
    }
    return lines;
  }
  /// The statements in which two models differ; empty when they are equal.
  std::string difference(const model::Model& a, const model::Model& b) const {
    if (a == b) return {};
    const std::vector<std::string> one = lines_of(a), two = lines_of(b);
    const auto has = [](const std::vector<std::string>& all, const std::string& line) {
      return std::find(all.begin(), all.end(), line) != all.end();
    };
    std::string text;
    for (const std::string& line : one) {
      if (!has(two, line)) text += "< " + line + "\n";
    }
    for (const std::string& line : two) {
      if (!has(one, line)) text += "> " + line + "\n";
    }
    return text.empty() ? "different, though the statements are the same" : text;
  }
  /// Creates the model in an empty database and reads it there.
  void expect_same_again(const model::Model& model, const InspectOptions& options = {}) {
    const TestDatabase copy(Kind::postgres);
    const auto other = connect(parse_url(copy.url()));
    try {
      create_model(*other, model);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what() << "\n" << error.statement();
      return;
    }
    const std::string changed = difference(model, other->inspect(options));
    EXPECT_TRUE(changed.empty()) << changed;
  }
  /// Runs the statements and reads the model; what it renders to must be the same schema again.
  model::Model look(const std::string& sql, const InspectOptions& options = {}) {
    run(*connection, sql);
    model::Model model = connection->inspect(options);
    expect_same_again(model, options);
    return model;
  }
  static const model::Object& object(const model::Model& model, std::string_view kind,
                                     const model::Name& name) {
    static const model::Object none;
    const model::Object* found = model.object(kind, name);
    if (found == nullptr) {
      std::string all;
      for (const model::Object& o : model.objects) all += model::key_of(o) + "\n";
      ADD_FAILURE() << kind << " " << name.text() << " is not among\n" << all;
    }
    return found == nullptr ? none : *found;
  }

  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> connection;
};

}  // namespace sterna::test
