#include "migration/sum.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<SumLine> two{{"001", "create_users", "aa", "bb", 0},
                               {"002", "add_email", "cc", "", 0}};

TEST(Sum, ReadsWhatItWrote) { EXPECT_EQ(parse_sum(format_sum(two), "sterna.sum"), two); }

TEST(Sum, NamesEveryDifference) {
  std::vector<SumLine> actual = two;
  actual[0].hash_up = "ee";
  actual[1].key = "003";
  EXPECT_THAT(compare_sum(two, actual),
              ElementsAre(HasSubstr("001 create_users: the up direction was edited"),
                          HasSubstr("002 add_email is listed, but there is no such file"),
                          HasSubstr("003 add_email is not listed")));
  EXPECT_TRUE(compare_sum(two, two).empty());
}

TEST(Sum, RefusesAMergeConflictWithItsLine) {
  try {
    parse_sum("# x\n<<<<<<< HEAD\n001 a b c\n", "m/sterna.sum");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_EQ(error.position(), (SourcePosition{"m/sterna.sum", 2, 1}));
    EXPECT_THAT(error.what(), HasSubstr("merge conflict"));
  }
}

TEST(Sum, RefusesOneVersionTwice) { EXPECT_THROW(parse_sum("001 a b c\n001 d e f\n", "s"), Error); }
TEST(Sum, RefusesAMalformedLine) { EXPECT_THROW(parse_sum("001 a\n", "s"), Error); }

}  // namespace
}  // namespace sterna
