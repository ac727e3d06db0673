// A column that gets another type or name while programs of both versions run: two migrations for a
// person to review. The first adds the new column beside the old one, keeps both the same by a
// trigger and fills it; the second, once no program uses the old one, takes that away. PostgreSQL.
#pragma once

#include "database/connection.hpp"
#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct ColumnExpansion {
  model::Name table;
  std::string column;
  std::string type;   ///< new type, as SQL; empty: the same
  std::string name;   ///< new name; empty: the same
  std::string value;  ///< the new value over the row's columns; empty: the old one, converted
  std::string back;   ///< the old value, of rows that programs write with the new name; likewise
};

/// "users.age" or "app.users.age". @throws Error(config) otherwise.
ColumnExpansion parse_expansion(std::string_view text);

struct ExpandedColumn {
  std::string expand, contract;    ///< texts of the two migrations
  std::vector<std::string> notes;  ///< what they leave to a person
};

/// `like`: a session of the database that has the column; it is asked what stands on it.
/// @throws Error(validation), naming what to do instead: for a column on which something stands
/// that cannot be carried over to another one (a primary key, foreign keys of other tables, a
/// generated column …), and on databases that change tables in another way.
ExpandedColumn expand_column(const model::Model& schema, const ColumnExpansion& wanted,
                             Connection& like);

}  // namespace sterna
