#include "diff/order.hpp"

#include <unordered_map>

namespace sterna::detail {
namespace {

enum class State : unsigned char { fresh, open, done };

struct Frame {
  std::size_t node, next = 0;
};

}  // namespace

// Depth first with a stack of its own: chains of views can be longer than the call stack is deep.
std::vector<std::size_t> creation_order(const std::vector<Node>& nodes) {
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& key : nodes[i].keys) by_key[key].push_back(i);
  }
  std::vector<std::vector<std::size_t>> needed(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& need : nodes[i].needs) {
      const auto found = by_key.find(need);
      if (found == by_key.end()) continue;
      for (const std::size_t other : found->second) {
        if (other != i) needed[i].push_back(other);
      }
    }
  }
  std::vector<State> states(nodes.size(), State::fresh);
  std::vector<std::size_t> order;
  order.reserve(nodes.size());
  std::vector<Frame> stack;
  for (std::size_t start = 0; start < nodes.size(); ++start) {
    if (states[start] != State::fresh) continue;
    stack.push_back({start});
    states[start] = State::open;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      if (frame.next == needed[frame.node].size()) {
        states[frame.node] = State::done;
        order.push_back(frame.node);
        stack.pop_back();
        continue;
      }
      const std::size_t other = needed[frame.node][frame.next++];
      if (states[other] != State::fresh) continue;
      states[other] = State::open;
      stack.push_back({other});
    }
  }
  return order;
}

}  // namespace sterna::detail
