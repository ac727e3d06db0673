// Places of tables and routes of the lines between them: layered from left (what is referred to) to
// right (what refers), components packed side by side. Used by the SVG writer and the designer;
// plain values in and out, knows neither schemas nor drawing.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sterna::diagram {

/// In pixels (or any other unit), y downwards.
struct LayoutPoint {
  double x = 0, y = 0;
  bool operator==(const LayoutPoint&) const = default;
};

struct LayoutNode {
  double width = 0, height = 0;
  std::optional<LayoutPoint> pinned;  ///< top left corner, kept as it is
  std::string group;  ///< what has the same group and no line to others lies together
};

/// A line from the child (the table with the foreign key) to its parent. May be a loop.
struct LayoutEdge {
  std::size_t from = 0, to = 0;                  ///< indexes of nodes
  std::optional<double> from_offset, to_offset;  ///< below the node's top; default its middle
};

struct LayoutOptions {
  double row_gap = 48;     ///< between the nodes of a column
  double column_gap = 72;  ///< between columns, at least
  double track_gap = 8;    ///< between lines side by side
  double block_gap = 80;   ///< between components
  double aspect = 1.6;     ///< width by height that is aimed at
};

struct LayoutResult {
  std::vector<LayoutPoint> positions;            ///< top left corners, by node
  std::vector<std::vector<LayoutPoint>> routes;  ///< by edge, from child to parent, each part
                                                 ///< horizontal or vertical
  LayoutPoint low, high;                         ///< corners of what nodes and routes take
};

/// The same input gives the same result; time grows nearly linearly. Nodes that are not pinned
/// overlap no other node, and without pinned nodes low is (0, 0) and no route passes through a
/// node. With pinned ones the rest finds its place near what it is connected with, and lines to
/// pinned nodes are direct: they may pass behind nodes.
/// @throws Error(validation) for edges whose nodes do not exist and sizes that are no finite,
/// non-negative numbers.
LayoutResult lay_out(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges,
                     const LayoutOptions& options = {});

}  // namespace sterna::diagram
