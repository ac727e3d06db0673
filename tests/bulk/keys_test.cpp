// Tables gone through by keys of every type: each row once, whatever the type sorts by.
#include "bulk/bulk_scenario.hpp"

#include <gmock/gmock.h>

namespace sterna::test {
namespace {

using testing::HasSubstr;

/// A key, and 300 values of it made of n from 0 to 299.
struct KeyCase {
  const char* name;
  Kind kind;
  const char* columns;  ///< of the key, with their types
  const char* key;
  const char* values;
  const char* before = nullptr;  ///< a statement that the columns need
};

void PrintTo(const KeyCase& one, std::ostream* out) { *out << one.name; }

class KeyOf : public testing::TestWithParam<KeyCase> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam().kind);
    scenario_ = std::make_unique<BulkScenario>(GetParam().kind);
    const auto session = scenario_->connect();
    if (GetParam().before != nullptr) session->execute(GetParam().before);
    const std::string names = GetParam().key;
    session->execute("CREATE TABLE t (" + std::string(GetParam().columns) +
                     ", n int NOT NULL DEFAULT 0, PRIMARY KEY (" + names + "))");
    session->execute("INSERT INTO t (" + names + ") SELECT DISTINCT " + GetParam().values +
                     " FROM " + numbers(3) + " WHERE n < 300");
    rows_ = scenario_->count("t");
    ASSERT_GT(rows_, 0);
  }

  std::unique_ptr<BulkScenario> scenario_;
  std::int64_t rows_ = 0;
};

TEST_P(KeyOf, FindsEveryRowOnceInABackfill) {
  scenario_->write("001_count.sql", "-- sterna:backfill batch=7\nUPDATE t SET n = n + 1;\n");
  scenario_->run();
  EXPECT_EQ(scenario_->count("t WHERE n = 1"), rows_);
}

class KeyOfACopy : public KeyOf {};

TEST_P(KeyOfACopy, FindsEveryRowOnceInAnOnlineChange) {
  scenario_->connect()->execute("CREATE TABLE before_it AS SELECT * FROM t");
  scenario_->write("001_wider.sql",
                   "-- sterna:online batch=7\nALTER TABLE t MODIFY n bigint NOT NULL DEFAULT 0;\n");
  const std::vector<std::string> events = scenario_->run();
  EXPECT_TRUE(holds(events, "changed on a copy of " + std::to_string(rows_) + " row(s)"))
      << testing::PrintToString(events);
  EXPECT_EQ(scenario_->count("t"), rows_);
  EXPECT_EQ(scenario_->count("(SELECT * FROM t EXCEPT SELECT * FROM before_it) AS differing"), 0);
}

const KeyCase mysql_keys[]{
    KeyCase{"mysql_enum", Kind::mysql, "e enum('z','m','','a','b') NOT NULL, g int NOT NULL",
            "e, g", "elt(1 + n % 5, 'z', 'm', '', 'a', 'b'), n"},
    KeyCase{"mysql_enum_second", Kind::mysql, "g int NOT NULL, e enum('z','it''s','a') NOT NULL",
            "g, e", "n DIV 3, elt(1 + n % 3, 'z', 'it''s', 'a')"},
    KeyCase{"mysql_enum_alone", Kind::mysql,
            "e enum('q','w','e','r','t','y','u','i','o','p') NOT NULL", "e",
            "elt(1 + n % 10, 'q', 'w', 'e', 'r', 't', 'y', 'u', 'i', 'o', 'p')"},
    KeyCase{"mysql_float", Kind::mysql, "f float NOT NULL", "f", "(n - 150) / 7.0"},
    KeyCase{"mysql_double", Kind::mysql, "f double NOT NULL", "f", "(n - 150) / 7.0e0"},
    KeyCase{"mysql_decimal", Kind::mysql, "d decimal(12) NOT NULL", "d", "n - 150"},
    KeyCase{"mysql_text", Kind::mysql, "c varchar(30) NOT NULL", "c",
            "concat(char(65 + n % 26), char(97 + n % 25 USING utf8mb4), n)"},
    KeyCase{"mysql_binary", Kind::mysql, "b binary(4) NOT NULL", "b",
            "unhex(lpad(hex(n * 7919), 8, '0'))"},
    KeyCase{"mysql_time", Kind::mysql, "d datetime(3) NOT NULL", "d",
            "date_add('2024-01-01', interval n * 1001 * 1000 microsecond)"}};
const KeyCase other_keys[]{
    KeyCase{"postgres_real", Kind::postgres, "f real", "f", "(n - 150) / 7.0"},
    KeyCase{"postgres_double_not_finite", Kind::postgres, "f float8", "f",
            "CASE n WHEN 0 THEN 'NaN' WHEN 1 THEN '-Infinity' WHEN 2 THEN 'Infinity' ELSE "
            "(n - 150) / 7.0::float8 END"},
    KeyCase{"postgres_enum", Kind::postgres, "e mood, g int", "e, g",
            "(ARRAY['z', 'm', 'a'])[1 + n % 3]::mood, n",
            "CREATE TYPE mood AS ENUM ('z', 'm', 'a')"},
    KeyCase{"postgres_uuid", Kind::postgres, "u uuid", "u", "md5(n::text)::uuid"},
    KeyCase{"postgres_numeric", Kind::postgres, "d numeric", "d", "(n - 150) / 7.0"},
    KeyCase{"postgres_boolean", Kind::postgres, "b boolean, g smallint", "b, g", "n % 2 = 0, n"},
    KeyCase{"postgres_time", Kind::postgres, "t timestamptz", "t",
            "'2024-01-01'::timestamptz + n * interval '1001 ms'"},
    KeyCase{"sqlite_real", Kind::sqlite, "f real NOT NULL", "f",
            "CASE n WHEN 0 THEN 9e999 WHEN 1 THEN -9e999 ELSE (n - 150) / 7.0 END"},
    KeyCase{"sqlite_blob", Kind::sqlite, "b blob NOT NULL", "b", "CAST(n * 7919 AS blob)"},
    KeyCase{"sqlite_mixed", Kind::sqlite, "x NOT NULL", "x",
            "CASE n % 3 WHEN 0 THEN n WHEN 1 THEN 'text ' || n ELSE n + 0.5 END"}};

constexpr auto name_of = [](const auto& one) { return std::string(one.param.name); };
INSTANTIATE_TEST_SUITE_P(Mysql, KeyOf, testing::ValuesIn(mysql_keys), name_of);
INSTANTIATE_TEST_SUITE_P(Others, KeyOf, testing::ValuesIn(other_keys), name_of);
INSTANTIATE_TEST_SUITE_P(Mysql, KeyOfACopy, testing::ValuesIn(mysql_keys), name_of);

class KeyRefused : public testing::Test {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(Kind::mysql); }

  static std::string refusal(const std::string& table, const std::string& step) {
    BulkScenario scenario(Kind::mysql);
    scenario.connect()->execute(table);
    scenario.connect()->execute("INSERT INTO t (k, n) VALUES ('a', 1), ('b', 2)");
    scenario.write("001_step.sql", step);
    try {
      scenario.engine()->up({});
    } catch (const Error& error) {
      EXPECT_FALSE(error.suggestions().empty()) << error.what();
      EXPECT_EQ(scenario.count("t"), 2);
      EXPECT_EQ(scenario.count("information_schema.tables WHERE table_schema = database() AND "
                               "table_name LIKE '!_sterna%' ESCAPE '!'"),
                0);
      return error.what();
    }
    return "accepted";
  }
};

TEST_F(KeyRefused, WhoseOrderCannotBeWrittenDown) {
  const std::string set = "CREATE TABLE t (k set('b','a') PRIMARY KEY, n int)";
  EXPECT_THAT(refusal(set, "-- sterna:backfill\nUPDATE t SET n = n + 1;\n"),
              HasSubstr("column 'k' in the key"));
  EXPECT_THAT(refusal(set, "-- sterna:online\nALTER TABLE t MODIFY n bigint;\n"),
              HasSubstr("column 'k' in the key"));
}

TEST_F(KeyRefused, WhoseOrderTheChangeAlters) {
  EXPECT_THAT(refusal("CREATE TABLE t (k enum('b','a') PRIMARY KEY, n int)",
                      "-- sterna:online\nALTER TABLE t MODIFY k enum('a','b') NOT NULL, MODIFY n "
                      "bigint;\n"),
              HasSubstr("alters how column 'k' is ordered"));
  EXPECT_THAT(refusal("CREATE TABLE t (k varchar(9) PRIMARY KEY, n int)",
                      "-- sterna:online\nALTER TABLE t MODIFY k varchar(9) COLLATE utf8mb4_bin NOT "
                      "NULL, MODIFY n bigint;\n"),
              HasSubstr("alters how column 'k' is ordered"));
}

}  // namespace
}  // namespace sterna::test
