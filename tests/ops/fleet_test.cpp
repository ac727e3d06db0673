// One run over many databases.
#include "ops/project.hpp"

#include "database/registry.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <csignal>

namespace sterna::test {
namespace {

using testing::HasSubstr;

struct Fleet : testing::Test {
  void write(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(std::vector<std::string> arguments) const {
    return sterna_command(arguments, {.folder = folder.path()});
  }
  nlohmann::json report() const {
    return nlohmann::json::parse(read_file(folder.path() / "report.json"));
  }
  /// SQLite files whose names stand in tenants.txt.
  void tenants(int count) const {
    std::string names = "# the tenants\n";
    for (int i = 1; i <= count; ++i) names += fmt::format("tenant{:04}\n", i);
    write("tenants.txt", names);
    std::filesystem::create_directories(folder.path() / "data");
    write("sterna.toml",
          fmt::format(
              "[fleet.tenants]\nurl = \"sqlite:{}/data/{{target}}.db\"\nfile = \"tenants.txt\"\n",
              folder.path().string()));
    write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  }
  TempFolder folder;
};

TEST_F(Fleet, BringsAThousandFilesUpToDate) {
  tenants(1000);
  const CommandResult up =
      run({"up", "--fleet", "tenants", "--jobs", "16", "--report", "report.json"});
  EXPECT_EQ(up.exit_code, 0) << up.err.substr(0, 2000);
  EXPECT_EQ(report()["counts"]["applied"], 1000);
  write("migrations/002_posts.sql", "CREATE TABLE posts (id integer PRIMARY KEY);\n");
  EXPECT_EQ(run({"up", "--fleet", "tenants", "--jobs", "16", "--report", "report.json"}).exit_code,
            0);
  EXPECT_EQ(report()["targets"][999]["applied"][0], "002_posts");
  EXPECT_EQ(run({"up", "--fleet", "tenants", "--jobs", "16", "--report", "report.json"}).exit_code,
            0);
  EXPECT_EQ(report()["counts"]["up_to_date"], 1000);
}

TEST_F(Fleet, StopsAtTheCanary) {
  tenants(5);
  ASSERT_EQ(run({"--url", "sqlite:data/tenant0001.db"}).exit_code, 3);
  ASSERT_EQ(
      run({"query", "CREATE TABLE users (wrong integer)", "--url", "sqlite:data/tenant0001.db"})
          .exit_code,
      0);
  const CommandResult up =
      run({"up", "--fleet", "tenants", "--report", "report.json", "--stop-after-failures", "0"});
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_THAT(up.err, testing::AllOf(HasSubstr("failed tenant0001"), HasSubstr("4 not begun")));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "data/tenant0002.db"));
}

TEST_F(Fleet, StopsAfterSoManyFailuresAndGoesOnWithWhatIsMissing) {
  tenants(20);
  for (const std::string name : {"tenant0003", "tenant0004"})
    ASSERT_EQ(
        run({"query", "CREATE TABLE users (wrong integer)", "--url", "sqlite:data/" + name + ".db"})
            .exit_code,
        0);
  const CommandResult stopped = run({"up", "--fleet", "tenants", "--jobs", "1",
                                     "--stop-after-failures", "2", "--report", "report.json"});
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_EQ(report()["counts"]["applied"], 2);
  EXPECT_EQ(report()["counts"]["failed"], 2);
  EXPECT_EQ(report()["counts"]["not_run"], 16);
  EXPECT_EQ(report()["targets"][2]["error"]["kind"], "schema");
  for (const std::string name : {"tenant0003", "tenant0004"})
    ASSERT_EQ(run({"query", "DROP TABLE users", "--url", "sqlite:data/" + name + ".db"}).exit_code,
              0);
  EXPECT_EQ(run({"up", "--fleet", "tenants", "--report", "report.json"}).exit_code, 0);
  EXPECT_EQ(report()["counts"]["applied"], 18);
  EXPECT_EQ(report()["counts"]["up_to_date"], 2);
}

TEST_F(Fleet, TargetsMayBeUrlsAndPasswordsAreMasked) {
  write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  write("sterna.toml",
        "[fleet.all]\ntargets = [\"sqlite:one.db\", \"postgres://u:verysecret@127.0.0.1:1/x\"]\n");
  const CommandResult up = run({"up", "--fleet", "all", "--format", "json"});
  EXPECT_EQ(up.exit_code, 1);
  const auto json = nlohmann::json::parse(up.out);
  EXPECT_EQ(json["targets"][0]["result"], "applied");
  EXPECT_EQ(json["targets"][1]["error"]["kind"], "connection");
  EXPECT_THAT(up.out + up.err, testing::Not(HasSubstr("verysecret")));
}

TEST_F(Fleet, RefusesWhatItCannotMean) {
  tenants(2);
  EXPECT_THAT(run({"up", "--fleet", "other"}).err, HasSubstr("there are tenants"));
  EXPECT_EQ(run({"up", "--fleet", "tenants", "--to", "001"}).exit_code, 3);
  write("tenants.txt", "one\none\n");
  EXPECT_THAT(run({"up", "--fleet", "tenants"}).err, HasSubstr("twice"));
  write("tenants.txt", "# none\n");
  EXPECT_THAT(run({"up", "--fleet", "tenants"}).err, HasSubstr("no targets"));
  write("sterna.toml", "[fleet.x]\nurls = [\"a\"]\n");
  EXPECT_THAT(run({"up", "--fleet", "x"}).err, HasSubstr("unknown key 'urls'"));
}

TEST_F(Fleet, AQueryNamesTheSchemasOfPostgresql) {
  STERNA_REQUIRE_SERVER(Kind::postgres);
  const TestDatabase database(Kind::postgres);
  constexpr int schemas = 500;
  const auto session = connect(parse_url(database.url()), {});
  session->execute("CREATE TABLE public.tenants (name text PRIMARY KEY)");
  session->execute(fmt::format(
      "INSERT INTO public.tenants SELECT 'tenant_' || n FROM generate_series(1, {}) n", schemas));
  session->execute(fmt::format(
      "DO $$ BEGIN FOR n IN 1..{} LOOP EXECUTE 'CREATE SCHEMA tenant_' || n; END LOOP; END $$",
      schemas));
  const std::string separator = database.url().find('?') == std::string::npos ? "?" : "&";
  write("sterna.toml", fmt::format("url = \"{0}\"\n[fleet.schemas]\nurl = "
                                   "\"{0}{1}options=-csearch_path%3D{{target}}\"\nquery = "
                                   "\"SELECT name FROM public.tenants ORDER BY name\"\n",
                                   database.url(), separator));
  write("migrations/001_users.sql", "CREATE TABLE users (id integer PRIMARY KEY);\n");
  const CommandResult up =
      run({"up", "--fleet", "schemas", "--jobs", "8", "--report", "report.json"});
  EXPECT_EQ(up.exit_code, 0) << up.err.substr(0, 2000);
  EXPECT_EQ(report()["counts"]["applied"], schemas);
  EXPECT_EQ(session->query("SELECT count(*) FROM pg_tables WHERE tablename = 'users'")
                .front()
                .get<int>(0),
            schemas);
  EXPECT_EQ(session->query("SELECT count(*) FROM pg_tables WHERE tablename = 'sterna_migrations'")
                .front()
                .get<int>(0),
            schemas);
}

}  // namespace
}  // namespace sterna::test
