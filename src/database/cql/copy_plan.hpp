// What is read and written for each row of a copy: found out once, from the columns of both tables.
// Used by the copy alone; reads system_schema and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database/cql/copy.hpp"
#include "model/model.hpp"

namespace sterna::cql {

class CqlConnection;

/// A column of the new table, with the cells that the SELECT over the old one gives for it.
struct CopyColumn {
  std::string name;
  enum class Role {
    partition,
    clustering,
    shared,   ///< static: once a partition
    plain,    ///< one value, or one whose cells are written together
    list,     ///< written at a time of its own: a list that is written twice would be there twice
    elements  ///< a set or map of which each element's times are known
  } role = Role::plain;
  std::size_t cell = 0;  ///< of the value
  /// Of WRITETIME, with TTL behind it; nothing where the server tells none.
  std::optional<std::size_t> times;
  bool times_of_elements = false;  ///< WRITETIME and TTL are lists
  bool pairs = false;              ///< a map
};

struct CopyPlan {
  model::Name from, to;
  std::string id;  ///< of this copy between these two tables, as long as neither is made anew
  std::vector<CopyColumn> columns;
  /// The row's token, then the columns, then times; bounds of tokens are its two values.
  std::string select;
  /// The token and the columns alone, of both tables, to compare them.
  std::string select_old, select_new;
  std::string insert;                     ///< keys, plain columns and lists; time, TTL
  std::string update;                     ///< time, TTL; plain columns and lists; keys
  std::string update_shared;              ///< time, TTL; static columns; partition key
  std::vector<std::string> add_elements;  ///< by column: time, TTL; elements; keys
  bool same_partitions = false;           ///< a row has the same token in both
  bool clusters = false;                  ///< the new table has a clustering key
};

/// @throws Error(schema) for a table that is not there; Error(validation) for columns that have no
/// place or cannot be converted, counters, and static columns that would have to be made.
CopyPlan plan_copy(CqlConnection& connection, const CopyRequest& request);

}  // namespace sterna::cql
