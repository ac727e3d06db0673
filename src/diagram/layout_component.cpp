// A connected component: layers by the longest chain of references, order by the means of the
// neighbours, layers that are too high broken into columns, tops by isotonic regression. After
// K. Sugiyama et al., "Methods for visual understanding of hierarchical system structures" (1981),
// without nodes for the passages of long lines: those look for gaps (layout_routes.cpp).
#include "diagram/layout_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sterna::diagram {
namespace {

using Lists = std::vector<std::vector<std::size_t>>;

class ComponentLayout {
 public:
  ComponentLayout(const LayoutInput& input, const std::vector<std::size_t>& nodes,
                  std::span<const LocalEdge> edges)
      : input_(input),
        nodes_(nodes),
        edges_(edges),
        parents_(nodes.size()),
        children_(nodes.size()) {}

  LayoutColumns run() {
    find_neighbours();
    find_layers();
    order_layers();
    make_columns();
    place();
    return std::move(result_);
  }

 private:
  const LayoutNode& node(std::size_t local) const { return input_.nodes[nodes_[local]]; }
  std::size_t size() const { return nodes_.size(); }

  /// Parents and children without loops and cycles: an edge that would close one is turned around.
  void find_neighbours() {
    Lists to(size());
    for (const LocalEdge& edge : edges_) {
      if (edge.from != edge.to) to[edge.from].push_back(edge.to);
    }
    for (auto& list : to) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    enum class State : char { fresh, open, done };
    std::vector<State> state(size(), State::fresh);
    std::vector<std::pair<std::size_t, std::size_t>> stack;  // node, next of its parents
    for (std::size_t start = 0; start < size(); ++start) {
      if (state[start] != State::fresh) continue;
      stack.emplace_back(start, 0);
      state[start] = State::open;
      while (!stack.empty()) {
        auto& [at, next] = stack.back();
        if (next == to[at].size()) {
          state[at] = State::done;
          finished_.push_back(at);
          stack.pop_back();
          continue;
        }
        const std::size_t child = at;
        const std::size_t parent = to[at][next++];
        if (state[parent] == State::open) {
          parents_[parent].push_back(child);
          children_[child].push_back(parent);
          continue;
        }
        parents_[child].push_back(parent);
        children_[parent].push_back(child);
        if (state[parent] == State::fresh) {
          state[parent] = State::open;
          stack.emplace_back(parent, 0);
        }
      }
    }
  }

  void find_layers() {
    layer_.assign(size(), 0);
    for (const std::size_t at : topological()) {
      for (const std::size_t parent : parents_[at])
        layer_[at] = std::max(layer_[at], layer_[parent] + 1);
    }
    // Tables that refer to nothing lie beside the first that refers to them.
    for (std::size_t at = 0; at < size(); ++at) {
      if (!parents_[at].empty() || children_[at].empty()) continue;
      std::size_t nearest = layer_[children_[at].front()];
      for (const std::size_t child : children_[at]) nearest = std::min(nearest, layer_[child]);
      layer_[at] = nearest - 1;
    }
    layers_.resize(1 + *std::max_element(layer_.begin(), layer_.end()));
    for (std::size_t at = 0; at < size(); ++at) layers_[layer_[at]].push_back(at);
    std::erase_if(layers_, [](const auto& layer) { return layer.empty(); });
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      for (const std::size_t at : layers_[layer]) layer_[at] = layer;
      std::stable_sort(layers_[layer].begin(), layers_[layer].end(),
                       [&](std::size_t a, std::size_t b) { return node(a).group < node(b).group; });
    }
  }

  std::vector<std::size_t> topological() const {
    std::vector<std::size_t> waiting(size()), order;
    for (std::size_t at = 0; at < size(); ++at) waiting[at] = parents_[at].size();
    for (const std::size_t at : finished_) {
      if (waiting[at] == 0) order.push_back(at);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const std::size_t child : children_[order[i]]) {
        if (--waiting[child] == 0) order.push_back(child);
      }
    }
    return order;
  }

  void order_layers() {
    constexpr int sweeps = 8;
    place_.resize(size());
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) note_places(layer);
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      const bool to_the_right = sweep % 2 == 0;
      for (std::size_t i = 0; i < layers_.size(); ++i) {
        const std::size_t layer = to_the_right ? i : layers_.size() - 1 - i;
        order_layer(layer, to_the_right ? parents_ : children_);
        note_places(layer);
      }
    }
  }

  /// Places run from 0 to 1, so that neighbours in layers of any size compare.
  void note_places(std::size_t layer) {
    const auto& members = layers_[layer];
    for (std::size_t i = 0; i < members.size(); ++i)
      place_[members[i]] = (static_cast<double>(i) + 0.5) / static_cast<double>(members.size());
  }

  void order_layer(std::size_t layer, const Lists& neighbours) {
    std::vector<std::pair<double, std::size_t>> keyed;
    for (const std::size_t at : layers_[layer]) {
      double key = place_[at];
      if (!neighbours[at].empty()) {
        key = 0;
        for (const std::size_t each : neighbours[at]) key += place_[each];
        key /= static_cast<double>(neighbours[at].size());
      }
      keyed.emplace_back(key, at);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < keyed.size(); ++i) layers_[layer][i] = keyed[i].second;
  }

  double taken(std::size_t at) const { return node(at).height + input_.options.row_gap; }

  /// A hub has hundreds of children: one column of them would be higher than anybody can see.
  void make_columns() {
    double area = 0, highest = 0;
    for (std::size_t at = 0; at < size(); ++at) {
      area += taken(at) * (node(at).width + input_.options.column_gap);
      highest = std::max(highest, taken(at));
    }
    const double limit = std::max(highest, std::sqrt(area / input_.options.aspect));
    result_.column_of.resize(size());
    for (const auto& layer : layers_) {
      double total = 0;
      for (const std::size_t at : layer) total += taken(at);
      const double count = total > limit * 1.25 ? std::ceil(total / limit) : 1;
      const double share = total / count;
      double used = share;
      std::size_t made = 0;
      for (const std::size_t at : layer) {
        if (made == 0 || (used >= share && static_cast<double>(made) < count)) {
          result_.columns.emplace_back();
          ++made;
          used = 0;
        }
        used += taken(at);
        result_.column_of[at] = result_.columns.size() - 1;
        result_.columns.back().push_back(at);
      }
    }
  }

  void place() {
    constexpr int sweeps = 4;
    result_.top.assign(size(), 0);
    for (const auto& column : result_.columns) {
      double total = 0;
      for (const std::size_t at : column) total += taken(at);
      double y = -total / 2;
      for (const std::size_t at : column) {
        result_.top[at] = y;
        y += taken(at);
      }
    }
    wishes_.resize(size());
    for (const LocalEdge& edge : edges_) {
      if (edge.from == edge.to) continue;
      wishes_[edge.from].emplace_back(edge.to, edge.to_offset - edge.from_offset);
      wishes_[edge.to].emplace_back(edge.from, edge.from_offset - edge.to_offset);
    }
    for (int sweep = 0; sweep < sweeps; ++sweep) {
      for (std::size_t i = 0; i < result_.columns.size(); ++i)
        place_column(result_.columns[sweep % 2 == 0 ? i : result_.columns.size() - 1 - i]);
    }
  }

  /// Every node as near as possible to where its lines would be straight, the order kept: the least
  /// squares under "not above the one before" are found by pooling adjacent violators.
  void place_column(const std::vector<std::size_t>& column) {
    struct Pool {
      double sum;
      std::size_t count;
      double mean() const { return sum / static_cast<double>(count); }
    };
    std::vector<Pool> pools;
    double offset = 0;
    for (const std::size_t at : column) {
      double wish = result_.top[at];
      if (!wishes_[at].empty()) {
        wish = 0;
        for (const auto& [other, distance] : wishes_[at]) wish += result_.top[other] + distance;
        wish /= static_cast<double>(wishes_[at].size());
      }
      pools.push_back({wish - offset, 1});
      offset += taken(at);
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().count += last.count;
      }
    }
    offset = 0;
    std::size_t next = 0;
    for (const Pool& pool : pools) {
      for (std::size_t i = 0; i < pool.count; ++i, ++next) {
        result_.top[column[next]] = std::round(pool.mean()) + offset;
        offset += taken(column[next]);
      }
    }
  }

  const LayoutInput& input_;
  const std::vector<std::size_t>& nodes_;
  std::span<const LocalEdge> edges_;
  Lists parents_, children_, layers_;
  std::vector<std::size_t> finished_, layer_;
  std::vector<double> place_;
  std::vector<std::vector<std::pair<std::size_t, double>>> wishes_;
  LayoutColumns result_;
};

std::string common_group(const LayoutInput& input, const std::vector<std::size_t>& nodes) {
  const std::string& first = input.nodes[nodes.front()].group;
  const bool same = std::all_of(nodes.begin(), nodes.end(),
                                [&](std::size_t at) { return input.nodes[at].group == first; });
  return same ? first : std::string();
}

}  // namespace

void LayoutBlock::shift(double x, double y) {
  for (LayoutPoint& point : positions) point = {point.x + x, point.y + y};
  for (auto& route : routes) {
    for (LayoutPoint& point : route) point = {point.x + x, point.y + y};
  }
}

LayoutBlock lay_out_component(const LayoutInput& input, std::vector<std::size_t> nodes,
                              std::vector<std::size_t> edges) {
  LayoutBlock block;
  block.nodes = std::move(nodes);
  block.edges = std::move(edges);
  block.group = common_group(input, block.nodes);
  // Nodes are in ascending order: a local number is a place in them.
  const auto local = [&](std::size_t at) {
    const auto found = std::lower_bound(block.nodes.begin(), block.nodes.end(), at);
    return static_cast<std::size_t>(found - block.nodes.begin());
  };
  std::vector<LocalEdge> local_edges;
  for (const std::size_t at : block.edges) {
    const LayoutEdge& edge = input.edges[at];
    const auto offset = [&](const std::optional<double>& given, std::size_t node) {
      const double height = input.nodes[node].height;
      return std::clamp(given.value_or(height / 2), 0.0, height);
    };
    local_edges.push_back({local(edge.from), local(edge.to), offset(edge.from_offset, edge.from),
                           offset(edge.to_offset, edge.to)});
  }
  const LayoutColumns columns = ComponentLayout(input, block.nodes, local_edges).run();
  route_component(input, columns, local_edges, block);
  return block;
}

}  // namespace sterna::diagram
