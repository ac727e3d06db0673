// The parts of the layout: one connected component (layers, order, places), its lines, and packing.
// Used by layout*.cpp alone.
#pragma once

#include "diagram/layout.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sterna::diagram {

struct LayoutInput {
  std::span<const LayoutNode> nodes;
  std::span<const LayoutEdge> edges;
  const LayoutOptions& options;
};

/// Nodes that keep their places towards each other. Its corner is (0, 0) until it is placed.
struct LayoutBlock {
  std::vector<std::size_t> nodes, edges;
  std::vector<LayoutPoint> positions;            ///< by place in `nodes`
  std::vector<std::vector<LayoutPoint>> routes;  ///< by place in `edges`
  double width = 0, height = 0;
  std::string group;  ///< of all its nodes; empty when they differ
  void shift(double x, double y);
};

/// The columns of a component: local node numbers from top to bottom, with their tops.
struct LayoutColumns {
  std::vector<std::vector<std::size_t>> columns;
  std::vector<std::size_t> column_of;  ///< by local node
  std::vector<double> top;             ///< by local node
};

/// An edge of a component, by local node numbers.
struct LocalEdge {
  std::size_t from, to;
  double from_offset, to_offset;
};

/// `edges` are those among `nodes`.
LayoutBlock lay_out_component(const LayoutInput& input, std::vector<std::size_t> nodes,
                              std::vector<std::size_t> edges);
/// Fills positions, routes and size of the block.
void route_component(const LayoutInput& input, const LayoutColumns& columns,
                     std::span<const LocalEdge> edges, LayoutBlock& block);

struct Packed {
  std::vector<LayoutPoint> positions;  ///< by item
  double width = 0, height = 0;
};
/// Boxes (width, height) on shelves, the highest first.
Packed pack(std::span<const std::pair<double, double>> boxes, double gap, double aspect);

}  // namespace sterna::diagram
