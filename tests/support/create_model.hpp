// Creates everything that a model holds in an empty database, from the model alone: what the tests
// of inspectors and of the diff make their databases with.
#pragma once

#include "database/connection.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sterna::test {

/// Parts of a model in an order in which they can be created.
class CreationOrder {
 public:
  /// `keys_within`: foreign keys stay in their table's definition (SQLite); else they come after
  /// all tables.
  CreationOrder(const model::Model& model, bool keys_within)
      : model_(model), keys_within_(keys_within) {
    for (const auto& one : model.enums) nodes_[model::key_of("enum", one.name)].enumeration = &one;
    for (const auto& one : model.tables) nodes_[model::key_of("table", one.name)].table = &one;
    for (const auto& one : model.objects) nodes_[object_key(one)].object = &one;
  }

  std::vector<Change> changes() {
    for (const auto& one : model_.enums) visit(model::key_of("enum", one.name));
    for (const auto& one : model_.tables) visit(model::key_of("table", one.name));
    for (const auto& one : model_.tables) {
      if (keys_within_ || one.foreign_keys.empty()) continue;
      AlterTable alter{one.name, {}};
      for (const auto& key : one.foreign_keys) alter.actions.push_back(AddForeignKey{key});
      changes_.push_back(std::move(alter));
    }
    for (const auto& one : model_.objects) visit(object_key(one));
    return std::move(changes_);
  }

 private:
  struct Node {
    const model::EnumType* enumeration = nullptr;
    const model::Table* table = nullptr;
    const model::Object* object = nullptr;
  };

  /// Names of triggers and grants may be local to a table; others name an object by kind and name.
  std::string object_key(const model::Object& object) const {
    const std::string key = model::key_of(object);
    const auto found = nodes_.find(key);
    const bool taken = found != nodes_.end() && found->second.object != &object;
    return taken ? key + " on " + object.table.text() : key;
  }

  void visit(const std::string& key) {
    const auto found = nodes_.find(key);
    if (found == nodes_.end() || !seen_.insert(key).second) return;
    const Node& node = found->second;
    if (node.enumeration != nullptr) {
      changes_.push_back(CreateEnum{node.enumeration->name, node.enumeration->values});
    } else if (node.table != nullptr) {
      for (const std::string& before : node.table->depends_on.keys) visit(before);
      CreateTable create{*node.table, false};
      if (!keys_within_) create.table.foreign_keys.clear();
      changes_.push_back(std::move(create));
    } else if (node.object != nullptr) {
      if (!node.object->table.name.empty()) visit(model::key_of("table", node.object->table));
      for (const std::string& before : node.object->depends_on) visit(before);
      changes_.push_back(CreateObject{*node.object, false});
    }
  }

  const model::Model& model_;
  bool keys_within_;
  std::map<std::string, Node> nodes_;
  std::set<std::string> seen_;
  std::vector<Change> changes_;
};

/// @throws Error naming the statement that the server refused.
inline void create_model(Connection& connection, const model::Model& model,
                         bool keys_within = false) {
  const Dialect& dialect = connection.dialect();
  for (const std::string& schema : model.schemas)
    connection.execute("CREATE SCHEMA " + dialect.quote(schema));
  const RenderContext context{connection.server(), &connection};
  for (const Change& change : CreationOrder(model, keys_within).changes()) {
    for (const Statement& statement : dialect.render(change, context).statements)
      connection.execute(statement);
  }
}

}  // namespace sterna::test
