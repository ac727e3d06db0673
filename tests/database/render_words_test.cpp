// The small words of the dialects: literals, clocks, names, and what depends on the server's
// version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "database/mysql/engine.hpp"
#include "database/postgres/engine.hpp"
#include "database/registry.hpp"
#include "database/sqlite/engine.hpp"
#include "render_build.hpp"
#include "support/databases.hpp"

namespace sterna::test {
namespace {

std::vector<std::string> texts(const std::vector<Statement>& statements) {
  std::vector<std::string> result;
  for (const Statement& statement : statements) result.push_back(statement.sql);
  return result;
}

std::string rendered(const Dialect& dialect, const Change& change, const ServerInfo& server) {
  std::string all;
  for (const Statement& statement : dialect.render(change, {server, nullptr}).statements) {
    all += statement.sql + ";";
  }
  return all;
}

std::string refusal(const Dialect& dialect, const Change& change, const ServerInfo& server) {
  try {
    return "not refused: " + rendered(dialect, change, server);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    return error.what();
  }
}

TEST(Quote, DoublesItsOwnCharacter) {
  EXPECT_EQ(postgres::dialect().quote("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(mysql::dialect().quote("a`b"), "`a``b`");
  EXPECT_EQ(sqlite::dialect().quote(model::Name("main.users")), "\"main\".\"users\"");
}

TEST(Timeouts, ArePostgresSettingsInMilliseconds) {
  using testing::ElementsAre;
  const Dialect& dialect = postgres::dialect();
  EXPECT_THAT(texts(dialect.timeouts(1.5, 2, true)),
              ElementsAre("SET LOCAL statement_timeout = 1500", "SET LOCAL lock_timeout = 2000"));
  EXPECT_THAT(texts(dialect.timeouts(0, 0.0001, false)), ElementsAre("SET lock_timeout = 1"));
  EXPECT_TRUE(dialect.timeouts(0, 0, true).empty());
}

TEST(Timeouts, AreWholeSecondsForMysqlLocks) {
  using testing::ElementsAre;
  EXPECT_THAT(
      texts(mysql::dialect().timeouts(0, 0.2, true)),
      ElementsAre("SET SESSION lock_wait_timeout = 1, SESSION innodb_lock_wait_timeout = 1"));
  EXPECT_THAT(texts(mysql::dialect().timeouts(1.5, 0, true)),
              ElementsAre("SET /*M! SESSION max_statement_time = 1.500, */ "
                          "@sterna_statement_timeout = 1.500"));
  EXPECT_TRUE(sqlite::dialect().timeouts(1, 1, true).empty());
}

TEST(TypeName, RefusesWithTheAlternative) {
  const auto message = [](const Dialect& dialect, TypeKind kind) -> std::string {
    try {
      return "not refused: " + dialect.type_name(type(kind), {});
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message(postgres::dialect(), TypeKind::counter),
            "PostgreSQL has no counter, a CQL type; use big_integer()");
  EXPECT_EQ(message(mysql::dialect(), TypeKind::array),
            "MySQL has no arrays; use json() or a child table");
  EXPECT_EQ(message(sqlite::dialect(), TypeKind::timeuuid),
            "SQLite has no timeuuid, a CQL type; use uuid()");
}

TEST(TypeName, FollowsTheServersVersion) {
  const auto uuid = [](const ServerInfo& server) {
    return mysql::dialect().type_name(type(TypeKind::uuid), server);
  };
  EXPECT_EQ(uuid({"MariaDB", "10.6.1", 100601}), "char(36)");
  EXPECT_EQ(uuid({"MariaDB", "10.7.1", 100701}), "uuid");
  EXPECT_EQ(uuid({"MySQL", "9.0.0", 90000}), "char(36)");
}

TEST(MysqlVersions, DecideWhatIsRefused) {
  const Dialect& dialect = mysql::dialect();
  const Change renamed = alter("posts", {RenameColumn{"a", "b"}});
  const ServerInfo old{"MySQL", "5.7.40", 50740};
  EXPECT_EQ(rendered(dialect, renamed, {"MySQL", "8.0.36", 80036}),
            "ALTER TABLE `posts` RENAME COLUMN `a` TO `b`;");
  EXPECT_NE(refusal(dialect, renamed, old).find("posts.a: MySQL renames a column"),
            std::string::npos);
  EXPECT_NE(refusal(dialect, renamed, {"MariaDB", "10.4.1", 100401}).find("posts.a: MariaDB"),
            std::string::npos);
  const Change checked = alter("posts", {AddCheck{check("c", "a > 0")}});
  EXPECT_NE(refusal(dialect, checked, old).find("reads CHECK and does nothing"), std::string::npos);
  const Change renamed_index = alter("posts", {RenameIndex{"a", "b"}});
  EXPECT_NE(refusal(dialect, renamed_index, {"MariaDB", "10.4.1", 100401}).find("drop it and add"),
            std::string::npos);
}

TEST(PostgresVersions, DecideWhatIsRefused) {
  model::Column computed = nullable(column("twice", TypeKind::integer));
  computed.generated = model::Generated{"a * 2", false};
  const Change change = alter("posts", {AddColumn{computed, false, false, {}}});
  EXPECT_NE(refusal(postgres::dialect(), change, {"PostgreSQL", "17.1", 170001}).find("stored"),
            std::string::npos);
  EXPECT_EQ(rendered(postgres::dialect(), change, {"PostgreSQL", "18.0", 180000}),
            "ALTER TABLE \"posts\" ADD COLUMN \"twice\" integer GENERATED ALWAYS AS (a * 2) "
            "VIRTUAL;");
}

TEST(Render, RefusesEmptyThings) {
  model::Table empty;
  empty.name = "empty";
  for (const Dialect* dialect : {&postgres::dialect(), &mysql::dialect(), &sqlite::dialect()}) {
    EXPECT_EQ(refusal(*dialect, create(empty), {}),
              "table empty: a table needs at least one column");
    EXPECT_NE(refusal(*dialect, alter("t", {AddIndex{index({}, "i"), false, false}}), {})
                  .find("at least one column"),
              std::string::npos);
  }
}

TEST(Render, RefusesToDropWithoutAName) {
  for (const Dialect* dialect : {&postgres::dialect(), &mysql::dialect(), &sqlite::dialect()}) {
    const DropConstraint nameless{DropConstraint::Kind::unique, "", false, std::nullopt};
    EXPECT_EQ(refusal(*dialect, alter("t", {nameless}), {}),
              "t: which constraint is to be dropped? Give its name or its columns");
    EXPECT_EQ(refusal(*dialect, alter("t", {DropIndex{}}), {}),
              "t: which index is to be dropped? Give its name or its columns");
  }
}

class LiteralOnServer : public ::testing::TestWithParam<Kind> {};

TEST_P(LiteralOnServer, IsReadBackAsItWas) {
  STERNA_REQUIRE_SERVER(GetParam());
  TestDatabase database(GetParam());
  const auto connection = connect(parse_url(database.url()));
  const Dialect& dialect = connection->dialect();
  for (const std::string text :
       {"", "plain", "it's", "back\\slash", "\\'", "line\nbreak", "%_", "\"quoted\" `ticks`",
        "$1 ? :x", "-- no comment", "/* */", "\xc3\xa4\xf0\x9f\x90\xa6"}) {
    const Rows rows = connection->query("SELECT " + dialect.literal(Value(text)));
    EXPECT_EQ(rows.at(0).get<std::string>(0), text);
  }
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(connection->query("SELECT " + dialect.literal(Value(Blob{bytes}))).at(0).get<Blob>(0),
            Blob{bytes});
  EXPECT_EQ(
      connection->query("SELECT " + dialect.literal(Value(std::int64_t{-9223372036854775807})))
          .at(0)
          .get<std::int64_t>(0),
      -9223372036854775807);
  EXPECT_DOUBLE_EQ(connection->query("SELECT " + dialect.literal(Value(0.1))).at(0).get<double>(0),
                   0.1);
  EXPECT_TRUE(connection->query("SELECT " + dialect.literal(Value(true))).at(0).get<bool>(0));
  EXPECT_TRUE(connection->query("SELECT " + dialect.literal(Value())).at(0)[0].is_null());
}

TEST_P(LiteralOnServer, ClocksAreAccepted) {
  STERNA_REQUIRE_SERVER(GetParam());
  TestDatabase database(GetParam());
  const auto connection = connect(parse_url(database.url()));
  const Dialect& dialect = connection->dialect();
  connection->begin();
  for (const Statement& statement : dialect.timeouts(30, 5, true)) connection->execute(statement);
  connection->commit();
  for (const Statement& statement : dialect.timeouts(30, 5, false)) connection->execute(statement);
  const auto text = connection->query("SELECT " + dialect.utc_now()).at(0).get<std::string>(0);
  const auto apart = std::chrono::system_clock::now() - parse_timestamp(text);
  EXPECT_LT(std::chrono::abs(apart), std::chrono::hours(1)) << text << " is not UTC";
  EXPECT_NE(text.find('.'), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(All, LiteralOnServer, ::testing::ValuesIn(all_kinds()),
                         [](const auto& instance) {
                           return instance.param == Kind::sqlite     ? "sqlite"
                                  : instance.param == Kind::postgres ? "postgres"
                                                                     : "mysql";
                         });

}  // namespace
}  // namespace sterna::test
