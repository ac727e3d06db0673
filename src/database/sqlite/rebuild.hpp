// Whatever SQLite's ALTER TABLE cannot do: a new table, the rows copied, the old one dropped, the
// new one renamed (https://www.sqlite.org/lang_altertable.html#otheralter). Called by
// SqliteDialect::render alone. Never touches the rows of other tables: that is what
// `needs_foreign_keys_off` is for.
#pragma once

#include "database/dialect.hpp"

namespace sterna::sqlite {

/// Statements that do all actions of `change`, in order, by one rebuild of the table. Indexes,
/// triggers and views of the table are recreated, the AUTOINCREMENT sequence is kept;
/// `needs_foreign_keys_off` is set.
///
/// How this dialect writes things stands in database/render.hpp (`column_definition`,
/// `create_table`, …), to be used with `sqlite::sql_dialect()` of sqlite/dialect.hpp. A UNIQUE of
/// the model is written as a unique index (an index can be added and dropped without a rebuild), so
/// AddUnique and DropConstraint(unique) are index actions unless the live table has the constraint
/// in its own text.
/// @throws Error(validation) when `context.connection` is null and the table is not known, or an
/// action names a column or constraint that the table does not have.
Rendered rebuild(const AlterTable& change, const RenderContext& context);

}  // namespace sterna::sqlite
