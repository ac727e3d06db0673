#include "config/config.hpp"

#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace sterna {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

struct ConfigTest : testing::Test {
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "sterna-config-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    fs::create_directory(folder / ".git");  // the walk upwards ends here
  }
  void TearDown() override { fs::remove_all(folder); }

  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder / name, text);
  }
  Config load() { return load_from(folder); }
  Config load_from(const fs::path& start) {
    return load_config(
        start, overrides, [this](const std::string& name) -> std::optional<std::string> {
          const auto found = variables.find(name);
          return found == variables.end() ? std::nullopt : std::optional(found->second);
        });
  }
  Error refusal() {
    try {
      const Config config = load();
      config.connection();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config);
      return error;
    }
    ADD_FAILURE() << "nothing was refused";
    return Error(ErrorKind::internal, "");
  }

  /// The URL of a file beside sterna.toml.
  std::string beside(const std::string& name) const { return "sqlite:" + (folder / name).string(); }

  fs::path folder;
  std::map<std::string, std::string> variables;
  ConfigOverrides overrides;
};

std::string url_of(const Config& config, const std::string& name = {}) {
  return config.connection(name).url.value->reveal();
}

TEST_F(ConfigTest, WithoutAnyFileTheEnvironmentIsEnough) {
  variables["DATABASE_URL"] = "sqlite:a.db";
  const Config config = load();
  EXPECT_EQ(url_of(config), "sqlite:a.db");
  EXPECT_EQ(config.connection().url.origin, "DATABASE_URL");
  EXPECT_EQ(config.connection().name, "main");
  EXPECT_THAT(config.connection().directories.value, ElementsAre("migrations"));
  EXPECT_EQ(config.environment.value, "development");
}

TEST_F(ConfigTest, FlagBeatsSternaBeatsDatabaseUrlBeatsFileBeatsDotenv) {
  write(".env", "DATABASE_URL=sqlite:dotenv.db\n");
  EXPECT_EQ(url_of(load()), beside("dotenv.db"));
  EXPECT_EQ(load().connection().url.origin, ".env:1");
  write("sterna.toml", "url = \"sqlite:file.db\"\n");
  EXPECT_EQ(url_of(load()), beside("file.db"));
  EXPECT_EQ(load().connection().url.origin, "sterna.toml:1");
  variables["DATABASE_URL"] = "sqlite:database_url.db";
  EXPECT_EQ(url_of(load()), "sqlite:database_url.db");
  variables["STERNA_URL"] = "sqlite:sterna_url.db";
  EXPECT_EQ(url_of(load()), "sqlite:sterna_url.db");
  overrides.url = "sqlite:flag.db";
  EXPECT_EQ(url_of(load()), "sqlite:flag.db");
  EXPECT_EQ(load().connection().url.origin, "flag --url");
}

TEST_F(ConfigTest, IsFoundByWalkingUp) {
  write("sterna.toml", "url = \"sqlite:up.db\"\n");
  fs::create_directories(folder / "a" / "b");
  const Config config =
      load_config(folder / "a" / "b", {}, [](const std::string&) { return std::nullopt; });
  EXPECT_EQ(url_of(config), beside("up.db"));
  EXPECT_EQ(config.root, folder);
}

TEST_F(ConfigTest, FoldersOfFlagsAndVariablesBeginWhereTheCommandIsStarted) {
  write("sterna.toml", "directories = [\"db\"]\n");
  fs::create_directories(folder / "a" / "b");
  const auto directories = [&](const fs::path& start) {
    return load_from(start).connection().directories.value;
  };
  EXPECT_THAT(directories(folder / "a" / "b"), ElementsAre("db"));
  variables["STERNA_DIR"] = "here:../../db";
  EXPECT_THAT(directories(folder / "a" / "b"), ElementsAre("a/b/here", "db"));
  EXPECT_THAT(directories(folder), ElementsAre("here", "../../db"));
  overrides.directories = {"../c/", "/srv/migrations"};
  EXPECT_THAT(directories(folder / "a"), ElementsAre("c/", "/srv/migrations"));
  variables.clear();
  overrides.directories.clear();
  write("sterna.toml", "");
  write(".env", "STERNA_DIR=of_dotenv\n");
  EXPECT_THAT(directories(folder / "a"), ElementsAre("of_dotenv"));
}

TEST_F(ConfigTest, OnlyARelativePathOfAFileIsPlaced) {
  for (const std::string same : {"sqlite::memory:", "sqlite:/srv/a.db", "sqlite:file:a.db?mode=ro",
                                 "postgres://host/a.db"}) {
    write("sterna.toml", "url = \"" + same + "\"\n");
    EXPECT_EQ(url_of(load()), same);
  }
  EXPECT_EQ(in_folder(parse_url("sqlite:a.db"), fs::current_path()).database, "a.db");
  EXPECT_EQ(in_folder(parse_url("sqlite3:a.db"), "/srv").database, "/srv/a.db");
}

TEST_F(ConfigTest, TheEnvironmentOverridesTheTopLevel) {
  write("sterna.toml",
        "url = \"sqlite:dev.db\"\nlock_wait = \"10s\"\n[connection.main]\nlock_wait = "
        "\"20s\"\n[env.production]\nprotected = true\n"
        "[env.production.connection.main]\nurl = \"sqlite:prod.db\"\n");
  EXPECT_EQ(load().connection().lock_wait.value, 20);
  EXPECT_FALSE(load().connection().protected_.value);
  overrides.environment = "production";
  EXPECT_EQ(url_of(load()), beside("prod.db"));
  EXPECT_TRUE(load().connection().protected_.value);
  EXPECT_EQ(load().connection().protected_.origin, "sterna.toml:6 [env.production]");
}

TEST_F(ConfigTest, AnUnsetVariableMattersOnlyWhenItsConnectionIsUsed) {
  write("sterna.toml",
        "[connection.main]\nurl = \"sqlite:a.db\"\n[connection.events]\nurl = \"${EVENTS_URL}\"\n");
  const Config config = load();
  EXPECT_EQ(url_of(config), beside("a.db"));
  try {
    config.connection("events");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("EVENTS_URL"));
    EXPECT_EQ(error.position(), (SourcePosition{"sterna.toml", 4, 0}));
  }
  variables["EVENTS_URL"] = "sqlite:events.db";
  EXPECT_EQ(url_of(load(), "events"), beside("events.db"));
}

TEST_F(ConfigTest, DefaultsInVariablesAndSecretsInFilesAreResolved) {
  write("secret", "postgres://u:p%40ss@h/d\n");
  write("sterna.toml", "url = \"${NOT_SET:-file:secret}\"\n");
  EXPECT_EQ(load().connection().url.value->password.reveal(), "p@ss");
}

TEST_F(ConfigTest, UnknownKeysAreRefusedWithLineAndNearest) {
  write("sterna.toml", "url = \"sqlite:a.db\"\n[env.production]\nprotectd = true\n");
  const Error error = refusal();
  EXPECT_THAT(error.what(), HasSubstr("'protectd' in [env.production]"));
  EXPECT_EQ(error.position().line, 3);
  EXPECT_THAT(error.suggestions().front(), HasSubstr("protected"));
}

TEST_F(ConfigTest, BrokenTomlAndBrokenValuesNameTheirPlace) {
  write("sterna.toml", "url = \n");
  EXPECT_EQ(refusal().position().line, 1);
  write("sterna.toml", "url = \"sqlite:a\"\nlock_wait = \"soon\"\n");
  EXPECT_EQ(refusal().position().line, 2);
  write("sterna.toml", "url = \"sqlite:a\"\nout_of_order = \"maybe\"\n");
  EXPECT_THAT(refusal().what(), HasSubstr("error, warn or allow"));
  write("sterna.toml", "url = \"sqlite:a\"\n");
  write(".env", "A=1\nnonsense\n");
  EXPECT_EQ(refusal().position(), (SourcePosition{".env", 2, 1}));
}

TEST_F(ConfigTest, AnUnknownConnectionOrEnvironmentListsThoseThereAre) {
  write("sterna.toml",
        "[connection.main]\nurl = \"sqlite:a\"\n[connection.events]\nurl = "
        "\"sqlite:b\"\n[env.production]\nstrict = true\n");
  overrides.connection = "evens";
  EXPECT_THAT(refusal().what(), HasSubstr("events, main"));
  overrides.connection.reset();
  overrides.environment = "prodution";
  EXPECT_THAT(refusal().suggestions().front(), HasSubstr("production"));
}

TEST_F(ConfigTest, MigrationTimeoutCountsMillisecondsFromAThousandOn) {
  variables["DATABASE_URL"] = "sqlite:a";
  variables["MIGRATION_TIMEOUT"] = "30000";
  EXPECT_EQ(load().connection().run_timeout.value, 30);
  variables["MIGRATION_TIMEOUT"] = "45";
  EXPECT_EQ(load().connection().run_timeout.value, 45);
  variables["STERNA_RUN_TIMEOUT"] = "2m";
  EXPECT_EQ(load().connection().run_timeout.value, 120);
}

TEST_F(ConfigTest, EverySettingHasAVariable) {
  variables = {{"STERNA_URL", "sqlite:a"},
               {"STERNA_DIR", "a:b"},
               {"STERNA_HISTORY_TABLE", "h"},
               {"STERNA_LOCK_RETRIES", "7"},
               {"STERNA_OUT_OF_ORDER", "allow"},
               {"STERNA_TRANSACTION", "run"},
               {"STERNA_STRICT", "1"},
               {"STERNA_PROTECTED", "true"},
               {"STERNA_STATEMENT_TIMEOUT", "3s"},
               {"STERNA_LOG_SQL", "sql.log"},
               {"STERNA_DEBUG", "1"}};
  const Config config = load();
  const ConnectionConfig& connection = config.connection();
  EXPECT_THAT(connection.directories.value, ElementsAre("a", "b"));
  EXPECT_EQ(connection.history_table.value, "h");
  EXPECT_EQ(connection.lock_retries.value, 7);
  EXPECT_EQ(connection.out_of_order.value, OutOfOrder::allow);
  EXPECT_EQ(connection.transaction.value, "run");
  EXPECT_TRUE(connection.strict.value);
  EXPECT_TRUE(connection.protected_.value);
  EXPECT_EQ(connection.statement_timeout.value, 3);
  EXPECT_EQ(config.log_sql.value, "sql.log");
  EXPECT_TRUE(config.debug.value);
}

TEST_F(ConfigTest, DotenvUnderstandsQuotesCommentsAndExport) {
  write(".env", "# c\nexport A='x # y'\nB=\"a\\nb\" # c\nC=plain # c\nDATABASE_URL=sqlite:${X}\n");
  write("sterna.toml", "url = \"sqlite:${A}-${C}\"\n");
  EXPECT_EQ(url_of(load()), beside("x # y-plain"));
  variables["C"] = "real";
  EXPECT_EQ(url_of(load()), beside("x # y-real"));
}

}  // namespace
}  // namespace sterna
