#include "database/sqlite/rebuild_trial.hpp"

#include <map>

namespace sterna::sqlite {
namespace {

/// Views and triggers that do not compile, each with why.
using Broken = std::map<std::string, std::string>;

std::string why_not(Connection& copy, const std::vector<std::string>& statements) {
  try {
    for (const std::string& sql : statements) copy.query(sql);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

/// Every way to change a table or view, for the triggers to be compiled.
std::vector<std::string> all_changes(Connection& copy, const std::string& table) {
  const std::string name = copy.dialect().quote(table);
  std::string assignments;
  for (const Row& row : copy.query(Statement{
           "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0", {table}, {}, {}})) {
    const std::string column = copy.dialect().quote(row.get<std::string>(0));
    assignments += (assignments.empty() ? "" : ", ") + column + " = " + column;
  }
  return {"EXPLAIN INSERT INTO " + name + " DEFAULT VALUES",
          "EXPLAIN UPDATE " + name + " SET " + assignments, "EXPLAIN DELETE FROM " + name};
}

/// The triggers of one table that fail when all others of it are away. A view takes only the
/// changes for which it has a trigger, so what fails without any trigger tells nothing.
void broken_triggers(Connection& copy, const std::string& table, Broken& broken) {
  const Rows triggers = copy.query(Statement{
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE "
      "ORDER BY rowid",
      {table},
      {},
      {}});
  const auto drop_all = [&] {
    for (const Row& row : triggers)
      copy.execute("DROP TRIGGER " + copy.dialect().quote(row.get<std::string>(0)));
  };
  copy.execute("SAVEPOINT sterna_trial");
  drop_all();
  for (const std::string& change : all_changes(copy, table)) {
    const std::string bare = why_not(copy, {change});
    for (const Row& row : triggers) {
      const std::string name = row.get<std::string>(0);
      copy.execute(row.get<std::string>(1));
      const std::string why = why_not(copy, {change});
      if (!why.empty() && why != bare) broken["trigger " + name] = why;
      copy.execute("DROP TRIGGER " + copy.dialect().quote(name));
    }
  }
  copy.execute("ROLLBACK TO sterna_trial");
  copy.execute("RELEASE sterna_trial");
}

Broken broken_objects(Connection& copy) {
  Broken broken;
  for (const Row& row : copy.query("SELECT name FROM sqlite_schema WHERE type = 'view'")) {
    const std::string name = row.get<std::string>(0);
    const std::string why =
        why_not(copy, {"SELECT 1 FROM " + copy.dialect().quote(name) + " LIMIT 0"});
    if (!why.empty()) broken["view " + name] = why;
  }
  for (const Row& row :
       copy.query("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'"))
    broken_triggers(copy, row.get<std::string>(0), broken);
  return broken;
}

[[noreturn]] void refuse(const std::string& table, const std::string& what,
                         const std::string& why) {
  throw Error(ErrorKind::dependency,
              what + " needs what this change takes from " + table + ": " + why)
      .with_object(table)
      .with_state("nothing was changed")
      .suggest("drop or change it first");
}

}  // namespace

void try_rebuild(Connection& copy, const std::vector<RebuildStep>& steps,
                 const std::string& table) {
  const Broken before = broken_objects(copy);
  for (const RebuildStep& step : steps) {
    const std::string why = why_not(copy, {step.sql});
    if (!why.empty()) refuse(table, step.makes.empty() ? "the table" : step.makes, why);
  }
  for (const auto& [what, why] : broken_objects(copy)) {
    if (!before.contains(what)) refuse(table, what, why);
  }
}

}  // namespace sterna::sqlite
