// The script does what a run does: statements, history rows.
#include "ops/project.hpp"

#include "base/system.hpp"
#include "database/registry.hpp"
#include "sql/splitter.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct ScriptExport : OpsProject {
  void run_script(const std::string& text) const {
    const auto session = connect(parse_url(database->url()), {});
    for (const Statement& statement :
         split_statements(text, session->dialect().language(), "script"))
      session->execute(statement);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptExport, testing::ValuesIn(all_kinds()),
                         [](const auto& tested) { return testing::PrintToString(tested.param); });

TEST_P(ScriptExport, RunByHandLeavesTheSameHistory) {
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  write("migrations/repeatable/zero.sql", "DELETE FROM posts WHERE id = 0;\n");
  const CommandResult first = run({"export", "--to", "sql", "--until", "001"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.out, testing::Not(HasSubstr("posts")));
  run_script(first.out);
  EXPECT_THAT(run({"status"}).err, HasSubstr("1 applied, 2 pending"));
  const CommandResult rest = run({"export", "--output", "rest.sql"});
  ASSERT_EQ(rest.exit_code, 0) << rest.err;
  run_script(read("rest.sql"));
  const CommandResult status = run({"status", "--check"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_THAT(run({"up"}).err, HasSubstr("nothing to do"));
}

/// The other clients know bodies.
struct ScriptForTheClient : ScriptExport {};
INSTANTIATE_TEST_SUITE_P(Engines, ScriptForTheClient, testing::Values(Kind::mysql));

TEST_P(ScriptForTheClient, HoldsRoutines) {
  write("migrations/002_routine.sql",
        "CREATE PROCEDURE two() BEGIN SELECT 1; SELECT 2; END;\nCREATE TABLE posts (id integer "
        "PRIMARY KEY);\n");
  ASSERT_EQ(run({"export", "--output", "all.sql"}).exit_code, 0);
  const Url url = parse_url(database->url());
  const std::string command = "mariadb --no-defaults -h" + url.hosts.at(0).name + " -P" +
                              std::to_string(url.hosts.at(0).port) + " -u" + url.user + " " +
                              url.database + " < " + (folder.path() / "all.sql").string() + " 2>&1";
  const ProcessResult client = run_process({"sh", "-c", command});
  EXPECT_EQ(client.exit_code, 0) << client.output << read("all.sql");
  const CommandResult status = run({"status", "--check"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_EQ(run({"query", "CALL two()"}).exit_code, 0);
}

}  // namespace
}  // namespace sterna::test
