// What a list of changes has told about the schema so far: the tables it created and the columns,
// keys and indexes it added. Used by invert, so that a later drop or change of them can be undone.
#pragma once

#include <map>

#include "change/change.hpp"

namespace sterna::detail {

class Known {
 public:
  Known() = default;
  /// What the schema held before the list.
  explicit Known(const model::Model& before);
  /// The change with its `was` filled in where this list told it.
  Change completed(Change change) const;
  /// Remembers what the change does.
  void apply(const Change& change);

 private:
  struct Entry {
    model::Table table;
    bool complete = false;  ///< the list created the whole table
    std::optional<std::string> comment;
  };
  std::map<model::Name, Entry> tables_;
  std::map<std::pair<std::string, model::Name>, model::Object> objects_;
  std::map<model::Name, model::UserType> types_;

  static void complete_action(TableAction& action, const Entry& entry);
  static void apply_action(const TableAction& action, Entry& entry);
};

}  // namespace sterna::detail
