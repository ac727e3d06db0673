// Routines and triggers as they stand before a statement: made by the migrations before it, or
// there in the database. Says what a statement calls and what it fires. Their definitions are read
// no earlier than a statement asks for them.
#pragma once

#include "lint/cascades.hpp"
#include "lint/stored_program.hpp"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct Call {
  const StoredProgram* routine = nullptr;
  std::vector<Tokens> arguments;  ///< of the statement that was asked about
};

struct Firing {
  const StoredProgram* trigger = nullptr;
  std::string_view event;  ///< "INSERT", "UPDATE", "DELETE", "TRUNCATE"
  bool each_row = false;
  std::string by_key;  ///< "posts to users": the foreign key that does it to the trigger's table
};

class StoredPrograms {
 public:
  explicit StoredPrograms(Language language) : language_(language) {}

  /// `model` must stay.
  void start_from(const model::Model& model);
  /// Follows one statement of a migration.
  void apply(const StatementFact& fact, const std::string& migration);

  /// The routines that a statement calls by name.
  std::vector<Call> called_by(const StatementFact& fact) const;
  /// The triggers that a statement fires: those that are on, for what it does, and for a column
  /// that it names; those of tables whose foreign keys follow it, too.
  std::vector<Firing> fired_by(const StatementFact& fact) const;
  /// The function that a trigger of PostgreSQL calls; null when it is not known.
  const StoredProgram* function_of(const StoredProgram& trigger) const;

 private:
  using Program = std::shared_ptr<const StoredProgram>;

  void create(const StatementFact& fact, const std::string& migration);
  void drop(const StatementFact& fact);
  void alter(const StatementFact& fact);
  void rename_table(const ObjectName& from, const std::string& to);
  void switch_trigger(const ObjectName& table, const ActionFact& action);
  const std::vector<Program>& on(const ObjectName& table) const;
  bool is_on(const StoredProgram& trigger) const;
  void fire_by_keys(const ObjectName& deleted_from, std::vector<Firing>& firings) const;
  const std::vector<Program>* named(std::string_view name) const;

  Language language_;
  /// MySQL manual, "Trigger Restrictions": what foreign keys do there activates no trigger.
  bool keys_fire_ = language_ == Language::postgres || language_ == Language::sqlite;
  std::map<std::string, std::vector<Program>, std::less<>> routines_;  ///< by name, lower case
  std::map<std::string, std::vector<Program>, std::less<>> triggers_;  ///< by key_of() their table
  Cascades cascades_{language_};
  std::set<std::string> off_;  ///< "table trigger" of those that are switched off
  bool replica_ = false;       ///< session_replication_role: none fires
};

}  // namespace sterna::lint
