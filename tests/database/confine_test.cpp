// What a scratch lets run: its own, under whatever name; not what is beside it.
#include "database/confine.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>

namespace sterna {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Scope = Confinement::Scope;

using Pairs = std::vector<std::pair<const char*, const char*>>;

/// What is sent: the statement with `<>` for the scratch, "left out: …" or "refused: …".
struct Confined {
  Confined(Language language, Scope scope)
      : confinement({language, scope, "sterna_scratch_1", "app"}) {}

  std::string operator()(const std::string& sql) {
    try {
      const Confinement::Admitted admitted =
          confinement.admit({sql, {}, {"001.sql", 3, 1}, {}},
                            [](const std::string& role) { return role == "there"; });
      if (!admitted.left_out.empty()) return "left out: " + admitted.left_out;
      std::string sent = admitted.sql;
      for (const char* name : {"`sterna_scratch_1`", "\"sterna_scratch_1\"", "sterna_scratch_1"}) {
        for (std::size_t at = sent.find(name); at != std::string::npos; at = sent.find(name))
          sent.replace(at, std::string_view(name).size(), "<>");
      }
      return sent;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused);
      EXPECT_FALSE(error.suggestions().empty());
      EXPECT_EQ(error.position().line, 3);
      EXPECT_THAT(error.state(), HasSubstr("nothing outside"));
      return std::string("refused: ") + error.what();
    }
  }
  Confinement confinement;
};

TEST(ConfinedMysql, TheOwnNameMeansTheScratch) {
  Confined sent(Language::mysql, Scope::server);
  for (const auto& [sql, expected] : Pairs{
           {"INSERT INTO app.users SELECT * FROM app.people",
            "INSERT INTO <>.users SELECT * FROM <>.people"},
           {"CREATE TABLE `app` . `t` (id int, FOREIGN KEY (id) REFERENCES app.u (id))",
            "CREATE TABLE <> . `t` (id int, FOREIGN KEY (id) REFERENCES <>.u (id))"},
           {"UPDATE app.a JOIN b ON a.id = app.b.id SET app.a.n = 'app.a'",
            "UPDATE <>.a JOIN b ON a.id = <>.b.id SET <>.a.n = 'app.a'"},
           {"CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO app.log VALUES (NEW.id)",
            "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO <>.log VALUES (NEW.id)"},
           {"USE app", "USE <>"},
           {"ALTER DATABASE app CHARACTER SET utf8mb4", "ALTER DATABASE <> CHARACTER SET utf8mb4"},
           {"GRANT SELECT ON app.* TO u@h", "GRANT SELECT ON <>.* TO u@h"},
           {"RENAME TABLE app.a TO app.b", "RENAME TABLE <>.a TO <>.b"},
           {"SELECT x.app, y.app FROM x, y", "SELECT x.app, y.app FROM x, y"},
           // A table of the same name: what is a column of it stays.
           {"UPDATE app.app SET n = 1 WHERE app.id = 2",
            "UPDATE <>.app SET n = 1 WHERE app.id = 2"},
           {"DELETE FROM app WHERE app.id = 2", "DELETE FROM app WHERE app.id = 2"},
           {"DROP VIEW IF EXISTS app.app, app.b", "DROP VIEW IF EXISTS <>.app, <>.b"},
           {"DROP TRIGGER app.app", "DROP TRIGGER <>.app"},
           {"CREATE INDEX app ON app.app (app)", "CREATE INDEX app ON <>.app (app)"},
           {"CREATE VIEW app.app AS SELECT app.id FROM app.users app",
            "CREATE VIEW <>.app AS SELECT app.id FROM <>.users app"},
           {"RENAME TABLE app.app TO app.b", "RENAME TABLE <>.app TO <>.b"},
           {"INSERT INTO \"app\".\"t\" VALUES (\"app\")", "INSERT INTO <>.\"t\" VALUES (\"app\")"},
           {"INSERT INTO app.app SELECT app.app.id FROM app.app",
            "INSERT INTO <>.app SELECT <>.app.id FROM <>.app"}})
    EXPECT_EQ(sent(sql), expected);
}

TEST(ConfinedMysql, WritesToOtherDatabasesAreRefused) {
  Confined sent(Language::mysql, Scope::server);
  for (const char* sql :
       {"INSERT INTO other.t VALUES (1)",
        "insert ignore other.t values (1)",
        "REPLACE INTO other.t VALUES (1)",
        "UPDATE other.t SET a = 1",
        "UPDATE a, other.t SET a.x = 1",
        "UPDATE a JOIN other.t USING (id) SET a.x = 1",
        "DELETE FROM other.t",
        "DELETE a, other.t FROM a JOIN other.t USING (id)",
        "DELETE FROM a USING a JOIN other.t USING (id)",
        "TRUNCATE other.t",
        "TRUNCATE TABLE other.t",
        "CREATE TABLE other.t (id int)",
        "CREATE TABLE IF NOT EXISTS `other`.`t` (id int)",
        "ALTER TABLE other.t ADD x int",
        "ALTER TABLE t RENAME TO other.t",
        "DROP TABLE t, other.t",
        "RENAME TABLE t TO other.t",
        "RENAME TABLE t TO u, v TO other.v",
        "CREATE INDEX i ON other.t (a)",
        "DROP INDEX i ON other.t",
        "CREATE VIEW other.v AS SELECT 1",
        "CREATE TRIGGER g BEFORE INSERT ON other.t FOR EACH ROW SET NEW.a = 1",
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW INSERT INTO other.log VALUES (1)",
        "CREATE PROCEDURE p() BEGIN DELETE FROM other.t; END",
        "CALL other.p()",
        "USE other",
        "CREATE TABLE t (id int REFERENCES other.t (id))",
        "/*!50100 DROP TABLE other.t */",
        "LOAD DATA INFILE 'f' INTO TABLE other.t",
        "WITH c AS (SELECT 1) DELETE FROM other.t",
        "INSERT INTO mysql.user VALUES (1)",
        "INSERT INTO \"other\".\"t\" VALUES (1)",
        "DELETE FROM 2nd.t"})
    EXPECT_THAT(sent(sql),
                StartsWith("refused: this statement acts outside of the scratch database"))
        << sql;
}

TEST(ConfinedMysql, ReadingAndPlainWordsGoThrough) {
  Confined sent(Language::mysql, Scope::server);
  for (const char* sql : {"SELECT * FROM other.t",
                          "INSERT INTO t SELECT o.a FROM other.t o",
                          "INSERT INTO t VALUES (1)",
                          "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE t.a = t.a + 1",
                          "SELECT t.a FROM t FOR UPDATE",
                          "UPDATE t x SET x.a = 1 WHERE x.b = 2",
                          "CREATE TABLE t (id int, at timestamp DEFAULT now() ON UPDATE now())",
                          "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (a) ON DELETE "
                          "CASCADE ON UPDATE CASCADE)",
                          "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = OLD.b",
                          "CREATE TABLE t LIKE other.t",
                          "CREATE VIEW v AS SELECT t.a FROM t",
                          "GRANT SELECT, UPDATE ON t TO u@h",
                          "INSERT INTO t VALUES ('DELETE FROM other.t')",
                          "SET @a = 1",
                          "SET SESSION sql_mode = ''",
                          "CREATE DATABASE sterna_scratch_2",
                          "DROP DATABASE IF EXISTS `sterna_scratch_2`",
                          "SELECT a INTO @x FROM t",
                          "LOCK TABLES t WRITE",
                          "START TRANSACTION",
                          "DO 0",
                          "",
                          "-- nothing"})
    EXPECT_EQ(sent(sql), sql);
}

TEST(ConfinedMysql, WhatActsOnTheServerIsLeftOut) {
  Confined sent(Language::mysql, Scope::server);
  for (const char* sql : {"CREATE USER u@h IDENTIFIED BY 'p'",
                          "ALTER USER u@h IDENTIFIED BY 'p'",
                          "DROP USER u@h",
                          "CREATE ROLE r",
                          "GRANT r TO u@h",
                          "GRANT ALL ON *.* TO u@h",
                          "GRANT SELECT ON other.t TO u@h",
                          "REVOKE ALL PRIVILEGES, GRANT OPTION FROM u@h",
                          "SET GLOBAL max_connections = 1",
                          "SET PERSIST x = 1",
                          "SET @@GLOBAL.x = 1",
                          "SET PASSWORD FOR u@h = 'p'",
                          "CREATE DATABASE IF NOT EXISTS app",
                          "CREATE DATABASE other",
                          "DROP DATABASE app",
                          "CREATE SCHEMA other",
                          "FLUSH PRIVILEGES",
                          "KILL 7",
                          "INSTALL PLUGIN x SONAME 'y'",
                          "STOP SLAVE",
                          "SELECT a INTO OUTFILE 'f' FROM t"})
    EXPECT_THAT(sent(sql), StartsWith("left out: ")) << sql;
  EXPECT_EQ(sent("CREATE USER u@h\n  IDENTIFIED BY 'p'"),
            "left out: CREATE USER: left out in the scratch, for it acts on user u");
}

TEST(ConfinedMysql, GrantsToAUserThatWasLeftOutAreToo) {
  Confined sent(Language::mysql, Scope::server);
  EXPECT_EQ(sent("GRANT SELECT ON t TO new@h"), "GRANT SELECT ON t TO new@h");
  sent("CREATE USER new@h");
  sent("CREATE USER 'there'@h");
  EXPECT_THAT(sent("GRANT SELECT ON t TO 'new'@h"), HasSubstr("new, which is not there"));
  EXPECT_EQ(sent("GRANT SELECT ON t TO there@h"), "GRANT SELECT ON t TO there@h");
}

TEST(ConfinedCql, KeyspacesAreKeptApart) {
  Confined sent(Language::cql, Scope::server);
  for (const auto& [sql, expected] : Pairs{
           {"CREATE TABLE App.t (id int PRIMARY KEY)", "CREATE TABLE <>.t (id int PRIMARY KEY)"},
           {"INSERT INTO \"app\".t (id) VALUES (1)", "INSERT INTO <>.t (id) VALUES (1)"},
           {"ALTER KEYSPACE app WITH durable_writes = true",
            "ALTER KEYSPACE <> WITH durable_writes = true"},
           {"BEGIN BATCH UPDATE app.t SET a = 1 WHERE id = 1; DELETE v.f FROM app.t WHERE id = 1; "
            "APPLY BATCH",
            "BEGIN BATCH UPDATE <>.t SET a = 1 WHERE id = 1; DELETE v.f FROM <>.t WHERE id = 1; "
            "APPLY BATCH"},
           {"COPY ROWS FROM app.t TO app.u", "COPY ROWS FROM <>.t TO <>.u"},
           {"SELECT * FROM other.t", "SELECT * FROM other.t"},
           {"GRANT SELECT ON TABLE t TO r", "GRANT SELECT ON TABLE t TO r"},
           {"UPDATE t SET v.f = 1 WHERE id = 1", "UPDATE t SET v.f = 1 WHERE id = 1"},
           {"CREATE KEYSPACE \"sterna_scratch_2\" WITH durable_writes = false",
            "CREATE KEYSPACE \"sterna_scratch_2\" WITH durable_writes = false"}})
    EXPECT_EQ(sent(sql), expected);
  for (const char* sql :
       {"BEGIN BATCH INSERT INTO t (id) VALUES (1); UPDATE other.t SET v = 1 WHERE id = 1; APPLY "
        "BATCH",
        "BEGIN UNLOGGED BATCH USING TIMESTAMP 5 DELETE v FROM other.t WHERE id = 1; APPLY BATCH",
        "BEGIN BATCH INSERT INTO other.t (id) VALUES (1); APPLY BATCH",
        "COPY ROWS FROM other.t TO u", "COPY ROWS FROM t TO other.u", "TRUNCATE other.t",
        "DROP MATERIALIZED VIEW other.v", "CREATE TYPE other.u (a int)", "USE other",
        "CREATE INDEX i ON other.t (a)", "DELETE FROM other.t WHERE id = 1"})
    EXPECT_THAT(sent(sql), HasSubstr("outside of the scratch keyspace")) << sql;
  for (const char* sql :
       {"DROP KEYSPACE app", "CREATE KEYSPACE other WITH replication = {}", "CREATE ROLE r",
        "GRANT r TO s", "GRANT SELECT ON KEYSPACE app TO r", "GRANT SELECT ON ALL KEYSPACES TO r",
        "CREATE USER u", "ALTER KEYSPACE other WITH durable_writes = true"})
    EXPECT_THAT(sent(sql), StartsWith("left out: ")) << sql;
}

TEST(ConfinedPostgres, ADatabaseOfItsOwnHoldsAllButWhatTheServerHas) {
  Confined sent(Language::postgres, Scope::none);
  for (const char* sql :
       {"CREATE SCHEMA other", "INSERT INTO other.t VALUES (1)", "GRANT SELECT ON t TO r",
        "CREATE EXTENSION citext", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r",
        "SET search_path = other", "COPY t FROM stdin", "COPY t TO STDOUT",
        "SELECT app.t.id FROM app.t", "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER s"})
    EXPECT_EQ(sent(sql), sql);
  EXPECT_EQ(sent("ALTER DATABASE app SET timezone = 'UTC'"),
            "ALTER DATABASE <> SET timezone = 'UTC'");
  EXPECT_EQ(sent("GRANT CONNECT ON DATABASE app TO r"), "GRANT CONNECT ON DATABASE <> TO r");
  for (const char* sql :
       {"CREATE ROLE r", "CREATE USER u PASSWORD 'p'", "DROP ROLE IF EXISTS r",
        "ALTER ROLE r NOLOGIN", "GRANT r TO s", "REVOKE r FROM s", "CREATE DATABASE other",
        "DROP DATABASE app", "ALTER DATABASE other SET timezone = 'UTC'", "ALTER SYSTEM SET x = 1",
        "CREATE TABLESPACE s LOCATION '/x'", "DROP OWNED BY r", "REASSIGN OWNED BY r TO s",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "COPY t TO '/tmp/x'",
        "COPY t TO PROGRAM 'x'"})
    EXPECT_THAT(sent(sql), StartsWith("left out: ")) << sql;
  sent("CREATE ROLE \"New\"");
  EXPECT_THAT(sent("ALTER TABLE t OWNER TO \"New\""), HasSubstr("which is not there"));
  sent("CREATE ROLE shop");
  for (const char* sql : {"CREATE TABLE shop (id int)", "DROP TABLE shop", "CREATE SCHEMA shop"})
    EXPECT_EQ(sent(sql), sql) << "a role has the same name";
}

TEST(ConfinedPostgres, ASchemaThatStandsForADatabaseIsNotLeft) {
  Confined sent(Language::postgres, Scope::schema);
  for (const auto& [sql, expected] : Pairs{
           {"CREATE TABLE App.t (id int REFERENCES app.u (id))",
            "CREATE TABLE <>.t (id int REFERENCES <>.u (id))"},
           {"INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b",
            "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b"},
           {"GRANT SELECT ON ALL TABLES IN SCHEMA app TO r",
            "GRANT SELECT ON ALL TABLES IN SCHEMA <> TO r"},
           {"ALTER TABLE t SET SCHEMA app", "ALTER TABLE t SET SCHEMA <>"},
           {"CREATE EXTENSION IF NOT EXISTS citext", "CREATE EXTENSION IF NOT EXISTS citext"},
           {"SELECT pg_catalog.set_config('search_path', '', false)",
            "SELECT pg_catalog.set_config('search_path', '', false)"},
           {"CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog AS 'SELECT "
            "1'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog AS 'SELECT "
            "1'"},
           {"INSERT INTO t VALUES ('the app. And more')",
            "INSERT INTO t VALUES ('the app. And more')"}})
    EXPECT_EQ(sent(sql), expected);
  for (const char* sql :
       {"CREATE TABLE other.t (id int)", "INSERT INTO other.t VALUES (1)", "DROP TABLE t, other.t",
        "CREATE SCHEMA other", "CREATE SCHEMA IF NOT EXISTS other", "DROP SCHEMA other CASCADE",
        "ALTER TABLE t SET SCHEMA other", "SET search_path = other", "SET LOCAL search_path TO app",
        "SELECT pg_catalog.set_config('search_path', 'other', false)",
        "DO $$ BEGIN DELETE FROM app.t; END $$", "SELECT setval('app.s', 5)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ DELETE FROM \"app\".t RETURNING 1 $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app AS 'SELECT 1'",
        "GRANT USAGE ON SCHEMA other TO r", "CREATE TABLE t (id int REFERENCES other.t (id))",
        "CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO other.log VALUES (1)"})
    EXPECT_THAT(sent(sql), HasSubstr("outside of the scratch schema")) << sql;
  for (const char* sql : {"DROP EXTENSION citext", "CREATE PUBLICATION p FOR ALL TABLES",
                          "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
                          "CREATE SERVER s FOREIGN DATA WRAPPER w"})
    EXPECT_THAT(sent(sql), StartsWith("left out: ")) << sql;
}

TEST(ConfinedSqlite, OtherFilesAreLeftAlone) {
  Confined sent(Language::sqlite, Scope::none);
  EXPECT_THAT(sent("ATTACH DATABASE 'other.db' AS o"), HasSubstr("refused"));
  EXPECT_THAT(sent("VACUUM INTO 'copy.db'"), StartsWith("left out"));
  for (const char* sql : {"ATTACH ':memory:' AS m", "VACUUM", "INSERT INTO app.t VALUES (1)"})
    EXPECT_EQ(sent(sql), sql);
}

TEST(Confined, TextsOfTheCatalogsGetTheOriginsNameBack) {
  Confinement confinement({Language::mysql, Scope::server, "scr", "app"});
  EXPECT_FALSE(confinement.has_renamed());
  confinement.admit({"INSERT INTO t VALUES (1)", {}, {}, {}});
  EXPECT_FALSE(confinement.has_renamed());
  confinement.admit({"CREATE TRIGGER app.g AFTER INSERT ON app.t FOR EACH ROW DELETE FROM app.u"});
  EXPECT_TRUE(confinement.has_renamed());
  EXPECT_EQ(confinement.given_back("scr.a `scr`.b \\\"scr\\\".c scr xscr.d scr_1.e \"scr\""),
            "app.a `app`.b \\\"app\\\".c scr xscr.d scr_1.e \"scr\"");
}

TEST(Confined, WhatIsOfTheHistoryIsNotLookedAt) {
  Confinement confinement({Language::mysql, Scope::server, "s", "app"});
  const Statement own{"DELETE FROM other.t", {}, {}, {}, Purpose::history};
  EXPECT_EQ(confinement.admit(own).sql, own.sql);
}

}  // namespace
}  // namespace sterna
