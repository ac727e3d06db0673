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
  std::string type;  ///< new type, as SQL; empty: the same
  std::string name;  ///< new name; empty: the same
  std::string
      value;  ///< the new value as an expression over the row; empty: the old one, converted
};

/// "users.age" or "app.users.age". @throws Error(config) otherwise.
ColumnExpansion parse_expansion(std::string_view text);

struct ExpandedColumn {
  std::string expand, contract;    ///< texts of the two migrations
  std::vector<std::string> notes;  ///< what they leave to a person
};

/// @throws Error(validation), naming what to do instead: for a column that is part of a key, is
/// generated or counts by itself, and on databases that change tables in another way.
ExpandedColumn expand_column(const model::Model& schema, const ColumnExpansion& wanted,
                             Connection& like);

}  // namespace sterna
