// A column that changes while programs of both versions run.
#include "program/expand.hpp"

#include "migration/scenario.hpp"

namespace sterna::test {
namespace {

class ExpandingColumns : public testing::Test {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(Kind::postgres); }

  static ExpandedColumn expanded(Connection& session, const std::string& column,
                                 const std::string& type, const std::string& name = {}) {
    ColumnExpansion wanted = parse_expansion(column);
    wanted.type = type;
    wanted.name = name;
    return expand_column(session.inspect({}), wanted, session);
  }

  static std::string refusal(Connection& session, const std::string& column) {
    try {
      expanded(session, column, "bigint");
    } catch (const Error& error) {
      EXPECT_FALSE(error.suggestions().empty());
      return error.what();
    }
    return "accepted";
  }
};

TEST_F(ExpandingColumns, ChangesATypeUnderWriters) {
  Scenario scenario(Kind::postgres);
  const auto session = scenario.connect();
  session->execute(
      "CREATE TABLE users (id int PRIMARY KEY, age int NOT NULL DEFAULT 18, name text)");
  session->execute("CREATE INDEX users_age ON users (age, name)");
  session->execute("INSERT INTO users SELECT i, i FROM generate_series(1, 500) i");
  const ExpandedColumn made = expanded(*session, "users.age", "bigint");
  scenario.write("001_expand.sql", made.expand);
  scenario.engine()->up({});
  session->execute("INSERT INTO users (id, age) VALUES (1000, 77)");
  session->execute("INSERT INTO users (id) VALUES (1001)");
  session->execute("UPDATE users SET age = 78 WHERE id = 5");
  EXPECT_EQ(session->query("SELECT count(*) FROM users WHERE age_new IS DISTINCT FROM age")
                .front()
                .get<int>(0),
            0);
  scenario.write("002_contract.sql", made.contract);
  scenario.engine()->up({});
  const model::Model after = session->inspect({});
  const model::Table& users = *after.table("users");
  ASSERT_NE(users.column("age"), nullptr);
  EXPECT_EQ(users.column("age")->type.kind, model::TypeKind::big_integer);
  EXPECT_FALSE(users.column("age")->nullable);
  EXPECT_EQ(users.column("age_new"), nullptr);
  EXPECT_TRUE(users.checks.empty());
  ASSERT_EQ(users.indexes.size(), 1U);
  EXPECT_EQ(users.indexes[0].name, "users_age");
  session->execute("INSERT INTO users (id) VALUES (1002)");
  EXPECT_EQ(session->query("SELECT age FROM users WHERE id = 1002").front().get<int>(0), 18);
}

TEST_F(ExpandingColumns, RenamesForProgramsOfBothVersions) {
  Scenario scenario(Kind::postgres);
  const auto session = scenario.connect();
  session->execute("CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)");
  session->execute("INSERT INTO users VALUES (1, 'ann')");
  const ExpandedColumn made = expanded(*session, "users.name", "", "full_name");
  scenario.write("001_expand.sql", made.expand);
  scenario.engine()->up({});
  session->execute("INSERT INTO users (id, name) VALUES (2, 'old program')");
  session->execute("INSERT INTO users (id, full_name) VALUES (3, 'new program')");
  session->execute("UPDATE users SET name = 'by the old' WHERE id = 1");
  session->execute("UPDATE users SET full_name = 'by the new' WHERE id = 2");
  EXPECT_EQ(session->query("SELECT count(*) FROM users WHERE name IS DISTINCT FROM full_name")
                .front()
                .get<int>(0),
            0);
  scenario.write("002_contract.sql", made.contract);
  scenario.engine()->up({});
  EXPECT_EQ(session->query("SELECT string_agg(full_name, ',' ORDER BY id) FROM users")
                .front()
                .get<std::string>(0),
            "by the old,by the new,new program");
  EXPECT_FALSE(session->has_column("users", "name"));
}

TEST_F(ExpandingColumns, TakesTheFirstHalfBack) {
  Scenario scenario(Kind::postgres);
  const auto session = scenario.connect();
  session->execute("CREATE TABLE users (id int PRIMARY KEY, age int)");
  const model::Model before = session->inspect({});
  scenario.write("001_expand.sql", expanded(*session, "users.age", "bigint").expand);
  const auto engine = scenario.engine();
  engine->up({});
  engine->down({Target::Kind::steps, {}, 1});
  InspectOptions what;
  what.without.emplace_back("sterna_migrations");
  EXPECT_EQ(session->inspect(what).tables, before.tables);
}

TEST_F(ExpandingColumns, RefusesKeysAndWhatIsNotThere) {
  Scenario scenario(Kind::postgres);
  const auto session = scenario.connect();
  session->execute("CREATE TABLE users (id int PRIMARY KEY, code text UNIQUE)");
  session->execute("CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users)");
  EXPECT_NE(refusal(*session, "users.id").find("primary key"), std::string::npos);
  EXPECT_NE(refusal(*session, "users.code").find("unique constraint"), std::string::npos);
  EXPECT_NE(refusal(*session, "posts.author").find("foreign key"), std::string::npos);
  EXPECT_NE(refusal(*session, "posts.nothing").find("no such column"), std::string::npos);
  EXPECT_THROW(parse_expansion("users"), Error);
}

}  // namespace
}  // namespace sterna::test
