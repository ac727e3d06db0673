// Folders that each have their own order: one version in two of them is two migrations.
#include "cli/project_fixture.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct SeparateFolders : testing::Test, CommandProject {
  void SetUp() override {
    write("sterna.toml",
          "url = \"sqlite:app.db\"\ndirectories = [\"a\", \"b\"]\nseparate_directories = true\n");
    table("a/001_init.sql", "users");
    table("a/002_more.sql", "posts");
    table("b/001_init.sql", "tags");
    table("b/002_more.sql", "labels");
  }
  void table(const std::string& file, const std::string& name) const {
    write(file, "-- sterna:up\nCREATE TABLE " + name +
                    " (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE " + name + ";\n");
  }
};

using States = std::vector<std::string>;

TEST_F(SeparateFolders, ATargetSaysHowFarInEach) {
  ASSERT_EQ(run({"up", "--to", "a/001,b/002_more"}).exit_code, 0);
  EXPECT_EQ(states(), (States{"applied", "pending", "applied", "applied"}));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_EQ(run({"validate", "--database"}).exit_code, 0);
  EXPECT_EQ(run({"down", "--to", "b/001", "--yes"}).exit_code, 0);
  EXPECT_EQ(states(), (States{"applied", "pending", "applied", "pending"}));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_EQ(run({"wait-for", "--version", "b/001", "--timeout", "0s"}).exit_code, 0);
  EXPECT_EQ(run({"wait-for", "--version", "a/002", "--timeout", "0s"}).exit_code, 1);
  EXPECT_EQ(run({"wait-for", "--version", "b/002_more", "--timeout", "0s"}).exit_code, 1);
  const CommandResult unknown = run({"up", "--to", "a/002,c/001"});
  EXPECT_EQ(unknown.exit_code, 6) << unknown.err;
  EXPECT_THAT(unknown.err, HasSubstr("c/001"));
  EXPECT_EQ(states(), (States{"applied", "pending", "applied", "pending"}));
}

TEST_F(SeparateFolders, WhatNamesTwoIsRefused) {
  for (const std::vector<std::string>& doubtful : {std::vector<std::string>{"up", "--to", "001"},
                                                   {"up", "--to", "more"},
                                                   {"plan", "--to", "002_more"},
                                                   {"resolve", "001_init", "--as", "up"}}) {
    const CommandResult refused = run(doubtful);
    EXPECT_EQ(refused.exit_code, 6) << doubtful[0] << refused.out << refused.err;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("more than one"), HasSubstr("say a/00"),
                                   HasSubstr("say b/00"), HasSubstr("nothing was changed")));
  }
  EXPECT_EQ(states(), States(4, "pending"));
  EXPECT_EQ(run({"resolve", "b/001_init", "--as", "up", "--yes"}).exit_code, 0);
  EXPECT_EQ(states(), (States{"pending", "pending", "applied", "pending"}));
  EXPECT_THAT(run({"history"}).out, HasSubstr("b/001_init"));
}

TEST_F(SeparateFolders, EachMigrationIsTestedByItself) {
  ASSERT_EQ(run({"up", "--to", "a/001,b/001"}).exit_code, 0);
  const CommandResult tested = run({"test"});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  for (const char* id : {"a/001_init", "a/002_more", "b/001_init", "b/002_more"})
    EXPECT_THAT(tested.out, HasSubstr(id));
  const CommandResult pending = run({"test", "--pending"});
  EXPECT_EQ(pending.exit_code, 0) << pending.out << pending.err;
  EXPECT_THAT(pending.out, HasSubstr("2 test(s), all passed"));
  write("b/002_more.sql",
        "-- sterna:up\nCREATE TABLE labels (id integer);\n-- sterna:down\nSELECT 1;\n");
  EXPECT_EQ(run({"test", "--pending"}).exit_code, 9);
}

}  // namespace
}  // namespace sterna::test
