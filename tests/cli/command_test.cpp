// The command as a person meets it: exit codes, messages, where things are written.
#include "support/command.hpp"
#include "base/file.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <csignal>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Command : testing::Test {
  CommandResult run(std::vector<std::string> arguments) {
    CommandOptions options;
    options.folder = folder.path();
    options.environment = environment;
    return sterna_command(arguments, options);
  }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  void project() {
    write("sterna.toml", "url = \"sqlite:app.db\"\n");
    write("migrations/001_users.sql",
          "-- sterna:up\nCREATE TABLE users (id integer PRIMARY KEY, name text);\n-- "
          "sterna:down\nDROP TABLE users;\n");
    write("migrations/002_posts.sql",
          "-- sterna:up\nCREATE TABLE posts (id integer PRIMARY KEY);\n-- sterna:down\nDROP TABLE "
          "posts;\n");
  }
  TempFolder folder;
  std::map<std::string, std::string> environment;
};

TEST_F(Command, InitNewUpStatusDownIsAWholeProject) {
  EXPECT_EQ(run({"init", "--url", "sqlite:app.db"}).exit_code, 0);
  const CommandResult made = run({"new", "create_users"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("_create_users.sql"));
  EXPECT_EQ(run({"status", "--check"}).exit_code, 2);
  EXPECT_EQ(run({"up"}).exit_code, 0);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
  EXPECT_EQ(run({"down"}).exit_code, 0);
  EXPECT_EQ(run({"init"}).exit_code, 0);  // harmless
}

TEST_F(Command, NewKeepsTheSumUpToDateAndTheStyleOfTheFolder) {
  project();
  EXPECT_EQ(run({"hash"}).exit_code, 0);
  EXPECT_THAT(run({"new", "AddSlugToPosts"}).out,
              HasSubstr("migrations/003_add_slug_to_posts.sql"));
  EXPECT_EQ(run({"validate"}).exit_code, 0);
  EXPECT_EQ(run({"up", "--to", "002"}).exit_code, 0);
  write("migrations/003_add_slug_to_posts.sql", "SELECT 1;\n");
  const CommandResult edited = run({"up"});
  EXPECT_EQ(edited.exit_code, 6);
  EXPECT_THAT(edited.err, HasSubstr("sterna.sum"));
}

TEST_F(Command, ResultsAreOnStdoutAndProgressOnStderr) {
  project();
  const CommandResult up = run({"up"});
  EXPECT_THAT(up.out, IsEmpty());
  EXPECT_THAT(up.err, AllOf(HasSubstr("001_users"), HasSubstr("applied 2 migrations")));
  const CommandResult status = run({"status"});
  EXPECT_THAT(status.out, AllOf(HasSubstr("applied"), HasSubstr("002_posts")));
  EXPECT_THAT(status.out, Not(HasSubstr("\033")));  // no colours outside a terminal
}

TEST_F(Command, EveryResultIsJsonOnRequest) {
  project();
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"status"},
           {"plan"},
           {"validate"},
           {"up"},
           {"history"},
           {"config", "show", "--origin"},
           {"doctor"},
           {"version"},
           {"query", "SELECT 1 AS one"},
           {"resolve", "001"},
           {"repair", "--dry-run"},
           {"debug", "split", "migrations/001_users.sql", "--dialect", "sqlite"},
           {"down"},
           {"hash"}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--format", "json"});
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << words[0] << result.err;
    const auto json = nlohmann::json::parse(result.out, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << words[0] << ": " << result.out;
    EXPECT_EQ(json["schema_version"], 1) << words[0];
  }
  const CommandResult failure = run({"up", "--to", "nowhere", "--format", "json"});
  EXPECT_EQ(failure.exit_code, 6);
  EXPECT_EQ(nlohmann::json::parse(failure.out)["error"]["kind"], "plan");
}

TEST_F(Command, ExitCodesAreTheDocumentedOnes) {
  project();
  const auto code = [&](std::vector<std::string> arguments) {
    return run(std::move(arguments)).exit_code;
  };
  EXPECT_EQ(code({"upp"}), 3);
  EXPECT_EQ(code({"up", "--nonsense"}), 3);
  EXPECT_EQ(code({"up", "--steps", "x"}), 3);
  EXPECT_EQ(code({"up", "--to", "001", "--steps", "1"}), 3);
  EXPECT_EQ(code({"up", "--url", "nonsense"}), 3);
  EXPECT_EQ(code({"up", "--url", "oracle://h/d"}), 3);
  EXPECT_EQ(code({"up", "--connection", "nowhere"}), 3);
  EXPECT_EQ(code({"up", "--dir", "nowhere"}), 3);
  EXPECT_EQ(code({"up", "--lock-wait", "soon"}), 3);
  EXPECT_EQ(code({"up", "--format", "yaml"}), 3);
  EXPECT_EQ(code({"up", "--url", "sqlite:no/such/folder/x.db"}), 4);
  EXPECT_EQ(code({"up", "--url", "postgres://127.0.0.1:1/x"}), 4);
  EXPECT_EQ(code({"up", "--url", "mysql://127.0.0.1:1/x"}), 4);
  EXPECT_EQ(code({"up", "--to", "099"}), 6);
  EXPECT_EQ(code({"reset"}), 7);
  EXPECT_EQ(code({"fresh", "--env", "production", "--yes"}), 7);
  write("migrations/003_broken.sql", "SELECT nothing FROM nowhere;\n");
  EXPECT_EQ(code({"up"}), 1);
  EXPECT_EQ(code({"reset", "--yes", "--allow-missing-down"}), 0);
}

TEST_F(Command, NearMissesAreNamed) {
  EXPECT_THAT(run({"stauts"}).err, HasSubstr("did you mean `sterna status`"));
  EXPECT_THAT(run({"migration:rum"}).err, HasSubstr("did you mean `sterna migration:run`"));
}

TEST_F(Command, FamiliarNamesWork) {
  project();
  EXPECT_EQ(run({"migration:run"}).exit_code, 0);
  EXPECT_EQ(run({"migration:status"}).exit_code, 0);
  EXPECT_EQ(run({"migration:rollback"}).exit_code, 0);
  EXPECT_EQ(run({"db:migrate"}).exit_code, 0);
  EXPECT_EQ(run({"db:rollback"}).exit_code, 0);
  EXPECT_EQ(run({"migrate"}).exit_code, 0);
  EXPECT_EQ(run({"rollback"}).exit_code, 0);
  EXPECT_EQ(run({"migration:resolve", "--name=002", "--as=up"}).exit_code, 0);
  EXPECT_EQ(run({"migration:resolve", "--name=002", "--as=down"}).exit_code, 0);
  EXPECT_EQ(run({"migration:create", "some_more"}).exit_code, 0);
  EXPECT_EQ(run({"make:migration", "and_more"}).exit_code, 0);
  EXPECT_EQ(run({"migration:reset", "--yes", "--allow-missing-down"}).exit_code, 0);
}

TEST_F(Command, ProtectedEnvironmentsAskAndWithoutATerminalRefuse) {
  project();
  write("sterna.toml", "url = \"sqlite:app.db\"\n[env.production]\nprotected = true\n");
  const CommandResult refused = run({"up", "--env", "production"});
  EXPECT_EQ(refused.exit_code, 7);
  EXPECT_THAT(refused.err, HasSubstr("--yes"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "app.db") &&
               run({"status", "--check"}).exit_code == 0);
  EXPECT_EQ(run({"up", "--env", "production", "--yes"}).exit_code, 0);
  EXPECT_EQ(run({"up", "--env", "production"}).exit_code, 0);  // nothing to do needs no permission
  EXPECT_EQ(run({"down", "--env", "production"}).exit_code, 7);
}

TEST_F(Command, PasswordsAppearNowhere) {
  for (const Kind kind : {Kind::postgres, Kind::mysql}) {
    STERNA_REQUIRE_SERVER(kind);
    const std::string url =
        server_value(kind == Kind::postgres ? "POSTGRES_SECRET_URL" : "MYSQL_SECRET_URL") +
        (kind == Kind::mysql ? "mysql" : "");
    std::string wrong = url;
    wrong.replace(wrong.find("hunter2"), 7, "hunter2x");
    write("migrations/001_a.sql", "SELECT broken FROM nowhere;\n");
    environment = {{"STERNA_DEBUG", "1"}, {"STERNA_LOG_SQL", "1"}};
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{"status", "-v"},
                                               {"up", "-v"},
                                               {"config", "show", "--origin"},
                                               {"doctor"},
                                               {"plan"},
                                               {"status", "--format", "json"}}) {
      for (const std::string& target : {url, wrong}) {
        std::vector<std::string> arguments = words;
        arguments.insert(arguments.end(), {"--url", target});
        const CommandResult result = run(arguments);
        EXPECT_THAT(result.out + result.err, Not(HasSubstr("hunter2"))) << words[0];
      }
    }
    environment = {{"DATABASE_URL", wrong}};
    const CommandResult refused = run({"status"});
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_THAT(refused.err, AllOf(HasSubstr("DATABASE_URL"), HasSubstr("127.0.0.1:")));
  }
}

TEST_F(Command, DoctorFindsWhatStandsInTheWay) {
  project();
  {
    const auto connection = connect(parse_url("sqlite:" + (folder.path() / "app.db").string()));
    connection->set_foreign_keys(false);
    connection->execute("CREATE TABLE parent (id integer PRIMARY KEY)");
    connection->execute("CREATE TABLE child (parent_id integer REFERENCES parent (id))");
    connection->execute("INSERT INTO child VALUES (7)");
  }
  const CommandResult file = run({"doctor", "--url", "sqlite:app.db"});
  EXPECT_EQ(file.exit_code, 0) << file.out;
  EXPECT_THAT(file.out, HasSubstr("rows without their parent: 1"));
  STERNA_REQUIRE_SERVER(test::Kind::postgres);
  const test::TestDatabase place(test::Kind::postgres);
  const CommandResult good = run({"doctor", "--url", place.url()});
  EXPECT_EQ(good.exit_code, 0) << good.out;
  EXPECT_THAT(good.out, AllOf(HasSubstr("writes: taken"), HasSubstr("clock: as here"),
                              HasSubstr("replicas: none seen")));
  const std::string sign = place.url().find('?') == std::string::npos ? "?" : "&";
  const CommandResult refused =
      run({"doctor", "--url", place.url() + sign + "options=-cdefault_transaction_read_only%3Don"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.out, HasSubstr("default_transaction_read_only is on"));
}

TEST_F(Command, TheReferenceInDocsIsTheTable) {
  EXPECT_EQ(run({"debug", "reference"}).out,
            read_file(std::filesystem::path(STERNA_SOURCE_DIR) / "docs" / "commands.md"))
      << "renew it: sterna debug reference > docs/commands.md";
}

TEST_F(Command, TheManualPageHasEveryCommandAndNoRequestByAccident) {
  const std::string page = run({"debug", "man"}).out;
  for (const char* words : {".SS sterna up [OPTIONS]", ".SS sterna schema diff [OPTIONS]",
                            ".B \\-\\-dry\\-run", ".SH EXIT STATUS"})
    EXPECT_THAT(page, HasSubstr(words));
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() != '.') continue;
    EXPECT_THAT(line, ::testing::MatchesRegex("\\.(TH|SH|SS|TP|B|I)( .*)?"));
  }
}

TEST_F(Command, HelpIsThereForEveryCommandWithoutADatabase) {
  for (const char* name :
       {"init",    "new",    "up",      "down",   "redo",       "reset",    "fresh",
        "seed",    "status", "history", "query",  "plan",       "validate", "baseline",
        "resolve", "repair", "hash",    "doctor", "completion", "version"}) {
    const CommandResult result = run({name, "--help"});
    EXPECT_EQ(result.exit_code, 0) << name;
    EXPECT_THAT(result.out, HasSubstr("Usage: sterna")) << name;
  }
}

TEST_F(Command, CompletionScriptsAreAcceptedByTheirShell) {
  const CommandResult bash = run({"completion", "bash"});
  write("completion.bash", bash.out);
  EXPECT_EQ(std::system(("bash -n " + (folder.path() / "completion.bash").string()).c_str()), 0);
  EXPECT_THAT(run({"completion", "zsh"}).out, HasSubstr("#compdef sterna"));
  EXPECT_THAT(run({"completion", "fish"}).out, HasSubstr("complete -c sterna"));
  EXPECT_EQ(run({"completion", "tcsh"}).exit_code, 3);
}

TEST_F(Command, RepairExplainsBeforeItActs) {
  project();
  run({"up"});
  write("migrations/001_users.sql",
        "-- sterna:up\nCREATE TABLE users (id bigint);\n-- sterna:down\nDROP TABLE users;\n");
  const CommandResult explained = run({"repair", "--dry-run"});
  EXPECT_THAT(explained.out, AllOf(HasSubstr("001_users"), HasSubstr("nothing is run")));
  EXPECT_EQ(run({"repair"}).exit_code, 7);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 2);
  EXPECT_EQ(run({"repair", "--yes"}).exit_code, 0);
  EXPECT_EQ(run({"status", "--check"}).exit_code, 0);
}

TEST_F(Command, ConfigShowTellsOrigins) {
  project();
  environment["STERNA_LOCK_WAIT"] = "7s";
  const CommandResult result = run({"config", "show", "--origin", "--env", "staging"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("sterna.toml:1"), HasSubstr("STERNA_LOCK_WAIT"),
                                HasSubstr("flag --env"), HasSubstr("default")));
}

}  // namespace
}  // namespace sterna::test
