// What statements run besides themselves, and where that is said to stand.
#include "lint/running.hpp"

#include "lint/linter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sterna::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Files 001.sql, 002.sql …, of which the last is asked about; each rule with what it is of.
std::vector<Finding> found(const std::vector<std::string>& texts,
                           Language language = Language::postgres, Options options = {}) {
  options.server.language = language;
  options.server.transactional_ddl = language != Language::mysql;
  std::vector<Input> inputs;
  for (const std::string& text : texts) {
    const std::string id = "00" + std::to_string(inputs.size() + 1);
    inputs.push_back(read_input(id, id + ".sql", text, language));
  }
  std::vector<Finding> all = lint(inputs, options);
  std::erase_if(all, [&](const Finding& finding) {
    return finding.severity != Severity::error || finding.migration != inputs.back().id;
  });
  return all;
}

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) result.push_back(finding.rule);
  return result;
}

const std::string users = "CREATE TABLE users (id bigint PRIMARY KEY, age int);\n";
const std::string drops =
    "CREATE FUNCTION clear() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  DROP TABLE users;\nEND "
    "$$;\n";

TEST(LintRunning, SeesRoutinesThatEarlierMigrationsMade) {
  EXPECT_THAT(found({users + drops}), IsEmpty());
  for (const std::string call :
       {"SELECT clear();", "SELECT * FROM public.clear();", "DO $$ BEGIN PERFORM clear(); END $$;",
        "INSERT INTO a (b) SELECT clear();", "DO $$ DECLARE x text; BEGIN x := clear(); END $$;"}) {
    const auto findings = found({users + drops, "SELECT 1;\n" + call});
    ASSERT_THAT(rules(findings), ElementsAre("ST101")) << call;
    // The place is that of the call, which can be changed; the body's is said.
    EXPECT_EQ(findings[0].position, (SourcePosition{"002.sql", 2, 1}));
    EXPECT_EQ(findings[0].statement, "DROP TABLE users");
    EXPECT_EQ(findings[0].number, 1);
    EXPECT_THAT(findings[0].message,
                HasSubstr("(in function clear, made by migration 001 at 001.sql:4:3)"));
  }
  for (const std::string other :
       {"SELECT clear(1);", "SELECT app.other();", "INSERT INTO app.clear () VALUES (1);",
        "WITH clear () AS (SELECT 1) SELECT * FROM clear;", "COMMENT ON FUNCTION clear() IS 'x';",
        "GRANT EXECUTE ON FUNCTION clear() TO a;", "SELECT 'clear()';",
        "ALTER FUNCTION clear() RENAME TO clean; SELECT clear();",
        "CREATE OR REPLACE FUNCTION clear() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$; SELECT "
        "clear();",
        "DROP FUNCTION clear(); SELECT clear();"})
    EXPECT_THAT(found({users + drops, other}), IsEmpty()) << other;
  EXPECT_THAT(
      rules(found({users + drops, "ALTER FUNCTION clear() RENAME TO clean; SELECT clean();"})),
      ElementsAre("ST101"));
}

TEST(LintRunning, TellsRoutinesOfOneNameApartByTheirArguments) {
  const std::string both =
      "CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS void LANGUAGE sql AS 'DROP TABLE users';\n"
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM users';\n"
      "CREATE PROCEDURE g(VARIADIC a int[]) LANGUAGE sql AS 'TRUNCATE users';\n";
  EXPECT_THAT(rules(found({users + both, "SELECT f(1);"})), ElementsAre("ST101"));
  EXPECT_THAT(rules(found({users + both, "SELECT f(1, 2);"})), ElementsAre("ST101"));
  EXPECT_THAT(rules(found({users + both, "SELECT f();"})), ElementsAre("ST108"));
  EXPECT_THAT(rules(found({users + both, "SELECT f(1, 2, 3);"})), IsEmpty());
  EXPECT_THAT(rules(found({users + both, "CALL g(1, 2, 3);"})), ElementsAre("ST106"));
}

TEST(LintRunning, SeesBodiesOfStandardSql) {
  const std::string make =
      "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM users; SELECT 1; END;\n";
  EXPECT_THAT(rules(found({users + make, "SELECT f();"})), ElementsAre("ST108"));
}

TEST(LintRunning, GivesConstantArgumentsToTheBody) {
  const std::string make =
      "CREATE FUNCTION drop_it(name text, what text DEFAULT 'x') RETURNS void LANGUAGE plpgsql AS "
      "$$ BEGIN EXECUTE format('DROP TABLE %I', name); END $$;\n";
  for (const std::string call : {"SELECT drop_it('users');", "SELECT drop_it(name => 'users');",
                                 "SELECT drop_it('use' || 'rs', 'y');"}) {
    const auto findings = found({users + make, call});
    ASSERT_THAT(rules(findings), ElementsAre("ST101")) << call;
    EXPECT_EQ(findings[0].statement, "DROP TABLE users");
  }
  EXPECT_THAT(found({users + make, "SELECT drop_it(name) FROM a;"}), IsEmpty());
}

TEST(LintRunning, FollowsRoutinesThatCallOthers) {
  const std::string make =
      "CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM "
      "clear();\n  "
      "PERFORM outer_one();\nEND $$;\n";
  const auto findings = found({users + drops, make + "SELECT outer_one();\n"});
  ASSERT_THAT(rules(findings), ElementsAre("ST101"));
  EXPECT_THAT(findings[0].message, HasSubstr("(in function clear, called by function outer_one, "
                                             "made by migration 001 at 001.sql:4:3)"));
  const auto own = found({users, drops + make + "SELECT outer_one();\n"});
  ASSERT_THAT(rules(own), ElementsAre("ST101"));
  EXPECT_EQ(own[0].position, (SourcePosition{"002.sql", 3, 3}));
  EXPECT_THAT(
      own[0].message,
      HasSubstr("(in function clear, called by function outer_one, run from 002.sql:10:1)"));
}

TEST(LintRunning, OfEarlierBodiesTellsWhatTheyCostAndLose) {
  const std::string make =
      "CREATE PROCEDURE p() LANGUAGE sql AS $$ CREATE INDEX i ON users (age); INSERT INTO log "
      "VALUES (now()); $$;\n";
  Options options;
  options.server.language = Language::postgres;
  std::vector<std::string> all;
  for (const Finding& finding :
       lint({read_input("001", "001.sql", users + make, Language::postgres),
             read_input("002", "002.sql", "-- sterna:reversible never x\nCALL p();",
                        Language::postgres)},
            options)) {
    if (finding.migration == "002") all.push_back(finding.rule);
  }
  EXPECT_THAT(all, ElementsAre("PG101"));
}

/// Rules that point at a column point at the call instead, when the column stands elsewhere.
TEST(LintRunning, PointsIntoNoOtherText) {
  const std::string make =
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS\n'\n\nALTER TABLE users ADD COLUMN a "
      "text,\n "
      "ADD COLUMN b timestamptz NOT NULL DEFAULT clock_timestamp()';\n";
  const auto findings = found({users, make, "\n\nSELECT f();"});
  ASSERT_THAT(rules(findings), ElementsAre("PG201"));
  EXPECT_EQ(findings[0].position, (SourcePosition{"003.sql", 3, 1}));
  const auto serial = lint({read_input("001", "001.sql",
                                       "DO $$\nBEGIN EXECUTE format('CREATE TABLE %I (id\n\n "
                                       "bigserial)', 'a');\nEND $$;",
                                       Language::postgres)},
                           Options());
  const auto it = std::find_if(serial.begin(), serial.end(),
                               [](const Finding& finding) { return finding.rule == "PG401"; });
  ASSERT_NE(it, serial.end());
  EXPECT_EQ(it->position, (SourcePosition{"001.sql", 2, 7}));
}

TEST(LintRunning, CanBeAllowedAboveTheCall) {
  EXPECT_THAT(
      found({users + drops, "SELECT 1;\n-- sterna:allow ST101 it is empty\nSELECT clear();"}),
      IsEmpty());
}

const std::string fires =
    users +
    "CREATE TABLE log (id bigint PRIMARY KEY);\n"
    "CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  IF TG_OP = 'INSERT' "
    "THEN\n    DELETE FROM log;\n  ELSE\n    TRUNCATE log;\n  END IF;\n  RETURN NEW;\nEND $$;\n"
    "CREATE TRIGGER t AFTER INSERT OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION log_it();\n";

TEST(LintRunning, SeesTriggersThatAStatementFires) {
  const auto findings = found({fires, "INSERT INTO users (id) VALUES (1);\n"});
  ASSERT_THAT(rules(findings), ElementsAre("ST108"));
  EXPECT_EQ(findings[0].position, (SourcePosition{"002.sql", 1, 1}));
  EXPECT_THAT(findings[0].message, HasSubstr("(in function log_it of trigger t on users, made by "
                                             "migration 001 at 001.sql:6:5)"));
  EXPECT_THAT(rules(found({fires, "COPY users (id) FROM stdin;\n1\n\\.\n"})), ElementsAre("ST108"));
  EXPECT_THAT(rules(found({fires, "DELETE FROM public.users WHERE id = 1;"})),
              ElementsAre("ST106"));
  EXPECT_THAT(rules(found({fires,
                           "MERGE INTO users USING a ON a.id = users.id WHEN MATCHED THEN "
                           "DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (a.id);"})),
              ElementsAre("ST108", "ST106"));
  // A routine's statements fire them too.
  EXPECT_THAT(rules(found({fires, "DO $$ BEGIN INSERT INTO users (id) VALUES (1); END $$;"})),
              ElementsAre("ST108"));
  for (const std::string other :
       {"UPDATE users SET age = 1 WHERE id = 1;", "SELECT * FROM users;", "COPY users TO stdout;",
        "ALTER TABLE users ADD COLUMN b int;",
        "DROP TRIGGER t ON users; INSERT INTO users (id) VALUES (1);",
        "ALTER TABLE users DISABLE TRIGGER USER; INSERT INTO users (id) VALUES (1);",
        "ALTER TRIGGER t ON users RENAME TO u; DROP TRIGGER u ON users; INSERT INTO users (id) "
        "VALUES (1);"})
    EXPECT_THAT(rules(found({fires, other})), IsEmpty()) << other;
  EXPECT_THAT(rules(found({fires,
                           "ALTER TABLE users DISABLE TRIGGER t; ALTER TABLE users ENABLE "
                           "TRIGGER t; INSERT INTO users (id) VALUES (1);"})),
              ElementsAre("ST108"));
}

TEST(LintRunning, FiresATriggerOnceAScript) {
  EXPECT_THAT(rules(found({fires,
                           "INSERT INTO users (id) VALUES (1);\nINSERT INTO users (id) VALUES "
                           "(2);\n"})),
              ElementsAre("ST108"));
}

TEST(LintRunning, FollowsTablesThatAreRenamed) {
  EXPECT_THAT(rules(found({fires, "ALTER TABLE users RENAME TO people;",
                           "INSERT INTO people (id) VALUES (1);"})),
              ElementsAre("ST108"));
  EXPECT_THAT(found({fires, "DROP TABLE users;", users + "INSERT INTO users (id) VALUES (1);"}),
              IsEmpty());
}

TEST(LintRunning, SeesTriggersOfTheSameScript) {
  const auto findings = found({"SELECT 1;", fires + "INSERT INTO users (id) VALUES (1);\n"});
  // The table is new, and nobody misses its rows.
  EXPECT_THAT(findings, IsEmpty());
  const auto old = found({users,
                          "CREATE TRIGGER t AFTER INSERT ON users BEGIN\n  DELETE FROM log;\n"
                          "END;\nINSERT INTO users (id) VALUES (1);\n"},
                         Language::sqlite);
  ASSERT_THAT(rules(old), ElementsAre("ST108"));
  EXPECT_EQ(old[0].position, (SourcePosition{"002.sql", 2, 3}));
  EXPECT_THAT(old[0].message, HasSubstr("(in trigger t on users, run from 002.sql:4:1)"));
}

TEST(LintRunning, SeesTriggersOfSqliteAndMysql) {
  const std::string sqlite =
      "CREATE TRIGGER t AFTER UPDATE OF age ON users WHEN NEW.age > 1 BEGIN\n  DELETE FROM "
      "log;\nEND;";
  EXPECT_THAT(
      rules(found({users, sqlite, "UPDATE users SET age = 2 WHERE id = 1;"}, Language::sqlite)),
      ElementsAre("ST108"));
  EXPECT_THAT(found({users, sqlite, "UPDATE users SET id = 2 WHERE id = 1;"}, Language::sqlite),
              IsEmpty());
  const std::string mysql =
      "DELIMITER //\nCREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW\nBEGIN\n  DECLARE "
      "CONTINUE "
      "HANDLER FOR SQLEXCEPTION BEGIN END;\n  DELETE FROM log;\nEND//\n";
  EXPECT_THAT(
      rules(found({users, mysql, "UPDATE users SET age = 2 WHERE id = 1;"}, Language::mysql)),
      ElementsAre("ST108"));
  EXPECT_THAT(rules(found({users, mysql,
                           "INSERT INTO users (id) VALUES (1) ON DUPLICATE KEY UPDATE "
                           "age = 1;"},
                          Language::mysql)),
              ElementsAre("ST108"));
  EXPECT_THAT(found({users, mysql, "INSERT INTO users (id) VALUES (1);"}, Language::mysql),
              IsEmpty());
}

TEST(LintRunning, SeesRoutinesOfMysql) {
  const std::string make = "CREATE PROCEDURE p() MODIFIES SQL DATA DELETE FROM users;";
  EXPECT_THAT(rules(found({users, make, "CALL p;"}, Language::mysql)), ElementsAre("ST108"));
  EXPECT_THAT(rules(found({users, make, "CALL p();"}, Language::mysql)), ElementsAre("ST108"));
  EXPECT_THAT(rules(found({users, make, "CALL q();"}, Language::mysql)), IsEmpty());
  const std::string function =
      "DELIMITER //\nCREATE FUNCTION f(a int) RETURNS text CHARACTER SET utf8mb4 "
      "DETERMINISTIC\nBEGIN\n"
      "  DELETE FROM users;\n  RETURN 'x';\nEND//\n";
  for (const std::string call : {"SELECT f(1);", "DO f(1);", "SET @a = f(1);"})
    EXPECT_THAT(rules(found({users, function, call}, Language::mysql)), ElementsAre("ST108"))
        << call;
  EXPECT_THAT(rules(found({users, "BEGIN NOT ATOMIC IF 1 THEN DROP TABLE users; END IF; END"},
                          Language::mysql)),
              ElementsAre("ST101"));
}

TEST(LintRunning, ReadsWhatMysqlPrepares) {
  const auto findings =
      found({users,
             "SET @q := IF((SELECT count(*) FROM information_schema.tables) > 0,\n  'ALTER TABLE "
             "users DROP COLUMN age', 'SELECT 1');\nPREPARE s FROM @q;\nEXECUTE s;\n"},
            Language::mysql);
  ASSERT_THAT(rules(findings), ElementsAre("ST102"));
  EXPECT_EQ(findings[0].position, (SourcePosition{"002.sql", 4, 1}));
  EXPECT_EQ(findings[0].statement, "ALTER TABLE users DROP COLUMN age");
  const std::string make =
      "DELIMITER //\nCREATE PROCEDURE p(IN name text)\nBEGIN\n  SET @q = CONCAT('DROP TABLE ', "
      "name);\n"
      "  PREPARE s FROM @q;\n  EXECUTE s;\nEND//\n";
  EXPECT_THAT(rules(found({users, make, "CALL p('users');"}, Language::mysql)),
              ElementsAre("ST101"));
  EXPECT_THAT(
      rules(found({users, make, "SET @q = 'DROP TABLE users'; CALL p(@n);"}, Language::mysql)),
      IsEmpty());
}

TEST(LintRunning, ReadsWhatPostgresqlPrepares) {
  const auto findings =
      found({users,
             "PREPARE clear(int) AS DELETE FROM users;\nPREPARE one AS DELETE "
             "FROM users WHERE id = $1;\nEXECUTE one(1);\n\nEXECUTE clear(1);\n"});
  ASSERT_THAT(rules(findings), ElementsAre("ST108"));
  EXPECT_EQ(findings[0].position, (SourcePosition{"002.sql", 5, 1}));
  EXPECT_EQ(findings[0].statement, "DELETE FROM users");
  EXPECT_THAT(rules(found({users, "PREPARE clear AS DELETE FROM users;"})), IsEmpty());
  const std::vector<Finding> unknown =
      lint({read_input("001", "001.sql", "EXECUTE of_elsewhere(1);", Language::postgres)}, {});
  EXPECT_THAT(rules(unknown), testing::Contains("ST118"));
  // Within a body it is a text, not a name.
  EXPECT_THAT(rules(found({users,
                           "PREPARE clear AS DELETE FROM users; DO $$ DECLARE clear text := "
                           "'DROP TABLE users'; BEGIN EXECUTE clear; END $$;"})),
              ElementsAre("ST101"));
}

/// On a database that is in use, what a repeatable script defines is there before.
TEST(LintRunning, SeesWhatRepeatableScriptsDefine) {
  const std::string log = "CREATE TABLE log (id bigint PRIMARY KEY);\n";
  const std::string trigger =
      "CREATE OR REPLACE FUNCTION clears() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE "
      "FROM "
      "log; RETURN NULL; END $$;\nCREATE OR REPLACE TRIGGER t AFTER INSERT ON users EXECUTE "
      "FUNCTION "
      "clears();\n";
  const auto places = [&](const std::string& second) {
    std::vector<Input> inputs;
    inputs.push_back(read_input("001", "001.sql", log + users, Language::postgres));
    inputs.push_back(read_input("002", "002.sql", second, Language::postgres));
    inputs.push_back(read_input("repeatable/t", "repeatable/t.sql", trigger, Language::postgres));
    inputs.back().repeatable = true;
    std::vector<std::string> result;
    for (const Finding& finding : lint(inputs, Options())) {
      if (finding.rule == "ST108") result.push_back(to_string(finding.position));
    }
    return result;
  };
  EXPECT_THAT(places("INSERT INTO users (id) VALUES (1);"), ElementsAre("002.sql:1:1"));
  EXPECT_THAT(places("DROP TABLE users;\n" + users + "INSERT INTO users (id) VALUES (1);"),
              IsEmpty());
}

TEST(LintRunning, CountsAsWhatRunsIt) {
  Options options;
  const auto reviews = review(
      {read_input(
           "001", "001.sql",
           users + "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'ALTER TABLE a ADD COLUMN b "
                   "int';\n",
           Language::postgres),
       read_input("002", "002.sql", "SELECT 1;\nSELECT f();\nSELECT 2;\n", Language::postgres)},
      options);
  ASSERT_EQ(reviews[1].estimates.size(), 3U);
  EXPECT_EQ(reviews[1].estimates[1].lock, "ACCESS EXCLUSIVE");
  EXPECT_EQ(reviews[1].estimates[0].lock, "");
  EXPECT_EQ(reviews[0].estimates[1].lock, "");  // what is only defined takes none
}

/// Scripts that are cut off at every third byte.
TEST(LintRunning, SurvivesWhatIsCutOff) {
  const std::string mysql =
      "SET @a = CONCAT('x', IF(1, 'DROP TABLE users', 'z')); PREPARE s FROM @a; EXECUTE s; CREATE "
      "PROCEDURE p(IN a int, OUT b SET('c')) DELETE FROM users; CALL p(1, @b); CREATE TRIGGER t "
      "AFTER "
      "INSERT ON users FOR EACH ROW FOLLOWS u DELETE FROM log; INSERT INTO users VALUES (1) ON "
      "DUPLICATE KEY UPDATE a = 1; RENAME TABLE users TO a, b TO users; DROP TRIGGER t;";
  for (const std::string& text :
       {fires + "INSERT INTO users (id) VALUES (f(1)); ALTER TABLE users DISABLE TRIGGER t;",
        mysql}) {
    for (std::size_t end = 0; end <= text.size(); end += 3) {
      for (const Language language : {Language::postgres, Language::mysql, Language::sqlite})
        EXPECT_LT(found({users, text.substr(0, end)}, language).size(), 20U);
    }
  }
}

/// What a way down makes and runs is seen there, and is nothing to migrations behind it.
TEST(LintRunning, FollowsTheWayDown) {
  const std::string fills =
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'INSERT INTO a VALUES (1)';\n";
  const auto of_down = [](const std::string& script, const std::string& later = "SELECT 1;") {
    std::vector<std::string> places;
    for (const Finding& finding : lint({read_input("001", "001.sql", script, Language::postgres),
                                        read_input("002", "002.sql", later, Language::postgres)},
                                       Options())) {
      if (finding.rule == "ST212") places.push_back(to_string(finding.position));
    }
    return places;
  };
  EXPECT_THAT(of_down("-- sterna:up\n" + fills + "-- sterna:down\nSELECT f();\n"),
              ElementsAre("001.sql:2:51"));
  EXPECT_THAT(of_down("-- sterna:up\nSELECT 1;\n-- sterna:down\n" + fills + "SELECT f();\n"),
              ElementsAre("001.sql:4:51"));
  EXPECT_THAT(of_down("-- sterna:up\nSELECT f();\n-- sterna:down\n" + fills, "SELECT f();"),
              IsEmpty());
}

TEST(LintRunning, EndsWhereRoutinesCallOneAnother) {
  std::string make;
  for (int i = 0; i < 30; ++i) {
    make += "CREATE FUNCTION f" + std::to_string(i) +
            "(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM f" +
            std::to_string((i + 1) % 30) + "('x'); PERFORM f" + std::to_string((i + 2) % 30) +
            "('y'); DELETE FROM users; END $$;\n";
  }
  EXPECT_LT(found({users + make, "SELECT f0('a');"}).size(), 1000U);
}

/// The same text for routines and triggers as an inspector writes it.
TEST(LintRunning, SeesWhatTheDatabaseHolds) {
  model::Model model;
  model.tables.resize(2);
  model.tables[0].name = {"", "users"};
  model.tables[1].name = {"", "log"};
  model.objects.push_back({"function",
                           {"", "log_it()"},
                           "CREATE FUNCTION log_it()\n RETURNS trigger\n LANGUAGE plpgsql\nAS "
                           "$function$ BEGIN DELETE FROM log; RETURN NULL; END $function$\n",
                           {},
                           {},
                           {},
                           {}});
  model.objects.push_back({"trigger",
                           {"", "t"},
                           "CREATE TRIGGER t AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION "
                           "log_it()",
                           {"", "users"},
                           {},
                           {},
                           {}});
  Options options;
  options.model = &model;
  options.server.live = true;
  options.spell = [](const model::Type& type) { return type.name; };
  const auto findings = found({"INSERT INTO users (id) VALUES (1);"}, Language::postgres, options);
  ASSERT_THAT(rules(findings), ElementsAre("ST108"));
  EXPECT_THAT(findings[0].message,
              HasSubstr("(in function log_it of trigger t on users, as the database has it)"));
  model.objects.push_back({"trigger state",
                           {"", "t"},
                           "ALTER TABLE users DISABLE TRIGGER t",
                           {"", "users"},
                           {},
                           {},
                           {}});
  EXPECT_THAT(found({"INSERT INTO users (id) VALUES (1);"}, Language::postgres, options),
              IsEmpty());
}

}  // namespace
}  // namespace sterna::lint
