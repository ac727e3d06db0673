#include "base/text.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>

namespace sterna {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Text, ChangesTheCaseOfAsciiAlone) {
  EXPECT_EQ(to_lower("ÄBC xyZ[@`{"), "Äbc xyz[@`{");
  EXPECT_EQ(to_upper("äbc xyZ[@`{"), "äBC XYZ[@`{");
}

TEST(Text, CaseDoesNotDependOnTheLocale) {
  // In Turkish locales the small form of I is another letter.
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "tr_TR.UTF-8") == nullptr) std::setlocale(LC_ALL, "C.UTF-8");
  EXPECT_EQ(to_lower("INDEX"), "index");
  EXPECT_EQ(to_upper("index"), "INDEX");
  EXPECT_TRUE(equals_ignoring_case("INDEX", "index"));
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Text, ComparesIgnoringCase) {
  EXPECT_TRUE(equals_ignoring_case("Select", "sELECT"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("select", "selec"));
  EXPECT_FALSE(equals_ignoring_case("[", "{")) << "they differ by the bit that letters differ by";
  EXPECT_FALSE(equals_ignoring_case("é", "É"));
}

TEST(Text, TrimsEveryAsciiSpaceAtBothEnds) {
  EXPECT_EQ(trim(" \t\r\n\f\va b\v\f\n\r\t "), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\xC2\xA0x"), "\xC2\xA0x") << "a no-break space is text";
}

TEST(Text, SplitKeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split("abc", ','), ElementsAre("abc"));
}

TEST(Text, JoinIsTheInverseOfSplit) {
  for (const char* text : {"", ",", "a", "a,b", ",a,,b,"}) {
    EXPECT_EQ(join(split(text, ','), ","), text);
  }
  EXPECT_EQ(join(std::vector<std::string>{}, ", "), "");
  EXPECT_EQ(join(std::vector<std::string>{"a", "b", "c"}, ", "), "a, b, c");
}

TEST(SnakeCase, PartsWords) {
  EXPECT_EQ(to_snake_case("FooBar baz"), "foo_bar_baz");
  EXPECT_EQ(to_snake_case("createUsersTable"), "create_users_table");
  EXPECT_EQ(to_snake_case("already_snake"), "already_snake");
}

TEST(SnakeCase, KeepsAcronymsAndNumbersTogether) {
  EXPECT_EQ(to_snake_case("HTTPServer"), "http_server");
  EXPECT_EQ(to_snake_case("parseURL"), "parse_url");
  EXPECT_EQ(to_snake_case("V2Users"), "v2_users");
  EXPECT_EQ(to_snake_case("ID"), "id");
}

TEST(SnakeCase, IsAlwaysSafeAsAFileName) {
  EXPECT_EQ(to_snake_case("../../etc/passwd"), "etc_passwd");
  EXPECT_EQ(to_snake_case("  Add -- email!! "), "add_email");
  EXPECT_EQ(to_snake_case(std::string_view("a\nb\0c", 5)), "a_b_c");
  EXPECT_EQ(to_snake_case("--"), "");
}

TEST(NearMisses, FindsTypingErrorsNearestFirst) {
  const std::vector<std::string> words{"status", "stats", "start", "validate"};
  EXPECT_THAT(near_misses("statsu", words), ElementsAre("stats", "status"));
  EXPECT_THAT(near_misses("VALIDTE", words), ElementsAre("validate"));
}

TEST(NearMisses, ProposesNothingThatIsFarAway) {
  const std::vector<std::string> words{"up", "down", "status"};
  EXPECT_THAT(near_misses("rollback", words), IsEmpty());
  EXPECT_THAT(near_misses("xy", words), IsEmpty());
  EXPECT_THAT(near_misses("", std::vector<std::string>{}), IsEmpty());
}

TEST(NearMisses, GivesEachOnceAndNotTooMany) {
  const std::vector<std::string> words{"abcd", "abce", "abcf", "abcg", "abcd"};
  EXPECT_THAT(near_misses("abcx", words), ElementsAre("abcd", "abce", "abcf"));
  EXPECT_THAT(near_misses("abcx", words, 1), ElementsAre("abcd"));
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(format_duration(0), "0 µs");
  EXPECT_EQ(format_duration(0.00025), "250 µs");
  EXPECT_EQ(format_duration(0.85), "850 ms");
  EXPECT_EQ(format_duration(3.2), "3.2 s");
  EXPECT_EQ(format_duration(250), "4 min 10 s");
  EXPECT_EQ(format_duration(2 * 3600 + 5 * 60), "2 h 5 min");
}

TEST(Duration, NeverRoundsToAWholeOfTheNextUnit) {
  EXPECT_EQ(format_duration(0.0009999), "1 ms");
  EXPECT_EQ(format_duration(0.9999), "1.0 s");
  EXPECT_EQ(format_duration(59.97), "1 min 0 s");
  EXPECT_EQ(format_duration(119.9), "2 min 0 s");
  EXPECT_EQ(format_duration(3599.9), "1 h 0 min");
}

TEST(Duration, OfAnyLengthIsWritten) {
  EXPECT_EQ(format_duration(3.6e12), "1000000000 h 0 min");
  EXPECT_EQ(format_duration(-1), "0 µs") << "a clock that was set back";
}

TEST(Duration, EveryUnitIsRead) {
  EXPECT_DOUBLE_EQ(parse_duration("500ms"), 0.5);
  EXPECT_DOUBLE_EQ(parse_duration("5s"), 5);
  EXPECT_DOUBLE_EQ(parse_duration("2m"), 120);
  EXPECT_DOUBLE_EQ(parse_duration("2min"), 120);
  EXPECT_DOUBLE_EQ(parse_duration("1h"), 3600);
  EXPECT_DOUBLE_EQ(parse_duration("90"), 90);
  EXPECT_DOUBLE_EQ(parse_duration(" 1.5 s "), 1.5);
  EXPECT_DOUBLE_EQ(parse_duration("0"), 0);
}

TEST(Duration, NothingElseIsRead) {
  for (const char* text : {"", " ", "s", "-5s", "5 parsecs", "5S", "nan", "inf", "1e300h", "5s5",
                           "0x10", "1,5s", "1 2", "500MS"}) {
    try {
      const double seconds = parse_duration(text);
      ADD_FAILURE() << "'" << text << "' was read as " << seconds;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation) << text;
      EXPECT_THAT(error.what(), HasSubstr("'" + std::string(text) + "'"));
      ASSERT_FALSE(error.suggestions().empty());
      EXPECT_THAT(error.suggestions().front(), HasSubstr("500ms"));
    }
  }
}

}  // namespace
}  // namespace sterna
