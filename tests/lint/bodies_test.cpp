// Statements inside DO blocks and routines.
#include "lint/bodies.hpp"

#include "lint/linter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "? " in front of what may not run, "?? " of what runs a text that is not known.
std::vector<std::string> texts(std::string_view body, Language language = Language::postgres,
                               std::string_view event = {}) {
  std::vector<std::string> result;
  for (const BodyStatement& one : statements_of_body({body, {"f.sql", 1, 1}, language, event})) {
    if (one.kind == BodyStatement::Kind::called) continue;
    const bool opaque = one.kind == BodyStatement::Kind::opaque;
    result.push_back((opaque ? "?? " : one.conditional ? "? " : "") + one.statement.sql);
  }
  return result;
}

TEST(LintBodies, HoldTheStatementsOfABlock) {
  EXPECT_THAT(
      texts("DECLARE n int := 5; r record;\nBEGIN\n  ALTER TABLE a ADD COLUMN b int;\n  "
            "PERFORM f(1);\n  n := n + 1;\n  update = 3;\n  UPDATE a SET b = CASE WHEN b > 1 "
            "THEN 2 ELSE 3 END; -- a comment; BEGIN\n  RAISE NOTICE 'DROP TABLE a;';\nEND"),
      ElementsAre("ALTER TABLE a ADD COLUMN b int",
                  "UPDATE a SET b = CASE WHEN b > 1 THEN 2 ELSE 3 END"));
}

TEST(LintBodies, KnowWhatMayNotRun) {
  EXPECT_THAT(
      texts(
          "BEGIN\n IF CASE WHEN x THEN y ELSE z END THEN DROP TABLE a; ELSIF b THEN DROP TABLE b; "
          "ELSE DROP TABLE c; END IF;\n <<l>> FOR r IN SELECT 1 LOOP DELETE FROM d; END LOOP l;\n "
          "WHILE true LOOP BEGIN DROP TABLE e; EXCEPTION WHEN others THEN NULL; END; END LOOP;\n "
          "CASE n WHEN 1 THEN DROP TABLE f; WHEN 2 THEN NULL; END CASE;\n BEGIN DROP TABLE g; "
          "END;\n DROP TABLE h;\nEND;"),
      ElementsAre("? DROP TABLE a", "? DROP TABLE b", "? DROP TABLE c", "? DELETE FROM d",
                  "? DROP TABLE e", "? DROP TABLE f", "DROP TABLE g", "DROP TABLE h"));
}

TEST(LintBodies, SeeTextThatIsRunAsItStands) {
  EXPECT_THAT(
      texts("BEGIN EXECUTE 'DROP TABLE \"it''s\"'; EXECUTE $q$ DROP TABLE b $q$; EXECUTE "
            "format('DROP TABLE %I', x); EXECUTE 'DROP TABLE ' || c; END"),
      ElementsAre("DROP TABLE \"it's\"", "DROP TABLE b", "?? EXECUTE format('DROP TABLE %I', x)",
                  "?? EXECUTE 'DROP TABLE ' || c"));
}

TEST(LintBodies, OfMysqlAreReadInItsOwnWords) {
  EXPECT_THAT(
      texts(
          "BEGIN DECLARE done int DEFAULT 0; a: LOOP ALTER TABLE t ADD x int; LEAVE a; END LOOP a; "
          "WHILE done < 1 DO DROP TABLE b; END WHILE; REPEAT DELETE FROM c; UNTIL done END "
          "REPEAT; IF (SELECT 1) THEN DROP TABLE d; END IF; DROP TABLE e; END",
          Language::mysql),
      ElementsAre("? ALTER TABLE t ADD x int", "? DROP TABLE b", "? DELETE FROM c",
                  "? DROP TABLE d", "DROP TABLE e"));
}

TEST(LintBodies, OfMysqlMayHaveHandlers) {
  EXPECT_THAT(
      texts("BEGIN DECLARE x int; DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLSTATE VALUE '42S02', "
            "1051 BEGIN DROP TABLE a; END; DECLARE CONTINUE HANDLER FOR NOT FOUND SET x = 1; "
            "DECLARE CONTINUE HANDLER FOR no_such DELETE FROM b; DECLARE UNDO HANDLER FOR "
            "SQLWARNING IF x THEN DROP TABLE c; END IF; DROP TABLE d; END",
            Language::mysql),
      ElementsAre("? DROP TABLE a", "? DELETE FROM b", "? DROP TABLE c", "DROP TABLE d"));
}

TEST(LintBodies, OfTriggersLeaveBranchesForOtherEvents) {
  const std::string body =
      "BEGIN IF TG_OP = 'DELETE' THEN DELETE FROM a; ELSIF (TG_OP = 'UPDATE') THEN DELETE FROM b; "
      "ELSIF (TG_OP IN ('INSERT', 'TRUNCATE')) AND x THEN DELETE FROM c; ELSE DELETE FROM d; END "
      "IF; IF TG_OP IN ('UPDATE', 'INSERT') THEN DELETE FROM e; ELSE DELETE FROM f; END IF; END";
  EXPECT_THAT(texts(body), ElementsAre("? DELETE FROM a", "? DELETE FROM b", "? DELETE FROM c",
                                       "? DELETE FROM d", "? DELETE FROM e", "? DELETE FROM f"));
  EXPECT_THAT(texts(body, Language::postgres, "UPDATE"),
              ElementsAre("? DELETE FROM b", "? DELETE FROM e"));
  EXPECT_THAT(texts(body, Language::postgres, "INSERT"),
              ElementsAre("? DELETE FROM c", "? DELETE FROM d", "? DELETE FROM e"));
}

TEST(LintBodies, SeeTextThatIsMadeOfConstants) {
  EXPECT_THAT(
      texts("DECLARE t CONSTANT text := 'a b'; q text; BEGIN EXECUTE format('DROP TABLE %I', t); "
            "EXECUTE format('ALTER TABLE %1$I ADD c text DEFAULT %2$L, ADD d%% int', 'x', "
            "E'it''s'); q := 'DELETE FROM ' || quote_ident('y'); EXECUTE q || ' WHERE ' || 1; q := "
            "other; EXECUTE q; EXECUTE 'DROP TABLE u; DROP TABLE v' INTO STRICT t USING 1; EXECUTE "
            "t; END"),
      ElementsAre("DROP TABLE \"a b\"", "ALTER TABLE x ADD c text DEFAULT 'it''s', ADD d% int",
                  "DELETE FROM y WHERE 1", "?? EXECUTE q", "DROP TABLE u", "DROP TABLE v",
                  "?? EXECUTE t"));
}

TEST(LintBodies, SeeEachTextThatMayBeRun) {
  EXPECT_THAT(
      texts("DECLARE q text := 'DROP TABLE a'; t text; BEGIN IF x THEN q := 'DROP TABLE b'; "
            "END IF; EXECUTE q; FOREACH t IN ARRAY ARRAY['c', 'd'] LOOP EXECUTE 'DROP TABLE "
            "' || t; END LOOP; FOR t IN SELECT unnest(ARRAY['e']) LOOP EXECUTE 'DROP TABLE "
            "' || t; END LOOP; FOR t IN SELECT name FROM f LOOP EXECUTE 'DROP TABLE ' || t; "
            "END LOOP; END"),
      ElementsAre("? DROP TABLE a", "? DROP TABLE b", "? DROP TABLE c", "? DROP TABLE d",
                  "? DROP TABLE e", "?? EXECUTE 'DROP TABLE ' || t"));
  EXPECT_THAT(texts("BEGIN SET @a = 'DROP TABLE ', @b = CONCAT(@a, IF(x > 1, 'a', 'b')); PREPARE s "
                    "FROM @b; EXECUTE s; SELECT CONCAT('DROP TABLE c') INTO @c; PREPARE s FROM @c; "
                    "EXECUTE s USING @a; SELECT @c := name FROM d; PREPARE s FROM @c; EXECUTE s; "
                    "EXECUTE IMMEDIATE \"DROP TABLE e\"; END",
                    Language::mysql),
              ElementsAre("? DROP TABLE a", "? DROP TABLE b", "DROP TABLE c", "?? EXECUTE s",
                          "DROP TABLE e"));
}

TEST(LintBodies, SeeTextThatIsRunForItsRows) {
  EXPECT_THAT(
      texts("DECLARE r record; c refcursor; BEGIN FOR r IN EXECUTE 'DELETE FROM a RETURNING id' "
            "LOOP DELETE FROM b; END LOOP; FOR r IN EXECUTE q USING 1 LOOP NULL; END LOOP; RETURN "
            "QUERY EXECUTE format('UPDATE %I SET d = 1 RETURNING d', 'e') USING 1; OPEN c NO "
            "SCROLL FOR EXECUTE 'DROP TABLE f'; FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP; "
            "END"),
      ElementsAre("DELETE FROM a RETURNING id", "? DELETE FROM b", "?? r IN EXECUTE q USING 1",
                  "UPDATE e SET d = 1 RETURNING d", "DROP TABLE f"));
}

TEST(LintBodies, ThatAreNotUnderstoodAreLeftAlone) {
  for (const std::string body :
       {"BEGIN DROP TABLE a; END; END", "BEGIN DROP TABLE a; IF x;", "BEGIN DROP TABLE a",
        "DROP TABLE a; EXCEPTION", "BEGIN DROP TABLE a; 'open", "BEGIN FOR x IN y; END", "LOOP"})
    EXPECT_THAT(texts(body), IsEmpty()) << body;
}

TEST(LintBodies, CutOffAnywhereDoNoHarm) {
  const std::string body =
      "DECLARE a int; BEGIN IF a THEN CASE b WHEN 1 THEN DROP TABLE c; END CASE; ELSE EXECUTE 'x'; "
      "END IF; LOOP UPDATE d SET e = (1); END LOOP; EXCEPTION WHEN others THEN NULL; END";
  const std::string dynamic =
      "DECLARE a, b text := format('%1$I %s%%', 'c' || $1, (('d'))); CONTINUE HANDLER FOR NOT "
      "FOUND "
      "BEGIN END; BEGIN FOREACH a IN ARRAY ARRAY['e', 'f'] LOOP EXECUTE a || b INTO c USING d; END "
      "LOOP; SET @a = CONCAT('x', IF(1, 'y', (SELECT 'z' FROM u))); PREPARE s FROM @a; EXECUTE s; "
      "IF ((TG_OP IN ('INSERT'))) THEN EXECUTE IMMEDIATE 'DROP TABLE a'; END IF; END";
  for (const std::string& text : {body, dynamic}) {
    for (std::size_t end = 0; end <= text.size(); ++end) {
      for (std::size_t begin = 0; begin < 20; ++begin) {
        for (const Language language : {Language::postgres, Language::mysql, Language::sqlite})
          EXPECT_LE(texts(text.substr(std::min(begin, end), end), language, "INSERT").size(), 6U);
      }
    }
  }
}

std::vector<Finding> found(const std::string& text, Language language = Language::postgres) {
  Options options;
  options.server.language = language;
  options.server.transactional_ddl = language == Language::postgres;
  std::vector<Input> inputs{read_input("001_a", "001_a.sql", text, language)};
  std::vector<Finding> all = lint(inputs, options);
  std::erase_if(all, [](const Finding& finding) { return finding.severity != Severity::error; });
  return all;
}

TEST(LintBodies, AreAskedAboutWhereTheyRun) {
  const auto findings =
      found("SELECT 1;\nDO LANGUAGE plpgsql $x$\nBEGIN\n  DROP TABLE users;\nEND $x$;\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "ST101");
  EXPECT_EQ(findings[0].position, (SourcePosition{"001_a.sql", 4, 3}));
  EXPECT_EQ(findings[0].statement, "DROP TABLE users");
  EXPECT_EQ(findings[0].number, 1);
  EXPECT_THAT(found("DO LANGUAGE plpython3u $x$ DROP TABLE users; $x$;"), IsEmpty());
  // What only defines a routine runs nothing of it.
  const std::string make =
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DROP TABLE users; $$;\n";
  EXPECT_THAT(found(make), IsEmpty());
  EXPECT_EQ(found(make + "SELECT f();\n").size(), 1U);
  EXPECT_THAT(found(make + "SELECT g();\n"), IsEmpty());
}

TEST(LintBodies, OfACalledProcedureOfMysql) {
  const std::string make =
      "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  IF EXISTS (SELECT 1 FROM "
      "information_schema.tables) THEN\n    DROP TABLE users;\n  END IF;\nEND//\nDELIMITER ;\n";
  EXPECT_THAT(found(make, Language::mysql), IsEmpty());
  const auto findings = found(make + "CALL p();\n", Language::mysql);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "ST101");
  EXPECT_EQ(findings[0].position.line, 5);
}

TEST(LintBodies, CanBeAllowedAboveTheBlock) {
  EXPECT_THAT(found("SELECT 1;\n-- sterna:allow ST101 nobody reads it\nDO $$\nBEGIN\n  DROP TABLE "
                    "users;\nEND $$;\n"),
              IsEmpty());
}

TEST(LintBodies, LeaveWhatABranchTakesAway) {
  Options options;
  const std::string text =
      "CREATE TABLE a (id bigint PRIMARY KEY);\nDO $$ BEGIN IF false THEN DROP TABLE a; END IF; "
      "END "
      "$$;\nCREATE INDEX i ON a (id);\n";
  for (const Finding& finding :
       lint({read_input("001_a", "001_a.sql", text, Language::postgres)}, options))
    EXPECT_NE(finding.rule, "PG101") << finding.message;
}

TEST(LintBodies, CountAsWhatRunsThem) {
  Options options;
  const auto reviews = review(
      {read_input("001_a", "001_a.sql",
                  "SELECT 1;\nDO $$ BEGIN ALTER TABLE a ADD COLUMN b int; UPDATE a SET b = 1; END "
                  "$$;\nSELECT 2;\n",
                  Language::postgres)},
      options);
  ASSERT_EQ(reviews[0].estimates.size(), 3U);
  EXPECT_EQ(reviews[0].estimates[1].lock, "ACCESS EXCLUSIVE");
  EXPECT_THAT(reviews[0].estimates[1].basis,
              HasSubstr("changes the catalogue alone; what changes a"));
}

}  // namespace
}  // namespace sterna::lint
