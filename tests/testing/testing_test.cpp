// `sterna test` on real databases: what a migration loses is found, what it says it takes is not.
#include "testing/migrations.hpp"

#include "migration/scenario.hpp"

#include <sterna/testing.hpp>

namespace sterna::test {
namespace {

using trial::Outcome;

std::vector<Outcome> tested(const Scenario& scenario, const std::vector<std::string>& only = {}) {
  MigrationEngine engine(scenario.options());
  trial::TestOptions options;
  options.only = only;
  options.make_scratch = [&engine] { return engine.connection().make_scratch(); };
  return trial::MigrationTests(engine, std::move(options)).run();
}

std::string texts(const Outcome& outcome) {
  std::string text;
  for (const trial::Finding& finding : outcome.findings)
    text += (finding.severity == trial::Finding::Severity::note ? "note: " : "failure: ") +
            finding.text + "\n";
  return text + outcome.skipped;
}

void expect(const Outcome& outcome, bool failed, const std::string& text = {}) {
  EXPECT_EQ(outcome.failed(), failed) << outcome.name << "\n" << texts(outcome);
  EXPECT_NE(texts(outcome).find(text), std::string::npos) << outcome.name << "\n" << texts(outcome);
}

class TestingMigrations : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(GetParam()); }
};

constexpr const char* users =
    "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY, name varchar(40) NOT NULL, age int, "
    "CHECK (age >= 0 AND age < 150), CHECK (name IN ('ann', 'bob', 'eve')));\n"
    "CREATE TABLE posts (id int PRIMARY KEY, author int NOT NULL, title varchar(80) NOT NULL, "
    "price decimal(8,2), FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE);\n"
    "-- sterna:down\nDROP TABLE posts;\nDROP TABLE users;\n";

TEST_P(TestingMigrations, PassWhatComesBackWhole) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write("002_slug.sql",
                 "-- sterna:up\nALTER TABLE posts ADD COLUMN slug varchar(80);\nUPDATE posts SET "
                 "slug = lower(title);\n-- sterna:down\nALTER TABLE posts DROP COLUMN slug;\n");
  const std::vector<Outcome> outcomes = tested(scenario);
  ASSERT_EQ(outcomes.size(), 2U);
  expect(outcomes[0], false);
  expect(outcomes[1], false);
  EXPECT_GE(outcomes[1].rows, 40U) << "rows obey checks and foreign keys\n" << texts(outcomes[1]);
}

TEST_P(TestingMigrations, FindAWayDownThatLeavesSomething) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write(
      "002_half.sql",
      "-- sterna:up\nALTER TABLE posts ADD COLUMN a int;\nALTER TABLE posts ADD COLUMN b "
      "int;\n-- sterna:down\nALTER TABLE posts DROP COLUMN a;\n");
  const std::vector<Outcome> outcomes = tested(scenario, {"002"});
  ASSERT_EQ(outcomes.size(), 1U);
  expect(outcomes[0], true, "down does not bring the schema back");
}

TEST_P(TestingMigrations, FindRowsThatGoWithoutBeingNamed) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write("002_less.sql", "-- sterna:up\nDELETE FROM users WHERE id > 3;\n");
  // What is taken from users cascades to posts, which no statement names.
  expect(tested(scenario, {"002"}).at(0), true, "of posts are gone");
}

TEST_P(TestingMigrations, FindWhatFailsOnTablesThatHoldRows) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write("002_unique.sql", "-- sterna:up\nCREATE UNIQUE INDEX one_each ON users (name);\n");
  expect(tested(scenario, {"002"}).at(0), true, "up fails on tables that hold rows");
}

TEST_P(TestingMigrations, NoteWhatAStatementTakesByName) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write("002_drop.sql", "-- sterna:up\nALTER TABLE posts DROP COLUMN price;\n");
  expect(tested(scenario, {"002"}).at(0), false, "note: column posts.price is gone");
}

/// Tables that are made anew beside themselves by hand.
class TestingRebuilds : public TestingMigrations {
 protected:
  Outcome rebuilt(const std::string& copy, const std::string& before = {}) const {
    Scenario scenario(GetParam());
    scenario.write("001_t.sql",
                   "-- sterna:up\nCREATE TABLE t (id int PRIMARY KEY, n int, s varchar(40) NOT "
                   "NULL, x int);\n-- sterna:down\nDROP TABLE t;\n");
    scenario.write("002_anew.sql",
                   "-- sterna:up\n" + before +
                       "CREATE TABLE t2 (id int PRIMARY KEY, n int, s varchar(40) NOT NULL, x "
                       "int);\nINSERT INTO t2 " +
                       copy + ";\nDROP TABLE t" + (GetParam() == Kind::postgres ? " CASCADE" : "") +
                       ";\nALTER TABLE t2 RENAME TO t;\n");
    return tested(scenario, {"002"}).at(0);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, TestingRebuilds, ::testing::ValuesIn(all_kinds()),
                         ::testing::PrintToStringParamName());

TEST_P(TestingRebuilds, PassWhereAllIsCopied) {
  const Outcome outcome = rebuilt("SELECT id, n, s, x FROM t");
  expect(outcome, false);
  EXPECT_EQ(texts(outcome).find("t.s"), std::string::npos) << texts(outcome);
}

TEST_P(TestingRebuilds, FailWhereValuesAreCut) {
  expect(rebuilt("SELECT id, n, substr(s, 1, 3), x FROM t"), true,
         "failure: 15 row(s) of t.s have other values");
}

TEST_P(TestingRebuilds, FailWhereRowsAreLeftBehind) {
  expect(rebuilt("SELECT id, n, s, x FROM t LIMIT 3"), true,
         "failure: 22 of 25 row(s) of t are gone");
}

TEST_P(TestingRebuilds, NoteWhatIsAskedForBeforeTheCopy) {
  const Outcome outcome = rebuilt("SELECT id, n, s, x FROM t",
                                  "DELETE FROM t WHERE id > 1;\nUPDATE t SET s = upper(s);\n");
  expect(outcome, false, "note: ");
}

TEST_P(TestingRebuilds, CompareTheValuesOfRowsThatStay) {
  expect(rebuilt("SELECT id, n, substr(s, 1, 3), x FROM t", "DELETE FROM t WHERE id < 2;\n"), true,
         "row(s) of t.s have other values");
}

/// What every engine has, CQL included.
class TestingInCode : public TestingMigrations {};
INSTANTIATE_TEST_SUITE_P(Engines, TestingInCode, ::testing::ValuesIn(every_kind()),
                         ::testing::PrintToStringParamName());

TEST_P(TestingInCode, MeetsRowsAndAWayDownThatLeavesSomething) {
  const Scenario scenario(GetParam());
  ScratchDatabase database(scenario.database.url());
  const RoundTrip good =
      round_trip(database, make_migration(
                               "001_users",
                               [](Schema& schema) {
                                 schema.create_table("users", [](TableBuilder& table) {
                                   table.uuid("id").primary();
                                   table.string("name", 40).index();
                                 });
                               },
                               [](Schema& schema) { schema.drop_table("users"); }));
  EXPECT_TRUE(good) << good.text();
  const RoundTrip bad = round_trip(
      database,
      make_migration(
          "001_users",
          [](Schema& schema) {
            schema.create_table("users", [](TableBuilder& table) { table.uuid("id").primary(); });
            schema.create_table("more", [](TableBuilder& table) { table.uuid("id").primary(); });
          },
          [](Schema& schema) { schema.drop_table("users"); }));
  EXPECT_FALSE(bad);
  EXPECT_NE(bad.text().find("more"), std::string::npos) << bad.text();
  database.database().schema().create_table(
      "own", [](TableBuilder& table) { table.uuid("id").primary(); });
  EXPECT_TRUE(database.database().schema().has_table("own"));
}

TEST_P(TestingMigrations, RunTestsThatPeopleWrote) {
  Scenario scenario(GetParam());
  scenario.write("001_users.sql", users);
  scenario.write("002_upper.sql", "-- sterna:up\nUPDATE posts SET title = upper(title);\n");
  const std::string file = (scenario.folder.path() / "first.sql").string();
  write_file_atomically(
      file,
      "-- sterna:test counts what it put in\nINSERT INTO users VALUES (1, 'ann', NULL), (2, "
      "'bob', 7);\nSELECT id, age FROM users ORDER BY id;\n-- expect: 1 | NULL\n-- expect: 2|7\n\n"
      "-- sterna:test meets nothing of other tests\nSELECT id FROM users;\n-- expect-nothing\n\n"
      "-- sterna:test finds what is wrong\nSELECT 1;\n-- expect: 2\n\n"
      "-- sterna:test expects the refusal\nINSERT INTO users VALUES (1, 'ann', NULL), (1, 'bob', "
      "NULL);\n-- expect-error:\n\n"
      "-- sterna:test looks before and after\n-- sterna:before 002\nINSERT INTO users VALUES (1, "
      "'ann', 1);\nINSERT INTO posts (id, author, title) VALUES (1, 1, 'small');\n"
      "-- sterna:after\nSELECT title FROM posts;\n-- expect: SMALL\n");
  MigrationEngine engine(scenario.options());
  trial::TestOptions options;
  options.make_scratch = [&engine] { return engine.connection().make_scratch(); };
  const std::vector<Outcome> outcomes =
      trial::MigrationTests(engine, std::move(options)).run_file(file);
  ASSERT_EQ(outcomes.size(), 5U);
  expect(outcomes[0], false);
  expect(outcomes[1], false);
  expect(outcomes[2], true, "expected");
  expect(outcomes[3], false);
  expect(outcomes[4], false);
}

INSTANTIATE_TEST_SUITE_P(Engines, TestingMigrations, ::testing::ValuesIn(all_kinds()),
                         ::testing::PrintToStringParamName());

TEST(TestingConversions, FindsValuesThatDoNotSurvive) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Scenario scenario(Kind::postgres);
  scenario.write("001_users.sql", users);
  scenario.write("002_int.sql",
                 "-- sterna:up\nALTER TABLE posts ALTER COLUMN price TYPE int;\n-- sterna:down\n"
                 "ALTER TABLE posts ALTER COLUMN price TYPE decimal(8,2);\n");
  scenario.write("003_wide.sql",
                 "-- sterna:up\nALTER TABLE users ALTER COLUMN age TYPE bigint;\n-- sterna:down\n"
                 "ALTER TABLE users ALTER COLUMN age TYPE int;\n");
  expect(tested(scenario, {"002"}).at(0), true, "the conversion of posts.price loses something");
  expect(tested(scenario, {"003"}).at(0), false);
}

TEST(TestingReports, AreReadByOthers) {
  trial::TestReport report;
  report.outcomes.push_back({"migrations", "001_a", {}, {}, 5, 0.5});
  report.outcomes.push_back(
      {"migrations",
       "002_<b>",
       {{trial::Finding::Severity::failure, "5 & 6", "SELECT 1", {"f.sql", 3, 1}, {"do it"}}},
       {},
       0,
       0.25});
  report.outcomes.push_back({"tests/x.sql", "c", {}, "only for environment x", 0, 0});
  const std::string junit = trial::report_junit(report);
  EXPECT_NE(junit.find("<testsuites tests=\"3\" failures=\"1\" time=\"0.750\">"), std::string::npos)
      << junit;
  EXPECT_NE(junit.find("name=\"002_&lt;b&gt;\""), std::string::npos);
  EXPECT_NE(junit.find("<failure message=\"5 &amp; 6\">"), std::string::npos);
  EXPECT_NE(junit.find("<skipped message=\"only for environment x\"/>"), std::string::npos);
  EXPECT_NE(trial::report_json(report).find("\"failed\": 1"), std::string::npos);
  const std::string text = trial::report_text(report, false);
  EXPECT_NE(text.find("FAIL   002_<b>"), std::string::npos) << text;
  EXPECT_NE(text.find("3 test(s), 1 failed"), std::string::npos) << text;
}

}  // namespace
}  // namespace sterna::test
