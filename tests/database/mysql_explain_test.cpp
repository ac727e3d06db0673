// What stands behind an error of MySQL or MariaDB: the rows in the way of a key, the foreign keys
// that need an index, the sessions that hold a lock.
#include "database/mysql_support.hpp"

#include <sterna/migration.hpp>
#include <sterna/runner.hpp>

namespace sterna::test {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct MysqlExplain : MysqlSession {};

TEST_F(MysqlExplain, AForeignKeyThatFailsListsTheFirstRowsWithoutAParent) {
  run({"CREATE TABLE posts (id int PRIMARY KEY)",
       "CREATE TABLE comments (id int PRIMARY KEY, post_id int, w varchar(9))",
       "INSERT INTO posts VALUES (1)", "INSERT INTO comments VALUES (50, NULL, 'x')"});
  connection->execute("INSERT INTO comments SELECT seq, seq, 'x' FROM " + numbers(9));
  const Error error = explained(
      "ALTER TABLE comments ADD CONSTRAINT fk_post FOREIGN KEY (post_id) REFERENCES posts (id)");
  EXPECT_EQ(error.kind(), ErrorKind::data);
  EXPECT_THAT(error.code(), HasSubstr("1452"));
  EXPECT_EQ(error.detail(),
            "rows of comments without one in posts: (id = 2, post_id = 2), (id = 3, post_id = 3), "
            "(id = 4, post_id = 4), (id = 5, post_id = 5), (id = 6, post_id = 6) and more");
  EXPECT_EQ(error.object(), "comments fk_post");
}

TEST_F(MysqlExplain, CompositeAndOddlyNamedKeysAreRead) {
  run({"CREATE TABLE `the``parents` (`a b` int, `from` varchar(20), PRIMARY KEY (`a b`, `from`))",
       "CREATE TABLE children (x int, y varchar(20))", "INSERT INTO `the``parents` VALUES (1, 'p')",
       "INSERT INTO children VALUES (1, 'p'), (1, 'it''s'), (2, NULL)"});
  const Error error = explained(
      "ALTER TABLE `children` COMMENT = 'FOREIGN KEY (x)', ADD KEY (y), /* and */ ADD CONSTRAINT "
      "FOREIGN KEY\n`fk name` ( `x`, -- the first\n y) REFERENCES `the``parents`(`a b`,`from`) ON "
      "DELETE CASCADE");
  EXPECT_EQ(error.detail(), "rows of children without one in the`parents: (x = 1, y = 'it''s')");
}

TEST_F(MysqlExplain, NamesInAnotherDatabaseAreLookedUpThere) {
  // A parent without a database is one of the child's database, not of the session's.
  const std::string other = database->name() + "_b";
  connection->execute("CREATE DATABASE " + other);
  connection->execute("CREATE TABLE " + other + ".p (id int PRIMARY KEY)");
  connection->execute("CREATE TABLE " + other + ".c (pid int)");
  connection->execute("INSERT INTO " + other + ".c VALUES (77)");
  connection->execute("CREATE TABLE p (id int PRIMARY KEY)");
  connection->execute("INSERT INTO p VALUES (77)");
  const Error error =
      explained("ALTER TABLE " + other + ".c ADD FOREIGN KEY (pid) REFERENCES p (id)");
  EXPECT_EQ(error.detail(), "rows of c without one in p: (pid = 77)");
  const Error full = explained("ALTER TABLE `" + other +
                               "`.`c` ADD FOREIGN KEY (pid) REFERENCES `" + other + "`.`p` (id)");
  EXPECT_EQ(full.detail(), error.detail());
  connection->execute("DROP DATABASE " + other);
}

TEST_F(MysqlExplain, LongAndBinaryValuesAreShownShort) {
  run({"CREATE TABLE p (id varchar(200) PRIMARY KEY)", "CREATE TABLE c (pid varchar(200))",
       "INSERT INTO c VALUES (repeat('ü', 150))"});
  const Error error = explained("ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p (id)");
  EXPECT_THAT(error.detail(), HasSubstr("üüü…)"));
  EXPECT_LT(error.detail().size(), 200u);
}

TEST_F(MysqlExplain, ARowThatIsRefusedByItselfNeedsNoList) {
  run({"CREATE TABLE p (id int PRIMARY KEY)",
       "CREATE TABLE c (pid int, FOREIGN KEY (pid) REFERENCES p (id))"});
  const Error error = explained("INSERT INTO c VALUES (5)");
  EXPECT_EQ(error.kind(), ErrorKind::data);
  EXPECT_THAT(error.what(), HasSubstr("foreign key constraint fails"));
  EXPECT_THAT(error.detail(), IsEmpty());
}

TEST_F(MysqlExplain, AUniqueKeyThatFailsListsTheValuesThatOccurTwice) {
  run({"CREATE TABLE t (id int, email varchar(40), w varchar(40))",
       "INSERT INTO t VALUES (1, 'a@x', 'longer1'), (2, 'a@x', 'longer2'), (3, 'b@x', 'other'), "
       "(3, "
       "'b@x', 'others'), (4, 'b@x', NULL), (5, NULL, NULL)"});
  const std::string twice =
      "values of t that occur more than once: (email = 'a@x', rows = 2), (email = 'b@x', rows = 3)";
  for (const char* sql :
       {"ALTER TABLE t ADD UNIQUE (email)",
        "ALTER TABLE t ADD CONSTRAINT u UNIQUE KEY (email DESC)",
        "CREATE UNIQUE INDEX u ON t (email)",
        "ALTER TABLE t ADD UNIQUE INDEX u USING BTREE (email)",
        "ALTER TABLE t MODIFY email varchar(40) UNIQUE",
        "create unique index `u` using btree on `t` (`email` ASC)",
        "create unique index if not exists `u` using btree on `t` (`email` ASC)"}) {
    if (!mariadb() && std::string(sql).find("if not exists") != std::string::npos) continue;
    const Error error = explained(sql);
    EXPECT_THAT(error.code(), HasSubstr("1062")) << sql;
    EXPECT_EQ(error.detail(), twice) << sql;
  }
  EXPECT_EQ(explained("ALTER TABLE t ADD PRIMARY KEY (id)").detail(),
            "values of t that occur more than once: (id = 3, rows = 2)");
  EXPECT_EQ(explained("ALTER TABLE t ADD UNIQUE u (id, email)").detail(),
            "values of t that occur more than once: (id = 3, email = 'b@x', rows = 2)");
  EXPECT_THAT(explained("ALTER TABLE t ADD UNIQUE u (w(6))").detail(),
              AnyOf(HasSubstr("= 'longer', rows = 2"), HasSubstr("= 'others', rows = 2")));
}

TEST_F(MysqlExplain, AnIndexThatAForeignKeyNeedsIsToldWithTheWayOut) {
  run({"CREATE TABLE p (a int, b int, UNIQUE KEY ab (a, b))",
       "CREATE TABLE c (x int, y int, z int, KEY wide (x, y, z), CONSTRAINT fk_c FOREIGN KEY (x, "
       "y) "
       "REFERENCES p (a, b))"});
  for (const char* sql : {"DROP INDEX wide ON c", "ALTER TABLE c DROP KEY `wide`",
                          "alter table c drop index if exists wide"}) {
    if (!mariadb() && std::string(sql).find("if exists") != std::string::npos) continue;
    const Error error = explained(sql);
    EXPECT_EQ(error.kind(), ErrorKind::dependency) << sql;
    EXPECT_EQ(error.detail(), "foreign key fk_c of c (x, y) on p (a, b) needs it") << sql;
    EXPECT_THAT(error.suggestions(), Contains(HasSubstr("ALTER TABLE `c` ADD INDEX (`x`, `y`)")));
    EXPECT_THAT(error.suggestions(),
                Contains(HasSubstr("ALTER TABLE `c` DROP FOREIGN KEY `fk_c`")));
  }
  const Error parent = explained("ALTER TABLE p DROP INDEX ab");
  EXPECT_EQ(parent.detail(), "foreign key fk_c of c (x, y) on p (a, b) needs it");
  // The advice is sound.
  run({"ALTER TABLE `c` ADD INDEX (`x`, `y`)", "DROP INDEX wide ON c",
       "ALTER TABLE `c` DROP FOREIGN KEY `fk_c`", "ALTER TABLE p DROP INDEX ab"});
}

TEST_F(MysqlExplain, WhatElseAForeignKeyKeepsFromGoingIsTold) {
  run({"CREATE TABLE p (id int PRIMARY KEY)",
       "CREATE TABLE c (w int, pid int, CONSTRAINT fk_c FOREIGN KEY (pid) REFERENCES p (id))"});
  for (const char* sql : {"DROP TABLE p", "TRUNCATE TABLE p", "ALTER TABLE p DROP PRIMARY KEY",
                          "ALTER TABLE c DROP COLUMN pid"}) {
    const Error error = explained(sql);
    EXPECT_EQ(error.kind(), ErrorKind::dependency) << sql << ": " << error.what();
    EXPECT_THAT(error.detail(), HasSubstr("foreign key fk_c of c (pid) on p (id) needs it")) << sql;
    EXPECT_THAT(error.suggestions(), Contains(HasSubstr("ALTER TABLE `c` DROP FOREIGN KEY `fk_c`")))
        << sql;
  }
}

TEST_F(MysqlExplain, TheSessionThatHoldsATableIsNamed) {
  run({"CREATE TABLE t (i int)", "INSERT INTO t VALUES (1)"});
  const auto other = open();
  other->begin();
  other->query("SELECT * FROM t");
  connection->execute("SET SESSION lock_wait_timeout = 1");
  const Error error = explained("ALTER TABLE t ADD COLUMN j int");
  EXPECT_EQ(error.kind(), ErrorKind::lock);
  const std::string id = std::to_string(id_of(*other));
  // Without the list of metadata locks all idle transactions of the server are candidates, those of
  // other tests too.
  EXPECT_THAT(error.detail(), HasSubstr("held by connection "));
  EXPECT_THAT(error.detail(), HasSubstr("connection " + id + " (sterna@127.0.0.1"));
  EXPECT_THAT(error.detail(), HasSubstr("in a transaction for"));
  EXPECT_THAT(error.suggestions(), Contains(HasSubstr("KILL ")));
}

/// Switches on, for its life, what lets the server tell who holds a table.
class MetadataLocksShown {
 public:
  MetadataLocksShown(Connection& connection, std::string on, std::string off)
      : connection_(connection), off_(std::move(off)) {
    connection_.execute(on);
  }
  ~MetadataLocksShown() {
    try {
      connection_.execute(off_);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  MetadataLocksShown(const MetadataLocksShown&) = delete;
  MetadataLocksShown& operator=(const MetadataLocksShown&) = delete;

 private:
  Connection& connection_;
  std::string off_;
};

TEST_F(MysqlExplain, WhereTheServerShowsMetadataLocksOnlyTheirHoldersAreNamed) {
  run({"CREATE TABLE t (i int)", "CREATE TABLE other (i int)", "INSERT INTO other VALUES (1)"});
  const auto administrator = open();
  const bool plugin = mariadb() && !administrator
                                        ->query(
                                            "SELECT 1 FROM information_schema.all_plugins WHERE "
                                            "plugin_name = 'METADATA_LOCK_INFO'")
                                        .empty();
  const std::string instrument =
      "UPDATE performance_schema.setup_instruments SET enabled = '%' WHERE name = "
      "'wait/lock/metadata/sql/mdl'";
  const auto switched = [&](const char* state) {
    std::string sql = instrument;
    return sql.replace(sql.find('%'), 1, state);
  };
  for (const bool by_plugin : {false, true}) {
    if (by_plugin && !plugin) continue;
    SCOPED_TRACE(by_plugin ? "plugin" : "performance_schema");
    const MetadataLocksShown shown(
        *administrator, by_plugin ? "INSTALL SONAME 'metadata_lock_info'" : switched("YES"),
        by_plugin ? "UNINSTALL SONAME 'metadata_lock_info'" : switched("NO"));
    const auto holder = open(), bystander = open();
    bystander->begin();
    bystander->query("SELECT * FROM other");
    holder->execute("LOCK TABLES t WRITE");
    connection->execute("SET SESSION lock_wait_timeout = 1");
    for (const char* sql : {"ALTER TABLE t ADD COLUMN j int", "INSERT INTO t VALUES (1)"}) {
      const Error error = explained(sql);
      EXPECT_THAT(error.detail(),
                  testing::StartsWith("held by connection " + std::to_string(id_of(*holder)) + " "))
          << sql;
      EXPECT_THAT(error.detail(), Not(HasSubstr(std::to_string(id_of(*bystander)) + " ("))) << sql;
      EXPECT_THAT(error.suggestions(), Not(Contains(HasSubstr("INSTALL SONAME")))) << sql;
    }
    holder->execute("UNLOCK TABLES");
  }
}

TEST_F(MysqlExplain, TheSessionThatHoldsARowIsNamed) {
  run({"CREATE TABLE t (i int PRIMARY KEY)", "INSERT INTO t VALUES (1)"});
  const auto reader = open(), writer = open();
  reader->begin();
  reader->query("SELECT * FROM t");
  writer->begin();
  writer->execute("UPDATE t SET i = 2");
  connection->execute("SET SESSION innodb_lock_wait_timeout = 1");
  const Error error = explained("UPDATE t SET i = 3");
  EXPECT_EQ(error.kind(), ErrorKind::lock);
  EXPECT_THAT(error.detail(), HasSubstr("connection " + std::to_string(id_of(*writer)) + " "));
  EXPECT_THAT(error.detail(), Not(HasSubstr("connection " + std::to_string(id_of(*reader)) + " ")));
}

TEST_F(MysqlExplain, WithoutTheRightToSeeItTheFirstErrorStaysAndSaysWhatIsMissing) {
  const std::string role = database->name() + "_u";  // users belong to the whole server
  run({"CREATE TABLE t (i int)"});
  connection->execute("CREATE USER " + role + "@'127.0.0.1'");
  connection->execute("GRANT SELECT, ALTER, INSERT, CREATE ON " + database->name() + ".* TO " +
                      role + "@'127.0.0.1'");
  connection->begin();
  connection->query("SELECT * FROM t");
  {
    Url url = parse_url(database->url());
    url.user = role;
    const auto poor = connect(url);
    poor->execute("SET SESSION lock_wait_timeout = 1");
    try {
      poor->execute("ALTER TABLE t ADD COLUMN j int");
      ADD_FAILURE() << "nothing was thrown";
    } catch (Error& error) {
      const std::string message = error.what();
      poor->dialect().explain(error, *poor);
      EXPECT_EQ(error.kind(), ErrorKind::lock);
      EXPECT_EQ(error.what(), message);
      EXPECT_THAT(error.suggestions(), Contains(HasSubstr("PROCESS")));
    }
  }
  connection->rollback();
  connection->execute("DROP USER " + role + "@'127.0.0.1'");
}

TEST_F(MysqlExplain, AFailedMigrationTellsTheRows) {
  run({"CREATE TABLE posts (id int PRIMARY KEY)", "CREATE TABLE comments (post_id int)",
       "INSERT INTO comments VALUES (41)"});
  Runner runner(
      database->url(), {make_migration("001_key", [](Schema& schema) {
        schema.raw("CREATE TABLE first (i int)");
        schema.raw("ALTER TABLE comments ADD FOREIGN KEY (post_id) REFERENCES posts (id)");
      })});
  try {
    runner.up();
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.detail(), HasSubstr("rows of comments without one in posts: (post_id = 41)"));
  }
}

TEST_F(MysqlExplain, NothingIsAskedOfASessionThatIsGoneOrInATransaction) {
  run({"CREATE TABLE p (id int PRIMARY KEY)", "CREATE TABLE c (pid int)",
       "INSERT INTO c VALUES (5)"});
  const Error error = failure("ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p (id)");
  Error in_transaction = error;
  connection->begin();
  connection->dialect().explain(in_transaction, *connection);
  EXPECT_THAT(in_transaction.detail(), IsEmpty());
  connection->rollback();
  open()->execute("KILL " + std::to_string(id_of(*connection)));
  Error gone = error;
  connection->dialect().explain(gone, *connection);
  EXPECT_EQ(gone.code(), error.code());
  EXPECT_THAT(gone.detail(), IsEmpty());
}

TEST_F(MysqlExplain, TextThatCannotBeReadLeavesTheErrorAsItIs) {
  for (const char* sql :
       {"", "ALTER", "ALTER TABLE", "ALTER TABLE t ADD FOREIGN KEY", "DROP INDEX",
        "ALTER TABLE t ADD "
        "FOREIGN KEY (a REFERENCES",
        "ALTER TABLE t ADD UNIQUE (", "ALTER TABLE t ADD UNIQUE ((a", "CREATE UNIQUE INDEX",
        "ALTER TABLE missing ADD FOREIGN KEY (a) REFERENCES p (b)", "ALTER TABLE `t ADD UNIQUE (a)",
        "ALTER TABLE t MODIFY", "SELECT 1"}) {
    for (const char* code : {"1452 (23000)", "1062 (23000)", "1553 (HY000)", "1205 (HY000)", "x"}) {
      Error error(ErrorKind::data, "first");
      error.with_code(code).with_statement(sql);
      connection->dialect().explain(error, *connection);
      EXPECT_STREQ(error.what(), "first");
      EXPECT_EQ(error.kind(), ErrorKind::data);
    }
  }
  EXPECT_TRUE(connection->alive());
}

}  // namespace
}  // namespace sterna::test
