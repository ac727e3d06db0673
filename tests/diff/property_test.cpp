// Random pairs of schemas on each engine: led one to the other and back, with rows that stay.
#include "diff/pair_scenario.hpp"
#include "support/random_mysql.hpp"
#include "support/random_postgres.hpp"
#include "support/random_sqlite.hpp"

#include <algorithm>
#include <cstdlib>

namespace sterna::test {
namespace {

using model::TypeKind;

int given(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atoi(text) : otherwise;
}

/// STERNA_SEED: the first; STERNA_ROUNDS: how many.
template <class Make>
void run_pairs(Kind kind, int rounds, const Make& make, const MarkerValue& value) {
  STERNA_REQUIRE_SERVER(kind);
  const TestDatabase one(kind), two(kind);
  const auto first = connect(parse_url(one.url())), second = connect(parse_url(two.url()));
  const int start = given("STERNA_SEED", 1);
  rounds = given("STERNA_ROUNDS", rounds);
  int refused = 0;
  for (int seed = start; seed < start + rounds; ++seed) {
    SCOPED_TRACE("STERNA_SEED=" + std::to_string(seed));
    PairScenario scenario(*first, *second, value);
    const auto number = static_cast<unsigned>(seed);
    scenario.run(make(first->server(), number, 0), make(first->server(), number, number + 1));
    if (testing::Test::HasFailure()) return;
    refused += scenario.refused() ? 1 : 0;
    first->drop_everything();
    second->drop_everything();
  }
  EXPECT_LE(refused, rounds / 2) << "pairs were refused";
}

/// Empty: such a column has no marker.
std::string postgres_value(const model::Column& column) {
  switch (column.type.kind) {
    case TypeKind::boolean:
      return "true";
    case TypeKind::small_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
    case TypeKind::real:
    case TypeKind::double_precision:
    case TypeKind::decimal:
      return "7";
    case TypeKind::uuid:
      return "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'";
    case TypeKind::json:
    case TypeKind::jsonb:
    case TypeKind::array:
      return "'{}'";
    case TypeKind::date:
    case TypeKind::timestamp:
      return "'2026-01-02 03:04:05'";
    case TypeKind::time:
      return "'03:04:05'";
    case TypeKind::inet:
    case TypeKind::cidr:
      return "'10.0.0.1'";
    case TypeKind::mac_address:
      return "'08:00:2b:01:02:03'";
    case TypeKind::interval:
      return "'1 day'";
    case TypeKind::native:
      if (column.type.name == "point") return "'(1,2)'";
      if (column.type.name == "bit(5)") return "B'10101'";
      if (column.type.name == "money") return "'1'";
      return "'a'";  // enums among them
    default:
      return "'a'";
  }
}

TEST(DiffProperty, PostgresGoesThereAndBack) {
  run_pairs(
      Kind::postgres, 8,
      [](const ServerInfo& /*server*/, unsigned seed, unsigned variation) {
        return RandomPostgresModel(seed, variation).make(12);
      },
      postgres_value);
}

std::string mysql_value(const model::Column& column) {
  if (column.auto_increment) return {};
  switch (column.type.kind) {
    case TypeKind::char_:
    case TypeKind::string:
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
    case TypeKind::binary:
    case TypeKind::enumeration:
      return "'a'";
    case TypeKind::set_of_values:
      return "'x'";
    case TypeKind::json:
      return "'{}'";
    case TypeKind::date:
    case TypeKind::timestamp:
    case TypeKind::datetime:
      return "'2026-01-02 03:04:05'";
    case TypeKind::time:
      return "'03:04:05'";
    case TypeKind::year:
      return "2004";
    case TypeKind::native:
      if (column.type.name == "geometry") return "POINT(1, 2)";
      if (column.type.name.starts_with("bit")) return "b'1010101'";
      return column.type.name.find("blob") != std::string::npos ||
                     column.type.name.starts_with("binary")
                 ? "'a'"
                 : "7";
    default:
      return "1";
  }
}

TEST(DiffProperty, MysqlGoesThereAndBack) {
  run_pairs(
      Kind::mysql, 8,
      [](const ServerInfo& server, unsigned seed, unsigned variation) {
        return RandomMysqlModel(server, seed, variation).make(10);
      },
      mysql_value);
}

TEST(DiffProperty, SqliteGoesThereAndBack) {
  run_pairs(
      Kind::sqlite, 30,
      [](const ServerInfo& /*server*/, unsigned seed, unsigned variation) {
        return RandomSqliteModel(seed, variation).make();
      },
      [](const model::Column& column) { return column.type.kind == TypeKind::text ? "'a'" : "1"; });
}

}  // namespace
}  // namespace sterna::test
