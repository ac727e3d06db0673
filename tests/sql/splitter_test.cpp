#include "sql/splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace sterna {
namespace {

std::vector<std::string> texts(std::string_view script, Language language = Language::postgres) {
  std::vector<std::string> all;
  for (const Statement& statement : split_statements(script, language))
    all.push_back(statement.sql);
  return all;
}

Error error_of(std::string_view script, Language language = Language::postgres) {
  try {
    (void)split_statements(script, language, "m.sql", 11);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "not refused: " << script;
  return Error(ErrorKind::unknown, "");
}

TEST(SplitterPositions, CountFromTheFirstLineOfThePart) {
  const auto statements =
      split_statements("SELECT 1;\n\n  SELECT 2", Language::sqlite, "dir/a.sql", 7);
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].position, (SourcePosition{"dir/a.sql", 7, 1}));
  EXPECT_EQ(statements[1].position, (SourcePosition{"dir/a.sql", 9, 3}));
}

TEST(SplitterPositions, CountColumnsInBytes) {
  const auto statements = split_statements("SELECT 'é'; SELECT 2", Language::postgres);
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[1].position.column, 14);
}

TEST(SplitterPositions, DoNotCountTheByteOrderMark) {
  const auto statements = split_statements("\xEF\xBB\xBFSELECT 1;\nSELECT 2", Language::mysql);
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].sql, "SELECT 1");
  EXPECT_EQ(statements[0].position, (SourcePosition{"", 1, 1}));
  EXPECT_EQ(statements[1].position, (SourcePosition{"", 2, 1}));
}

TEST(SplitterPositions, StayRightBehindCopyDataAndBodies) {
  const auto statements = split_statements(
      "COPY t FROM stdin;\na\nb\n\\.\n\n SELECT 1;\nDO $$\n;\n$$; SELECT 2", Language::postgres);
  ASSERT_EQ(statements.size(), 4u);
  EXPECT_EQ(statements[0].copy_data, "a\nb\n");
  EXPECT_EQ(statements[1].position, (SourcePosition{"", 6, 2}));
  EXPECT_EQ(statements[3].position, (SourcePosition{"", 9, 5}));
}

TEST(SplitterErrors, NameTheFileAndTheOpeningMark) {
  const Error error = error_of("SELECT 1;\n  SELECT 'open;\n");
  EXPECT_EQ(error.kind(), ErrorKind::syntax);
  EXPECT_EQ(error.position(), (SourcePosition{"m.sql", 12, 10}));
  EXPECT_THAT(error.what(), testing::HasSubstr("never closed"));
}

TEST(SplitterErrors, OfAnUnclosedBodyAreAtItsBegin) {
  const Error error = error_of(
      "CREATE PROCEDURE p()\nBEGIN\n IF a THEN SELECT 1; END IF;\nSELECT 2;", Language::mysql);
  EXPECT_EQ(error.position(), (SourcePosition{"m.sql", 12, 1}));
  EXPECT_THAT(error.suggestions(), testing::Contains(testing::HasSubstr("END")));
}

TEST(SplitterErrors, NameThePsqlCommandAndTheWayOut) {
  const Error error = error_of("\\set x 1\n");
  EXPECT_THAT(error.what(), testing::HasSubstr("\\set"));
  EXPECT_THAT(error.suggestions(), testing::Contains(testing::HasSubstr("psql")));
}

TEST(SplitterErrors, OfCopyWithoutItsEndCarryTheStatement) {
  EXPECT_EQ(error_of("COPY t FROM stdin;\n1\n").statement(), "COPY t FROM stdin");
}

TEST(Splitter, TakesBackslashesAtLineStartsInOtherLanguages) {
  EXPECT_EQ(texts("SELECT 1\n\\x;", Language::sqlite).size(), 1u);
}

TEST(Splitter, SkipsTheBracketsThatPgDumpWrites) {
  EXPECT_THAT(texts("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n"),
              testing::ElementsAre("SELECT 1"));
}

TEST(Splitter, KeepsCarriageReturnsInsideStatements) {
  EXPECT_THAT(texts("SELECT\r\n1;\r\n"), testing::ElementsAre("SELECT\r\n1"));
}

TEST(Splitter, GivesNothingForNothing) {
  for (const Language language : sql_languages) {
    EXPECT_TRUE(texts("", language).empty());
    EXPECT_TRUE(texts("\xEF\xBB\xBF", language).empty());
    EXPECT_TRUE(texts(" \r\n;;\n-- x\n", language).empty());
    EXPECT_TRUE(texts(std::string_view(), language).empty());
  }
}

TEST(Splitter, EndsMySqlBodiesWhateverTheyAreNested) {
  const std::string body =
      "CREATE PROCEDURE p() BEGIN a: WHILE x DO IF y THEN CASE z WHEN 1 THEN REPEAT SELECT 1; "
      "UNTIL w END REPEAT; "
      "ELSE LOOP LEAVE a; END LOOP; END CASE; ELSE BEGIN END; END IF; END WHILE a; END";
  EXPECT_THAT(texts(body + ";\nSELECT 1;", Language::mysql),
              testing::ElementsAre(body, "SELECT 1"));
}

TEST(Splitter, ReadsTheConditionOfMySqlBlocksWithCaseExpressions) {
  const std::string body =
      "CREATE PROCEDURE p() BEGIN IF CASE WHEN a THEN 1 ELSE 0 END THEN SELECT 1; END IF; "
      "WHILE CASE a WHEN 1 THEN b END DO SELECT 2; END WHILE; RETURN IF(a, 1, 2); END";
  EXPECT_THAT(texts(body + ";SELECT 1", Language::mysql), testing::ElementsAre(body, "SELECT 1"));
}

TEST(Splitter, FindsBodiesOfMySqlHandlers) {
  const std::string body =
      "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR NOT FOUND IF a THEN SET b = IF(c, "
      "1, 2); END IF; "
      "DECLARE EXIT HANDLER FOR 1062, SQLSTATE VALUE '23000' BEGIN ROLLBACK; END; SELECT 1; END";
  EXPECT_THAT(texts(body + ";SELECT 1", Language::mysql), testing::ElementsAre(body, "SELECT 1"));
}

}  // namespace
}  // namespace sterna
