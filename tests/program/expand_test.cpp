// A column that changes while programs of both versions run: its values, types, names and default.
#include "program/expand_fixture.hpp"

#include <atomic>
#include <thread>

namespace sterna::test {
namespace {

using testing::HasSubstr;

TEST_F(ExpandingColumns, ChangesATypeUnderWriters) {
  run({"CREATE TABLE users (id int PRIMARY KEY, age int NOT NULL DEFAULT 18, name text)",
       "CREATE INDEX users_age ON users (age, name)",
       "INSERT INTO users SELECT i, i FROM generate_series(1, 500) i"});
  const ExpandedColumn made = expand("users.age", {"bigint", "", "", ""});
  EXPECT_THAT(made.notes, testing::IsEmpty());
  run({"INSERT INTO users (id, age) VALUES (1000, 77)", "INSERT INTO users (id) VALUES (1001)",
       "UPDATE users SET age = 78 WHERE id = 5"});
  EXPECT_EQ(text("SELECT count(*) FROM users WHERE age_new IS DISTINCT FROM age"), "0");
  contract(made);
  const model::Model after = session->inspect({});
  const model::Table& users = *after.table("users");
  ASSERT_NE(users.column("age"), nullptr);
  EXPECT_EQ(users.column("age")->type.kind, model::TypeKind::big_integer);
  EXPECT_FALSE(users.column("age")->nullable);
  EXPECT_EQ(users.column("age_new"), nullptr);
  EXPECT_TRUE(users.checks.empty());
  ASSERT_EQ(users.indexes.size(), 1U);
  EXPECT_EQ(users.indexes[0].name, "users_age");
  run({"INSERT INTO users (id) VALUES (1002)"});
  EXPECT_EQ(text("SELECT age FROM users WHERE id = 1002"), "18");
  EXPECT_EQ(users.column("age")->default_value->text, "18");
}

TEST_F(ExpandingColumns, RenamesForProgramsOfBothVersions) {
  run({"CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
       "INSERT INTO users VALUES (1, 'ann')"});
  const ExpandedColumn made = expand("users.name", {"", "full_name", "", ""});
  run({"INSERT INTO users (id, name) VALUES (2, 'old program')",
       "INSERT INTO users (id, full_name) VALUES (3, 'new program')",
       "UPDATE users SET name = 'by the old' WHERE id = 1",
       "UPDATE users SET full_name = 'by the new' WHERE id = 2"});
  EXPECT_EQ(text("SELECT count(*) FROM users WHERE name IS DISTINCT FROM full_name"), "0");
  contract(made);
  EXPECT_EQ(text("SELECT full_name FROM users ORDER BY id"), "by the old\nby the new\nnew program");
  EXPECT_FALSE(session->has_column("users", "name"));
}

TEST_F(ExpandingColumns, WritersOfBothColumnsLoseNothingMeanwhile) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name text, other int)",
       "CREATE UNIQUE INDEX t_name ON t (name) WHERE other > 0",
       "INSERT INTO t SELECT i, 'n' || i, i % 3 FROM generate_series(1, 3000) i",
       "CREATE TABLE said (id int PRIMARY KEY, name text)",
       "INSERT INTO said SELECT id, name FROM t"});
  const ExpandedColumn made = expanded("t.name", {"", "full_name", "", ""});
  std::atomic<bool> ended = false;
  std::atomic<int> by_new = 0, by_old = 0;
  std::thread writer([&] {
    const auto own = scenario->connect();
    for (int i = 0; !ended; ++i) {
      const std::string id = std::to_string(i % 3000 + 1), value = "'w" + std::to_string(i) + "'";
      // Programs of the new version come when the first migration is through.
      const bool fresh = i % 2 == 0 && own->has_index("t", "t_name_new");
      own->execute("WITH w AS (UPDATE t SET " + std::string(fresh ? "full_name" : "name") + " = " +
                   value + " WHERE id = " + id + ") UPDATE said SET name = " + value +
                   " WHERE id = " + id);
      ++(fresh ? by_new : by_old);
    }
  });
  scenario->write("001_expand.sql", made.expand);
  scenario->engine()->up({});
  for (int i = 0; i < 3000 && by_new < 50; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ended = true;
  writer.join();
  EXPECT_GE(by_new, 50);
  EXPECT_GT(by_old, 0);
  contract(made);
  EXPECT_EQ(text("SELECT count(*) FROM t JOIN said USING (id) WHERE full_name IS DISTINCT FROM "
                 "said.name"),
            "0");
  EXPECT_EQ(text("SELECT indexdef FROM pg_indexes WHERE indexname = 't_name'"),
            "CREATE UNIQUE INDEX t_name ON public.t USING btree (full_name) WHERE (other > 0)");
}

TEST_F(ExpandingColumns, TheDefaultIsConvertedAsTheValuesAre) {
  run({"CREATE TABLE t (id int PRIMARY KEY, price numeric NOT NULL DEFAULT 1.5, n int DEFAULT 2)",
       "INSERT INTO t VALUES (1, 2.25)"});
  const ExpandedColumn made = expand("t.price", {"bigint", "", "round(t.price * 100)", ""});
  run({"INSERT INTO t (id) VALUES (2)"});
  contract(made);
  run({"INSERT INTO t (id) VALUES (3)"});
  EXPECT_EQ(text("SELECT price FROM t ORDER BY id"), "225\n150\n150");
  // Of two columns no default can be made: that is said.
  const ExpandedColumn of_two = expanded("t.n", {"bigint", "", "n + price", ""});
  EXPECT_THAT(join(of_two.notes, "\n"), HasSubstr("the default 2 goes with the old column"));
  EXPECT_EQ(of_two.contract.find("SET DEFAULT"), std::string::npos);
}

TEST_F(ExpandingColumns, ExpressionsAsDefaultsAreKept) {
  run({"CREATE SEQUENCE numbers", "CREATE TYPE mood AS ENUM ('good', 'bad')",
       "CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT nextval('numbers'), b mood DEFAULT "
       "'bad', c varchar(9) DEFAULT 'it''s')"});
  contract(expand("t.a", {"bigint", "", "", ""}));
  for (const char* column : {"b", "c"}) {
    const ExpandedColumn made = expanded(std::string("t.") + column, {"text", "", "", ""});
    const std::string name = column;
    scenario->write(name == "b" ? "003_b_expand.sql" : "005_c_expand.sql", made.expand);
    scenario->write(name == "b" ? "004_b_contract.sql" : "006_c_contract.sql", made.contract);
  }
  scenario->engine()->up({});
  run({"INSERT INTO t (id) VALUES (1)"});
  EXPECT_EQ(text("SELECT format('%s %s %s', a, b, c) FROM t"), "1 bad it's");
}

TEST_F(ExpandingColumns, ARenamedValueGoesBothWays) {
  run({"CREATE TABLE t (id int PRIMARY KEY, price numeric(10,2) NOT NULL DEFAULT 1.5, n int)",
       "INSERT INTO t VALUES (1, 2.25), (2, 3)"});
  EXPECT_THAT(refusal("t.price", {"bigint", "cents", "round(price * 100)", ""}),
              HasSubstr("no value of the old one"));
  const ExpandedColumn made =
      expand("t.price", {"bigint", "cents", "round(price * 100)", "cents / 100.0"});
  EXPECT_EQ(text("SELECT format('%s %s', price, cents) FROM t ORDER BY id"), "2.25 225\n3.00 300")
      << "the backfill is no write of a program";
  run({"INSERT INTO t (id, cents) VALUES (3, 401)", "INSERT INTO t (id) VALUES (4)",
       "UPDATE t SET cents = 999 WHERE id = 1", "UPDATE t SET price = 0.5 WHERE id = 2",
       "UPDATE t SET n = 1"});
  EXPECT_EQ(text("SELECT format('%s %s', price, cents) FROM t ORDER BY id"),
            "9.99 999\n0.50 50\n4.01 401\n1.50 150");
  contract(made);
  run({"INSERT INTO t (id) VALUES (5)"});
  EXPECT_EQ(text("SELECT cents FROM t ORDER BY id"), "999\n50\n401\n150\n150");
}

TEST_F(ExpandingColumns, TypesWithoutAnEqualityAreComparedAsTexts) {
  run({"CREATE TABLE t (id int PRIMARY KEY, doc text)", "INSERT INTO t VALUES (1, '[1]')"});
  const ExpandedColumn made = expand("t.doc", {"json", "", "", ""});
  run({"UPDATE t SET doc = '[2]'"});
  contract(made);
  EXPECT_EQ(text("SELECT doc FROM t"), "[2]");
}

TEST_F(ExpandingColumns, TheTriggerFiresBehindAllOthers) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name text)",
       "CREATE FUNCTION up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.name := "
       "upper(new.name); RETURN new; END'",
       "CREATE TRIGGER zzzz_up BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION up()",
       "INSERT INTO t VALUES (1, 'a')", "UPDATE t SET name = 'b'"});
  const ExpandedColumn made = expand("t.name", {"varchar(20)", "", "", ""});
  EXPECT_THAT(join(made.notes, "\n"),
              testing::AllOf(HasSubstr("zzzz_up fires for the rows"), HasSubstr("up()")));
  run({"INSERT INTO t VALUES (2, 'c')", "UPDATE t SET name = 'd' WHERE id = 1"});
  contract(made);
  EXPECT_EQ(text("SELECT name FROM t ORDER BY id"), "D\nC");
}

TEST_F(ExpandingColumns, WhatTheNewTypeWouldCutIsNotLost) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'too long')"});
  for (const char* name : {"", "title"}) {
    const ExpandedColumn made = expanded("t.name", {"varchar(3)", name, "", ""});
    EXPECT_THAT(join(made.notes, "\n"), HasSubstr("longer than varchar(3) are cut"));
    scenario->write("001_expand.sql", made.expand);
    scenario->engine()->up({});
    EXPECT_THAT(failure_of_contract(made), HasSubstr("another value"));
    EXPECT_EQ(text("SELECT name FROM t"), "too long");
    std::filesystem::remove(scenario->folder.path() / "migrations/002_contract.sql");
    scenario->engine()->down({Target::Kind::steps, {}, 1});
  }
}

TEST_F(ExpandingColumns, OpenSessionsGoOnWithFunctionsThatReadTheColumn) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name text)",
       "CREATE FUNCTION up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.name := "
       "upper(new.name); RETURN new; END'",
       "CREATE TRIGGER up BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION up()",
       "INSERT INTO t VALUES (1, 'a')"});
  contract(expand("t.name", {"varchar(20)", "", "", ""}));
  run({"INSERT INTO t VALUES (2, 'b')"});
  EXPECT_EQ(text("SELECT name FROM t ORDER BY id"), "A\nB");
}

TEST_F(ExpandingColumns, ADifferenceKeepsTheOldColumn) {
  run({"CREATE TABLE t (id int PRIMARY KEY, name text)",
       "CREATE FUNCTION up() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.name := "
       "upper(new.name); RETURN new; END'",
       "INSERT INTO t VALUES (1, 'a')"});
  const ExpandedColumn made = expand("t.name", {"varchar(20)", "", "", ""});
  run({"CREATE TRIGGER zzz BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION up()",
       "UPDATE t SET name = 'b'"});
  EXPECT_THAT(failure_of_contract(made), HasSubstr("another value in name_new than name says"));
  EXPECT_EQ(text("SELECT format('%s %s', name, name_new) FROM t"), "B b");
  run({"DROP TRIGGER zzz ON t", "UPDATE t SET name = name"});
  contract(made);
  EXPECT_EQ(text("SELECT name FROM t"), "B");
}

TEST_F(ExpandingColumns, TakesTheFirstHalfBack) {
  run({"CREATE TABLE users (id int PRIMARY KEY, age int NOT NULL CHECK (age > 0))",
       "CREATE INDEX users_age ON users ((age + 1)) WHERE age < 200",
       "CREATE STATISTICS users_both ON id, age FROM users", "CREATE INDEX older ON users (age)",
       "CREATE TRIGGER same BEFORE UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION "
       "suppress_redundant_updates_trigger()"});
  const model::Model before = session->inspect({});
  expand("users.age", {"bigint", "", "", ""});
  scenario->engine()->down({Target::Kind::steps, {}, 1});
  InspectOptions what;
  what.without.emplace_back("sterna_migrations");
  const model::Model after = session->inspect(what);
  EXPECT_EQ(after.tables, before.tables);
  EXPECT_EQ(after.objects, before.objects);
}

TEST_F(ExpandingColumns, AQualifiedTableKeepsToItsSchema) {
  run({"CREATE SCHEMA app", "CREATE TYPE app.mood AS ENUM ('good', 'bad')",
       "CREATE TABLE app.t (id int PRIMARY KEY, m text UNIQUE)",
       "INSERT INTO app.t VALUES (1, 'bad')"});
  const ExpandedColumn made = expand("app.t.m", {"app.mood", "", "", ""});
  run({"UPDATE app.t SET m = 'good'"});
  contract(made);
  EXPECT_EQ(text("SELECT m FROM app.t"), "good");
  EXPECT_EQ(text("SELECT conname FROM pg_constraint WHERE conrelid = 'app.t'::regclass AND contype "
                 "= 'u'"),
            "t_m_key");
  EXPECT_EQ(text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'sterna_expand%'"), "0");
}

TEST_F(ExpandingColumns, WhatTheServerRefusesIsKnownBeforehand) {
  run(
      {"CREATE TABLE t (id int PRIMARY KEY, code text DEFAULT 'none', g int GENERATED ALWAYS AS "
       "(id "
       "+ 1) STORED, at timestamp)"});
  EXPECT_THAT(refusal("t.code", {"nonsense", "", "", ""}), HasSubstr("no type nonsense"));
  EXPECT_THAT(refusal("t.code", {"int", "", "size(code)", ""}), HasSubstr("size"));
  EXPECT_THAT(refusal("t.at", {"int", "", "", ""}), HasSubstr("cast"));
  EXPECT_THAT(refusal("t.code", {"int", "", "", ""}), HasSubstr("none"));
  EXPECT_THAT(refusal("t.code", {"int", "", "g", ""}), HasSubstr("generated column g"));
  EXPECT_THAT(refusal("t.code", {"text", "", "", "code"}), HasSubstr("--back"));
  EXPECT_THAT(join(expanded("t.at", {"timestamptz", "", "", ""}).notes, "\n"),
              HasSubstr("time zone"));
}

}  // namespace
}  // namespace sterna::test
