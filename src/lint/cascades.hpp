// Foreign keys whose ON DELETE changes the rows of their own table, by the table that they refer
// to: what a DELETE there does elsewhere. Followed through the migrations, or taken from a model.
#pragma once

#include "lint/facts.hpp"
#include "model/model.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct Cascade {
  ObjectName table;  ///< the key's own
  std::string key;   ///< its name, where one is known
  std::vector<std::string> columns;
  std::string_view event;  ///< "DELETE"; "UPDATE" of SET NULL and SET DEFAULT
};

class Cascades {
 public:
  explicit Cascades(Language language) : language_(language) {}
  void start_from(const model::Model& model);
  void apply(const StatementFact& fact);
  const std::vector<Cascade>& of(const ObjectName& table) const;

 private:
  void add(const ObjectName& target, Cascade key);
  void add(const ObjectName& table, const ColumnFact& column);
  void add(const ObjectName& table, const ConstraintFact& constraint);
  void alter(const ObjectName& table, const ActionFact& action);
  template <class Wanted>
  void remove(const Wanted& wanted);
  void drop_table(const ObjectName& table);
  void rename_table(const ObjectName& from, const std::string& to);

  Language language_;
  std::map<std::string, std::vector<Cascade>> by_target_;  // by key_of()
};

}  // namespace sterna::lint
