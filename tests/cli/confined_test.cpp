// Looking at a database and testing its migrations leaves it alone, whatever the migrations name:
// the place itself in full, other places, users and roles.
#include "base/url.hpp"
#include "cli/project_fixture.hpp"
#include "database/registry.hpp"
#include "support/cql_versions.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A project on one kind of server. On PostgreSQL with a role that may make no databases, so that a
/// schema stands for one.
struct Confined : CommandProject, testing::TestWithParam<Kind> {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    Url used = parse_url(database->url());
    server = connect(used);
    place = used.database;
    if (GetParam() == Kind::postgres) {
      role = place + "_limited";
      server->execute("CREATE ROLE " + role + " LOGIN NOCREATEDB");
      server->execute("GRANT CREATE ON DATABASE " + place + " TO " + role);
      server->execute("GRANT USAGE, CREATE ON SCHEMA public TO " + role);
      used.user = role;
      place = "public";
    }
    write("sterna.toml", "url = \"" + used.reveal() + "\"\n");
  }
  void TearDown() override {
    if (role.empty()) return;
    server->execute("DROP OWNED BY " + role);
    server->execute("DROP ROLE " + role);
  }
  std::int64_t number(const std::string& sql) const {
    return server->query(sql).front().get<std::int64_t>(0);
  }
  /// Everything that runs migrations to look at what they make.
  void look() const {
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"schema", "drift", "--check"},
             {"test"},
             {"validate", "--database"},
             {"schema", "diff", "--from", "migrations", "--to", "database", "--exit-code"},
             {"schema", "inspect", "applied"}}) {
      const CommandResult result = run(command);
      EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(command) << result.out << result.err;
    }
  }
  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> server;
  std::string place, role;
};
INSTANTIATE_TEST_SUITE_P(Engines, Confined, testing::Values(Kind::postgres, Kind::mysql, Kind::cql),
                         testing::PrintToStringParamName());

TEST_P(Confined, NamesInFullMeanTheScratch) {
  const std::string key = GetParam() == Kind::cql ? "id timeuuid PRIMARY KEY" : "id int";
  const std::string row = GetParam() == Kind::cql ? " (id) VALUES (now())" : " (id) VALUES (1)";
  // As scripts begin that are to run on an empty server.
  const std::string begin =
      GetParam() == Kind::postgres ? "CREATE SCHEMA IF NOT EXISTS public;\n"
      : GetParam() == Kind::mysql
          ? "CREATE DATABASE IF NOT EXISTS " + place + ";\nUSE " + place + ";\n"
          : "CREATE KEYSPACE IF NOT EXISTS " + place +
                " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};\nUSE " +
                place + ";\n";
  write("migrations/001_users.sql", "-- sterna:up\n" + begin + "CREATE TABLE IF NOT EXISTS " +
                                        place + ".users (" + key + ");\nINSERT INTO " + place +
                                        ".users" + row + ";\n-- sterna:down\nDROP TABLE " + place +
                                        ".users;\n");
  if (GetParam() == Kind::cql)
    std::filesystem::rename(folder.path() / "migrations/001_users.sql",
                            folder.path() / "migrations/001_users.cql");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  look();
  EXPECT_EQ(number("SELECT count(*) FROM " + place + ".users"), 1);
  ASSERT_EQ(run({"down"}).exit_code, 0);
  EXPECT_FALSE(server->has_table("users"));
}

/// Bodies keep the name as it is written: the scratch's is not told for a difference.
TEST_P(Confined, NamesInBodiesAreNoDifference) {
  if (GetParam() != Kind::mysql) return;  // PostgreSQL refuses them, CQL has no SQL in bodies
  write("migrations/001_log.sql",
        "-- sterna:up\nCREATE TABLE " + place + ".a (id int);\nCREATE TABLE `" + place +
            "`.log (id int);\nCREATE TRIGGER " + place + ".tr AFTER INSERT ON " + place +
            ".a FOR EACH ROW INSERT INTO `" + place + "`.log VALUES (NEW.id);\nCREATE FUNCTION " +
            place + ".fu() RETURNS int DETERMINISTIC RETURN (SELECT count(*) FROM " + place +
            ".log);\nINSERT INTO " + place + ".a VALUES (1);\n-- sterna:down\nDROP FUNCTION " +
            place + ".fu;\nDROP TABLE " + place + ".a, " + place + ".log;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  look();
  EXPECT_THAT(run({"schema", "inspect", "migrations"}).out, Not(HasSubstr("sterna_scratch")));
  const TestDatabase aside(Kind::mysql);
  const CommandResult given = run({"schema", "drift", "--check", "--scratch", aside.url()});
  EXPECT_EQ(given.exit_code, 0) << given.out << given.err;
  EXPECT_EQ(number("SELECT count(*) FROM log"), 1);
}

TEST_P(Confined, ACheckpointHoldsTheRows) {
  if (GetParam() != Kind::cql) return;  // the others' stand in schema_apply_test.cpp
  write("migrations/001_users.cql",
        "-- sterna:up\nCREATE TYPE addr (street text);\n"
        "CREATE TABLE users (id int, at timeuuid, home frozen<addr>, tags set<text>, "
        "PRIMARY KEY (id, at));\n"
        "INSERT INTO users (id, at, home, tags) "
        "VALUES (1, now(), {street: 'O''Hara \"x\" \\'}, {'a', 'b'});\n"
        "-- sterna:down\nDROP TABLE users;\nDROP TYPE addr;\n");
  write("migrations/002_more.cql", "ALTER TABLE users ADD n int;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult squash = run({"squash", "--to", "002", "--yes"});
  ASSERT_EQ(squash.exit_code, 0) << squash.err;
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "migrations/002_checkpoint.cql"));
  const TestDatabase other(Kind::cql);
  const CommandResult up = run({"up", "--url", other.url()});
  ASSERT_EQ(up.exit_code, 0) << up.err;
  const auto there = connect(parse_url(other.url()));
  EXPECT_EQ(there->query("SELECT JSON id, home, tags, n FROM users").front().get<std::string>(0),
            server->query("SELECT JSON id, home, tags, n FROM users").front().get<std::string>(0));
}

TEST_P(Confined, AnotherPlaceIsNotTouched) {
  const std::string type = GetParam() == Kind::cql ? ".cql" : ".sql";
  const std::string other = place == "public" ? "other" : place + "_other";
  server->execute(GetParam() == Kind::cql ? "CREATE KEYSPACE " + other +
                                                " WITH replication = {'class': 'SimpleStrategy', "
                                                "'replication_factor': 1}"
                  : GetParam() == Kind::mysql
                      ? "CREATE DATABASE " + other
                      : "CREATE SCHEMA " + other + " AUTHORIZATION " + role);
  server->execute("CREATE TABLE " + other + ".t (id int PRIMARY KEY)");
  if (GetParam() == Kind::postgres) server->execute("GRANT ALL ON other.t TO " + role);
  write("migrations/001_t" + type, "-- sterna:up\nINSERT INTO " + other +
                                       ".t (id) VALUES (1);\n-- sterna:down\nTRUNCATE " + other +
                                       ".t;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult drift = run({"schema", "drift"});
  EXPECT_EQ(drift.exit_code, 7) << drift.err;
  EXPECT_THAT(drift.err, AllOf(HasSubstr("001_t" + type + ":2:1"), HasSubstr("on " + other),
                               HasSubstr("nothing was changed")));
  EXPECT_EQ(run({"test"}).exit_code, 9);
  EXPECT_EQ(number("SELECT count(*) FROM " + other + ".t"), 1);
  server->execute(std::string("DROP ") +
                  (GetParam() == Kind::cql     ? "KEYSPACE "
                   : GetParam() == Kind::mysql ? "DATABASE "
                                               : "SCHEMA ") +
                  other + (GetParam() == Kind::postgres ? " CASCADE" : ""));
}

/// Users and roles, on the servers where a scratch is a database.
struct ConfinedRoles : CommandProject, testing::TestWithParam<Kind> {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database = std::make_unique<TestDatabase>(GetParam());
    server = connect(parse_url(database->url()));
    user = database->name() + "_u";
    if (user.size() > 32) user = user.substr(user.size() - 32);
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
    const bool mysql = GetParam() == Kind::mysql;
    write("migrations/001_user.sql",
          "-- sterna:up\nCREATE TABLE t (id int);\nCREATE USER " + user +
              (mysql ? " IDENTIFIED BY 'a'" : " PASSWORD 'a'") + ";\nGRANT SELECT ON t TO " + user +
              ";\nALTER USER " + user + (mysql ? " IDENTIFIED BY 'b'" : " PASSWORD 'b'") +
              ";\n-- sterna:down\nDROP TABLE t;\nDROP USER " + user + ";\n");
  }
  void TearDown() override {
    if (server) server->execute("DROP USER IF EXISTS " + user);
  }
  std::int64_t number(const std::string& sql) const {
    return server->query(sql).front().get<std::int64_t>(0);
  }
  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> server;
  std::string user;
};
INSTANTIATE_TEST_SUITE_P(Engines, ConfinedRoles, testing::Values(Kind::postgres, Kind::mysql),
                         testing::PrintToStringParamName());

TEST_P(ConfinedRoles, AreMadeByARunAlone) {
  const CommandResult before = run({"test"});
  EXPECT_EQ(before.exit_code, 0) << before.out << before.err;
  EXPECT_FALSE(server->has_role(user));
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_TRUE(server->has_role(user));
  const CommandResult drift = run({"schema", "drift", "--check", "-v"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
  EXPECT_THAT(drift.err,
              AllOf(HasSubstr("CREATE USER: left out in the scratch"), Not(HasSubstr("'b'"))));
  const CommandResult after = run({"test"});
  EXPECT_EQ(after.exit_code, 0) << after.out << after.err;
  EXPECT_TRUE(server->has_role(user)) << "the way down was tested on the server's own user";
  if (GetParam() == Kind::mysql) {  // a database leaves its privileges behind
    EXPECT_EQ(server->query("SELECT db FROM mysql.tables_priv WHERE user = '" + user + "'").size(),
              1U);
  }
  const CommandResult down = run({"down"});
  ASSERT_EQ(down.exit_code, 0) << down.err;
  EXPECT_FALSE(server->has_role(user));
}

TEST_P(ConfinedRoles, AndTheirRightsOutliveASquash) {
  write("migrations/002_more.sql",
        "CREATE TABLE gone (id int);\nGRANT SELECT ON gone TO " + user +
            ";\nGRANT INSERT ON t TO " + user + ";\nALTER DATABASE " + database->name() +
            (GetParam() == Kind::mysql ? " CHARACTER SET utf8mb4" : " SET timezone = 'UTC'") +
            ";\n");
  write("migrations/003_gone.sql", "DROP TABLE gone;\n");
  const CommandResult squash = run({"squash", "--to", "003", "--yes"});
  ASSERT_EQ(squash.exit_code, 0) << squash.err;
  EXPECT_THAT(squash.err, HasSubstr("at its end: 5"));
  EXPECT_FALSE(server->has_role(user));
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_TRUE(server->has_role(user));
  EXPECT_EQ(
      number("SELECT count(*) FROM information_schema.table_privileges WHERE grantee LIKE '%" +
             user + "%' AND privilege_type IN ('SELECT', 'INSERT')"),
      2);
  ASSERT_EQ(run({"down", "--allow-destructive"}).exit_code, 0);
}

/// PostgreSQL databases whose unqualified names are not those of the schema public.
struct SearchPaths : CommandProject, testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    database = std::make_unique<TestDatabase>(Kind::postgres);
    server = connect(parse_url(database->url()));
    write("migrations/001_t.sql",
          "-- sterna:up\nCREATE TABLE t (id int PRIMARY KEY);\nCREATE TABLE app.u (id int "
          "REFERENCES t);\n-- sterna:down\nDROP TABLE app.u;\nDROP TABLE t;\n");
  }
  void use(const std::string& options) {
    Url url = parse_url(database->url());
    if (!options.empty()) url.parameters["options"] = options;
    write("sterna.toml", "url = \"" + url.reveal() + "\"\n");
  }
  void expect_no_drift() {
    for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
             {"schema", "drift", "--check"},
             {"test"},
             {"schema", "diff", "--from", "migrations", "--to", "database", "--exit-code"}}) {
      const CommandResult result = run(command);
      EXPECT_EQ(result.exit_code, 0) << testing::PrintToString(command) << result.out << result.err;
    }
    const CommandResult text = run({"schema", "inspect"});
    write("schema.sql", text.out);
    const CommandResult same = run({"schema", "diff", "--to", "schema.sql", "--exit-code"});
    EXPECT_EQ(same.exit_code, 0) << text.out << same.out << same.err;
  }
  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> server;
};

TEST_F(SearchPaths, AScratchHasThatOfTheUrl) {
  server->execute("CREATE SCHEMA app");
  use("-csearch_path=app");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  expect_no_drift();
}

TEST_F(SearchPaths, AScratchHasThatOfTheDatabaseAndItsOtherSettings) {
  server->execute("CREATE SCHEMA app");
  server->execute("ALTER DATABASE " + database->name() + " SET search_path = app, public");
  server->execute("ALTER DATABASE " + database->name() + " SET timezone = 'Asia/Kathmandu'");
  use("");
  // The zone is part of what the default means.
  write("migrations/002_at.sql",
        "-- sterna:up\nALTER TABLE t ADD at timestamptz DEFAULT '2026-01-01 00:00';\n-- "
        "sterna:down\nALTER TABLE t DROP at;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  expect_no_drift();
}

TEST_F(SearchPaths, ASchemaThatMigrationsMakeWhereItIsNotThereStaysAsItWas) {
  server->execute("CREATE SCHEMA app");
  use("-csearch_path=app");
  write("migrations/000_app.sql", "-- sterna:up\nCREATE SCHEMA IF NOT EXISTS app;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult drift = run({"schema", "drift", "--check"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
}

TEST_F(SearchPaths, ASchemaThatMigrationsMakeIsTheirs) {
  use("-csearch_path=app,public");
  write("migrations/000_app.sql",
        "-- sterna:up\nCREATE SCHEMA app;\n-- sterna:down\nDROP SCHEMA app;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult drift = run({"schema", "drift", "--check"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
  EXPECT_EQ(run({"test"}).exit_code, 0);
}

/// What a database sets for all its sessions is nothing to trip over.
TEST_F(SearchPaths, OtherFormsOfTimesAndBytesAreRead) {
  for (const char* setting :
       {"datestyle = 'German'", "bytea_output = 'escape'", "standard_conforming_strings = off",
        "intervalstyle = 'sql_standard'", "extra_float_digits = -10"})
    server->execute("ALTER DATABASE " + database->name() + " SET " + setting);
  use("");
  write("migrations/000_app.sql",
        "-- sterna:up\nCREATE SCHEMA app;\n-- sterna:down\nDROP SCHEMA app;\n");
  write(
      "migrations/002_text.sql",
      "-- sterna:up\nCREATE TABLE w (v text DEFAULT 'a\\');\nINSERT INTO w VALUES ('b\\'), (';');\n"
      "-- sterna:down\nDROP TABLE w;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const auto status = nlohmann::json::parse(run({"status", "--format", "json"}).out);
  EXPECT_THAT(status["migrations"][0]["applied_at"].get<std::string>(),
              testing::MatchesRegex("2[0-9]{3}-[0-9]{2}-[0-9]{2}.*"));
  const auto session = connect(parse_url(database->url()));
  EXPECT_EQ(session->query("SELECT v FROM w ORDER BY v DESC").front().get<std::string>(0), "b\\");
  EXPECT_EQ(session->query("SELECT '\\x005c41ff'::bytea").front().get<Blob>(0).bytes,
            std::string("\0\\A\xff", 4));
  EXPECT_THAT(run({"doctor"}).out, HasSubstr("clock: as here"));
  expect_no_drift();
}

}  // namespace
}  // namespace sterna::test
