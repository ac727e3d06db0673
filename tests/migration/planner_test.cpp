#include "migration/planner.hpp"

#include "sql/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Source source(std::string version, std::string name, std::string hash = "h") {
  Source result;
  result.version = Version(version);
  result.name = std::move(name);
  result.hash_up = std::move(hash);
  result.up_file = "migrations/" + result.id() + ".sql";
  result.has_up = result.has_down = true;
  return result;
}

HistoryRow row(std::int64_t sequence, std::string version, int batch = 1, std::string hash = "h") {
  HistoryRow result;
  result.sequence = sequence;
  result.version = std::move(version);
  result.kind = "sql";
  result.batch = batch;
  result.hash_up = std::move(hash);
  result.hash_algorithm = token_hash_algorithm;
  result.stored = true;
  return result;
}

std::vector<std::string> ids(const std::vector<Entry>& entries) {
  std::vector<std::string> result;
  for (const Entry& entry : entries) result.push_back(entry.source->version.text());
  return result;
}

struct PlannerTest : testing::Test {
  std::vector<Source> sources{source("001", "a"), source("002", "b"), source("003", "c")};
  std::vector<HistoryRow> rows;
  RunnerOptions options;
  Survey look() { return survey(sources, rows, options); }
};

TEST_F(PlannerTest, PendingOnesRunInOrder) {
  rows = {row(1, "001")};
  EXPECT_THAT(ids(select_up(look(), {})), ElementsAre("002", "003"));
  EXPECT_THAT(ids(select_up(look(), {Target::Kind::steps, {}, 1})), ElementsAre("002"));
  EXPECT_THAT(ids(select_up(look(), {Target::Kind::version, "002", 0})), ElementsAre("002"));
  EXPECT_THAT(problems_of(look(), options), IsEmpty());
}

TEST_F(PlannerTest, AnInterruptedOneComesFirst) {
  rows = {row(1, "001"), row(2, "003")};
  rows[1].state = RowState::up;
  options.out_of_order = OutOfOrderPolicy::allow;
  EXPECT_THAT(ids(select_up(look(), {})), ElementsAre("003", "002"));
}

TEST_F(PlannerTest, AnEditedOneStopsTheRunWithAChecksumError) {
  rows = {row(1, "001", 1, "other")};
  const auto problems = problems_of(look(), options);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].kind, ErrorKind::checksum);
  EXPECT_EQ(problems[0].position.file, "migrations/001_a.sql");
}

TEST_F(PlannerTest, AHashOfAnotherAlgorithmIsNotCompared) {
  rows = {row(1, "001", 1, "other")};
  rows[0].hash_algorithm = token_hash_algorithm + 1;
  EXPECT_THAT(problems_of(look(), options), IsEmpty());
}

TEST_F(PlannerTest, ARowWithoutAFileStopsTheRun) {
  rows = {row(1, "000")};
  const auto problems = problems_of(look(), options);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_THAT(problems[0].message, HasSubstr("no such file"));
}

TEST_F(PlannerTest, OutOfOrderFollowsThePolicy) {
  rows = {row(1, "001"), row(2, "003")};
  auto problems = problems_of(look(), options);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].severity, Problem::Severity::error);
  options.out_of_order = OutOfOrderPolicy::warn;
  EXPECT_EQ(problems_of(look(), options)[0].severity, Problem::Severity::warning);
  options.out_of_order = OutOfOrderPolicy::allow;
  EXPECT_THAT(problems_of(look(), options), IsEmpty());
  EXPECT_THAT(ids(select_up(look(), {})), ElementsAre("002"));
}

TEST_F(PlannerTest, DownGoesBackInTheOrderOfApplication) {
  rows = {row(1, "001", 1), row(2, "003", 2), row(3, "002", 2)};
  EXPECT_THAT(ids(select_down(look(), {Target::Kind::steps, {}, 1})), ElementsAre("002"));
  EXPECT_THAT(ids(select_down(look(), {Target::Kind::batch, {}, 0})), ElementsAre("002", "003"));
  EXPECT_THAT(ids(select_down(look(), {Target::Kind::version, "001", 0})),
              ElementsAre("002", "003"));
  EXPECT_THAT(ids(select_down(look(), {})), ElementsAre("002", "003", "001"));
}

TEST_F(PlannerTest, DirectivesSkipWhatIsForElsewhere) {
  sources[1].meta.environments = {"production"};
  sources[2].meta.connection = "events";
  EXPECT_THAT(ids(select_up(look(), {})), ElementsAre("001"));
  options.environment = "production";
  EXPECT_THAT(ids(select_up(look(), {})), ElementsAre("001", "002"));
}

TEST_F(PlannerTest, DependenciesMustComeBefore) {
  sources[0].meta.depends = {"003"};
  sources[1].meta.depends = {"001"};
  sources[2].meta.depends = {"099"};
  const auto problems = problems_of(look(), options);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_THAT(problems[0].message,
              HasSubstr("001_a depends on 003, which is neither applied nor runs before it"));
  EXPECT_THAT(problems[1].message, HasSubstr("does not exist"));
}

TEST_F(PlannerTest, AnUnknownVersionNamesTheNearest) {
  try {
    select_up(look(), {Target::Kind::version, "002_bb", 0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::plan);
    EXPECT_THAT(error.suggestions().front(), HasSubstr("002_b"));
  }
}

TEST_F(PlannerTest, ARepeatableRunsAgainWhenItsTextChanged) {
  Source view;
  view.kind = SourceKind::repeatable;
  view.name = "summaries";
  view.hash_up = "new";
  view.has_up = true;
  sources = {view};
  rows = {row(1, "R:summaries", 1, "old")};
  rows[0].kind = "repeatable";
  EXPECT_EQ(select_up(look(), {}).size(), 1u);
  rows[0].hash_up = "new";
  EXPECT_THAT(select_up(look(), {}), IsEmpty());
}

}  // namespace
}  // namespace sterna
