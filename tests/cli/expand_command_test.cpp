// sterna expand as a person meets it: what is left to do by hand stands on the screen, in the files
// and in the JSON, and both files run.
#include "cli/schema_fixture.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

using testing::HasSubstr;

class ExpandColumn : public SchemaProject {};

TEST_P(ExpandColumn, TellsWhatIsLeftBeforeItWrites) {
  write("migrations/001_users.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40));\n"
        "CREATE VIEW names AS SELECT name FROM users;\n");
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult shown = run({"expand", "users.name", "--type", "text", "--dry-run"});
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("-- to do by hand: view names reads it"));
  const CommandResult made = run({"expand", "users.name", "--type", "text", "--format", "json"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto json = nlohmann::json::parse(made.out);
  EXPECT_EQ(json["made"].size(), 2U);
  ASSERT_EQ(json["by_hand"].size(), 1U);
  EXPECT_THAT(json["by_hand"][0].get<std::string>(), HasSubstr("view names reads it"));
  EXPECT_THAT(made.err, HasSubstr("to do by hand: view names"));
  EXPECT_EQ(run({"up", "--steps", "1"}).exit_code, 0);
  EXPECT_NE(run({"up"}).exit_code, 0) << "the view is there";
  ASSERT_EQ(run({"query", "DROP VIEW names"}).exit_code, 0);
  EXPECT_EQ(run({"up"}).exit_code, 0);
}

TEST_P(ExpandColumn, BothDirectionsAreSaidForARenamedValue) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  const CommandResult refused =
      run({"expand", "users.name", "--name", "title", "--value", "upper(name)"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("--back"));
  ASSERT_EQ(run({"expand", "users.name", "--name", "title", "--value", "upper(name)", "--back",
                 "lower(title)"})
                .exit_code,
            0);
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_NE(run({"down"}).exit_code, 0) << "the old column is gone";
}

INSTANTIATE_TEST_SUITE_P(Postgres, ExpandColumn, testing::Values(Kind::postgres),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace sterna::test
