// Which parts of the plane are taken: rectangles in a grid of cells, and the search for a free
// place near a point. Used by layout.cpp for what joins pinned nodes.
#pragma once

#include "diagram/layout.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sterna::diagram {

struct LayoutBox {
  double x = 0, y = 0, width = 0, height = 0;
};

class OccupiedSpace {
 public:
  void add(const LayoutBox& box);
  /// The top left corner of a free place of that size, `gap` away from all that is taken, on rings
  /// around `centre`; nothing when the nearest dozen rings are full.
  std::optional<LayoutPoint> find_free(LayoutPoint centre, double width, double height,
                                       double gap) const;

 private:
  bool is_free(const LayoutBox& box) const;
  template <class Visit>
  static bool visit_cells(const LayoutBox& box, const Visit& visit);

  std::vector<LayoutBox> boxes_;
  std::unordered_map<std::int64_t, std::vector<std::size_t>> cells_;
  std::vector<std::size_t> large_;  // too many cells: looked at one by one
};

}  // namespace sterna::diagram
