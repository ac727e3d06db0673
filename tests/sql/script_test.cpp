#include "sql/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sterna/error.hpp>

#include "sql/splitter.hpp"
#include "support.hpp"

namespace sterna {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Error error_of(std::string_view text, Language language = Language::postgres) {
  try {
    (void)parse_script(text, language, "m.sql");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_EQ(error.position().file, "m.sql");
    return error;
  }
  ADD_FAILURE() << "not refused: " << text;
  return Error(ErrorKind::unknown, "");
}

TEST(Script, WithoutMarkersIsTheUpDirection) {
  const Script script = parse_script("CREATE TABLE t (a int);\n", Language::postgres);
  EXPECT_TRUE(script.up.present);
  EXPECT_FALSE(script.down.present);
  EXPECT_EQ(script.up.text, "CREATE TABLE t (a int);\n");
  EXPECT_EQ(script.up.first_line, 1);
}

TEST(Script, WithoutStatementsHasNoDirection) {
  for (const std::string_view text :
       {"", "-- only a comment\n", "/* x */ ;\n", "\xEF\xBB\xBF\r\n"}) {
    EXPECT_FALSE(parse_script(text, Language::postgres).up.present) << text;
  }
}

TEST(Script, IsPartedByItsMarkers) {
  const Script script = parse_script(
      "-- head\n-- sterna:up\nCREATE TABLE t (a int);\n\n-- sterna:down\nDROP TABLE t;",
      Language::sqlite);
  EXPECT_EQ(script.up.text, "CREATE TABLE t (a int);\n\n");
  EXPECT_EQ(script.up.first_line, 3);
  EXPECT_EQ(script.down.text, "DROP TABLE t;");
  EXPECT_EQ(script.down.first_line, 6);
  EXPECT_TRUE(script.directives.empty());
}

TEST(Script, KeepsPositionsForTheSplitter) {
  const Script script = parse_script(
      "-- sterna:up\r\nSELECT 1;\r\n-- sterna:down\r\n\r\n  SELECT 2;\r\n", Language::mysql);
  const auto statements =
      split_statements(script.down.text, Language::mysql, "m.sql", script.down.first_line);
  ASSERT_EQ(statements.size(), 1u);
  EXPECT_EQ(statements[0].position, (SourcePosition{"m.sql", 5, 3}));
}

TEST(Script, MayHaveEmptyPartsAndTheDownPartAlone) {
  EXPECT_TRUE(parse_script("-- sterna:up\n-- sterna:down\n", Language::postgres).up.present);
  EXPECT_TRUE(parse_script("-- sterna:up", Language::postgres).up.text.empty());
  const Script down = parse_script("-- sterna:down\nDROP TABLE t;\n", Language::postgres);
  EXPECT_FALSE(down.up.present);
  EXPECT_TRUE(down.down.present);
}

TEST(Script, EndsAPartWhoseLastStatementHasNoSemicolon) {
  const Script script =
      parse_script("-- sterna:up\nSELECT (1\n-- sterna:down\nSELECT 2", Language::postgres);
  EXPECT_EQ(script.up.text, "SELECT (1\n");
  EXPECT_EQ(script.down.text, "SELECT 2");
}

TEST(Script, ReadsDirectivesWithTheirPositions) {
  const Script script = parse_script(
      "\xEF\xBB\xBF-- sterna:transaction none\n  -- sterna:timeout 60s  \r\n--sterna:breaking\n-- "
      "sterna:up\nSELECT 1;\n"
      "-- sterna:retry 3\n-- sterna:down\n-- sterna:lock-timeout\t5s\n",
      Language::postgres, "m.sql");
  EXPECT_THAT(script.directives, ElementsAre(Directive{"transaction", "none", {"m.sql", 1, 1}},
                                             Directive{"timeout", "60s", {"m.sql", 2, 3}},
                                             Directive{"breaking", "", {"m.sql", 3, 1}},
                                             Directive{"retry", "3", {"m.sql", 6, 1}},
                                             Directive{"lock-timeout", "5s", {"m.sql", 8, 1}}));
}

TEST(Script, ReadsTheLineCommentsOfEachLanguage) {
  EXPECT_EQ(parse_script("# sterna:retry 1\n", Language::mysql).directives.size(), 1u);
  EXPECT_EQ(parse_script("// sterna:retry 1\n", Language::cql).directives.size(), 1u);
  EXPECT_EQ(parse_script("/* sterna:retry 1 */\n", Language::postgres).directives.size(), 0u);
}

TEST(Script, SeesNoMarkersInQuotesBodiesAndData) {
  const auto unmarked = [](std::string_view text, Language language) {
    const Script script = parse_script(text, language);
    EXPECT_EQ(script.up.text, text);
    EXPECT_FALSE(script.down.present) << text;
    EXPECT_TRUE(script.directives.empty());
  };
  unmarked("SELECT '\n-- sterna:down\n';", Language::postgres);
  unmarked("DO $$\n-- sterna:down\n$$;", Language::postgres);
  unmarked("/*\n-- sterna:down\n*/ SELECT 1;", Language::postgres);
  unmarked("COPY t FROM stdin;\n-- sterna:down\n\\.\n", Language::postgres);
  unmarked("CREATE TRIGGER t AFTER INSERT ON a BEGIN\n SELECT 1;\n-- sterna:down\nEND;",
           Language::sqlite);
  unmarked("CREATE PROCEDURE p() BEGIN\n SELECT 1;\n-- +goose Down\nEND;", Language::mysql);
}

TEST(Script, LeavesBrokenTextToTheSplitter) {
  EXPECT_TRUE(
      parse_script("-- sterna:up\nSELECT 'open\n-- sterna:down\n", Language::postgres).up.present);
  EXPECT_TRUE(parse_script("/* open", Language::postgres).up.present);
  EXPECT_TRUE(parse_script("\\connect x\n", Language::postgres).up.present);
}

TEST(Script, ReadsGoose) {
  const Script script = parse_script(
      "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose "
      "StatementEnd\n-- +goose Down\n"
      "SELECT 2;\n",
      Language::postgres);
  EXPECT_TRUE(script.up.present);
  EXPECT_EQ(script.up.first_line, 3);
  EXPECT_EQ(script.down.text, "SELECT 2;\n");
  ASSERT_EQ(script.directives.size(), 1u);
  EXPECT_EQ(script.directives[0].key, "transaction");
  EXPECT_EQ(script.directives[0].value, "none");
}

TEST(Script, ReadsDbmate) {
  const Script script = parse_script(
      "-- migrate:up transaction:false\nSELECT 1;\n-- migrate: this is prose\n-- migrate:down "
      "transaction:false\nSELECT 2;\n",
      Language::postgres);
  EXPECT_EQ(script.up.first_line, 2);
  EXPECT_EQ(script.down.text, "SELECT 2;\n");
  ASSERT_EQ(script.directives.size(), 1u);
  EXPECT_EQ(script.directives[0].value, "none");
}

TEST(Script, ReadsSqlMigrate) {
  const Script script = parse_script(
      "-- +migrate Up notransaction\n-- +migrate StatementBegin\nSELECT 1;\n-- +migrate "
      "StatementEnd\n-- +migrate Down\nSELECT 2;\n",
      Language::mysql);
  EXPECT_TRUE(script.up.present);
  EXPECT_EQ(script.down.text, "SELECT 2;\n");
  EXPECT_EQ(script.directives.size(), 1u);
}

TEST(ScriptErrors, RefuseMarkersInTheWrongPlace) {
  EXPECT_THAT(error_of("-- sterna:up\n-- sterna:up\n").what(), HasSubstr("second time"));
  EXPECT_EQ(error_of("-- sterna:up\n\n-- sterna:up\n").position().line, 3);
  EXPECT_THAT(error_of("-- sterna:down\n-- sterna:up\n").what(), HasSubstr("before the up part"));
  EXPECT_EQ(error_of("\n SELECT 1;\n-- sterna:up\n").position(), (SourcePosition{"m.sql", 2, 2}));
  EXPECT_EQ(error_of("SELECT 1;\n-- sterna:down\n").position().line, 1);
}

TEST(ScriptErrors, RefuseMalformedDirectives) {
  for (const std::string_view text :
       {"-- sterna:\n", "-- sterna: up\n", "-- sterna:Up\n", "-- STERNA:UP\n", "-- sterna:up now\n",
        "-- sterna:time=5\n", "-- sterna:-x\n", "SELECT 1; -- sterna:down\n",
        "/* x */ -- sterna:timeout 5s\n", "-- +goose Sideways\n", "-- +goose ENVSUB ON\n",
        "-- +migrate Up later\n", "-- migrate:up transaction:perhaps\n"}) {
    const Error error = error_of(text);
    EXPECT_EQ(error.position().line, 1) << text;
    EXPECT_FALSE(error.suggestions().empty()) << text;
  }
}

}  // namespace
}  // namespace sterna
