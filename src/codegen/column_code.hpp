// A column as calls of TableBuilder, and the pieces that such calls are put together from. Used by
// the code of tables, keys and actions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "codegen/cpp_text.hpp"
#include "codegen/table_code.hpp"

namespace sterna::codegen {

/// `.comment("…")`; `.option("key", "value")`.
std::string call(std::string_view name, const std::string& argument = {});
std::string call(std::string_view name, std::string_view key, std::string_view value);
void add_options(CallChain& chain, const std::map<std::string, std::string>& options,
                 std::string_view method = "option");

/// Everything of a column, on the builder of that name; nothing when the builder would refuse or
/// lose a part of it.
std::optional<CallChain> column_chain(const model::Column& column, const TableContext& context,
                                      std::string_view builder);

}  // namespace sterna::codegen
