// A plan says what its statements cost and what the rules find of them, on screen, as JSON and in
// the file that is agreed to.
#include "ops/project.hpp"

#include "database/registry.hpp"
#include "support/numbers.hpp"
#include "support/statistics.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct PlanReview : OpsProject {
  /// The table users, made and filled.
  void fill(const std::string& rows) {
    ASSERT_EQ(run({"up"}).exit_code, 0);
    const std::unique_ptr<Connection> session = connect(parse_url(database->url()));
    session->execute("INSERT INTO users (id, name) " + rows);
    take_statistics(*session, "users");
  }
  void fill_500() { fill("SELECT n, 'n' FROM " + numbers(3) + " WHERE n BETWEEN 1 AND 500"); }
  /// So that the database believes in very many rows.
  void grow() {
    const std::unique_ptr<Connection> session = connect(parse_url(database->url()));
    if (GetParam() == Kind::sqlite)
      session->execute("INSERT INTO users (id, name) VALUES (5000000000, 'n')");
    if (GetParam() == Kind::postgres)
      session->execute("UPDATE pg_class SET reltuples = 5e9 WHERE oid = 'users'::regclass");
    if (GetParam() == Kind::mysql) {
      session->execute("INSERT INTO users (id, name) SELECT n, 'n' FROM " + numbers(6) +
                       " WHERE n > 500 AND n <= 700000");
      take_statistics(*session, "users");
    }
  }
  /// What writing all those rows takes then. MariaDB believes in no rows that are not there.
  std::string long_time() const { return GetParam() == Kind::mysql ? "seconds" : "hours"; }
  json plan() {
    const CommandResult result = run({"plan", "--format", "json"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out, nullptr, false)["migrations"];
  }
  static std::vector<std::string> rules_of(const json& findings) {
    std::vector<std::string> rules;
    for (const json& finding : findings) rules.push_back(finding["rule"]);
    return rules;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PlanReview, testing::ValuesIn(all_kinds()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(PlanReview, SaysOfAnIndexWhoWaitsAndHowLong) {
  fill_500();
  write("migrations/002_index.sql",
        "-- sterna:up\nCREATE INDEX users_name ON users (name);\n-- sterna:down\nSELECT 1;\n");
  const json statement = plan()[0]["statements"][0];
  const json& estimate = statement["estimate"];
  EXPECT_EQ(estimate["time"], "instant") << estimate;
  EXPECT_THAT(estimate["basis"].get<std::string>(),
              AllOf(HasSubstr("index over users (about 500 rows"), HasSubstr("a second")));
  ASSERT_EQ(estimate["tables"].size(), 1U) << estimate;
  EXPECT_EQ(estimate["tables"][0]["name"], "users");
  EXPECT_EQ(estimate["tables"][0]["rows"], 500);
  if (GetParam() == Kind::postgres) {
    EXPECT_EQ(estimate["lock"], "SHARE");
    EXPECT_EQ(estimate["blocks"], "writes");
    EXPECT_THAT(rules_of(statement["findings"]), Contains("PG101"));
    EXPECT_THAT(statement["findings"][0]["safe_form"].get<std::string>(),
                HasSubstr("CONCURRENTLY"));
  }
  if (GetParam() == Kind::mysql) {
    EXPECT_EQ(estimate["algorithm"], "INPLACE");
  }
  const CommandResult text = run({"plan"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("-- time: instant (builds an index over users"),
                              HasSubstr("-- lock: "), HasSubstr("CREATE INDEX users_name")))
      << text.out;
  EXPECT_EQ(run({"up", "--dry-run"}).out, text.out);
}

TEST_P(PlanReview, TellsHoursFromAnInstant) {
  fill_500();
  grow();
  write("migrations/002_all.sql",
        "-- sterna:up\nUPDATE users SET name = 'm';\nALTER TABLE users ADD COLUMN age "
        "integer;\n-- sterna:down\nSELECT 1;\n");
  const json statements = plan()[0]["statements"];
  EXPECT_EQ(statements[0]["estimate"]["time"], long_time()) << statements[0];
  // MySQL itself writes the table anew for a column that comes before 8.0.12, or goes before 8.0.29
  // (manual, "Online DDL Operations").
  const ServerInfo server = connect(parse_url(database->url()))->server();
  const auto instant_since = [&](int version) {
    return server.product != "MySQL" || server.version >= version;
  };
  EXPECT_EQ(statements[1]["estimate"]["time"], instant_since(80012) ? "instant" : "seconds")
      << statements[1];
  EXPECT_THAT(statements[1]["estimate"]["basis"].get<std::string>(),
              HasSubstr(instant_since(80012) ? "catalogue" : "rows"));
  write("migrations/002_all.sql",
        "-- sterna:up\nALTER TABLE users DROP COLUMN name;\n-- sterna:down\nSELECT 1;\n");
  // SQLite takes the values out of every row; the others leave them there.
  EXPECT_EQ(plan()[0]["statements"][0]["estimate"]["time"], GetParam() == Kind::sqlite ? "hours"
                                                            : instant_since(80029)     ? "instant"
                                                                                       : "seconds");
}

TEST_P(PlanReview, SaysWhatACrashLeavesBehindEachStatement) {
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY);\nINSERT INTO users (id) VALUES "
        "(1);\nCREATE TABLE posts (id integer PRIMARY KEY);\n-- sterna:down\nSELECT 1;\n");
  const json whole = plan()[0]["statements"];
  const bool transactional = GetParam() != Kind::mysql;
  EXPECT_EQ(whole[0]["after_crash"],
            transactional ? "nothing of the migration remains"
                          : "statement 1 is done; the next run goes on with statement 2; in the "
                            "middle of it, the next run looks whether it took effect");
  std::string text = read("migrations/001_users.sql");
  write("migrations/001_users.sql", "-- sterna:transaction none\n" + text);
  const json parts = plan()[0]["statements"];
  EXPECT_EQ(parts[1]["atomicity"], "in one transaction with its journal entry");
  EXPECT_EQ(parts[1]["after_crash"],
            "statements 1 to 2 are done; the next run goes on with statement 3; in the middle of "
            "it, nothing of it remains");
  EXPECT_THAT(parts[2]["after_crash"].get<std::string>(),
              HasSubstr("all of it is done; the next run writes that into the history"));
}

TEST_P(PlanReview, KnowsTablesThatTheRunMakesItself) {
  write("migrations/002_index.sql",
        "-- sterna:up\nCREATE INDEX users_name ON users (name);\n-- sterna:down\nSELECT 1;\n");
  const json estimate = plan()[1]["statements"][0]["estimate"];
  EXPECT_EQ(estimate["time"], "instant");
  EXPECT_EQ(estimate["blocks"], "");
  EXPECT_EQ(estimate["tables"][0]["made_by_run"], true);
}

TEST_P(PlanReview, StandsInTheFileUnderItsHash) {
  fill_500();
  write("migrations/002_drop.sql",
        "-- sterna:up\nALTER TABLE users DROP COLUMN name;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult made = run({"plan", "--out", "plan.json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr("1 error(s)"));
  const json plan = json::parse(read("plan.json"));
  EXPECT_EQ(plan["schema_version"], 2);
  const json& statement = plan["migrations"][0]["statements"][0];
  EXPECT_THAT(rules_of(statement["findings"]), Contains("ST102"));
  for (const json& finding : statement["findings"]) {
    if (finding["rule"] == "ST102") {
      EXPECT_THAT(finding["loses"].get<std::string>(), HasSubstr("users.name"));
    }
  }
  EXPECT_EQ(statement["estimate"]["tables"][0]["rows"], 500);
  EXPECT_THAT(statement["after_crash"].get<std::string>(), Not(testing::IsEmpty()));
  const std::string text = read("plan.json");
  std::string milder = text;
  milder.replace(milder.find("\"severity\": \"error\""), 19, "\"severity\": \"note\" ");
  write("plan.json", milder);
  const CommandResult refused = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.err, HasSubstr("its hash does not fit"));
  write("plan.json", text);
  EXPECT_EQ(run({"up", "--plan", "plan.json"}).exit_code, 0);
}

TEST_P(PlanReview, OfAnOlderFormatIsRefused) {
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  std::string text = read("plan.json");
  text.replace(text.find("\"schema_version\": 2"), 19, "\"schema_version\": 1");
  write("plan.json", text);
  const CommandResult refused = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("a plan of format 1"), HasSubstr("nothing was run"),
                                 HasSubstr("make it anew")));
}

TEST_P(PlanReview, IsNoWayAroundTheLinterWhereTheEnvironmentIsProtected) {
  write("sterna.toml", "url = \"" + database->url() + "\"\n[env.production]\nprotected = true\n");
  fill_500();
  write("migrations/002_drop.sql", "-- sterna:up\nDROP TABLE users;\n-- sterna:down\nSELECT 1;\n");
  ASSERT_EQ(run({"plan", "--out", "plan.json", "--env", "production"}).exit_code, 0);
  const std::vector<std::string> up{"up", "--plan", "plan.json", "--env", "production", "--yes"};
  const CommandResult refused = run(up);
  EXPECT_EQ(refused.exit_code, 8) << refused.err;
  EXPECT_THAT(refused.err, AllOf(HasSubstr("ST101"), HasSubstr("nothing was changed")));
  std::vector<std::string> anyway = up;
  anyway.emplace_back("--no-lint");
  EXPECT_EQ(run(anyway).exit_code, 0);
}

TEST_P(PlanReview, WarnsWhenATableHasGrownSince) {
  fill_500();
  write("migrations/002_update.sql",
        "-- sterna:up\nUPDATE users SET name = 'm' WHERE id < 10;\n-- sterna:down\nSELECT 1;\n");
  ASSERT_EQ(run({"plan", "--out", "plan.json"}).exit_code, 0);
  grow();
  write("sterna.toml", "strict = true\nurl = \"" + database->url() + "\"\n");
  const CommandResult refused = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.err, HasSubstr("longer than was agreed to"));
  write("sterna.toml", "url = \"" + database->url() + "\"\n");
  const CommandResult up = run({"up", "--plan", "plan.json"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_THAT(up.err, HasSubstr("statement 1 of 002_update: instant when the plan was made, " +
                                long_time() + " now"));
}

TEST_P(PlanReview, OfABackfillSpeaksOfItsBatches) {
  fill_500();
  write("migrations/002_fill.sql",
        "-- sterna:transaction none\n-- sterna:up\n-- sterna:backfill batch=100\nUPDATE users SET "
        "name = 'm';\n-- sterna:down\nSELECT 1;\n");
  const json statement = plan()[0]["statements"][0];
  EXPECT_THAT(statement["atomicity"].get<std::string>(), HasSubstr("in batches"));
  EXPECT_THAT(statement["estimate"]["basis"].get<std::string>(),
              HasSubstr("in batches over users (about 500 rows"));
  EXPECT_THAT(rules_of(statement["findings"]), Not(Contains("ST107")));
}

struct PlanReviewOfCode : OpsProject {};
INSTANTIATE_TEST_SUITE_P(Engines, PlanReviewOfCode, testing::Values(Kind::postgres),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(PlanReviewOfCode, IsThatOfItsStatements) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write(
      "migrations/002_narrow.cpp",
      "#include <sterna/migration.hpp>\nstruct Narrow : sterna::Migration {\n  void "
      "up(sterna::Schema& schema) override {\n    schema.alter_table(\"users\", "
      "[](sterna::TableBuilder& table) { table.text(\"note\"); table.drop_column(\"name\"); });\n "
      " }\n  void down(sterna::Schema&) override {}\n};\nSTERNA_MIGRATION(Narrow);\n");
  const CommandResult made = run({"plan", "--out", "plan.json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const json statements = json::parse(read("plan.json"))["migrations"][0]["statements"];
  bool found = false;
  for (const json& statement : statements) {
    EXPECT_EQ(statement["estimate"]["lock"], "ACCESS EXCLUSIVE") << statement;
    for (const json& finding : statement["findings"]) found |= finding["rule"] == "ST102";
  }
  EXPECT_TRUE(found) << statements;
  EXPECT_EQ(run({"up", "--plan", "plan.json"}).exit_code, 0);
}

struct PlanReviewOfCql : OpsProject {};
INSTANTIATE_TEST_SUITE_P(Engines, PlanReviewOfCql, testing::Values(Kind::cql),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(PlanReviewOfCql, KnowsThatDefinitionsTakeNoLock) {
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY, name text);\nALTER TABLE users DROP "
        "name;\n-- sterna:down\nDROP TABLE users;\n");
  const CommandResult result = run({"plan", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json statements = json::parse(result.out)["migrations"][0]["statements"];
  EXPECT_EQ(statements[1]["estimate"]["lock"], "");
  EXPECT_EQ(statements[1]["estimate"]["time"], "instant");
  EXPECT_THAT(statements[1]["after_crash"].get<std::string>(), HasSubstr("all of it is done"));
}

}  // namespace
}  // namespace sterna::test
