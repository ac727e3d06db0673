#include "diff/safe.hpp"

namespace sterna {
namespace {

/// Names in changes are those that renames before them have made.
void follow_rename(model::Model& model, const Change& change) {
  const auto* rename = std::get_if<RenameTable>(&change);
  if (rename == nullptr) return;
  for (model::Table& table : model.tables) {
    if (table.name == rename->from) table.name.name = rename->to;
  }
  sort(model);
}

}  // namespace

std::vector<SafePart> safe_parts(const std::vector<Change>& changes, const model::Model& from,
                                 const Dialect& dialect, const ServerInfo& server) {
  std::vector<SafePart> parts;
  model::Model before = from;
  for (const Change& change : changes) {
    for (Dialect::SafeStep& step : dialect.safe_form(change, before, server)) {
      if (parts.empty() || parts.back().own_commits != step.own_commit)
        parts.push_back({{}, step.own_commit});
      parts.back().changes.push_back(std::move(step.change));
    }
    follow_rename(before, change);
  }
  return parts;
}

std::vector<ChangeScript> safe_scripts(const std::vector<Change>& changes, const model::Model& from,
                                       Connection& like) {
  std::vector<ChangeScript> scripts;
  // What is written by looking at the schema it meets has no parts that start in the middle.
  if (like.capabilities().renders_from_live) {
    scripts.push_back(script_of(changes, from, like));
    return scripts;
  }
  for (const SafePart& part : safe_parts(changes, from, like.dialect(), like.server())) {
    scripts.push_back(script_of(part.changes, from, like));
    scripts.back().outside_transaction |= part.own_commits;
  }
  return scripts;
}

ChangeScript safe_script(const std::vector<Change>& changes, const model::Model& from,
                         Connection& like) {
  ChangeScript all;
  for (ChangeScript& part : safe_scripts(changes, from, like)) {
    all.outside_transaction |= part.outside_transaction;
    all.foreign_keys_off |= part.foreign_keys_off;
    for (Statement& statement : part.statements) all.statements.push_back(std::move(statement));
  }
  return all;
}

}  // namespace sterna
