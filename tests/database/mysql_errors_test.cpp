// The server's numbers as kinds, with advice, the place in the file, and no passwords.
#include "database/mysql_support.hpp"

namespace sterna::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Case {
  const char* sql;
  int number;
  ErrorKind kind;
  int line = 1, column = 1;  // of the error; 1:1 where the server names no place
};

struct MysqlErrors : MysqlSession {
  void SetUp() override {
    MysqlSession::SetUp();
    if (!connection) return;
    run({"CREATE TABLE p (id int PRIMARY KEY, w varchar(5), n int NOT NULL DEFAULT 0)",
         "CREATE TABLE c (pid int, KEY k (pid), CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id))",
         "CREATE TABLE ck (i int, CONSTRAINT positive CHECK (i > 0))",
         "CREATE TABLE nulls (i int, txt text, e enum('a', 'b') NOT NULL)",
         "CREATE TABLE parts (i int) PARTITION BY RANGE (i) (PARTITION p0 VALUES LESS THAN (10))",
         "CREATE TABLE gen (a int, b int GENERATED ALWAYS AS (a + 1))",
         "CREATE PROCEDURE raise() SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'",
         "CREATE FUNCTION one() RETURNS int RETURN 1", "CREATE VIEW v AS SELECT id FROM p",
         "CREATE TRIGGER trg BEFORE INSERT ON ck FOR EACH ROW SET NEW.i = NEW.i",
         "INSERT INTO p VALUES (1, 'a', 0), (2, 'b', 0)", "INSERT INTO c VALUES (1)",
         "INSERT INTO nulls VALUES (NULL, NULL, 'a'), (7, 'xyz', 'b')"});
  }
  void expect(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
      const Error error = failure(one.sql);
      EXPECT_THAT(error.code(), testing::StartsWith(std::to_string(one.number) + " ("))
          << one.sql << ": " << error.what();
      EXPECT_EQ(error.kind(), one.kind) << one.sql << ": " << error.what();
      EXPECT_THAT(error.suggestions(), Not(IsEmpty())) << one.sql << ": " << error.what();
      EXPECT_EQ(error.position(), (SourcePosition{"001_test.sql", one.line, one.column}))
          << one.sql << ": " << error.what();
      EXPECT_EQ(error.statement(), one.sql);
    }
  }
};

TEST_F(MysqlErrors, EachNumberHasItsKindAdviceAndPlace) {
  expect({{"SELECT 1 FROM WHERE", 1064, ErrorKind::syntax, 1, 15},
          {"SELECT 'ü',\n  1 FRM p", 1064, ErrorKind::syntax, 2, 9},
          {"CREATE TABLE x (i int", 1064, ErrorKind::syntax, 1, 22},
          {"SELECT 'never closed", 1064, ErrorKind::syntax, 1, 8},
          {"CREATE TABLE p (i int)", 1050, ErrorKind::schema, 1, 14},
          {"DROP TABLE nowhere", 1051, ErrorKind::schema, 1, 12},
          {"SELECT id,\n\tnope FROM p", 1054, ErrorKind::schema, 2, 2},
          {"ALTER TABLE p ADD COLUMN `w` int", 1060, ErrorKind::schema, 1, 26},
          {"CREATE INDEX k ON c (pid)", 1061, ErrorKind::schema, 1, 14},
          {"INSERT INTO p VALUES (1, 'a', 0)", 1062, ErrorKind::data},
          {"CREATE TABLE x (d date DEFAULT 'later')", 1067, ErrorKind::schema},
          {"ALTER TABLE p ADD PRIMARY KEY (n)", 1068, ErrorKind::schema},
          {"CREATE TABLE x (t varchar(2000)) COLLATE 2 ;\n ", 1064, ErrorKind::syntax, 1, 42},
          {"SELECT 1 FROM FROM "
           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
           1064, ErrorKind::syntax, 1, 15},
          {"CREATE TABLE x (t varchar(4000) PRIMARY KEY)", 1071, ErrorKind::schema},
          {"CREATE INDEX x ON p (missing)", 1072, ErrorKind::schema, 1, 22},
          {"CREATE TABLE x (i int AUTO_INCREMENT)", 1075, ErrorKind::schema},
          {"ALTER TABLE p DROP COLUMN missing", 1091, ErrorKind::schema, 1, 27},
          {"SELECT * FROM p JOIN nowhere USING (id)", 1146, ErrorKind::schema, 1, 22},
          {"SELECT * FROM p FORCE INDEX (nokey)", 1176, ErrorKind::schema, 1, 30},
          {"CREATE TABLE x (t text PRIMARY KEY)", 1170, ErrorKind::schema},
          {"CREATE DATABASE information_schema", 1044, ErrorKind::permission},
          {"USE nowhere_at_all", 1049, ErrorKind::connection},
          {"SELECT id FROM p a JOIN p b", 1052, ErrorKind::schema},
          {"INSERT INTO p VALUES (1)", 1136, ErrorKind::schema},
          {"SET nothing_of_that_name = 1", 1193, ErrorKind::schema},
          {"SET SESSION max_connections = 5", 1229, ErrorKind::validation},
          {"SET SESSION sql_mode = 'NONSENSE'", 1231, ErrorKind::validation},
          {"CREATE TABLE x (i int) ENGINE = nowhere", 1286, ErrorKind::schema},
          {"CREATE TABLE x (w text) CHARACTER SET nowhere", 1115, ErrorKind::schema},
          {"CREATE TABLE x (w text) COLLATE nowhere", 1273, ErrorKind::schema},
          {"SELECT _latin1'a' COLLATE utf8mb4_general_ci", 1253, ErrorKind::schema},
          {"INSERT INTO p (id, n) VALUES (9, NULL)", 1048, ErrorKind::data},
          {"INSERT INTO p (id) VALUES (99999999999)", 1264, ErrorKind::data},
          {"INSERT INTO p (id) VALUES ('x')", 1366, ErrorKind::data},
          {"INSERT INTO p (id, w) VALUES (9, 'too long')", 1406, ErrorKind::data},
          {"INSERT INTO nulls (e) VALUES ('z')", 1265, ErrorKind::data},
          {"INSERT INTO p (w) VALUES ('a')", 1364, ErrorKind::data},
          {"UPDATE p SET n = CAST('x' AS date)", 1292, ErrorKind::data},
          {"SELECT (SELECT id FROM p)", 1242, ErrorKind::data},
          {"SELECT 18446744073709551615 + 1", 1690, ErrorKind::data},
          {"INSERT INTO parts VALUES (10)", 1526, ErrorKind::data},
          {"CALL raise()", 1644, ErrorKind::data},
          {"DELETE FROM p WHERE id = 1", 1451, ErrorKind::data},
          {"INSERT INTO c VALUES (77)", 1452, ErrorKind::data},
          {"TRUNCATE p", 1701, ErrorKind::dependency},
          {"DROP INDEX k ON c", 1553, ErrorKind::dependency},
          {"CREATE FUNCTION one() RETURNS int RETURN 2", 1304, ErrorKind::schema},
          {"CALL nowhere()", 1305, ErrorKind::schema},
          {"DROP TRIGGER nowhere", 1360, ErrorKind::schema},
          {"CREATE TRIGGER trg BEFORE INSERT ON ck FOR EACH ROW SET NEW.i = 1", 1359,
           ErrorKind::schema},
          {"CREATE EVENT e ON SCHEDULE EVERY 0 DAY DO SELECT 1", 1542, ErrorKind::schema},
          {"DROP EVENT nowhere", 1539, ErrorKind::schema},
          {"DROP DATABASE nowhere_at_all", 1008, ErrorKind::schema},
          {"DROP USER nowhere_at_all", 1396, ErrorKind::schema},
          {"ALTER TABLE p MODIFY w int, ALGORITHM = INPLACE", 1846, ErrorKind::schema},
          {"SELECT nofunction(1)", 1305, ErrorKind::schema},
          {"KILL 4000000000", 1094, ErrorKind::schema},
          {"INSERT INTO p SET id = 5, id = 6", 1110, ErrorKind::schema},
          {"CREATE TABLE x (d decimal(80, 2))", 1426, ErrorKind::schema},
          {"CREATE TABLE x (d decimal(4, 8))", 1427, ErrorKind::schema},
          {"LOCK TABLES c READ; SELECT * FROM p", 1100, ErrorKind::validation},
          {"UNLOCK TABLES; SET TRANSACTION READ ONLY; START TRANSACTION; DELETE FROM c", 1792,
           ErrorKind::validation},
          {"ROLLBACK; SELECT 1 UNION SELECT 1, 2", 1222, ErrorKind::schema},
          {"EXECUTE nowhere", 1243, ErrorKind::validation},
          {"ROLLBACK TO SAVEPOINT nowhere", 1305, ErrorKind::schema}});
}

TEST_F(MysqlErrors, NumbersOfMariadbHaveTheirKindAdviceAndPlace) {
  if (!mariadb()) GTEST_SKIP() << "MySQL has other numbers";
  expect(
      {{"ALTER TABLE nulls MODIFY i int NOT NULL", 1265, ErrorKind::data},
       {"INSERT INTO ck VALUES (-1)", 4025, ErrorKind::data},
       {"ALTER TABLE p ADD CHECK (id > 1)", 4025, ErrorKind::data},
       {"INSERT INTO gen VALUES (1, 5)", 1906, ErrorKind::data},
       {"DROP TABLE p", 1451, ErrorKind::dependency},
       {"ALTER TABLE p DROP PRIMARY KEY", 1025, ErrorKind::dependency},
       {"CREATE TABLE x (i bigint, FOREIGN KEY (i) REFERENCES p (id))", 1005, ErrorKind::schema},
       {"CREATE TABLE x (i int, FOREIGN KEY (i) REFERENCES nowhere (id))", 1005, ErrorKind::schema},
       {"DROP TABLE v", 1965, ErrorKind::schema},
       {"DROP VIEW p", 4092, ErrorKind::schema},
       {"ALTER TABLE p MODIFY id bigint", 1833, ErrorKind::dependency},
       {"CREATE TABLE this_name_is_much_longer_than_the_sixty_four_characters_that_are_allowed (i "
        "int)",
        1103, ErrorKind::schema},
       {"SELECT JSON_EXTRACT('{}', '$.a') FROM p PROCEDURE nowhere()", 1106, ErrorKind::schema},
       {"SELECT NEXT VALUE FOR p", 4089, ErrorKind::schema},
       {"DROP SEQUENCE nowhere", 4091, ErrorKind::schema},
       {"SET STATEMENT max_statement_time = 0.05 FOR SELECT count(*) FROM "
        "information_schema.columns a, "
        "information_schema.columns b, information_schema.columns c",
        1969, ErrorKind::timeout}});
}

TEST_F(MysqlErrors, NumbersOfMysqlHaveTheirKindAdviceAndPlace) {
  if (mariadb()) GTEST_SKIP() << "MariaDB has other numbers";
  expect(
      {{"ALTER TABLE nulls MODIFY i int NOT NULL", 1138, ErrorKind::data},
       {"INSERT INTO gen VALUES (1, 5)", 3105, ErrorKind::data},
       {"DROP TABLE v", 1051, ErrorKind::schema, 1, 12},
       {"DROP VIEW p", 1347, ErrorKind::schema},
       {"CREATE TABLE this_name_is_much_longer_than_the_sixty_four_characters_that_are_allowed (i "
        "int)",
        1059, ErrorKind::schema},
       {"SELECT /*+ MAX_EXECUTION_TIME(50) */ count(*) FROM information_schema.columns a, "
        "information_schema.columns b, information_schema.columns c",
        3024, ErrorKind::timeout}});
  if (since(80000, 0)) {
    expect(
        {{"DROP TABLE p", 3730, ErrorKind::dependency},
         {"ALTER TABLE p DROP PRIMARY KEY", 1553, ErrorKind::dependency},
         {"ALTER TABLE p MODIFY id bigint", 3780, ErrorKind::dependency},
         {"CREATE TABLE x (i bigint, FOREIGN KEY (i) REFERENCES p (id))", 3780, ErrorKind::schema},
         {"CREATE TABLE x (i int, FOREIGN KEY (i) REFERENCES nowhere (id))", 1824,
          ErrorKind::schema}});
  } else {
    expect(
        {{"DROP TABLE p", 1217, ErrorKind::dependency},
         {"ALTER TABLE p DROP PRIMARY KEY", 1025, ErrorKind::dependency},
         {"ALTER TABLE p MODIFY id bigint", 1833, ErrorKind::dependency},
         {"CREATE TABLE x (i bigint, FOREIGN KEY (i) REFERENCES p (id))", 1215, ErrorKind::schema},
         {"CREATE TABLE x (i int, FOREIGN KEY (i) REFERENCES nowhere (id))", 1215,
          ErrorKind::schema}});
  }
  if (since(80016, 0)) {
    expect({{"INSERT INTO ck VALUES (-1)", 3819, ErrorKind::data},
            {"ALTER TABLE p ADD CHECK (id > 1)", 3819, ErrorKind::data}});
  }
}

TEST_F(MysqlErrors, ADeadlockAndAWaitThatEndsAreLocks) {
  const auto other = open();
  connection->begin();
  other->begin();
  connection->execute("UPDATE p SET n = 1 WHERE id = 1");
  other->execute("UPDATE p SET n = 2 WHERE id = 2");
  other->execute("SET SESSION innodb_lock_wait_timeout = 1");
  try {
    other->execute("UPDATE p SET n = 2 WHERE id = 1");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.code(), HasSubstr("1205"));
    EXPECT_EQ(error.kind(), ErrorKind::lock);
  }
  connection->rollback();
}

TEST_F(MysqlErrors, ASyntaxErrorInThePacketIsPlacedByLineAndColumn) {
  const Error error = failure({at("SELECT 1 -- 'ü'\n", 1), at("SELECT 2,\n 3", 3),
                               at("SELECT\n 'ß', 4 FROM FROM p", 10, 7), at("SELECT 5", 20)});
  EXPECT_EQ(error.statement_index(), 2u);
  EXPECT_EQ(error.position(), (SourcePosition{"001_test.sql", 11, 15}));
}

TEST_F(MysqlErrors, PasswordsOfAccountsAreNeverShown) {
  for (const char* sql :
       {"CREATE USER zed IDENTIFIED BY 'hunter2' NONSENSE",
        "CREATE USER zed IDENTIFIED BEE 'hunter2'",
        "ALTER USER nowhere_at_all IDENTIFIED BY 'hunter2'",
        "SET PASSWORD FOR nowhere_at_all = PASSWORD('hunter2')",
        "GRANT ALL ON nowhere.* TO 'zed'@'%' IDENTIFIED BY \"hunter2\" WITH NONSENSE",
        "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (PASSWORD 'hunter2', NONSENSE 1)",
        "CHANGE MASTER TO MASTER_PASSWORD = 'hunter2', NONSENSE = 1",
        "CREATE OR REPLACE USER 'zed'@'%' IDENTIFIED /* by */ BY 'hunter2', NONSENSE OF IT ALL"}) {
    const Error error = failure(sql);
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter"))) << sql;
    EXPECT_THAT(error.statement(), Not(HasSubstr("hunter"))) << sql;
    EXPECT_THAT(error.statement(), HasSubstr("***")) << sql;
  }
  EXPECT_THAT(failure("CREATE USER 'zed'@'localhost' IDENTIFIED BY 'hunter2' NONSENSE").statement(),
              HasSubstr("'zed'@'localhost'"));
}

TEST_F(MysqlErrors, APasswordInAUrlOfTheMessageIsMasked) {
  const Error error = failure(
      "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'cannot reach mysql://me:hunter2@host/x'");
  EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
  EXPECT_EQ(error.kind(), ErrorKind::data);
}

}  // namespace
}  // namespace sterna::test
