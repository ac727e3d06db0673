// What the inspector reads can be made again from the model alone: samples of whole schemas, and
// random models.
#include "base/file.hpp"
#include "database/postgres_models.hpp"
#include "support/random_postgres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace sterna::test {
namespace {

struct PostgresInspectSample : PostgresModels, testing::WithParamInterface<const char*> {};

TEST_P(PostgresInspectSample, IsTheSameAgainWhenMadeFromItsModel) {
  run(*connection, read_file(std::string(STERNA_SOURCE_DIR) + "/tests/database/samples/postgres/" +
                             GetParam() + ".sql"));
  if (GetParam() == std::string("rental") && connection->server().version >= 150000) {
    run(*connection, read_file(std::string(STERNA_SOURCE_DIR) +
                               "/tests/database/samples/postgres/rental_newer.sql"));
  }
  const model::Model model = connection->inspect({});
  EXPECT_GE(model.tables.size(), 15u);
  EXPECT_GE(model.objects.size(), 4u);
  EXPECT_EQ(difference(model, connection->inspect({})), "");
  expect_same_again(model);
  InspectOptions with_grants;
  with_grants.grants = true;
  expect_same_again(connection->inspect(with_grants), with_grants);
}

INSTANTIATE_TEST_SUITE_P(All, PostgresInspectSample, testing::Values("rental", "music"),
                         [](const auto& sample) { return std::string(sample.param); });

// ---- random models ----

struct PostgresInspectProperty : PostgresModels {};

TEST_F(PostgresInspectProperty, ARandomModelIsTheSameWhenItIsCreatedAndRead) {
  const char* given = std::getenv("STERNA_SEED");
  const unsigned first = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
  constexpr unsigned rounds = 12;
  constexpr int tables = 20;
  for (unsigned seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE("STERNA_SEED=" + std::to_string(seed));
    const model::Model model = RandomPostgresModel(seed).make(tables);
    const TestDatabase fresh(Kind::postgres);
    const auto session = connect(parse_url(fresh.url()));
    try {
      create_model(*session, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
    const std::string changed = difference(model, session->inspect({}));
    ASSERT_TRUE(changed.empty()) << changed;
  }
}

}  // namespace
}  // namespace sterna::test
