// What only PostgreSQL has: places counted in characters, COPY, rules, server-side ends of a
// session, lists of hosts, libpq's own settings.
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Statement at(std::string sql, int line, int column = 1, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {"001_test.sql", line, column}, {}};
}

struct PostgresSession : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::postgres);
    database = std::make_unique<TestDatabase>(Kind::postgres);
    connection = open();
  }
  std::unique_ptr<Connection> open() const { return connect(parse_url(database->url())); }
  Error failure(const std::vector<Statement>& batch,
                const std::function<void(std::size_t)>& done = {}) {
    try {
      connection->execute_batch(batch, done);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorKind::internal, "nothing was thrown");
  }
  std::int64_t number(const std::string& sql) {
    return connection->query(sql).front().get<std::int64_t>(0);
  }

  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> connection;
};

TEST_F(PostgresSession, PlacesCountBytesBehindCharactersOfManyBytes) {
  // The server counts characters over the whole message; an editor wants bytes in the line.
  const Error error =
      failure({at("CREATE TABLE t (ü text) -- 漢字 🐦", 1), at("INSERT INTO t VALUES ('äöü')", 2),
               at("SELECT 'ß',\n  '漢', missing FROM t", 7, 3)});
  EXPECT_EQ(error.code(), "42703");
  EXPECT_EQ(error.statement_index(), 2u);
  EXPECT_EQ(error.position(), (SourcePosition{"001_test.sql", 8, 10}));
}

TEST_F(PostgresSession, PlacesOfBoundStatementsAreTheirOwn) {
  const Error error = failure({at("SELECT $1::text", 1, 1, {"é"}), at("SELECT 'é', nope", 2, 5)});
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_EQ(error.position(), (SourcePosition{"001_test.sql", 2, 18}));
}

TEST_F(PostgresSession, AStatementThatFailsInsideAFunctionIsFoundByItsTurn) {
  std::vector<std::size_t> done;
  const Error error =
      failure({at("SELECT 1", 1), at("DO $$ BEGIN PERFORM 1 / 0; END $$", 2), at("SELECT 2", 3)},
              [&](std::size_t index) { done.push_back(index); });
  EXPECT_EQ(error.code(), "22012");
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_EQ(error.position().line, 2);
  EXPECT_THAT(done, ElementsAre(0));
}

TEST_F(PostgresSession, RulesThatAnswerMoreThanOnceDoNotDisturbTheCount) {
  connection->execute("CREATE TABLE t (i int)");
  connection->execute(
      "CREATE RULE more AS ON INSERT TO t DO ALSO (SELECT 1 AS a; SELECT 2 AS b, 3 AS c)");
  connection->execute("CREATE TABLE u (i int)");
  connection->execute("CREATE RULE none AS ON INSERT TO u DO INSTEAD NOTHING");
  std::vector<std::size_t> done;
  const Error error = failure({at("INSERT INTO t VALUES (1)", 1), at("INSERT INTO u VALUES (1)", 2),
                               at("INSERT INTO t VALUES (2)", 3),
                               at("DO $$ BEGIN RAISE 'stop'; END $$", 4), at("SELECT 1", 5)},
                              [&](std::size_t index) { done.push_back(index); });
  EXPECT_EQ(error.statement_index(), 3u);
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST_F(PostgresSession, RowsOfABatchAreNotKept) {
  std::vector<std::size_t> done;
  connection->execute_batch(
      std::vector<Statement>{at("SELECT repeat('x', 1000) FROM generate_series(1, 20000)", 1),
                             at("CREATE TABLE t (i int)", 2)},
      [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1));
  done.clear();
  connection->execute_batch(
      std::vector<Statement>{
          at("SELECT repeat('x', 1000) FROM generate_series(1, $1::int)", 1, 1, {20000}),
          at("INSERT INTO t VALUES (1)", 2), at("SELECT 1 WHERE false", 3)},
      [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 1);
}

TEST_F(PostgresSession, CopyTakesItsRowsInTheOrderOfTheBatch) {
  Statement copy = at("COPY t (i, w) FROM stdin", 2);
  for (int i = 0; i < 50000; ++i) copy.copy_data += std::to_string(i) + "\tw\\t" + "ü\n";
  std::vector<std::size_t> done;
  connection->execute_batch(
      std::vector<Statement>{at("CREATE TABLE t (i int, w text)", 1), copy,
                             at("DELETE FROM t WHERE i = $1", 3, 1, {7}), at("SELECT 1", 4)},
      [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(number("SELECT count(*) FROM t WHERE w = E'w\\tü'"), 49999);
}

TEST_F(PostgresSession, CopyWithABadRowFailsAsItsOwnStatement) {
  Statement copy = at("COPY t FROM stdin", 2);
  copy.copy_data = "1\nnot a number\n";
  const Error error = failure({at("CREATE TABLE t (i int)", 1), copy, at("SELECT 1", 3)});
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_EQ(error.code(), "22P02");
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(PostgresSession, CopyWithoutRowsOrToTheClientIsRefusedAndTheSessionLives) {
  connection->execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS i");
  for (const char* sql : {"COPY t FROM stdin", "COPY t TO STDOUT", "/* all */ copy t to stdout"}) {
    SCOPED_TRACE(sql);
    EXPECT_EQ(failure({at(sql, 1)}).kind(), ErrorKind::validation);
    const Error plain = failure({at("SELECT 1", 1), at(sql, 2), at("SELECT 2", 3)});
    EXPECT_EQ(plain.kind(), ErrorKind::validation);
    EXPECT_EQ(plain.statement_index(), 1u);
    EXPECT_EQ(plain.position().line, 2);
    EXPECT_EQ(failure({at("SELECT $1::int", 1, 1, {1}), at(sql, 2)}).kind(), ErrorKind::validation);
    EXPECT_THROW(connection->query(sql), Error);
    EXPECT_THROW(connection->execute(sql), Error);
    EXPECT_EQ(number("SELECT count(*) FROM t"), 1000);
  }
}

TEST_F(PostgresSession, AZeroByteIsRefusedAndNothingIsLeftOut) {
  connection->execute("CREATE TABLE t (w text)");
  using namespace std::string_literals;
  EXPECT_EQ(failure({at("INSERT INTO t VALUES ('a\0b')"s, 1), at("INSERT INTO t VALUES ('c')", 2)})
                .kind(),
            ErrorKind::validation);
  EXPECT_THROW(connection->execute(Statement{"INSERT INTO t VALUES ($1)", {"a\0b"s}, {}, {}}),
               Error);
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(PostgresSession, OneStatementGoesByItself) {
  connection->execute("CREATE TABLE t (i int)");
  EXPECT_NO_THROW(connection->execute_batch(
      std::vector<Statement>{at("CREATE INDEX CONCURRENTLY t_i ON t (i)", 1)}));
  EXPECT_TRUE(connection->has_index(model::Name("t"), "t_i"));
}

TEST_F(PostgresSession, TypesAreReadAsTheyAre) {
  const Rows rows = connection->query(
      "SELECT true AS b, 7::int2 AS small, 12.340::numeric AS n, 'NaN'::float8 AS nan, "
      "'-Infinity'::float4 AS low, '\\x00ff'::bytea AS bytes, date '2026-01-02' AS d, "
      "ARRAY[1, 2] AS a, NULL::int AS nothing");
  const Row& row = rows.front();
  EXPECT_EQ(row["b"], Value(true));
  EXPECT_EQ(row["small"], Value(7));
  EXPECT_EQ(row["n"], Value("12.340"));
  EXPECT_TRUE(std::isnan(row.get<double>("nan")));
  EXPECT_TRUE(std::isinf(row.get<double>("low")));
  EXPECT_EQ(row.get<Blob>("bytes").bytes, std::string("\0\xff", 2));
  EXPECT_EQ(row["d"], Value("2026-01-02"));
  EXPECT_EQ(row["a"], Value("{1,2}"));
  EXPECT_TRUE(row["nothing"].is_null());
}

TEST_F(PostgresSession, NoticesArePassedOn) {
  std::vector<std::string> notices;
  connection->on_notice([&](std::string_view text) { notices.emplace_back(text); });
  connection->execute("DO $$ BEGIN RAISE NOTICE 'half way'; END $$");
  EXPECT_THAT(notices, ElementsAre(HasSubstr("half way")));
}

TEST_F(PostgresSession, TheServerSeesWhoRuns) {
  EXPECT_THAT(connection->query("SHOW application_name").front().get<std::string>(0),
              testing::StartsWith("sterna/"));
  EXPECT_EQ(connection->query("SHOW client_encoding").front().get<std::string>(0), "UTF8");
  const auto named = connect(parse_url(database->url() + "?application_name=deploy"));
  EXPECT_EQ(named->query("SHOW application_name").front().get<std::string>(0), "deploy");
}

TEST_F(PostgresSession, AnEndedSessionIsNoticedEvenWhenIdle) {
  const auto other = open();
  const Statement end{
      "SELECT pg_terminate_backend($1::int), pg_sleep(0.02) FROM pg_stat_activity WHERE pid = $1",
      {connection->query("SELECT pg_backend_pid()").front().get<std::int64_t>(0)},
      {},
      {}};
  while (!other->query(end).empty()) {
  }
  EXPECT_FALSE(connection->alive());
  EXPECT_FALSE(connection->in_transaction());
  connection->rollback();  // harmless
}

TEST_F(PostgresSession, PasswordsAreUsedButNeverShown) {
  const std::string good = database->url_through("POSTGRES_SECRET_URL");
  ASSERT_FALSE(good.empty());
  EXPECT_EQ(connect(parse_url(good))->query("SELECT current_user").front().get<std::string>(0),
            "secretive");
  Url url = parse_url(good);
  url.password = Secret("wrong-s3cret");
  try {
    connect(url);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_THAT(error.what(), Not(HasSubstr("wrong-s3cret")));
  }
  const auto session = connect(parse_url(good));
  try {
    session->execute(
        "DO $$ BEGIN RAISE EXCEPTION 'no way to postgres://me:wrong-s3cret@host/x' USING DETAIL = "
        "'password=wrong-s3cret'; END $$");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("wrong-s3cret")));
    EXPECT_THAT(error.detail(), Not(HasSubstr("wrong-s3cret")));
  }
}

TEST_F(PostgresSession, NamesInOtherSchemasAreFoundThere) {
  connection->execute("CREATE SCHEMA other");
  connection->execute("CREATE TABLE other.\"Things\" (i int)");
  connection->execute("CREATE INDEX \"Things_i\" ON other.\"Things\" (i)");
  EXPECT_TRUE(connection->has_table(model::Name("other", "Things")));
  EXPECT_FALSE(connection->has_table(model::Name("Things")));
  EXPECT_FALSE(connection->has_table(model::Name("other", "things")));
  EXPECT_TRUE(connection->has_column(model::Name("other", "Things"), "i"));
  EXPECT_TRUE(connection->has_index(model::Name("other", "Things"), "Things_i"));
  EXPECT_FALSE(connection->has_index(model::Name("Things"), "Things_i"));
}

TEST_F(PostgresSession, DropEverythingTakesObjectsOfEveryKindThatDependOnEachOther) {
  // Bodies that are parsed when they are made depend on what they call; older servers have none.
  const bool parsed = connection->server().version >= 140000;
  const std::string step = parsed ? "RETURN a + b" : "AS 'SELECT a + b'",
                    twice = parsed ? "RETURN step(a, a)" : "AS 'SELECT step(a, a)'";
  for (const std::string& sql : std::vector<std::string>{
           "CREATE TYPE mood AS ENUM ('sad', 'glad')",
           "CREATE DOMAIN positive AS int CHECK (value > "
           "0)",
           "CREATE TYPE pair AS (a int, b mood)", "CREATE TYPE spans AS RANGE (subtype = int4)",
           "CREATE SEQUENCE counter", "CREATE TABLE t (id int DEFAULT nextval('counter'), m mood)",
           "CREATE TABLE p (i int) PARTITION BY RANGE (i)",
           "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
           "CREATE VIEW v AS SELECT * "
           "FROM t",
           "CREATE MATERIALIZED VIEW m AS SELECT * FROM v",
           "CREATE FUNCTION step(a int, b int) RETURNS int LANGUAGE sql " + step,
           "CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql " + twice,
           "CREATE AGGREGATE total (int) (SFUNC = step, STYPE = int)",
           "CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'",
           "CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = step)",
           "CREATE COLLATION german FROM \"C\"",
           "CREATE TEXT SEARCH CONFIGURATION plain (COPY = "
           "simple)",
           "CREATE SCHEMA other", "CREATE TABLE other.u (i int)"})
    connection->execute(sql);
  connection->drop_everything();
  EXPECT_EQ(number("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_operator WHERE oprnamespace = 'public'::regnamespace"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_collation WHERE collnamespace = "
                   "'public'::regnamespace"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_ts_config WHERE cfgnamespace = "
                   "'public'::regnamespace"),
            0);
  EXPECT_EQ(number("SELECT count(*) FROM pg_namespace WHERE nspname = 'other'"), 0);
}

TEST_F(PostgresSession, DropEverythingLeavesWhatBelongsToOthersAndToExtensions) {
  const std::string role = database->name() + "_worker";  // roles belong to the whole server
  connection->execute("CREATE EXTENSION citext");
  connection->execute("CREATE TABLE theirs (i int)");
  connection->execute("CREATE ROLE " + role + " LOGIN");
  connection->execute("GRANT CREATE ON SCHEMA public TO " + role);
  {
    Url url = parse_url(database->url());
    url.user = role;
    const auto worker = connect(url);
    worker->execute("CREATE TABLE mine (w citext)");
    worker->execute("CREATE TABLE \"Mine too\" (i int)");
    worker->drop_everything();
    EXPECT_FALSE(worker->has_table(model::Name("mine")));
    EXPECT_FALSE(worker->has_table(model::Name("Mine too")));
    EXPECT_TRUE(worker->has_table(model::Name("theirs")));
    EXPECT_EQ(worker->query("SELECT 'A'::citext = 'a'").front().get<bool>(0), true);
  }
  connection->execute("DROP OWNED BY " + role);
  connection->execute("DROP ROLE " + role);
}

}  // namespace
}  // namespace sterna::test
