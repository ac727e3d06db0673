// sterna lint, and lint before `up` in a protected environment.
#include "base/file.hpp"
#include "base/system.hpp"
#include "database/registry.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct LintCommand : testing::Test {
  CommandResult run(const std::vector<std::string>& arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  void git(std::vector<std::string> arguments) {
    std::vector<std::string> command{"git",         "-C", folder.path().string(),    "-c",
                                     "user.name=t", "-c", "user.email=t@example.com"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ProcessResult result = run_process(command);
    ASSERT_EQ(result.exit_code, 0) << result.output;
  }
  TempFolder folder;
};

constexpr std::string_view good =
    "-- sterna:up\nCREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email "
    "text);\n-- sterna:down\nDROP TABLE users;\n";
constexpr std::string_view bad =
    "-- sterna:up\nCREATE INDEX users_email ON users (email);\n-- sterna:down\nDROP INDEX "
    "users_email;\n";

TEST_F(LintCommand, SaysInOneErrorThatThereIsNoRepository) {
  write("migrations/001_users.sql", good);
  const CommandResult result = run({"lint", "--dialect", "postgres", "--since", "HEAD"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, AllOf(HasSubstr("is in no repository"), HasSubstr("--since")));
  EXPECT_LT(std::count(result.err.begin(), result.err.end(), '\n'), 8) << result.err;
}

TEST_F(LintCommand, ReadsTheFolderWithoutADatabaseAndEndsWithEight) {
  write("migrations/001_users.sql", good);
  EXPECT_EQ(run({"lint", "--dialect", "postgres"}).exit_code, 0);
  write("migrations/002_index.sql", bad);
  const CommandResult result = run({"lint", "--dialect", "postgres"});
  EXPECT_EQ(result.exit_code, 8) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("migrations/002_index.sql:2:1: error PG101"),
                                HasSubstr("lock: SHARE on users, blocks writes"),
                                HasSubstr("CREATE INDEX CONCURRENTLY users_email")));
  EXPECT_THAT(result.err, HasSubstr("2 migration(s): 1 error(s)"));
}

TEST_F(LintCommand, NamedFilesNeedNoFolder) {
  write("a.sql", bad);
  EXPECT_EQ(run({"lint", "--dialect", "postgres", "a.sql"}).exit_code, 8);
  EXPECT_EQ(run({"lint", "--dialect", "postgres", "gone.sql"}).exit_code, 3);
}

TEST_F(LintCommand, HasToKnowTheLanguage) {
  write("a.sql", bad);
  const CommandResult result = run({"lint", "a.sql"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err, HasSubstr("--dialect"));
  EXPECT_EQ(run({"lint", "--url", "postgres://nowhere.invalid/x", "a.sql"}).exit_code,
            8);  // it is not connected to
}

TEST_F(LintCommand, KnowsEveryDatabaseByName) {
  write("a.sql",
        "-- sterna:up\nDROP TABLE a;\n-- sterna:down\nCREATE TABLE a (id int PRIMARY KEY);\n");
  for (const std::string dialect : {"postgres", "mysql", "mariadb", "sqlite", "cql"})
    EXPECT_EQ(run({"lint", "--dialect", dialect, "a.sql"}).exit_code, 8) << dialect;
}

TEST_F(LintCommand, WritesWhatMachinesRead) {
  write("a.sql", bad);
  const auto json = nlohmann::json::parse(
      run({"lint", "--dialect", "postgres", "--format", "json", "a.sql"}).out);
  EXPECT_EQ(json["errors"], 1);
  const auto sarif = nlohmann::json::parse(
      run({"lint", "--dialect", "postgres", "--format", "sarif", "a.sql"}).out);
  EXPECT_EQ(sarif["runs"][0]["tool"]["driver"]["name"], "sterna");
  EXPECT_THAT(run({"lint", "--dialect", "postgres", "--format", "github", "a.sql"}).out,
              HasSubstr("::error file=a.sql,line=2"));
  EXPECT_THAT(run({"lint", "--dialect", "postgres", "--format", "junit", "a.sql"}).out,
              HasSubstr("<testsuite"));
}

TEST_F(LintCommand, TellsFromASeverityOn) {
  write("a.sql", "CREATE TABLE a (id bigint PRIMARY KEY, name varchar(20));\n");
  EXPECT_THAT(run({"lint", "--dialect", "postgres", "a.sql"}).out,
              AllOf(HasSubstr("PG407"), HasSubstr("ST201")));
  EXPECT_THAT(run({"lint", "--dialect", "postgres", "--severity", "warning", "a.sql"}).out,
              AllOf(Not(HasSubstr("PG407")), HasSubstr("ST201")));
}

TEST_F(LintCommand, FollowsThePolicyOfTheEnvironment) {
  write("sterna.toml",
        "url = \"postgres://nowhere.invalid/x\"\n[lint]\nignore = "
        "[\"ST201\"]\n[lint.severity]\nPG101 = \"warning\"\n"
        "[lint.rule.ORG1]\npattern = \"users_email\"\nmessage = \"no such index\"\nseverity = "
        "\"note\"\n"
        "[env.production]\n[env.production.lint.severity]\nPG101 = \"error\"\n");
  write("migrations/002_index.sql", bad);
  const CommandResult development = run({"lint"});
  EXPECT_EQ(development.exit_code, 0) << development.err;
  EXPECT_THAT(development.out,
              AllOf(HasSubstr("warning PG101"), HasSubstr("note ORG1 no such index")));
  EXPECT_EQ(run({"lint", "--env", "production"}).exit_code, 8);
}

TEST_F(LintCommand, RefusesAPolicyItDoesNotUnderstand) {
  write("migrations/002_index.sql", bad);
  for (const std::string text :
       {"[lint]\nseverities = []\n", "[lint.severity]\nPG999 = \"off\"\n",
        "[lint.severity]\nPG101 = \"loud\"\n", "[lint.rule.X]\npattern = \"(\"\nmessage = \"m\"\n",
        "[lint.rule.X]\npattern = \"a\"\n"}) {
    write("sterna.toml", text);
    EXPECT_EQ(run({"lint", "--dialect", "postgres"}).exit_code, 3) << text;
  }
}

TEST_F(LintCommand, SinceARevisionTellsOfWhatChanged) {
  write("migrations/001_index.sql", bad);
  git({"init", "-q"});
  git({"add", "."});
  git({"commit", "-q", "-m", "first"});
  write("migrations/002_drop.sql",
        "-- sterna:up\nDROP TABLE a;\n-- sterna:down\nCREATE TABLE a (id bigint PRIMARY KEY);\n");
  const CommandResult result = run({"lint", "--dialect", "postgres", "--since", "HEAD"});
  EXPECT_EQ(result.exit_code, 8) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("002_drop.sql"), Not(HasSubstr("001_index.sql"))));
  const CommandResult unknown =
      run({"lint", "--dialect", "postgres", "--since", "no-such-revision"});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, HasSubstr("no-such-revision"));
  EXPECT_LT(std::count(unknown.err.begin(), unknown.err.end(), '\n'), 8) << unknown.err;
}

TEST_F(LintCommand, PendingLooksAtTheDatabase) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n");
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT) STRICT;\nCREATE "
        "INDEX users_email ON users (email);\n-- sterna:down\nDROP TABLE users;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_THAT(run({"lint", "--pending"}).out, IsEmpty());
  write("migrations/002_drop.sql",
        "-- sterna:up\n-- sterna:allow ST102 nobody reads it\nALTER TABLE users DROP COLUMN "
        "email;\nALTER TABLE people ADD COLUMN a TEXT;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult result = run({"lint", "--pending"});
  EXPECT_EQ(result.exit_code, 8) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("SL109"), HasSubstr("users_email"), HasSubstr("ST310"),
                                Not(HasSubstr("ST102"))));
}

TEST_F(LintCommand, PendingAsksTheServerForItsVersionAndTypes) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  write("sterna.toml", "url = \"" + database.url() + "\"\n");
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id bigint PRIMARY KEY, name varchar(20), price "
        "numeric(8, 2));\n-- sterna:down\nDROP TABLE users;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  session->execute("INSERT INTO users (id) SELECT generate_series(1, 500)");
  session->execute("ANALYZE users");
  write("migrations/002_types.sql",
        "-- sterna:up\nALTER TABLE users ALTER COLUMN name TYPE varchar(40);\nALTER TABLE users "
        "ALTER COLUMN price TYPE numeric(8, 3);\n-- sterna:down\nSELECT 1;\n");
  const CommandResult result = run({"lint", "--pending"});
  EXPECT_EQ(result.exit_code, 8) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("002_types.sql:3:1: error PG205"), HasSubstr("about 500 rows"),
                    Not(HasSubstr("002_types.sql:2:1: error PG205"))));
}

TEST_F(LintCommand, PendingReadsTypesOfMysql) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  const TestDatabase database(Kind::mysql);
  write("sterna.toml", "url = \"" + database.url() + "\"\n");
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id bigint PRIMARY KEY, state enum('new','it''s, done'), "
        "n int unsigned);\n-- sterna:down\nDROP TABLE users;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  write("migrations/002_types.sql",
        "-- sterna:up\nALTER TABLE users MODIFY state enum('new','it''s, done','open');\nALTER "
        "TABLE users MODIFY n int(10) unsigned;\n"
        "ALTER TABLE users MODIFY n int;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult result = run({"lint", "--pending"});
  EXPECT_EQ(result.exit_code, 8) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("002_types.sql:4:1: error MY101"), Not(HasSubstr("MY102")),
                    Not(HasSubstr("002_types.sql:3:1: error MY101"))));
}

TEST_F(LintCommand, UpRefusesErrorsWhereTheEnvironmentIsProtected) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n[env.production]\nprotected = true\n");
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id INTEGER PRIMARY KEY) STRICT;\n-- sterna:down\nDROP "
        "TABLE users;\n");
  EXPECT_EQ(run({"up", "--env", "production", "--yes"}).exit_code, 0);
  write("migrations/002_drop.sql", "-- sterna:up\nDROP TABLE users;\n-- sterna:down\nSELECT 1;\n");
  const CommandResult refused = run({"up", "--env", "production", "--yes"});
  EXPECT_EQ(refused.exit_code, 8) << refused.err;
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("ST101"), HasSubstr("nothing was changed"), HasSubstr("--no-lint")));
  EXPECT_EQ(run({"up", "--env", "production", "--yes", "--no-lint"}).exit_code, 0);
}

TEST_F(LintCommand, WhatARunHasCommittedIsNotJudgedAgain) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n[env.production]\nprotected = true\n");
  const std::string begin =
      "-- sterna:transaction none\n-- sterna:reversible never in a test\n"
      "ALTER TABLE a ADD COLUMN w int;\n";
  write("migrations/001_a.sql",
        "-- sterna:up\nCREATE TABLE a (id int PRIMARY KEY);\n-- sterna:down\nDROP TABLE a;\n");
  write("migrations/002_w.sql", begin + "UPDATE a SET nosuch = 1 WHERE id = 1;\n");
  EXPECT_EQ(run({"up"}).exit_code, 1);
  write("migrations/002_w.sql", begin + "UPDATE a SET w = 1 WHERE id = 1;\n");
  const CommandResult plan = run({"plan", "--env", "production"});
  EXPECT_THAT(plan.out, AllOf(HasSubstr("statement 1 is committed by an earlier run"),
                              Not(HasSubstr("ADD COLUMN")), HasSubstr("UPDATE a SET w = 1")));
  const CommandResult up = run({"up", "--env", "production", "--yes"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
}

TEST_F(LintCommand, UpElsewhereDoesNotAsk) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n");
  write("migrations/001_drop.sql",
        "-- sterna:up\nDROP TABLE IF EXISTS users;\n-- sterna:down\nSELECT 1;\n");
  EXPECT_EQ(run({"up"}).exit_code, 0);
}

TEST_F(LintCommand, MigrationsInCppAreLintedByTheirPlan) {
  write("sterna.toml", "url = \"sqlite:app.db\"\n");
  write("migrations/001_make.cpp",
        "#include <sterna/migration.hpp>\nstruct Make : sterna::Migration {\n  void "
        "up(sterna::Schema& schema) override { schema.raw(\"CREATE TABLE a (id INT PRIMARY "
        "KEY)\"); }\n"
        "  void down(sterna::Schema& schema) override { schema.drop_table(\"a\"); "
        "}\n};\nSTERNA_MIGRATION(Make);\n");
  const CommandResult result = run({"lint", "--pending"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("SL402"), HasSubstr("001_make.cpp"))) << result.err;
}

TEST_F(LintCommand, ListsItsRules) {
  EXPECT_THAT(run({"lint", "--rules"}).out,
              AllOf(HasSubstr("PG101"), HasSubstr("index-blocks-writes"), HasSubstr("CQ101")));
}

}  // namespace
}  // namespace sterna::test
