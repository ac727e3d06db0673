// The script does what a run does: statements, history rows.
#include "ops/project.hpp"

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

}  // namespace
}  // namespace sterna::test
