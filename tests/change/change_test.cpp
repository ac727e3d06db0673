#include "change/change.hpp"

#include <gtest/gtest.h>

#include "database/render_build.hpp"

namespace sterna {
namespace {

using namespace test;  // the words that build changes

TableAction only_action(const Inverse& inverse) {
  EXPECT_EQ(inverse.obstacle, "");
  EXPECT_EQ(inverse.changes.size(), 1U);
  const auto& actions = std::get<AlterTable>(inverse.changes.at(0)).actions;
  EXPECT_EQ(actions.size(), 1U);
  return actions.at(0);
}

model::Column slug() { return column("slug", TypeKind::string, 80); }
AddColumn add(model::Column c) { return {std::move(c), false, false, {}}; }
DropColumn drop(std::string name) { return {std::move(name), false, std::nullopt}; }

TEST(Describe, IsOneLineForAPerson) {
  EXPECT_EQ(describe(create(table("posts", {slug()}))), "create table posts (2 columns)");
  EXPECT_EQ(describe(create(table("posts", {}))), "create table posts (1 column)");
  EXPECT_EQ(
      describe(alter("posts", {add(slug()),
                               AddIndex{index({part("slug")}, "posts_slug_index"), false, false}})),
      "posts: add column slug, add index posts_slug_index");
  EXPECT_EQ(describe(RenameTable{"app.posts", "articles"}), "rename table app.posts to articles");
  EXPECT_EQ(describe(sql("UPDATE posts\n   SET slug = ''")), "run UPDATE posts SET slug = ''");
}

TEST(Describe, CutsLongSqlBetweenCharacters) {
  std::string text = "SELECT '";
  for (int i = 0; i < 60; ++i) text += "\xc3\xa4";
  const std::string line = describe(sql(text));
  EXPECT_LT(line.size(), 90U);
  EXPECT_TRUE(line.ends_with("\xc3\xa4\xe2\x80\xa6")) << line;
}

TEST(Invert, ACreatedTableIsDropped) {
  const model::Table posts = table("posts", {slug()});
  const Inverse inverse = invert(create(posts));
  ASSERT_EQ(inverse.changes.size(), 1U);
  EXPECT_EQ(inverse.changes[0], Change(DropTable{"posts", false, false, posts}));
  EXPECT_TRUE(inverse.loses_rows);
}

TEST(Invert, ADroppedTableIsMadeAgainWhenItIsKnown) {
  const model::Table posts = table("posts", {slug()});
  const Inverse inverse = invert(DropTable{"posts", false, false, posts});
  ASSERT_EQ(inverse.changes.size(), 1U);
  EXPECT_EQ(inverse.changes[0], create(posts));
  EXPECT_FALSE(inverse.loses_rows);
  EXPECT_EQ(invert(DropTable{"posts", false, false, std::nullopt}).obstacle,
            "drop_table posts: its definition is not known here; write down() by hand or give the "
            "definition");
}

TEST(Invert, ATableIsRenamedBackInItsSchema) {
  EXPECT_EQ(invert(Change(RenameTable{"app.posts", "articles"})).changes.at(0),
            Change(RenameTable{"app.articles", "posts"}));
}

TEST(Invert, EveryActionHasItsCounterpart) {
  const auto inverse = [](TableAction action) {
    return only_action(invert(alter("posts", {std::move(action)})));
  };
  EXPECT_EQ(inverse(add(slug())), TableAction(DropColumn{"slug", false, slug()}));
  EXPECT_EQ(inverse(DropColumn{"slug", false, slug()}), TableAction(add(slug())));
  EXPECT_EQ(inverse(RenameColumn{"a", "b"}), TableAction(RenameColumn{"b", "a"}));
  EXPECT_EQ(inverse(RenameIndex{"a", "b"}), TableAction(RenameIndex{"b", "a"}));
  const model::Column text = column("slug", TypeKind::text);
  EXPECT_EQ(inverse(ModifyColumn{text, ModifyColumn::type, slug(), {}, false, {}}),
            TableAction(ModifyColumn{slug(), ModifyColumn::type, text, {}, false, {}}));
  const model::PrimaryKey key = primary({part("id")});
  EXPECT_EQ(inverse(AddPrimaryKey{key}), TableAction(DropPrimaryKey{"", key}));
  EXPECT_EQ(inverse(DropPrimaryKey{"", key}), TableAction(AddPrimaryKey{key}));
  const model::Index by_slug = index({part("slug")});
  EXPECT_EQ(inverse(AddIndex{by_slug, false, true}),
            TableAction(DropIndex{"", false, true, by_slug}));
  EXPECT_EQ(inverse(DropIndex{"i", false, true, by_slug}),
            TableAction(AddIndex{by_slug, false, true}));
  EXPECT_EQ(inverse(SetTableComment{"new", "old"}), TableAction(SetTableComment{"old", "new"}));
  EXPECT_EQ(inverse(SetTableOption{"engine", "Aria", "InnoDB"}),
            TableAction(SetTableOption{"engine", "InnoDB", "Aria"}));
}

TEST(Invert, EveryConstraintHasItsCounterpart) {
  using Kind = DropConstraint::Kind;
  const auto both_ways = [](const TableAction& addition, const TableAction& removal) {
    EXPECT_EQ(only_action(invert(alter("posts", {addition}))), removal);
    EXPECT_EQ(only_action(invert(alter("posts", {removal}))), addition);
  };
  const model::Unique u = unique({"slug"}, "u");
  both_ways(AddUnique{u}, DropConstraint{Kind::unique, "u", false, u});
  const model::ForeignKey f = foreign({"author_id"}, "users");
  both_ways(AddForeignKey{f}, DropConstraint{Kind::foreign_key, "", false, f});
  const model::Check c = check("c", "a > 0");
  both_ways(AddCheck{c}, DropConstraint{Kind::check, "c", false, c});
  model::Exclusion e;
  e.name = "e";
  both_ways(AddExclusion{e}, DropConstraint{Kind::exclusion, "e", false, e});
}

TEST(Invert, RenamesAndNewValuesGoBack) {
  EXPECT_EQ(only_action(invert(alter("posts", {RenameConstraint{"a", "b"}}))),
            TableAction(RenameConstraint{"b", "a"}));
  EXPECT_EQ(invert(RenameEnumValue{"mood", "sad", "unhappy"}).changes.at(0),
            Change(RenameEnumValue{"mood", "unhappy", "sad"}));
  EXPECT_EQ(invert(RenameObject{"enum", "app.mood", "feeling"}).changes.at(0),
            Change(RenameObject{"enum", "app.feeling", "mood"}));
  const model::EnumType two{"mood", {"a", "b"}, {}}, one{"mood", {"b"}, {}};
  model::Column before = slug(), after = slug();
  after.nullable = true;
  const ReplaceEnum replace{two, one, {{"posts", before, after}}};
  EXPECT_EQ(invert(replace).changes.at(0),
            Change(ReplaceEnum{one, two, {{"posts", after, before}}}));
  EXPECT_EQ(describe(replace), "enum mood: values anew (b)");
  const Inverse fill = invert(FillColumn{"posts", "slug", "md5(id)"});
  EXPECT_EQ(fill.obstacle, "");
  EXPECT_TRUE(fill.changes.empty());
}

TEST(Invert, ObjectsComeAndGoWithTheirText) {
  const model::Object view{"view", "v", "CREATE VIEW v AS SELECT 1", {}};
  EXPECT_EQ(invert(Change(CreateObject{view, false})).changes.at(0),
            Change(DropObject{"view", "v", false, false, view}));
  EXPECT_EQ(invert(Change(DropObject{"view", "v", false, false, view})).changes.at(0),
            Change(CreateObject{view, false}));
  EXPECT_EQ(invert(Change(CreateEnum{"mood", {"a"}})).changes.at(0),
            Change(DropObject{"enum", "mood", false, false, std::nullopt}));
}

TEST(Invert, SqlIsUndoneByTheSqlGivenForIt) {
  const Statement up{"UPDATE a", {}, {}, {}};
  const Statement down{"UPDATE b", {}, {}, {}};
  EXPECT_EQ(invert(Change(RawSql{up, down})).changes.at(0), Change(RawSql{down, up}));
  EXPECT_NE(invert(Change(RawSql{up, std::nullopt})).obstacle.find("UPDATE a"), std::string::npos);
}

TEST(Invert, ValidationNeedsNoUndoing) {
  const Inverse inverse = invert(alter("posts", {ValidateConstraint{"posts_fk"}}));
  EXPECT_EQ(inverse.obstacle, "");
  EXPECT_TRUE(inverse.changes.empty());
}

TEST(Invert, EveryObstacleNamesTheObjectAndTheWayOut) {
  const auto obstacle = [](TableAction action) {
    return invert(alter("posts", {std::move(action)})).obstacle;
  };
  const model::Column c = slug();
  EXPECT_EQ(
      obstacle(drop("slug")),
      "drop_column posts.slug: its definition is not known here; write down() by hand or give "
      "the definition");
  const std::vector<std::pair<std::string, std::string>> others = {
      {obstacle(AddColumn{c, true, false, {}}), "posts.slug"},
      {obstacle(ModifyColumn{c, ModifyColumn::type, std::nullopt, {}, false, {}}), "posts.slug"},
      {obstacle(ModifyColumn{c, ModifyColumn::type, c, "slug::text", false, {}}), "USING"},
      {obstacle(ModifyColumn{c, ModifyColumn::position, c, {}, true, {}}), "position"},
      {obstacle(DropPrimaryKey{"", std::nullopt}), "posts"},
      {obstacle(DropConstraint{DropConstraint::Kind::unique, "u", false, std::nullopt}), "posts.u"},
      {obstacle(DropIndex{"i", false, false, std::nullopt}), "posts.i"},
      {obstacle(AddIndex{index({part("slug")}, "i"), true, false}), "posts.i"},
      {obstacle(AddCheck{check("", "a > 0")}), "(a > 0)"},
      {obstacle(SetTableComment{"new", std::nullopt}), "posts"},
      {obstacle(SetTableOption{"engine", "Aria", std::nullopt}), "posts.engine"},
      {invert(Change(CreateTable{table("posts", {}), true})).obstacle, "posts"},
      {invert(Change(AddEnumValue{"mood", "calm", {}, {}})).obstacle, "'calm'"},
      {invert(Change(CreateObject{{"view", "v", "", {}}, true})).obstacle, "view v"},
      {invert(Change(DropObject{"view", "v", false, false, std::nullopt})).obstacle, "view v"}};
  for (const auto& [text, named] : others) {
    EXPECT_NE(text.find(named), std::string::npos) << text;
    EXPECT_NE(text.find("write down() by hand"), std::string::npos) << text;
  }
}

TEST(InvertList, GoesBackwards) {
  const Inverse inverse = invert({create(table("posts", {})),
                                  alter("posts", {add(slug()), add(column("x", TypeKind::text))}),
                                  RenameTable{"posts", "articles"}});
  ASSERT_EQ(inverse.obstacle, "");
  ASSERT_EQ(inverse.changes.size(), 3U);
  EXPECT_EQ(describe(inverse.changes[0]), "rename table articles to posts");
  EXPECT_EQ(describe(inverse.changes[1]), "posts: drop column x, drop column slug");
  EXPECT_EQ(describe(inverse.changes[2]), "drop table posts");
}

TEST(InvertList, KnowsWhatItCreatedItself) {
  model::Table posts = table("posts", {slug()});
  posts.indexes = {index({part("slug")})};  // named by default
  posts.uniques = {unique({"slug"}, "posts_u")};
  const Inverse inverse = invert(
      {create(posts), alter("posts", {DropIndex{"posts_slug_index", false, false, std::nullopt}}),
       alter("posts",
             {DropConstraint{DropConstraint::Kind::unique, "posts_u", false, std::nullopt}}),
       alter("posts", {drop("slug")}), DropTable{"posts", false, false, std::nullopt}});
  ASSERT_EQ(inverse.obstacle, "");
  ASSERT_EQ(inverse.changes.size(), 5U);
  model::Table rest = posts;
  rest.columns.pop_back();
  rest.indexes.clear();
  rest.uniques.clear();
  EXPECT_EQ(inverse.changes[0], create(rest));
  EXPECT_EQ(inverse.changes[1], alter("posts", {add(slug())}));
  EXPECT_EQ(inverse.changes[2], alter("posts", {AddUnique{posts.uniques[0]}}));
  EXPECT_EQ(inverse.changes[3], alter("posts", {AddIndex{posts.indexes[0], false, false}}));
}

TEST(InvertList, FollowsRenamesOfTablesAndColumns) {
  const Inverse inverse =
      invert({create(table("posts", {slug()})), RenameTable{"posts", "articles"},
              alter("articles", {RenameColumn{"slug", "path"}, drop("path")})});
  ASSERT_EQ(inverse.obstacle, "");
  model::Column path = slug();
  path.name = "path";
  EXPECT_EQ(inverse.changes[0], alter("articles", {add(path), RenameColumn{"path", "slug"}}));
}

TEST(InvertList, RemembersTheFormerShapeOfAChangedColumn) {
  const model::Column text = column("slug", TypeKind::text);
  const ModifyColumn change{text, ModifyColumn::type, std::nullopt, {}, false, {}};
  const Inverse inverse = invert({alter("posts", {add(slug())}), alter("posts", {change})});
  ASSERT_EQ(inverse.obstacle, "");
  EXPECT_EQ(inverse.changes[0],
            alter("posts", {ModifyColumn{slug(), ModifyColumn::type, text, {}, false, {}}}));
}

TEST(InvertList, DoesNotTakeAnAlteredTableForAKnownOne) {
  const Inverse inverse =
      invert({alter("posts", {add(slug())}), DropTable{"posts", false, false, std::nullopt}});
  EXPECT_NE(inverse.obstacle.find("drop_table posts"), std::string::npos);
}

TEST(InvertList, StopsAtTheFirstObstacleFromTheEnd) {
  const Inverse inverse = invert({alter("a", {drop("x")}), alter("b", {drop("y")})});
  EXPECT_NE(inverse.obstacle.find("b.y"), std::string::npos);
  EXPECT_TRUE(inverse.changes.empty());
}

}  // namespace
}  // namespace sterna
