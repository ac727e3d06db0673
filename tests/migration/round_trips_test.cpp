// How often a run waits for the server: counted by a proxy in between, never timed.
#include "migration/scenario.hpp"
#include "support/delay_proxy.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::SizeIs;

class RoundTrips : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(GetParam()); }

  /// A run of `migrations` migrations of three statements each on a fresh database.
  int run(int migrations, const char* direction = "up") {
    Scenario scenario(GetParam());
    for (int number = 1; number <= migrations; ++number) {
      scenario.write(
          fmt::format("{:03}_step.sql", number),
          fmt::format("-- sterna:up\nCREATE TABLE t{0} (id int PRIMARY KEY, name "
                      "varchar(50));\nCREATE INDEX i{0} ON t{0} (name);\nINSERT INTO "
                      "t{0} VALUES (1, 'one');\n-- sterna:down\nDELETE FROM "
                      "t{0};\nDROP INDEX i{0}{1};\nDROP TABLE t{0};\n",
                      number, GetParam() == Kind::mysql ? fmt::format(" ON t{}", number) : ""));
    }
    const bool up = std::string_view(direction) == "up";
    if (!up) scenario.engine()->up({});
    EngineOptions options = scenario.options();
    const DelayProxy proxy(options.url.hosts.at(0).port);
    options.url = parse_url(proxy.in_front_of(options.url.reveal()));
    {
      MigrationEngine engine(std::move(options));
      const RunResult result = up ? engine.up({}) : engine.down({Target::Kind::all, {}, 0});
      EXPECT_THAT(result.applied, SizeIs(migrations));
    }
    EXPECT_EQ(scenario.connect()->has_table(model::Name("t1")), up);
    return proxy.round_trips();
  }

  /// What one more migration costs, from runs that differ in nothing else.
  void expect_at_most(double limit, const char* direction) {
    constexpr int few = 5, many = 25;
    const int first = run(few, direction), second = run(many, direction);
    const double each = static_cast<double>(second - first) / (many - few);
    std::cout << fmt::format("{} migrations: {} round trips; {}: {}; each more: {}\n", few, first,
                             many, second, each);
    EXPECT_GE(first, few) << "the proxy saw the run";
    EXPECT_LE(each, limit);
  }
};

INSTANTIATE_TEST_SUITE_P(Servers, RoundTrips, testing::Values(Kind::postgres, Kind::mysql),
                         testing::PrintToStringParamName());

TEST_P(RoundTrips, OneMoreMigrationCostsAtMostTwo) { expect_at_most(2, "up"); }

TEST_P(RoundTrips, OneMoreStepBackCostsAtMostTwo) { expect_at_most(2, "down"); }

TEST_P(RoundTrips, TheProxyCountsThem) {
  const TestDatabase database(GetParam());
  const DelayProxy proxy(parse_url(database.url()).hosts.at(0).port);
  const auto connection = connect(parse_url(proxy.in_front_of(database.url())));
  const int before = proxy.round_trips();
  for (int i = 0; i < 10; ++i) connection->query("SELECT 1");
  EXPECT_EQ(proxy.round_trips(), before + 10);
  EXPECT_EQ(proxy.connections(), 1);
}

}  // namespace
}  // namespace sterna::test
