#include "diagram/layout.hpp"

#include "diagram/layout_parts.hpp"
#include "diagram/layout_space.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace sterna::diagram {
namespace {

constexpr double stub = 24;

void require_numbers(const LayoutNode& node, std::size_t at) {
  const auto good = [](double size) { return std::isfinite(size) && size >= 0; };
  const bool pin_good =
      !node.pinned || (std::isfinite(node.pinned->x) && std::isfinite(node.pinned->y));
  if (good(node.width) && good(node.height) && pin_good) return;
  throw Error(ErrorKind::validation,
              "node " + std::to_string(at) + " has a size or place that is no number");
}

void check(const LayoutInput& input) {
  for (std::size_t at = 0; at < input.nodes.size(); ++at) require_numbers(input.nodes[at], at);
  for (std::size_t at = 0; at < input.edges.size(); ++at) {
    if (std::max(input.edges[at].from, input.edges[at].to) < input.nodes.size()) continue;
    throw Error(ErrorKind::validation,
                "edge " + std::to_string(at) + " names node " +
                    std::to_string(std::max(input.edges[at].from, input.edges[at].to)) +
                    ", and there are " + std::to_string(input.nodes.size()));
  }
}

/// Components, by the numbers of their lowest nodes. Pinned nodes are in none.
class ComponentFinder {
 public:
  explicit ComponentFinder(const LayoutInput& input) : input_(input), root_(input.nodes.size()) {
    std::iota(root_.begin(), root_.end(), std::size_t{0});
    for (const LayoutEdge& edge : input.edges) {
      if (is_free(edge)) join(edge.from, edge.to);
    }
  }

  std::vector<LayoutBlock> blocks() {
    std::map<std::size_t, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> parts;
    for (std::size_t at = 0; at < input_.nodes.size(); ++at) {
      if (!input_.nodes[at].pinned) parts[find(at)].first.push_back(at);
    }
    for (std::size_t at = 0; at < input_.edges.size(); ++at) {
      if (is_free(input_.edges[at])) parts[find(input_.edges[at].from)].second.push_back(at);
    }
    std::vector<LayoutBlock> blocks;
    for (auto& [root, part] : parts)
      blocks.push_back(lay_out_component(input_, std::move(part.first), std::move(part.second)));
    return blocks;
  }

 private:
  bool is_free(const LayoutEdge& edge) const {
    return !input_.nodes[edge.from].pinned && !input_.nodes[edge.to].pinned;
  }
  std::size_t find(std::size_t at) {
    while (root_[at] != at) at = root_[at] = root_[root_[at]];
    return at;
  }
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    root_[std::max(a, b)] = std::min(a, b);
  }

  const LayoutInput& input_;
  std::vector<std::size_t> root_;
};

class Layouter {
 public:
  explicit Layouter(const LayoutInput& input) : input_(input) {
    result_.positions.resize(input.nodes.size());
    result_.routes.resize(input.edges.size());
  }

  LayoutResult run() {
    bool pinned = false;
    for (std::size_t at = 0; at < input_.nodes.size(); ++at) {
      if (!input_.nodes[at].pinned) continue;
      result_.positions[at] = *input_.nodes[at].pinned;
      pinned = true;
    }
    blocks_ = ComponentFinder(input_).blocks();
    if (pinned) place_near_pinned();
    pack_rest();
    for (std::size_t at = 0; at < input_.edges.size(); ++at) {
      if (result_.routes[at].empty()) result_.routes[at] = direct(input_.edges[at]);
    }
    find_bounds();
    return std::move(result_);
  }

 private:
  /// Copies a block to its place.
  void settle(LayoutBlock& block, LayoutPoint at) {
    block.shift(at.x, at.y);
    for (std::size_t i = 0; i < block.nodes.size(); ++i)
      result_.positions[block.nodes[i]] = block.positions[i];
    for (std::size_t i = 0; i < block.edges.size(); ++i)
      result_.routes[block.edges[i]] = std::move(block.routes[i]);
  }

  /// The mean place of the pinned nodes that a block has lines to, by block; the rest is left out.
  std::map<std::size_t, LayoutPoint> wishes() const {
    std::vector<std::size_t> block_of(input_.nodes.size(), blocks_.size());
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      for (const std::size_t at : blocks_[b].nodes) block_of[at] = b;
    }
    std::map<std::size_t, std::pair<LayoutPoint, double>> sums;
    const auto add = [&](std::size_t free, std::size_t pinned) {
      if (input_.nodes[free].pinned || !input_.nodes[pinned].pinned) return;
      auto& [sum, count] = sums[block_of[free]];
      const LayoutNode& node = input_.nodes[pinned];
      sum.x += node.pinned->x + node.width / 2;
      sum.y += node.pinned->y + node.height / 2;
      count += 1;
    };
    for (const LayoutEdge& edge : input_.edges) {
      add(edge.from, edge.to);
      add(edge.to, edge.from);
    }
    std::map<std::size_t, LayoutPoint> result;
    for (const auto& [block, sum] : sums)
      result[block] = {sum.first.x / sum.second, sum.first.y / sum.second};
    return result;
  }

  void place_near_pinned() {
    OccupiedSpace space;
    double bottom = -std::numeric_limits<double>::infinity();
    double left = -bottom;
    for (const LayoutNode& node : input_.nodes) {
      if (!node.pinned) continue;
      space.add({node.pinned->x, node.pinned->y, node.width, node.height});
      left = std::min(left, node.pinned->x);
      bottom = std::max(bottom, node.pinned->y + node.height);
    }
    std::vector<bool> placed(blocks_.size());
    for (const auto& [at, wish] : wishes()) {
      LayoutBlock& block = blocks_[at];
      const auto place = space.find_free(wish, block.width, block.height, input_.options.row_gap);
      if (!place) continue;
      space.add({place->x, place->y, block.width, block.height});
      bottom = std::max(bottom, place->y + block.height);
      settle(block, *place);
      placed[at] = true;
    }
    std::vector<LayoutBlock> rest;
    for (std::size_t at = 0; at < blocks_.size(); ++at) {
      if (!placed[at]) rest.push_back(std::move(blocks_[at]));
    }
    blocks_ = std::move(rest);
    origin_ = {left, bottom + input_.options.block_gap};
  }

  /// Blocks of a group side by side, then the groups.
  void pack_rest() {
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t b = 0; b < blocks_.size(); ++b) groups[blocks_[b].group].push_back(b);
    std::vector<std::pair<double, double>> sizes;
    std::vector<Packed> packed;
    for (const auto& [group, members] : groups) {
      packed.push_back(pack_group(members));
      sizes.emplace_back(packed.back().width, packed.back().height);
    }
    const Packed all = pack(sizes, input_.options.block_gap, input_.options.aspect);
    std::size_t number = 0;
    for (const auto& [group, members] : groups) {
      const LayoutPoint corner = all.positions[number];
      for (std::size_t i = 0; i < members.size(); ++i) {
        const LayoutPoint inside = packed[number].positions[i];
        settle(blocks_[members[i]],
               {origin_.x + corner.x + inside.x, origin_.y + corner.y + inside.y});
      }
      ++number;
    }
  }

  /// Components first, then the nodes that are alone, closer together.
  Packed pack_group(const std::vector<std::size_t>& members) const {
    std::vector<std::pair<double, double>> sizes, lone;
    for (const std::size_t b : members) {
      auto& list = blocks_[b].nodes.size() == 1 ? lone : sizes;
      list.emplace_back(blocks_[b].width, blocks_[b].height);
    }
    const Packed singles = pack(lone, input_.options.row_gap, input_.options.aspect);
    if (!lone.empty()) sizes.emplace_back(singles.width, singles.height);
    Packed result = pack(sizes, input_.options.block_gap, input_.options.aspect);
    std::vector<LayoutPoint> positions;
    std::size_t next = 0, next_lone = 0;
    for (const std::size_t b : members) {
      if (blocks_[b].nodes.size() > 1) {
        positions.push_back(result.positions[next++]);
        continue;
      }
      const LayoutPoint corner = result.positions.back();
      const LayoutPoint inside = singles.positions[next_lone++];
      positions.push_back({corner.x + inside.x, corner.y + inside.y});
    }
    result.positions = std::move(positions);
    return result;
  }

  /// Sideways, up or down half way, sideways.
  std::vector<LayoutPoint> direct(const LayoutEdge& edge) const {
    const LayoutNode& from = input_.nodes[edge.from];
    const LayoutNode& to = input_.nodes[edge.to];
    const LayoutPoint a = result_.positions[edge.from], b = result_.positions[edge.to];
    double y1 = a.y + std::clamp(edge.from_offset.value_or(from.height / 2), 0.0, from.height);
    const double y2 = b.y + std::clamp(edge.to_offset.value_or(to.height / 2), 0.0, to.height);
    if (edge.from == edge.to && y1 == y2) y1 = y1 > a.y + from.height / 2 ? a.y : a.y + from.height;
    const double right = a.x + from.width, other_right = b.x + to.width;
    double x1 = right, x2 = other_right, middle = std::max(right, other_right) + stub;
    if (a.x >= other_right + 2 * stub) {
      x1 = a.x;
      middle = (a.x + other_right) / 2;
    } else if (b.x >= right + 2 * stub) {
      x2 = b.x;
      middle = (b.x + right) / 2;
    }
    if (y1 == y2) return {{x1, y1}, {x2, y2}};
    return {{x1, y1}, {middle, y1}, {middle, y2}, {x2, y2}};
  }

  void find_bounds() {
    bool any = false;
    const auto add = [&](double x, double y) {
      if (!any) result_.low = result_.high = {x, y};
      any = true;
      result_.low = {std::min(result_.low.x, x), std::min(result_.low.y, y)};
      result_.high = {std::max(result_.high.x, x), std::max(result_.high.y, y)};
    };
    for (std::size_t at = 0; at < input_.nodes.size(); ++at) {
      const LayoutPoint corner = result_.positions[at];
      add(corner.x, corner.y);
      add(corner.x + input_.nodes[at].width, corner.y + input_.nodes[at].height);
    }
    for (const auto& route : result_.routes) {
      for (const LayoutPoint& point : route) add(point.x, point.y);
    }
  }

  const LayoutInput& input_;
  LayoutResult result_;
  std::vector<LayoutBlock> blocks_;
  LayoutPoint origin_;
};

/// Boxes in that order, a new shelf where one would be wider than the limit.
Packed pack_on_shelves(std::span<const std::pair<double, double>> boxes,
                       std::span<const std::size_t> order, double gap, double limit) {
  Packed result;
  result.positions.resize(boxes.size());
  double x = 0, y = 0, shelf = 0;
  for (const std::size_t at : order) {
    const auto& [width, height] = boxes[at];
    if (x > 0 && x + width > limit) {
      y += shelf + gap;
      x = shelf = 0;
    }
    result.positions[at] = {x, y};
    result.width = std::max(result.width, x + width);
    result.height = std::max(result.height, y + height);
    shelf = std::max(shelf, height);
    x += width + gap;
  }
  return result;
}

}  // namespace

Packed pack(std::span<const std::pair<double, double>> boxes, double gap, double aspect) {
  std::vector<std::size_t> order(boxes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return boxes[a].second > boxes[b].second; });
  double area = 0, widest = 0;
  for (const auto& [width, height] : boxes) {
    area += (width + gap) * (height + gap);
    widest = std::max(widest, width);
  }
  // Shelves of that width would fit if they were full. They never are: what fits best is kept.
  const auto badness = [&](const Packed& packed) {
    return std::max(packed.width, packed.height * aspect);
  };
  Packed best;
  for (const double spare : {1.0, 1.25, 1.6, 2.0}) {
    Packed packed =
        pack_on_shelves(boxes, order, gap, std::max(widest, std::sqrt(area * aspect) * spare));
    if (best.positions.empty() || badness(packed) < badness(best)) best = std::move(packed);
  }
  return best;
}

LayoutResult lay_out(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges,
                     const LayoutOptions& options) {
  const LayoutInput input{nodes, edges, options};
  check(input);
  return Layouter(input).run();
}

}  // namespace sterna::diagram
