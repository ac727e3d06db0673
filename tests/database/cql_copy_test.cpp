// COPY ROWS on each version of Cassandra: what is kept of rows, what is refused, and that both
// tables are compared.
#include "database/cql/copy.hpp"

#include "database/cql/ranges.hpp"
#include "support/cql_versions.hpp"

#include <gmock/gmock.h>

#include <set>

namespace sterna::test {
namespace {

using cql::CopyRequest;
using testing::HasSubstr;

TEST(CqlCopyStatement, IsReadAndWritten) {
  const Statement statement{
      R"(copy rows from App.Events to "New Events" without (a, "B"))", {}, {}, {}};
  ASSERT_TRUE(cql::is_copy(statement.sql));
  const CopyRequest request = cql::read_copy(statement);
  EXPECT_EQ(request.from, model::Name("app", "events"));
  EXPECT_EQ(request.to, model::Name("New Events"));
  EXPECT_EQ(request.without, (std::vector<std::string>{"a", "B"}));
  EXPECT_EQ(cql::read_copy({cql::copy_text(request), {}, {}, {}}).without, request.without);
}

TEST(CqlCopyStatement, OfCqlshIsNoneOfSternas) {
  EXPECT_FALSE(cql::is_copy("COPY events TO 'file.csv'"));
  for (const char* text :
       {"COPY ROWS", "COPY ROWS FROM a", "COPY ROWS FROM a TO", "COPY ROWS FROM a TO b WITHOUT",
        "COPY ROWS FROM a TO b WITHOUT (c", "COPY ROWS FROM a TO b IF EXISTS"})
    EXPECT_THROW(cql::read_copy({text, {}, {}, {}}), Error) << text;
}

TEST(CqlRanges, CoverTheRingOnceAndGoThroughText) {
  for (const std::size_t parts : {1U, 2U, 3U, 64U}) {
    const auto ranges = cql::whole_ring(parts);
    ASSERT_EQ(ranges.size(), parts);
    EXPECT_EQ(ranges.front().after, INT64_MIN);
    EXPECT_EQ(ranges.back().last, INT64_MAX);
    for (std::size_t i = 1; i < parts; ++i) EXPECT_EQ(ranges[i].after, ranges[i - 1].last);
    EXPECT_NEAR(cql::share_of_ring(ranges), 1, 1e-9);
    EXPECT_EQ(cql::ranges_of(cql::to_text(ranges)), ranges);
  }
  EXPECT_EQ(cql::to_text({{5, 5}}), "");
  for (const char* text : {"x", "1", "1:", ":2", "1:2,", "1:2:3"})
    EXPECT_THROW(cql::ranges_of(text), Error) << text;
}

class CqlCopy : public CqlVersions {
 protected:
  std::int64_t copy(const std::string& text) { return connection_->execute(text); }
  Error failure(const std::string& text) {
    try {
      connection_->execute(text);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << text << " did not fail";
    return Error(ErrorKind::internal, "");
  }
  /// All rows as text, whatever their order.
  std::multiset<std::string> rows(const std::string& select) {
    std::multiset<std::string> result;
    for (const Row& row : connection_->query(select)) {
      std::string line;
      for (std::size_t i = 0; i < row.size(); ++i)
        line += (row[i].is_null() ? "null" : row.get<std::string>(i)) + "|";
      result.insert(line);
    }
    return result;
  }
  void expect_same(const std::string& columns, const std::string& old_table,
                   const std::string& new_table) {
    EXPECT_EQ(rows("SELECT " + columns + " FROM " + new_table),
              rows("SELECT " + columns + " FROM " + old_table))
        << columns;
  }
};

TEST_P(CqlCopy, KeepsValuesTimesAndTtlUnderAnotherKey) {
  connection_->execute("CREATE TYPE address (street text, zip int)");
  const std::string columns =
      " (id int, at timestamp, kind text, n bigint, tags set<text>, data map<text, int>, items "
      "list<int>, home frozen<address>, away address, pair tuple<int, text>, PRIMARY KEY ";
  connection_->execute("CREATE TABLE a" + columns + "(id, at))");
  connection_->execute("CREATE TABLE b" + columns +
                       "((kind, id), at)) WITH CLUSTERING ORDER BY (at DESC)");
  for (int i = 0; i < 200; ++i) {
    const std::string key = std::to_string(i / 4) + ", " + std::to_string(1000 + i % 4);
    connection_->execute(
        "INSERT INTO a (id, at, kind, n, tags, data, items, home, away, pair) VALUES (" + key +
        ", 'k" + std::to_string(i % 3) +
        "', 7, {'x', 'y'}, {'p': 1, 'q': 2}, [3, 1, 3], {street: 'S', zip: 1}, "
        "{street: 'T', zip: 2}, (1, 'one')) USING TIMESTAMP " +
        std::to_string(5000 + i) + (i % 2 == 0 ? " AND TTL 5000" : ""));
  }
  // Cells of one row at several times, elements with times of their own.
  connection_->execute(
      "UPDATE a USING TIMESTAMP 9000 AND TTL 7000 SET n = 8 WHERE id = 1 AND at = 1000");
  connection_->execute(
      "UPDATE a USING TIMESTAMP 9001 SET tags = tags + {'z'}, data['r'] = 3, "
      "items = items + [9] WHERE id = 1 AND at = 1000");
  connection_->execute("INSERT INTO a (id, at, kind) VALUES (1000, 1, 'alone')");
  EXPECT_EQ(copy("COPY ROWS FROM a TO b"), 201);
  expect_same("id, at, kind, n, tags, data, items, home, away, pair", "a", "b");
  expect_same("id, at, n, WRITETIME(n), home, WRITETIME(home)", "a", "b");
  for (const Row& row : connection_->query("SELECT id, at, TTL(n), TTL(pair) FROM b"))
    if (row.get<int>(0) == 2) {
      EXPECT_EQ(row[2].is_null(), row[3].is_null());
    }
  const Row updated =
      connection_
          ->query("SELECT TTL(n), WRITETIME(n) FROM b WHERE kind = 'k1' AND id = 1 AND at = 1000")
          .front();
  EXPECT_GT(updated.get<int>(0), 6000);
  EXPECT_EQ(updated.get<int>(1), 9000);
  if (connection_->server().version >= 50000) {
    expect_same("id, at, WRITETIME(tags), WRITETIME(data)", "a", "b");
  }
  // Once more: nothing is there twice.
  EXPECT_EQ(copy("COPY ROWS FROM a TO b"), 201);
  expect_same("id, at, kind, n, tags, data, items, home, away, pair", "a", "b");
}

TEST_P(CqlCopy, KeepsStaticColumnsAlsoOfPartitionsWithoutRows) {
  for (const char* name : {"a", "b"})
    connection_->execute("CREATE TABLE " + std::string(name) +
                         " (id int, at int, owner text static, seen int static, v int, PRIMARY KEY "
                         "(id, at)) WITH CLUSTERING ORDER BY (at " +
                         (*name == 'a' ? "ASC" : "DESC") + ")");
  for (int i = 0; i < 30; ++i) {
    connection_->execute("INSERT INTO a (id, owner) VALUES (" + std::to_string(i) +
                         ", 'o') USING TIMESTAMP 77");
    for (int at = 0; at < i % 3; ++at)
      connection_->execute("INSERT INTO a (id, at, v, seen) VALUES (" + std::to_string(i) + ", " +
                           std::to_string(at) + ", 1, 2)");
  }
  copy("COPY ROWS FROM a TO b");
  expect_same("id, at, owner, seen, v, WRITETIME(owner), WRITETIME(seen)", "a", "b");
}

TEST_P(CqlCopy, ConvertsValuesAndNamesTheRowThatCannotBe) {
  connection_->execute("CREATE TABLE a (id int PRIMARY KEY, v text, w int)");
  connection_->execute("CREATE TABLE b (id bigint PRIMARY KEY, v int, w text)");
  for (int i = 0; i < 50; ++i)
    connection_->execute("INSERT INTO a (id, v, w) VALUES (" + std::to_string(i) + ", '" +
                         std::to_string(i * 2) + "', " + std::to_string(i) + ")");
  EXPECT_EQ(copy("COPY ROWS FROM a TO b"), 50);
  EXPECT_EQ(connection_->query("SELECT v, w FROM b WHERE id = 21").front().get<int>(0), 42);
  EXPECT_EQ(connection_->query("SELECT v, w FROM b WHERE id = 21").front().get<std::string>(1),
            "21");
  connection_->execute("INSERT INTO a (id, v) VALUES (99, 'many')");
  const Error error = failure("COPY ROWS FROM a TO b");
  EXPECT_EQ(error.kind(), ErrorKind::data);
  EXPECT_THAT(error.what(), HasSubstr("many"));
  EXPECT_THAT(error.detail(), HasSubstr("id = 99"));
}

TEST_P(CqlCopy, RefusesWhatWouldLoseSomethingInSilence) {
  connection_->execute("CREATE TABLE a (id int PRIMARY KEY, v text, w int, kind text)");
  connection_->execute("CREATE TABLE b (id int PRIMARY KEY, v text)");
  connection_->execute("CREATE TABLE c (kind text, id int, v text, w int, PRIMARY KEY (kind, id))");
  connection_->execute("CREATE TABLE d (kind text PRIMARY KEY, id int, v text, w int)");
  connection_->execute("CREATE TABLE n (id int PRIMARY KEY, hits counter)");
  connection_->execute("INSERT INTO a (id, v, w, kind) VALUES (1, 'x', 2, 'k')");
  connection_->execute("INSERT INTO a (id, v, w, kind) VALUES (2, 'y', 2, 'k')");
  EXPECT_THAT(failure("COPY ROWS FROM a TO b").what(), HasSubstr("no place there"));
  EXPECT_EQ(copy("COPY ROWS FROM a TO b WITHOUT (w, kind)"), 2);
  EXPECT_THAT(failure("COPY ROWS FROM b TO c").what(), HasSubstr("key column kind has no values"));
  EXPECT_THAT(failure("COPY ROWS FROM n TO b").what(), HasSubstr("counters"));
  EXPECT_THAT(failure("COPY ROWS FROM a TO nowhere").what(), HasSubstr("no table nowhere"));
  EXPECT_THAT(failure("COPY ROWS FROM a TO a").what(), HasSubstr("same table"));
  // Two rows of one key.
  EXPECT_THAT(failure("COPY ROWS FROM a TO d").what(), HasSubstr("a has 2 rows and"));
  // A row without the new key.
  connection_->execute("INSERT INTO a (id, v) VALUES (3, 'z')");
  EXPECT_THAT(failure("COPY ROWS FROM a TO c").what(), HasSubstr("id = 3"));
}

TEST_P(CqlCopy, RowsThatAreThereAlreadyAreFoundAtTheEnd) {
  for (const char* name : {"a", "b"})
    connection_->execute("CREATE TABLE " + std::string(name) + " (id int PRIMARY KEY, v int)");
  connection_->execute("INSERT INTO a (id, v) VALUES (1, 1)");
  connection_->execute("INSERT INTO b (id, v) VALUES (2, 1)");
  const Error error = failure("COPY ROWS FROM a TO b");
  EXPECT_EQ(error.kind(), ErrorKind::data);
  EXPECT_THAT(error.what(), HasSubstr("ranges of tokens"));
}

STERNA_ON_EACH_CASSANDRA(CqlCopy);

}  // namespace
}  // namespace sterna::test
