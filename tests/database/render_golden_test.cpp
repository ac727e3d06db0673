// Every change as every dialect writes it, pinned by files that a person can read. After a wanted
// change of the rendering, STERNA_UPDATE_GOLDEN=1 writes them anew; read the difference before
// committing it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.hpp"
#include "database/cql/dialect.hpp"
#include "database/mysql/engine.hpp"
#include "database/postgres/engine.hpp"
#include "database/render.hpp"
#include "database/sqlite/alter.hpp"
#include "database/sqlite/dialect.hpp"
#include "render_cases.hpp"

namespace sterna::test {
namespace {

struct Target {
  std::string folder;
  const Dialect& (*dialect)();
  ServerInfo server;
};

const Dialect& sqlite_dialect() { return sqlite::sql_dialect(); }

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {
      {"postgres", postgres::dialect, {"PostgreSQL", "15.4", 150004}},
      {"mysql", mysql::dialect, {"MySQL", "8.0.36", 80036}},
      {"mariadb", mysql::dialect, {"MariaDB", "10.11.6", 101106}},
      {"sqlite", sqlite_dialect, {"SQLite", "3.40.1", 34001}},
      {"cassandra", cql::cql_dialect, {"Cassandra", "5.0.6", 50006}},
      {"scylla", cql::cql_dialect, {"ScyllaDB", "6.2.0", 60200}}};
  return all;
}

/// What SQLite does by a rebuild reads the live table: only that it is one stands in the golden
/// file.
bool is_rebuild(const Dialect& dialect, const Change& change, const RenderContext& context) {
  const auto* alter = std::get_if<AlterTable>(&change);
  return alter != nullptr && dialect.name() == "sqlite" &&
         sqlite::needs_rebuild(sqlite::sql_dialect(), *alter, context);
}

std::string rendered(const RenderCase& each, const Target& target) {
  const Dialect& dialect = target.dialect();
  const RenderContext context{target.server, nullptr};
  std::string text;
  for (const RenderStep& step : each.steps) {
    if (!is_for(step, dialect.name())) continue;
    text += "-- " + describe(step.change) + "\n";
    try {
      if (is_rebuild(dialect, step.change, context)) {
        require_features(sqlite::sql_dialect(), std::get<AlterTable>(step.change), context);
        text += "-- (by a rebuild of the table)\n\n";
        continue;
      }
      for (const Statement& statement : dialect.render(step.change, context).statements) {
        text += statement.sql + ";\n";
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation) << error.what();
      text += "-- refused: " + std::string(error.what()) + "\n";
    }
    text += "\n";
  }
  return text;
}

class RenderGolden : public ::testing::TestWithParam<std::tuple<std::size_t, std::size_t>> {};

TEST_P(RenderGolden, WritesWhatTheFileHolds) {
  const RenderCase& each = render_cases()[std::get<0>(GetParam())];
  const Target& target = targets()[std::get<1>(GetParam())];
  const std::string text = rendered(each, target);
  const std::filesystem::path file = std::filesystem::path(STERNA_SOURCE_DIR) / "tests" /
                                     "database" / "golden" / target.folder / (each.name + ".sql");
  if (std::getenv("STERNA_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(file.parent_path());
    write_file_atomically(file, text);
  }
  const auto expected = read_file_if_exists(file);
  ASSERT_TRUE(expected) << file << " does not exist; STERNA_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(text, *expected) << "in " << file;
}

std::vector<std::tuple<std::size_t, std::size_t>> instances() {
  std::vector<std::tuple<std::size_t, std::size_t>> result;
  for (std::size_t each = 0; each < render_cases().size(); ++each) {
    for (std::size_t target = 0; target < targets().size(); ++target) {
      if (is_for(render_cases()[each], targets()[target].dialect().name())) {
        result.emplace_back(each, target);
      }
    }
  }
  return result;
}

INSTANTIATE_TEST_SUITE_P(All, RenderGolden, ::testing::ValuesIn(instances()),
                         [](const auto& instance) {
                           return render_cases()[std::get<0>(instance.param)].name + "_" +
                                  targets()[std::get<1>(instance.param)].folder;
                         });

}  // namespace
}  // namespace sterna::test
