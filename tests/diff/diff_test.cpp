// What the diff makes of two models, without a database: order, losses, renames.
#include "diff/diff.hpp"
#include "database/registry.hpp"
#include "diff/order.hpp"
#include "diff/widens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using model::Column;
using model::Model;
using model::Table;
using model::Type;
using model::TypeKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Column column(std::string name, TypeKind kind = TypeKind::integer) {
  Column result;
  result.name = std::move(name);
  result.type.kind = kind;
  return result;
}

Table table(std::string name, std::vector<Column> columns) {
  Table result;
  result.name = model::Name(std::move(name));
  result.columns = std::move(columns);
  return result;
}

model::ForeignKey key(std::string name, std::string from, std::string to) {
  model::ForeignKey result;
  result.name = std::move(name);
  result.columns = {std::move(from)};
  result.referenced_table = model::Name(std::move(to));
  result.referenced_columns = {"id"};
  return result;
}

model::Object object(std::string kind, std::string name, std::vector<std::string> needs,
                     std::string definition = "CREATE …") {
  model::Object result;
  result.kind = std::move(kind);
  result.name = model::Name(std::move(name));
  result.definition = std::move(definition);
  result.depends_on = std::move(needs);
  return result;
}

Model schema(std::vector<Table> tables, std::vector<model::Object> objects = {}) {
  Model result;
  result.dialect = "postgres";
  result.tables = std::move(tables);
  result.objects = std::move(objects);
  sort(result);
  return result;
}

std::vector<std::string> words(const Difference& difference) {
  std::vector<std::string> lines;
  for (const Change& change : difference.changes) lines.push_back(describe(change));
  return lines;
}

class DiffTest : public testing::Test {
 protected:
  Difference compare(const Model& from, const Model& to) const {
    DiffOptions options{dialect_named(dialect)};
    options.renames = renames;
    return diff(from, to, options);
  }
  std::string dialect = "postgres";
  std::vector<Rename> renames;
};

TEST_F(DiffTest, EqualModelsNeedNothing) {
  const Model one = schema({table("t", {column("id")})}, {object("view", "v", {"table t"})});
  EXPECT_TRUE(compare(one, one).empty());
}

TEST_F(DiffTest, KeysOfTablesThatReferToEachOtherComeAfterAllTables) {
  Table a = table("a", {column("id"), column("b_id")}),
        b = table("b", {column("id"), column("a_id")});
  a.foreign_keys = {key("a_b", "b_id", "b")};
  b.foreign_keys = {key("b_a", "a_id", "a")};
  const Difference made = compare(schema({}), schema({a, b}));
  ASSERT_THAT(made.changes, SizeIs(4));
  EXPECT_TRUE(std::holds_alternative<CreateTable>(made.changes[0]));
  EXPECT_TRUE(std::holds_alternative<CreateTable>(made.changes[1]));
  EXPECT_TRUE(std::get<CreateTable>(made.changes[0]).table.foreign_keys.empty());
  EXPECT_TRUE(std::holds_alternative<AlterTable>(made.changes[2]));
  const Difference dropped = compare(schema({a, b}), schema({}));
  ASSERT_THAT(dropped.changes, SizeIs(4));
  EXPECT_TRUE(std::holds_alternative<AlterTable>(dropped.changes[0]));
  EXPECT_TRUE(std::holds_alternative<DropTable>(dropped.changes[3]));
  EXPECT_THAT(dropped.losses, SizeIs(2));
}

TEST_F(DiffTest, OnSqliteKeysStayInTheirTable) {
  dialect = "sqlite";
  Table a = table("a", {column("id")}), b = table("b", {column("id"), column("a_id")});
  b.foreign_keys = {key("", "a_id", "a")};
  const Difference made = compare(schema({}), schema({a, b}));
  ASSERT_THAT(made.changes, SizeIs(2));
  EXPECT_THAT(std::get<CreateTable>(made.changes[1]).table.foreign_keys, SizeIs(1));
}

TEST_F(DiffTest, ViewsStepAsideForAColumnThatChangesItsTypeAndComeBack) {
  const std::vector<model::Object> views{object("view", "inner_view", {"table t"}),
                                         object("view", "outer_view", {"view inner_view"}),
                                         object("view", "unrelated", {"table u"})};
  const Table u = table("u", {column("id")});
  const Model from = schema({table("t", {column("id")}), u}, views);
  const Model to = schema({table("t", {column("id", TypeKind::big_integer)}), u}, views);
  const std::vector<std::string> lines = words(compare(from, to));
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_THAT(lines[0], testing::HasSubstr("outer_view"));
  EXPECT_THAT(lines[1], testing::HasSubstr("inner_view"));
  EXPECT_THAT(lines[2], testing::HasSubstr("t:"));
  EXPECT_THAT(lines[3], testing::HasSubstr("inner_view"));
  EXPECT_THAT(lines[4], testing::HasSubstr("outer_view"));
}

TEST_F(DiffTest, AViewStaysWhenAColumnIsOnlyAdded) {
  const std::vector<model::Object> views{object("view", "v", {"table t"})};
  const Model from = schema({table("t", {column("id")})}, views);
  const Model to = schema({table("t", {column("id"), column("n")})}, views);
  EXPECT_THAT(compare(from, to).changes, SizeIs(1));
}

TEST_F(DiffTest, WhatATableNeedsComesBeforeIt) {
  Table t = table("t", {column("id")});
  t.depends_on.keys = {"function next()", "enum mood"};
  Model to =
      schema({t}, {object("function", "next()", {"sequence s"}), object("sequence", "s", {})});
  to.enums = {{model::Name("mood"), {"sad"}, {}}};
  const std::vector<std::string> lines = words(compare(schema({}), to));
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_THAT(lines[3], testing::HasSubstr("table t"));
}

TEST_F(DiffTest, ADroppedColumnIsALossAndAWiderTypeIsNone) {
  const Model from = schema({table("t", {column("id"), column("gone")})});
  const Model to = schema({table("t", {column("id", TypeKind::big_integer)})});
  const Difference there = compare(from, to), back = compare(to, from);
  ASSERT_THAT(there.losses, SizeIs(1));
  EXPECT_EQ(there.losses[0].object, "t.gone");
  ASSERT_THAT(back.losses, SizeIs(1));
  EXPECT_EQ(back.losses[0].object, "t.id");
}

TEST_F(DiffTest, ARenameKeepsKeysIndexesAndReferences) {
  Table users = table("users", {column("id"), column("name")});
  users.primary_key = model::PrimaryKey{"users_pkey", {{"id", {}, false, {}, {}, {}, {}}}, {}};
  model::Index index;
  index.name = "by_name";
  index.parts = {{"name", {}, false, {}, {}, {}, {}}};
  users.indexes = {index};
  Table posts = table("posts", {column("id"), column("user_id")});
  posts.foreign_keys = {key("posts_user", "user_id", "users")};
  Table people = users;
  people.name = model::Name("people");
  people.columns[1].name = "full_name";
  people.indexes[0].parts[0].column = "full_name";
  Table new_posts = posts;
  new_posts.foreign_keys[0].referenced_table = model::Name("people");
  const Model from = schema({users, posts}), to = schema({people, new_posts});
  EXPECT_THAT(compare(from, to).losses, testing::Not(IsEmpty()));
  EXPECT_THAT(compare(from, to).possible_renames,
              testing::Contains(Rename{model::Name("users"), {}, "people"}));
  renames = {parse_rename("users:people", from), parse_rename("users.name:full_name", from)};
  const Difference difference = compare(from, to);
  EXPECT_THAT(difference.losses, IsEmpty());
  EXPECT_THAT(difference.changes, SizeIs(2));
}

TEST_F(DiffTest, AConstraintIsRenamedWhereTheDatabaseCanAndElseMadeAnew) {
  Table old = table("t", {column("id")});
  old.checks = {{"positive", "id > 0", false, false, {}}};
  Table now = old;
  now.checks[0].name = "above_zero";
  const Model from = schema({old}), to = schema({now});
  renames = {parse_rename("t.positive:above_zero", from)};
  EXPECT_EQ(renames[0].kind, Rename::Kind::constraint);
  EXPECT_THAT(words(compare(from, to)), ElementsAre("t: rename constraint positive to above_zero"));
  dialect = "mysql";
  EXPECT_THAT(words(compare(from, to)),
              ElementsAre("t: drop check positive, add check above_zero"));
}

TEST_F(DiffTest, AnEnumAndItsValuesAreRenamed) {
  Column mood = column("mood", TypeKind::native);
  mood.type.name = "mood";
  Model from = schema({table("t", {mood})});
  from.enums = {{model::Name("mood"), {"sad", "glad"}, {}}};
  Model to = from;
  to.enums = {{model::Name("feeling"), {"unhappy", "glad"}, {}}};
  to.tables[0].columns[0].type.name = "feeling";
  renames = {parse_rename("mood.sad:unhappy", from), parse_rename("mood:feeling", from)};
  const Difference difference = compare(from, to);
  EXPECT_THAT(words(difference),
              ElementsAre("enum mood: rename value sad to unhappy", "rename enum mood to feeling"));
  EXPECT_THAT(difference.losses, IsEmpty());
}

TEST_F(DiffTest, AFieldOfAStructuredTypeIsRenamedWhereADifferenceWouldBeRefused) {
  dialect = "cql";
  const auto text = column("any", TypeKind::text).type;
  Model from = schema({});
  from.dialect = dialect;
  from.types = {{model::Name("place"), {{"name", text}}, {}}};
  Model to = from;
  to.types[0].fields = {{"title", text}, {"country", text}};
  try {
    compare(from, to);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.suggestions(), testing::Contains(testing::HasSubstr("--rename place.")));
  }
  renames = {parse_rename("place.name:title", from)};
  EXPECT_EQ(renames[0].kind, Rename::Kind::field);
  EXPECT_THAT(words(compare(from, to)), ElementsAre("type place: rename field name to title",
                                                    "type place: add field country"));
  EXPECT_THAT(open_renames(renames, from), SizeIs(1));
  EXPECT_THAT(open_renames(renames, to), IsEmpty());
  EXPECT_THROW(parse_rename("place.nam:title", from), Error);
}

TEST_F(DiffTest, ARenameOfWhatIsNotThereIsRefusedWithANearName) {
  const Model from = schema({table("users", {column("name")})});
  for (const char* text : {"user:people", "users.nam:x", "users", ":x", "users:"}) {
    try {
      parse_rename(text, from);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
      EXPECT_THAT(error.suggestions(), testing::Not(IsEmpty())) << text;
    }
  }
}

TEST_F(DiffTest, ValuesOfAnEnumAreAddedInTheirPlaceAndWhatGoesIsALoss) {
  Model from = schema({}), to = schema({});
  from.enums = {{model::Name("mood"), {"b", "d"}, {}}};
  to.enums = {{model::Name("mood"), {"a", "b", "c", "d", "e"}, {}}};
  EXPECT_THAT(compare(from, to).changes, SizeIs(3));
  const Difference back = compare(to, from);
  ASSERT_THAT(back.changes, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<ReplaceEnum>(back.changes[0]));
  ASSERT_THAT(back.losses, SizeIs(1));
  EXPECT_THAT(back.losses[0].text, testing::HasSubstr("a, c, e"));
}

TEST_F(DiffTest, AnEnumThatATableIsPartitionedByKeepsItsValues) {
  Column kind = column("kind", TypeKind::native);
  kind.type.name = "mood";
  Table parted = table("t", {kind});
  parted.options["partition by"] = "LIST (kind)";
  Model from = schema({parted}), to = from;
  from.enums = {{model::Name("mood"), {"a", "b"}, {}}};
  to.enums = {{model::Name("mood"), {"b"}, {}}};
  EXPECT_THROW(compare(from, to), Error);
}

TEST_F(DiffTest, AValueThatIsUsedAtOnceComesWithANewType) {
  Column mood = column("mood", TypeKind::native);
  mood.type.name = "mood";
  Model from = schema({table("t", {mood})}), to = from;
  from.enums = {{model::Name("mood"), {"a"}, {}}};
  to.enums = {{model::Name("mood"), {"a", "b"}, {}}};
  EXPECT_TRUE(std::holds_alternative<AddEnumValue>(compare(from, to).changes.at(0)));
  to.tables[0].columns[0].default_value =
      model::Default{model::Default::Kind::expression, "'b'::mood", {}};
  EXPECT_TRUE(std::holds_alternative<ReplaceEnum>(compare(from, to).changes.at(0)));
}

TEST_F(DiffTest, ColumnsInAnotherOrderAreMovedWhereTheDatabaseCan) {
  const Model from = schema({table("t", {column("a"), column("b"), column("c")})});
  const Model to = schema({table("t", {column("c"), column("a"), column("b")})});
  const Difference fixed = compare(from, to);
  EXPECT_THAT(fixed.changes, IsEmpty());
  ASSERT_THAT(fixed.notes, SizeIs(1));
  EXPECT_THAT(fixed.notes[0], testing::HasSubstr("order"));
  dialect = "mysql";
  const Difference moved = compare(from, to);
  ASSERT_THAT(moved.changes, SizeIs(1));
  const auto& actions = std::get<AlterTable>(moved.changes[0]).actions;
  ASSERT_THAT(actions, SizeIs(1));
  EXPECT_TRUE(std::get<ModifyColumn>(actions[0]).first);
}

TEST_F(DiffTest, AConstraintThatIsOnlyValidatedIsNotMadeAgain) {
  Table old = table("t", {column("id")});
  old.checks = {{"positive", "id > 0", true, false, {}}};
  Table now = old;
  now.checks[0].not_valid = false;
  const Difference difference = compare(schema({old}), schema({now}));
  ASSERT_THAT(difference.changes, SizeIs(1));
  const auto& actions = std::get<AlterTable>(difference.changes[0]).actions;
  ASSERT_THAT(actions, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<ValidateConstraint>(actions[0]));
}

TEST_F(DiffTest, AnIndexUnderAnotherNameIsRenamed) {
  Table old = table("t", {column("id")}), now = old;
  model::Index index;
  index.parts = {{"id", {}, false, {}, {}, {}, {}}};
  index.name = "one";
  old.indexes = {index};
  index.name = "two";
  now.indexes = {index};
  const Difference difference = compare(schema({old}), schema({now}));
  ASSERT_THAT(difference.changes, SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<RenameIndex>(
      std::get<AlterTable>(difference.changes[0]).actions.at(0)));
}

TEST(CreationOrder, PutsEachAfterWhatItNeedsAndBearsCircles) {
  using detail::creation_order;
  using detail::Node;
  EXPECT_THAT(creation_order({{{"a"}, {"c"}}, {{"b"}, {}}, {{"c"}, {"b"}}}), ElementsAre(1, 2, 0));
  EXPECT_THAT(creation_order({{{"a"}, {"b"}}, {{"b"}, {"a", "nobody"}}}), ElementsAre(1, 0));
}

TEST(CreationOrder, BearsALongChain) {
  std::vector<detail::Node> nodes;
  constexpr int length = 200'000;
  for (int i = 0; i < length; ++i) nodes.push_back({{std::to_string(i)}, {std::to_string(i + 1)}});
  const std::vector<std::size_t> order = detail::creation_order(nodes);
  EXPECT_EQ(order.front(), static_cast<std::size_t>(length - 1));
}

TEST(Widens, KnowsWhatLosesNothing) {
  const auto type = [](TypeKind kind, std::optional<int> length = {}, bool is_unsigned = false) {
    Type result;
    result.kind = kind;
    result.length = length;
    result.is_unsigned = is_unsigned;
    return result;
  };
  using detail::widens;
  EXPECT_TRUE(widens(type(TypeKind::integer), type(TypeKind::big_integer)));
  EXPECT_FALSE(widens(type(TypeKind::big_integer), type(TypeKind::integer)));
  EXPECT_TRUE(widens(type(TypeKind::integer, {}, true), type(TypeKind::big_integer)));
  EXPECT_FALSE(widens(type(TypeKind::integer, {}, true), type(TypeKind::integer)));
  EXPECT_FALSE(widens(type(TypeKind::integer), type(TypeKind::integer, {}, true)));
  EXPECT_TRUE(widens(type(TypeKind::string, 10), type(TypeKind::string, 20)));
  EXPECT_FALSE(widens(type(TypeKind::string, 20), type(TypeKind::string, 10)));
  EXPECT_TRUE(widens(type(TypeKind::string, 20), type(TypeKind::text)));
  EXPECT_FALSE(widens(type(TypeKind::text), type(TypeKind::string, 20)));
  EXPECT_FALSE(widens(type(TypeKind::string, 20), type(TypeKind::uuid)));
}

}  // namespace
}  // namespace sterna::test
