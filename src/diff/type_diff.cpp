#include "diff/type_diff.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

[[noreturn]] void refuse_change(const model::UserType& type, const std::string& what) {
  throw Error(ErrorKind::plan,
              "type " + type.name.text() + ": " + what + ", which no ALTER TYPE can do")
      .with_object(type.name.text())
      .suggest("make a type of another name as it is to be, and a column of it beside the old one")
      .suggest("a field that has another name only is a rename: --rename " + type.name.text() +
               ".OLD:NEW");
}

}  // namespace

Node node_of(const model::UserType& type) {
  Node node{{model::key_of("type", type.name)}, {}};
  for (const model::TypeField& field : type.fields) {
    for (std::string& key : model::keys_of_types(field.type, type.name.schema))
      node.needs.push_back(std::move(key));
  }
  if (!type.name.schema.empty())
    node.needs.push_back(model::key_of("keyspace", model::Name(std::string(), type.name.schema)));
  return node;
}

std::vector<Change> type_changes(const model::UserType* old, const model::UserType& now) {
  if (old == nullptr) return {CreateType{now, false}};
  AlterType alter{now.name, {}};
  for (std::size_t i = 0; i < now.fields.size(); ++i) {
    if (i >= old->fields.size()) {
      alter.actions.emplace_back(AddTypeField{now.fields[i]});
      continue;
    }
    const model::TypeField& before = old->fields[i];
    if (before.name != now.fields[i].name)
      refuse_change(now, "its field " + before.name + " goes, or fields stand in another order");
    if (before.type != now.fields[i].type)
      refuse_change(now, "the type of its field " + before.name + " changes");
  }
  if (now.fields.size() < old->fields.size())
    refuse_change(now, "its field " + old->fields[now.fields.size()].name + " goes");
  if (alter.actions.empty()) return {};
  return {std::move(alter)};
}

std::vector<Change> dropped_types(const model::Model& from, const model::Model& to) {
  std::vector<Node> nodes;
  for (const model::UserType& type : from.types) nodes.push_back(node_of(type));
  std::vector<std::size_t> order = creation_order(nodes);
  std::reverse(order.begin(), order.end());
  std::vector<Change> changes;
  for (const std::size_t at : order) {
    const model::UserType& type = from.types[at];
    if (to.user_type(type.name) == nullptr) changes.push_back(DropType{type.name, false, type});
  }
  return changes;
}

}  // namespace sterna::detail
