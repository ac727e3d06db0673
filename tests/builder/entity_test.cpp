// Typed rows against every real database. What must not compile stands in compile_fail/.
#include <gtest/gtest.h>
#include <sterna/database.hpp>
#include <sterna/entity.hpp>

#include "builder/entity.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

namespace entity_test {

struct User {
  std::int64_t id = 0;
  std::string email;
  std::optional<std::int32_t> age;
  bool active = true;
  double score = 0;
  std::string bio;
  std::optional<sterna::Timestamp> seen_at;
  sterna::Blob avatar;
  bool operator==(const User&) const = default;
};

struct Membership {
  std::int32_t group_id = 0;
  std::int64_t user_id = 0;
  std::string role;
  bool operator==(const Membership&) const = default;
};

}  // namespace entity_test

using entity_test::Membership;
using entity_test::User;

template <>
inline constexpr auto sterna::entity<User> = sterna::table<User>(
    "users", sterna::column<&User::id>("id").primary().auto_increment(),
    sterna::column<&User::email>("email").unique(), sterna::column<&User::age>("age").index(),
    sterna::column<&User::active>("active").default_to(true),
    sterna::column<&User::score>("score").default_to(0.5), sterna::column<&User::bio>("bio").text(),
    sterna::column<&User::seen_at>("seen_at"), sterna::column<&User::avatar>("avatar"));

template <>
inline constexpr auto sterna::entity<Membership> = sterna::table<Membership>(
    "memberships", sterna::column<&Membership::group_id>("group_id").primary(),
    sterna::column<&Membership::user_id>("user_id").primary().references("users", "id",
                                                                         sterna::Cascade),
    sterna::column<&Membership::role>("role").length(20).default_to("member").check("role <> ''"));

namespace sterna {
namespace {

static_assert(entity<User>.size == 8);
static_assert(entity<User>.primary_count() == 1);
static_assert(col<&User::email>.name() == "email");

class TypedRows : public testing::TestWithParam<test::Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    place.emplace(GetParam());
    db.emplace(place->url());
    db->schema().create_table<User>();
    db->schema().create_table<Membership>();
  }

  static User user(std::string email, std::optional<std::int32_t> age) {
    User result;
    result.email = std::move(email);
    result.age = age;
    return result;
  }
  void seed() {
    db->insert(std::vector<User>{user("ann@admin.com", 31), user("bob@x.com", 17),
                                 user("cyd@admin.com", std::nullopt), user("dan@admin.com", 50)});
  }
  static std::vector<std::string> emails(const std::vector<User>& users) {
    std::vector<std::string> result;
    for (const User& u : users) result.push_back(u.email);
    return result;
  }

  using Strings = std::vector<std::string>;
  std::optional<test::TestDatabase> place;
  std::optional<Database> db;
};

TEST_P(TypedRows, WriteAndReadEveryMember) {
  User ann = user("ann@admin.com", 31);
  ann.id = 7;
  ann.active = false;
  ann.score = 2.25;
  ann.bio = std::string(5000, 'x');
  ann.seen_at = parse_timestamp("2026-01-15 14:30:22.123456");
  ann.avatar = Blob{std::string("\0\x01\xff'", 4)};
  db->insert(ann);
  const std::optional<User> read = db->find<User>(7);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, ann);
  EXPECT_EQ(db->find<User>(8), std::nullopt);
}

TEST_P(TypedRows, LeaveTheNumberOfANewRowToTheDatabase) {
  seed();
  const std::vector<User> users = db->select<User>().order_by(col<&User::id>).all();
  ASSERT_EQ(users.size(), 4U);
  EXPECT_GT(users[0].id, 0);
  EXPECT_LT(users[0].id, users[1].id);
  EXPECT_EQ(users[2].age, std::nullopt);
}

TEST_P(TypedRows, SelectByTypedConditions) {
  seed();
  const std::int64_t first = db->select<User>().order_by(col<&User::id>).first()->id;
  EXPECT_EQ(emails(db->select<User>()
                       .where(col<&User::email>.ends_with("@admin.com") && col<&User::id> > first)
                       .order_by(col<&User::id>)
                       .limit(3)
                       .all()),
            (Strings{"cyd@admin.com", "dan@admin.com"}));
  const auto select = [&](const Predicate<User>& predicate) {
    return emails(db->select<User>().where(predicate).order_by(col<&User::email>).all());
  };
  EXPECT_EQ(select(col<&User::age> == 31), Strings{"ann@admin.com"});
  EXPECT_EQ(select(col<&User::age> != 31), (Strings{"bob@x.com", "dan@admin.com"}));
  EXPECT_EQ(select(col<&User::age> < 31 || col<&User::age> >= 50),
            (Strings{"bob@x.com", "dan@admin.com"}));
  EXPECT_EQ(select(!(col<&User::age> <= 31) && col<&User::active> == true),
            Strings{"dan@admin.com"});
  EXPECT_EQ(select(col<&User::age>.is_null()), Strings{"cyd@admin.com"});
  EXPECT_EQ(select(col<&User::age> == std::nullopt), Strings{"cyd@admin.com"});
  EXPECT_EQ(select(col<&User::age>.is_not_null() && col<&User::email>.starts_with("d")),
            Strings{"dan@admin.com"});
  EXPECT_EQ(select(col<&User::age>.in({17, 50})), (Strings{"bob@x.com", "dan@admin.com"}));
  EXPECT_EQ(select(col<&User::email>.not_in({"bob@x.com"}) && col<&User::age>.between(20, 40)),
            Strings{"ann@admin.com"});
  EXPECT_EQ(select(col<&User::email>.contains("@x")), Strings{"bob@x.com"});
  EXPECT_EQ(select(col<&User::email>.like("%b@%")), Strings{"bob@x.com"});
  EXPECT_EQ(select(col<&User::email>.ilike("BOB%")), Strings{"bob@x.com"});
  EXPECT_EQ(select(col<&User::age> == col<&User::id>), Strings{});
  EXPECT_EQ(db->select<User>().where(col<&User::age> > 20).count(), 2);
  EXPECT_TRUE(db->select<User>().where(col<&User::age> == 17).exists());
  EXPECT_EQ(db->select<User>()
                .order_by_desc(col<&User::age>)
                .where(col<&User::age> > 0)
                .offset(1)
                .first()
                ->age,
            31);
}

TEST_P(TypedRows, UpdateAndRemoveByPrimaryKey) {
  seed();
  User bob = *db->select<User>().where(col<&User::email> == "bob@x.com").first();
  bob.age = 18;
  bob.bio = "grown up";
  EXPECT_EQ(db->update(bob), 1);
  EXPECT_EQ(db->find<User>(bob.id), bob);
  EXPECT_EQ(db->remove(bob), 1);
  EXPECT_EQ(db->find<User>(bob.id), std::nullopt);
  EXPECT_EQ(db->select<User>().where(col<&User::age> > 40).remove(), 1);
  EXPECT_THROW(db->select<User>().remove(), Error);
  EXPECT_EQ(db->select<User>().count(), 2);
}

TEST_P(TypedRows, CompositeKeysAndConstraintsOfTheDescription) {
  seed();
  const std::int64_t ann = db->select<User>().order_by(col<&User::id>).first()->id;
  db->insert(Membership{3, ann, "owner"});
  EXPECT_EQ(db->find<Membership>(3, ann)->role, "owner");
  EXPECT_EQ(db->update(Membership{3, ann, "guest"}), 1);
  EXPECT_EQ(db->find<Membership>(3, ann)->role, "guest");
  EXPECT_THROW(db->insert(Membership{3, ann, "twice"}), Error);
  EXPECT_THROW(db->insert(Membership{4, 999'999, "stranger"}), Error);
  EXPECT_THROW(db->insert(Membership{4, ann, ""}), Error);
  EXPECT_THROW(db->insert(user("ann@admin.com", 1)), Error);
  db->remove(*db->find<User>(ann));
  EXPECT_EQ(db->select<Membership>().count(), 0) << "ON DELETE CASCADE";
}

INSTANTIATE_TEST_SUITE_P(Every, TypedRows, testing::ValuesIn(test::all_kinds()),
                         testing::PrintToStringParamName());

TEST(EntityTable, IsTheTableOfItsDescription) {
  const model::Table table =
      entity_table<User>(dialect_named("postgres"), {"PostgreSQL", "15.4", 150004});
  using model::TypeKind;
  EXPECT_EQ(table.name.text(), "users");
  ASSERT_EQ(table.columns.size(), 8U);
  EXPECT_EQ(table.column("id")->type.kind, TypeKind::big_integer);
  EXPECT_TRUE(table.column("id")->auto_increment);
  EXPECT_EQ(table.column("email")->type.kind, TypeKind::string);
  EXPECT_EQ(table.column("email")->type.length, 255);
  EXPECT_EQ(table.column("age")->type.kind, TypeKind::integer);
  EXPECT_TRUE(table.column("age")->nullable);
  EXPECT_FALSE(table.column("email")->nullable);
  EXPECT_EQ(table.column("active")->default_value->text, "true");
  EXPECT_EQ(table.column("score")->default_value->text, "0.5");
  EXPECT_EQ(table.column("bio")->type.kind, TypeKind::text);
  EXPECT_EQ(table.column("seen_at")->type.kind, TypeKind::timestamp);
  EXPECT_EQ(table.column("avatar")->type.kind, TypeKind::binary);
  EXPECT_EQ(table.primary_key->parts.at(0).column, "id");
  EXPECT_EQ(table.uniques.at(0).name, "users_email_unique");
  EXPECT_EQ(table.indexes.at(0).name, "users_age_index");
}

TEST(EntityTable, DeducesTypesThatHoldEveryValueOfTheMember) {
  using detail::EntityType;
  static_assert(detail::deduce<std::int8_t>() == EntityType::tiny_integer);
  static_assert(detail::deduce<std::uint8_t>() == EntityType::small_integer);
  static_assert(detail::deduce<std::int16_t>() == EntityType::small_integer);
  static_assert(detail::deduce<std::uint16_t>() == EntityType::integer);
  static_assert(detail::deduce<std::int32_t>() == EntityType::integer);
  static_assert(detail::deduce<std::uint32_t>() == EntityType::big_integer);
  static_assert(detail::deduce<std::int64_t>() == EntityType::big_integer);
  static_assert(detail::deduce<float>() == EntityType::real);
  static_assert(detail::deduce<bool>() == EntityType::boolean);
  static_assert(detail::deduce<Timestamp>() == EntityType::timestamp);
}

}  // namespace
}  // namespace sterna
