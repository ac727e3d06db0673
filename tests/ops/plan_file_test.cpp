// A plan is run exactly as it was written, or not at all.
#include "ops/project.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct PlanFile : OpsProject {};
INSTANTIATE_TEST_SUITE_P(Engines, PlanFile, testing::ValuesIn(all_kinds()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(PlanFile, RunsWhatItSays) {
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  const auto plan = nlohmann::json::parse(read("plan.json"));
  EXPECT_EQ(plan["migrations"].size(), 2U);
  EXPECT_THAT(plan["migrations"][1]["statements"][0]["sql"].get<std::string>(), HasSubstr("posts"));
  EXPECT_EQ(plan["state"]["applied"].size(), 0U);
  const CommandResult up = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
  const CommandResult again = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(again.exit_code, 6);
  EXPECT_THAT(again.err, HasSubstr("the history has moved"));
}

TEST_P(PlanFile, LeavesWhatCameLaterPending) {
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  const CommandResult dry = run({"up", "--plan", "plan.json", "--dry-run"});
  EXPECT_THAT(dry.out, testing::AllOf(HasSubstr("users"), testing::Not(HasSubstr("posts"))))
      << dry.err;
  EXPECT_THAT(run({"status"}).err, HasSubstr("2 pending"));
  EXPECT_EQ(run({"up", "--plan", "plan.json"}).exit_code, 0);
  EXPECT_THAT(run({"status"}).err, HasSubstr("1 applied, 1 pending"));
}

TEST_P(PlanFile, IsVoidWhenTheSchemaMoved) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  ASSERT_EQ(run({"query", "ALTER TABLE users ADD COLUMN age integer"}).exit_code, 0);
  const CommandResult up = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(up.exit_code, 6);
  EXPECT_THAT(up.err,
              testing::AllOf(HasSubstr("no longer what it was"), HasSubstr("nothing was run")));
  EXPECT_EQ(run({"up", "--plan", "plan.json", "--dry-run"}).exit_code, 6);
}

TEST_P(PlanFile, IsVoidWhenAMigrationWasEdited) {
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  write("migrations/001_users.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(50));\n");
  const CommandResult up = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(up.exit_code, 6);
  EXPECT_THAT(up.err, HasSubstr("edited"));
}

TEST_P(PlanFile, IsRefusedWhenItWasEditedItself) {
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  std::string text = read("plan.json");
  text.replace(text.find("varchar(40)"), 11, "varchar(41)");
  write("plan.json", text);
  EXPECT_THAT(run({"up", "--plan", "plan.json"}).err, HasSubstr("its hash does not fit"));
  write("plan.json", "{}");
  EXPECT_THAT(run({"up", "--plan", "plan.json"}).err, HasSubstr("is no plan"));
}

TEST_P(PlanFile, OfNothingIsHarmless) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  EXPECT_EQ(run({"up", "--plan", "plan.json"}).exit_code, 0);
  EXPECT_EQ(run({"up", "--plan", "plan.json", "--to", "001"}).exit_code, 3);
}

}  // namespace
}  // namespace sterna::test
