// The enum types that stand behind columns of TypeKind::enumeration: each such column has a type of
// its own, called table_column unless it was named, which is created before the column and dropped
// after it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "database/sql_dialect.hpp"

namespace sterna::postgres {

/// The type of the enumeration column `column`.
model::Name enum_type(const model::Column& column, const TableScope& scope);
std::string create_enum_type(const SqlDialect& dialect, const model::Name& name,
                             const std::vector<std::string>& values);
/// Whether other columns may have the type too, which was given a name.
bool is_shared(const model::Column& column);
/// Creates the type unless it is there with these values; fails where it has others.
std::string create_missing_enum_type(const SqlDialect& dialect, const model::Name& name,
                                     const model::Column& column);
/// The enum types that the live columns of the table own, by the default name; one of them when
/// `column` is not empty. Nothing without a connection.
std::vector<model::Name> live_enum_types(const SqlDialect& dialect, const TableScope& scope,
                                         std::string_view column);

}  // namespace sterna::postgres
