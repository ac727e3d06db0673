// What `-- sterna:was` in a desired schema says, and what it cannot.
#include "program/rename_hints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using detail::read_rename_hints;
using detail::RenameHint;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> hints(std::string_view sql, Language language = Language::postgres) {
  std::vector<std::string> lines;
  for (const RenameHint& hint : read_rename_hints(sql, language, "wanted.sql")) {
    constexpr const char* kinds[] = {"column", "index", "constraint", "enumeration"};
    lines.push_back(std::string(kinds[static_cast<int>(hint.kind)]) + " " + hint.owner.text() +
                    (hint.part.empty() ? "" : "." + hint.part) + " was " + hint.was);
  }
  return lines;
}

std::string refused(std::string_view sql) {
  try {
    read_rename_hints(sql, Language::postgres, "wanted.sql");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    return to_string(error.position()) + " " + error.what();
  }
  ADD_FAILURE() << "taken: " << sql;
  return {};
}

TEST(RenameHints, StandInFrontOfAStatement) {
  EXPECT_THAT(hints("-- sterna:was users\nCREATE TABLE app.people (id int);\n"
                    "-- sterna:was by_name\nCREATE INDEX by_full_name ON people (name);\n"
                    "-- sterna:was feeling\nCREATE TYPE mood AS ENUM ('sad');\n"
                    "-- sterna:was fk\nALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) "
                    "REFERENCES b (id);\n"),
              ElementsAre("column app.people was users", "index people.by_full_name was by_name",
                          "enumeration mood was feeling", "constraint a.a_b was fk"));
}

TEST(RenameHints, StandAboveOrBesideAColumn) {
  EXPECT_THAT(hints("CREATE TABLE people ( -- sterna:was users\n"
                    "  id int,\n"
                    "  -- sterna:was name\n"
                    "  -- of a person\n"
                    "  full_name text DEFAULT f(1, 2),\n"
                    "  email text, -- sterna:was mail\n"
                    "  \"Odd one\" int -- sterna:was \"odd \"\"one\"\n"
                    ");"),
              ElementsAre("column people was users", "column people.full_name was name",
                          "column people.email was mail", "column people.Odd one was odd \"one"));
}

TEST(RenameHints, StandAtConstraintsAndValues) {
  EXPECT_THAT(hints("CREATE TABLE t (\n"
                    "  id int,\n"
                    "  CONSTRAINT positive CHECK (id > 0 AND\n"
                    "    id < 9), -- sterna:was small\n"
                    "  -- sterna:was t_id\n"
                    "  CONSTRAINT t_key UNIQUE (id)\n"
                    ");\n"
                    "CREATE TYPE mood AS ENUM (\n"
                    "  'sad', -- sterna:was 'un''happy'\n"
                    "  -- sterna:was fine\n"
                    "  'ok');"),
              ElementsAre("constraint t.positive was small", "constraint t.t_key was t_id",
                          "enumeration mood.sad was un'happy", "enumeration mood.ok was fine"));
}

TEST(RenameHints, KnowIndexesOfMysqlsTables) {
  EXPECT_THAT(hints("CREATE TABLE t (\n"
                    "  id int,\n"
                    "  UNIQUE KEY `by id` (id), # sterna:was by_id\n"
                    "  KEY plain (id) -- sterna:was simple\n"
                    ");",
                    Language::mysql),
              ElementsAre("index t.by id was by_id", "index t.plain was simple"));
}

TEST(RenameHints, ABehindStatementHintIsItsOwn) {
  EXPECT_THAT(hints("CREATE INDEX one ON t (a); -- sterna:was first\n"
                    "CREATE INDEX two ON t (b); -- sterna:was second"),
              ElementsAre("index t.one was first", "index t.two was second"));
}

TEST(RenameHints, AreNothingInBodiesAndStrings) {
  EXPECT_THAT(hints("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n"
                    "-- sterna:was nothing\nSELECT 1 $$;\n"
                    "-- sterna:transaction none\n"
                    "INSERT INTO t VALUES ('-- sterna:was x');"),
              testing::IsEmpty());
}

TEST(RenameHints, ThatBelongToNothingAreRefusedWithTheirLine) {
  EXPECT_THAT(refused("\n-- sterna:was v\nCREATE VIEW w AS SELECT 1;"), HasSubstr("wanted.sql:2"));
  EXPECT_THAT(refused("CREATE TABLE t (id int);\n\n-- sterna:was u\n"), HasSubstr("wanted.sql:3"));
  EXPECT_THAT(refused("-- sterna:was\nCREATE TABLE t (id int);"), HasSubstr("missing"));
  EXPECT_THAT(refused("-- sterna:was a b\nCREATE TABLE t (id int);"), HasSubstr("no name"));
  EXPECT_THAT(refused("CREATE TABLE t (\n  a int, b int -- sterna:was c\n);"),
              HasSubstr("several things"));
  EXPECT_THAT(refused("CREATE TABLE t (\n  a int,\n  CHECK (a > 0) -- sterna:was c\n);"),
              HasSubstr("no name"));
  EXPECT_THAT(refused("CREATE TABLE t (\n  a int -- sterna:was b\n  -- sterna:was c\n);"),
              HasSubstr("nothing follows"));
  EXPECT_THAT(refused("-- sterna:was a\n-- sterna:was b\nCREATE TABLE t (id int);"),
              HasSubstr("stands at line 1"));
  EXPECT_THAT(refused("-- sterna:wass a\nCREATE TABLE t (id int);"), HasSubstr("wass"));
}

model::Model two_tables() {
  model::Model model;
  model.default_schema = "public";
  model::Table people;
  people.name = model::Name("people");
  model::Column column;
  column.name = "full_name";
  people.columns = {column};
  model::Table users = people;
  users.name = model::Name("kept");
  model.tables = {users, people};
  model.enums = {{model::Name("mood"), {"sad", "ok"}, {}}};
  return model;
}

TEST(RenameHints, BecomeRenamesInTheNamesThatWere) {
  const auto read = [](std::string_view sql) {
    return detail::renames_of(read_rename_hints(sql, Language::postgres, "wanted.sql"),
                              two_tables());
  };
  EXPECT_THAT(read("-- sterna:was users\nCREATE TABLE public.People (\n full_name text -- "
                   "sterna:was name\n);"),
              ElementsAre(Rename{model::Name("users"), {}, "people"},
                          Rename{model::Name("users"), "name", "full_name"}));
  for (const char* wrong : {"-- sterna:was kept\nCREATE TABLE people (full_name text);",
                            "-- sterna:was people\nCREATE TABLE people (full_name text);",
                            "-- sterna:was x\nCREATE TABLE elsewhere (id int);",
                            "CREATE TABLE people (\n age int -- sterna:was years\n);",
                            "CREATE TYPE mood AS ENUM (\n'sad', -- sterna:was ok\n'ok');"}) {
    try {
      read(wrong);
      ADD_FAILURE() << "taken: " << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.position().file, "wanted.sql") << error.what();
      EXPECT_GT(error.position().line, 0);
    }
  }
}

TEST(OpenRenames, AHintThatWasFollowedIsNothing) {
  const model::Model model = two_tables();
  const std::vector<Rename> hints{
      {model::Name("users"), {}, "people"},
      {model::Name("users"), "name", "full_name"},
      {model::Name("mood"), "unhappy", "sad", Rename::Kind::enumeration}};
  EXPECT_THAT(open_renames(hints, model), testing::IsEmpty());
  model::Model before = model;
  before.tables[1].name = model::Name("users");
  before.tables[1].columns[0].name = "name";
  before.enums[0].values[0] = "unhappy";
  EXPECT_THAT(open_renames(hints, before), testing::SizeIs(3));
  // The table was renamed before, its column was not.
  model::Model between = model;
  between.tables[1].columns[0].name = "name";
  EXPECT_THAT(open_renames(hints, between),
              ElementsAre(Rename{model::Name("people"), "name", "full_name"}));
}

}  // namespace
}  // namespace sterna::test
