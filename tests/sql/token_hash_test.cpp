#include <gtest/gtest.h>

#include "sql/script.hpp"
#include "support.hpp"

namespace sterna {
namespace {

constexpr Language postgres = Language::postgres;
constexpr Language mysql = Language::mysql;
constexpr Language cpp = Language::cpp;

#define EXPECT_SAME(a, b, language) EXPECT_EQ(token_hash(a, language), token_hash(b, language))
#define EXPECT_DIFFERENT(a, b, language) EXPECT_NE(token_hash(a, language), token_hash(b, language))

TEST(TokenHash, IsHexSha256OfAFixedAlgorithm) {
  // Stored in history tables: these values may only change together with token_hash_algorithm. They
  // are the SHA-256 of the tokens, each followed by the byte 0x1f.
  EXPECT_EQ(token_hash("", postgres),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(token_hash_algorithm, 1);
  EXPECT_EQ(token_hash("-- c\nCREATE TABLE t (a int DEFAULT 'x');\n", postgres),
            "8e20bc95219099f3d56a8f1192b5332f551960c847ddc37a5f3f2bae29ce473e");
  EXPECT_EQ(token_hash("// c\nint f() { return 1'000; }\n", cpp),
            "398d213ff224176d1b3e21d5a0021f2088bfba1b0a3f7a13358eea1829f8b80a");
}

TEST(TokenHash, IgnoresWhiteSpaceLineEndsCommentsAndTheMark) {
  const std::string_view plain = "CREATE TABLE t (a int); SELECT a=-1;";
  for (const Language language : sql_languages) {
    EXPECT_SAME(plain,
                "\xEF\xBB\xBF"
                "CREATE  TABLE t(\r\n\ta int\r\n) ;\r\nSELECT a = -1;\r\n",
                language);
    EXPECT_SAME(plain, "-- note\nCREATE TABLE /* x */ t (a int); SELECT a=-1; -- end", language);
  }
  EXPECT_SAME("SELECT 1", "# note\nSELECT 1", mysql);
  EXPECT_SAME("SELECT 1", "/* a /* b */ c */ SELECT 1", postgres);
}

TEST(TokenHash, SeesEverythingElse) {
  EXPECT_DIFFERENT("SELECT ab", "SELECT a b", postgres);
  EXPECT_DIFFERENT("SELECT A", "SELECT a", postgres);
  EXPECT_DIFFERENT("SELECT 'a'", "SELECT \"a\"", postgres);
  EXPECT_DIFFERENT("SELECT 'a b'", "SELECT 'a  b'", postgres);
  EXPECT_DIFFERENT("SELECT 1", "SELECT 1;", postgres);
  EXPECT_DIFFERENT("SELECT $$a -- b$$", "SELECT $$a$$", postgres);
  EXPECT_DIFFERENT("SELECT a < = b", "SELECT a <= b", postgres);
  EXPECT_DIFFERENT("SELECT x'41'", "SELECT x '41'", mysql);
  EXPECT_DIFFERENT("SELECT 1 - -1", "SELECT 1 --1", postgres);
}

TEST(TokenHash, CountsDirectivesAndVersionCommentsAndHints) {
  EXPECT_DIFFERENT("-- sterna:transaction none\nSELECT 1", "SELECT 1", postgres);
  EXPECT_SAME("-- sterna:transaction none\nSELECT 1", "--   sterna:transaction none  \r\nSELECT 1",
              postgres);
  EXPECT_SAME("-- sterna:transaction none\nSELECT 1", "# sterna:transaction none\nSELECT 1", mysql);
  EXPECT_DIFFERENT("SELECT /*!50100 1, */ 2", "SELECT 2", mysql);
  EXPECT_SAME("SELECT /*!50100 1, */ 2", "SELECT /*!50100\n1 , */2", mysql);
  EXPECT_DIFFERENT("SELECT /*+ NO_MERGE(a) */ 2", "SELECT 2", mysql);
}

TEST(TokenHash, ReadsCopyDataAsData) {
  EXPECT_DIFFERENT("COPY t FROM stdin;\na -- b\n\\.\n", "COPY t FROM stdin;\na\n\\.\n", postgres);
  EXPECT_DIFFERENT("COPY t FROM stdin;\na\tb\n\\.\n", "COPY t FROM stdin;\na b\n\\.\n", postgres);
  EXPECT_SAME("COPY t FROM stdin;\r\na'\r\n\\.\r\nSELECT  1",
              "COPY t FROM stdin;\na'\n\\.\nSELECT 1", postgres);
}

TEST(TokenHash, IgnoresHowLinesEndInsideQuotes) {
  EXPECT_SAME("SELECT $$a\nb$$", "SELECT $$a\r\nb$$", postgres);
}

TEST(TokenHash, TakesBrokenTextAsItIs) {
  for (const std::string_view text : {"SELECT 'open", "SELECT /* open", "DO $$ open",
                                      "BEGIN ATOMIC", "\\x", "COPY t FROM stdin;\n1"}) {
    EXPECT_DIFFERENT(text, std::string(text) + "x", postgres) << text;
  }
  EXPECT_DIFFERENT("#error don't", "#error don't x", cpp);
}

TEST(TokenHashOfCpp, IgnoresLayoutAndComments) {
  EXPECT_SAME("int a = 1;\nint b;", "int a=1; // note\n/* more */ int\tb ;\r\n", cpp);
  EXPECT_SAME("#define A 1\nint b;", "#  define A \\\n  1 // one\nint b;", cpp);
}

TEST(TokenHashOfCpp, ReadsItsLiterals) {
  EXPECT_DIFFERENT("auto s = \"a // b\";", "auto s = \"a\";", cpp);
  EXPECT_DIFFERENT("auto s = R\"x(a  \" )y\" /* b */)x\";", "auto s = R\"x(a \" )y\" /* b */)x\";",
                   cpp);
  EXPECT_DIFFERENT("auto s = u8R\"(a // )\";", "auto s = u8R\"(a )\";", cpp);
  EXPECT_SAME("auto n = 1'000'000; auto c = '\"'; // it's", "auto n=1'000'000;auto c='\"';", cpp);
  EXPECT_DIFFERENT("auto c = '\\'';", "auto c = '\\\\';", cpp);
  EXPECT_DIFFERENT("a - --b;", "a-- - b;", cpp);
  EXPECT_SAME("vector<vector<int> > v;", "vector<vector<int>> v;", cpp);
}

TEST(TokenHashOfCpp, KnowsWherePreprocessorLinesEnd) {
  EXPECT_DIFFERENT("#define A\nint b;", "#define A int b;", cpp);
  EXPECT_DIFFERENT("int a;\n#define A\nint b;", "int a;\n#define A int\nb;", cpp);
}

}  // namespace
}  // namespace sterna
