// Work over many like items on all processors. For work that touches nothing shared; errors are
// kept by the items themselves.
#pragma once

#include <cstddef>
#include <functional>

namespace sterna {

/// Calls `work(begin, end)` for ranges that together make 0 … count, at the same time, and returns
/// when all are done. Fewer than twice `least` items stay on the calling thread. `work` must not
/// throw.
void in_parallel(std::size_t count, std::size_t least,
                 const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace sterna
