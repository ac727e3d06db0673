// The review of a plan by a program that links the library: public headers alone.
#include "support/databases.hpp"

#include <sterna/database.hpp>
#include <sterna/lint.hpp>
#include <sterna/migration.hpp>
#include <sterna/runner.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

MigrationDefinition users() {
  return make_migration(
      "001_users",
      [](Schema& schema) {
        schema.create_table("users", [](TableBuilder& table) {
          table.big_integer("id").primary();
          table.string("name", 40);
        });
      },
      [](Schema& schema) { schema.drop_table("users"); });
}
MigrationDefinition tags() {
  return make_migration(
      "002_tags",
      [](Schema& schema) {
        schema.create_table("tags", [](TableBuilder& table) { table.big_integer("id").primary(); });
      },
      [](Schema& schema) { schema.drop_table("tags"); });
}
/// Two statements that a database in use feels.
MigrationDefinition harm() {
  return make_migration(
      "003_harm",
      [](Schema& schema) {
        schema.raw("CREATE INDEX users_name ON users (name)");
        schema.raw("DROP TABLE users");
      },
      [](Schema&) {});
}

class PublicReview : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    place = std::make_unique<TestDatabase>(GetParam());
    Runner(place->url(), {users()}).up();
    Database database(place->url());
    for (int i = 1; i <= 50; ++i)
      database.schema().raw("INSERT INTO users (id, name) VALUES (" + std::to_string(i) + ", 'n')");
    if (GetParam() == Kind::postgres) database.schema().raw("ANALYZE users");
    if (GetParam() == Kind::mysql) database.schema().raw("ANALYZE TABLE users");
  }
  static std::vector<std::string> rules_of(const std::vector<LintFinding>& findings) {
    std::vector<std::string> rules;
    for (const LintFinding& finding : findings) rules.push_back(finding.rule);
    return rules;
  }
  std::unique_ptr<TestDatabase> place;
};
INSTANTIATE_TEST_SUITE_P(Engines, PublicReview, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

TEST_P(PublicReview, FindsNothingAgainstANewTable) {
  Runner runner(place->url(), {users(), tags()});
  const PlanReview reviewed = review(runner);
  ASSERT_EQ(reviewed.migrations.size(), 1U);
  EXPECT_EQ(reviewed.migrations[0].id, "002_tags");
  EXPECT_EQ(reviewed.count(LintSeverity::warning), 0U);
  ASSERT_EQ(reviewed.migrations[0].statements.size(), 1U);
  const StatementReview& statement = reviewed.migrations[0].statements[0];
  EXPECT_THAT(statement.sql, HasSubstr("CREATE TABLE"));
  EXPECT_EQ(statement.estimate.time, TimeClass::instant);
  EXPECT_FALSE(statement.estimate.basis.empty());
  EXPECT_FALSE(statement.atomicity.unit.empty());
  EXPECT_FALSE(statement.atomicity.after_crash.empty());
}

TEST_P(PublicReview, SaysWhatIsLostWhoWaitsAndHowManyRowsItIs) {
  Runner runner(place->url(), {users(), tags(), harm()});
  const PlanReview reviewed = review(runner);
  ASSERT_EQ(reviewed.migrations.size(), 2U);
  const MigrationReview& migration = reviewed.migrations[1];
  ASSERT_EQ(migration.statements.size(), 2U);
  EXPECT_GT(reviewed.count(LintSeverity::warning), 0U);
  EXPECT_GE(reviewed.count(LintSeverity::note), reviewed.count(LintSeverity::warning));

  const StatementReview& index = migration.statements[0];
  ASSERT_EQ(index.estimate.tables.size(), 1U);
  EXPECT_EQ(index.estimate.tables[0].name, "users");
  EXPECT_EQ(index.estimate.tables[0].rows, 50);
  EXPECT_EQ(to_string(index.estimate.time), "instant");
  if (GetParam() == Kind::postgres) {
    EXPECT_EQ(index.estimate.lock, "SHARE");
    EXPECT_EQ(index.estimate.blocks, "writes");
    EXPECT_THAT(rules_of(index.findings), Contains("PG101"));
  }
  const StatementReview& drop = migration.statements[1];
  EXPECT_THAT(drop.findings, Contains(Field(&LintFinding::loses, Not(IsEmpty()))));
  EXPECT_EQ(drop.atomicity.with_others, GetParam() != Kind::mysql);

  // Nothing was run, and the runner goes on as if nobody had asked.
  EXPECT_EQ(runner.pending().size(), 2U);
}

TEST_P(PublicReview, ReviewsAsFarAsItIsAskedByTheSeveritiesItIsGiven) {
  Runner runner(place->url(), {users(), tags(), harm()});
  EXPECT_EQ(review(runner, {Target::Kind::version, "002"}).migrations.size(), 1U);
  const PlanReview all = review(runner);
  std::map<std::string, LintSeverity> off;
  for (const MigrationReview& migration : all.migrations) {
    for (const LintFinding& finding : migration.findings) off[finding.rule] = LintSeverity::off;
    for (const StatementReview& statement : migration.statements)
      for (const LintFinding& finding : statement.findings) off[finding.rule] = LintSeverity::off;
  }
  EXPECT_EQ(review(runner, {}, {.severities = off}).count(LintSeverity::note), 0U);
  try {
    review(runner, {}, {.severities = {{"NONE1", LintSeverity::error}}});
    ADD_FAILURE() << "there is no such rule";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.what(), HasSubstr("NONE1"));
  }
  EXPECT_THROW(review(runner, {Target::Kind::version, "999"}), Error);
}

TEST_P(PublicReview, AMigrationThatCannotBePlannedSaysWhy) {
  const auto broken = [](Schema& schema) {
    schema.raw("CREATE TABLE half (id integer PRIMARY KEY)");
    throw Error(ErrorKind::data, "not on this day");
  };
  Runner runner(place->url(), {users(), make_migration("002_broken", broken)});
  const PlanReview reviewed = review(runner);
  ASSERT_EQ(reviewed.migrations.size(), 1U);
  EXPECT_THAT(reviewed.migrations[0].error, HasSubstr("not on this day"));
}

TEST_P(PublicReview, NothingPendingIsNothingToReview) {
  Runner runner(place->url(), {users()});
  EXPECT_TRUE(review(runner).migrations.empty());
}

}  // namespace
}  // namespace sterna::test
