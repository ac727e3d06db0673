#include "migration/meta.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Meta meta_of(std::string_view text) {
  return read_meta(parse_script(text, Language::postgres, "m.sql").directives);
}

TEST(Directives, AllAreUnderstood) {
  const Meta meta = meta_of(
      "-- sterna:transaction none\n-- sterna:timeout 60s\n-- sterna:lock-timeout 500ms\n-- "
      "sterna:retry 5\n-- sterna:description Blog posts\n"
      "-- sterna:breaking true\n-- sterna:estimated 2m\n-- sterna:environment production, "
      "staging\n-- sterna:connection events\n"
      "-- sterna:depends 001,002\n-- sterna:reversible never the passwords are gone\nSELECT 1;\n");
  EXPECT_EQ(meta.transaction, TransactionMode::none);
  EXPECT_EQ(meta.timeout, 60s);
  EXPECT_EQ(meta.lock_timeout, 500ms);
  EXPECT_EQ(meta.retry, 5);
  EXPECT_EQ(meta.description, "Blog posts");
  EXPECT_TRUE(meta.breaking);
  EXPECT_EQ(meta.estimated, 2min);
  EXPECT_THAT(meta.environments, ElementsAre("production", "staging"));
  EXPECT_EQ(meta.connection, "events");
  EXPECT_THAT(meta.depends, ElementsAre("001", "002"));
  EXPECT_EQ(meta.irreversible, "the passwords are gone");
}

TEST(Directives, AnUnknownOneIsRefusedWithItsLineAndTheNearest) {
  try {
    meta_of("-- sterna:up\n-- sterna:tiemout 60s\nSELECT 1;\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_EQ(error.position().line, 2);
    EXPECT_THAT(error.suggestions(), ElementsAre(HasSubstr("timeout")));
  }
}

TEST(Directives, MalformedValuesAreRefused) {
  for (const char* line :
       {"-- sterna:timeout soon", "-- sterna:transaction all", "-- sterna:retry -1",
        "-- sterna:breaking maybe", "-- sterna:reversible never", "-- sterna:reversible perhaps",
        "-- sterna:environment ,"}) {
    EXPECT_THROW(meta_of(std::string(line) + "\nSELECT 1;\n"), Error) << line;
  }
}

}  // namespace
}  // namespace sterna
