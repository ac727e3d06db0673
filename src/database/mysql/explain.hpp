// Adds to an error of the server what only further questions tell: the rows that stand in a key's
// way, the foreign keys that need an index, the sessions that hold a lock. Called by the dialect
// alone; reads only, for a few seconds at most, and never hides the first error.
#pragma once

#include <sterna/error.hpp>

namespace sterna {
class Connection;
}

namespace sterna::mysql {

void explain(Error& error, Connection& connection) noexcept;

}  // namespace sterna::mysql
