// The layout: what a person may rely on for any graph at all.
#include "diagram/layout.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace sterna::diagram {
namespace {

struct Graph {
  std::vector<LayoutNode> nodes;
  std::vector<LayoutEdge> edges;
};

/// Trees, hubs, loops, cycles and repeated lines, depending on the seed.
Graph random_graph(unsigned seed, std::size_t node_count, std::size_t edge_count) {
  std::mt19937 random(seed);
  const auto number = [&](std::size_t below) { return random() % below; };
  Graph graph;
  for (std::size_t i = 0; i < node_count; ++i) {
    LayoutNode node;
    node.width = 80.0 + static_cast<double>(number(300));
    node.height = 30.0 + static_cast<double>(number(20) * 22);
    node.group = number(3) == 0 ? "g" + std::to_string(number(3)) : "";
    graph.nodes.push_back(node);
  }
  const std::size_t hubs = 1 + number(std::max<std::size_t>(1, node_count / 8));
  for (std::size_t i = 0; i < edge_count && node_count > 0; ++i) {
    LayoutEdge edge{number(node_count), number(number(2) == 0 ? hubs : node_count), {}, {}};
    edge.to = std::min(edge.to, node_count - 1);
    if (number(2) == 0) edge.from_offset = static_cast<double>(number(500));
    if (number(2) == 0) edge.to_offset = 41;
    graph.edges.push_back(edge);
  }
  return graph;
}

struct Box {
  double left, top, right, bottom;
};

Box box_of(const Graph& graph, const LayoutResult& result, std::size_t node) {
  const LayoutPoint at = result.positions[node];
  return {at.x, at.y, at.x + graph.nodes[node].width, at.y + graph.nodes[node].height};
}

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

void expect_no_overlap(const Graph& graph, const LayoutResult& result) {
  for (std::size_t a = 0; a < graph.nodes.size(); ++a) {
    for (std::size_t b = a + 1; b < graph.nodes.size(); ++b) {
      if (graph.nodes[a].pinned && graph.nodes[b].pinned) continue;
      EXPECT_FALSE(overlap(box_of(graph, result, a), box_of(graph, result, b)))
          << "nodes " << a << " and " << b;
    }
  }
}

constexpr double nearly = 1e-6;

void expect_ends_at(const Graph& graph, const LayoutResult& result, std::size_t node,
                    const std::optional<double>& offset, bool loop, LayoutPoint point) {
  const Box box = box_of(graph, result, node);
  EXPECT_TRUE(std::abs(point.x - box.left) < nearly || std::abs(point.x - box.right) < nearly)
      << point.x << " is on no side of node " << node;
  EXPECT_GE(point.y, box.top - nearly);
  EXPECT_LE(point.y, box.bottom + nearly);
  if (loop) return;
  const double height = graph.nodes[node].height;
  EXPECT_NEAR(point.y, box.top + std::clamp(offset.value_or(height / 2), 0.0, height), nearly);
}

void expect_sound_routes(const Graph& graph, const LayoutResult& result) {
  ASSERT_EQ(result.routes.size(), graph.edges.size());
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const LayoutEdge& edge = graph.edges[e];
    const auto& route = result.routes[e];
    ASSERT_GE(route.size(), 2u) << "edge " << e;
    const bool loop = edge.from == edge.to;
    expect_ends_at(graph, result, edge.from, edge.from_offset, loop, route.front());
    expect_ends_at(graph, result, edge.to, edge.to_offset, loop, route.back());
    for (std::size_t i = 1; i < route.size(); ++i) {
      EXPECT_TRUE(route[i - 1].x == route[i].x || route[i - 1].y == route[i].y)
          << "edge " << e << " runs askew";
    }
  }
}

void expect_no_route_through_nodes(const Graph& graph, const LayoutResult& result) {
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const auto& route = result.routes[e];
    for (std::size_t i = 1; i < route.size(); ++i) {
      const auto [left, right] = std::minmax(route[i - 1].x, route[i].x);
      const auto [top, bottom] = std::minmax(route[i - 1].y, route[i].y);
      for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
        Box inside = box_of(graph, result, node);
        inside = {inside.left + nearly, inside.top + nearly, inside.right - nearly,
                  inside.bottom - nearly};
        EXPECT_FALSE(left < inside.right && inside.left < right && top < inside.bottom &&
                     inside.top < bottom)
            << "edge " << e << " passes through node " << node;
      }
    }
  }
}

void expect_bounds(const Graph& graph, const LayoutResult& result) {
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const Box box = box_of(graph, result, node);
    EXPECT_GE(box.left, result.low.x);
    EXPECT_GE(box.top, result.low.y);
    EXPECT_LE(box.right, result.high.x);
    EXPECT_LE(box.bottom, result.high.y);
  }
  for (const auto& route : result.routes) {
    for (const LayoutPoint& point : route) {
      EXPECT_TRUE(point.x >= result.low.x - nearly && point.x <= result.high.x + nearly);
      EXPECT_TRUE(point.y >= result.low.y - nearly && point.y <= result.high.y + nearly);
    }
  }
}

class LayoutOfAnyGraph : public testing::TestWithParam<unsigned> {};

TEST_P(LayoutOfAnyGraph, NodesDoNotOverlapAndLinesPassBetweenThem) {
  const unsigned seed = GetParam();
  const Graph graph = random_graph(seed, 1 + seed * 7 % 90, seed * 13 % 130);
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  ASSERT_EQ(result.positions.size(), graph.nodes.size());
  expect_no_overlap(graph, result);
  expect_sound_routes(graph, result);
  expect_no_route_through_nodes(graph, result);
  expect_bounds(graph, result);
  EXPECT_EQ(result.low, (LayoutPoint{0, 0}));
}

TEST_P(LayoutOfAnyGraph, TheSameGraphLiesTheSame) {
  const Graph graph = random_graph(GetParam(), 60, 80);
  const LayoutResult first = lay_out(graph.nodes, graph.edges);
  const LayoutResult second = lay_out(graph.nodes, graph.edges);
  EXPECT_EQ(first.positions, second.positions);
  EXPECT_EQ(first.routes, second.routes);
}

TEST_P(LayoutOfAnyGraph, WhatAPersonPlacedStaysAndTheRestKeepsClear) {
  const unsigned seed = GetParam();
  Graph graph = random_graph(seed, 40, 50);
  std::mt19937 random(seed);
  for (LayoutNode& node : graph.nodes) {
    if (random() % 3 != 0) continue;
    node.pinned = LayoutPoint{static_cast<double>(random() % 4000) - 2000,
                              static_cast<double>(random() % 3000) - 1500};
  }
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    if (!graph.nodes[node].pinned) continue;
    EXPECT_EQ(result.positions[node], *graph.nodes[node].pinned);
  }
  expect_no_overlap(graph, result);
  expect_sound_routes(graph, result);
  expect_bounds(graph, result);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LayoutOfAnyGraph, testing::Range(1U, 41U));

Graph nodes_of_size(std::size_t count) {
  Graph graph;
  graph.nodes.resize(count, LayoutNode{100, 50, std::nullopt, ""});
  return graph;
}

TEST(Layout, NothingIsNothing) {
  const LayoutResult result = lay_out({}, {});
  EXPECT_TRUE(result.positions.empty());
  EXPECT_EQ(result.high, (LayoutPoint{0, 0}));
}

TEST(Layout, WhatIsReferredToLiesToTheLeft) {
  Graph graph = nodes_of_size(3);
  graph.edges = {{0, 1, {}, {}}, {1, 2, {}, {}}};
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  EXPECT_LT(result.positions[2].x + 100, result.positions[1].x);
  EXPECT_LT(result.positions[1].x + 100, result.positions[0].x);
}

TEST(Layout, ComponentsLieInBlocksOfTheirOwn) {
  Graph graph = nodes_of_size(6);
  graph.edges = {{0, 1, {}, {}}, {2, 1, {}, {}}, {3, 4, {}, {}}, {5, 4, {}, {}}};
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  const auto block = [&](std::initializer_list<std::size_t> nodes) {
    Box all = box_of(graph, result, *nodes.begin());
    for (const std::size_t node : nodes) {
      const Box each = box_of(graph, result, node);
      all = {std::min(all.left, each.left), std::min(all.top, each.top),
             std::max(all.right, each.right), std::max(all.bottom, each.bottom)};
    }
    return all;
  };
  EXPECT_FALSE(overlap(block({0, 1, 2}), block({3, 4, 5})));
}

TEST(Layout, ManyChildrenOfOneTableDoNotMakeOneHighColumn) {
  Graph graph = nodes_of_size(201);
  for (std::size_t child = 1; child <= 200; ++child) graph.edges.push_back({child, 0, {}, {}});
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  EXPECT_LT(result.high.y, 200 * 50 / 2.0);
  expect_no_route_through_nodes(graph, result);
}

TEST(Layout, LoneNodesOfAGroupLieTogether) {
  Graph graph = nodes_of_size(40);
  for (std::size_t node = 0; node < 40; ++node) graph.nodes[node].group = node % 2 == 0 ? "a" : "b";
  const LayoutResult result = lay_out(graph.nodes, graph.edges);
  Box a = box_of(graph, result, 0), b = box_of(graph, result, 1);
  for (std::size_t node = 0; node < 40; ++node) {
    const Box each = box_of(graph, result, node);
    Box& all = node % 2 == 0 ? a : b;
    all = {std::min(all.left, each.left), std::min(all.top, each.top),
           std::max(all.right, each.right), std::max(all.bottom, each.bottom)};
  }
  EXPECT_FALSE(overlap(a, b));
}

TEST(Layout, LinesToNodesThatDoNotExistAreRefused) {
  const Graph graph = nodes_of_size(2);
  const std::vector<LayoutEdge> edges = {{0, 2, {}, {}}};
  EXPECT_THROW(lay_out(graph.nodes, edges), Error);
}

TEST(Layout, SizesThatAreNoNumbersAreRefused) {
  for (const double size :
       {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Graph graph = nodes_of_size(1);
    graph.nodes[0].width = size;
    EXPECT_THROW(lay_out(graph.nodes, graph.edges), Error) << size;
    graph = nodes_of_size(1);
  }
}

TEST(Layout, PlacesThatAreNoNumbersAreRefused) {
  Graph graph = nodes_of_size(1);
  graph.nodes[0].pinned = LayoutPoint{0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THROW(lay_out(graph.nodes, graph.edges), Error);
  graph.nodes[0].pinned = LayoutPoint{-1, 0};
  EXPECT_NO_THROW(lay_out(graph.nodes, graph.edges));
}

}  // namespace
}  // namespace sterna::diagram
