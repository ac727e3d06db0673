// What every engine's Connection promises to the runner and the builder, against the real servers.
#include "database/registry.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <regex>
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
  /// A table of the usual types, whose first column is its key where every table has one.
  std::string table(const std::string& name, const std::string& columns) const {
    std::string text = "CREATE TABLE " + name + " (" + columns + ")";
    if (GetParam() != Kind::cql) return text;
    for (const auto& [sql, cql] :
         {std::pair{"integer", "int"}, std::pair{"double precision", "double"},
          std::pair{R"(varchar\(\d+\))", "text"}})
      text = std::regex_replace(text, std::regex(sql), cql);
    if (text.find("PRIMARY KEY") == std::string::npos)
      text = std::regex_replace(text, std::regex(R"(\((\w+ \w+))"), "($1 PRIMARY KEY");
    return text;
  }
  /// A question whose one answer is 1.
  std::string one() const {
    return GetParam() == Kind::cql ? "SELECT count(*) FROM system.local" : "SELECT 1";
  }
  bool has_transactions() const { return !connection_->begin_sql().empty(); }
  bool is_relational() const { return connection_->capabilities().relational; }
  /// What a change of one row counts; no CQL server counts rows.
  std::int64_t one_row() const { return is_relational() ? 1 : 0; }
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

INSTANTIATE_TEST_SUITE_P(Engines, ConnectionContract, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(ConnectionContract, TellsProductAndVersionOfTheServer) {
  EXPECT_FALSE(connection_->server().product.empty());
  EXPECT_THAT(connection_->server().version_text, HasSubstr(connection_->server().product));
  EXPECT_GE(connection_->server().version, 30000);
}

TEST_P(ConnectionContract, BoundValuesComeBackAsTheyWere) {
  connection_->execute(table("t",
                             "id integer, big bigint, real_one double precision, word "
                             "varchar(200), absent varchar(20)"));
  const std::string odd = "O'Neill \\ \"x\" ? $1 % – ü 漢 🐦";
  std::string sql = "INSERT INTO t (id, big, real_one, word, absent) VALUES (";
  for (std::size_t i = 1; i <= 5; ++i) sql += (i == 1 ? "" : ", ") + placeholder(i);
  EXPECT_EQ(connection_->execute(Statement{
                sql + ")", {7, std::int64_t{-9007199254740993}, 0.1, odd, nullptr}, {}, {}}),
            one_row());
  const Rows rows = connection_->query("SELECT * FROM t");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].get<int>("id"), 7);
  EXPECT_EQ(rows[0].get<std::int64_t>("big"), -9007199254740993);
  EXPECT_EQ(rows[0].get<double>("real_one"), 0.1);
  EXPECT_EQ(rows[0].get<std::string>("word"), odd);
  EXPECT_TRUE(rows[0]["absent"].is_null());
}

TEST_P(ConnectionContract, BytesComeBackAsTheyWere) {
  connection_->execute(
      table("t", GetParam() == Kind::postgres ? "id integer, b bytea" : "id integer, b blob"));
  Blob bytes;
  for (int i = 0; i < 256; ++i) bytes.bytes += static_cast<char>(i);
  const std::string insert =
      "INSERT INTO t (id, b) VALUES (" + placeholder(1) + ", " + placeholder(2) + ")";
  connection_->execute(Statement{insert, {1, bytes}, {}, {}});
  connection_->execute(Statement{insert, {2, Blob{}}, {}, {}});
  const auto stored = [&](int id) {
    return connection_->query("SELECT b FROM t WHERE id = " + std::to_string(id))
        .at(0)
        .get<Blob>(0);
  };
  EXPECT_EQ(stored(1), bytes);
  EXPECT_EQ(stored(2), Blob{});
}

TEST_P(ConnectionContract, AQueryWithoutRowsGivesNone) {
  connection_->execute(table("t", "i integer"));
  EXPECT_THAT(connection_->query("SELECT i FROM t"), IsEmpty());
  EXPECT_THAT(connection_->query("INSERT INTO t (i) VALUES (1)"), IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 1);
}

TEST_P(ConnectionContract, ExecuteTellsHowManyRowsWereAffected) {
  if (!is_relational()) GTEST_SKIP() << "no CQL server counts rows; conditions have their own test";
  connection_->execute("CREATE TABLE t (i integer)");
  EXPECT_EQ(connection_->execute("INSERT INTO t VALUES (1), (2), (3)"), 3);
  EXPECT_EQ(connection_->execute("UPDATE t SET i = i + 10 WHERE i > 1"), 2);
  EXPECT_EQ(connection_->execute("DELETE FROM t WHERE i = 99"), 0);
  EXPECT_EQ(connection_->execute("DROP TABLE t"), 0);
}

TEST_P(ConnectionContract, ABatchRunsInOrderAndTellsEachSuccessOnce) {
  const std::vector<Statement> batch{
      at_line(table("t", "id integer, i integer"), 1),
      at_line("INSERT INTO t (id, i) VALUES (1, 1)", 2),
      at_line(is_relational() ? "INSERT INTO t SELECT id + 1, i + 1 FROM t"
                              : "INSERT INTO t (id, i) VALUES (2, 20)",
              3),
      at_line(is_relational() ? "UPDATE t SET i = i * 10 -- the end"
                              : "UPDATE t SET i = 10 WHERE id = 1 -- the end",
              4),
      at_line("SELECT i FROM t", 5)};
  std::vector<std::size_t> done;
  connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(number("SELECT sum(i) FROM t"), 30);
}

TEST_P(ConnectionContract, ABatchWithBoundValuesKeepsTheOrder) {
  connection_->execute(table("t", "i integer, w varchar(50)"));
  const std::vector<Statement> batch{
      at_line("INSERT INTO t (i, w) VALUES (1, 'a')", 1),
      at_line("INSERT INTO t (i, w) VALUES (" + placeholder(1) + ", " + placeholder(2) + ")", 2,
              {2, "its"}),
      at_line("UPDATE t SET w = 'it''s' WHERE i = 2", 3),
      at_line("DELETE FROM t WHERE i = " + placeholder(1), 4, {1})};
  std::vector<std::size_t> done;
  connection_->execute_batch(batch, [&](std::size_t index) { done.push_back(index); });
  EXPECT_THAT(done, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(connection_->query("SELECT w FROM t").front().get<std::string>(0), "it's");
}

TEST_P(ConnectionContract, AnEmptyBatchDoesNothing) {
  EXPECT_NO_THROW(connection_->execute_batch({}, [](std::size_t) { FAIL(); }));
  EXPECT_EQ(number(one()), 1);
}

TEST_P(ConnectionContract, AFailedBatchNamesTheStatementAndItsPlace) {
  const std::vector<Statement> batch{
      at_line(table("t", "i integer"), 1), at_line("INSERT INTO t (i) VALUES (1)", 2),
      at_line("INSERT INTO missing (i) VALUES (1)", 3), at_line("INSERT INTO t (i) VALUES (2)", 4)};
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
  EXPECT_EQ(number(one()), 1);  // the session is of use
}

TEST_P(ConnectionContract, AFailedBatchWithBoundValuesNamesTheStatement) {
  connection_->execute(table("t", "i integer PRIMARY KEY"));
  const std::string insert = "INSERT INTO t (i) VALUES (" + placeholder(1) + ")";
  // A second row of one key is none in CQL: there a value of another type is what is refused.
  const Value bad = is_relational() ? Value(1) : Value("no number");
  const std::vector<Statement> batch{at_line(insert, 1, {1}), at_line(insert, 2, {2}),
                                     at_line(insert, 3, {bad}), at_line(insert, 4, {3})};
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
  const std::vector<Statement> batch{at_line(table("t", "i integer"), 1),
                                     at_line("INSERT INTO t (i) VALUES (1)", 2),
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
      at_line(table("t", "i integer"), 1), at_line("/* nothing */ -- at all", 2),
      at_line("INSERT INTO t (i) VALUES (1)", 3), at_line("INSERT INTO missing (i) VALUES (1)", 4)};
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
  if (!has_transactions()) GTEST_SKIP() << "CQL has no transactions";
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
  if (!has_transactions()) GTEST_SKIP() << "CQL has no transactions";
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
  EXPECT_EQ(number(one()), 1);
}

TEST_P(ConnectionContract, AnotherThreadCancelsWhatRuns) {
  if (GetParam() == Kind::cql)
    GTEST_SKIP() << "CQL takes no request back: ACancelledRequestEndsAtOnce has what there is";
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
  connection_->execute(table("t", "i integer"));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_P(ConnectionContract, TellsWhichTablesColumnsAndIndexesThereAre) {
  connection_->execute(table("things", "id integer, name varchar(20)"));
  connection_->execute("CREATE INDEX things_name ON things (name)");
  connection_->execute(is_relational()
                           ? "CREATE VIEW some_things AS SELECT id FROM things"
                           : "CREATE MATERIALIZED VIEW some_things AS SELECT * FROM things WHERE "
                             "name IS NOT NULL AND id IS NOT NULL PRIMARY KEY (name, id)");
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
  connection_->execute(table("things", "id integer, name varchar(20)"));
  EXPECT_FALSE(connection_->has_type("things"));  // the row type of a table is none
  if (GetParam() == Kind::cql) {
    connection_->execute("CREATE TYPE place (street text)");
    EXPECT_TRUE(connection_->has_type("place"));
    EXPECT_TRUE(connection_->has_type(model::Name(database_->name(), "place")));
    EXPECT_FALSE(connection_->has_type(model::Name("system", "place")));
  }
  if (GetParam() != Kind::postgres) return;
  connection_->execute("CREATE TYPE place AS (street text)");
  connection_->execute("CREATE TYPE mood AS ENUM ('ok')");
  EXPECT_TRUE(connection_->has_type("place"));
  EXPECT_TRUE(connection_->has_type("mood"));
  EXPECT_TRUE(connection_->has_type("public.place"));
  EXPECT_FALSE(connection_->has_type("other.place"));
}

TEST_P(ConnectionContract, DropEverythingLeavesNothingAndTheDatabaseUsable) {
  connection_->execute(table("parents", "id integer PRIMARY KEY"));
  connection_->execute(
      table("children",
            std::string("id integer, parent_id integer") +
                (is_relational() ? ", FOREIGN KEY (parent_id) REFERENCES parents (id)" : "")));
  connection_->execute("INSERT INTO parents (id) VALUES (1)");
  connection_->execute("INSERT INTO children (id, parent_id) VALUES (1, 1)");
  connection_->execute(
      is_relational() ? "CREATE VIEW family AS SELECT * FROM children"
                      : "CREATE MATERIALIZED VIEW family AS SELECT * FROM children WHERE "
                        "parent_id IS NOT NULL AND id IS NOT NULL PRIMARY KEY (parent_id, id)");
  connection_->drop_everything();
  for (const char* name : {"parents", "children", "family"})
    EXPECT_FALSE(connection_->has_table(model::Name(name))) << name;
  connection_->execute(table("parents", "id integer"));
  EXPECT_TRUE(connection_->has_table(model::Name("parents")));
}

TEST_P(ConnectionContract, ARejectedRowIsADataErrorWithAdvice) {
  connection_->execute(table("t", is_relational() ? "i integer NOT NULL UNIQUE" : "i integer"));
  connection_->execute("INSERT INTO t (i) VALUES (1)");
  for (const char* sql : {"INSERT INTO t (i) VALUES (1)", "INSERT INTO t (i) VALUES (NULL)"}) {
    if (!is_relational() && std::string_view(sql).ends_with("(1)")) continue;  // the same row
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
  connection_->execute(table("t", "i integer"));
  try {
    connection_->execute(table("t", "i integer"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::schema);
    EXPECT_THAT(error.suggestions(), testing::Contains(HasSubstr("sterna status")));
  }
}

TEST_P(ConnectionContract, AWideStatementOfManyMegabytesGoesThrough) {
  connection_->execute(
      table("t", GetParam() == Kind::mysql ? "id integer, w longtext" : "id integer, w text"));
  const std::string wide(3 << 20, 'x');
  connection_->execute_batch(std::vector<Statement>{
      at_line("INSERT INTO t (id, w) VALUES (1, '" + wide + "')", 1),
      at_line("INSERT INTO t (id, w) VALUES (2, " + placeholder(1) + ")", 2, {wide})});
  const Rows rows = connection_->query("SELECT w FROM t");
  ASSERT_EQ(rows.size(), 2u);
  for (const Row& row : rows) EXPECT_EQ(row.get<std::string>(0), wide);
}

}  // namespace
}  // namespace sterna::test
