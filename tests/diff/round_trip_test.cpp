// On the real servers: the statements of a difference make one database like the other, the second
// difference is empty, rows of what stays survive, and the way back leads back.
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "sql/splitter.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

/// tests/diff/cases/<engine>/*.sql: `-- from`, `-- to`, and optionally `-- rows` (run before),
/// `-- then` (run afterwards), `-- check` (a query that must give true afterwards) and `-- steps`
/// (the changes in words); `-- rename old:new` lines.
struct Case {
  Kind kind;
  std::string name, from, to, rows, then, check, steps;
  std::vector<std::string> renames;
  bool one_way = false;
};

Case read_case(Kind kind, const fs::path& path) {
  Case result{kind, path.stem().string(), {}, {}, {}, {}, {}, {}, {}, false};
  std::string* part = nullptr;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line == "-- from")
      part = &result.from;
    else if (line == "-- to")
      part = &result.to;
    else if (line == "-- rows")
      part = &result.rows;
    else if (line == "-- then")
      part = &result.then;
    else if (line == "-- check")
      part = &result.check;
    else if (line == "-- steps")
      part = &result.steps;
    else if (line == "-- one way")
      result.one_way = true;
    else if (line.starts_with("-- rename "))
      result.renames.push_back(line.substr(10));
    else if (part != nullptr)
      *part += line + "\n";
  }
  return result;
}

std::string engine_name(Kind kind) {
  switch (kind) {
    case Kind::sqlite:
      return "sqlite";
    case Kind::postgres:
      return "postgres";
    case Kind::mysql:
      return "mysql";
    case Kind::cql:
      return "cql";
  }
  return {};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Kind kind : {Kind::sqlite, Kind::postgres, Kind::mysql, Kind::cql}) {
    const std::string engine = engine_name(kind);
    std::vector<fs::path> paths;
    for (const auto& entry :
         fs::directory_iterator(fs::path(STERNA_SOURCE_DIR) / "tests/diff/cases" / engine))
      paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const fs::path& path : paths) all.push_back(read_case(kind, path));
  }
  return all;
}

void run(Connection& connection, const std::string& sql) {
  for (const Statement& statement :
       split_statements(sql, connection.dialect().language(), "case", 1))
    connection.execute(statement);
}

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class DiffRoundTrip : public testing::TestWithParam<Case> {
 protected:
  Difference compare(Connection& connection, const model::Model& from, const model::Model& to,
                     const std::vector<std::string>& renames = {}) {
    DiffOptions options{connection.dialect(), connection.server()};
    for (const std::string& text : renames) options.renames.push_back(parse_rename(text, from));
    return diff(from, to, options);
  }
  void migrate(Connection& connection, const model::Model& from, const Difference& difference) {
    const ChangeScript script = script_of(difference.changes, from, connection);
    connection.set_foreign_keys(false);
    for (const Statement& statement : script.statements) {
      SCOPED_TRACE(statement.sql);
      ASSERT_NO_THROW(connection.execute(statement));
    }
    connection.set_foreign_keys(true);
  }
  std::string words(const Difference& difference) {
    std::string text;
    for (const Change& change : difference.changes) text += describe(change) + "\n";
    return text;
  }
};

TEST_P(DiffRoundTrip, MakesOneLikeTheOtherAndBack) {
  const Case& test = GetParam();
  STERNA_REQUIRE_SERVER(test.kind);
  const TestDatabase one(test.kind), two(test.kind);
  const auto connection = connect(parse_url(one.url())), other = connect(parse_url(two.url()));
  run(*connection, test.from);
  run(*connection, test.rows);
  run(*other, test.to);
  const model::Model from = connection->inspect({}), to = other->inspect({});
  const Difference there = compare(*connection, from, to, test.renames);
  ASSERT_FALSE(there.empty());
  if (!test.steps.empty()) {
    EXPECT_EQ(words(there), test.steps);
  }
  migrate(*connection, from, there);
  run(*connection, test.then);
  const model::Model reached = connection->inspect({});
  EXPECT_EQ(words(compare(*connection, reached, to)), "");
  if (!test.check.empty()) {
    const Rows rows = connection->query(test.check);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(rows.front().get<bool>(0)) << test.check;
  }
  if (test.one_way) return;
  const Difference back = compare(*connection, reached, from);
  migrate(*connection, reached, back);
  EXPECT_EQ(words(compare(*connection, connection->inspect({}), from)), "");
}

TEST_P(DiffRoundTrip, MakesEverythingFromNothingAndNothingFromEverything) {
  const Case& test = GetParam();
  STERNA_REQUIRE_SERVER(test.kind);
  const TestDatabase one(test.kind), two(test.kind);
  const auto connection = connect(parse_url(one.url())), other = connect(parse_url(two.url()));
  run(*connection, test.to);
  const model::Model model = connection->inspect({}), nothing = other->inspect({});
  create_model(*other, model);
  EXPECT_EQ(words(compare(*other, other->inspect({}), model)), "");
  migrate(*other, model, compare(*other, model, nothing));
  EXPECT_EQ(words(compare(*other, other->inspect({}), nothing)), "");
}

INSTANTIATE_TEST_SUITE_P(Cases, DiffRoundTrip, testing::ValuesIn(cases()), [](const auto& one) {
  return engine_name(one.param.kind) + "_" + one.param.name;
});

}  // namespace
}  // namespace sterna::test
