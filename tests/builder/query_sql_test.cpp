// The statements of the query builder: what is quoted, what is bound, and how conditions are
// joined.
#include <gtest/gtest.h>
#include <sterna/schema.hpp>

#include "recording.hpp"

namespace sterna {
namespace {

using test::Recording;

class QuerySql : public testing::Test {
 protected:
  Recording target;
  Schema schema{target};

  Query users() { return schema.table("users"); }
  std::string where(const Query& query) {
    target.statements.clear();
    query.get();
    const std::string& sql = target.statements.at(0).sql;
    const std::size_t at = sql.find(" WHERE ");
    return at == std::string::npos ? "" : sql.substr(at + 7);
  }
  std::string refusal(const std::function<void()>& body) {
    target.statements.clear();
    try {
      body();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
      EXPECT_TRUE(target.statements.empty());
      return error.what();
    }
    return "not refused";
  }
};

TEST_F(QuerySql, QuotesNamesByTheirParts) {
  EXPECT_EQ(
      schema.table("app.users as u")
          .select({"u.name", "u.*", "*", "u.na\"me as n", expression("count(*)")})
          .to_sql(),
      R"(SELECT "u"."name", "u".*, *, "u"."na""me" AS "n", count(*) FROM "app"."users" AS "u")");
}

TEST_F(QuerySql, KnowsEveryOperatorAndBindsEveryValue) {
  for (const char* op : {"=", "<", "<=", ">", ">=", "<>"}) {
    EXPECT_EQ(where(users().where("age", op, 5)), std::string(R"("age" )") + op + " $1");
    EXPECT_EQ(target.statements[0].parameters, std::vector<Value>{5});
  }
  EXPECT_EQ(where(users().where("age", 5)), R"("age" = $1)");
  EXPECT_EQ(where(users().where("age", "!=", 5)), R"("age" <> $1)");
  EXPECT_EQ(where(users().where("name", "like", "A%")), R"("name" LIKE $1)");
  EXPECT_EQ(where(users().where("name", "NOT LIKE", "A%")), R"("name" NOT LIKE $1)");
  EXPECT_EQ(where(users().where("name", "ilike", "a%")), R"(lower("name") LIKE lower($1))");
  EXPECT_EQ(where(users().where("name", "not ilike", "a%")), R"(lower("name") NOT LIKE lower($1))");
  EXPECT_EQ(where(users().where("active", "is", true)), R"("active" IS TRUE)");
  EXPECT_EQ(where(users().where("price", ">", expression("cost * ?", 2))),
            R"("price" > cost * $1)");
  EXPECT_EQ(where(users().where_column("a", "<", "users.b")), R"("a" < "users"."b")");
}

TEST_F(QuerySql, NullIsComparedAsNull) {
  EXPECT_EQ(where(users().where("age", nullptr)), R"("age" IS NULL)");
  EXPECT_EQ(where(users().where("age", "!=", std::optional<int>())), R"("age" IS NOT NULL)");
  EXPECT_EQ(where(users().where_null("age").or_where_not_null("name")),
            R"("age" IS NULL OR "name" IS NOT NULL)");
  EXPECT_THAT(refusal([&] { users().where("age", "<", nullptr).get(); }),
              testing::HasSubstr("never true"));
}

TEST_F(QuerySql, ListsAndRanges) {
  EXPECT_EQ(where(users().where_in("id", {1, 2, 3})), R"("id" IN ($1, $2, $3))");
  EXPECT_EQ(where(users().where_in("id", {1})), R"("id" IN ($1))");
  EXPECT_EQ(where(users().where_in("name", {"a", "b"})), R"("name" IN ($1, $2))");
  EXPECT_EQ(where(users().where_in("id", std::vector<std::int64_t>{4, 5})), R"("id" IN ($1, $2))");
  EXPECT_EQ(where(users().where_not_in("id", {1, 2})), R"("id" NOT IN ($1, $2))");
  EXPECT_EQ(where(users().where_in("id", Values({}))), "1 = 0") << "nothing is in an empty list";
  EXPECT_EQ(where(users().where_not_in("id", Values({}))), "1 = 1");
  EXPECT_EQ(where(users().where_between("age", 3, 5)), R"("age" BETWEEN $1 AND $2)");
  EXPECT_EQ(where(users().where_not_between("age", 3, 5)), R"("age" NOT BETWEEN $1 AND $2)");
  EXPECT_EQ(where(users()
                      .where_in("id", schema.table("posts").select({"author_id"}).where("x", 1))
                      .where("y", 2)),
            R"("id" IN (SELECT "author_id" FROM "posts" WHERE "x" = $1) AND "y" = $2)");
  EXPECT_EQ(
      where(users().where_not_exists(schema.table("posts").where_column("author_id", "users.id"))),
      R"(NOT EXISTS (SELECT * FROM "posts" WHERE "author_id" = "users"."id"))");
}

TEST_F(QuerySql, NestsGroupsAsWritten) {
  EXPECT_EQ(
      where(users()
                .where("a", 1)
                .where([](Conditions& c) {
                  c.where("b", 2).or_where([](Conditions& d) { d.where("c", 3).where("d", 4); });
                })
                .or_where("e", 5)
                .where_not([](Conditions& c) { c.where_null("f"); })),
      R"("a" = $1 AND ("b" = $2 OR ("c" = $3 AND "d" = $4)) OR "e" = $5 AND NOT (("f" IS NULL)))");
}

TEST_F(QuerySql, ConditionsAreValues) {
  const Condition adult = Condition::compare("age", ">=", 18);
  const Condition known = Condition::null("name", true);
  EXPECT_EQ(where(users().where(adult && !known)), R"(("age" >= $1 AND NOT ("name" IS NOT NULL)))");
  EXPECT_EQ(where(users().where(adult || known)), R"(("age" >= $1 OR "name" IS NOT NULL))");
}

TEST_F(QuerySql, QuestionMarksStandForValuesOutsideQuotesAndComments) {
  EXPECT_EQ(where(users().where("a", 0).where_raw(
                "x = ? /* ? */ AND y = '?' AND j ?? 'k' AND z = ?", 1, "two")),
            R"("a" = $1 AND (x = $2 /* ? */ AND y = '?' AND j ? 'k' AND z = $3))");
  EXPECT_EQ(target.statements[0].parameters, (std::vector<Value>{0, 1, "two"}));
  EXPECT_EQ(where(users().where_raw("j ? 'k'")), "(j ? 'k')")
      << "without values the text is sent as it is";
  EXPECT_THAT(refusal([&] { users().where_raw("a = ?", 1, 2).get(); }),
              testing::HasSubstr("1 question mark(s) for 2 value(s)"));
  EXPECT_THAT(refusal([&] { users().where_raw("a = ? AND b = ?", 1).get(); }),
              testing::HasSubstr("2 question mark(s) for 1"));
  EXPECT_THAT(refusal([&] { users().where("x", 1).where_raw("a = $1", 1).get(); }),
              testing::HasSubstr("0 question mark(s)"));
  EXPECT_EQ(
      where(users().where_raw("a=? AND b=(?+1) AND j ?| array['x'] AND (c)in(?,?)", 1, 2, 3, 4)),
      "(a=$1 AND b=($2+1) AND j ?| array['x'] AND (c)in($3,$4))");
  schema.select("SELECT $1::int", 5);
  EXPECT_EQ(target.statements.back().sql, "SELECT $1::int")
      << "the server's own placeholders pass in a whole statement";
}

TEST_F(QuerySql, ShapesOfASelect) {
  EXPECT_EQ(
      users()
          .distinct()
          .select({"users.id", expression("count(*) AS n")})
          .join("posts", "posts.author_id", "users.id")
          .left_join("tags as t", "t.id", "!=", "posts.tag_id")
          .where("users.age", ">", 3)
          .group_by({"users.id"})
          .having(expression("count(*)"), ">", 2)
          .order_by("users.id")
          .order_by_desc(expression("count(*)"))
          .limit(10)
          .offset(20)
          .to_sql(),
      R"(SELECT DISTINCT "users"."id", count(*) AS n FROM "users" JOIN "posts" ON "posts"."author_id" = "users"."id" )"
      R"(LEFT JOIN "tags" AS "t" ON "t"."id" <> "posts"."tag_id" WHERE "users"."age" > $1 GROUP BY "users"."id" )"
      R"(HAVING count(*) > $2 ORDER BY "users"."id", count(*) DESC LIMIT 10 OFFSET 20)");
}

TEST_F(QuerySql, AQueryIsAValue) {
  const Query base = users().where("a", 1);
  Query narrow = base;
  narrow.where("b", 2);
  EXPECT_EQ(where(base), R"("a" = $1)");
  EXPECT_EQ(where(narrow), R"("a" = $1 AND "b" = $2)");
}

TEST_F(QuerySql, InsertsRowsOfTheSameColumnsTogether) {
  users().insert({{"name", "Ann"}, {"age", 3}});
  EXPECT_EQ(target.statements.back().sql, R"(INSERT INTO "users" ("name", "age") VALUES ($1, $2))");
  target.statements.clear();
  users().insert({{{"name", "Ann"}, {"age", 3}}, {{"age", 4}, {"name", "Bob"}}, {{"name", "Cy"}}});
  ASSERT_EQ(target.statements.size(), 2U);
  EXPECT_EQ(target.statements[0].sql,
            R"(INSERT INTO "users" ("name", "age") VALUES ($1, $2), ($3, $4))");
  EXPECT_EQ(target.statements[0].parameters, (std::vector<Value>{"Ann", 3, "Bob", 4}))
      << "values follow their columns";
  EXPECT_EQ(target.statements[1].sql, R"(INSERT INTO "users" ("name") VALUES ($1))");
  users().insert(std::vector<Record>{});
  EXPECT_EQ(target.statements.size(), 2U) << "no rows, no statement";
  users().insert({{"created_at", now()}, {"price", expression("cost * ?", 2)}});
  EXPECT_EQ(target.statements.back().parameters, std::vector<Value>{2});
}

TEST_F(QuerySql, KeepsToTheServersLimitOfBoundValues) {
  Recording old_sqlite("sqlite", {"SQLite", "3.31.0", 33100});
  std::vector<Record> rows;
  for (int i = 0; i < 400; ++i) rows.push_back({{"a", i}, {"b", i}, {"c", i}});
  Schema(old_sqlite).table("t").insert(rows);
  std::size_t values = 0;
  for (const Statement& statement : old_sqlite.statements) {
    EXPECT_LE(statement.parameters.size(), 999U);
    values += statement.parameters.size();
  }
  EXPECT_EQ(values, 1200U);
  EXPECT_EQ(old_sqlite.statements.size(), 2U);
}

TEST_F(QuerySql, UpsertsInTheWordsOfEachDatabase) {
  const std::vector<Record> rows{{{"id", 1}, {"name", "Ann"}, {"age", 3}}};
  users().upsert(rows, "id");
  EXPECT_EQ(
      target.statements.back().sql,
      R"(INSERT INTO "users" ("id", "name", "age") VALUES ($1, $2, $3) ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "age" = excluded."age")");
  users().upsert(rows, {"id"}, Names{"age"});
  EXPECT_THAT(target.statements.back().sql,
              testing::EndsWith(R"(DO UPDATE SET "age" = excluded."age")"));
  users().insert_or_ignore(rows);
  EXPECT_THAT(target.statements.back().sql, testing::EndsWith("ON CONFLICT DO NOTHING"));
  Recording mysql("mysql", {"MariaDB", "10.11.6", 101106});
  Schema on_mysql(mysql);
  on_mysql.table("users").upsert(rows, "id");
  EXPECT_EQ(mysql.statements.back().sql,
            "INSERT INTO `users` (`id`, `name`, `age`) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE "
            "`name` = VALUES(`name`), `age` = VALUES(`age`)");
  on_mysql.table("users").insert_or_ignore(rows);
  EXPECT_THAT(mysql.statements.back().sql,
              testing::EndsWith("ON DUPLICATE KEY UPDATE `id` = `id`"));
  EXPECT_THAT(refusal([&] { users().upsert(rows, Names(std::vector<std::string>{})); }),
              testing::HasSubstr("conflict columns"));
}

TEST_F(QuerySql, UpdatesRemovesAndCounts) {
  users().where("id", 1).update({{"name", "Bob"}, {"seen", now()}});
  EXPECT_THAT(target.statements.back().sql,
              testing::AllOf(testing::StartsWith(R"(UPDATE "users" SET "name" = $1, "seen" = )"),
                             testing::EndsWith(R"(WHERE "id" = $2)")));
  users().where("id", 1).increment("views");
  EXPECT_EQ(target.statements.back().sql,
            R"(UPDATE "users" SET "views" = "views" + $1 WHERE "id" = $2)");
  users().decrement("stock", 5, {{"touched", true}});
  EXPECT_EQ(target.statements.back().sql,
            R"(UPDATE "users" SET "stock" = "stock" - $1, "touched" = $2)");
  users().where("id", 1).remove();
  EXPECT_EQ(target.statements.back().sql, R"(DELETE FROM "users" WHERE "id" = $1)");
  users().all().remove();
  EXPECT_EQ(target.statements.back().sql, R"(DELETE FROM "users")");
  users().insert_select({"name"}, schema.table("old").select({"title"}).where("x", 1));
  EXPECT_EQ(target.statements.back().sql,
            R"(INSERT INTO "users" ("name") SELECT "title" FROM "old" WHERE "x" = $1)");
  users().where("a", 1).count();
  EXPECT_EQ(target.statements.back().sql, R"(SELECT count(*) FROM "users" WHERE "a" = $1)");
  users().limit(5).count();
  EXPECT_EQ(target.statements.back().sql,
            R"(SELECT count(*) FROM (SELECT * FROM "users" LIMIT 5) AS counted)");
}

TEST_F(QuerySql, RefusesWhatWouldDoSomethingElse) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal([&] { users().remove(); }), HasSubstr("without a condition"));
  EXPECT_THAT(refusal([&] { users().where("a", 1).limit(1).remove(); }), HasSubstr("limit"));
  EXPECT_THAT(refusal([&] { users().join("a", "b", "c").update({{"x", 1}}); }), HasSubstr("join"));
  EXPECT_THAT(refusal([&] { users().where("a", "in", 1); }), HasSubstr("'in'"));
  EXPECT_THAT(refusal([&] { users().where("a", "; DROP TABLE users", 1); }),
              HasSubstr("no operator"));
  EXPECT_THAT(refusal([&] { users().insert(Record{}); }), HasSubstr("no columns"));
  EXPECT_THAT(refusal([&] { users().insert({{"a", 1}, {"a", 2}}); }), HasSubstr("twice"));
  EXPECT_THAT(refusal([&] { users().update({}); }), HasSubstr("no columns"));
  EXPECT_THAT(refusal([&] { users().limit(-1); }), HasSubstr("limit(-1)"));
  EXPECT_THAT(refusal([&] { users().chunk_by_key(0, [](const Rows&) {}); }), HasSubstr("0 rows"));
  EXPECT_THAT(refusal([&] { users().limit(5).chunk_by_key(10, [](const Rows&) {}); }),
              HasSubstr("limit"));
  EXPECT_THAT(refusal([&] { schema.table(""); }), HasSubstr("without a name"));
}

}  // namespace
}  // namespace sterna
