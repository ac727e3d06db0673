// Comparing two schemas as values: the time grows with the number of tables and not faster. Tables
// are those of bench/schemas.py; ten of them differ.
#include <benchmark/benchmark.h>

#include <string>

#include "base/url.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "model/json.hpp"

namespace {

using namespace sterna;

model::Column column(std::string name, model::TypeKind kind) {
  model::Column result;
  result.name = std::move(name);
  result.type.kind = kind;
  result.nullable = true;
  return result;
}

model::Model schema(int tables, int changed) {
  using K = model::TypeKind;
  model::Model model;
  model.dialect = "sqlite";
  for (int i = 0; i < tables; ++i) {
    model::Table& table = model.tables.emplace_back();
    table.name = model::Name("t" + std::to_string(i));
    for (const auto& [name, kind] : {std::pair{"id", K::integer},
                                     {"parent_id", K::integer},
                                     {"name", K::string},
                                     {"email", K::string},
                                     {"amount", K::decimal},
                                     {"active", K::small_integer},
                                     {"notes", K::text},
                                     {"born", K::date},
                                     {"created_at", K::timestamp},
                                     {"updated_at", K::timestamp},
                                     {"kind", K::string},
                                     {"place", K::integer}}) {
      table.columns.push_back(column(name, kind));
    }
    if (i < changed) table.columns.push_back(column("added", K::text));
    table.primary_key.emplace().parts.push_back({"id", {}, false, {}, {}, {}, {}});
    for (const char* indexed : {"email", "name"}) {
      model::Index& index = table.indexes.emplace_back();
      index.name = table.name.name + "_" + indexed;
      index.parts.push_back({indexed, {}, false, {}, {}, {}, {}});
    }
    model::ForeignKey& key = table.foreign_keys.emplace_back();
    key.name = table.name.name + "_parent";
    key.columns = {"parent_id"};
    key.referenced_table = model::Name("t" + std::to_string(i > 0 ? i - 1 : 0));
    key.referenced_columns = {"id"};
    model::Check& check = table.checks.emplace_back();
    check.name = table.name.name + "_positive";
    check.expression = "amount >= 0";
  }
  sort(model);
  return model;
}

void compare(benchmark::State& state) {
  const int tables = static_cast<int>(state.range(0));
  const model::Model from = schema(tables, 0), to = schema(tables, 10);
  const auto connection = connect(parse_url("sqlite::memory:"));
  for (auto _ : state) {
    benchmark::DoNotOptimize(diff(from, to, {connection->dialect(), connection->server()}));
  }
  state.SetComplexityN(tables);
}
BENCHMARK(compare)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(5000)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond)
    ->Complexity(benchmark::oN);

void write_snapshot(benchmark::State& state) {
  const model::Model model = schema(static_cast<int>(state.range(0)), 0);
  for (auto _ : state) benchmark::DoNotOptimize(model::to_json(model));
}
BENCHMARK(write_snapshot)->Arg(1000)->Arg(5000)->Unit(benchmark::kMillisecond);

void read_snapshot(benchmark::State& state) {
  const std::string text = model::to_json(schema(static_cast<int>(state.range(0)), 0));
  for (auto _ : state) benchmark::DoNotOptimize(model::from_json(text));
}
BENCHMARK(read_snapshot)->Arg(1000)->Arg(5000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
