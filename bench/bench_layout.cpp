// The layout of large schemas. A second figure beside the time: how the time grows with the number
// of tables (BigO), each with 1.2 foreign keys.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "diagram/layout.hpp"

namespace {

using sterna::diagram::lay_out;
using sterna::diagram::LayoutEdge;
using sterna::diagram::LayoutNode;

struct Schema {
  std::vector<LayoutNode> tables;
  std::vector<LayoutEdge> keys;
};

/// One in ten tables is referred to by most: schemas have hubs.
Schema schema_of(std::size_t tables) {
  std::mt19937 random(1);
  Schema schema;
  for (std::size_t i = 0; i < tables; ++i) {
    LayoutNode node;
    node.width = 160.0 + static_cast<double>(random() % 120);
    node.height = 34.0 + 22.0 * static_cast<double>(3 + random() % 15);
    schema.tables.push_back(node);
  }
  for (std::size_t i = 0; i < tables * 6 / 5; ++i) {
    const std::size_t hubs = tables / 10;
    const std::size_t to = random() % 4 == 0 ? random() % tables : random() % hubs;
    schema.keys.push_back({random() % tables, to, 41.0, 41.0});
  }
  return schema;
}

void whole(benchmark::State& state) {
  const Schema schema = schema_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(lay_out(schema.tables, schema.keys));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(whole)->Arg(250)->Arg(1000)->Arg(4000)->Unit(benchmark::kMillisecond)->Complexity();

/// One new table on a board whose other tables a person has placed.
void one_new_table(benchmark::State& state) {
  Schema schema = schema_of(static_cast<std::size_t>(state.range(0)));
  const auto placed = lay_out(schema.tables, schema.keys).positions;
  for (std::size_t i = 1; i < schema.tables.size(); ++i) schema.tables[i].pinned = placed[i];
  for (auto _ : state) benchmark::DoNotOptimize(lay_out(schema.tables, schema.keys));
}
BENCHMARK(one_new_table)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
