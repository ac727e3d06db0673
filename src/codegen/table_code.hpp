// A table and the actions on one as calls of TableBuilder. Answers nothing where the builder has no
// word for what the value holds, so that nothing is dropped in silence: the caller then writes SQL.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "change/change.hpp"
#include "database/dialect.hpp"

namespace sterna::codegen {

/// What the calls depend on beside the value itself.
struct TableContext {
  Capabilities capabilities;  ///< default names, and which keys have any
  /// The database's spelling of a type that the builder has no word for; may be null.
  std::function<std::string(const model::Type&)> type_name;
};

/// The body of `[](sterna::TableBuilder& table) {…}`: one call a line, each indented.
std::optional<std::string> table_code(const model::Table& table, const TableContext& context,
                                      int indent);
/// The call of one action inside alter_table.
std::optional<std::string> action_code(const model::Name& table, const TableAction& action,
                                       const TableContext& context, int indent);
/// `{"email", sterna::desc("created_at")}`: the parts of an index.
std::string parts_code(const std::vector<model::IndexPart>& parts);
/// "sterna::Cascade".
std::string_view action_word(model::ReferentialAction action);

}  // namespace sterna::codegen
