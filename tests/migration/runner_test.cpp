// The public API: lists made in code, several named connections.
#include "base/file.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <sterna/sterna.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<MigrationDefinition> list() {
  const auto make = [](const char* id, const char* name) {
    return make_migration(
        id,
        [name](Schema& schema) {
          schema.create_table(name, [](TableBuilder& table) { table.uuid("id").primary(); });
        },
        [name](Schema& schema) { schema.drop_table(name); },
        Meta{.description = name, .breaking = true, .estimated = 5ms});
  };
  return {make("001_users", "users"), make("002_posts", "posts"), make("003_tags", "tags")};
}

std::vector<std::string> ids(const std::vector<MigrationStatus>& items) {
  std::vector<std::string> result;
  for (const MigrationStatus& item : items) result.push_back(item.id());
  return result;
}

class PublicRunner : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Engines, PublicRunner, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(PublicRunner, RunsAListMadeInCode) {
  const TestDatabase database(GetParam());
  Runner runner(database.url(), list());
  runner.setup();
  runner.setup();
  EXPECT_EQ(runner.up_to("002").applied.size(), 2u);
  EXPECT_THAT(ids(runner.executed()), ElementsAre("001_users", "002_posts"));
  EXPECT_THAT(ids(runner.pending()), ElementsAre("003_tags"));
  EXPECT_EQ(runner.up_steps(5).applied.size(), 1u);
  EXPECT_EQ(runner.down(2).applied.size(), 2u);
  EXPECT_EQ(runner.up().batch, 2);
  EXPECT_EQ(runner.rollback().applied.size(), 2u);
  runner.up();
  EXPECT_EQ(runner.rollback_to("001").applied.size(), 2u);
  EXPECT_EQ(runner.redo().applied.size(), 2u);
  const Status status = runner.status();
  EXPECT_EQ(status.count(MigrationState::applied), 1u);
  EXPECT_TRUE(status.migrations[0].meta.breaking);
  EXPECT_EQ(runner.plan().size(), 2u);
  EXPECT_EQ(runner.reset().applied.size(), 1u);
  EXPECT_THAT(ids(runner.executed()), testing::IsEmpty());
}

TEST_P(PublicRunner, TellsWhatHappensByEvents) {
  const TestDatabase database(GetParam());
  Runner runner(database.url(), list());
  std::vector<std::string> seen;
  runner.on_event([&](const Event& event) {
    if (event.kind == EventKind::notice || event.kind == EventKind::lock_acquired) return;
    seen.push_back(std::string(to_string(event.kind)) +
                   (event.migration.empty() ? "" : " " + event.migration));
  });
  runner.up_steps(1);
  EXPECT_THAT(seen, ElementsAre("run_started", "migration_started 001_users",
                                "statement_started 001_users", "statement_finished 001_users",
                                "migration_finished 001_users", "run_finished"));
}

TEST(NamedConnections, EachHasItsOwnHistoryAndNothingIsShared) {
  const TestDatabase one(Kind::sqlite), two(Kind::sqlite);
  std::map<std::string, Connections::Definition> definitions;
  definitions["main"] = {one.url(), list(), {}, true};
  definitions["events"] = {
      two.url(),
      {make_migration(
          "001_events",
          [](Schema& schema) { schema.create_table("events", [](TableBuilder& t) { t.id(); }); })},
      {},
      false};
  Connections connections(std::move(definitions));
  EXPECT_THROW(connections["main"], Error);
  connections.initialize();
  connections.initialize();
  EXPECT_THAT(connections.names(), ElementsAre("events", "main"));
  EXPECT_EQ(connections["main"].executed().size(), 3u);  // auto_run
  EXPECT_EQ(connections["events"].executed().size(), 0u);
  connections["events"].up();
  EXPECT_EQ(connections["events"].executed().size(), 1u);
  try {
    connections["nowhere"];
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("events, main"));
  }
  EXPECT_TRUE(connections.shutdown(std::chrono::minutes(1)));
  EXPECT_TRUE(connections.shutdown(std::chrono::minutes(1)));
  EXPECT_FALSE(connections.initialized());
}

TEST(NamedConnections, AFailedOneIsNamedAndTheOthersAreClosed) {
  const TestDatabase one(Kind::sqlite);
  std::map<std::string, Connections::Definition> definitions;
  definitions["main"] = {one.url(), list(), {}, true};
  definitions["zoo"] = {"sqlite:/no/such/folder/x.db", {}, {}, false};
  Connections connections(std::move(definitions));
  try {
    connections.initialize();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::connection);
    EXPECT_THAT(error.detail(), HasSubstr("zoo"));
  }
  EXPECT_FALSE(connections.initialized());
}

TEST(NamedConnections, ComeFromTheConfiguration) {
  TempFolder folder;
  write_file_atomically(folder.path() / "sterna.toml",
                        "[connection.main]\nurl = \"sqlite:" + (folder.path() / "a.db").string() +
                            "\"\nauto_run = true\n");
  std::filesystem::create_directory(folder.path() / "migrations");
  write_file_atomically(folder.path() / "migrations" / "001_a.sql", "CREATE TABLE a (id int);\n");
  Connections connections = Connections::from_config(folder.path().string());
  connections.initialize();
  EXPECT_THAT(ids(connections["main"].executed()), ElementsAre("001_a"));
}

}  // namespace
}  // namespace sterna::test
