// A table on its way to another shape: its text taken apart, where each column's values come from,
// and what lives beside it. Made and written out by rebuild.cpp, changed by rebuild_actions.cpp.
#pragma once

#include "database/sql_dialect.hpp"
#include "database/sqlite/table_text.hpp"

#include <string>
#include <vector>

namespace sterna::sqlite {

/// An index of the table, or any view or trigger of the database.
struct Neighbour {
  std::string type, name, table, sql;
};

/// A column that the new table takes over, as an expression over the old one.
struct CopiedColumn {
  std::string name, expression;
};

struct RebuildPlan {
  TableText before, after;
  std::vector<CopiedColumn> copied;
  std::vector<std::string> dropped;     ///< columns
  std::vector<std::string> never_null;  ///< columns that must hold no NULL, but would take one
  std::string counted;                  ///< the column that numbers the rows, while its key is away
  std::vector<Neighbour> neighbours;
  std::vector<std::string> new_indexes;  ///< CREATE INDEX …
  bool loses_something = false;  ///< a column or a key: what lives beside the table may need it
};

/// NOT NULL becomes a word at key columns that never hold NULL by what the table is: the rowid, and
/// keys of STRICT and WITHOUT ROWID tables (https://www.sqlite.org/lang_createtable.html). Before
/// the key or the table's kind changes, which would let NULLs in.
void spell_out_not_null(RebuildPlan& plan);

/// Does one action of ALTER TABLE on the plan. RenameColumn is not for here: SQLite renames by
/// itself.
/// @throws Error(schema) for a column or constraint that is not there, Error(validation) for what
/// cannot be told apart.
void apply_action(const TableAction& action, RebuildPlan& plan, const SqlDialect& dialect,
                  const TableScope& scope);

/// @throws Error(dependency) that names the index or constraint of several columns that a dropped
/// column belongs to. What is of that column alone has gone with it.
void drop_constraints_of_dropped_columns(RebuildPlan& plan, const TableScope& scope);

}  // namespace sterna::sqlite
