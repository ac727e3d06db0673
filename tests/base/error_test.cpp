#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace sterna {
namespace {

using testing::ElementsAre;

TEST(ErrorKindNames, AreStableBecauseProgramsReadThem) {
  EXPECT_EQ(to_string(ErrorKind::connection), "connection");
  EXPECT_EQ(to_string(ErrorKind::schema), "schema");
  EXPECT_EQ(to_string(ErrorKind::dependency), "dependency");
  EXPECT_EQ(to_string(ErrorKind::timeout), "timeout");
  EXPECT_EQ(to_string(ErrorKind::lock), "lock");
  EXPECT_EQ(to_string(ErrorKind::permission), "permission");
  EXPECT_EQ(to_string(ErrorKind::syntax), "syntax");
  EXPECT_EQ(to_string(ErrorKind::data), "data");
  EXPECT_EQ(to_string(ErrorKind::checksum), "checksum");
  EXPECT_EQ(to_string(ErrorKind::validation), "validation");
  EXPECT_EQ(to_string(ErrorKind::plan), "plan");
  EXPECT_EQ(to_string(ErrorKind::config), "config");
  EXPECT_EQ(to_string(ErrorKind::refused), "refused");
  EXPECT_EQ(to_string(ErrorKind::interrupted), "interrupted");
  EXPECT_EQ(to_string(ErrorKind::internal), "internal");
  EXPECT_EQ(to_string(ErrorKind::unknown), "unknown");
}

TEST(Position, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(to_string(SourcePosition{"a.sql", 3, 7}), "a.sql:3:7");
  EXPECT_EQ(to_string(SourcePosition{"a.sql", 3, 0}), "a.sql:3");
  EXPECT_EQ(to_string(SourcePosition{"a.sql", 0, 7}), "a.sql");
  EXPECT_EQ(to_string(SourcePosition{"", 3, 7}), "line 3:7");
  EXPECT_EQ(to_string(SourcePosition{}), "");
}

TEST(ErrorValue, CarriesAllThatIsKnown) {
  Error error(ErrorKind::data, "duplicate key");
  error.with_code("23505")
      .with_statement("INSERT …")
      .at({"a.sql", 3, 1})
      .with_object("users.email")
      .with_detail("Key (email)=(a) already exists.")
      .with_state("nothing was changed")
      .with_statement_index(0)
      .suggest("first")
      .suggest("second")
      .with_kind(ErrorKind::schema);
  const std::exception& as_thrown = error;
  EXPECT_STREQ(as_thrown.what(), "duplicate key");
  EXPECT_EQ(error.kind(), ErrorKind::schema);
  EXPECT_EQ(error.code(), "23505");
  EXPECT_EQ(error.statement(), "INSERT …");
  EXPECT_EQ(error.position(), (SourcePosition{"a.sql", 3, 1}));
  EXPECT_EQ(error.object(), "users.email");
  EXPECT_EQ(error.detail(), "Key (email)=(a) already exists.");
  EXPECT_EQ(error.state(), "nothing was changed");
  EXPECT_EQ(error.statement_index(), 0u);
  EXPECT_THAT(error.suggestions(), ElementsAre("first", "second"));
}

TEST(ErrorValue, KnowsNoStatementByItself) {
  const Error error(ErrorKind::config, "m");
  EXPECT_FALSE(error.statement_index().has_value());
  EXPECT_EQ(error.position(), SourcePosition{});
  EXPECT_TRUE(error.suggestions().empty());
}

}  // namespace
}  // namespace sterna
