// The lines of a component. A line leaves its child sideways into the channel beside its column,
// goes up or down there, and passes through the columns between by the gaps of their nodes; so no
// line ever crosses a node. Lines to the same place of one parent are bundled: they share tracks.
#include "diagram/layout_parts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace sterna::diagram {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t most_tracks = 40;    // of a channel: further lines share them
constexpr std::size_t longest_way = 32;    // columns; longer lines go above everything
constexpr std::size_t most_passages = 64;  // of a gap that are kept apart
constexpr double stub = 24;                // room for the ends of lines beside a node

/// A part of a line that runs up or down a channel. Channel k lies to the left of column k; no line
/// needs the one before the first column.
struct Hop {
  std::size_t channel;
  double from, to;
};

struct Line {
  std::vector<Hop> hops;
  double start = 0, end = 0;
  bool leaves_left = false, arrives_right = false;
  std::size_t bundle = 0;
};

class ComponentRouter {
 public:
  ComponentRouter(const LayoutInput& input, const LayoutColumns& columns,
                  std::span<const LocalEdge> edges, LayoutBlock& block)
      : input_(input), columns_(columns), edges_(edges), block_(block), lines_(edges.size()) {}

  void run() {
    find_bundles();
    passages_.resize(columns_.columns.size());
    for (std::size_t c = 0; c < passages_.size(); ++c)
      passages_[c].resize(columns_.columns[c].size() + 1);
    for (std::size_t at = 0; at < columns_.top.size(); ++at)
      highest_ = std::min(highest_, columns_.top[at]);
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      if (columns_between(e) <= longest_way) route(e);
    }
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      if (columns_between(e) > longest_way) route_above(e);
    }
    assign_tracks();
    set_columns();
    write();
  }

 private:
  const LayoutOptions& options() const { return input_.options; }
  double height(std::size_t local) const { return input_.nodes[block_.nodes[local]].height; }
  double width(std::size_t local) const { return input_.nodes[block_.nodes[local]].width; }
  std::size_t column(std::size_t local) const { return columns_.column_of[local]; }
  std::size_t columns_between(std::size_t e) const {
    const std::size_t from = column(edges_[e].from), to = column(edges_[e].to);
    return from > to ? from - to : to - from;
  }

  void find_bundles() {
    std::map<std::pair<std::size_t, double>, std::size_t> bundles;
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      const auto key = std::pair{edges_[e].to, edges_[e].to_offset};
      lines_[e].bundle = bundles.emplace(key, bundles.size()).first->second;
    }
  }

  /// Where the line begins and ends, and on which sides.
  void begin(std::size_t e) {
    const LocalEdge& edge = edges_[e];
    Line& line = lines_[e];
    line.start = columns_.top[edge.from] + edge.from_offset;
    line.end = columns_.top[edge.to] + edge.to_offset;
    line.leaves_left = column(edge.from) > column(edge.to);
    line.arrives_right = column(edge.from) >= column(edge.to);
    if (edge.from == edge.to && std::abs(line.start - line.end) < options().track_gap) {
      const double half = std::min(height(edge.from) / 4, 2 * options().track_gap);
      line.start = std::max(line.start - half, columns_.top[edge.from]);
      line.end = line.start + 2 * half;
    }
  }

  void route(std::size_t e) {
    begin(e);
    Line& line = lines_[e];
    const std::size_t from = column(edges_[e].from), to = column(edges_[e].to);
    double y = line.start;
    if (from > to) {
      for (std::size_t c = from; --c > to;) {
        const double next = pass(c, line);
        line.hops.push_back({c + 1, y, next});
        y = next;
      }
      line.hops.push_back({to + 1, y, line.end});
    } else {
      for (std::size_t c = from + 1; c < to; ++c) {
        const double next = pass(c, line);
        line.hops.push_back({c, y, next});
        y = next;
      }
      line.hops.push_back({from == to ? from + 1 : to, y, line.end});
    }
  }

  void route_above(std::size_t e) {
    begin(e);
    Line& line = lines_[e];
    const auto place = above_.emplace(line.bundle, above_.size()).first->second;
    const double y = highest_ - stub - static_cast<double>(place) * options().track_gap;
    const std::size_t from = column(edges_[e].from), to = column(edges_[e].to);
    line.hops.push_back({line.leaves_left ? from : from + 1, line.start, y});
    line.hops.push_back({line.arrives_right ? to + 1 : to, y, line.end});
  }

  /// Where a line crosses a column: in the gap nearest to the line's end, on a track that no other
  /// bundle has there.
  double pass(std::size_t c, const Line& line) {
    const auto& nodes = columns_.columns[c];
    const double wish = line.end;
    // The first node whose lower end is below the wish: the gap is before or after it.
    const auto found = std::partition_point(nodes.begin(), nodes.end(), [&](std::size_t at) {
      return columns_.top[at] + height(at) < wish;
    });
    auto gap = static_cast<std::size_t>(found - nodes.begin());
    if (found != nodes.end()) {
      const double middle = columns_.top[*found] + height(*found) / 2;
      if (wish > middle) ++gap;
    }
    const double margin = std::min(options().track_gap, options().row_gap / 4);
    const double low =
        gap == 0 ? -infinite : columns_.top[nodes[gap - 1]] + height(nodes[gap - 1]) + margin;
    const double high = gap == nodes.size() ? infinite : columns_.top[nodes[gap]] - margin;
    const double y = free_passage(passages_[c][gap], std::clamp(wish, low, high), low, high, line);
    highest_ = std::min(highest_, y);
    return y;
  }

  using Passages = std::vector<std::pair<std::size_t, double>>;  // bundle, y

  double free_passage(Passages& taken, double wish, double low, double high,
                      const Line& line) const {
    for (const auto& [bundle, y] : taken) {
      if (bundle == line.bundle) return y;
    }
    if (taken.size() >= most_passages) return wish;
    const double step = options().track_gap;
    const auto is_free = [&](double y) {
      return y >= low && y <= high && std::none_of(taken.begin(), taken.end(), [&](const auto& t) {
               return std::abs(t.second - y) < step;
             });
    };
    double y = wish;
    for (std::size_t i = 0; i <= taken.size() + 1; ++i) {
      const double away = static_cast<double>(i) * step;
      if (is_free(wish - away)) {
        y = wish - away;
        break;
      }
      if (is_free(wish + away)) {
        y = wish + away;
        break;
      }
    }
    taken.emplace_back(line.bundle, y);
    return y;
  }

  /// Tracks of every channel: intervals of one bundle are one, and share a track with what begins
  /// after their end.
  void assign_tracks() {
    struct Interval {
      std::size_t bundle;
      double low, high;
    };
    const std::size_t channels = columns_.columns.size() + 1;
    std::vector<std::map<std::size_t, Interval>> wanted(channels);
    for (const Line& line : lines_) {
      for (const Hop& hop : line.hops) {
        const auto [low, high] = std::minmax(hop.from, hop.to);
        Interval& interval = wanted[hop.channel]
                                 .try_emplace(line.bundle, Interval{line.bundle, low, high})
                                 .first->second;
        interval.low = std::min(interval.low, low);
        interval.high = std::max(interval.high, high);
      }
    }
    tracks_.resize(channels);
    track_count_.assign(channels, 1);
    for (std::size_t channel = 0; channel < channels; ++channel) {
      std::vector<Interval> intervals;
      for (const auto& [bundle, interval] : wanted[channel]) intervals.push_back(interval);
      std::stable_sort(intervals.begin(), intervals.end(),
                       [](const auto& a, const auto& b) { return a.low < b.low; });
      std::vector<double> ends;  // by track
      for (const Interval& interval : intervals) {
        auto track = std::find_if(ends.begin(), ends.end(), [&](double end) {
          return end + options().track_gap <= interval.low;
        });
        if (track == ends.end() && ends.size() < most_tracks)
          track = ends.insert(ends.end(), interval.high);
        else if (track == ends.end())
          track = std::min_element(ends.begin(), ends.end());
        *track = std::max(*track, interval.high);
        tracks_[channel][interval.bundle] = static_cast<std::size_t>(track - ends.begin());
      }
      track_count_[channel] = std::max<std::size_t>(ends.size(), 1);
    }
  }

  double channel_width(std::size_t channel) const {
    const double tracks = static_cast<double>(track_count_[channel] - 1) * options().track_gap;
    if (channel == 0 || (tracks_[channel].empty() && channel == columns_.columns.size())) return 0;
    if (channel == columns_.columns.size()) return stub + tracks;
    return std::max(options().column_gap, 2 * stub + tracks);
  }

  void set_columns() {
    double x = 0;
    for (std::size_t c = 0; c <= columns_.columns.size(); ++c) {
      channel_left_.push_back(x);
      x += channel_width(c);
      if (c == columns_.columns.size()) break;
      column_left_.push_back(x);
      double widest = 0;
      for (const std::size_t at : columns_.columns[c]) widest = std::max(widest, width(at));
      x += widest;
    }
    block_.width = x;
  }

  double track_x(std::size_t channel, std::size_t bundle) const {
    const auto track = static_cast<double>(tracks_[channel].at(bundle));
    const double spare =
        channel == columns_.columns.size()
            ? stub
            : (channel_width(channel) -
               static_cast<double>(track_count_[channel] - 1) * options().track_gap) /
                  2;
    return channel_left_[channel] + spare + track * options().track_gap;
  }

  void write() {
    for (std::size_t at = 0; at < block_.nodes.size(); ++at)
      block_.positions.push_back({column_left_[column(at)], columns_.top[at]});
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      const Line& line = lines_[e];
      std::vector<LayoutPoint> route;
      const auto add = [&](double x, double y) {
        const LayoutPoint point{x, y};
        // A point between two of one straight line says nothing.
        if (route.size() > 1 && ((route.back().x == x && route[route.size() - 2].x == x) ||
                                 (route.back().y == y && route[route.size() - 2].y == y)))
          route.back() = point;
        else if (route.empty() || route.back() != point)
          route.push_back(point);
      };
      const auto side = [&](std::size_t local, bool right) {
        return column_left_[column(local)] + (right ? width(local) : 0);
      };
      add(side(edges_[e].from, !line.leaves_left), line.start);
      for (const Hop& hop : line.hops) {
        const double x = track_x(hop.channel, line.bundle);
        add(x, hop.from);
        add(x, hop.to);
      }
      add(side(edges_[e].to, line.arrives_right), line.end);
      block_.routes.push_back(std::move(route));
    }
    double low = infinite, high = -infinite;
    for (std::size_t at = 0; at < block_.nodes.size(); ++at) {
      low = std::min(low, columns_.top[at]);
      high = std::max(high, columns_.top[at] + height(at));
    }
    for (const auto& route : block_.routes) {
      for (const LayoutPoint& point : route) {
        low = std::min(low, point.y);
        high = std::max(high, point.y);
      }
    }
    block_.shift(0, -low);
    block_.height = high - low;
  }

  const LayoutInput& input_;
  const LayoutColumns& columns_;
  std::span<const LocalEdge> edges_;
  LayoutBlock& block_;
  std::vector<Line> lines_;
  std::vector<std::vector<Passages>> passages_;             // by column and gap
  std::map<std::size_t, std::size_t> above_;                // by bundle
  std::vector<std::map<std::size_t, std::size_t>> tracks_;  // by channel and bundle
  std::vector<std::size_t> track_count_;
  std::vector<double> channel_left_, column_left_;
  double highest_ = 0;
};

}  // namespace

void route_component(const LayoutInput& input, const LayoutColumns& columns,
                     std::span<const LocalEdge> edges, LayoutBlock& block) {
  ComponentRouter(input, columns, edges, block).run();
}

}  // namespace sterna::diagram
