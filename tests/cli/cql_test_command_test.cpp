// `sterna test` on Cassandra: scratch keyspaces full of rows of every type, with what only CQL has
// to lose.
#include "base/file.hpp"
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

struct CqlTestCommand : CqlVersions {
  void SetUp() override {
    CqlVersions::SetUp();
    if (!connection_) return;
    std::filesystem::create_directories(folder.path() / "migrations");
    std::filesystem::create_directories(folder.path() / "tests");
    write("sterna.toml", "url = \"" + url_ + "\"\n");
  }
  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }
  CommandOptions options() const { return {.folder = folder.path()}; }
  CommandResult run(std::vector<std::string> arguments) {
    return sterna_command(arguments, options());
  }
  /// Those that one command made and left: other tests make theirs meanwhile. Their names hold the
  /// process.
  std::size_t scratch_keyspaces_of(pid_t command) const {
    const std::string process = "_" + std::to_string(command) + "_";
    std::size_t count = 0;
    for (const Row& row : connection_->query("SELECT keyspace_name FROM system_schema.keyspaces")) {
      const std::string name = row.get<std::string>(0);
      if (name.starts_with("sterna_scratch_") && name.find(process) != std::string::npos) ++count;
    }
    return count;
  }
  void write_events() {
    write(
        "migrations/001_events.cql",
        "-- sterna:up\n"
        "CREATE TYPE address (street text, zip int, seen frozen<list<timestamp>>);\n"
        "CREATE TABLE events (user_id uuid, day date, at timestamp, kind text, tags set<text>, "
        "data map<text, bigint>, log list<int>, home frozen<address>, homes list<frozen<address>>, "
        "place tuple<double, float, text>, price decimal, big varint, took duration, source inet, "
        "id timeuuid, raw blob, done boolean, small smallint, tiny tinyint, clock time, "
        "user_name text STATIC, PRIMARY KEY ((user_id, day), at, kind)) "
        "WITH CLUSTERING ORDER BY (at DESC, kind ASC);\n"
        "CREATE TABLE hits (page text, day date, views counter, clicks counter, PRIMARY KEY (page, "
        "day));\n"
        "-- sterna:down\nDROP TABLE hits;\nDROP TABLE events;\nDROP TYPE address;\n");
  }
  TempFolder folder;
};

TEST_P(CqlTestCommand, PassesWhatComesBackAndLeavesNoKeyspace) {
  write_events();
  write("migrations/002_more.cql",
        "-- sterna:up\nALTER TABLE events ADD note text;\nCREATE INDEX events_kind ON events "
        "(kind);\n-- sterna:down\nDROP INDEX events_kind;\nALTER TABLE events DROP note;\n");
  write("tests/events.cql",
        "-- sterna:test a row is found by its key\n"
        "INSERT INTO hits_by_hand (id) VALUES (1);\n-- expect-error: hits_by_hand\n\n"
        "-- sterna:test counters count\n"
        "UPDATE hits SET views = views + 2 WHERE page = '/' AND day = '2026-01-15';\n"
        "SELECT page, views FROM hits;\n-- expect: / | 2\n\n"
        "-- sterna:test meets nothing of the other tests\nSELECT page FROM hits;\n"
        "-- expect-nothing\n");
  RunningCommand command({"test", "-v"}, options());
  const pid_t process = command.pid();
  const CommandResult result = command.wait();
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ok     001_events"), HasSubstr("ok     002_more"),
                                HasSubstr("ok     counters count"),
                                HasSubstr("ok     meets nothing of the other tests")));
  EXPECT_THAT(result.out, Not(HasSubstr("no rows could be made")));
  EXPECT_THAT(result.out, HasSubstr("50 rows")) << "25 of each table";
  EXPECT_EQ(scratch_keyspaces_of(process), 0U);
  EXPECT_FALSE(connection_->has_table(model::Name("events")))
      << "the keyspace itself is not touched";
}

TEST_P(CqlTestCommand, FindsAWayDownThatLeavesSomething) {
  write_events();
  write("migrations/002_half.cql",
        "-- sterna:up\nALTER TABLE events ADD a int;\nALTER TYPE address ADD country text;\n"
        "-- sterna:down\nALTER TABLE events DROP a;\n");
  const CommandResult result = run({"test", "--last", "1"});
  EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("down does not bring the schema back"));
}

TEST_P(CqlTestCommand, FindsRowsThatGoWithoutBeingNamedAndNotesThoseThatAre) {
  write_events();
  write("migrations/002_truncate.cql", "-- sterna:up\nTRUNCATE hits;\n");
  const CommandResult named = run({"test", "--last", "1", "-v"});
  EXPECT_EQ(named.exit_code, 0) << named.out << named.err;
  EXPECT_THAT(named.out, HasSubstr("of hits are gone"));
  // An UPDATE that writes a key anew is a row more; a copy into a shorter key makes one of many.
  write("migrations/002_truncate.cql",
        "-- sterna:up\nCREATE TABLE by_page (page text PRIMARY KEY, seen timestamp);\n"
        "CREATE TABLE by_kind (user_id uuid, day date, kind text, done boolean, PRIMARY KEY "
        "((user_id, day)));\n"
        "COPY ROWS FROM events TO by_kind WITHOUT (at, tags, data, log, home, homes, place, price, "
        "big, took, source, id, raw, small, tiny, clock, user_name);\n");
  const CommandResult lost = run({"test", "--last", "1"});
  EXPECT_EQ(lost.exit_code, 9) << lost.out << lost.err;
  EXPECT_THAT(lost.out, HasSubstr("up fails on tables that hold rows"));
}

TEST_P(CqlTestCommand, FindsAColumnThatCannotComeBack) {
  write("migrations/001_hits.cql",
        "-- sterna:up\nCREATE TABLE hits (page text PRIMARY KEY, views counter);\n"
        "-- sterna:down\nDROP TABLE hits;\n");
  write("migrations/002_clicks.cql",
        "-- sterna:up\nALTER TABLE hits ADD clicks counter;\n"
        "-- sterna:down\nALTER TABLE hits DROP clicks;\n");
  const CommandResult result = run({"test"});
  EXPECT_EQ(result.exit_code, 9) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ok     001_hits"),
                                HasSubstr("up fails the second time, after down")));
}

STERNA_ON_EACH_CASSANDRA(CqlTestCommand);

}  // namespace
}  // namespace sterna::test
