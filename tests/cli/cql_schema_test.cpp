// The user-events example on Cassandra, as a person meets it: up, down, drift after a change by
// hand, mended by a difference; what cannot be altered is said and not done.
#include "base/file.hpp"
#include "database/registry.hpp"
#include "sql/splitter.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const user_events = R"(CREATE TYPE address (street text, zip int);
CREATE TABLE user_events (
  user_id uuid,
  day date,
  at timestamp,
  kind text,
  tags set<text>,
  data map<text, text>,
  home frozen<address>,
  user_name text STATIC,
  PRIMARY KEY ((user_id, day), at)
) WITH CLUSTERING ORDER BY (at DESC)
  AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_unit': 'DAYS', 'compaction_window_size': 1}
  AND compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 32}
  AND gc_grace_seconds = 86400 AND default_time_to_live = 7776000;
CREATE INDEX events_by_kind ON user_events (kind);
CREATE INDEX events_by_data ON user_events (entries(data));
)";

struct CqlSchemaCommand : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    database = std::make_unique<TestDatabase>(Kind::cql);
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + database->url() + "\"\n");
    write("migrations/001_user_events.cql",
          std::string("-- sterna:up\n") + user_events +
              "-- sterna:down\nDROP TABLE user_events;\nDROP TYPE address;\n");
  }
  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  TempFolder folder;
  std::unique_ptr<TestDatabase> database;
};

TEST_F(CqlSchemaCommand, GoesUpAndDownAndIsWhatItsFilesSay) {
  const CommandResult up = run({"up"});
  ASSERT_EQ(up.exit_code, 0) << up.out << up.err;
  const CommandResult drift = run({"schema", "drift", "--check"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err;
  write("wanted.cql", user_events);
  const CommandResult same = run({"schema", "diff", "--to", "wanted.cql", "--exit-code"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  const CommandResult down = run({"down"});
  ASSERT_EQ(down.exit_code, 0) << down.out << down.err;
  const CommandResult empty = run({"schema", "diff", "--to", "empty", "--exit-code"});
  EXPECT_EQ(empty.exit_code, 0) << empty.out << empty.err;
}

TEST_F(CqlSchemaCommand, DriftIsFoundAndMendedByADifference) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"query", "ALTER TABLE user_events ADD by_hand int"}).exit_code, 0);
  ASSERT_EQ(run({"query", "DROP INDEX events_by_kind"}).exit_code, 0);
  const CommandResult drifted = run({"schema", "drift", "--check"});
  EXPECT_EQ(drifted.exit_code, 2) << drifted.out << drifted.err;
  EXPECT_THAT(drifted.out, AllOf(HasSubstr("by_hand"), HasSubstr("events_by_kind")));
  write("wanted.cql", user_events);
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  ASSERT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.err, HasSubstr("user_events.by_hand"));
  const auto connection = connect(parse_url(database->url()));
  for (const Statement& statement : split_statements(difference.out, Language::cql))
    connection->execute(statement);
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

TEST_F(CqlSchemaCommand, ChangeOfAKeyIsRefusedWithThePlan) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  std::string other = user_events;
  other.replace(other.find("((user_id, day), at)"), 20, "((user_id), day, at)");
  other.replace(other.find("(at DESC)"), 9, "(day ASC, at DESC)");
  write("wanted.cql", other);
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  EXPECT_NE(difference.exit_code, 0);
  EXPECT_THAT(difference.out, IsEmpty());
  EXPECT_THAT(difference.err, AllOf(HasSubstr("its primary key changes"),
                                    HasSubstr("make a new table as it is to be")));
}

TEST_F(CqlSchemaCommand, SnapshotAndInspectedTextAreTheSameSchema) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"schema", "snapshot", "-o", "before.json"}).exit_code, 0);
  const CommandResult text = run({"schema", "inspect"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  write("inspected.cql", text.out);
  const CommandResult same =
      run({"schema", "diff", "--from", "before.json", "--to", "inspected.cql", "--exit-code"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
}

TEST_F(CqlSchemaCommand, FilesThatNameAnotherKeyspaceAreNotLoaded) {
  write("wanted.cql", "CREATE TABLE " + database->name() + ".t (id int PRIMARY KEY);");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  EXPECT_NE(difference.exit_code, 0);
  EXPECT_THAT(difference.err, AllOf(HasSubstr("outside of the scratch keyspace"),
                                    HasSubstr("leave names without a keyspace")));
}

}  // namespace
}  // namespace sterna::test
