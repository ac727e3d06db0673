// The order in which things can be created: each after what it needs. Used by diff alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sterna::detail {

struct Node {
  std::vector<std::string> keys;   ///< what it is called by others
  std::vector<std::string> needs;  ///< keys of others; unknown ones are passed over
};

/// Positions in `nodes` such that each comes after all it needs, otherwise as they stand. What
/// needs each other in a circle comes as it stands. Linear in nodes and edges.
std::vector<std::size_t> creation_order(const std::vector<Node>& nodes);

}  // namespace sterna::detail
