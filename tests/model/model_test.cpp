#include "model/model.hpp"

#include <gtest/gtest.h>

namespace sterna::model {
namespace {

TEST(ModelName, PartsAtTheFirstDot) {
  EXPECT_EQ(Name("users"), Name("", "users"));
  EXPECT_EQ(Name("app.users"), Name("app", "users"));
  EXPECT_EQ(Name("app.odd.name"), Name("app", "odd.name"));
  EXPECT_EQ(Name("app.users").text(), "app.users");
  EXPECT_EQ(Name("users").text(), "users");
}

TEST(ModelTable, FindsAColumnByItsName) {
  Table table;
  table.columns.resize(2);
  table.columns[0].name = "id";
  table.columns[1].name = "slug";
  EXPECT_EQ(table.column("slug"), &table.columns[1]);
  EXPECT_EQ(table.column("Slug"), nullptr);
  EXPECT_EQ(std::as_const(table).column("id"), &table.columns[0]);
}

TEST(DefaultName, JoinsTableColumnsAndSuffix) {
  EXPECT_EQ(default_name("posts", {"author_id", "slug"}, "unique", 63),
            "posts_author_id_slug_unique");
  EXPECT_EQ(default_name("app.posts", {"slug"}, "index", 63), "posts_slug_index");
  EXPECT_EQ(default_name("posts", {}, "pkey", 63), "posts_pkey");
}

TEST(DefaultName, IsCutWithAHashOfTheWhole) {
  const std::string a(70, 'a');
  const std::string cut = default_name(a, {"x"}, "index", 63);
  EXPECT_EQ(cut.size(), 63U);
  EXPECT_EQ(cut.substr(0, 55), std::string(54, 'a') + "_");
  EXPECT_NE(cut, default_name(a, {"y"}, "index", 63));
  EXPECT_EQ(cut, default_name(a, {"x"}, "index", 63));
  EXPECT_EQ(default_name(std::string(57, 'a'), {}, "index", 63).size(), 63U);
  EXPECT_EQ(default_name(std::string(57, 'a'), {}, "index", 63), std::string(57, 'a') + "_index");
}

TEST(DefaultName, NeverCutsInsideACharacter) {
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "\xc3\xa4";  // two bytes each
  for (const std::size_t longest : {62U, 63U, 64U}) {
    const std::string cut = default_name(umlauts, {"x"}, "index", longest);
    EXPECT_LE(cut.size(), longest);
    const std::size_t kept = cut.rfind('_');
    EXPECT_EQ(kept % 2, 0U) << longest;
    EXPECT_EQ(cut.substr(0, kept), umlauts.substr(0, kept));
  }
}

TEST(DefaultName, KeepsEvenAnAbsurdLimit) {
  EXPECT_LE(default_name("posts", {"slug"}, "index", 5).size(), 5U);
  EXPECT_LE(default_name("posts", {"slug"}, "index", 9).size(), 9U);
}

TEST(DefaultName, TellsKindsOfIndexesApart) {
  Index index;
  index.parts.resize(1);
  index.parts[0].column = "body";
  EXPECT_EQ(default_name("posts", index, 63), "posts_body_index");
  index.unique = true;
  EXPECT_EQ(default_name("posts", index, 63), "posts_body_unique");
  index.kind = IndexKind::full_text;
  EXPECT_EQ(default_name("posts", index, 63), "posts_body_fulltext");
  index.kind = IndexKind::spatial;
  EXPECT_EQ(default_name("posts", index, 63), "posts_body_spatial");
}

TEST(DefaultName, ReadsTheWordsOfAnExpression) {
  Index index;
  index.parts.resize(1);
  index.parts[0].expression = "lower((email)::text)";
  EXPECT_EQ(default_name("users", index, 63), "users_lower_email_text_index");
}

}  // namespace
}  // namespace sterna::model
