#include "base/url.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, ReadsEveryForm) {
  EXPECT_EQ(parse_url("sqlite:a/b.db").database, "a/b.db");
  EXPECT_EQ(parse_url("sqlite:///abs/b.db").database, "/abs/b.db");
  EXPECT_EQ(parse_url("sqlite://rel/b.db").database, "rel/b.db");
  EXPECT_EQ(parse_url("sqlite::memory:").database, ":memory:");
  const Url url =
      parse_url("postgres://ann:s%40cret@h1:5433,h2,[::1]:5434/shop%20a?sslmode=require");
  EXPECT_EQ(url.user, "ann");
  EXPECT_EQ(url.password.reveal(), "s@cret");
  ASSERT_EQ(url.hosts.size(), 3u);
  EXPECT_EQ(url.hosts[0], (Url::Host{"h1", 5433}));
  EXPECT_EQ(url.hosts[1], (Url::Host{"h2", 0}));
  EXPECT_EQ(url.hosts[2], (Url::Host{"::1", 5434}));
  EXPECT_EQ(url.database, "shop a");
  EXPECT_EQ(url.parameter("sslmode"), "require");
  EXPECT_EQ(parse_url("mysql://%2Frun%2Fmysqld.sock/d").hosts[0].name, "/run/mysqld.sock");
}

TEST(Url, RoundTripsThroughReveal) {
  for (const char* text : {"sqlite:a.db", "postgres://u:p%40%2F%3Aw@h:1/d?a=b",
                           "mysql://u@[::1]:3306/d", "cassandra://u@h1,h2:9042/k?dc=a"}) {
    const Url url = parse_url(text);
    EXPECT_EQ(parse_url(url.reveal()), url) << text;
  }
}

TEST(Url, AFileNameWithoutSchemeSuggestsSqlite) {
  try {
    parse_url("blog.db");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
    EXPECT_THAT(error.suggestions().back(), HasSubstr("sqlite:blog.db"));
  }
}

TEST(Url, NoErrorShowsThePassword) {
  for (const char* text : {"postgres:ann:hunter2@h/d", "ann:hunter2@h",
                           "postgres://ann:hunter2@h:99999/d", "postgres://ann:hunter2@[::1/d",
                           "postgres://ann:hunter2@h/d?x", "1postgres://ann:hunter2@h/d"}) {
    try {
      parse_url(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      std::string all = error.what();
      for (const std::string& suggestion : error.suggestions()) all += suggestion;
      EXPECT_THAT(all, Not(HasSubstr("hunter2"))) << text;
    }
  }
}

TEST(Url, MasksThePasswordWhereverItStands) {
  EXPECT_EQ(parse_url("postgres://ann:hunter2@h/d").masked(), "postgres://ann:***@h/d");
  EXPECT_EQ(parse_url("mysql://h/d?user=ann&password=hunter2").masked(), "mysql://ann:***@h/d");
  EXPECT_EQ(parse_url("postgres://h/d?sslpassword=hunter2").masked(),
            "postgres://h/d?sslpassword=***");
}

TEST(MaskPasswords, FindsThemInAnyText) {
  EXPECT_EQ(mask_passwords("cannot connect to postgres://a:b@h/d now"),
            "cannot connect to postgres://a:***@h/d now");
  EXPECT_EQ(mask_passwords("postgres://a:p@ss/w:d@h/d"), "postgres://a:***@h/d");
  EXPECT_EQ(mask_passwords("host=h password=abc user=u"), "host=h password=*** user=u");
  EXPECT_EQ(mask_passwords("password='a b\\'c' x"), "password=*** x");
  EXPECT_EQ(mask_passwords("see https://example.org/a:b and mysql://h/d"),
            "see https://example.org/a:b and mysql://h/d");
  EXPECT_EQ(mask_passwords("two: mysql://a:x@h, mysql://b:y@h"),
            "two: mysql://a:***@h, mysql://b:***@h");
}

}  // namespace
}  // namespace sterna
