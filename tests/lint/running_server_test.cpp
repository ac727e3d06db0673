// What the linter says that statements fire and texts become, held against the servers.
#include "support/databases.hpp"

#include "database/registry.hpp"
#include "lint/constant_text.hpp"
#include "lint/linter.hpp"
#include "lint/stored_programs.hpp"
#include "sql/splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sterna::test {
namespace {

/// A database with triggers that write their names into a table.
class Triggers {
 public:
  Triggers(Kind kind, Language language, const std::string& setup)
      : language_(language),
        database_(kind),
        session_(connect(parse_url(database_.url()))),
        programs_(language) {
    run(setup);
  }

  /// Runs the statements; the names of the triggers that the server fired meanwhile are those that
  /// the linter foretells of the last.
  void check(const std::string& text) {
    session_->execute("DELETE FROM fired");
    std::set<std::string> foretold;
    for (const Statement& statement : split_statements(text, language_)) {
      const lint::StatementFact fact = lint::facts_of(statement, language_);
      for (const lint::Firing& firing : programs_.fired_by(fact))
        foretold.insert(firing.trigger->name.name);
      follow(statement, fact);
    }
    std::set<std::string> fired;
    for (const Row& row : session_->query("SELECT name FROM fired"))
      fired.insert(row.get<std::string>(0));
    EXPECT_EQ(foretold, fired) << text;
  }

  int version() const { return session_->server().version; }

  void run(const std::string& text) {
    for (const Statement& statement : split_statements(text, language_))
      follow(statement, lint::facts_of(statement, language_));
  }

 private:
  void follow(const Statement& statement, const lint::StatementFact& fact) {
    session_->execute(statement.sql);
    programs_.apply(fact, "001");
  }

  Language language_;
  TestDatabase database_;
  std::unique_ptr<Connection> session_;
  lint::StoredPrograms programs_;
};

TEST(PostgresTriggers, FireForWhatTheLinterForetells) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Triggers triggers(
      Kind::postgres, Language::postgres,
      "CREATE TABLE fired (name text);\n"
      "CREATE TABLE users (id int PRIMARY KEY, age int, name text);\n"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
      "fired (name) VALUES (TG_NAME); RETURN COALESCE(NEW, OLD); END $$;\n"
      "CREATE TRIGGER inserts BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION "
      "note();\n"
      "CREATE TRIGGER updates BEFORE UPDATE ON users FOR EACH STATEMENT EXECUTE "
      "FUNCTION note();\n"
      "CREATE TRIGGER ages BEFORE UPDATE OF age ON users EXECUTE FUNCTION note();\n"
      "CREATE TRIGGER deletes AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION "
      "note();\n"
      "CREATE TRIGGER truncates AFTER TRUNCATE ON users EXECUTE FUNCTION note();\n"
      "CREATE TRIGGER \"all\" AFTER INSERT OR UPDATE OR DELETE ON users EXECUTE "
      "FUNCTION note();\n"
      "CREATE FUNCTION clear() RETURNS void LANGUAGE sql AS 'TRUNCATE users';");
  for (const std::string text :
       {"INSERT INTO users (id, age) VALUES (1, 1), (2, 2)",
        "UPDATE users SET name = 'a'",
        "UPDATE users SET age = 1",
        "UPDATE users SET name = 'b', (id, age) = (id, 2)",
        "UPDATE users SET name = 'c' WHERE age = 2",
        "UPDATE users AS u SET age = 1",
        "SELECT age FROM users",
        "DELETE FROM users WHERE id = 1",
        "TRUNCATE TABLE ONLY users",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO NOTHING",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 3",
        "MERGE INTO users USING (VALUES (1), (9)) v (id) ON v.id = users.id WHEN MATCHED THEN "
        "UPDATE "
        "SET age = 4 WHEN NOT MATCHED THEN INSERT (id) VALUES (v.id)",
        "MERGE INTO users USING (VALUES (1)) v (id) ON v.id = users.id WHEN MATCHED THEN DELETE",
        "DELETE FROM public.users WHERE id = 9",
        "DROP TRIGGER ages ON users",
        "UPDATE users SET age = 1",
        "ALTER TABLE users RENAME TO people",
        "INSERT INTO people (id) VALUES (1)",
        "ALTER TABLE people DISABLE TRIGGER deletes; DELETE FROM people",
        "ALTER TABLE people ENABLE REPLICA TRIGGER inserts; INSERT INTO people (id) VALUES (5)",
        "ALTER TABLE people ENABLE ALWAYS TRIGGER inserts; INSERT INTO people (id) VALUES (6)",
        "ALTER TABLE people DISABLE TRIGGER ALL; UPDATE people SET age = 1",
        "ALTER TABLE people ENABLE TRIGGER USER; UPDATE people SET age = 1",
        "ALTER TRIGGER updates ON people RENAME TO news; UPDATE people SET age = 1",
        "DROP TABLE people; CREATE TABLE people (id int); INSERT INTO people (id) VALUES (1)"}) {
    if (triggers.version() >= 150000 || !text.starts_with("MERGE")) triggers.check(text);
  }
}

/// Why nothing is found of what is merely defined.
TEST(PostgresLocks, AreTakenByBodiesThatRunAlone) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  session->execute("CREATE TABLE users (id int); CREATE TABLE jobs (id int)");
  const auto strong_locks = [&] {
    return session
        ->query(
            "SELECT 1 FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'users'::regclass "
            "AND mode = 'AccessExclusiveLock'")
        .size();
  };
  session->begin();
  session->execute(
      "CREATE FUNCTION widen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER TABLE "
      "users ADD COLUMN a' || NEW.id || ' int'; RETURN NULL; END $$");
  session->execute("CREATE TRIGGER t AFTER INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION widen()");
  session->execute("DELETE FROM jobs");
  EXPECT_EQ(strong_locks(), 0U);
  session->execute("INSERT INTO jobs (id) VALUES (1)");
  EXPECT_EQ(strong_locks(), 1U);
  session->rollback();
}

TEST(PostgresTriggers, OfReplicasDoNotFire) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  Triggers triggers(
      Kind::postgres, Language::postgres,
      "CREATE TABLE fired (name text);\nCREATE TABLE users (id int);\n"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
      "fired (name) VALUES (TG_NAME); RETURN NULL; END $$;\n"
      "CREATE TRIGGER inserts AFTER INSERT ON users EXECUTE FUNCTION note();\n");
  triggers.check("SET session_replication_role = replica; INSERT INTO users (id) VALUES (1)");
  triggers.check("SET session_replication_role TO 'origin'; INSERT INTO users (id) VALUES (1)");
}

TEST(SqliteTriggers, FireForWhatTheLinterForetells) {
  Triggers triggers(
      Kind::sqlite, Language::sqlite,
      "CREATE TABLE fired (name text);\n"
      "CREATE TABLE users (id INTEGER PRIMARY KEY, age int, name text);\n"
      "CREATE TRIGGER inserts BEFORE INSERT ON users BEGIN INSERT INTO fired VALUES "
      "('inserts'); END;\n"
      "CREATE TRIGGER updates AFTER UPDATE ON users FOR EACH ROW BEGIN INSERT INTO fired "
      "VALUES ('updates'); END;\n"
      "CREATE TRIGGER ages UPDATE OF age ON users BEGIN INSERT INTO fired VALUES ('ages'); "
      "END;\n"
      "CREATE TRIGGER deletes DELETE ON users BEGIN INSERT INTO fired VALUES "
      "('deletes'); END;\n");
  for (const std::string text :
       {"INSERT INTO users (id, age) VALUES (1, 1), (2, 2)", "UPDATE users SET name = 'a'",
        "UPDATE users SET age = 1", "UPDATE users SET (name, age) = ('b', 2)",
        "UPDATE OR IGNORE users SET name = 'c' WHERE age = 2", "REPLACE INTO users (id) VALUES (1)",
        "INSERT OR REPLACE INTO users (id) VALUES (1)",
        "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 3",
        "DELETE FROM users WHERE id = 1", "ALTER TABLE users RENAME TO people",
        "INSERT INTO people (id) VALUES (1)", "DROP TRIGGER inserts",
        "INSERT INTO people (id) VALUES (7)", "DELETE FROM people"})
    triggers.check(text);
}

TEST(MysqlTriggers, FireForWhatTheLinterForetells) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  Triggers triggers(
      Kind::mysql, Language::mysql,
      "CREATE TABLE fired (name text);\n"
      "CREATE TABLE users (id int PRIMARY KEY, age int);\n"
      "CREATE TRIGGER inserts BEFORE INSERT ON users FOR EACH ROW INSERT INTO fired "
      "VALUES ('inserts');\n"
      "CREATE TRIGGER updates AFTER UPDATE ON users FOR EACH ROW INSERT INTO fired VALUES "
      "('updates');\n"
      "CREATE TRIGGER deletes AFTER DELETE ON users FOR EACH ROW INSERT INTO fired VALUES "
      "('deletes');\n");
  for (const std::string text :
       {"INSERT INTO users (id, age) VALUES (1, 1), (2, 2)", "UPDATE users SET age = 3",
        "REPLACE INTO users (id) VALUES (1)",
        "INSERT INTO users (id) VALUES (1) ON DUPLICATE KEY UPDATE age = 4",
        "DELETE FROM users WHERE id = 1", "TRUNCATE TABLE users", "RENAME TABLE users TO people",
        "INSERT INTO people (id) VALUES (1)", "DROP TRIGGER inserts",
        "INSERT INTO people (id) VALUES (2)", "DELETE FROM people"})
    triggers.check(text);
}

/// What ON DELETE does to other tables fires their triggers, but on MySQL.
TEST(TriggersBehindForeignKeys, FireForWhatTheLinterForetells) {
  const std::string tables =
      "CREATE TABLE fired (name text);\n"
      "CREATE TABLE users (id int PRIMARY KEY);\n"
      "CREATE TABLE posts (id int PRIMARY KEY, user_id int, FOREIGN KEY (user_id) REFERENCES users "
      "(id) ON DELETE CASCADE);\n"
      "CREATE TABLE notes (id int PRIMARY KEY, post_id int, FOREIGN KEY (post_id) REFERENCES posts "
      "(id) ON DELETE SET NULL);\n"
      "CREATE TABLE free (id int PRIMARY KEY, user_id int, FOREIGN KEY (user_id) REFERENCES users "
      "(id));\n";
  const std::string note_it =
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO fired "
      "(name) VALUES (TG_NAME); RETURN COALESCE(NEW, OLD); END $$;\n";
  struct Of {
    Kind kind;
    Language language;
  };
  for (const Of& of : {Of{Kind::postgres, Language::postgres}, Of{Kind::sqlite, Language::sqlite},
                       Of{Kind::mysql, Language::mysql}}) {
    if (!missing(of.kind).empty() && !everything_required()) continue;
    const bool postgres = of.kind == Kind::postgres, mysql = of.kind == Kind::mysql;
    const auto trigger = [&](const std::string& name, const std::string& event,
                             const std::string& table) {
      return "CREATE TRIGGER " + name + " AFTER " + event + " ON " + table + " FOR EACH ROW " +
             (postgres ? "EXECUTE FUNCTION note();\n"
              : mysql  ? "INSERT INTO fired VALUES ('" + name + "');\n"
                       : "BEGIN INSERT INTO fired VALUES ('" + name + "'); END;\n");
    };
    Triggers triggers(
        of.kind, of.language,
        (postgres ? note_it : "") + tables + trigger("posts_gone", "DELETE", "posts") +
            trigger("posts_changed", "UPDATE", "posts") + trigger("notes_gone", "DELETE", "notes") +
            trigger("notes_freed", mysql ? "UPDATE" : "UPDATE OF post_id", "notes") +
            (mysql ? "" : trigger("notes_moved", "UPDATE OF id", "notes")) +
            trigger("free_gone", "DELETE", "free"));
    const auto check = [&](const std::string& text) {
      SCOPED_TRACE(static_cast<int>(of.kind));
      triggers.run(
          "DELETE FROM notes; DELETE FROM posts; DELETE FROM users; INSERT INTO users (id) VALUES "
          "(1); INSERT INTO posts (id, user_id) VALUES (1, 1); INSERT INTO notes (id, post_id) "
          "VALUES (1, 1)");
      triggers.check(text);
    };
    check("DELETE FROM users");
    check("DELETE FROM posts WHERE id = 1");
    check("DELETE FROM notes");
    check("UPDATE posts SET id = 1");
    check(
        "ALTER TABLE users RENAME TO people; DELETE FROM people; ALTER TABLE people RENAME TO "
        "users");
    check(
        "ALTER TABLE posts RENAME TO articles; DELETE FROM users; ALTER TABLE articles RENAME TO "
        "posts");
    if (of.kind == Kind::sqlite)
      check(
          "PRAGMA foreign_keys = OFF; CREATE TABLE new_users (id int PRIMARY KEY); INSERT INTO "
          "new_users SELECT id FROM users; DROP TABLE users; ALTER TABLE new_users RENAME TO "
          "users; PRAGMA foreign_keys = ON; DELETE FROM users");
    if (!postgres) continue;
    check("ALTER TABLE posts RENAME CONSTRAINT posts_user_id_fkey TO k; DELETE FROM users");
    check("ALTER TABLE posts DROP CONSTRAINT k; DELETE FROM users");
    check(
        "ALTER TABLE posts ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users ON DELETE SET "
        "NULL; DELETE FROM users");
    check("ALTER TABLE posts DISABLE TRIGGER posts_changed; DELETE FROM users");
    check(
        "ALTER TABLE notes DROP COLUMN post_id CASCADE; ALTER TABLE notes ADD COLUMN post_id int "
        "REFERENCES posts ON DELETE CASCADE; INSERT INTO notes (id, post_id) VALUES (2, 1); "
        "DELETE FROM posts");
    check("DROP TABLE notes; CREATE TABLE notes (id int, post_id int); DELETE FROM posts");
  }
}

/// Definitions as the inspectors write them.
struct Held {
  Kind kind;
  Language language;
  std::string setup, statement, where;
};

TEST(DatabaseTriggers, AreSeenAsTheInspectorsWriteThem) {
  const std::string tables =
      "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE log (id int PRIMARY KEY);\n";
  const std::string insert = "INSERT INTO users (id) VALUES (1)";
  const std::vector<Held> all{
      {Kind::postgres, Language::postgres,
       tables + "CREATE FUNCTION clear(name text DEFAULT 'log') RETURNS void LANGUAGE plpgsql AS "
                "$$ BEGIN "
                "EXECUTE format('DELETE FROM %I', name); END $$;\nCREATE FUNCTION clears() RETURNS "
                "trigger "
                "LANGUAGE plpgsql AS $$ BEGIN PERFORM clear('log'); RETURN NULL; END $$;\nCREATE "
                "TRIGGER t "
                "AFTER INSERT ON users EXECUTE FUNCTION clears();",
       insert,
       "in function clear, called by function clears of trigger t on users, as the database has "
       "it"},
      {Kind::postgres, Language::postgres,
       tables +
           "CREATE SCHEMA app; CREATE PROCEDURE app.clear() BEGIN ATOMIC DELETE FROM log; END;",
       "CALL app.clear()", "in procedure app.clear, as the database has it"},
      {Kind::mysql, Language::mysql,
       tables +
           "SET sql_mode = 'NO_ENGINE_SUBSTITUTION';\nCREATE TRIGGER t AFTER INSERT ON users FOR "
           "EACH ROW DELETE FROM log;",
       insert, "in trigger t on users, as the database has it"},
      {Kind::mysql, Language::mysql, tables + "CREATE PROCEDURE p(IN a int) DELETE FROM log;",
       "CALL p(1)", "in procedure p, as the database has it"},
      {Kind::sqlite, Language::sqlite,
       tables + "CREATE TRIGGER t INSERT ON users BEGIN DELETE FROM log; END;", insert,
       "in trigger t on users, as the database has it"},
      {Kind::sqlite, Language::sqlite,
       tables + "CREATE TABLE posts (user_id int REFERENCES users (id) ON DELETE CASCADE); CREATE "
                "TRIGGER t DELETE ON posts BEGIN DELETE FROM log; END;",
       "DELETE FROM users WHERE id = 1",
       "in trigger t on posts, fired by the foreign key of posts to users, as the database has "
       "it"}};
  for (const Held& held : all) {
    if (!missing(held.kind).empty() && !everything_required()) continue;
    const TestDatabase database(held.kind);
    const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
    if (held.setup.find("ATOMIC") != std::string::npos && session->server().version < 140000)
      continue;
    for (const Statement& statement : split_statements(held.setup, held.language))
      session->execute(statement.sql);
    const model::Model model = session->inspect({});
    lint::Options options;
    options.server.language = held.language;
    options.server.live = true;
    options.model = &model;
    options.spell = [&](const model::Type& type) {
      return session->dialect().type_name(type, session->server());
    };
    std::vector<std::string> messages;
    for (const lint::Finding& finding :
         lint::lint({lint::read_input("001", "001.sql", held.statement, held.language)}, options)) {
      if (finding.rule == "ST108") messages.push_back(finding.message);
    }
    EXPECT_THAT(messages, testing::ElementsAre(testing::HasSubstr(held.where))) << held.setup;
  }
}

// ---- texts that are made of constants ----

/// The one text of an expression; "?" where it is not known.
std::string folded(const std::string& expression, Language language) {
  std::vector<sql::Token> tokens;
  sql::Lexer lexer(expression, language);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next())
    tokens.push_back(token);
  const lint::Texts texts = lint::Constants(language).fold(tokens);
  return texts.complete && texts.all.size() == 1 ? texts.all.front() : "?";
}

TEST(ConstantText, IsWhatPostgresMakesOfIt) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  for (const std::string expression :
       {"'a'", "'it''s'", "E'it''s'", "$$a 'b'$$", "$x$a$$b$x$", "'a' || 'b' || 'c'", "('a') || 1",
        "format('%s %I %I %L %%', 'a b', 'c', 'D e', 'it''s')", "format('%2$s %1$s', 'a', 'b')",
        "format('%2$s %s %1$s', 'a', 'b', 'c')", "concat('a', 1, 'b')", "quote_ident('Ab\"c')",
        "quote_ident('plain_1')", "quote_literal('it''s')", "'a'::text || ('b' || 'c')",
        "format('ALTER TABLE %I ADD ' || 'COLUMN %I int', 'users', '1st')"}) {
    EXPECT_EQ(folded(expression, Language::postgres),
              session->query("SELECT " + expression)[0].get<std::string>(0))
        << expression;
  }
  for (const std::string expression :
       {"E'\\x41'", "U&'\\0041'", "name", "'a' || name", "format('%10s', 'a')", "format('%s')",
        "upper('a')", "'a' = 'b'", "(SELECT 'a')::text || x", "", "(", "format("})
    EXPECT_EQ(folded(expression, Language::postgres), "?") << expression;
}

TEST(ConstantText, IsWhatMysqlMakesOfIt) {
  STERNA_REQUIRE_SERVER(Kind::mysql);
  const TestDatabase database(Kind::mysql);
  const std::unique_ptr<Connection> session = connect(parse_url(database.url()));
  for (const std::string expression :
       {"'a'", "\"a 'b'\"", "'it''s'", "'it\\'s'", "'a\\\\b\\nc\\d'", "'a' 'b'",
        "CONCAT('a', 1, \"b\")", "(SELECT CONCAT('a', 'b') FROM information_schema.tables LIMIT 1)",
        "IF(1 > 2, 'same', 'same')"}) {
    EXPECT_EQ(folded(expression, Language::mysql),
              session->query("SELECT " + expression)[0].get<std::string>(0))
        << expression;
  }
  for (const std::string expression : {"@a", "'a' || 'b'", "CONCAT('a', @b)", "UPPER('a')",
                                       "IF(1, 'a', 'b')", "CONCAT(", "(SELECT", "x'41'"})
    EXPECT_EQ(folded(expression, Language::mysql), "?") << expression;
}

}  // namespace
}  // namespace sterna::test
