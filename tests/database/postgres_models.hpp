// A session on a fresh PostgreSQL database, and whole models created from themselves alone. For the
// tests of PostgreSQL's inspector.
#pragma once

#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sterna::test {

/// The changes that create everything of `model` but its schemas: what others depend on first,
/// foreign keys after all tables, what acts on new objects last.
inline std::vector<Change> creation_of(const model::Model& model) {
  struct Node {
    std::string key;
    std::vector<std::string> needs;
    Change change;
    bool done = false;
  };
  std::vector<Node> nodes;
  const auto of_object = [](const model::Object& object) {
    Node node{model::key_of(object), object.depends_on, CreateObject{object, false}};
    if (!object.table.name.empty()) {
      for (const char* kind : {"table", "view", "materialized view", "foreign table"}) {
        node.needs.push_back(model::key_of(kind, object.table));
      }
    }
    return node;
  };
  const auto phase = [](const model::Object& object) {
    if (object.kind == "extension") return 0;
    const bool last =
        object.kind.starts_with("event trigger") || object.kind == "default privilege";
    return last ? 2 : 1;
  };
  const auto objects = [&](int wanted) {
    for (const model::Object& object : model.objects) {
      if (phase(object) == wanted) nodes.push_back(of_object(object));
    }
  };
  objects(0);
  for (const model::EnumType& type : model.enums) {
    nodes.push_back(
        {model::key_of("enum", type.name), {}, CreateEnum{type.name, type.values, type.comment}});
  }
  std::vector<Change> keys;
  for (const model::Table& table : model.tables) {
    CreateTable create{table, false};
    if (!table.foreign_keys.empty()) {
      AlterTable add{table.name, {}};
      for (const model::ForeignKey& key : table.foreign_keys) {
        add.actions.emplace_back(AddForeignKey{key});
      }
      keys.emplace_back(std::move(add));
      create.table.foreign_keys.clear();
    }
    nodes.push_back({model::key_of("table", table.name), table.depends_on.keys, std::move(create)});
  }
  objects(1);
  objects(2);
  std::map<std::string, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < nodes.size(); ++i) by_key[nodes[i].key].push_back(i);
  std::vector<Change> changes;
  const std::function<void(std::size_t)> visit = [&](std::size_t at) {
    if (nodes[at].done) return;
    nodes[at].done = true;
    for (const std::string& need : nodes[at].needs) {
      const auto found = by_key.find(need);
      if (found == by_key.end()) continue;
      for (const std::size_t other : found->second) visit(other);
    }
    changes.push_back(nodes[at].change);
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) visit(i);
  for (Change& key : keys) changes.push_back(std::move(key));
  return changes;
}

/// All statements, from the model alone. Bodies of functions are text that may name what comes
/// later.
inline std::vector<Statement> statements_of(const model::Model& model, const Dialect& dialect,
                                            const ServerInfo& server) {
  std::vector<Statement> statements{{"SET check_function_bodies = off", {}, {}, {}}};
  for (const std::string& schema : model.schemas) {
    statements.push_back({"CREATE SCHEMA " + dialect.quote(schema), {}, {}, {}});
  }
  for (const Change& change : creation_of(model)) {
    for (Statement& statement : dialect.render(change, {server, nullptr}).statements) {
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

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
    std::vector<std::string> all;
    for (const Statement& s : statements_of(model, connection->dialect(), connection->server())) {
      all.push_back(s.sql);
    }
    return all;
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
      other->execute_batch(statements_of(model, other->dialect(), other->server()));
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
