// What may be run in parts, and how a statement reads then.
#include "bulk/shape.hpp"

#include "bulk/directive.hpp"
#include "bulk/walk.hpp"

#include <gtest/gtest.h>

namespace sterna::bulk {
namespace {

Shape shape(const std::string& sql, const std::string& table = {},
            Language language = Language::postgres) {
  return shape_of(Statement{sql, {}, {}, {}}, language, table);
}

std::string refusal(const std::string& sql, const std::string& table = {}) {
  try {
    shape(sql, table);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_FALSE(error.suggestions().empty()) << error.what();
    return error.what();
  }
  return "accepted";
}

TEST(Shape, PutsTheRangeBesideTheConditionInItsOwnParentheses) {
  EXPECT_EQ(shape("UPDATE users SET a = 1 WHERE b = 1 OR c = 2 -- all of them").over("id <= 5"),
            "UPDATE users SET a = 1\nWHERE id <= 5\nAND (b = 1 OR c = 2\n)");
  EXPECT_EQ(shape("UPDATE users SET a = 1").over("id <= 5"),
            "UPDATE users SET a = 1\nWHERE id <= 5");
  EXPECT_EQ(shape("DELETE FROM logs WHERE old").over("id <= 5"),
            "DELETE FROM logs\nWHERE id <= 5\nAND (old\n)");
  EXPECT_EQ(
      shape("INSERT INTO b (x) SELECT x FROM a WHERE y ON CONFLICT DO NOTHING").over("a.id <= 5"),
      "INSERT INTO b (x) SELECT x FROM a\nWHERE a.id <= 5\nAND (y\n)\nON CONFLICT DO "
      "NOTHING");
}

TEST(Shape, KnowsTheTableAndWhatItsColumnsAreCalledBy) {
  const Shape plain = shape("UPDATE app.users SET a = 1");
  EXPECT_EQ(plain.table, model::Name("app", "users"));
  EXPECT_EQ(plain.reference, "app.users");
  EXPECT_EQ(shape("UPDATE users AS u SET a = 1").reference, "u");
  EXPECT_EQ(shape("UPDATE users u SET a = 1").reference, "u");
  EXPECT_EQ(shape("UPDATE ONLY \"Users\" SET a = 1").table.name, "Users");
  EXPECT_EQ(shape("INSERT INTO b SELECT o.x FROM old o WHERE o.y").reference, "o");
}

TEST(Shape, TellsWhetherRunningTwiceIsTheSame) {
  EXPECT_TRUE(shape("UPDATE users SET a = lower(b), c = d").repeatable);
  EXPECT_FALSE(shape("UPDATE users SET n = n + 1").repeatable);
  EXPECT_FALSE(shape("UPDATE users SET a = b, b = 1").repeatable);
  EXPECT_FALSE(shape("UPDATE users SET a = (SELECT max(x) FROM other)").repeatable);
  EXPECT_FALSE(shape("UPDATE users SET (a, b) = (1, 2)").repeatable);
  EXPECT_TRUE(shape("DELETE FROM users WHERE old").repeatable);
}

TEST(Shape, RefusesWhatMeansSomethingElseInParts) {
  EXPECT_NE(refusal("SELECT 1").find("no UPDATE"), std::string::npos);
  EXPECT_NE(refusal("UPDATE users SET a = 1 WHERE b RETURNING id").find("RETURNING"),
            std::string::npos);
  EXPECT_NE(refusal("UPDATE users SET a = 1 ORDER BY id LIMIT 5").find("ORDER"), std::string::npos);
  EXPECT_NE(refusal("UPDATE a, b SET a.x = b.y").find("more than one table"), std::string::npos);
  EXPECT_NE(refusal("DELETE FROM users").find("every row"), std::string::npos);
  EXPECT_NE(refusal("INSERT INTO t SELECT count(*) FROM users").find("COUNT"), std::string::npos);
  EXPECT_NE(refusal("INSERT INTO t SELECT DISTINCT a FROM users").find("DISTINCT"),
            std::string::npos);
  EXPECT_NE(refusal("INSERT INTO t SELECT a, rank() OVER (ORDER BY b) FROM users").find("than one"),
            std::string::npos);
  EXPECT_NE(refusal("INSERT INTO t SELECT a FROM u UNION SELECT a FROM v").find("UNION"),
            std::string::npos);
  EXPECT_NE(refusal("DELETE FROM t WHERE id NOT IN (SELECT max(id) FROM t GROUP BY x)")
                .find("subquery reads"),
            std::string::npos);
  EXPECT_NE(refusal("UPDATE users SET a = 1", "posts").find("directive names"), std::string::npos);
}

TEST(Shape, RefusesRowsThatNoRangeFindsAndRowsThatAreFoundTwice) {
  EXPECT_NE(refusal("INSERT INTO o SELECT t.a FROM t RIGHT JOIN r ON r.i = t.i").find("RIGHT JOIN"),
            std::string::npos);
  EXPECT_NE(refusal("INSERT INTO o SELECT t.a FROM t FULL OUTER JOIN r ON r.i = t.i").find("FULL"),
            std::string::npos);
  EXPECT_NO_THROW(shape("INSERT INTO o SELECT t.a FROM t LEFT JOIN r ON r.i = t.i"));
  EXPECT_NE(refusal("INSERT INTO t SELECT a + 1 FROM t").find("the table that it reads"),
            std::string::npos);
  EXPECT_NE(refusal("INSERT INTO app.t (a) SELECT o.a FROM t AS o").find("that it reads"),
            std::string::npos);
  EXPECT_NO_THROW(shape("INSERT INTO t SELECT a FROM s"));
  EXPECT_NE(refusal("UPDATE t SET a = o.a FROM t AS o WHERE o.i = t.j").find("beside"),
            std::string::npos);
  EXPECT_NE(refusal("DELETE FROM t USING t AS o WHERE o.i = t.j").find("beside"),
            std::string::npos);
  EXPECT_NO_THROW(shape("DELETE FROM t USING o WHERE o.i = t.j"));
}

TEST(Shape, WritesColumnsOfTheRowWithTheirPrefix) {
  const std::vector<std::string> columns{"email", "name"};
  EXPECT_EQ(with_prefix("lower(u.email) || name || 'name' || o.name", Language::postgres, "NEW.",
                        columns, "u"),
            "lower(NEW.email) || NEW.name || 'name' || o.name");
  EXPECT_THROW(with_prefix("(SELECT 1)", Language::postgres, "NEW.", columns, "u"), Error);
}

TEST(Shape, PartsConditionsAtTheTop) {
  EXPECT_EQ(conjuncts("a IS NULL AND (b AND c) AND d BETWEEN 1 AND 2", Language::postgres),
            (std::vector<std::string>{"a IS NULL", "(b AND c)", "d BETWEEN 1 AND 2"}));
  EXPECT_EQ(conjuncts("a AND b OR c", Language::postgres),
            (std::vector<std::string>{"a AND b OR c"}));
}

TEST(WholeNumberKey, IsCountedUpToItsEndAndNoFurther) {
  const std::string greatest = "9223372036854775807", least = "-9223372036854775808";
  EXPECT_EQ(number_behind({"10"}, {"1000"}, 100), Place{"110"});
  EXPECT_EQ(number_behind({"950"}, {"1000"}, 100), Place{"1000"});
  EXPECT_EQ(number_behind({"900"}, {"1000"}, 100), Place{"1000"});
  EXPECT_EQ(number_behind({"1000"}, {"1000"}, 100), Place{"1000"});
  EXPECT_EQ(number_behind({"-7"}, {"1000"}, 5), Place{"-2"});
  EXPECT_EQ(number_behind({"9223372036854775800"}, {greatest}, 100), Place{greatest});
  EXPECT_EQ(number_behind({least}, {greatest}, 1), Place{"-9223372036854775807"});
  // BIGINT UNSIGNED goes further.
  EXPECT_EQ(number_behind({greatest}, {"18446744073709551615"}, 1), std::nullopt);
  EXPECT_EQ(number_behind({"'a'"}, {"'b'"}, 1), std::nullopt);
  EXPECT_EQ(number_behind({"1.5"}, {"7"}, 1), std::nullopt);
}

TEST(WholeNumberKey, StandsCloseWhereFewNumbersAreMissing) {
  EXPECT_TRUE(close_together({"0"}, {"100"}, 100));
  EXPECT_TRUE(close_together({"0"}, {"100"}, 80));
  EXPECT_FALSE(close_together({"0"}, {"100"}, 79));
  EXPECT_FALSE(close_together({"-9223372036854775808"}, {"9223372036854775807"}, 1000));
  EXPECT_FALSE(close_together({"0"}, {"18446744073709551615"}, 100));
}

TEST(StepDirective, GoesWithTheStatementBelowIt) {
  std::vector<Statement> statements{{"SELECT 1", {}, {"f", 1, 1}, {}},
                                    {"UPDATE t SET a = 1", {}, {"f", 4, 1}, {}}};
  attach(statements, {{"backfill", "batch=50 pause=20ms", {"f", 3, 1}}}, 1, 6);
  EXPECT_FALSE(is_step(statements[0]));
  EXPECT_EQ(statements[1].sql, "-- sterna:backfill batch=50 pause=20ms\nUPDATE t SET a = 1");
  EXPECT_EQ(body_of(statements[1].sql), "UPDATE t SET a = 1");
  const StepOptions options = *step_of(statements[1]);
  EXPECT_EQ(options.batch, 50);
  EXPECT_EQ(options.pause, std::chrono::milliseconds(20));
}

TEST(StepDirective, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(read_step({"backfill", "bach=5", {}}), Error);
  EXPECT_THROW(read_step({"backfill", "batch=none", {}}), Error);
  EXPECT_THROW(read_step({"backfill", "batch", {}}), Error);
  EXPECT_THROW(read_step({"backfill", "sync=always", {}}), Error);
  std::vector<Statement> none;
  EXPECT_THROW(attach(none, {{"backfill", "", {"f", 3, 1}}}, 1, 6), Error);
}

}  // namespace
}  // namespace sterna::bulk
