// Each fixture is a project of another tool with a dump of a database that the tool has run on:
// imported, it has to have the same migrations applied, no drift, and the rest has to run.
// fixtures/README.md says which tool made which.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/registry.hpp"
#include "sql/splitter.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <nlohmann/json.hpp>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path fixtures = fs::path(STERNA_SOURCE_DIR) / "tests/import/fixtures";

std::vector<std::string> tools() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fixtures)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct ImportedProject : testing::TestWithParam<std::string> {
  void SetUp() override {
    const fs::path fixture = fixtures / GetParam();
    static const std::map<std::string, Kind> files{{"database.postgres.sql", Kind::postgres},
                                                   {"database.sqlite.sql", Kind::sqlite},
                                                   {"database.cql", Kind::cql}};
    const auto dump = std::find_if(files.begin(), files.end(), [&](const auto& file) {
      return fs::exists(fixture / file.first);
    });
    ASSERT_NE(dump, files.end()) << "the fixture has no dump of a database";
    const Kind kind = dump->second;
    STERNA_REQUIRE_SERVER(kind);
    database = std::make_unique<TestDatabase>(kind);
    const auto session = connect(parse_url(database->url()), {});
    const std::string& file = dump->first;
    for (const Statement& statement :
         split_statements(read_file(fixture / file), session->dialect().language(), file))
      session->execute(statement);
    fs::copy(fixture / "project", folder.path(), fs::copy_options::recursive);
    write_file_atomically(folder.path() / "sterna.toml",
                          "url = \"" + database->url() + "\"\ndirectories = [\"sterna\"]\n");
  }
  CommandResult run(std::vector<std::string> arguments) const {
    return sterna_command(arguments, {.folder = folder.path()});
  }
  /// "applied 0001_users" a line.
  std::string state() const {
    std::string text;
    const auto json = nlohmann::json::parse(run({"status", "--format", "json"}).out);
    for (const auto& item : json["migrations"])
      text += item["state"].get<std::string>() + " " + item["id"].get<std::string>() + "\n";
    return text;
  }
  std::unique_ptr<TestDatabase> database;
  TempFolder folder;
};

INSTANTIATE_TEST_SUITE_P(Tools, ImportedProject, testing::ValuesIn(tools()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(ImportedProject, HasTheSameMigrationsAppliedAndNoDrift) {
  std::vector<std::string> arguments{"import", "--from", GetParam()};
  if (const auto more = read_file_if_exists(fixtures / GetParam() / "arguments")) {
    for (const std::string& argument : split(trim(*more), ' ')) arguments.push_back(argument);
  }
  const CommandResult imported = run(arguments);
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_EQ(state(), read_file(fixtures / GetParam() / "expected")) << imported.out << imported.err;
  const CommandResult drift = run({"schema", "drift", "--check"});
  EXPECT_EQ(drift.exit_code, 0) << drift.out << drift.err
                                << read_file(folder.path() / "sterna.toml");
  const CommandResult valid = run({"validate"});
  EXPECT_EQ(valid.exit_code, 0) << valid.out << valid.err;
  const CommandResult up = run({"up"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_EQ(run({"schema", "drift", "--check"}).exit_code, 0);
  EXPECT_EQ(run(arguments).exit_code, 7) << "a second import over the first";
}

/// What goes wrong before anything is written.
struct ImportRefusal : testing::Test {
  void SetUp() override {
    write("sterna.toml", "url = \"sqlite:app.db\"\ndirectories = [\"sterna\"]\n");
  }
  void write(const std::string& name, std::string_view text) const {
    fs::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  void execute(std::string_view sql) const {
    connect(parse_url("sqlite:" + (folder.path() / "app.db").string()))->execute(sql);
  }
  /// Of an import that has to be refused, and to leave everything as it was.
  CommandResult refused(std::vector<std::string> arguments, int code) const {
    arguments.insert(arguments.begin(), "import");
    const std::string configuration = read_file(folder.path() / "sterna.toml");
    CommandResult result = sterna_command(arguments, {.folder = folder.path()});
    EXPECT_EQ(result.exit_code, code) << result.err;
    EXPECT_THAT(result.err, HasSubstr("nothing was written"));
    EXPECT_FALSE(fs::exists(folder.path() / "sterna"));
    EXPECT_EQ(read_file(folder.path() / "sterna.toml"), configuration);
    return result;
  }
  TempFolder folder;
};

TEST_F(ImportRefusal, AFolderThatIsNotThereOrHoldsNothingOfTheTool) {
  EXPECT_THAT(refused({"--from", "flyway"}, 3).err, HasSubstr("no project of flyway"));
  EXPECT_THAT(refused({"--from", "flyway", "gone"}, 3).err, HasSubstr("gone does not exist"));
  write("migrations/README.md", "none");
  EXPECT_THAT(refused({"--from", "goose"}, 3).err, HasSubstr("holds no migrations of goose"));
}

TEST_F(ImportRefusal, AFileThatCannotBeRead) {
  write("drizzle/meta/_journal.json", R"({"entries": [{"tag": "0000_gone", "when": 1}]})");
  EXPECT_THAT(refused({"--from", "drizzle"}, 3).err, HasSubstr("0000_gone.sql"));
}

TEST_F(ImportRefusal, AScriptThatDoesNotEnd) {
  write("migrations/1_a.up.sql", "SELECT 1;\nSELECT 'open;\n");
  EXPECT_THAT(refused({"--from", "golang-migrate"}, 1).err, HasSubstr("1_a.up.sql:2:8"));
}

TEST_F(ImportRefusal, TheMarksOfAnotherTool) {
  write("migrations/00001_a.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n");
  EXPECT_THAT(refused({"--from", "golang-migrate"}, 6).err, HasSubstr("00001_a.sql"));
}

TEST_F(ImportRefusal, AHistoryThatFailedInTheMiddle) {
  write("migrations/1_a.up.sql", "SELECT 1;\n");
  execute("CREATE TABLE schema_migrations (version uint64, dirty bool)");
  execute("INSERT INTO schema_migrations VALUES (1, 1)");
  EXPECT_THAT(refused({"--from", "golang-migrate"}, 7).err, HasSubstr("dirty"));
}

TEST_F(ImportRefusal, TheTableOfAnotherTool) {
  write("migrations/1_a.up.sql", "SELECT 1;\n");
  execute("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)");
  const CommandResult result = refused({"--from", "golang-migrate"}, 7);
  EXPECT_THAT(result.err, HasSubstr("schema_migrations is not what golang-migrate keeps"));
  EXPECT_THAT(result.err, HasSubstr("--from"));
}

TEST_F(ImportRefusal, TheHistoryOfAnotherToolIsPointedOut) {
  write("migrations/1_a.sql", "-- +goose Up\nSELECT 1;\n");
  execute("CREATE TABLE _sqlx_migrations (version bigint)");
  const CommandResult told =
      sterna_command({"import", "--from", "goose", "--dry-run"}, {.folder = folder.path()});
  EXPECT_EQ(told.exit_code, 0) << told.err;
  EXPECT_THAT(told.err, HasSubstr("there is a history of sqlx (_sqlx_migrations)"));
  EXPECT_FALSE(fs::exists(folder.path() / "sterna"));
}

}  // namespace
}  // namespace sterna::test
