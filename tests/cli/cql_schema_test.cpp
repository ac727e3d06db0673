// The user-events example on Cassandra, as a person meets it: up, down, drift after a change by
// hand, mended by a difference; what cannot be altered is said and not done.
#include "base/file.hpp"
#include "sql/splitter.hpp"
#include "support/command.hpp"
#include "support/cql_versions.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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

struct CqlSchemaCommand : CqlVersions {
  void SetUp() override {
    CqlVersions::SetUp();
    if (!connection_) return;
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"" + url_ + "\"\n");
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
  /// With another key, another order and a column less and of another type.
  std::string other_key() {
    std::string other = user_events;
    other.replace(other.find("((user_id, day), at)"), 20, "((user_id), day, at)");
    other.replace(other.find("(at DESC)"), 9, "(day ASC, at DESC)");
    return other;
  }
  void add_events(int count) {
    for (int i = 0; i < count; ++i)
      connection_->execute(
          "INSERT INTO user_events (user_id, day, at, kind, tags, data, home) VALUES (uuid(), "
          "'2026-01-15', " +
          std::to_string(i) + ", 'login', {'a'}, {'k': 'v'}, {street: 's', zip: 1})");
  }
  TempFolder folder;
};

TEST_P(CqlSchemaCommand, GoesUpAndDownAndIsWhatItsFilesSay) {
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

TEST_P(CqlSchemaCommand, DriftIsFoundAndMendedByADifference) {
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
  const CommandResult refused = run({"schema", "apply", "--to", "wanted.cql", "--auto-approve"});
  EXPECT_NE(refused.exit_code, 0) << "it drops a column";
  const CommandResult mended =
      run({"schema", "apply", "--to", "wanted.cql", "--auto-approve", "--allow-destructive"});
  EXPECT_EQ(mended.exit_code, 0) << mended.out << mended.err;
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
}

TEST_P(CqlSchemaCommand, ChangeOfAKeyIsShownWithItsCostAndRefusedUntilItIsAllowed) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  add_events(20);
  write("wanted.cql", other_key());
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  EXPECT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.err,
              AllOf(HasSubstr("makes table user_events anew (its primary key changes"),
                    HasSubstr("what programs write into it meanwhile is lost")));
  EXPECT_THAT(difference.out,
              AllOf(HasSubstr("COPY ROWS FROM \"user_events\" TO"), HasSubstr("DROP TABLE")));
  const CommandResult refused = run({"schema", "apply", "--to", "wanted.cql", "--auto-approve"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("--allow-destructive"));
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0) << "nothing was changed";
}

TEST_P(CqlSchemaCommand, ATableIsMadeAnewWithAllItsRows) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  add_events(50);
  connection_->execute(
      "CREATE MATERIALIZED VIEW by_kind AS SELECT user_id, day, at, kind FROM user_events WHERE "
      "kind IS NOT NULL AND "
      "user_id IS NOT NULL AND day IS NOT NULL AND at IS NOT NULL PRIMARY KEY (kind, user_id, day, "
      "at)");
  std::string wanted = other_key();
  wanted +=
      "CREATE MATERIALIZED VIEW by_kind AS SELECT user_id, day, at, kind FROM user_events WHERE "
      "kind IS NOT NULL "
      "AND user_id IS NOT NULL AND day IS NOT NULL AND at IS NOT NULL PRIMARY KEY (kind, "
      "user_id, day, at);\n";
  write("wanted.cql", wanted);
  const CommandResult applied =
      run({"schema", "apply", "--to", "wanted.cql", "--auto-approve", "--allow-destructive"});
  ASSERT_EQ(applied.exit_code, 0) << applied.out << applied.err;
  const CommandResult same = run({"schema", "diff", "--to", "wanted.cql", "--exit-code"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_EQ(connection_->query("SELECT count(*) FROM user_events").front().get<int>(0), 50);
}

/// Each way in which a run can end early: the next one finds out by the schema what is left to do,
/// and loses nothing.
TEST_P(CqlSchemaCommand, ATableThatIsHalfMadeAnewIsFinished) {
  write("wanted.cql", other_key());
  const std::string interim = "sterna_copy_of_user_events";
  std::string final_shape = other_key();
  final_shape = final_shape.substr(final_shape.find("CREATE TABLE"));
  final_shape = final_shape.substr(0, final_shape.find("CREATE INDEX"));
  std::string interim_shape = final_shape;
  interim_shape.replace(interim_shape.find("user_events"), 11, interim);
  for (int stage = 0; stage < 4; ++stage) {
    ASSERT_EQ(run({"up"}).exit_code, 0);
    add_events(30);
    connection_->execute(split_statements(interim_shape, Language::cql).front());
    if (stage > 0) connection_->execute("COPY ROWS FROM user_events TO " + interim);
    if (stage > 1) connection_->execute("DROP TABLE user_events");
    if (stage > 2) connection_->execute(split_statements(final_shape, Language::cql).front());
    const CommandResult applied =
        run({"schema", "apply", "--to", "wanted.cql", "--auto-approve", "--allow-destructive"});
    EXPECT_EQ(applied.exit_code, 0) << stage << applied.out << applied.err;
    const CommandResult same = run({"schema", "diff", "--to", "wanted.cql", "--exit-code"});
    EXPECT_EQ(same.exit_code, 0) << stage << same.out << same.err;
    EXPECT_EQ(connection_->query("SELECT count(*) FROM user_events").front().get<int>(0), 30)
        << stage;
    ASSERT_EQ(run({"fresh", "--yes"}).exit_code, 0);
    ASSERT_EQ(run({"down"}).exit_code, 0);
  }
}

TEST_P(CqlSchemaCommand, ARenameIsOfferedForColumnsOfTheKeyAlone) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  std::string other = user_events;
  other.replace(other.find("  data map"), 6, "  info");
  other.replace(other.find("entries(data)"), 13, "entries(info)");
  write("wanted.cql", other);
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  EXPECT_EQ(difference.exit_code, 0) << difference.err;
  EXPECT_THAT(difference.err, Not(HasSubstr("--rename")));
}

TEST_P(CqlSchemaCommand, SnapshotAndInspectedTextAreTheSameSchema) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"schema", "snapshot", "-o", "before.json"}).exit_code, 0);
  const CommandResult text = run({"schema", "inspect"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  write("inspected.cql", text.out);
  const CommandResult same =
      run({"schema", "diff", "--from", "before.json", "--to", "inspected.cql", "--exit-code"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
}

TEST_P(CqlSchemaCommand, FilesThatNameAnotherKeyspaceAreNotLoaded) {
  write("wanted.cql", "CREATE TABLE " + keyspace_ + ".t (id int PRIMARY KEY);");
  EXPECT_THAT(run({"schema", "diff", "--to", "wanted.cql"}).out, HasSubstr("\"t\""));
  write("wanted.cql", "CREATE TABLE " + keyspace_ + "_other.t (id int PRIMARY KEY);");
  const CommandResult difference = run({"schema", "diff", "--to", "wanted.cql"});
  EXPECT_EQ(difference.exit_code, 7);
  EXPECT_THAT(difference.err, AllOf(HasSubstr("outside of the scratch keyspace"),
                                    HasSubstr("leave names without a keyspace")));
}

STERNA_ON_EACH_CASSANDRA(CqlSchemaCommand);

}  // namespace
}  // namespace sterna::test
