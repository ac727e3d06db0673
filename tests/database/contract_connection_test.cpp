// What every engine's Connection promises to the runner and the builder, against the real servers.
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Statement at_line(std::string sql, int line, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {"001_test.sql", line, 1}, {}};
}

class ConnectionContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    database_ = std::make_unique<TestDatabase>(GetParam());
    connection_ = open();
  }
  std::unique_ptr<Connection> open() const { return connect(parse_url(database_->url())); }
  std::string placeholder(std::size_t number) const {
    return connection_->dialect().placeholder(number);
  }
  std::int64_t number(const std::string& sql) {
    return connection_->query(sql).front().get<std::int64_t>(0);
  }
  /// A statement that runs for much longer than any test, until it is cancelled.
  std::string endless() const {
    switch (GetParam()) {
      case Kind::postgres:
        return "SELECT pg_sleep(600)";
      case Kind::mysql:
        return "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
               "information_schema.columns c, information_schema.columns d";
      case Kind::sqlite:
      case Kind::cql:
        break;
    }
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> connection_;
};

INSTANTIATE_TEST_SUITE_P(Engines, ConnectionContract, testing::ValuesIn(all_kinds()),
                         testing::PrintToStringParamName());

TEST_P(ConnectionContract, TellsProductAndVersionOfTheServer) {
  EXPECT_FALSE(connection_->server().product.empty());
  EXPECT_THAT(connection_->server().version_text, HasSubstr(connection_->server().product));
  EXPECT_GE(connection_->server().version, 30000);
}

TEST_P(ConnectionContract, BoundValuesComeBackAsTheyWere) {
  connection_->execute(
      "CREATE TABLE t (id integer, big bigint, real_one double precision, word varchar(200), "
      "absent varchar(20))");
  const std::string odd = "O'Neill \\ \"x\" ? $1 % – ü 漢 🐦";
  std::string sql = "INSERT INTO t VALUES (";
  for (std::size_t i = 1; i <= 5; ++i) sql += (i == 1 ? "" : ", ") + placeholder(i);
  EXPECT_EQ(connection_->execute(Statement{
                sql + ")", {7, std::int64_t{-9007199254740993}, 0.1, odd, nullptr}, {}, {}}),
            1);
  const Rows rows = connection_->query("SELECT * FROM t");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].get<int>("id"), 7);
  EXPECT_EQ(rows[0].get<std::int64_t>("big"), -9007199254740993);
  EXPECT_EQ(rows[0].get<double>("real_one"), 0.1);
  EXPECT_EQ(rows[0].get<std::string>("word"), odd);
  EXPECT_TRUE(rows[0]["absent"].is_null());
}

TEST_P(ConnectionContract, BytesComeBackAsTheyWere) {
  connection_->execute(GetParam() == Kind::postgres ? "CREATE TABLE t (b bytea)"
                                                    : "CREATE TABLE t (b blob)");
  Blob bytes;
  for (int i = 0; i < 256; ++i) bytes.bytes += static_cast<char>(i);
  const std::string insert = "INSERT INTO t VALUES (" + placeholder(1) + ")";
  connection_->execute(Statement{insert, {bytes}, {}, {}});
  connection_->execute(Statement{insert, {Blob{}}, {}, {}});
  const Rows rows = connection_->query("SELECT b FROM t");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].get<Blob>(0), bytes);
  EXPECT_EQ(rows[1].get<Blob>(0), Blob{});
}

TEST_P(ConnectionContract, AQueryWithoutRowsGivesNone) {
  connection_->execute("CREATE TABLE t (i integer)");
  EXPECT_THAT(connection_->query("SELECT i FROM t"), IsEmpty());
  EXPECT_THAT(connection_->query("INSERT INTO t VALUES (1)"), IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 1);
}

TEST_P(ConnectionContract, ExecuteTellsHowManyRowsWereAffected) {
  connection_->execute("CREATE TABLE t (i integer)");
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (1), (2), (3)"), 3);
  EXPECT_EQ(connection_->execute("UPDATE t SET i = i + 10 WHERE i > 1"), 2);
  EXPECT_EQ(connection_->execute("DELETE FROM t WHERE i = 99"), 0);
  EXPECT_EQ(connection_->execute("DROP TABLE t"), 0);
}

TEST_P(ConnectionContract, ABatchRunsInOrderAndTellsEachSuccessOnce) {
  const std::vector<Statement> batch{
      at_line("CREATE TABLE t (i integer)", 1), at_line("INSERT INTO t VALUES (1)", 2),
      at_line("INSERT INTO t SELECT i + 1 FROM t", 3),
      at_line("UPDATE t SET i = i * 10 -- the end", 4), at_line("SELECT i FROM t", 5)};
  std::vector<std::size_t> done;
  connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(number("SELECT sum(i) FROM t"), 30);
}

TEST_P(ConnectionContract, ABatchWithBoundValuesKeepsTheOrder) {
  connection_->execute("CREATE TABLE t (i integer, w varchar(50))");
  const std::vector<Statement> batch{
      at_line("INSERT INTO t VALUES (1, 'a')", 1),
      at_line("INSERT INTO t VALUES (" + placeholder(1) + ", " + placeholder(2) + ")", 2,
              {2, "it's"}),
      at_line("UPDATE t SET i = i + 1", 3),
      at_line("DELETE FROM t WHERE i = " + placeholder(1), 4, {2})};
  std::vector<std::size_t> done;
  connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(connection_->query("SELECT w FROM t").front().get<std::string>(0), "it's");
}

TEST_P(ConnectionContract, AnEmptyBatchDoesNothing) {
  EXPECT_NO_THROW(connection_->execute_batch({}, [](std::size_t) { FAIL(); }));
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(ConnectionContract, AFailedBatchNamesTheStatementAndItsPlace) {
  const std::vector<Statement> batch{
      at_line("CREATE TABLE t (i integer)", 1), at_line("INSERT INTO t VALUES (1)", 2),
      at_line("INSERT INTO missing VALUES (1)", 3), at_line("INSERT INTO t VALUES (2)", 4)};
  std::vector<std::size_t> done;
  try {
    connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.statement_index(), 2u);
    EXPECT_EQ(error.statement(), batch[2].sql);
    EXPECT_EQ(error.position().file, "001_test.sql");
    EXPECT_EQ(error.position().line, 3);
    EXPECT_EQ(error.kind(), ErrorKind::schema);
    EXPECT_FALSE(error.code().empty());
    EXPECT_FALSE(error.suggestions().empty());
  }
  EXPECT_THAT(done, ElementsAre(0, 1));
  EXPECT_EQ(number("SELECT 1"), 1);  // the session is of use
}

TEST_P(ConnectionContract, AFailedBatchWithBoundValuesNamesTheStatement) {
  connection_->execute("CREATE TABLE t (i integer PRIMARY KEY)");
  const std::string insert = "INSERT INTO t VALUES (" + placeholder(1) + ")";
  const std::vector<Statement> batch{at_line(insert, 1, {1}), at_line(insert, 2, {2}),
                                     at_line(insert, 3, {1}), at_line(insert, 4, {3})};
  std::vector<std::size_t> done;
  try {
    connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.statement_index(), 2u);
    EXPECT_EQ(error.position().line, 3);
    EXPECT_EQ(error.kind(), ErrorKind::data);
  }
  EXPECT_THAT(done, ElementsAre(0, 1));
  EXPECT_EQ(number("SELECT count(*) FROM t WHERE i = 3"), 0);
}

TEST_P(ConnectionContract, ASyntaxErrorNamesItsOwnStatement) {
  const std::vector<Statement> batch{at_line("CREATE TABLE t (i integer)", 1),
                                     at_line("INSERT INTO t VALUES (1)", 2),
                                     at_line("SELECT 1 FROM WHERE", 3)};
  try {
    connection_->execute_batch(batch);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::syntax);
    EXPECT_EQ(error.statement_index(), 2u);
    EXPECT_EQ(error.statement(), batch[2].sql);
    EXPECT_EQ(error.position().line, 3);
  }
}

TEST_P(ConnectionContract, AStatementOfCommentsAloneCountsAsDone) {
  const std::vector<Statement> batch{
      at_line("CREATE TABLE t (i integer)", 1), at_line("/* nothing */ -- at all", 2),
      at_line("INSERT INTO t VALUES (1)", 3), at_line("INSERT INTO missing VALUES (1)", 4)};
  std::vector<std::size_t> done;
  try {
    connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.statement_index(), 3u);
    EXPECT_EQ(error.position().line, 4);
  }
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST_P(ConnectionContract, CommitKeepsAndRollbackForgets) {
  connection_->execute("CREATE TABLE t (i integer)");
  EXPECT_FALSE(connection_->in_transaction());
  connection_->begin();
  EXPECT_TRUE(connection_->in_transaction());
  connection_->execute("INSERT INTO t VALUES (1)");
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
  connection_->begin();
  connection_->execute("INSERT INTO t VALUES (2)");
  connection_->commit();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(open()->query("SELECT i FROM t").front().get<int>(0), 2);
}

TEST_P(ConnectionContract, ATransactionInABatchIsRolledBackAfterAFailure) {
  connection_->execute("CREATE TABLE t (i integer PRIMARY KEY)");
  const std::vector<Statement> batch{at_line(connection_->begin_sql(), 0),
                                     at_line("INSERT INTO t VALUES (1)", 1),
                                     at_line("INSERT INTO t VALUES (1)", 2), at_line("COMMIT", 0)};
  EXPECT_THROW(connection_->execute_batch(batch), Error);
  connection_->rollback();
  EXPECT_FALSE(connection_->in_transaction());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_P(ConnectionContract, RollbackWithoutATransactionDoesNothing) {
  connection_->rollback();
  EXPECT_TRUE(connection_->alive());
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_P(ConnectionContract, AnotherThreadCancelsWhatRuns) {
  std::atomic<bool> ended{false};
  // A request that comes between two statements is lost, as the contract says: it is repeated.
  std::thread other([&] {
    while (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      connection_->cancel();
    }
  });
  ErrorKind kind = ErrorKind::internal;
  try {
    connection_->query(endless());
  } catch (const Error& error) {
    kind = error.kind();
  }
  ended = true;
  other.join();
  EXPECT_EQ(kind, ErrorKind::timeout);
  EXPECT_TRUE(connection_->alive());
  for (int i = 0;; ++i) {  // the last request may still be on its way
    try {
      EXPECT_EQ(number("SELECT 1"), 1);
      break;
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::timeout);
      ASSERT_LT(i, 5);
    }
  }
}

TEST_P(ConnectionContract, CancelOfAnIdleSessionHarmsNothing) {
  connection_->cancel();
  EXPECT_TRUE(connection_->alive());
}

TEST_P(ConnectionContract, TellsWhichTablesColumnsAndIndexesThereAre) {
  connection_->execute("CREATE TABLE things (id integer, name varchar(20))");
  connection_->execute("CREATE INDEX things_name ON things (name)");
  connection_->execute("CREATE VIEW some_things AS SELECT id FROM things");
  const model::Name things("things");
  EXPECT_TRUE(connection_->has_table(things));
  EXPECT_TRUE(connection_->has_table(model::Name("some_things")));
  EXPECT_FALSE(connection_->has_table(model::Name("others")));
  EXPECT_FALSE(connection_->has_table(model::Name("thing' OR '1'='1")));
  EXPECT_TRUE(connection_->has_column(things, "name"));
  EXPECT_FALSE(connection_->has_column(things, "nam"));
  EXPECT_FALSE(connection_->has_column(model::Name("others"), "name"));
  EXPECT_TRUE(connection_->has_index(things, "things_name"));
  EXPECT_FALSE(connection_->has_index(things, "things_id"));
  EXPECT_FALSE(connection_->has_index(model::Name("others"), "things_name"));
}

TEST_P(ConnectionContract, TellsWhichTypesThereAre) {
  connection_->execute("CREATE TABLE things (id integer, name varchar(20))");
  EXPECT_FALSE(connection_->has_type("things"));  // the row type of a table is none
  if (connection_->dialect().name() != "postgres") return;
  connection_->execute("CREATE TYPE place AS (street text)");
  connection_->execute("CREATE TYPE mood AS ENUM ('ok')");
  EXPECT_TRUE(connection_->has_type("place"));
  EXPECT_TRUE(connection_->has_type("mood"));
  EXPECT_TRUE(connection_->has_type("public.place"));
  EXPECT_FALSE(connection_->has_type("other.place"));
}

TEST_P(ConnectionContract, DropEverythingLeavesNothingAndTheDatabaseUsable) {
  connection_->execute("CREATE TABLE parents (id integer PRIMARY KEY)");
  connection_->execute(
      "CREATE TABLE children (id integer, parent_id integer, FOREIGN KEY (parent_id) REFERENCES "
      "parents (id))");
  connection_->execute("INSERT INTO parents VALUES (1)");
  connection_->execute("INSERT INTO children VALUES (1, 1)");
  connection_->execute("CREATE VIEW family AS SELECT * FROM children");
  connection_->drop_everything();
  for (const char* name : {"parents", "children", "family"})
    EXPECT_FALSE(connection_->has_table(model::Name(name))) << name;
  connection_->execute("CREATE TABLE parents (id integer)");
  EXPECT_TRUE(connection_->has_table(model::Name("parents")));
}

TEST_P(ConnectionContract, ARejectedRowIsADataErrorWithAdvice) {
  connection_->execute("CREATE TABLE t (i integer NOT NULL UNIQUE)");
  connection_->execute("INSERT INTO t VALUES (1)");
  for (const char* sql : {"INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (NULL)"}) {
    try {
      connection_->execute(sql);
      ADD_FAILURE() << sql;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::data) << sql;
      EXPECT_FALSE(error.suggestions().empty()) << sql;
    }
  }
}

TEST_P(ConnectionContract, ATableThatExistsIsASchemaErrorWithAdvice) {
  connection_->execute("CREATE TABLE t (i integer)");
  try {
    connection_->execute("CREATE TABLE t (i integer)");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::schema);
    EXPECT_THAT(error.suggestions(), testing::Contains(HasSubstr("sterna status")));
  }
}

TEST_P(ConnectionContract, AWideStatementOfManyMegabytesGoesThrough) {
  connection_->execute(GetParam() == Kind::mysql ? "CREATE TABLE t (w longtext)"
                                                 : "CREATE TABLE t (w text)");
  const std::string wide(3 << 20, 'x');
  connection_->execute_batch(
      std::vector<Statement>{at_line("INSERT INTO t VALUES ('" + wide + "')", 1),
                             at_line("INSERT INTO t VALUES (" + placeholder(1) + ")", 2, {wide})});
  EXPECT_EQ(number("SELECT count(*) FROM t WHERE length(w) = 3145728"), 2);
}

}  // namespace
}  // namespace sterna::test
