// Migrations written in C++ from changes: compiled and run on the real servers, they make what the
// changes say.
#include "codegen/migration.hpp"

#include "codegen/support.hpp"
#include "diff/stepwise.hpp"

namespace sterna::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CppMigration migration_of(std::vector<Change> up) {
  CppMigration migration;
  migration.meta.description = "Some change";
  migration.up = std::move(up);
  migration.render_up = [](const Change&) {
    Rendered rendered;
    rendered.statements.push_back({"SOME SQL", {}, {}, {}});
    return rendered;
  };
  migration.render_down = migration.render_up;
  migration.capabilities = dialect_named("sqlite").capabilities({});
  return migration;
}

model::Table users() {
  model::Table table;
  table.name = "users";
  model::Column id, name;
  id.name = "id";
  id.type.kind = model::TypeKind::big_integer;
  id.auto_increment = true;
  name.name = "name";
  name.type.kind = model::TypeKind::string;
  name.type.length = 80;
  name.default_value = model::Default{};
  name.default_value->text = "a \"b\" \\ \001";
  table.columns = {id, name};
  table.primary_key.emplace();
  table.primary_key->parts.push_back({"id", {}, false, {}, {}, {}, {}});
  return table;
}

TEST(CppMigrationText, SaysWhatAPersonWouldSay) {
  CppMigration migration = migration_of({CreateTable{users(), false}});
  migration.down = {DropTable{"users", false, false, std::nullopt}};
  migration.meta.timeout = std::chrono::seconds(60);
  EXPECT_EQ(cpp_migration(migration),
            "#include <sterna/migration.hpp>\n\n"
            "struct SomeChange : sterna::Migration {\n"
            "  void up(sterna::Schema& schema) override {\n"
            "    schema.create_table(\"users\", [](sterna::TableBuilder& table) {\n"
            "      table.id();\n"
            "      table.string(\"name\", 80).default_to(\"a \\\"b\\\" \\\\ \\001\");\n"
            "    });\n"
            "  }\n"
            "  void down(sterna::Schema& schema) override {\n"
            "    schema.drop_table(\"users\");\n"
            "  }\n"
            "};\n"
            "STERNA_MIGRATION(SomeChange, sterna::Meta{.description = \"Some change\", .timeout = "
            "60s});\n");
}

TEST(CppMigrationText, WritesSqlForWhatTheBuilderHasNoWordFor) {
  model::Table table = users();
  table.columns[0].on_update = "NEVER";
  EXPECT_THAT(cpp_migration(migration_of({CreateTable{table, false}})),
              AllOf(HasSubstr("schema.raw(\"SOME SQL\");"), Not(HasSubstr("create_table"))));
}

TEST(CppMigrationText, KeepsTheOrderOfActionsAroundSql) {
  AlterTable alter{"users", {}};
  alter.actions.push_back(DropColumn{"a", false, std::nullopt});
  alter.actions.push_back(DropIndex{"b", true, false, std::nullopt});
  alter.actions.push_back(DropColumn{"c", false, std::nullopt});
  CppMigration migration = migration_of({alter});
  EXPECT_THAT(cpp_migration(migration), Not(HasSubstr("drop_column")))
      << "one rebuild of SQLite is written as a whole";
  migration.capabilities = dialect_named("postgres").capabilities({});
  const std::string text = cpp_migration(migration);
  const std::size_t a = text.find("drop_column(\"a\")"), raw = text.find("schema.raw"),
                    c = text.find("drop_column(\"c\")");
  EXPECT_LT(a, raw);
  EXPECT_LT(raw, c);
  EXPECT_NE(c, std::string::npos);
}

TEST(CppMigrationText, ALiteralMayHoldTheEndOfARawLiteral) {
  model::Object view;
  view.kind = "view";
  view.name = "v";
  view.definition = "CREATE VIEW v AS\nSELECT ')sql\"'";
  EXPECT_THAT(cpp_migration(migration_of({CreateObject{view, false}})),
              HasSubstr("R\"sql_(CREATE VIEW v AS\nSELECT ')sql\"')sql_\""));
}

TEST(CppMigrationText, WithoutAWayBackThereIsNoDown) {
  CppMigration migration = migration_of({});
  migration.meta.irreversible = "rows are gone";
  EXPECT_THAT(cpp_migration(migration),
              AllOf(Not(HasSubstr("void down")), HasSubstr(".irreversible = \"rows are gone\"")));
}

TEST(CppMigrationText, RefusesARebuildThatWouldTakeRowsAlong) {
  model::Table table = users();
  table.columns[0].on_update = "NEVER";
  CppMigration migration = migration_of({CreateTable{table, false}});
  migration.render_up = [](const Change&) { return Rendered{{}, true}; };
  EXPECT_THROW(cpp_migration(migration), Error);
}

// ---- on the servers ----

/// tests/diff/cases/<engine>/*.sql, or a whole sample made from nothing.
struct Written {
  Kind kind;
  std::string name, from, to;
  bool one_way = false;  ///< there is no diff back
};
void PrintTo(const Written& test, std::ostream* out) { *out << test.name; }

std::vector<Written> written_cases() {
  std::vector<Written> all;
  for (const SampleFile& sample : all_samples())
    all.push_back({sample.kind, name_of(sample), {}, test_text(sample.files.front()), true});
  for (const Kind kind : {Kind::sqlite, Kind::postgres, Kind::mysql}) {
    const std::string folder = "diff/cases/" + engine_folder(kind);
    for (const std::string& file :
         list_files(std::string(STERNA_SOURCE_DIR) + "/tests/" + folder)) {
      Written one{kind, engine_folder(kind) + "_" + fs::path(file).stem().string(), {}, {}, false};
      std::string* part = nullptr;
      std::string line, ignored;
      std::istringstream lines(test_text(folder + "/" + file));
      while (std::getline(lines, line)) {
        if (line == "-- one way")
          one.one_way = true;
        else if (line == "-- from" || line == "-- to")
          part = line == "-- from" ? &one.from : &one.to;
        else if (line == "-- rows" || line == "-- check" || line == "-- steps")
          part = &ignored;
        else if (part != nullptr)
          *part += line + "\n";
      }
      all.push_back(std::move(one));
    }
  }
  return all;
}

class WrittenMigration : public testing::TestWithParam<Written> {
 protected:
  CommandResult sterna(const std::string& command, const TestDatabase& database) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command({command, "--url", database.url(), "--dir", "migrations"}, options);
  }
  std::string write(Connection& connection, const model::Model& from, const model::Model& to,
                    bool one_way) {
    CppMigration migration;
    migration.meta.description = "written";
    migration.capabilities = connection.capabilities();
    migration.type_name = [&](const model::Type& type) {
      return connection.dialect().type_name(type, connection.server());
    };
    const Dialect& dialect = connection.dialect();
    migration.up = framed(between(connection, from, to).changes, dialect);
    if (one_way)
      migration.meta.irreversible = "no way back";
    else
      migration.down = framed(between(connection, to, from).changes, dialect);
    StepwiseRenderer there(from, connection), back(to, connection);
    migration.render_up = std::ref(there);
    migration.render_down = std::ref(back);
    return cpp_migration(migration);
  }
  TempFolder folder;
};

TEST_P(WrittenMigration, MakesWhatItsChangesSayAndTakesItBack) {
  const Written& test = GetParam();
  STERNA_REQUIRE_SERVER(test.kind);
  const TestDatabase one(test.kind), two(test.kind);
  const auto connection = connect(parse_url(one.url())), other = connect(parse_url(two.url()));
  run_sql(*connection, test.from);
  run_sql(*other, test.to);
  const model::Model from = schema_of(*connection), to = schema_of(*other);
  const std::string text = write(*connection, from, to, test.one_way);
  fs::create_directories(folder.path() / "migrations");
  write_file_atomically(folder.path() / "migrations" / "001_written.cpp", text);
  const CommandResult up = sterna("up", one);
  ASSERT_EQ(up.exit_code, 0) << up.err << text;
  EXPECT_EQ(words_of(between(*connection, schema_of(*connection), to)), "") << text;
  if (test.one_way) return;
  const CommandResult down = sterna("down", one);
  ASSERT_EQ(down.exit_code, 0) << down.err << text;
  EXPECT_EQ(words_of(between(*connection, schema_of(*connection), from)), "") << text;
}

INSTANTIATE_TEST_SUITE_P(Cases, WrittenMigration, testing::ValuesIn(written_cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace sterna::test
