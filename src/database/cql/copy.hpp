// COPY ROWS FROM a TO b [WITHOUT (column, …)]: Sterna's own statement for what CQL has none for.
// Copies all rows of one table into another of another shape, in ranges of tokens, several at once;
// goes on where an interrupted run ended, and compares both tables at the end. docs/cql.md says
// what is kept of a row. Used by the connection, which meets it among the statements it is given.
#pragma once

#include "model/model.hpp"
#include "sql/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::cql {

class CqlConnection;

struct CopyRequest {
  model::Name from, to;
  std::vector<std::string> without;  ///< columns of `from` whose values are left behind
};

bool is_copy(std::string_view sql);
/// @throws Error(syntax) when it is not written as it should be.
CopyRequest read_copy(const Statement& statement);
std::string copy_text(const CopyRequest& request);

/// The number of rows copied, by this run and by those before it. Under the lock its progress is
/// kept in Sterna's own table. @throws Error(validation) for tables that do not fit, Error(data)
/// naming the row whose values do not, or the ranges that differ at the end; nothing of `from` is
/// ever changed.
std::int64_t copy_rows(CqlConnection& connection, const Statement& statement);

}  // namespace sterna::cql
