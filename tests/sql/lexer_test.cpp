#include "sql/lexer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.hpp"

namespace sterna::sql {
namespace {

using testing::ElementsAre;

std::vector<std::string> tokens(std::string_view text, Language language) {
  std::vector<std::string> all;
  Lexer lexer(text, language);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
    all.emplace_back(token.text);
  return all;
}

TEST(Lexer, ReadsOperatorsOfPostgresAsItsManualSays) {
  EXPECT_THAT(tokens("a=-1", Language::postgres), ElementsAre("a", "=", "-", "1"));
  EXPECT_THAT(tokens("a@-1", Language::postgres), ElementsAre("a", "@-", "1"));
  EXPECT_THAT(tokens("a#>>b::c:=d", Language::postgres),
              ElementsAre("a", "#>>", "b", "::", "c", ":=", "d"));
  EXPECT_THAT(tokens("a<--x\nb", Language::postgres), ElementsAre("a", "<", "--x", "b"));
  EXPECT_THAT(tokens("count(*)", Language::postgres), ElementsAre("count", "(", "*", ")"));
}

TEST(Lexer, ReadsNumbers) {
  EXPECT_THAT(tokens("1.5e-10 .5 1..2 0xff 1_000 1.e3", Language::postgres),
              ElementsAre("1.5e-10", ".5", "1", "..", "2", "0xff", "1_000", "1.e3"));
  EXPECT_THAT(tokens("1-2", Language::mysql), ElementsAre("1", "-", "2"));
  EXPECT_THAT(tokens("1e-2 0x1e-2 2fa", Language::mysql),
              ElementsAre("1e-2", "0x1e", "-", "2", "2fa"));
  EXPECT_THAT(tokens("1'0+0x1p-3f", Language::cpp), ElementsAre("1'0", "+", "0x1p-3f"));
}

TEST(Lexer, KnowsTheParametersOfEachLanguage) {
  EXPECT_THAT(tokens("$1+?", Language::postgres), ElementsAre("$1", "+?"));
  EXPECT_THAT(tokens("?1 :a @b $c ?", Language::sqlite), ElementsAre("?1", ":a", "@b", "$c", "?"));
  EXPECT_THAT(tokens("@@session.x @a:=? l:BEGIN", Language::mysql),
              ElementsAre("@@session", ".", "x", "@a", ":=", "?", "l", ":", "BEGIN"));
  EXPECT_THAT(tokens("? :name", Language::cql), ElementsAre("?", ":name"));
}

TEST(Lexer, GivesQuotesWithTheirPrefixes) {
  EXPECT_THAT(tokens("E'\\'' U&\"a\" x'f' name'x'", Language::postgres),
              ElementsAre("E'\\''", "U&\"a\"", "x'f'", "name", "'x'"));
  EXPECT_THAT(tokens("_utf8'a' N'b'", Language::mysql), ElementsAre("_utf8", "'a'", "N'b'"));
  EXPECT_THAT(tokens("[a b]\"c\"`d`", Language::sqlite), ElementsAre("[a b]", "\"c\"", "`d`"));
}

TEST(Lexer, OpensVersionCommentsAndClosesThem) {
  EXPECT_THAT(tokens("/*!50100 a */ 2*/1", Language::mysql),
              ElementsAre("/*!50100", "a", "*/", "2", "*", "/", "1"));
  EXPECT_THAT(tokens("/*M!100100a*/", Language::mysql), ElementsAre("/*M!100100", "a", "*/"));
  EXPECT_THAT(tokens("/*!50100 a */", Language::postgres), ElementsAre("/*!50100 a */"));
}

TEST(Lexer, SaysWhatIsNotClosed) {
  for (const std::string_view text : {"'a", "\"a", "`a", "/*a", "/*", "'a''", "'a\\'"}) {
    const Token token = Lexer(text, Language::mysql).next();
    EXPECT_FALSE(token.closed) << text;
    EXPECT_EQ(token.text, text);
  }
  EXPECT_FALSE(Lexer("[a", Language::sqlite).next().closed);
  EXPECT_FALSE(Lexer("$a$ $b$", Language::postgres).next().closed);
  EXPECT_FALSE(Lexer("/* /* */", Language::postgres).next().closed);
  EXPECT_FALSE(Lexer("R\"x( )\"", Language::cpp).next().closed);
}

TEST(Lexer, FindsADelimiterInsideWords) {
  Lexer lexer("END$$ a$b 1$$", Language::mysql);
  lexer.set_delimiter("$$");
  EXPECT_EQ(lexer.next().text, "END");
  EXPECT_EQ(lexer.next().kind, TokenKind::terminator);
  EXPECT_EQ(lexer.next().text, "a$b");
  EXPECT_EQ(lexer.next().text, "1");
  EXPECT_EQ(lexer.next().kind, TokenKind::terminator);
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
}

TEST(Lexer, StaysAtTheEnd) {
  Lexer lexer("a", Language::cql);
  lexer.next();
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
  EXPECT_EQ(lexer.next().kind, TokenKind::end);
}

}  // namespace
}  // namespace sterna::sql
