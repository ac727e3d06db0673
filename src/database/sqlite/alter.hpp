// Which changes of a table SQLite's ALTER TABLE can do by itself, and which need a rebuild. Used by
// SqliteDialect alone; only reads the live schema.
#pragma once

#include "database/sql_dialect.hpp"

namespace sterna::sqlite {

/// True when any action of `change` is beyond ALTER TABLE
/// (https://www.sqlite.org/lang_altertable.html). Without a connection what depends on the live
/// table counts as simple.
bool needs_rebuild(const SqlDialect& dialect, const AlterTable& change,
                   const RenderContext& context);

/// The CREATE INDEX of an index as the live schema has it, under another name.
/// @throws Error(validation) without a connection, Error(schema) when there is no such index.
std::string create_renamed_index(const SqlDialect& dialect, const RenameIndex& change,
                                 const TableScope& scope);

}  // namespace sterna::sqlite
