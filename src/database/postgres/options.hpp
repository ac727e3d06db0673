// How PostgreSQL's own options of tables, columns, keys and indexes are written. Used by its
// dialect; the inspector fills the same keys (inspect_tables.cpp, inspect_keys.cpp).
#pragma once

#include "database/sql_dialect.hpp"

#include <string>
#include <vector>

namespace sterna::postgres {

/// The clauses and statements that bring the options of a column from `change.was` to `change.to`.
/// `column`: "ALTER COLUMN x ". @throws Error(validation) for what ALTER cannot do.
void change_column_options(Clauses& clauses, const std::string& column, const ModifyColumn& change,
                           const SqlDialect& dialect, const TableScope& scope);

}  // namespace sterna::postgres
