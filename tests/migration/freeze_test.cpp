// An operator keeps runs from beginning, on every engine.
#include "migration/health.hpp"
#include "migration/scenario.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class Frozen : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    scenario = std::make_unique<Scenario>(GetParam());
    scenario->write("001_users.sql",
                    "-- sterna:up\nCREATE TABLE users (id int PRIMARY KEY, name varchar(50));\n-- "
                    "sterna:down\nDROP TABLE users;\n");
  }
  std::unique_ptr<MigrationEngine> engine() { return scenario->engine(); }

  std::string refusal(const std::function<void()>& run) {
    try {
      run();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::refused) << error.what();
      EXPECT_EQ(error.state(), "nothing was run");
      EXPECT_THAT(error.suggestions(), testing::Contains(HasSubstr("sterna unfreeze")));
      return error.what();
    }
    return "accepted";
  }

  std::unique_ptr<Scenario> scenario;
};

INSTANTIATE_TEST_SUITE_P(Engines, Frozen, testing::ValuesIn(every_kind()),
                         testing::PrintToStringParamName());

TEST_P(Frozen, NothingRunsUntilItIsTakenBack) {
  engine()->freeze("failover until 'ten'");
  EXPECT_THAT(refusal([&] { engine()->up({}); }), HasSubstr("failover until 'ten'"));
  EXPECT_TRUE(scenario->applied().empty());
  engine()->freeze("another reason");
  EXPECT_THAT(refusal([&] { engine()->up({}); }), HasSubstr("another reason"));
  const std::optional<Freeze> before = engine()->unfreeze();
  ASSERT_TRUE(before.has_value());
  EXPECT_EQ(before->reason, "another reason");
  EXPECT_FALSE(engine()->unfreeze().has_value());
  EXPECT_THAT(engine()->up({}).applied, SizeIs(1));
}

TEST_P(Frozen, WhatHasNothingToDoIsNoError) {
  engine()->up({});
  engine()->freeze("");
  EXPECT_THAT(engine()->up({}).applied, SizeIs(0));
  EXPECT_THAT(refusal([&] {
                engine()->down({Target::Kind::steps, {}, 1});
              }),
              HasSubstr("frozen since"));
  EXPECT_THAT(refusal([&] { engine()->fresh(); }), HasSubstr("frozen since"));
  EXPECT_THAT(refusal([&] { engine()->run_work("by hand", {}, {}); }), HasSubstr("frozen since"));
  EXPECT_THAT(scenario->applied(), SizeIs(1));
}

TEST_P(Frozen, IsNoMigration) {
  engine()->up({});
  engine()->freeze("r");
  EXPECT_THAT(engine()->history(), SizeIs(1));
  const Status status = engine()->status();
  EXPECT_THAT(status.migrations, SizeIs(1));
  EXPECT_TRUE(status.up_to_date());
  ASSERT_TRUE(status.frozen.has_value());
  EXPECT_EQ(status.frozen->reason, "r");
  EXPECT_THAT(status.frozen->by, HasSubstr("pid"));
  EXPECT_FALSE(status.frozen->at.empty());
  const auto looking = engine();
  const Health health = check_health(*looking);
  EXPECT_TRUE(health.ready());
  ASSERT_TRUE(health.frozen.has_value());
  // Who settles something by hand is not kept from it.
  EXPECT_NO_THROW(engine()->resolve("001", Direction::down));
  EXPECT_NO_THROW(engine()->repair(true));
  EXPECT_TRUE(engine()->status().frozen.has_value());
}

TEST_P(Frozen, AReasonIsOneLine) {
  for (const std::string& reason : {std::string("a\nb"), std::string(256, 'x')}) {
    try {
      engine()->freeze(reason);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::config);
    }
  }
  EXPECT_FALSE(engine()->status().frozen.has_value());
}

}  // namespace
}  // namespace sterna::test
