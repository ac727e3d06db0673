// Descriptions of structs as a whole schema, and typed rows with enums and computed columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sterna/database.hpp>
#include <sterna/entity.hpp>
#include <sterna/error.hpp>

#include "builder/entity.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

namespace entity_model_test {

enum class Mood { sad, happy };

struct Team {
  std::int32_t country = 0;
  std::int64_t number = 0;
  std::string name;
};

struct Player {
  std::int64_t id = 0;
  std::int32_t country = 0;
  std::int64_t team = 0;
  std::string name;
  Mood mood = Mood::sad;
  std::optional<Mood> wish;
  std::optional<std::int64_t> rival;
  std::int32_t twice = 0;
};

struct Twin {
  std::int64_t id = 0;
};

struct Street {
  std::string name;
};

struct Event {
  std::string device;
  std::int64_t at = 0;
  std::string owner;
};

}  // namespace entity_model_test

using namespace entity_model_test;

template <>
inline constexpr auto sterna::enumeration<Mood> = sterna::enum_type<Mood>(
    "mood", sterna::value(Mood::sad, "sad"), sterna::value(Mood::happy, "happy").was("glad"));

// It refers to itself and to what is described later.
template <>
inline constexpr auto sterna::entity<Player> =
    sterna::table<Player>(
        "players", sterna::column<&Player::id>("id").primary(),
        sterna::column<&Player::country>("country"), sterna::column<&Player::team>("team"),
        sterna::column<&Player::name>("name")
            .length(80)
            .was("full_name")
            .on("mysql", [](auto c) { return c.type("mediumtext"); }),
        sterna::column<&Player::mood>("mood").default_to(Mood::happy),
        sterna::column<&Player::wish>("wish"),
        sterna::column<&Player::rival>("rival").references<&Player::id>(sterna::SetNull),
        sterna::column<&Player::twice>("twice").generated("country * 2"),
        sterna::foreign_key<&Player::country, &Player::team>()
            .references<&Team::country, &Team::number>()
            .on_delete(sterna::Cascade),
        sterna::index(sterna::by<&Player::country>().desc(), sterna::by<&Player::id>())
            .name("players_by_country"),
        sterna::index(sterna::by("lower(name)")).name("players_lower").only_on("postgres"),
        sterna::index<&Player::team>().where("team > 5").name("some").only_on("postgres"),
        sterna::check("country > 0").name("real_country"))
        .was("persons")
        .comment("Who plays")
        .on("mysql", [](auto t) { return t.engine("InnoDB"); });

template <>
inline constexpr auto sterna::entity<Team> = sterna::table<Team>(
    "teams", sterna::column<&Team::country>("country"), sterna::column<&Team::number>("number"),
    sterna::column<&Team::name>("name").length(40),
    sterna::primary_key<&Team::country, &Team::number>(),
    sterna::unique<&Team::country, &Team::name>().name("one_name"));

template <>
inline constexpr auto sterna::entity<Twin> = sterna::table<Twin>("teams",
                                                                 sterna::column<&Twin::id>("id"));

template <>
inline constexpr auto sterna::entity<Street> =
    sterna::user_type<Street>("street", sterna::column<&Street::name>("name").text());

template <>
inline constexpr auto sterna::entity<Event> =
    sterna::table<Event>("events", sterna::column<&Event::device>("device").text(),
                         sterna::column<&Event::at>("at"),
                         sterna::column<&Event::owner>("owner").text().static_())
        .partition_key<&Event::device>()
        .clustering_key(sterna::by<&Event::at>().desc());

namespace sterna {
namespace {

using testing::HasSubstr;

static_assert(entity<Team>.primary_count() == 2);

template <class... Entities>
EntityModel model_for(std::string_view dialect) {
  return entity_model({detail::entity_table_of<Entities>(dialect)...}, dialect_named(dialect), {});
}

TEST(EntityModel, KeysIndexesAndForeignKeysNameTheColumnsOfTheirMembers) {
  const model::Model model = model_for<Player, Team>("postgres").model;
  const model::Table& players = *model.table("players");
  ASSERT_EQ(players.foreign_keys.size(), 2u);
  for (const model::ForeignKey& key : players.foreign_keys) {
    if (key.columns.size() == 2) {
      EXPECT_EQ(key.referenced_table.name, "teams");
      EXPECT_EQ(key.referenced_columns, (std::vector<std::string>{"country", "number"}));
      EXPECT_EQ(key.on_delete, model::ReferentialAction::cascade);
    } else {
      EXPECT_EQ(key.referenced_table.name, "players");
      EXPECT_EQ(key.on_delete, model::ReferentialAction::set_null);
    }
  }
  EXPECT_EQ(players.indexes.size(), 3u);
  EXPECT_EQ(players.checks.front().name, "real_country");
  EXPECT_EQ(players.column("twice")->generated->expression, "country * 2");
  EXPECT_EQ(players.comment, "Who plays");
  const model::Table& teams = *model.table("teams");
  ASSERT_TRUE(teams.primary_key);
  EXPECT_EQ(teams.primary_key->parts.size(), 2u);
  EXPECT_EQ(teams.uniques.front().name, "one_name");
}

TEST(EntityModel, EachDatabaseGetsItsOwn) {
  const model::Model postgres = model_for<Player, Team>("postgres").model,
                     mysql = model_for<Player, Team>("mysql").model;
  EXPECT_EQ(postgres.table("players")->column("name")->type.length, 80);
  EXPECT_EQ(mysql.table("players")->column("name")->type.name, "mediumtext");
  EXPECT_EQ(mysql.table("players")->engine, "InnoDB");
  EXPECT_EQ(mysql.table("players")->indexes.size(), 1u);
  ASSERT_EQ(postgres.enums.size(), 1u);
  EXPECT_EQ(postgres.enums[0].values, (std::vector<std::string>{"sad", "happy"}));
  EXPECT_TRUE(mysql.enums.empty());
  EXPECT_EQ(mysql.table("players")->column("mood")->type.values.size(), 2u);
}

TEST(EntityModel, FormerNamesBecomeRenames) {
  const std::vector<EntityRename> renames = model_for<Player, Team>("postgres").renames;
  EXPECT_THAT(renames,
              testing::UnorderedElementsAre(EntityRename{"persons", "", "players", false},
                                            EntityRename{"persons", "full_name", "name", false},
                                            EntityRename{"mood", "glad", "happy", true}));
}

TEST(EntityModel, EverythingHasItsPlaceInTheSource) {
  const auto positions = model_for<Player, Team>("postgres").positions;
  EXPECT_THAT(positions.at("table players"), HasSubstr("entity_model_test.cpp:"));
  EXPECT_THAT(positions.at("players.mood"), HasSubstr("entity_model_test.cpp:"));
  EXPECT_NE(positions.at("players.mood"), positions.at("table players"));
  EXPECT_THAT(positions.at("enum mood"), HasSubstr("entity_model_test.cpp:"));
}

TEST(EntityModel, TwoDescriptionsOfOneTableAreRefusedWithBothPlaces) {
  try {
    model_for<Team, Twin>("sqlite");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_THAT(error.what(), HasSubstr("entity_model_test.cpp:"));
    EXPECT_THAT(error.position().file, HasSubstr("entity_model_test.cpp"));
    EXPECT_GT(error.position().line, 0);
  }
}

TEST(EntityModel, KeysOfWideRowsHoldTheirOrder) {
  const detail::EntityTable entity = detail::entity_table_of<Event>("cql");
  const model::Table table = entity_table(entity, dialect_named("sqlite"), {});
  EXPECT_EQ(table.partition_key, std::vector<std::string>{"device"});
  EXPECT_EQ(table.clustering_key, std::vector<std::string>{"at"});
  ASSERT_EQ(table.primary_key->parts.size(), 2u);
  EXPECT_TRUE(table.primary_key->parts[1].descending);
  EXPECT_TRUE(table.column("owner")->is_static);
}

TEST(EntityModel, AStructCanBeAUserDefinedType) {
  const model::Model model = model_for<Street>("postgres").model;
  ASSERT_EQ(model.objects.size(), 1u);
  EXPECT_EQ(model.objects[0].definition, "CREATE TYPE \"street\" (\"name\" text)");
  EXPECT_TRUE(model.tables.empty());
}

class EnumRows : public testing::TestWithParam<test::Kind> {};

TEST_P(EnumRows, EnumeratorsAreWrittenReadAndComparedAsTheirTexts) {
  STERNA_REQUIRE_SERVER(GetParam());
  const test::TestDatabase place(GetParam());
  Database db(place.url());
  db.schema().create_table<Team>();
  db.schema().create_table<Player>();
  db.insert(Team{1, 2, "reds"});
  Player ann;
  ann.id = 1;
  ann.country = 1;
  ann.team = 2;
  ann.name = "ann";
  ann.mood = Mood::happy;
  db.insert(ann);
  const Player read = db.find<Player>(1).value();
  EXPECT_EQ(read.mood, Mood::happy);
  EXPECT_EQ(read.wish, std::nullopt);
  EXPECT_EQ(read.twice, 2);
  ann.wish = Mood::sad;
  EXPECT_EQ(db.update(ann), 1);
  EXPECT_EQ(db.find<Player>(1)->wish, Mood::sad);
  EXPECT_EQ(db.select<Player>().where(col<&Player::mood> == Mood::happy).count(), 1);
  EXPECT_EQ(db.select<Player>().where(col<&Player::mood> == Mood::sad).count(), 0);
  EXPECT_EQ(db.select<Player>().where(col<&Player::wish>.in({Mood::sad, Mood::happy})).count(), 1);
  EXPECT_EQ(db.find<Team>(1, 2)->name, "reds");
}

INSTANTIATE_TEST_SUITE_P(Databases, EnumRows, testing::ValuesIn(test::all_kinds()),
                         [](const auto& one) {
                           return std::string(one.param == test::Kind::sqlite     ? "sqlite"
                                              : one.param == test::Kind::postgres ? "postgres"
                                                                                  : "mysql");
                         });

}  // namespace
}  // namespace sterna
