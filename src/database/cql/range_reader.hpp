// Reads the rows of one range of tokens page by page, as the bytes that came. Used by walks and
// copies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database/cql/client.hpp"
#include "database/cql/ranges.hpp"
#include "sql/statement.hpp"

namespace sterna::cql {

using Cell = std::optional<std::string_view>;
/// Calls `visit` with the cells of each row, which are of the result.
template <class Visit>
void each_cells(const RowsResult& result, Visit visit) {
  ByteReader reader(result.cells);
  std::vector<Cell> cells(result.columns.size());
  for (std::size_t i = 0; i < result.row_count; ++i) {
    for (Cell& cell : cells) cell = reader.bytes();
    visit(cells);
  }
}
/// The number in a cell of a bigint or int. @throws as malformed().
std::int64_t number_in(const Cell& cell);

class RangeReader {
 public:
  /// `select`: its last two values are the bounds of a range.
  RangeReader(const Statement& select, Consistency consistency)
      : select_(select), consistency_(consistency) {}

  /// Asks for a page without waiting. @throws the server's error.
  std::int16_t ask(Client& client, const TokenRange& range, const std::string& paging_state,
                   std::int32_t page_size, Deadline deadline) const;
  /// The page in an answer. @throws the server's error.
  RowsResult page(Response&& response) const;
  /// Both.
  RowsResult read(Client& client, const TokenRange& range, const std::string& paging_state,
                  std::int32_t page_size, Deadline deadline) const;

 private:
  Statement select_;
  Consistency consistency_;
};

/// Pages of about a megabyte, whatever the rows are.
std::int32_t next_page_size(std::int32_t size, const RowsResult& page);

}  // namespace sterna::cql
