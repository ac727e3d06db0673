// What a statement says, read from its tokens.
#include "lint/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;
using testing::ElementsAre;

/// The statement lives as long as the facts.
struct Read {
  explicit Read(std::string sql, Language language = Language::postgres)
      : statement{std::move(sql), {}, {"f.sql", 10, 1}, {}}, fact(facts_of(statement, language)) {}
  Statement statement;
  StatementFact fact;
};

TEST(LintFacts, ReadColumnsWithTheirAttributes) {
  const Read read(
      "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
      "  price numeric(10, 2) NOT NULL DEFAULT 0::numeric CHECK (price >= 0),\n"
      "  tags text[] DEFAULT '{}', at timestamp(3) with time zone DEFAULT now(),\n"
      "  whole text GENERATED ALWAYS AS (x || y) STORED,\n"
      "  b_id int REFERENCES app.b (id) ON DELETE SET NULL UNIQUE)");
  ASSERT_EQ(read.fact.columns.size(), 6U);
  const auto& c = read.fact.columns;
  EXPECT_TRUE(c[0].identity && c[0].primary && !c[0].generated);
  EXPECT_EQ(c[1].type, "NUMERIC(10,2)");
  EXPECT_THAT(c[1].arguments, ElementsAre("10", "2"));
  EXPECT_EQ(c[1].default_value, "0::numeric");
  EXPECT_TRUE(c[1].not_null && c[1].check);
  EXPECT_TRUE(c[2].array);
  EXPECT_EQ(c[2].default_value, "'{}'");
  EXPECT_EQ(c[3].type, "TIMESTAMP(3) WITH TIME ZONE");
  EXPECT_EQ(c[3].default_value, "now()");
  EXPECT_TRUE(c[4].generated && c[4].stored);
  ASSERT_TRUE(c[5].references);
  EXPECT_EQ(c[5].references->table, (ObjectName{"app", "b"}));
  EXPECT_EQ(c[5].references->on_delete, "SET NULL");
  EXPECT_TRUE(c[5].unique);
  EXPECT_EQ(c[1].position, (SourcePosition{"f.sql", 11, 3}));
}

TEST(LintFacts, ReadConstraintsOfTables) {
  const Read read(
      "CREATE TABLE a (x int, y int, CONSTRAINT k PRIMARY KEY (x, y), UNIQUE (y), CONSTRAINT f "
      "FOREIGN KEY (x) REFERENCES b (z) ON DELETE SET NULL ON UPDATE CASCADE, CHECK (x > 0))");
  ASSERT_EQ(read.fact.constraints.size(), 4U);
  EXPECT_EQ(read.fact.constraints[2].references.on_delete, "SET NULL");
  EXPECT_THAT(read.fact.constraints[0].columns, ElementsAre("x", "y"));
  EXPECT_EQ(read.fact.constraints[0].name, "k");
  EXPECT_EQ(read.fact.constraints[2].references.table.name, "b");
  EXPECT_EQ(read.fact.constraints[3].expression, "x > 0");
}

TEST(LintFacts, ReadActionsOneByOne) {
  const Read read(
      "ALTER TABLE ONLY public.a ADD COLUMN x int DEFAULT f(1, 2), ALTER y TYPE varchar(20) USING "
      "y::text, ALTER COLUMN z SET NOT NULL, "
      "ADD CONSTRAINT c CHECK (x > 0) NOT VALID, DROP COLUMN IF EXISTS w CASCADE, ADD CONSTRAINT u "
      "UNIQUE USING INDEX i, VALIDATE CONSTRAINT c");
  ASSERT_EQ(read.fact.actions.size(), 7U);
  const auto& a = read.fact.actions;
  EXPECT_EQ(a[0].column.default_value, "f(1, 2)");
  EXPECT_EQ(a[1].kind, Kind::set_type);
  EXPECT_EQ(a[1].column.type, "VARCHAR(20)");
  EXPECT_EQ(a[1].column.using_expression, "y::text");
  EXPECT_EQ(a[2].kind, Kind::set_not_null);
  EXPECT_TRUE(a[3].constraint.not_valid);
  EXPECT_TRUE(a[4].kind == Kind::drop_column && a[4].cascade && a[4].if_exists);
  EXPECT_EQ(a[5].constraint.using_index, "i");
  EXPECT_EQ(a[6].kind, Kind::validate_constraint);
}

TEST(LintFacts, ReadActionsOfMysql) {
  const Read read(
      "ALTER TABLE `a` ADD (x int, y enum('a,b','c') AFTER z), CHANGE old new varchar(10) "
      "CHARACTER SET latin1 NOT NULL FIRST, "
      "DROP PRIMARY KEY, ADD FULLTEXT KEY ft (body), CONVERT TO CHARACTER SET utf8mb4, "
      "ENGINE=InnoDB, ALGORITHM=INPLACE, LOCK=NONE",
      Language::mysql);
  ASSERT_EQ(read.fact.actions.size(), 9U);
  const auto& a = read.fact.actions;
  EXPECT_THAT(a[1].column.arguments, ElementsAre("a,b", "c"));
  EXPECT_EQ(a[1].column.after, "z");
  EXPECT_EQ(a[2].kind, Kind::modify_column);
  EXPECT_EQ(a[2].new_name, "new");
  EXPECT_TRUE(a[2].column.first && a[2].column.not_null);
  EXPECT_EQ(a[2].column.charset, "latin1");
  EXPECT_EQ(a[3].kind, Kind::drop_primary_key);
  EXPECT_EQ(a[4].constraint.kind, ConstraintFact::Kind::full_text);
  EXPECT_EQ(a[5].value, "UTF8MB4");
  EXPECT_EQ(a[7].value, "INPLACE");
  EXPECT_EQ(a[8].kind, Kind::lock);
}

TEST(LintFacts, ReadKeysAndOptionsOfCql) {
  const Read read(
      "CREATE TABLE app.a (x uuid, y int, z timeuuid, m map<text, frozen<list<int>>>, PRIMARY KEY "
      "((x, y), z)) WITH CLUSTERING ORDER BY (z DESC) AND "
      "default_time_to_live = 60 AND compaction = {'class': 'X', 'a': '1'}",
      Language::cql);
  EXPECT_THAT(read.fact.partition_key, ElementsAre("x", "y"));
  EXPECT_THAT(read.fact.clustering_key, ElementsAre("z"));
  EXPECT_EQ(read.fact.columns[3].base, "MAP");
  EXPECT_EQ(read.fact.options.at("DEFAULT_TIME_TO_LIVE"), "60");
  EXPECT_EQ(read.fact.options.at("COMPACTION"), "{'class': 'X', 'a': '1'}");
}

TEST(LintFacts, ReadIndexes) {
  const Read read(
      "CREATE UNIQUE INDEX CONCURRENTLY i ON a USING gin (lower(x), y DESC) WHERE y > 0");
  EXPECT_THAT(read.fact.index.columns, ElementsAre("lower(x)", "y"));
  EXPECT_TRUE(read.fact.index.unique && read.fact.index.has_expression);
  EXPECT_EQ(read.fact.index.method, "gin");
  EXPECT_EQ(read.fact.index.where, "y > 0");
}

TEST(LintFacts, TextInQuotesIsNoWord) {
  const Read read("UPDATE a SET note = 'DROP TABLE x', \"random\" = 1 -- random()\n WHERE id = 1");
  EXPECT_FALSE(read.fact.has({"DROP", "TABLE"}));
  EXPECT_FALSE(read.fact.calls("random"));
  EXPECT_EQ(one_line(read.fact), "UPDATE a SET note = 'DROP TABLE x', \"random\" = 1 WHERE id = 1");
}

}  // namespace
}  // namespace sterna::lint
