#include <sterna/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sterna {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

template <class Action>
void expect_data_error(Action action, const std::string& part) {
  try {
    action();
    ADD_FAILURE() << "no error; wanted one with: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_THAT(error.what(), HasSubstr(part));
  }
}

Row row_of(std::vector<std::string> names, std::vector<Value> values) {
  return {std::make_shared<const std::vector<std::string>>(std::move(names)), std::move(values)};
}

TEST(Value, HoldsNullInEveryWayOfWritingIt) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(nullptr).is_null());
  EXPECT_TRUE(Value(std::nullopt).is_null());
  EXPECT_TRUE(Value(std::optional<int>()).is_null());
  EXPECT_FALSE(Value(std::optional<int>(0)).is_null());
  EXPECT_FALSE(Value("").is_null());
}

TEST(Value, ALiteralIsTextNotABoolean) {
  EXPECT_EQ(Value("x"), Value(std::string("x")));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(Blob{"x"}), Value("x"));
}

TEST(Convert, ReadsBooleansAsEveryServerGivesThem) {
  for (const Value& value : {Value(true), Value(1), Value("t"), Value("true"), Value("1")})
    EXPECT_TRUE(convert<bool>(value));
  for (const Value& value : {Value(false), Value(0), Value("f"), Value("false"), Value("0")})
    EXPECT_FALSE(convert<bool>(value));
  expect_data_error([] { convert<bool>(Value(2), "active"); }, "column 'active' holds 2");
  expect_data_error([] { convert<bool>(Value("yes")); }, "'yes'");
  expect_data_error([] { convert<bool>(Value()); }, "NULL");
}

TEST(Convert, ReadsIntegersFromTextWhole) {
  EXPECT_EQ(convert<int>(Value("-42")), -42);
  EXPECT_EQ(convert<std::int64_t>(Value(std::numeric_limits<std::int64_t>::min())),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(convert<int>(Value(3.0)), 3);
  for (const Value& value : {Value(""), Value("4x"), Value(" 4"), Value("9223372036854775808"),
                             Value(3.5), Value(1e300), Value(std::nan(""))})
    expect_data_error([&] { convert<std::int64_t>(value, "n"); }, "no integer");
}

TEST(Convert, NeverCutsAnIntegerToSize) {
  EXPECT_EQ(convert<std::uint8_t>(Value(255)), 255);
  EXPECT_EQ(convert<std::int16_t>(Value(-32768)), -32768);
  expect_data_error([] { convert<std::uint8_t>(Value(256), "age"); }, "column 'age' holds 256");
  expect_data_error([] { convert<std::int32_t>(Value(std::int64_t{1} << 31)); }, "wanted size");
  expect_data_error([] { convert<std::uint32_t>(Value(-1)); }, "wanted size");
}

TEST(Convert, ReadsNumbersExactly) {
  EXPECT_EQ(convert<double>(Value("0.1")), 0.1);
  EXPECT_EQ(convert<double>(Value(7)), 7.0);
  EXPECT_EQ(convert<std::string>(Value(0.1)), "0.1");
  EXPECT_EQ(convert<double>(Value(convert<std::string>(Value(1.0 / 3)))), 1.0 / 3);
  expect_data_error([] { convert<double>(Value("1,5")); }, "no number");
}

TEST(Convert, AnOptionalIsTheOnlyWayToReadNull) {
  EXPECT_EQ(convert<std::optional<int>>(Value()), std::nullopt);
  EXPECT_EQ(convert<std::optional<int>>(Value(4)), 4);
  EXPECT_EQ(convert<std::optional<std::string>>(Value("")), "");
  expect_data_error([] { convert<std::string>(Value(), "name"); }, "column 'name' holds NULL");
  expect_data_error([] { convert<int>(Value(), "age"); }, "column 'age' holds NULL");
}

TEST(Convert, AnErrorShowsOnlyTheBeginningOfALongText) {
  try {
    convert<int>(Value(std::string(10'000, 'x')));
    FAIL();
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 200u);
  }
}

TEST(Convert, ReadsBinaryDataWithZeroBytes) {
  const std::string bytes("a\0b", 3);
  EXPECT_EQ(convert<Blob>(Value(Blob{bytes})).bytes, bytes);
  EXPECT_EQ(convert<Blob>(Value(bytes)).bytes, bytes);
  expect_data_error([] { convert<Blob>(Value(4)); }, "binary");
}

TEST(TimestampText, GoesBothWaysToTheMicrosecond) {
  const Timestamp epoch{};
  EXPECT_EQ(format_timestamp(epoch), "1970-01-01 00:00:00.000000");
  EXPECT_EQ(format_timestamp(epoch - 1us), "1969-12-31 23:59:59.999999");
  for (const char* text : {"2026-01-15 14:30:22.000001", "2024-02-29 23:59:59.999999",
                           "0001-01-01 00:00:00.000000", "9999-12-31 00:00:00.100000"})
    EXPECT_EQ(format_timestamp(parse_timestamp(text)), text);
}

TEST(TimestampText, IsReadInEveryFormOfTheServers) {
  const Timestamp wanted = parse_timestamp("2026-01-15 14:30:00");
  for (const char* text :
       {"2026-01-15T14:30:00Z", "2026-01-15 14:30", "2026-01-15 14:30:00.000000+00",
        "2026-01-15 16:30:00+02", "2026-01-15 16:30:00+02:00", "2026-01-15 16:30:00+0200",
        "2026-01-15 09:00:00-05:30"})
    EXPECT_EQ(parse_timestamp(text), wanted) << text;
  EXPECT_EQ(parse_timestamp("2026-01-15"), wanted - 14h - 30min);
  EXPECT_EQ(parse_timestamp("2026-01-15 14:30:00.5"), wanted + 500ms);
  EXPECT_EQ(parse_timestamp("2026-01-15 14:30:00.123456789"), wanted + 123456us);
}

TEST(TimestampText, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-02-30", "2026-13-01", "2026-01-15 24:00:00", "2026-01-15 14:60:00",
        "2026-01-15 14", "2026-01-15 14:30:", "2026-01-15 14:30:00.", "2026-01-15 14:30:00 ",
        "2026-1-15", "2026-01-15 14:30:00+", "2026-01-15 14:30:00Zx",
        "2026-01-15 14:30:00+02:", "2026-01-15 14:30:00+99:99"})
    expect_data_error([&] { parse_timestamp(text); }, "'" + std::string(text) + "'");
}

TEST(RowOfAResult, IsReadByNameAndByPlace) {
  const Row row = row_of({"id", "name"}, {Value(7), Value("ann")});
  EXPECT_EQ(row.size(), 2u);
  EXPECT_TRUE(row.has("name"));
  EXPECT_FALSE(row.has("Name"));
  EXPECT_EQ(row.get<int>("id"), 7);
  EXPECT_EQ(row.get<std::string>(1), "ann");
}

TEST(RowOfAResult, NamesTheColumnsItHasWhenOneIsMissing) {
  const Row row = row_of({"id", "name"}, {Value(7), Value("ann")});
  expect_data_error([&] { row.get<int>("nme"); }, "no column 'nme'; it has id, name");
  expect_data_error([&] { row.get<int>(2); }, "has 2 columns; column 2");
  expect_data_error([&] { row.get<int>(1); }, "column 'name' holds 'ann'");
}

}  // namespace
}  // namespace sterna
