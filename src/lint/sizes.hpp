// How large the tables are, as the database itself estimates: for findings and for the time that a
// plan says. Never counts rows.
#pragma once

#include "model/model.hpp"
#include "sql/classify.hpp"

#include <cstdint>
#include <vector>

namespace sterna {
class Connection;
}

namespace sterna::lint {

struct TableSize {
  ObjectName table;         ///< without a schema: in the connection's default one
  std::int64_t rows = -1;   ///< about so many; negative: not known
  std::int64_t bytes = -1;  ///< on disk, without indexes; negative: not known
};

/// Of the tables of `model`, which was read on this connection. A table that the database knows
/// nothing of is left out.
std::vector<TableSize> sizes_of(Connection& connection, const model::Model& model);

}  // namespace sterna::lint
