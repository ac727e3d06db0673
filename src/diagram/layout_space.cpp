#include "diagram/layout_space.hpp"

#include <algorithm>
#include <cmath>

namespace sterna::diagram {
namespace {

constexpr double cell = 400;
constexpr double most_cells = 4096;  // of one box

bool overlap(const LayoutBox& a, const LayoutBox& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/// Beyond this a grid cell has no number; such boxes are looked at one by one.
constexpr double farthest = 1e8;

bool is_small(const LayoutBox& box) {
  return (box.width / cell + 2) * (box.height / cell + 2) <= most_cells &&
         std::abs(box.x) < farthest && std::abs(box.y) < farthest;
}

}  // namespace

/// Until `visit` says false.
template <class Visit>
bool OccupiedSpace::visit_cells(const LayoutBox& box, const Visit& visit) {
  const auto number = [](double at) { return static_cast<std::int64_t>(std::floor(at / cell)); };
  for (std::int64_t y = number(box.y); y <= number(box.y + box.height); ++y) {
    for (std::int64_t x = number(box.x); x <= number(box.x + box.width); ++x) {
      if (!visit(y * (std::int64_t{1} << 24) + x)) return false;
    }
  }
  return true;
}

void OccupiedSpace::add(const LayoutBox& box) {
  const std::size_t at = boxes_.size();
  boxes_.push_back(box);
  if (!is_small(box)) {
    large_.push_back(at);
    return;
  }
  visit_cells(box, [&](std::int64_t key) {
    cells_[key].push_back(at);
    return true;
  });
}

bool OccupiedSpace::is_free(const LayoutBox& box) const {
  const auto clear = [&](std::size_t at) { return !overlap(box, boxes_[at]); };
  if (!is_small(box))
    return std::none_of(boxes_.begin(), boxes_.end(),
                        [&](const LayoutBox& other) { return overlap(box, other); });
  if (!std::all_of(large_.begin(), large_.end(), clear)) return false;
  return visit_cells(box, [&](std::int64_t key) {
    const auto found = cells_.find(key);
    return found == cells_.end() || std::all_of(found->second.begin(), found->second.end(), clear);
  });
}

std::optional<LayoutPoint> OccupiedSpace::find_free(LayoutPoint centre, double width, double height,
                                                    double gap) const {
  constexpr int rings = 12;
  constexpr LayoutPoint directions[] = {{1, 0}, {-1, 0}, {0, 1},  {0, -1},
                                        {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
  const double step_x = std::max(width / 2, 160.0) + gap, step_y = std::max(height / 2, 80.0) + gap;
  for (int ring = 1; ring <= rings; ++ring) {
    for (const LayoutPoint& direction : directions) {
      const LayoutPoint corner{std::round(centre.x - width / 2 + direction.x * ring * step_x),
                               std::round(centre.y - height / 2 + direction.y * ring * step_y)};
      if (is_free({corner.x - gap, corner.y - gap, width + 2 * gap, height + 2 * gap}))
        return corner;
    }
  }
  return std::nullopt;
}

}  // namespace sterna::diagram
