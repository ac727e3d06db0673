// A run that is killed with SIGKILL before or after any statement it sends, and run again, ends as
// an undisturbed one: same schema, same rows, same history.
#include "migration/killed_run.hpp"
#include "migration/scenario.hpp"

namespace sterna::test {
namespace {

std::vector<MigrationDefinition> code_migrations(Kind kind) {
  if (kind == Kind::cql) return {};  // it has no numbered keys and no chunks by them
  return {make_migration(
      "003_code",
      [](Schema& schema) {
        schema.create_table("authors", [](TableBuilder& table) {
          table.id();
          table.string("name").unique();
        });
        schema.table("authors").insert({{"id", 1}, {"name", "Ann"}});
        schema.table("authors").insert({{"id", 2}, {"name", "Bob"}});
        // Two rows, one a chunk: the cursor has to survive as well.
        schema.table("posts").chunk_by_key(1, [&](const Rows& rows) {
          for (const Row& row : rows) {
            const auto id = row.get<std::int64_t>("id");
            schema.table("posts").where("id", id).update(
                {{"title", row.get<std::string>("title") + "!"}});
          }
        });
        schema.alter_table("posts", [](TableBuilder& table) {
          table.big_integer("author_id").nullable().index();
        });
        schema.table("authors").where("name", "Bob").update({{"name", "Bea"}});
      },
      [](Schema& schema) {
        schema.alter_table("posts", [](TableBuilder& table) {
          table.drop_index(std::vector<std::string>{"author_id"});
          table.drop_column("author_id");
        });
        schema.drop_table("authors");
      })};
}

/// Everything that a run on Cassandra may be killed in: definitions that are looked up by name,
/// rows that are written twice, statements that stand for several.
void write_cql_migrations(Scenario& scenario) {
  scenario.write("001_posts.cql",
                 "-- sterna:up\nCREATE TABLE posts (id int PRIMARY KEY, title text, views int);\n"
                 "INSERT INTO posts (id, title) VALUES (1, 'one');\n"
                 "CREATE INDEX posts_title ON posts (title);\n"
                 "-- sterna:down\nDROP TABLE posts;\n");
  scenario.write(
      "002_more.cql",
      "-- sterna:up\nALTER TABLE posts ADD slug text;\n"
      "UPDATE posts SET views = 7 WHERE id = 1;\n"
      "CREATE TYPE address (street text);\nALTER TYPE address ADD zip int;\n"
      "ALTER TABLE posts ADD place frozen<address>;\n"
      "BEGIN BATCH INSERT INTO posts (id, title) VALUES (2, 'two'); UPDATE posts SET slug = 'one' "
      "WHERE id = 1; APPLY BATCH;\n"
      "ALTER TABLE posts RENAME id TO post_id;\nALTER TABLE posts WITH comment = 'all posts';\n"
      "DROP INDEX posts_title;\n"
      "-- sterna:down\nCREATE INDEX posts_title ON posts (title);\n"
      "ALTER TABLE posts RENAME post_id TO id;\nALTER TABLE posts DROP place;\n"
      "DROP TYPE address;\nALTER TABLE posts DROP slug;\n");
}

void write_migrations(Scenario& scenario) {
  if (scenario.kind == Kind::cql) return write_cql_migrations(scenario);
  scenario.write(
      "001_posts.sql",
      "-- sterna:up\nCREATE TABLE posts (id int PRIMARY KEY, title varchar(50) NOT NULL);\n"
      "INSERT INTO posts VALUES (1, 'one');\nINSERT INTO posts VALUES (2, 'two');\nCREATE INDEX "
      "posts_title ON posts (title);\n"
      "-- sterna:down\nDROP TABLE posts;\n");
  switch (scenario.kind) {
    case Kind::mysql:
      // No CALL here: whether one that died took effect cannot be seen from outside.
      scenario.write(
          "002_more.sql",
          "-- sterna:up\nALTER TABLE posts ADD COLUMN views int NOT NULL DEFAULT 0, ADD COLUMN "
          "slug varchar(50);\n"
          "UPDATE posts SET views = views + 1;\nALTER TABLE posts ADD INDEX (slug);\nALTER TABLE "
          "posts MODIFY title varchar(80) NOT NULL;\n"
          "CREATE TABLE tags (id int AUTO_INCREMENT PRIMARY KEY, name varchar(20));\nINSERT INTO "
          "tags VALUES (1, 'a'), (2, 'b');\n"
          "RENAME TABLE tags TO labels;\nCREATE VIEW titles AS SELECT title FROM posts;\n"
          "CREATE PROCEDURE touch() BEGIN UPDATE posts SET views = views + 1; END;\n"
          "-- sterna:down\nDROP PROCEDURE touch;\nDROP VIEW titles;\nDROP TABLE labels;\nALTER "
          "TABLE posts DROP COLUMN views, DROP COLUMN slug;\n");
      break;
    case Kind::postgres:
      scenario.write(
          "002_more.sql",
          "-- sterna:transaction none\n-- sterna:up\nALTER TABLE posts ADD COLUMN views int NOT "
          "NULL DEFAULT 0;\n"
          "UPDATE posts SET views = views + 1;\nCREATE INDEX CONCURRENTLY posts_views ON posts "
          "(views);\nVACUUM posts;\n"
          "INSERT INTO posts VALUES (3, 'three', 7);\nDROP INDEX CONCURRENTLY posts_title;\n"
          "-- sterna:down\nDROP INDEX CONCURRENTLY posts_views;\nCREATE INDEX CONCURRENTLY "
          "posts_title ON posts (title);\n"
          "ALTER TABLE posts DROP COLUMN views;\n");
      break;
    case Kind::sqlite:
      scenario.write("002_more.sql",
                     "-- sterna:transaction none\n-- sterna:up\nALTER TABLE posts ADD COLUMN views "
                     "int NOT NULL DEFAULT 0;\n"
                     "UPDATE posts SET views = views + 1;\nVACUUM;\nINSERT INTO posts VALUES (3, "
                     "'three', 7);\nPRAGMA optimize;\n"
                     "-- sterna:down\nALTER TABLE posts DROP COLUMN views;\n");
      break;
    case Kind::cql:
      break;
  }
}

enum class Way { up, down };

bool run_and_die(const Scenario& scenario, Way way, int die_at) {
  EngineOptions options = scenario.options();
  options.definitions = code_migrations(scenario.kind);
  return is_killed_at(die_at, std::move(options), [way](MigrationEngine& engine) {
    if (way == Way::up)
      engine.up({});
    else
      engine.down({});
  });
}

void run_to_the_end(const Scenario& scenario, Way way) {
  scenario.end_lease();
  EngineOptions options = scenario.options();
  options.definitions = code_migrations(scenario.kind);
  MigrationEngine engine(std::move(options));
  if (way == Way::up)
    engine.up({});
  else
    engine.down({});
}

/// Of the migrations in SQL: what the plan says is still to be run is what is run.
void run_as_planned(const Scenario& scenario, int die_at) {
  scenario.end_lease();
  EngineOptions options = scenario.options();
  options.definitions = code_migrations(scenario.kind);
  MigrationEngine engine(std::move(options));
  std::map<std::string, std::size_t> planned, run;
  for (const PlannedMigration& migration : engine.plan({}, Direction::up)) {
    for (const PlannedStatement& statement : migration.statements) {
      if (statement.progress == StatementProgress::pending) ++planned[migration.id()];
    }
  }
  engine.on_event([&](const Event& event) {
    if (event.kind == EventKind::statement_started) ++run[event.migration];
  });
  engine.up({});
  for (const std::string migration : {"001_posts", "002_more"})
    ASSERT_EQ(planned[migration], run[migration])
        << migration << " after dying at point " << die_at;
}

class KilledAtEveryStatement : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(GetParam()); }
};

TEST_P(KilledAtEveryStatement, UpConverges) {
  Scenario undisturbed(GetParam());
  write_migrations(undisturbed);
  run_to_the_end(undisturbed, Way::up);
  const std::string expected = undisturbed.picture();
  int points = 0;
  for (int die_at = 1;; ++die_at) {
    Scenario scenario(GetParam());
    write_migrations(scenario);
    if (!run_and_die(scenario, Way::up, die_at)) break;
    ++points;
    ASSERT_NO_THROW(run_as_planned(scenario, die_at)) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.picture(), expected) << "after dying at point " << die_at;
  }
  EXPECT_GT(points, 20);
}

TEST_P(KilledAtEveryStatement, DownConverges) {
  Scenario undisturbed(GetParam());
  write_migrations(undisturbed);
  run_to_the_end(undisturbed, Way::up);
  run_to_the_end(undisturbed, Way::down);
  const std::string expected = undisturbed.picture();
  int points = 0;
  for (int die_at = 1;; ++die_at) {
    Scenario scenario(GetParam());
    write_migrations(scenario);
    run_to_the_end(scenario, Way::up);
    if (!run_and_die(scenario, Way::down, die_at)) break;
    ++points;
    ASSERT_NO_THROW(run_to_the_end(scenario, Way::down)) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.picture(), expected) << "after dying at point " << die_at;
  }
  EXPECT_GT(points, 12);
}

TEST_P(KilledAtEveryStatement, WhatTheServerEndsLateIsNoFailure) {
  if (GetParam() != Kind::mysql && GetParam() != Kind::cql) return;  // others roll it back
  int late = 0;
  for (int die_at = 1;; ++die_at) {
    Scenario scenario(GetParam());
    scenario.write("001_a.sql",
                   "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE a ADD w int;\n"
                   "CREATE TABLE b (id int PRIMARY KEY);\n");
    if (!is_killed_at(die_at, scenario.options(), [](MigrationEngine& one) { one.up({}); })) break;
    scenario.end_lease();
    MigrationEngine engine(scenario.options());
    engine.on_event([&](const Event& event) {
      if (event.kind != EventKind::resume || !event.text.starts_with("statement 2: ")) return;
      const auto session = scenario.connect();
      if (session->has_column(model::Name("a"), "w")) return;
      session->execute("ALTER TABLE a ADD w int");
      ++late;
    });
    ASSERT_NO_THROW(engine.up({})) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.applied(), std::vector<std::string>{"001_a"});
    ASSERT_TRUE(scenario.connect()->has_table(model::Name("b")));
  }
  EXPECT_GT(late, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, KilledAtEveryStatement, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
