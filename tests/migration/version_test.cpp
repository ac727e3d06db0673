#include "migration/version.hpp"

#include <sterna/error.hpp>

#include <gtest/gtest.h>

namespace sterna {
namespace {

TEST(Version, ComparesByNumbersNotByText) {
  EXPECT_LT(Version("9"), Version("10"));
  EXPECT_LT(Version("001"), Version("20260115143022"));
  EXPECT_LT(Version("20260115_001"), Version("20260115_1000"));
  EXPECT_LT(Version("20260115_1000"), Version("20260116_001"));
  EXPECT_EQ(Version("007"), Version("7"));
}

TEST(Version, ADateWithUnderscoresIsTheSameVersion) {
  EXPECT_EQ(Version("2026_01_15_143022"), Version("20260115143022"));
  EXPECT_EQ(Version("2026_01_15_143022").groups(), 1u);
}

TEST(Version, RefusesAnythingButDigitsAndSingleUnderscores) {
  for (const char* text : {"", "abc", "1a", "_1", "1_", "1__2", "1.2", "-1"}) {
    EXPECT_THROW(Version{text}, Error) << text;
  }
}

TEST(MigrationId, TakesTheLongestRunOfDigitGroups) {
  MigrationId id;
  ASSERT_TRUE(parse_migration_id("20260115_001_create_users", id));
  EXPECT_EQ(id, (MigrationId{"20260115_001", "create_users"}));
  ASSERT_TRUE(parse_migration_id("001_2fa_codes", id));
  EXPECT_EQ(id, (MigrationId{"001", "2fa_codes"}));
  ASSERT_TRUE(parse_migration_id("001", id));
  EXPECT_EQ(id, (MigrationId{"001", ""}));
  EXPECT_FALSE(parse_migration_id("create_users", id));
}

TEST(MigrationFileName, UnderstandsEveryForm) {
  using Part = MigrationFileName::Part;
  const std::pair<const char*, Part> cases[] = {{"001_a.sql", Part::both},
                                                {"001_a.up.sql", Part::up},
                                                {"001_a.down.sql", Part::down},
                                                {"001_a.cpp", Part::cpp}};
  for (const auto& [name, part] : cases) {
    MigrationFileName parsed;
    ASSERT_TRUE(parse_file_name(name, parsed)) << name;
    EXPECT_EQ(parsed.part, part) << name;
    EXPECT_EQ(parsed.id.name, "a") << name;
  }
  MigrationFileName parsed;
  for (const char* name : {"readme.md", "a.sql", "001_a.txt", "001_a.sql~", ".sql"})
    EXPECT_FALSE(parse_file_name(name, parsed)) << name;
}

}  // namespace
}  // namespace sterna
