// The drawing: a file that every reader of XML takes, whatever names a schema has.
#include "diagram/svg.hpp"

#include "diagram/diagram_support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sterna::test {
namespace {

using diagram::SvgOptions;
using diagram::SvgTheme;
using diagram::to_svg;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string as_given(const model::Type& type) { return type.name; }

model::Column column(const std::string& name, const std::string& type, bool nullable = false) {
  model::Column result;
  result.name = name;
  result.type.name = type;
  result.nullable = nullable;
  return result;
}

/// users (id) and posts (id, author_id → users).
model::Model blog() {
  model::Model model;
  model::Table posts{"posts"}, users{"users"};
  posts.columns = {column("id", "bigint"), column("author_id", "bigint", true)};
  posts.primary_key = {{"", {{.column = "id"}}}};
  model::ForeignKey key;
  key.columns = {"author_id"};
  key.referenced_table = "users";
  key.referenced_columns = {"id"};
  posts.foreign_keys = {key};
  users.columns = {column("id", "bigint")};
  users.primary_key = {{"", {{.column = "id"}}}};
  model.tables = {posts, users};
  return model;
}

TEST(Xml, TheCheckOfTheseTestsFindsWhatIsWrong) {
  EXPECT_EQ(what_is_wrong_with_xml("<a b=\"1\"><c/>x &amp; y</a>\n"), "");
  for (const char* bad : {"", "<a>", "<a></b>", "<a b=1/>", "<a b=\"<\"/>", "<a>&</a>", "<a/><b/>",
                          "<a b=\"1\" b=\"2\"/>", "<a>\x01</a>", "<a>x</a>y", "<a"})
    EXPECT_NE(what_is_wrong_with_xml(bad), "") << bad;
}

TEST(Svg, EverySampleIsWellFormedInEveryTheme) {
  for (const std::string& name : golden_names()) {
    const model::Model model = golden_model(name);
    for (const SvgTheme theme :
         {SvgTheme::automatic, SvgTheme::light, SvgTheme::dark, SvgTheme::print}) {
      SvgOptions options;
      options.theme = theme;
      EXPECT_EQ(what_is_wrong_with_xml(to_svg(model, spelling_for(model), options)), "") << name;
    }
  }
}

TEST(Svg, NoNameBreaksIt) {
  std::mt19937 random(7);
  const auto letters = [&] {
    std::string text;
    for (std::size_t i = random() % 40; i > 0; --i)
      text += random() % 3 == 0 ? "<>&\"'`\n\0]"[random() % 9] : static_cast<char>(random() % 256);
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    model::Model model = blog();
    for (model::Table& table : model.tables) {
      table.comment = letters();
      for (model::Column& each : table.columns) {
        each.comment = letters();
        each.type.name = letters();
      }
      table.columns.push_back(column(letters(), letters(), true));
      table.name = model::Name{letters(), letters()};
    }
    model.enums = {{letters(), {letters(), letters()}, letters()}};
    SvgOptions options;
    options.title = letters();
    EXPECT_EQ(what_is_wrong_with_xml(to_svg(model, as_given, options)), "");
  }
}

TEST(Svg, ShowsMarksTypesNullsAndCrowsFeet) {
  const std::string svg = to_svg(blog(), as_given);
  EXPECT_THAT(svg, AllOf(HasSubstr(">PK</text>"), HasSubstr(">FK</text>"), HasSubstr(">bigint<"),
                         HasSubstr(">null</text>")));
  EXPECT_THAT(svg, HasSubstr("marker-start=\"url(#many)\" marker-end=\"url(#zero-or-one)\""));
  model::Model required = blog();
  required.tables[0].columns[1].nullable = false;
  required.tables[0].uniques = {{"", {"author_id"}}};
  EXPECT_THAT(to_svg(required, as_given),
              HasSubstr("marker-start=\"url(#zero-or-one)\" marker-end=\"url(#one)\""));
}

TEST(Svg, NeedsNothingFromElsewhere) {
  const std::string svg = to_svg(golden_model("awkward"), as_given);
  EXPECT_THAT(svg, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("href")),
                         Not(HasSubstr("@import")), Not(HasSubstr("url(http"))));
}

TEST(Svg, IsReadableByThoseWhoCannotSeeIt) {
  SvgOptions options;
  options.title = "Blog & co";
  EXPECT_THAT(to_svg(blog(), as_given, options),
              AllOf(HasSubstr("role=\"img\""), HasSubstr(">Blog &amp; co</title>"),
                    HasSubstr("2 tables, 1 relationship, 0 enums"),
                    HasSubstr("posts (author_id) → users (id)")));
}

TEST(Svg, FollowsTheReadersColoursUnlessAThemeIsGiven) {
  EXPECT_THAT(to_svg(blog(), as_given),
              AllOf(HasSubstr("prefers-color-scheme:dark"), HasSubstr("@media print")));
  SvgOptions options;
  options.theme = SvgTheme::print;
  EXPECT_THAT(to_svg(blog(), as_given, options), Not(HasSubstr("@media")));
}

TEST(Svg, TablesStandWhereAPersonPutThem) {
  SvgOptions options;
  options.placed = {{"users", {500, 700}}};
  EXPECT_THAT(to_svg(blog(), as_given, options),
              HasSubstr("class=\"table\" transform=\"translate(500.0 700.0)\"><title>table users"));
}

TEST(Svg, AnEmptySchemaIsAnEmptyDrawing) {
  EXPECT_EQ(what_is_wrong_with_xml(to_svg(model::Model{}, as_given)), "");
}

}  // namespace
}  // namespace sterna::test
