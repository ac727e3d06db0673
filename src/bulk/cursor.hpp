// Where a long step stands, and its text in the journal. One line.
#pragma once

#include "bulk/walk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::bulk {

struct Cursor {
  std::optional<Place> at;  ///< last key that is done in this pass
  Place end;                ///< last key of this pass; empty: there was no row
  int pass = 1;
  std::string phase = {}, note = {};  ///< of steps that do more than one thing
  std::int64_t rows = 0, batches = 0;
  std::int64_t left = -1;  ///< what the closing count before this pass found
};

std::string write_cursor(const Cursor& cursor);
/// @throws Error(validation) for a text that is none.
Cursor read_cursor(std::string_view text);

}  // namespace sterna::bulk
