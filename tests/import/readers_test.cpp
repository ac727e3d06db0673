// What the importers read and refuse, without a database.
#include "base/file.hpp"
#include "import/carry.hpp"
#include "import/takeover.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>

namespace sterna {
namespace {

using test::TempFolder;
using testing::ElementsAre;
using testing::HasSubstr;

/// A history of one table.
struct FixedHistory : ForeignHistory {
  explicit FixedHistory(std::vector<ForeignRow> given) : rows(std::move(given)) {}
  bool read(const std::vector<std::string>&, std::string_view, std::string_view,
            std::vector<ForeignRow>& out) override {
    out = rows;
    return true;
  }
  std::vector<ForeignRow> rows;
};

struct Readers : testing::Test {
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file_atomically(folder.path() / name, text);
  }
  ForeignRequest request() const { return {folder.path(), Language::postgres, "postgres", {}, {}}; }
  ForeignProject read(std::string_view tool) const { return foreign_tool(tool).read(request()); }
  static std::vector<std::string> applied(const ForeignProject& project) {
    std::vector<std::string> names;
    for (const ForeignMigration& migration : project.migrations) {
      if (migration.applied) names.push_back(migration.file);
    }
    return names;
  }
  void mark(std::string_view tool, ForeignProject& project, std::vector<ForeignRow> rows) const {
    FixedHistory history(std::move(rows));
    foreign_tool(tool).mark(project, history, {"t"});
  }
  std::string refusal(std::string_view tool, std::vector<ForeignRow> rows) const {
    ForeignProject project = read(tool);
    try {
      mark(tool, project, std::move(rows));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused);
      EXPECT_FALSE(error.suggestions().empty());
      return error.what();
    }
    return "nothing was refused";
  }
  static std::vector<std::string> names(const Carried& carried) {
    std::vector<std::string> result;
    for (const CarriedFile& file : carried.files) result.push_back(file.name);
    return result;
  }
  TempFolder folder;
};

TEST_F(Readers, EveryToolHasAReaderAndAnUnknownOneIsNamed) {
  EXPECT_EQ(foreign_tools().size(), 22U);
  try {
    foreign_tool("gose");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.suggestions().front(), HasSubstr("goose"));
  }
}

TEST_F(Readers, FlywayNeedsTheValueOfEveryPlaceholder) {
  write("V1__a.sql", "SELECT 1;\nSELECT '${Owner}';\n");
  try {
    read("flyway");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("${Owner}"));
    EXPECT_EQ(error.position().line, 2);
  }
  write("flyway.toml", "[flyway.placeholders]\nowner = \"shop\"\n");
  EXPECT_THAT(read("flyway").migrations.front().up, HasSubstr("'shop'"));
  write("flyway.toml", "[flyway]\nplaceholderReplacement = false\n");
  EXPECT_THAT(read("flyway").migrations.front().up, HasSubstr("${Owner}"));
}

TEST_F(Readers, FlywayCountsUndoneBaselinedAndFailedOnes) {
  for (const std::string version : {"1", "2", "3", "10"})
    write("V" + version + "__x.sql", "SELECT 1;\n");
  ForeignProject project = read("flyway");
  EXPECT_EQ(project.migrations.back().key, "10");
  mark("flyway", project,
       {{"2", "b", "BASELINE", "1", ""},
        {"3", "x", "SQL", "1", "1"},
        {"3", "x", "UNDO_SQL", "1", ""},
        {"10", "x", "SQL", "true", ""}});
  EXPECT_THAT(applied(project), ElementsAre("V1__x.sql", "V2__x.sql", "V10__x.sql"));
  EXPECT_THAT(refusal("flyway", {{"1", "x", "SQL", "0", ""}}), HasSubstr("1 x failed"));
}

TEST_F(Readers, FlywayRefusesAnEditedFileAndRunsAnEditedRepeatableAgain) {
  // Sums as Flyway 10.20 wrote them into its history for these texts.
  const std::string email = "ALTER TABLE users ADD COLUMN email varchar(200);\n";
  const std::string people =
      "DROP VIEW IF EXISTS people;\nCREATE VIEW people AS SELECT id, name FROM users;\n";
  const std::vector<ForeignRow> rows{{"1.1", "add email", "SQL", "1", "928138173"},
                                     {"", "people", "SQL", "1", "1775356066"}};
  write("V1.1__add_email.sql", email);
  write("R__people.sql", people);
  ForeignProject project = read("flyway");
  mark("flyway", project, rows);
  EXPECT_THAT(applied(project), ElementsAre("V1.1__add_email.sql"));
  EXPECT_TRUE(project.repeatables.front().applied);

  write("R__people.sql", people + "-- more\n");
  project = read("flyway");
  mark("flyway", project, rows);
  EXPECT_FALSE(project.repeatables.front().applied);

  write("V1.1__add_email.sql", "\xEF\xBB\xBF" + email.substr(0, email.size() - 1) + "\r\n");
  project = read("flyway");
  mark("flyway", project, rows);
  EXPECT_THAT(applied(project), ElementsAre("V1.1__add_email.sql")) << "line ends do not count";

  write("V1.1__add_email.sql", email + "SELECT 1;\n");
  EXPECT_THAT(refusal("flyway", rows),
              HasSubstr("V1.1__add_email.sql was edited after it was applied"));
}

TEST_F(Readers, SqlxRefusesAnEditedFile) {
  using namespace std::string_literals;  // it holds a zero
  write("20260102090000_vacuum.up.sql", "-- no-transaction\nVACUUM;\n");
  // As sqlx-cli 0.9 wrote it for this text.
  const std::string sum =
      "\x6f\x68\x28\x59\x0f\xcd\x8f\x6a\x20\x49\x45\x63\xd0\x90\xfd\x7e\xef\xc2\x8e\x87\x7d\x00"
      "\x89\x5f\xd4\x23\xbf\xff\xe8\xad\xcc\x6f\xda\x41\x06\x7a\x6c\x00\xd1\x1d\x9a\x6c\x72\x43"
      "\xf4\x2e\xcc\xf0"s;
  ForeignProject project = read("sqlx");
  mark("sqlx", project, {{"20260102090000", "1", sum}});
  EXPECT_EQ(applied(project).size(), 1U);
  write("20260102090000_vacuum.up.sql", "VACUUM;\n");
  EXPECT_THAT(refusal("sqlx", {{"20260102090000", "1", sum}}), HasSubstr("was edited"));
}

TEST_F(Readers, PrismaGoesOnWithAnEditedFileAndTellsIt) {
  write("20260101_init/migration.sql", "SELECT 1;\n");
  ForeignProject project = read("prisma");
  mark("prisma", project, {{"20260101_init", "2026-01-01", "", "0"}});
  ASSERT_EQ(project.notes.size(), 1U);
  EXPECT_THAT(project.notes.front(), HasSubstr("20260101_init/migration.sql was edited"));
  EXPECT_EQ(applied(project).size(), 1U);
  EXPECT_THAT(refusal("prisma", {{"20260101_init", "", "", "0"}}), HasSubstr("failed"));
}

TEST_F(Readers, SqitchKeepsProjectsOfOneRegistryApart) {
  write("sqitch.plan",
        "%syntax-version=1.0.0\n%project=flipr\n\nusers 2026-01-01T10:00:00Z A <a> # x\n");
  write("deploy/users.sql", "SELECT 1;\n");
  ForeignProject project = read("sqitch");
  mark("sqitch", project, {{"users", "other"}});
  EXPECT_THAT(applied(project), testing::IsEmpty());
  ASSERT_EQ(project.notes.size(), 1U);
  EXPECT_THAT(project.notes.front(), HasSubstr("the project other"));
  mark("sqitch", project, {{"users", "other"}, {"users", "flipr"}});
  EXPECT_THAT(applied(project), ElementsAre("deploy/users.sql"));
  write("sqitch.plan", "users 2026-01-01T10:00:00Z A <a> # x\n");
  EXPECT_THROW(read("sqitch"), Error);
}

TEST_F(Readers, AHistoryThatStoppedInTheMiddleIsRefused) {
  write("000001_a.up.sql", "SELECT 1;\n");
  EXPECT_THAT(refusal("golang-migrate", {{"1", "true"}}), HasSubstr("dirty"));
  EXPECT_THAT(refusal("sqlx", {{"1", "0", ""}}), HasSubstr("failed in the middle"));
  EXPECT_THAT(refusal("atlas", {{"000001", "1", "2", "2"}}), HasSubstr("1 of 2"));
  TempFolder cql;
  write_file_atomically(
      cql.path() / "01_a.cql",
      "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\n");
  ForeignProject project = foreign_tool("gocqlx").read({cql.path(), Language::cql, "cql", {}, {}});
  EXPECT_THROW(mark("gocqlx", project, {{"01_a.cql", "1"}}), Error);
  mark("gocqlx", project, {{"01_a.cql", "2"}});
  EXPECT_THAT(applied(project), ElementsAre("01_a.cql"));
  ForeignProject other =
      foreign_tool("cassandra-migration").read({cql.path(), Language::cql, "cql", {}, {}});
  mark("cassandra-migration", other, {{"1", "true"}});
  EXPECT_THAT(applied(other), ElementsAre("01_a.cql"));
  EXPECT_THROW(mark("cassandra-migration", other, {{"1", "false"}}), Error);
}

TEST_F(Readers, GooseCountsWhatWasTakenBackAsPending) {
  for (const std::string version : {"00001", "00002"})
    write(version + "_x.sql", "-- +goose Up\nSELECT 1;\n");
  ForeignProject project = read("goose");
  mark("goose", project, {{"0", "1"}, {"1", "1"}, {"2", "1"}, {"2", "0"}});
  EXPECT_THAT(applied(project), ElementsAre("00001_x.sql"));
}

TEST_F(Readers, AnAppliedMigrationWithoutAFileIsTold) {
  write("20200101000000_a.sql", "-- migrate:up\nSELECT 1;\n");
  ForeignProject project = read("dbmate");
  mark("dbmate", project, {{"20200101000000"}, {"20190101000000"}});
  ASSERT_EQ(project.notes.size(), 1U);
  EXPECT_THAT(project.notes.front(), HasSubstr("20190101000000"));
}

TEST_F(Readers, AlembicAppliesWhatTheHeadsBuildOn) {
  write("b_second.py", "revision = 'b'\ndown_revision = 'a'\n");
  write("a_first.py", "revision = 'a'\ndown_revision = None\n");
  write("c_branch.py", "revision = 'c'\ndown_revision = 'a'\n");
  write("d_merge.py", "revision: str = 'd'\ndown_revision: Union[str, None] = ('b', 'c')\n");
  ForeignProject project = read("alembic");
  EXPECT_EQ(project.migrations.back().key, "d");
  mark("alembic", project, {{"b"}});
  EXPECT_THAT(applied(project), ElementsAre("a_first.py", "b_second.py"));
}

TEST_F(Readers, LiquibaseChangesAreWrittenForTheDatabaseThatIsAsked) {
  write("log.yaml",
        "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: ann\n    changes:\n    - "
        "createTable:\n        tableName: t\n        columns:\n"
        "        - column: {name: at, type: datetime, constraints: {nullable: false}}\n        - "
        "column: {name: text, type: clob, remarks: long}\n"
        "- changeSet:\n    id: 2\n    author: ann\n    dbms: mysql\n    changes:\n    - sql: {sql: "
        "SELECT 1}\n"
        "- changeSet:\n    id: 3\n    author: ann\n    changes:\n    - loadData: {file: a.csv, "
        "tableName: t}\n");
  ForeignRequest asked = request();
  asked.path = folder.path() / "log.yaml";
  const ForeignProject project = foreign_tool("liquibase").read(asked);
  ASSERT_EQ(project.migrations.size(), 2U);
  EXPECT_THAT(project.migrations[0].up,
              testing::AllOf(HasSubstr("\"at\" timestamp NOT NULL"), HasSubstr("\"text\" text"),
                             HasSubstr("long")));
  EXPECT_THAT(project.migrations[0].down, HasSubstr("DROP TABLE"));
  EXPECT_THAT(project.migrations[1].code, HasSubstr("loadData"));
}

TEST_F(Readers, LiquibaseTellsWhereALogIsMalformed) {
  for (const auto& [name, text] :
       std::map<std::string, std::string>{{"a.xml", "<databaseChangeLog>\n<changeSet"},
                                          {"a.yaml", "databaseChangeLog:\n- [\n"},
                                          {"a.json", "{"}}) {
    write(name, text);
    ForeignRequest asked = request();
    asked.path = folder.path() / name;
    EXPECT_THROW(foreign_tool("liquibase").read(asked), Error) << name;
  }
}

TEST_F(Readers, TypeormComesOverAsSqlOnlyWhenAMigrationDoesNothingElse) {
  const std::string head =
      "export class A1 implements MigrationInterface {\n  public async up(queryRunner: "
      "QueryRunner): Promise<void> {\n";
  const std::string down =
      "  }\n  public async down(queryRunner: QueryRunner): Promise<void> {\n    await "
      "queryRunner.query(\"DROP TABLE t\");\n  }\n}\n";
  write("1-A.ts", head + "    await queryRunner.query(`CREATE TABLE \\`t\\` (id int)`);\n" + down);
  write("2-B.ts", head + "    const rows = await queryRunner.query(`SELECT 1`);\n" + down);
  write("3-C.ts",
        head + "    await queryRunner.query(`INSERT INTO t VALUES (${value})`);\n" + down);
  const ForeignProject project = read("typeorm");
  EXPECT_EQ(project.migrations[0].up, "CREATE TABLE `t` (id int);\n");
  EXPECT_EQ(project.migrations[0].down, "DROP TABLE t;\n");
  EXPECT_EQ(project.migrations[1].code, "TypeScript");
  EXPECT_EQ(project.migrations[2].code, "TypeScript");
}

ForeignMigration sql(std::string version, std::string name) {
  ForeignMigration migration;
  migration.key = migration.version = std::move(version);
  migration.name = std::move(name);
  migration.file = migration.key + ".sql";
  migration.up = "SELECT 1;\n";
  return migration;
}

TEST_F(Readers, VersionsAreMadeOfOneStyle) {
  const auto carried = [&](std::vector<ForeignMigration> migrations) {
    return names(carry_over({std::move(migrations), {}, {}}, request(), ""));
  };
  EXPECT_THAT(carried({sql("1", "a"), sql("1_1", "b"), sql("2", "2024 report")}),
              ElementsAre("1_0_a.sql", "1_1_b.sql", "2_0_m_2024_report.sql"));
  EXPECT_THAT(carried({sql("2", "a"), sql("1", "b")}), ElementsAre("0001_a.sql", "0002_b.sql"));
  EXPECT_THAT(carried({sql("", "Add Users!"), sql("", "ünï")}),
              ElementsAre("0001_add_users.sql", "0002_n.sql"));
}

TEST_F(Readers, ASchemaStandsForCodeAndItsWayDownIsClosed) {
  ForeignMigration first = sql("1", "a"), second = sql("2", "b"), third = sql("3", "c");
  first.applied = second.applied = true;
  second.code = third.code = "Ruby";
  const Carried carried = carry_over({{first, second, third}, {}, {}}, request(),
                                     "-- sterna:up\nCREATE TABLE t (id int);\n");
  ASSERT_THAT(names(carried), ElementsAre("1_a.sql", "2_b.sql"));
  EXPECT_THAT(carried.files[0].text,
              testing::AllOf(HasSubstr("reversible never"), testing::Not(HasSubstr("SELECT 1"))));
  EXPECT_THAT(carried.files[1].text, HasSubstr("CREATE TABLE t"));
  EXPECT_THAT(carried.left_out, ElementsAre("3.sql: Ruby, not applied"));
}

TEST_F(Readers, AScriptThatCannotBeReadIsRefusedBeforeAnythingIsWritten) {
  ForeignMigration broken = sql("1", "a");
  broken.up = "SELECT 'open;\n";
  EXPECT_THROW(carry_over({{broken}, {}, {}}, request(), ""), Error);
}

TEST_F(Readers, AFolderWithMigrationsIsLeftAlone) {
  const Carried carried = carry_over({{sql("1", "a")}, {}, {}}, request(), "");
  write("out/sterna.sum", "");
  write_carried(carried, folder.path() / "out");
  EXPECT_EQ(read_file(folder.path() / "out/1_a.sql"), "-- sterna:up\nSELECT 1;\n");
  EXPECT_THROW(write_carried(carried, folder.path() / "out"), Error);
}

TEST_F(Readers, SchemaWithoutIsWrittenOnce) {
  write("sterna.toml", "url = \"sqlite:a.db\"\n");
  EXPECT_TRUE(leave_out_of_schema(folder.path() / "sterna.toml", {"a", "b.*"}));
  EXPECT_EQ(read_file(folder.path() / "sterna.toml"),
            "schema_without = [\"a\", \"b.*\"]\nurl = \"sqlite:a.db\"\n");
  EXPECT_FALSE(leave_out_of_schema(folder.path() / "sterna.toml", {"c"}));
}

}  // namespace
}  // namespace sterna
