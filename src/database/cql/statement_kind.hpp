// What a CQL statement is for whoever sends it: may it be sent twice, and do all nodes have to be
// waited for. Used by the connection alone.
#pragma once

#include <string_view>

namespace sterna::cql {

/// `nothing`: comments alone.
enum class StatementKind { read, definition, other, nothing };
/// By its first word; comments before it do not matter.
StatementKind kind_of_statement(std::string_view sql);

}  // namespace sterna::cql
