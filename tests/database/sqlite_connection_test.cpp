// A session with an SQLite file: opening, values, batches, waiting, and the questions about the
// schema.
#include "base/system.hpp"
#include "database/sqlite_support.hpp"

#include <atomic>
#include <fstream>
#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using SqliteConnect = SqliteFile;

Error opening(const std::string& url) {
  return error_from([&] { connect(parse_url(url))->query("SELECT count(*) FROM sqlite_schema"); });
}

TEST_F(SqliteConnect, NamesAMissingFolder) {
  const std::string missing = (folder.path() / "missing").string();
  const Error error = opening("sqlite:" + missing + "/test.db");
  EXPECT_EQ(error.kind(), ErrorKind::connection);
  EXPECT_THAT(error.suggestions(), ElementsAre(HasSubstr(missing + " does not exist")));
}

TEST_F(SqliteConnect, NamesAFolderGivenForAFile) {
  const Error error = opening("sqlite:" + folder.path().string());
  EXPECT_EQ(error.kind(), ErrorKind::connection);
  EXPECT_THAT(error.suggestions(), ElementsAre(HasSubstr("is a folder")));
}

TEST_F(SqliteConnect, MakesAFileOnlyInModeRwc) {
  const std::string fresh = (folder.path() / "fresh.db").string();
  for (const std::string mode : {"ro", "rw"}) {
    const Error error = opening("sqlite:" + fresh + "?mode=" + mode);
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_THAT(error.suggestions(), ElementsAre(HasSubstr("does not exist")));
    EXPECT_FALSE(std::filesystem::exists(fresh));
  }
  EXPECT_NO_THROW(
      connect(parse_url("sqlite:" + fresh + "?mode=rwc"))->execute("CREATE TABLE t (a)"));
}

TEST_F(SqliteConnect, TellsAFileThatIsNoDatabase) {
  const std::string other = (folder.path() / "notes.txt").string();
  std::ofstream(other) << std::string(2000, 'x');
  for (const std::string parameters : {"", "?journal_mode=wal"}) {
    const Error error = opening("sqlite:" + other + parameters);
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_EQ(error.code(), "SQLITE_NOTADB (26)");
  }
}

TEST_F(SqliteConnect, RefusesWritesInModeRoAsAMatterOfPermission) {
  run({"CREATE TABLE t (a)"});
  const Error error = error_from([&] { open("?mode=ro")->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.kind(), ErrorKind::permission);
}

TEST_F(SqliteConnect, DoesAsTheUrlSays) {
  const auto session = open("?journal_mode=wal&synchronous=normal&foreign_keys=off");
  EXPECT_EQ(session->query("PRAGMA journal_mode").front().get<std::string>(0), "wal");
  EXPECT_EQ(session->query("PRAGMA synchronous").front().get<int>(0), 1);
  EXPECT_FALSE(session->foreign_keys_enforced());
  EXPECT_TRUE(connection->foreign_keys_enforced());
}

TEST_F(SqliteConnect, RefusesParametersAndWordsThatItDoesNotKnow) {
  for (const std::string bad : {"mode=rx", "journal_mode=wall", "foreign_keys=maybe",
                                "synchronous=x; DROP TABLE t", "busy_timeout=5s"}) {
    EXPECT_EQ(error_from([&] { open("?" + bad); }).kind(), ErrorKind::config) << bad;
  }
  const Error error = error_from([&] { open("?jurnal_mode=wal"); });
  EXPECT_EQ(error.kind(), ErrorKind::config);
  EXPECT_THAT(error.suggestions(), testing::Contains("did you mean journal_mode"));
}

TEST_F(SqliteConnect, KeepsEachDatabaseInMemoryToItself) {
  const auto one = connect(parse_url("sqlite::memory:"));
  const auto other = connect(parse_url("sqlite::memory:"));
  one->execute("CREATE TABLE t (a)");
  EXPECT_TRUE(one->has_table("t"));
  EXPECT_FALSE(other->has_table("t"));
}

TEST_F(SqliteConnect, TakesDoubleQuotedTextForANameAlways) {
  const Error error = error_from([&] { connection->query("SELECT \"text\""); });
  EXPECT_EQ(error.kind(), ErrorKind::schema);
}

using SqliteStatement = SqliteFile;

TEST_F(SqliteStatement, ReadsBackEveryKindOfValue) {
  const std::vector<Value> values{Value(),
                                  Value(true),
                                  Value(std::numeric_limits<std::int64_t>::min()),
                                  Value(0.1),
                                  Value(std::string("é\0x", 4)),
                                  Value(""),
                                  Value(Blob{std::string("\0\xff", 2)}),
                                  Value(Blob{})};
  const Row row =
      connection->query(Statement{"SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8", values, {}, {}}).front();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i == 1) continue;  // SQLite has no booleans
    EXPECT_EQ(row[i], values[i]) << i;
  }
  EXPECT_EQ(row.get<std::int64_t>(1), 1);
}

TEST_F(SqliteStatement, LosesNoSecondStatementInSilence) {
  run({"CREATE TABLE t (a)"});
  const Error error = error_from(
      [&] { connection->execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)"); });
  EXPECT_EQ(error.kind(), ErrorKind::internal);
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
  EXPECT_NO_THROW(connection->execute("INSERT INTO t VALUES (3); -- the last ;\n /* one */ ;"));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 1);
}

TEST_F(SqliteStatement, TakesNoMissingValueForNull) {
  run({"CREATE TABLE t (a, b)"});
  for (const std::vector<Value>& values :
       {std::vector<Value>{}, std::vector<Value>{1}, std::vector<Value>{1, 2, 3}}) {
    const Error error = error_from([&] {
      connection->execute(Statement{"INSERT INTO t VALUES (?1, ?2)", values, {}, {}});
    });
    EXPECT_EQ(error.kind(), ErrorKind::validation);
  }
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(SqliteStatement, CountsTheRowsOfTheStatementAlone) {
  run({"CREATE TABLE p (id integer PRIMARY KEY)",
       "CREATE TABLE c (p integer REFERENCES p (id) ON DELETE CASCADE)"});
  EXPECT_EQ(connection->execute("INSERT INTO p VALUES (1), (2)"), 2);
  EXPECT_EQ(connection->execute("INSERT INTO c VALUES (1), (1), (1)"), 3);
  EXPECT_EQ(connection->execute("DELETE FROM p WHERE id = 1"), 1);
  EXPECT_EQ(connection->execute("CREATE TABLE other (a)"), 0);
}

TEST_F(SqliteStatement, TellsWhichOfABatchFailedAndWhere) {
  std::vector<std::size_t> done;
  const std::vector<Statement> batch{{"CREATE TABLE t (a)", {}, {"001.sql", 1, 1}, {}},
                                     {"INSERT INTO t\n  VALUES (1,)", {}, {"001.sql", 2, 5}, {}},
                                     {"DROP TABLE t", {}, {"001.sql", 4, 1}, {}}};
  const Error error = error_from(
      [&] { connection->execute_batch(batch, [&](std::size_t index) { done.push_back(index); }); });
  EXPECT_THAT(done, ElementsAre(0u));
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_EQ(to_string(error.position()), "001.sql:3:13");  // the closing parenthesis
  EXPECT_TRUE(connection->has_table("t"));
}

/// Cancels until `act` has ended, as the runner's watchdog does.
template <class Act>
Error cancelled(Connection& connection, Act act) {
  std::atomic<bool> ended{false};
  std::thread canceller([&] {
    while (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      connection.cancel();
    }
  });
  const Error error = error_from(act);
  ended = true;
  canceller.join();
  return error;
}

TEST_F(SqliteStatement, IsCancelledWhileItWorks) {
  const Error error = cancelled(*connection, [&] {
    connection->query(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  });
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
  EXPECT_EQ(number("SELECT 1"), 1);  // the session goes on
}

TEST_F(SqliteStatement, IsCancelledWhileItWaitsForAnotherWriter) {
  run({"CREATE TABLE t (a)", "BEGIN IMMEDIATE"});
  const auto waiting = open("?busy_timeout=600000");
  const Error error = cancelled(*waiting, [&] { waiting->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.kind(), ErrorKind::timeout);
}

TEST_F(SqliteStatement, GivesUpWaitingForAnotherWriterAsAMatterOfTheLock) {
  run({"CREATE TABLE t (a)", "BEGIN IMMEDIATE"});
  const Error error =
      error_from([&] { open("?busy_timeout=20")->execute("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.kind(), ErrorKind::lock);
  EXPECT_EQ(error.code(), "SQLITE_BUSY (5)");
}

using SqliteSchema = SqliteFile;

TEST_F(SqliteSchema, IsAskedWithoutRegardToCase) {
  run({"CREATE TABLE Users (Name, g GENERATED ALWAYS AS (lower(Name)))",
       "CREATE INDEX By_Name ON Users (Name)"});
  EXPECT_TRUE(connection->has_table("USERS"));
  EXPECT_TRUE(connection->has_column("users", "nAME"));
  EXPECT_TRUE(connection->has_column("users", "G"));
  EXPECT_TRUE(connection->has_index("users", "BY_NAME"));
  EXPECT_FALSE(connection->has_table("users2"));
  EXPECT_FALSE(connection->has_column("users", "other"));
  EXPECT_FALSE(connection->has_index("other", "by_name"));
}

TEST_F(SqliteSchema, IsThatOfTheDatabaseNamed) {
  run({"ATTACH ':memory:' AS side", "CREATE TABLE side.t (a)", "CREATE INDEX side.t_a ON t (a)",
       "CREATE TABLE u (b)", "CREATE TEMP TABLE v (c)"});
  EXPECT_TRUE(connection->has_table("side.t"));
  EXPECT_TRUE(connection->has_column("side.t", "a"));
  EXPECT_TRUE(connection->has_index("side.t", "t_a"));
  EXPECT_FALSE(connection->has_table("t"));
  EXPECT_FALSE(connection->has_table("side.u"));
  EXPECT_FALSE(connection->has_column("side.u", "b"));
  EXPECT_TRUE(connection->has_table("temp.v"));
}

TEST_F(SqliteSchema, RefusesToSwitchForeignKeysInsideATransaction) {
  connection->begin();
  EXPECT_THROW(connection->set_foreign_keys(false), Error);
  connection->rollback();
  EXPECT_TRUE(connection->set_foreign_keys(false));
  EXPECT_FALSE(connection->foreign_keys_enforced());
  EXPECT_FALSE(connection->set_foreign_keys(true));
}

TEST_F(SqliteSchema, ListsRowsThatViolateAForeignKey) {
  run({"CREATE TABLE posts (id integer PRIMARY KEY)",
       "CREATE TABLE comments (post integer REFERENCES posts (id))",
       "CREATE TABLE keyed (k text PRIMARY KEY, post integer REFERENCES posts (id)) WITHOUT "
       "ROWID"});
  connection->set_foreign_keys(false);
  run({"INSERT INTO comments (rowid, post) VALUES (4, 9)", "INSERT INTO keyed VALUES ('a', 9)"});
  EXPECT_THAT(connection->foreign_key_violations(),
              testing::UnorderedElementsAre("comments row 4 → posts", "keyed a row → posts"));
}

TEST_F(SqliteSchema, IsCopiedForADryRunWithoutRows) {
  run({"CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a)", "CREATE INDEX t_a ON t (a)",
       "CREATE VIEW v AS SELECT a FROM t", "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
       "CREATE VIRTUAL TABLE f USING fts5 (body)", "INSERT INTO t (a) VALUES (1)", "VACUUM"});
  const auto copy = connection->dry_run_copy();
  const std::string names =
      "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema ORDER BY name)";
  EXPECT_EQ(copy->query(names).front().get<std::string>(0), text(names));
  EXPECT_EQ(copy->query("SELECT count(*) FROM t").front().get<int>(0), 0);
  EXPECT_NO_THROW(copy->execute("INSERT INTO f VALUES ('words')"));
  copy->execute("DROP TABLE t");
  EXPECT_TRUE(connection->has_table("t"));
}

/// What an older program wrote: strings in double quotes.
void write_old_style(const std::string& path) {
  run_process(
      {"sqlite3", path,
       "CREATE TABLE old (a text CHECK (a IN (\"x\", \"y\")), b text DEFAULT \"none\"); "
       "CREATE INDEX old_a ON old (a) WHERE b = \"none\"; INSERT INTO old (a) VALUES ('x');"});
}

TEST_F(SqliteSchema, IsCopiedThoughItHasStringsInDoubleQuotes) {
  write_old_style(path());
  if (!connection->has_table("old")) GTEST_SKIP() << "the sqlite3 command is not there";
  const auto copy = connection->dry_run_copy();
  EXPECT_TRUE(copy->has_table("old"));
  EXPECT_TRUE(copy->has_index("old", "old_a"));
  EXPECT_THROW(copy->execute("CREATE TABLE u (a CHECK (a IN (\"x\")))"), Error);
}

TEST_F(SqliteSchema, IsEmptyWhenEverythingIsDropped) {
  run({"CREATE TABLE p (id integer PRIMARY KEY AUTOINCREMENT)",
       "CREATE TABLE c (p integer REFERENCES p (id))", "INSERT INTO p DEFAULT VALUES",
       "INSERT INTO c VALUES (1)", "CREATE VIEW v AS SELECT * FROM c",
       "CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
       "CREATE VIRTUAL TABLE f USING fts5 (body)", "VACUUM"});
  connection->drop_everything();
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema WHERE name <> 'sqlite_sequence'"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_sequence"), 0);
  EXPECT_TRUE(connection->foreign_keys_enforced());
}

}  // namespace
}  // namespace sterna::test
