// A run that is killed with SIGKILL before or after any statement it sends, and run again, ends as
// an undisturbed one: same schema, same rows, same history.
#include "migration/scenario.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace sterna::test {
namespace {

/// Passes everything on, statement by statement, and kills its own process at a chosen point.
class MortalConnection final : public Connection {
 public:
  MortalConnection(std::unique_ptr<Connection> inner, int die_at)
      : inner_(std::move(inner)), die_at_(die_at) {
    inner_->on_notice([this](std::string_view text) { notify(text); });
  }
  const Dialect& dialect() const override { return inner_->dialect(); }
  const ServerInfo& server() const override { return inner_->server(); }
  const Url& url() const override { return inner_->url(); }
  Rows query(const Statement& statement) override {
    return mortal([&] { return inner_->query(statement); });
  }
  std::int64_t execute(const Statement& statement) override {
    return mortal([&] { return inner_->execute(statement); });
  }
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      try {
        mortal([&] {
          inner_->execute_batch(statements.subspan(i, 1));
          return 0;
        });
      } catch (Error& error) {
        error.with_statement_index(i);
        throw;
      }
      if (done) done(i);
    }
  }
  bool in_transaction() const override { return inner_->in_transaction(); }
  std::string begin_sql() const override { return inner_->begin_sql(); }
  void cancel() noexcept override { inner_->cancel(); }
  bool alive() const override { return inner_->alive(); }
  std::unique_ptr<Locker> locker(const std::string& name) override { return inner_->locker(name); }
  bool has_table(const model::Name& table) override { return inner_->has_table(table); }
  bool has_column(const model::Name& table, std::string_view column) override {
    return inner_->has_column(table, column);
  }
  bool has_index(const model::Name& table, std::string_view index) override {
    return inner_->has_index(table, index);
  }
  bool set_foreign_keys(bool on) override { return inner_->set_foreign_keys(on); }
  bool foreign_keys_enforced() override { return inner_->foreign_keys_enforced(); }
  std::vector<std::string> foreign_key_violations() override {
    return inner_->foreign_key_violations();
  }
  void drop_everything() override { inner_->drop_everything(); }

 private:
  template <class Call>
  std::invoke_result_t<Call> mortal(Call call) {
    step();
    auto result = call();
    step();
    return result;
  }
  void step() {
    if (++points_ == die_at_) ::kill(::getpid(), SIGKILL);
  }

  std::unique_ptr<Connection> inner_;
  int die_at_;
  int points_ = 0;
};

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

/// True when the child died at its point; false when it came to its end before.
bool run_and_die(const Scenario& scenario, Way way, int die_at) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      EngineOptions options = scenario.options();
      options.definitions = code_migrations(scenario.kind);
      const Url url = options.url;
      options.connect = [url, die_at] {
        return std::make_unique<MortalConnection>(sterna::connect(url), die_at);
      };
      MigrationEngine engine(std::move(options));
      if (way == Way::up)
        engine.up({});
      else
        engine.down({});
      ::_exit(0);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "point %d: %s\n", die_at, error.what());
      ::_exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0)
      << "the run failed instead of dying at point " << die_at;
  return WIFSIGNALED(status);
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
    ASSERT_NO_THROW(run_to_the_end(scenario, Way::up)) << "after dying at point " << die_at;
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

INSTANTIATE_TEST_SUITE_P(Engines, KilledAtEveryStatement, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
