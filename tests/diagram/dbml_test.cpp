// DBML both ways: what is read, what is refused and where, and that nothing gets lost between.
#include "diagram/dbml.hpp"
#include "diagram/dbml_read.hpp"
#include "diagram/diagram_support.hpp"

#include "base/file.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sterna::test {
namespace {

using diagram::DbmlDocument;
using diagram::DbmlOptions;
using diagram::read_dbml;
using diagram::to_dbml;
using model::ReferentialAction;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

DbmlDocument read(std::string_view text) {
  DbmlOptions options;
  options.dialect = "postgres";
  options.default_schema = "public";
  options.file = "schema.dbml";
  return read_dbml(text, options);
}

model::Table only_table(std::string_view text) {
  const DbmlDocument document = read(text);
  EXPECT_EQ(document.model.tables.size(), 1u);
  return document.model.tables.empty() ? model::Table{} : document.model.tables.front();
}

std::string as_given(const model::Type& type) { return type.name; }

TEST(DbmlReader, ReadsColumnsWithAllTheirSettings) {
  const model::Table table = only_table(R"(
    Table users as U [headercolor: #3498DB, note: 'people'] {
      id integer [pk, increment] // a comment
      "full name" varchar(40) [not null, unique, default: 'it\'s', note: 'as they write it']
      balance numeric(10,2) [default: -1.5]
      made timestamp [default: `now()`]
      code text [default: `lower('X')`, check: `code <> ''`]
      active boolean [default: true]
      tags text[] [default: null]
      odd "double precision"
    })");
  EXPECT_EQ(table.comment, "people");
  ASSERT_EQ(table.columns.size(), 8u);
  EXPECT_EQ(table.columns[0].name, "id");
  EXPECT_TRUE(table.columns[0].auto_increment);
  EXPECT_FALSE(table.columns[0].nullable);
  ASSERT_TRUE(table.primary_key);
  EXPECT_EQ(table.primary_key->parts.front().column, "id");
  EXPECT_EQ(table.columns[1].type.name, "varchar(40)");
  EXPECT_EQ(table.columns[1].default_value->text, "it's");
  EXPECT_EQ(table.columns[1].comment, "as they write it");
  EXPECT_THAT(table.uniques.front().columns, ElementsAre("full name"));
  EXPECT_EQ(table.columns[2].type.name, "numeric(10,2)");
  EXPECT_EQ(table.columns[2].default_value->text, "-1.5");
  EXPECT_TRUE(table.columns[2].nullable);
  EXPECT_EQ(table.columns[3].default_value->kind, model::Default::Kind::now);
  EXPECT_EQ(table.columns[4].default_value->text, "lower('X')");
  EXPECT_EQ(table.checks.front().expression, "code <> ''");
  EXPECT_EQ(table.columns[5].default_value->literal, model::Default::Literal::boolean);
  EXPECT_EQ(table.columns[6].type.name, "text[]");
  EXPECT_EQ(table.columns[6].default_value->literal, model::Default::Literal::null);
  EXPECT_EQ(table.columns[7].type.name, "double precision");
}

TEST(DbmlReader, ReadsIndexesAndKeysOfSeveralColumns) {
  const model::Table table = only_table(R"(
    Table t {
      indexes { (a, b) [pk] }
      a integer
      b integer
      c text
      Indexes {
        c [name: 'by_c', type: hash, note: 'quick']
        (a, `lower(c)`) [unique, name: "u"]
        (b, c) [unique]
      }
    })");
  ASSERT_TRUE(table.primary_key);
  EXPECT_EQ(table.primary_key->parts.size(), 2u);
  EXPECT_FALSE(table.columns[0].nullable);
  EXPECT_FALSE(table.columns[1].nullable);
  ASSERT_EQ(table.indexes.size(), 2u);
  const auto by_c = std::find_if(table.indexes.begin(), table.indexes.end(),
                                 [](const model::Index& each) { return each.name == "by_c"; });
  ASSERT_NE(by_c, table.indexes.end());
  EXPECT_EQ(by_c->method, "hash");
  EXPECT_EQ(by_c->comment, "quick");
  ASSERT_EQ(table.uniques.size(), 1u);
  EXPECT_THAT(table.uniques.front().columns, ElementsAre("b", "c"));
}

constexpr const char* two_tables =
    "Table a { id int [pk]\n x int\n y int }\n"
    "Table b { id int [pk]\n x int\n y int }\n";

const model::ForeignKey& only_key(const DbmlDocument& document, const std::string& table) {
  static const model::ForeignKey none;
  const model::Table* found = document.model.table(table);
  EXPECT_TRUE(found != nullptr && found->foreign_keys.size() == 1) << table;
  return found == nullptr || found->foreign_keys.empty() ? none : found->foreign_keys.front();
}

TEST(DbmlReader, EveryFormOfReferenceIsAForeignKeyOfTheTableWithManyRows) {
  const std::string tables = two_tables;
  for (const char* form : {"Ref: b.x > a.id", "Ref: a.id < b.x", "Ref r { b.x > a.id }",
                           "Ref: public.b.x > public.a.id", "Ref: a.id - b.x"}) {
    const DbmlDocument document = read(tables + form);
    const model::ForeignKey& key = only_key(document, "b");
    EXPECT_THAT(key.columns, ElementsAre("x")) << form;
    EXPECT_EQ(key.referenced_table, model::Name("a")) << form;
    EXPECT_THAT(key.referenced_columns, ElementsAre("id")) << form;
  }
  const DbmlDocument inline_form = read("Table a { id int [pk] }\nTable b { x int [ref: > a.id] }");
  EXPECT_THAT(only_key(inline_form, "b").referenced_columns, ElementsAre("id"));
  const DbmlDocument several =
      read(tables + "Ref pair: b.(x, y) > a.(x, y) [delete: cascade, update: set null]");
  const model::ForeignKey& key = only_key(several, "b");
  EXPECT_EQ(key.name, "pair");
  EXPECT_THAT(key.columns, ElementsAre("x", "y"));
  EXPECT_EQ(key.on_delete, ReferentialAction::cascade);
  EXPECT_EQ(key.on_update, ReferentialAction::set_null);
}

TEST(DbmlReader, ManyToManyMakesATableBetween) {
  const DbmlDocument document = read(std::string(two_tables) + "Ref: a.id <> b.id");
  ASSERT_EQ(document.model.tables.size(), 3u);
  const auto between =
      std::find_if(document.model.tables.begin(), document.model.tables.end(),
                   [](const model::Table& table) { return table.foreign_keys.size() == 2; });
  ASSERT_NE(between, document.model.tables.end());
  EXPECT_EQ(between->columns.size(), 2u);
  EXPECT_TRUE(between->primary_key);
}

TEST(DbmlReader, EnumsAreTypesOrStandAtTheirColumns) {
  const char* text = "Enum mood { happy\n \"so so\" [note: 'x'] }\nTable t { m mood }";
  const DbmlDocument named = read(text);
  ASSERT_EQ(named.model.enums.size(), 1u);
  EXPECT_THAT(named.model.enums.front().values, ElementsAre("happy", "so so"));
  EXPECT_EQ(named.model.tables.front().columns.front().type.name, "mood");
  EXPECT_THAT(named.not_kept, ElementsAre("2:11: the note of an enum value"));
  DbmlOptions options;
  options.dialect = "mysql";
  options.named_enums = false;
  const DbmlDocument at_columns = read_dbml(text, options);
  EXPECT_THAT(at_columns.model.enums, IsEmpty());
  const model::Type& type = at_columns.model.tables.front().columns.front().type;
  EXPECT_EQ(type.kind, model::TypeKind::enumeration);
  EXPECT_THAT(type.values, ElementsAre("happy", "so so"));
}

TEST(DbmlReader, ProjectGroupsAndNotesAreKept) {
  const DbmlDocument document = read(R"(
    Project shop {
      database_type: 'PostgreSQL'
      Note: '''
        First line
          second line
      '''
    }
    Table app.orders { id int }
    TableGroup sales [color: #fff] {
      app.orders
      Note: 'money'
    }
    Note later { 'think again' })");
  EXPECT_EQ(document.project, "shop");
  EXPECT_EQ(document.note, "First line\n  second line");
  ASSERT_EQ(document.groups.size(), 1u);
  EXPECT_EQ(document.groups.front().color, "#fff");
  EXPECT_EQ(document.groups.front().note, "money");
  EXPECT_THAT(document.groups.front().tables, ElementsAre(model::Name("app", "orders")));
  ASSERT_EQ(document.notes.size(), 1u);
  EXPECT_EQ(document.notes.front().text, "think again");
  EXPECT_THAT(document.model.schemas, ElementsAre("app"));
}

struct BadDbml {
  const char* text;
  int line, column;
  const char* message;
};

// The place is where a person has to look, not where the reader gave up.
TEST(DbmlReader, WhatIsWrongIsSaidWithLineAndColumn) {
  const BadDbml cases[] = {
      {"Tabel t { }", 1, 1, "begins nothing that DBML has"},
      {"Table t {\n  id int\n", 1, 9, "not closed with }"},
      {"Table t {\n  id\n  b int }", 3, 3, "the type of the column id is missing"},
      {"Table t {\n  id int [pk\n}", 3, 1, ", is missing"},
      {"Table t {\n  id int [kp]\n}", 2, 11, "no setting kp"},
      {"Table t {\n  id int\n  id int\n}", 3, 3, "there twice"},
      {"Table t { a int }\nTable t { a int }", 2, 1, "there twice"},
      {"Table t { a int [note: 'x] }", 1, 24, "not closed"},
      {"Table t { a int [default: `x] }", 1, 27, "not closed"},
      {"/* never", 1, 1, "not closed"},
      {"Table t { a int [default: later] }", 1, 27, "a default is"},
      {"Table t {\n a int\n indexes {\n  b\n }\n}", 4, 3, "has no column b"},
      {"Table t { a int [pk]\n indexes { a [pk] } }", 2, 12, "described twice"},
      {"Table t { a int }\nRef: t.a > u.id", 2, 12, "u"},
      {"Table t { a int }\nRef: t.a > t.b", 2, 12, "b"},
      {"Table t { a int }\nRef: t.a ~ t.a", 2, 10, "one of < > - <>"},
      {"Table t { a int }\nRef: t.a > t.a [delete: explode]", 2, 25, "no action"},
      {"Enum e { a\n a }", 2, 2, "there twice"},
      {"Enum e { a }\nEnum e { b }", 2, 1, "there twice"},
      {"TableGroup g {\n  nowhere\n}", 2, 3, "nowhere"},
      {"Table t { a int b int }", 1, 17, "cannot stand after a column"},
      {"Table t { a varchar(4 }", 1, 20, "not closed with )"},
      {"Table t { ~base }", 1, 11, "TablePartial"},
      {"Records t(a) { 1 }", 1, 1, "no rows"},
      {"Table a.b.c { x int }", 1, 10, "more parts"},
      {"Table t { a int } ?", 1, 19, "knows no ?"},
  };
  for (const BadDbml& each : cases) {
    try {
      read(each.text);
      ADD_FAILURE() << "was read: " << each.text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation) << each.text;
      EXPECT_THAT(error.what(), HasSubstr(each.message)) << each.text;
      ASSERT_GT(error.position().line, 0) << each.text;
      EXPECT_EQ(error.position().file, "schema.dbml");
      EXPECT_EQ(error.position().line, each.line) << each.text << "\n" << error.what();
      EXPECT_EQ(error.position().column, each.column) << each.text << "\n" << error.what();
    }
  }
}

TEST(DbmlReader, SuggestsTheWordThatWasMeant) {
  try {
    read("Tablle t { }");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.suggestions(), ElementsAre("did you mean Table?"));
  }
}

class DbmlRoundTrip : public testing::TestWithParam<std::string> {};

// Text → model → text: what the writer writes the reader understands, whole.
TEST_P(DbmlRoundTrip, WhatIsWrittenReadsBackAndIsWrittenTheSame) {
  const model::Model model = golden_model(GetParam());
  const std::string first = to_dbml(model, spelling_for(model));
  DbmlOptions options;
  options.dialect = model.dialect;
  const DbmlDocument once = read_dbml(first, options);
  EXPECT_THAT(once.not_kept, IsEmpty());
  const std::string second = to_dbml(once.model, as_given);
  const DbmlDocument twice = read_dbml(second, options);
  EXPECT_EQ(once.model, twice.model);
  EXPECT_EQ(to_dbml(twice.model, as_given), second);
}

TEST_P(DbmlRoundTrip, TablesColumnsKeysAndReferencesSurvive) {
  const model::Model model = golden_model(GetParam());
  DbmlOptions options;
  options.dialect = model.dialect;
  const model::Model back = read_dbml(to_dbml(model, spelling_for(model)), options).model;
  std::size_t references = 0, references_back = 0;
  for (const model::Table& table : back.tables) references_back += table.foreign_keys.size();
  for (const auto& each : diagram::facts_of(model).relationships)
    references += each.parent_columns.empty() ? 0 : 1;
  EXPECT_EQ(references_back, references);
  for (const model::Table& table : model.tables) {
    if (table.columns.empty()) continue;  // DBML has no such tables
    const model::Table* read = back.table(table.name);
    ASSERT_NE(read, nullptr) << table.name.text();
    ASSERT_EQ(read->columns.size(), table.columns.size());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      EXPECT_EQ(read->columns[c].name, table.columns[c].name);
      EXPECT_EQ(read->columns[c].nullable, table.columns[c].nullable)
          << table.name.text() << "." << table.columns[c].name;
      EXPECT_EQ(read->columns[c].comment, table.columns[c].comment);
    }
    EXPECT_EQ(read->partition_key, table.partition_key);
    EXPECT_EQ(read->clustering_key, table.clustering_key);
    EXPECT_EQ(read->comment, table.comment);
    if (!table.partition_key.empty()) continue;
    EXPECT_EQ(read->primary_key.has_value(), table.primary_key.has_value()) << table.name.text();
  }
}

INSTANTIATE_TEST_SUITE_P(All, DbmlRoundTrip, testing::ValuesIn(golden_names()),
                         [](const auto& instance) { return instance.param; });

std::string broken(std::string text, std::mt19937& random) {
  static const std::vector<std::string> pieces = {"{",    "}",
                                                  "[",    "]",
                                                  "(",    ")",
                                                  "'",    "'''",
                                                  "\"",   "`",
                                                  "//",   "/*",
                                                  ".",    ",",
                                                  ":",    "<>",
                                                  "<",    "-",
                                                  "\n",   "\\",
                                                  "pk",   "Table",
                                                  "Ref",  "Enum",
                                                  "\xff", std::string(1, '\0'),
                                                  "9e",   "~",
                                                  "#"};
  for (std::size_t edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        text.insert(at, pieces[random() % pieces.size()]);
        break;
      case 1:
        text.erase(at, 1 + random() % 20);
        break;
      case 2:
        text.resize(at);
        break;
      default:
        text.insert(at, text.substr(random() % text.size(), random() % 60));
    }
  }
  return text;
}

// The text is cut and stirred: it is read, or refused at a place in it; never anything else.
TEST(DbmlReader, BrokenTextIsRefusedAtAPlaceInIt) {
  std::mt19937 random(20);
  std::size_t refused = 0;
  for (const char* name : {"awkward", "cql_sensors", "sqlite_film_rental"}) {
    const model::Model model = golden_model(name);
    const std::string good = to_dbml(model, spelling_for(model));
    for (int round = 0; round < 400; ++round) {
      const std::string text = broken(good, random);
      try {
        const DbmlDocument document = read(text);
        EXPECT_NO_THROW(read(to_dbml(document.model, as_given))) << text;
      } catch (const Error& error) {
        ++refused;
        EXPECT_EQ(error.kind(), ErrorKind::validation);
        EXPECT_GE(error.position().line, 1);
        EXPECT_GE(error.position().column, 1);
        EXPECT_LE(error.position().line, 1 + std::count(text.begin(), text.end(), '\n'));
      }
    }
  }
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace sterna::test
