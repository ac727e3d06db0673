// What only MySQL and MariaDB have: packets of several answers, procedures, sessions that are
// killed, lists of hosts, limits of one message, files that a server could ask for.
#include "database/mysql_support.hpp"
#include "database/silent_port.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <thread>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct MysqlConnections : MysqlSession {
  void kill(Connection& session) {
    const std::string id = std::to_string(id_of(session));
    const auto other = open();
    other->execute("KILL " + id);
    while (!other->query("SELECT 1 FROM information_schema.processlist WHERE id = " + id).empty())
      std::this_thread::yield();
  }
  std::vector<std::size_t> done_;
  std::function<void(std::size_t)> note() {
    return [this](std::size_t index) { done_.push_back(index); };
  }
};

TEST_F(MysqlConnections, AKilledSessionIsNoticedEvenWhenIdle) {
  EXPECT_TRUE(connection->alive());
  connection->begin();
  kill(*connection);
  EXPECT_FALSE(connection->alive());
  EXPECT_FALSE(connection->in_transaction());
  connection->rollback();  // harmless
  EXPECT_THROW(connection->query("SELECT 1"), Error);
}

TEST_F(MysqlConnections, ASessionThatWaitedTooLongIsNoticed) {
  connection->execute("SET SESSION wait_timeout = 1");
  while (connection->alive()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_THROW(connection->execute("SELECT 1"), Error);
}

TEST_F(MysqlConnections, AliveMayBeAskedWhileAnswersAreUnderWay) {
  std::vector<Statement> batch;
  for (int i = 0; i < 20; ++i) batch.push_back(at("SELECT repeat('x', 100000)", i + 1));
  connection->execute_batch(batch, [&](std::size_t index) {
    EXPECT_TRUE(connection->alive());
    done_.push_back(index);
  });
  EXPECT_EQ(done_.size(), 20u);
  EXPECT_EQ(number("SELECT 7"), 7);
}

TEST_F(MysqlConnections, AnotherSessionKillsInTheMiddleOfAPacket) {
  const std::int64_t id = id_of(*connection);
  std::thread other([&, session = open()] {
    const std::string waiting =
        "SELECT 1 FROM information_schema.processlist WHERE id = " + std::to_string(id) +
        " AND state = 'User sleep'";
    while (session->query(waiting).empty()) std::this_thread::yield();
    session->execute("KILL " + std::to_string(id));
  });
  const Error error = failure(
      {at("CREATE TABLE t (i int)", 1), at("SELECT SLEEP(600)", 2), at("SELECT 2", 3)}, note());
  other.join();
  EXPECT_EQ(error.kind(), ErrorKind::connection) << error.what();
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_EQ(error.position().line, 2);
  EXPECT_THAT(done_, ElementsAre(0));
  EXPECT_FALSE(connection->alive()) << error.code() << ": " << error.what();
}

TEST_F(MysqlConnections, CancelStopsABatchAtItsStatement) {
  std::atomic<bool> ended{false};
  std::thread other([&] {
    while (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      connection->cancel();
    }
  });
  // SLEEP() alone tells a KILL QUERY by its result, not by an error: a table to lock does.
  const auto holder = open();
  holder->execute("CREATE TABLE t (i int PRIMARY KEY)");
  holder->execute("LOCK TABLES t WRITE");
  const Error error = failure({at("DO 1", 1), at("INSERT INTO t VALUES (1)", 2), at("DO 2", 3)});
  ended = true;
  other.join();
  EXPECT_EQ(error.kind(), ErrorKind::timeout) << error.what();
  EXPECT_TRUE(connection->alive());
  holder->execute("UNLOCK TABLES");
  EXPECT_EQ(holder->query("SELECT count(*) FROM t").front().get<int>(0), 0);
}

TEST_F(MysqlConnections, CancelGoesToTheHostThatAnswered) {
  Url url = parse_url(database->url());
  url.hosts.insert(url.hosts.begin(), {"127.0.0.1", refused_port()});
  const auto session = connect(url);
  std::atomic<bool> ended{false};
  std::thread other([&] {
    while (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      session->cancel();
    }
  });
  EXPECT_THROW(session->query("SELECT count(*) FROM information_schema.columns a, "
                              "information_schema.columns b, information_schema.columns c"),
               Error);
  ended = true;
  other.join();
}

TEST_F(MysqlConnections, ARefusedPasswordIsNotTriedOnTheNextHostAndNeverShown) {
  Url url = parse_url(database->url_through("MYSQL_SECRET_URL"));
  EXPECT_NO_THROW(connect(url));
  url.password = Secret("wrong-s3cret");
  const int next = refused_port();
  url.hosts.push_back({"127.0.0.1", next});
  try {
    connect(url);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_THAT(error.code(), HasSubstr("1045"));
    EXPECT_THAT(error.what(), Not(HasSubstr(std::to_string(next))));
    EXPECT_THAT(error.what(), Not(HasSubstr("wrong-s3cret")));
  }
}

TEST_F(MysqlConnections, APasswordIsSentAsTheServersPluginWantsItWithAndWithoutTls) {
  Url url = parse_url(database->url_through("MYSQL_SECRET_URL"));
  const bool sha2 = !mariadb() && since(80004, 0);
  if (sha2) {
    EXPECT_EQ(connection->query("SELECT plugin FROM mysql.user WHERE user = 'secretive'")
                  .front()
                  .get<std::string>(0),
              "caching_sha2_password");
  }
  for (const char* tls : {"disabled", "preferred"}) {
    url.parameters["tls"] = tls;
    // The server forgets whom it let in, so that the whole password is asked for.
    connection->execute("FLUSH PRIVILEGES");
    for (int i = 0; i < 2; ++i) EXPECT_NO_THROW(connect(url)) << tls;
    url.password = Secret("wrong-s3cret");
    EXPECT_THROW(connect(url), Error) << tls;
    url.password = Secret("hunter2");
  }
  if (!sha2) return;
  url.parameters["tls"] = "preferred";
  EXPECT_NE(connect(url)->query("SHOW STATUS LIKE 'Ssl_cipher'").front().get<std::string>(1), "");
}

TEST_F(MysqlConnections, ExaminesWhatStandsInTheWayOfDefinitions) {
  const auto finding = [&](const char* name) {
    for (const ServerFinding& one : connection->examine()) {
      if (one.name == name) return one;
    }
    return ServerFinding{"none", "", ServerFinding::Result::bad};
  };
  EXPECT_EQ(finding("sql_mode").text, "strict");
  connection->execute("SET SESSION sql_mode = ''");
  EXPECT_EQ(finding("sql_mode").result, ServerFinding::Result::warning);
  run({"CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)"});
  const auto idle = open();
  idle->begin();
  idle->query("SELECT * FROM t");
  connection->execute("SET SESSION timestamp = UNIX_TIMESTAMP() + 100");  // as if it were later
  ServerFinding old = finding("old transactions");
  // InnoDB shows what it saw before, until nobody has asked for a tenth of a second.
  for (int i = 0; i < 100 && old.text == "none"; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    old = finding("old transactions");
  }
  EXPECT_EQ(old.result, ServerFinding::Result::warning);
  EXPECT_THAT(old.text, HasSubstr("open for more than a minute, the oldest for "));
  EXPECT_EQ(finding("clock").result, ServerFinding::Result::warning);
}

TEST_F(MysqlConnections, AStatementBeyondTheServersLimitIsRefusedAndTheSessionLives) {
  connection->execute("CREATE TABLE t (w longtext)");
  const std::int64_t limit = number("SELECT @@max_allowed_packet");
  const std::string wide(static_cast<std::size_t>(limit), 'x');
  const std::string insert = "INSERT INTO t VALUES ('" + wide + "')";
  for (const Error& error :
       {failure({at("DO 1", 1), at(insert, 2)}),
        failure({at("DO 1", 1), at("INSERT INTO t VALUES (?)", 2, 1, {wide})}),
        failure({at("DO 1", 1), at("INSERT INTO t VALUES (?)", 2, 1, {Blob{wide}})})}) {
    EXPECT_EQ(error.kind(), ErrorKind::validation) << error.what();
    EXPECT_EQ(error.statement_index(), 1u);
    EXPECT_EQ(error.position().line, 2);
    EXPECT_THAT(error.what(), HasSubstr("max_allowed_packet"));
  }
  EXPECT_THROW(connection->execute(insert), Error);
  EXPECT_THROW(connection->query(insert), Error);
  EXPECT_TRUE(connection->alive());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(MysqlConnections, ABatchIsPartedWhereTheServersLimitIsSmall) {
  connection->execute("CREATE TABLE t (w mediumtext)");
  const std::int64_t former = number("SELECT @@GLOBAL.max_allowed_packet");
  connection->execute("SET GLOBAL max_allowed_packet = 524288");
  const auto session = open();
  connection->execute("SET GLOBAL max_allowed_packet = " + std::to_string(former));
  std::vector<Statement> batch;
  const std::string wide(100'000, 'x');
  for (int i = 0; i < 12; ++i) batch.push_back(at("INSERT INTO t VALUES ('" + wide + "')", i + 1));
  session->execute_batch(batch, note());
  EXPECT_EQ(done_.size(), 12u);
  EXPECT_EQ(number("SELECT count(*) FROM t"), 12);
}

TEST_F(MysqlConnections, FilesOfThisMachineAreNeverSent) {
  connection->execute("CREATE TABLE t (w text)");
  const Error error =
      failure({at("DO 1", 1), at("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t", 2),
               at("INSERT INTO t VALUES ('x')", 3)});
  EXPECT_EQ(error.kind(), ErrorKind::validation) << error.what();
  EXPECT_EQ(error.statement_index(), 1u);
  EXPECT_THAT(error.suggestions(), Not(IsEmpty()));
  EXPECT_TRUE(connection->alive());
  EXPECT_EQ(number("SELECT count(*) FROM t"), 0);
}

TEST_F(MysqlConnections, AZeroByteIsKeptInTextsAndRefusedElsewhere) {
  using namespace std::string_literals;
  connection->execute("CREATE TABLE t (w text)");
  connection->execute_batch(std::vector<Statement>{
      at("INSERT INTO t VALUES ('a\0b')"s, 1), at("INSERT INTO t VALUES (?)", 2, 1, {"a\0b"s})});
  const Rows rows = connection->query("SELECT w FROM t");
  ASSERT_EQ(rows.size(), 2u);
  for (const Row& row : rows) EXPECT_EQ(row.get<std::string>(0), "a\0b"s);
  const Error error =
      failure({at("INSERT INTO t VALUES ('c')\0, ('d')"s, 1), at("INSERT INTO t VALUES ('e')", 2)});
  EXPECT_EQ(error.kind(), ErrorKind::syntax) << error.what();
  EXPECT_EQ(error.statement_index(), 0u);
  EXPECT_EQ(number("SELECT count(*) FROM t"), 2);
}

TEST_F(MysqlConnections, TypesComeBackTheSameInBothProtocols) {
  connection->execute(
      "CREATE TABLE t (tiny tinyint, small smallint, medium mediumint, i int, big bigint, ubig "
      "bigint unsigned, f float, d double, n decimal(30, 10), b bit(20), y year, da date, tm "
      "time(3), dt datetime(6), c char(5), v varchar(50), bin binary(3), vb varbinary(9), tx text, "
      "bl blob, e enum('a', 'ü'), s set('x', 'y'), j json, z int(5) zerofill, nothing int, blank "
      "varchar(5))");
  connection->execute(
      "INSERT INTO t VALUES (-128, -32768, 8388607, -2147483648, -9223372036854775808, "
      "18446744073709551615, 1.5, 1.7976931348623157e308, '12345678901234567890.0123456789', "
      "b'10000000000000000001', 2026, '2026-01-02', '-838:59:58.999', '2026-01-02 "
      "03:04:05.678901', 'ab', 'ü漢🐦', 'a', x'00ff', 'text', x'0001', 'ü', 'x,y', '{\"a\": 1}', "
      "7, NULL, '')");
  const Row plain = connection->query("SELECT * FROM t").front();
  const Row bound =
      connection->query(Statement{"SELECT * FROM t WHERE i < ?", {0}, {}, {}}).front();
  for (const std::string& column : plain.columns())
    EXPECT_EQ(plain[column], bound[column]) << column;
  EXPECT_EQ(plain["tiny"], Value(-128));
  EXPECT_EQ(plain["big"], Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(plain["ubig"], Value("18446744073709551615"));
  EXPECT_EQ(plain["d"], Value(1.7976931348623157e308));
  EXPECT_EQ(plain["n"], Value("12345678901234567890.0123456789"));
  EXPECT_EQ(plain["b"], Value(524289));
  EXPECT_EQ(plain["y"], Value(2026));
  EXPECT_EQ(plain["tm"], Value("-838:59:58.999"));
  EXPECT_EQ(plain["dt"], Value("2026-01-02 03:04:05.678901"));
  EXPECT_EQ(plain["v"], Value("ü漢🐦"));
  EXPECT_EQ(plain.get<Blob>("bin").bytes, std::string("a\0\0", 3));
  EXPECT_EQ(plain.get<Blob>("vb").bytes, std::string("\0\xff", 2));
  EXPECT_EQ(plain["z"], Value(7));
  EXPECT_TRUE(plain["nothing"].is_null());
  EXPECT_EQ(plain["blank"], Value(""));
}

TEST_F(MysqlConnections, TypesOfMariadbComeBackTheSameInBothProtocols) {
  if (!since(0, 100700)) GTEST_SKIP() << "MariaDB 10.7 and later have UUID";
  run({"CREATE TABLE t (u uuid, ip inet6)",
       "INSERT INTO t VALUES ('123e4567-e89b-12d3-a456-426655440000', '::1')"});
  const Row plain = connection->query("SELECT * FROM t").front();
  const Row bound =
      connection->query(Statement{"SELECT * FROM t WHERE 1 = ?", {1}, {}, {}}).front();
  EXPECT_EQ(plain["u"], Value("123e4567-e89b-12d3-a456-426655440000"));
  EXPECT_EQ(plain["ip"], Value("::1"));
  for (const std::string& column : plain.columns())
    EXPECT_EQ(plain[column], bound[column]) << column;
}

TEST_F(MysqlConnections, BoundValuesOfEveryKindArrive) {
  connection->execute(
      "CREATE TABLE t (flag boolean, big bigint, ubig bigint unsigned, d double, w text, b "
      "longblob, "
      "nothing text)");
  const Blob wide{std::string(2'000'000, '\xfe')};
  const std::string text = "x'\\\"\n%_ü🐦";
  EXPECT_EQ(connection->execute(Statement{"INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)",
                                          {true, std::numeric_limits<std::int64_t>::min(),
                                           "18446744073709551615", -0.1, text, wide, nullptr},
                                          {},
                                          {}}),
            1);
  const Row row = connection->query("SELECT * FROM t").front();
  EXPECT_TRUE(row.get<bool>("flag"));
  EXPECT_EQ(row["big"], Value(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(row["ubig"], Value("18446744073709551615"));
  EXPECT_EQ(row["d"], Value(-0.1));
  EXPECT_EQ(row["w"], Value(text));
  EXPECT_EQ(row.get<Blob>("b"), wide);
  EXPECT_TRUE(row["nothing"].is_null());
}

TEST_F(MysqlConnections, AWrongNumberOfBoundValuesIsRefused) {
  for (const std::vector<Value>& values : {std::vector<Value>{1}, std::vector<Value>{1, 2, 3}}) {
    try {
      connection->query(Statement{"SELECT ?, ?", values, {}, {}});
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
    }
  }
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_F(MysqlConnections, ManyAnswersOfOneStatementDoNotDisturbTheCount) {
  run({"CREATE TABLE t (i int)",
       "CREATE PROCEDURE many() BEGIN SELECT 1; INSERT INTO t VALUES (1), (2); SELECT 2, 3; END",
       "CREATE PROCEDURE bad() BEGIN SELECT 1; INSERT INTO missing VALUES (1); SELECT 2; END"});
  const std::vector<Statement> batch{
      at("CALL many()", 1),
      at("INSERT INTO t VALUES (3)", 2),
      at("/*!50003 CALL many() */", 3),
      at("PREPARE p FROM 'INSERT INTO t VALUES (4)'", 4),
      at("EXECUTE p", 5),
  };
  connection->execute_batch(batch, note());
  EXPECT_THAT(done_, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 6);
  done_.clear();
  const Error error = failure({at("SELECT 0", 1), at("CALL many()", 2), at("CALL bad()", 3),
                               at("INSERT INTO t VALUES (4)", 4)},
                              note());
  EXPECT_EQ(error.statement_index(), 2u);
  EXPECT_THAT(error.code(), HasSubstr("1146"));
  EXPECT_THAT(done_, ElementsAre(0, 1));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 8);
}

TEST_F(MysqlConnections, ManyAnswersOfMariadbsStatementsDoNotDisturbTheCount) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has no compound statements outside of routines";
  run({"CREATE TABLE t (i int)",
       "CREATE PROCEDURE many() BEGIN SELECT 1; INSERT INTO t VALUES (1), (2); SELECT 2, 3; END"});
  connection->execute_batch(
      std::vector<Statement>{at("BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", 1),
                             at("IF 1 = 1 THEN SELECT 1; SELECT 2; END IF", 2),
                             at("EXECUTE IMMEDIATE 'CALL many()'", 3),
                             at("SET STATEMENT max_statement_time = 5 FOR CALL many()", 4),
                             at("FOR i IN 1 .. 3 DO SELECT i; END FOR", 5),
                             at("INSERT INTO t VALUES (3)", 6)},
      note());
  EXPECT_THAT(done_, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 5);
}

TEST_F(MysqlConnections, AProcedureTellsItsRowsAndWhatItAffected) {
  run({"CREATE TABLE t (i int)",
       "CREATE PROCEDURE many(n int) BEGIN SELECT n; INSERT INTO t VALUES (1), (2), (3); SELECT 9, "
       "9; "
       "END"});
  // MySQL counts what the last statement of the procedure changed.
  EXPECT_EQ(connection->execute("CALL many(5)"), mariadb() ? 3 : 0);
  EXPECT_EQ(connection->query("CALL many(6)").front().get<int>(0), 6);
  EXPECT_EQ(connection->query(Statement{"CALL many(?)", {7}, {}, {}}).front().get<int>(0), 7);
  EXPECT_NO_THROW(connection->execute(Statement{"CALL many(?)", {8}, {}, {}}));
  EXPECT_EQ(number("SELECT count(*) FROM t"), 12);
}

TEST_F(MysqlConnections, CommentsForOtherVersionsCountAsDone) {
  connection->execute_batch(
      std::vector<Statement>{at("SELECT 1", 1), at("/*!99999 SET nothing = 1 */", 2),
                             at("/*!40101 SET @x = 5 */", 3), at("/*M!100000 SET @y = 6 */", 4),
                             at("SELECT 2", 5)},
      note());
  EXPECT_THAT(done_, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(number("SELECT @x"), 5);
}

TEST_F(MysqlConnections, RowsOfABatchAreNotKept) {
  connection->execute_batch(
      std::vector<Statement>{at("SELECT repeat('x', 1000) FROM " + numbers(20000), 1),
                             at("CREATE TABLE t (i int)", 2)},
      note());
  EXPECT_THAT(done_, ElementsAre(0, 1));
}

TEST_F(MysqlConnections, AnErrorInTheMiddleOfRowsIsNotTakenForTheirEnd) {
  connection->execute("CREATE TABLE t (i int)");
  connection->execute("INSERT INTO t SELECT seq FROM " + numbers(5000));
  connection->execute(
      "CREATE FUNCTION fails(i int) RETURNS int BEGIN IF i > 4000 THEN SIGNAL "
      "SQLSTATE '45000' SET MESSAGE_TEXT = 'late'; END IF; RETURN i; END");
  const std::string late = "SELECT fails(i), repeat('x', 200) FROM t";
  EXPECT_THAT(failure(late).what(), HasSubstr("late"));
  EXPECT_THROW(connection->query(late), Error);
  EXPECT_THROW(connection->query(Statement{late + " WHERE i > ?", {0}, {}, {}}), Error);
  EXPECT_THROW(connection->execute(late), Error);
  EXPECT_EQ(number("SELECT 1"), 1);
}

TEST_F(MysqlConnections, WarningsArePassedOn) {
  std::vector<std::string> notices;
  connection->on_notice([&](std::string_view text) { notices.emplace_back(text); });
  connection->execute("DROP TABLE IF EXISTS nowhere");
  EXPECT_THAT(notices, ElementsAre(HasSubstr("nowhere")));
}

}  // namespace
}  // namespace sterna::test
