// One routine or trigger: its definition, read when it is first asked for. Used by
// stored_programs and running.
#pragma once

#include "lint/facts.hpp"
#include "lint/token_list.hpp"
#include "model/model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// A routine, or a trigger.
class StoredProgram {
 public:
  /// One that a migration makes.
  StoredProgram(const StatementFact& definition, std::string migration, Language language);
  /// One of the database; `object` must stay.
  StoredProgram(const model::Object& object, Language language);
  StoredProgram(const StoredProgram&) = delete;
  StoredProgram& operator=(const StoredProgram&) = delete;
  /// The same under another name, or on another table.
  std::shared_ptr<const StoredProgram> renamed(ObjectName new_name, ObjectName new_table) const;

  ObjectName name;
  ObjectName table;     ///< of a trigger
  std::string kind;     ///< "function", "procedure", "trigger"
  std::string made_by;  ///< the id of the migration; empty: it was there before

  /// Its definition, with the position of where it stands.
  const StatementFact& fact() const;
  /// The names of its parameters; an empty one has none. Of a function, not those for results.
  const std::vector<std::string>& parameters() const;
  bool takes(std::size_t arguments) const;

 private:
  StoredProgram(const StoredProgram& other, ObjectName new_name, ObjectName new_table);
  void read_parameters() const;

  Language language_;
  const model::Object* object_ = nullptr;
  mutable Statement statement_;
  mutable std::optional<StatementFact> fact_;
  mutable std::optional<std::vector<std::string>> parameters_;
  mutable std::size_t needed_ = 0;
  mutable bool variadic_ = false;
};

/// What fires a trigger, as its definition says.
struct TriggerEvents {
  std::vector<std::string_view> events;  ///< "INSERT", "UPDATE", "DELETE", "TRUNCATE"
  std::vector<std::string> columns;      ///< UPDATE OF
  bool each_row = false;

  bool has(std::string_view event) const;
  /// For this event of a statement; for UPDATE OF, when it names one of the columns.
  bool meet(std::string_view event, const StatementFact& statement) const;
  /// For this event, which changes these columns.
  bool meet(std::string_view event, const std::vector<std::string>& changed) const;
};
TriggerEvents events_of_trigger(const StatementFact& definition, Language language);
/// What a statement does to rows, in those words.
std::vector<std::string_view> events_of_statement(const StatementFact& fact, Language language);

/// A name without a schema may mean one in any.
bool may_be(const ObjectName& a, const ObjectName& b);

}  // namespace sterna::lint
