// The count that ends a backfill: rows that the statement would still change. Written from the
// statement itself, so that it proves the result and not the way to it.
#pragma once

#include "bulk/cursor.hpp"
#include "bulk/shape.hpp"
#include "database/bulk.hpp"

#include <cstdint>
#include <string>

namespace sterna::bulk {

class Closing {
 public:
  Closing(Connection& connection, const BulkWords& words, const Shape& shape, std::string source);

  /// False when the statement does not tell which rows it has done (it counts on, it inserts): then
  /// each row's turn in its range is all there is.
  bool known() const noexcept { return !condition_.empty(); }
  /// True for rows that are left.
  const std::string& condition() const noexcept { return condition_; }
  /// Rows left, after a pass that changed what `cursor` says.
  std::int64_t count(const Cursor& cursor);

 private:
  std::int64_t rows_of(const std::string& condition);
  std::string by_values() const;
  std::string by_condition() const;

  Connection& connection_;
  const BulkWords& words_;
  const Shape& shape_;
  std::string source_, condition_;
};

}  // namespace sterna::bulk
