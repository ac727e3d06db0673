// `-- sterna:assert`: what must hold before and after, or the migration stops before damage is
// done.
#include "ops/project.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct Assertion : OpsProject {
  void SetUp() override {
    OpsProject::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_EQ(run({"up"}).exit_code, 0);
    ASSERT_EQ(run({"query", "INSERT INTO users (id, name) VALUES (7, NULL)"}).exit_code, 0);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Assertion, testing::ValuesIn(all_kinds()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(Assertion, StopsBeforeTheFirstStatementAndNamesTheRows) {
  write("migrations/002_names.sql",
        "-- sterna:assert SELECT id FROM users WHERE name IS NULL\nCREATE TABLE names (id integer "
        "PRIMARY KEY);\n");
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_THAT(up.err, testing::AllOf(HasSubstr("assertion"), HasSubstr("id = 7"),
                                     HasSubstr("002_names.sql:1")));
  EXPECT_NE(run({"query", "SELECT * FROM names"}).exit_code, 0) << "the table was made";
  ASSERT_EQ(run({"query", "UPDATE users SET name = 'x'"}).exit_code, 0);
  const CommandResult mended = run({"up"});
  EXPECT_EQ(mended.exit_code, 0) << mended.err;
}

TEST_P(Assertion, IsAskedWhereItStands) {
  write("migrations/002_names.sql",
        "UPDATE users SET name = 'unknown' WHERE name IS NULL;\n-- sterna:assert SELECT count(*) "
        "FROM users WHERE name IS NULL;\n"
        "CREATE TABLE names (id integer PRIMARY KEY);\n-- sterna:assert SELECT * FROM names\n");
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
}

TEST_P(Assertion, AfterTheLastStatementUndoesWhatCanBeUndone) {
  write("migrations/002_rows.sql",
        "INSERT INTO users (id, name) VALUES (8, 'x');\n-- sterna:assert SELECT count(*) FROM "
        "users\n");
  EXPECT_EQ(run({"up"}).exit_code, 1);
  EXPECT_THAT(run({"status"}).err, testing::Not(HasSubstr("2 applied")));
  if (GetParam() != Kind::mysql) {
    EXPECT_THAT(run({"query", "SELECT count(*) FROM users"}).out, HasSubstr("1\n"));
  }
}

/// Statement by statement: what is committed is not run again, and what was to hold before it is
/// not asked again.
TEST_P(Assertion, IsNotAskedAgainForWhatIsCommitted) {
  write(
      "migrations/002_names.sql",
      "-- sterna:transaction none\n-- sterna:up\n-- sterna:assert SELECT count(*) - 1 FROM users\n"
      "INSERT INTO users (id, name) VALUES (8, 'x');\nINSERT INTO users (id, name) VALUES (9, "
      "'y');\n"
      "-- sterna:assert SELECT count(*) - 3 FROM users\nINSERT INTO missing (id) VALUES (1);\n");
  EXPECT_THAT(run({"up"}).err, HasSubstr("missing"));
  EXPECT_THAT(run({"status"}).out, HasSubstr("interrupted"));
  ASSERT_EQ(run({"query", "CREATE TABLE missing (id integer)"}).exit_code, 0);
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_THAT(run({"query", "SELECT count(*) FROM users"}).out, HasSubstr("3\n"));
}

TEST_P(Assertion, OfTheWayDownStandsInTheWayDown) {
  write("migrations/002_names.sql",
        "-- sterna:up\nCREATE TABLE names (id integer PRIMARY KEY);\n-- sterna:down\n-- "
        "sterna:assert SELECT id FROM names\nDROP TABLE names;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"query", "INSERT INTO names (id) VALUES (1)"}).exit_code, 0);
  EXPECT_EQ(run({"down"}).exit_code, 1);
  ASSERT_EQ(run({"query", "DELETE FROM names"}).exit_code, 0);
  const CommandResult down = run({"down"});
  EXPECT_EQ(down.exit_code, 0) << down.err;
}

TEST_P(Assertion, IsPartOfThePlan) {
  write("migrations/002_names.sql",
        "-- sterna:assert SELECT id FROM users WHERE name IS NULL\nCREATE TABLE names (id integer "
        "PRIMARY KEY);\n");
  EXPECT_THAT(run({"plan"}).out, testing::AllOf(HasSubstr("has to give no rows, or zero"),
                                                HasSubstr("SELECT id FROM users")));
  write("migrations/002_names.sql",
        "-- sterna:assert\nCREATE TABLE names (id integer PRIMARY KEY);\n");
  EXPECT_EQ(run({"up"}).exit_code, 6);
}

}  // namespace
}  // namespace sterna::test
