// What ALTER TABLE cannot do on SQLite, done by a rebuild: no row may vanish, and everything that
// belongs to the table stays.
#include "builder/direct_target.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <sterna/schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct SqliteRebuild : testing::Test {
  SqliteRebuild() : connection(connect(parse_url(database.url()))) {}
  void run(std::initializer_list<const char*> statements) {
    for (const char* sql : statements) connection->execute(sql);
  }
  void alter(const std::string& table, std::function<void(TableBuilder&)> change) {
    DirectTarget target(*connection);
    Schema schema(target);
    schema.alter_table(table, std::move(change));
  }
  std::int64_t number(const std::string& sql) {
    return connection->query(sql).front().get<std::int64_t>(0);
  }
  std::string text(const std::string& sql) {
    return connection->query(sql).front().get<std::string>(0);
  }

  TestDatabase database{Kind::sqlite};
  std::unique_ptr<Connection> connection;
};

TEST_F(SqliteRebuild, KeepsChildRowsUnderCascade) {
  run({"CREATE TABLE parents (id integer PRIMARY KEY, name text)",
       "CREATE TABLE children (id integer PRIMARY KEY, parent_id integer REFERENCES parents (id) "
       "ON DELETE CASCADE)",
       "INSERT INTO parents VALUES (1, 'a'), (2, 'b')",
       "INSERT INTO children VALUES (1, 1), (2, 1), (3, 2)"});
  alter("parents", [](TableBuilder& table) { table.string("name", 50).not_null().alter(); });
  EXPECT_EQ(number("SELECT count(*) FROM children"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM parents"), 2);
  EXPECT_TRUE(connection->foreign_keys_enforced());
  connection->execute("DELETE FROM parents WHERE id = 1");  // the key still works
  EXPECT_EQ(number("SELECT count(*) FROM children"), 1);
}

TEST_F(SqliteRebuild, KeepsIndexesTriggersViewsAndTheCounter) {
  run(
      {"CREATE TABLE posts (id integer PRIMARY KEY AUTOINCREMENT, title text COLLATE NOCASE CHECK "
       "(length(title) > 0), score int DEFAULT 5)",
       "CREATE INDEX posts_title ON posts (title DESC) WHERE score > 1",
       "CREATE TABLE log (what text)", "CREATE TABLE levels (id integer PRIMARY KEY)",
       "CREATE TRIGGER posts_log AFTER INSERT ON posts BEGIN INSERT INTO log VALUES (CASE WHEN "
       "NEW.score > 3 THEN 'high' ELSE 'low' END); END",
       "CREATE VIEW titles AS SELECT title FROM posts",
       "INSERT INTO posts (title) VALUES ('one'), ('two'), ('three')",
       "DELETE FROM posts WHERE id = 3", "INSERT INTO levels VALUES (5)"});
  alter("posts", [](TableBuilder& table) { table.foreign("score").references("id").on("levels"); });
  EXPECT_EQ(number("SELECT count(*) FROM titles"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM log"), 3);
  EXPECT_THAT(text("SELECT sql FROM sqlite_schema WHERE name = 'posts_title'"),
              HasSubstr("title DESC) WHERE score > 1"));
  EXPECT_THAT(text("SELECT sql FROM sqlite_schema WHERE name = 'posts'"),
              testing::AllOf(HasSubstr("COLLATE NOCASE"), HasSubstr("CHECK (length(title) > 0)"),
                             HasSubstr("FOREIGN KEY")));
  connection->set_foreign_keys(false);
  connection->execute("INSERT INTO posts (title) VALUES ('four')");
  EXPECT_EQ(number("SELECT max(id) FROM posts"), 4);  // 3 was used before
  EXPECT_EQ(text("SELECT what FROM log ORDER BY rowid DESC"), "high");
}

TEST_F(SqliteRebuild, ChangesTypeNullAndDefaultAndFillsNulls) {
  run({"CREATE TABLE t (id integer PRIMARY KEY, n text)",
       "INSERT INTO t VALUES (1, NULL), (2, 'x')"});
  alter("t",
        [](TableBuilder& table) { table.string("n", 20).not_null().default_to("none").alter(); });
  EXPECT_EQ(text("SELECT n FROM t WHERE id = 1"), "none");
  EXPECT_EQ(text("SELECT n FROM t WHERE id = 2"), "x");
  EXPECT_THROW(connection->execute("INSERT INTO t VALUES (3, NULL)"), Error);
}

TEST_F(SqliteRebuild, DropsAKeyedColumnOnlyWhenNothingIsLostUnasked) {
  run({"CREATE TABLE t (a int, b int, c int, UNIQUE (a, b))", "CREATE INDEX t_c ON t (c)",
       "INSERT INTO t VALUES (1, 2, 3)"});
  EXPECT_THROW(alter("t", [](TableBuilder& table) { table.drop_column("c"); }), Error);
  EXPECT_THROW(alter("t", [](TableBuilder& table) { table.drop_column("a"); }), Error);
  EXPECT_EQ(number("SELECT c FROM t"), 3);
  alter("t", [](TableBuilder& table) {
    table.drop_index("t_c");
    table.drop_column("c");
  });
  EXPECT_FALSE(connection->has_column(model::Name("t"), "c"));
  EXPECT_EQ(number("SELECT a + b FROM t"), 3);
}

TEST_F(SqliteRebuild, RenamesAndRebuildsInOneChange) {
  run({"CREATE TABLE t (a int, b int)", "CREATE INDEX t_a ON t (a)",
       "INSERT INTO t VALUES (1, 2)"});
  alter("t", [](TableBuilder& table) {
    table.rename_column("a", "renamed");
    table.big_integer("b").not_null().alter();
  });
  EXPECT_EQ(number("SELECT renamed FROM t INDEXED BY t_a WHERE renamed = 1"), 1);
}

TEST_F(SqliteRebuild, KeepsOddNamesBlobsAndGeneratedColumns) {
  run(
      {"CREATE TABLE \"odd \"\"name\" ([a b] blob, `c,d` text DEFAULT 'x,(y', e int GENERATED "
       "ALWAYS AS (length([a b])) VIRTUAL) STRICT",
       "INSERT INTO \"odd \"\"name\" ([a b]) VALUES (x'00ff00')"});
  alter("odd \"name", [](TableBuilder& table) { table.check("e < 100", "small"); });
  EXPECT_EQ(text("SELECT hex([a b]) || `c,d` || e FROM \"odd \"\"name\""), "00FF00x,(y3");
}

TEST_F(SqliteRebuild, RefusesAVirtualTable) {
  run({"CREATE VIRTUAL TABLE f USING fts5(body)"});
  EXPECT_THROW(alter("f", [](TableBuilder& table) { table.check("body <> ''", "c"); }), Error);
}

}  // namespace
}  // namespace sterna::test
