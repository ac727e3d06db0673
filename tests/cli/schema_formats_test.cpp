// Pictures and documents of a schema, as a person gets them from the command.
#include "base/file.hpp"
#include "support/command.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class SchemaFormats : public testing::Test {
 protected:
  SchemaFormats() {
    std::filesystem::create_directories(folder.path() / "migrations");
    write("sterna.toml", "url = \"sqlite:app.db\"\n");
    write("migrations/001_blog.sql",
          "CREATE TABLE users (id integer PRIMARY KEY, email varchar(40) NOT NULL UNIQUE);\n"
          "CREATE TABLE posts (id integer PRIMARY KEY, price decimal(10,2) DEFAULT 0.5,\n"
          "  author_id integer REFERENCES users (id) ON DELETE CASCADE);\n"
          "CREATE VIEW recent AS SELECT id FROM posts;\n");
  }
  void write(const std::string& name, std::string_view text) {
    write_file_atomically(folder.path() / name, text);
  }
  CommandResult run(const std::vector<std::string>& arguments) {
    CommandOptions options;
    options.folder = folder.path();
    return sterna_command(arguments, options);
  }
  /// Of what the migrations make: they have not run.
  std::string inspected(const std::string& format) {
    const CommandResult result = run({"schema", "inspect", "migrations", "--format", format});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    return result.out;
  }
  TempFolder folder;
};

TEST_F(SchemaFormats, SvgIsADrawingOfTheTables) {
  EXPECT_THAT(inspected("svg"),
              AllOf(StartsWith("<svg xmlns="), HasSubstr("<title>table users</title>"),
                    HasSubstr(">decimal(10,2)</text>"), HasSubstr("posts (author_id) → users (id)"),
                    HasSubstr("</svg>\n")));
}

TEST_F(SchemaFormats, MermaidIsAnEntityRelationshipDiagram) {
  EXPECT_THAT(inspected("mermaid"),
              AllOf(StartsWith("erDiagram\n"), HasSubstr("    varchar(40) email UK\n"),
                    HasSubstr("    decimal(10_2) price \"decimal(10,2); null\"\n"),
                    HasSubstr("  users |o--o{ posts : \"author_id\"\n")));
}

TEST_F(SchemaFormats, DotIsAGraph) {
  EXPECT_THAT(inspected("dot"), AllOf(StartsWith("digraph schema {\n"), HasSubstr("t0:c2 -> t1:c0"),
                                      HasSubstr("arrowtail=crowodot")));
}

TEST_F(SchemaFormats, DbmlHoldsTheReferencesWithTheirActions) {
  EXPECT_THAT(inspected("dbml"), AllOf(HasSubstr("  price decimal(10,2) [default: 0.5]\n"),
                                       HasSubstr("posts.author_id > users.id [delete: cascade]"),
                                       HasSubstr("// view recent\n")));
}

TEST_F(SchemaFormats, MarkdownIsADataDictionaryWithViewsToo) {
  EXPECT_THAT(inspected("markdown"),
              AllOf(StartsWith("# Data dictionary\n"),
                    HasSubstr("| `price` | `decimal(10,2)` | yes | `0.5` |"),
                    HasSubstr("`author_id` → `users` `id`, on delete cascade"),
                    HasSubstr("CREATE VIEW \"recent\" AS SELECT id FROM posts")));
}

// A data dictionary that is committed changes when the schema does, and only then.
TEST_F(SchemaFormats, TheDatabaseAndItsMigrationsGiveTheSameText) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  for (const char* format : {"svg", "mermaid", "dot", "dbml", "markdown"})
    EXPECT_EQ(run({"schema", "inspect", "--format", format}).out, inspected(format)) << format;
}

TEST_F(SchemaFormats, SnapshotsAreDrawnWithoutTheirDatabase) {
  ASSERT_EQ(run({"schema", "snapshot", "migrations", "-o", "kept.json"}).exit_code, 0);
  const CommandResult drawn = run({"schema", "inspect", "kept.json", "--format", "mermaid"});
  EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_EQ(drawn.out, inspected("mermaid"));
}

TEST_F(SchemaFormats, SqlStaysWhatIsPrintedWithoutAFormat) {
  EXPECT_EQ(run({"schema", "inspect", "migrations"}).out, inspected("sql"));
  EXPECT_THAT(inspected("sql"), HasSubstr("CREATE TABLE"));
}

TEST_F(SchemaFormats, AFormatThatIsNotThereIsRefusedWithTheList) {
  const CommandResult refused = run({"schema", "inspect", "--format", "png"});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.out, IsEmpty());
  EXPECT_THAT(refused.err, HasSubstr("png not in {sql,json,cpp,mermaid,dot,dbml,markdown,svg"));
}

}  // namespace
}  // namespace sterna::test
