// The walk over a change: CREATE TABLE and ALTER TABLE, column by column and key by key, in the
// words of a dialect. Used by the dialects and by SQLite's rebuild; holds no word that only one
// database speaks.
#pragma once

#include <string>
#include <vector>

#include "database/sql_dialect.hpp"

namespace sterna {

// render_parts.cpp: texts without a closing semicolon.

/// `"slug" varchar(255) NOT NULL DEFAULT 'x'`.
std::string column_definition(const SqlDialect& dialect, const model::Column& column,
                              const TableScope& scope);
/// `CONSTRAINT "posts_slug_unique" UNIQUE ("slug")`, as CREATE TABLE and ALTER TABLE ADD take it.
std::string constraint_text(const SqlDialect& dialect, const model::PrimaryKey& key,
                            const TableScope& scope);
std::string constraint_text(const SqlDialect& dialect, const model::Unique& unique,
                            const TableScope& scope);
std::string constraint_text(const SqlDialect& dialect, const model::ForeignKey& key,
                            const TableScope& scope);
std::string constraint_text(const SqlDialect& dialect, const model::Check& check,
                            const TableScope& scope);
std::string constraint_text(const SqlDialect& dialect, const model::Exclusion& exclusion,
                            const TableScope& scope);
/// `CREATE UNIQUE INDEX …`.
std::string create_index(const SqlDialect& dialect, const AddIndex& change,
                         const TableScope& scope);
/// `UNIQUE INDEX "name" (…)`, for databases whose indexes are clauses.
std::string index_clause(const SqlDialect& dialect, const model::Index& index,
                         const TableScope& scope);
/// The index as which a UNIQUE is written where `unique_is_index`.
model::Index unique_as_index(const SqlDialect& dialect, const model::Unique& unique,
                             const TableScope& scope);

/// The names that keys and indexes without a name get: what the builder resolves names for drops
/// by.
std::string index_name(const SqlDialect& dialect, const model::Index& index,
                       const TableScope& scope);
std::string unique_name(const SqlDialect& dialect, const model::Unique& unique,
                        const TableScope& scope);
std::string foreign_key_name(const SqlDialect& dialect, const model::ForeignKey& key,
                             const TableScope& scope);
std::string exclusion_name(const SqlDialect& dialect, const model::Exclusion& exclusion,
                           const TableScope& scope);

// render_table.cpp

/// CREATE TABLE alone (without the indexes and comments that are statements of their own). Asks all
/// `require`s of the table and its columns.
std::string create_table(const SqlDialect& dialect, const CreateTable& change,
                         const TableScope& scope);

// render.cpp and render_alter.cpp

/// The change with every key and index named: what was given no name has its default name.
AlterTable with_names(const SqlDialect& dialect, AlterTable change, const RenderContext& context);
/// Refuses what the database lacks of what the actions themselves ask for (IF EXISTS, a position,
/// …); their columns and keys are looked at when they are written.
void require_features(const SqlDialect& dialect, const AlterTable& change,
                      const RenderContext& context);
/// Everything: the statements of one change, in order.
Rendered render_change(const SqlDialect& dialect, const Change& change,
                       const RenderContext& context);

}  // namespace sterna
