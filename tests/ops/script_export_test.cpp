// The script does what a run does: statements, history rows.
#include "ops/project.hpp"

#include "base/system.hpp"
#include "database/registry.hpp"
#include "sql/splitter.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct ScriptExport : OpsProject {
  /// By the database's own client, as its manual says for scripts. cqlsh is in no package.
  ProcessResult run_client(const std::string& text) const {
    const Url url = parse_url(database->url());
    const std::string file = (folder.path() / "by_hand.sql").string();
    write("by_hand.sql", text);
    switch (GetParam()) {
      case Kind::postgres:
        return run_process({"psql", "-X", "-q", "-d", database->url(), "-f", file});
      case Kind::mysql:
        return run_process({"sh", "-c",
                            "mariadb --no-defaults -h" + url.hosts.at(0).name + " -P" +
                                std::to_string(url.hosts.at(0).port) + " -u" + url.user + " " +
                                url.database + " < " + file + " 2>&1"});
      case Kind::sqlite:
        return run_process({"sh", "-c", "sqlite3 '" + url.database + "' < " + file + " 2>&1"});
      case Kind::cql:
        break;
    }
    const auto session = connect(url, {});
    for (const Statement& statement :
         split_statements(text, session->dialect().language(), "script"))
      session->execute(statement);
    return {};
  }
  void run_script(const std::string& text) const {
    const ProcessResult client = run_client(text);
    EXPECT_EQ(client.exit_code, 0) << client.output << text;
  }
  std::string exported() const {
    const CommandResult script = run({"export", "--to", "sql"});
    EXPECT_EQ(script.exit_code, 0) << script.err;
    return script.out;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptExport, testing::ValuesIn(all_kinds()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(ScriptExport, RunByHandLeavesTheSameHistory) {
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  write("migrations/repeatable/zero.sql", "DELETE FROM posts WHERE id = 0;\n");
  const CommandResult first = run({"export", "--to", "sql", "--until", "001"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, testing::Not(HasSubstr("posts")));
  run_script(first.out);
  EXPECT_THAT(run({"status"}).err, HasSubstr("1 applied, 2 pending"));
  const CommandResult rest = run({"export", "--output", "rest.sql"});
  ASSERT_EQ(rest.exit_code, 0) << rest.err;
  run_script(read("rest.sql"));
  const CommandResult status = run({"status", "--check"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_THAT(run({"up"}).err, HasSubstr("nothing to do"));
}

/// The other clients know bodies.
struct ScriptForTheClient : ScriptExport {};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptForTheClient, testing::Values(Kind::mysql));

TEST_P(ScriptForTheClient, HoldsRoutines) {
  write("migrations/002_routine.sql",
        "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END;\nCREATE TABLE posts (id integer "
        "PRIMARY KEY);\n");
  ASSERT_EQ(run({"export", "--output", "all.sql"}).exit_code, 0);
  run_script(read("all.sql"));
  const CommandResult status = run({"status", "--check"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_EQ(run({"query", "CALL two()"}).exit_code, 0);
}

/// The rows of COPY, and none of them.
struct ScriptForPsql : ScriptExport {};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptForPsql, testing::Values(Kind::postgres));

TEST_P(ScriptForPsql, HoldsTheRowsOfCopy) {
  write("migrations/002_rows.sql",
        "COPY users (id, name) FROM stdin;\n1\tann\n2\t\\N\n3\ta;b\n\\.\nCREATE TABLE last (id "
        "integer);\n");
  run_script(exported());
  const auto all = [&] { return run({"query", "SELECT id, name FROM users ORDER BY id"}).out; };
  const std::string by_hand = all();
  EXPECT_THAT(by_hand, HasSubstr("a;b"));
  EXPECT_EQ(run({"query", "SELECT * FROM last"}).exit_code, 0);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  ASSERT_EQ(run({"fresh", "--yes"}).exit_code, 0);
  EXPECT_EQ(all(), by_hand);
}

TEST_P(ScriptForPsql, StopsAtTheFirstError) {
  write("migrations/002_fails.sql", "INSERT INTO missing VALUES (1);\n");
  write("migrations/003_later.sql", "CREATE TABLE later (id integer);\n");
  EXPECT_NE(run_client(exported()).exit_code, 0);
  EXPECT_THAT(run({"status"}).err, HasSubstr("1 applied, 2 pending"));
}

struct ScriptWithAssertions : ScriptExport {
  /// What the client says; migration 3 has to stay out when it fails.
  ProcessResult asked(const std::string& question) {
    write("migrations/002_asserts.sql",
          "INSERT INTO users (id, name) VALUES (7, NULL);\n"
          "-- sterna:assert " +
              question + "\n");
    write("migrations/003_later.sql", "CREATE TABLE later (id integer PRIMARY KEY);\n");
    return run_client(exported());
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptWithAssertions,
                         testing::Values(Kind::postgres, Kind::mysql, Kind::sqlite),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

/// The same questions that `up` lets pass.
TEST_P(ScriptWithAssertions, GoesOnWhereTheAnswerIsNothingOrZero) {
  const int version = connect(parse_url(database->url()), {})->server().version;
  const bool knows_with = GetParam() != Kind::mysql || version >= 80000;
  std::string questions;
  for (const char* question :
       {knows_with ? "WITH few AS (SELECT id, name FROM users) SELECT id FROM few WHERE id = 9"
                   : "SELECT id FROM users WHERE id = 9",
        "SELECT id, name FROM users WHERE id = 8", "SELECT * FROM users WHERE id = 8",
        "SELECT count(*) - 1 FROM users;", "SELECT id FROM users WHERE id > 8 -- none",
        "SELECT 1 = 2", "SELECT min(id) - 7 FROM users ORDER BY 1 LIMIT 1",
        "SELECT 0 UNION SELECT 0"})
    questions += std::string("SELECT 1;\n-- sterna:assert ") + question + "\n";
  write("migrations/004_more.sql", questions);
  const ProcessResult client = asked("SELECT id FROM users WHERE id = 8");
  EXPECT_EQ(client.exit_code, 0) << client.output << read("by_hand.sql");
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
}

TEST_P(ScriptWithAssertions, StopsWhereItDoesNotHold) {
  for (const char* question :
       {"SELECT id FROM users WHERE name IS NULL", "SELECT count(*) FROM users",
        "SELECT * FROM users", "SELECT name FROM users", "SELECT 0 UNION ALL SELECT 0",
        "SELECT id, id FROM users", "SELECT 0, 0", "SELECT ''"}) {
    const ProcessResult client = asked(question);
    EXPECT_NE(client.exit_code, 0) << question << read("by_hand.sql");
    EXPECT_THAT(client.output, HasSubstr("assertion at 002_asserts.sql:2")) << question;
    EXPECT_NE(run({"query", "SELECT * FROM later"}).exit_code, 0) << question;
    ASSERT_THAT(run({"status"}).err, HasSubstr("1 applied, 2 pending")) << question;
    ASSERT_EQ(run({"query", "DELETE FROM users"}).exit_code, 0);  // MariaDB: no transaction
  }
}

struct ScriptWithoutAssertions : ScriptExport {};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptWithoutAssertions,
                         testing::Values(Kind::sqlite, Kind::mysql, Kind::cql),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(ScriptWithoutAssertions, IsRefusedWhereNoneCanBeWritten) {
  const std::string question = GetParam() == Kind::sqlite  ? "PRAGMA foreign_key_check"
                               : GetParam() == Kind::mysql ? "SHOW TABLES LIKE 'x'"
                                                           : "SELECT id FROM users";
  if (GetParam() == Kind::cql) {
    write("migrations/001_users.sql", "CREATE TABLE users (id int PRIMARY KEY);\n");
    const CommandResult early = run({"export"});
    EXPECT_EQ(early.exit_code, 6) << early.err;
    EXPECT_THAT(early.err, HasSubstr("sterna up"));
    ASSERT_EQ(run({"up"}).exit_code, 0);
  }
  write("migrations/002_asserts.sql",
        "-- sterna:assert " + question + "\nCREATE TABLE later (id int PRIMARY KEY);\n");
  const CommandResult script = run({"export", "--to", "sql", "--output", "all.sql"});
  EXPECT_EQ(script.exit_code, 6);
  EXPECT_THAT(script.err, testing::AllOf(HasSubstr("002_asserts"), HasSubstr("002_asserts.sql:1"),
                                         HasSubstr("--until")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "all.sql"));
}

}  // namespace
}  // namespace sterna::test
