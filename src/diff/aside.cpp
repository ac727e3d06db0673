#include "diff/aside.hpp"

#include <iterator>

namespace sterna::detail {

using model::key_of;
using model::Model;
using model::Object;
using model::Table;

namespace {

/// What triggers, policies and comments can belong to besides tables.
constexpr const char* relations[] = {"view", "materialized view", "foreign table"};

/// Policies and column triggers hold on to the columns they name.
bool reads_columns(const Object& object) {
  return object.kind == "policy" || object.kind == "trigger" || object.kind == "rule" ||
         object.kind == "statistics";
}

}  // namespace

std::string table_key(const model::Name& name) { return key_of("table", name); }
std::string enum_key(const model::Name& name) { return key_of("enum", name); }

std::string identity(const Object& object) { return key_of(object) + " on " + object.table.text(); }

std::vector<std::string> needs_of(const Object& object) {
  std::vector<std::string> needs = object.depends_on;
  if (!object.table.name.empty()) {
    needs.push_back(table_key(object.table));
    for (const char* kind : relations) needs.push_back(key_of(kind, object.table));
  }
  return needs;
}

Aside::Aside(const Model& from, const Model& to, const DiffOptions& options)
    : from_(from), to_(to), options_(options) {
  for (const Object& object : to_.objects) wanted_.emplace(identity(object), &object);
}

bool Aside::cannot_stay(const Object& object) const {
  const auto found = wanted_.find(identity(object));
  if (found == wanted_.end()) return true;
  return *found->second != object &&
         !options_.dialect.replaces_object(object, *found->second, options_.server) &&
         options_.dialect.alter_object(object, *found->second).empty();
}

void Aside::step(std::vector<std::string> queue) {
  std::erase_if(queue, [&](const std::string& key) { return !moved_.insert(key).second; });
  std::unordered_map<std::string, std::vector<const Object*>> readers;
  for (const Object& object : from_.objects) {
    for (const std::string& need : needs_of(object)) readers[need].push_back(&object);
  }
  const auto goes = [&](const Object& object) {
    if (!aside_.insert(identity(object)).second) return;
    if (moved_.insert(key_of(object)).second) queue.push_back(key_of(object));
  };
  for (const Object& object : from_.objects) {
    if (cannot_stay(object)) goes(object);
  }
  while (!queue.empty()) {
    const std::string key = std::move(queue.back());
    queue.pop_back();
    const auto found = readers.find(key);
    if (found == readers.end()) continue;
    for (const Object* object : found->second) {
      // What belongs to a table that only changes stays with it.
      const Table* owner = from_.table(object->table);
      const bool part_of_table =
          owner != nullptr && table_key(owner->name) == key && to_.table(owner->name) != nullptr;
      if (!part_of_table || reads_columns(*object)) goes(*object);
    }
  }
}

bool Aside::goes_along(const Object& object) const {
  if (object.table.name.empty()) return false;
  // Its name may be wanted for another table's, before this one goes.
  if (to_.object(object.kind, object.name) != nullptr && !wanted_.contains(identity(object)))
    return false;
  if (from_.table(object.table) != nullptr) return to_.table(object.table) == nullptr;
  for (const char* kind : relations) {
    if (const Object* owner = from_.object(kind, object.table)) return contains(*owner);
  }
  return false;
}

std::unordered_set<std::string> Aside::held_by_old_tables() const {
  std::unordered_map<std::string, const Object*> by_key;
  std::vector<std::string> queue;
  for (const Table& table : from_.tables)
    queue.insert(queue.end(), table.depends_on.keys.begin(), table.depends_on.keys.end());
  for (const Object& object : from_.objects) {
    by_key.emplace(key_of(object), &object);
    if (from_.table(object.table) == nullptr || to_.table(object.table) != nullptr) continue;
    queue.insert(queue.end(), object.depends_on.begin(), object.depends_on.end());
  }
  std::unordered_set<std::string> held;
  while (!queue.empty()) {
    const std::string key = std::move(queue.back());
    queue.pop_back();
    if (!held.insert(key).second) continue;
    if (const auto found = by_key.find(key); found != by_key.end())
      queue.insert(queue.end(), found->second->depends_on.begin(), found->second->depends_on.end());
  }
  return held;
}

}  // namespace sterna::detail
