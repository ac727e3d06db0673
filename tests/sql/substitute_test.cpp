// A column replaced in texts that the server printed.
#include "sql/substitute.hpp"

#include <gtest/gtest.h>

namespace sterna::sql {
namespace {

std::string over(std::string_view text, std::string_view column) {
  return substitute_column(text, column, "X", "users");
}

TEST(SubstituteColumn, FindsTheColumnAndNothingElse) {
  EXPECT_EQ(over("(lower(mail)) WHERE NOT gone AND mail <> 'mail'", "mail"),
            "(lower(X)) WHERE NOT gone AND X <> 'mail'");
  EXPECT_EQ(over("(users.mail = NEW.mail) OR OLD.mail = other.mail", "mail"),
            "(users.X = NEW.X) OR OLD.X = other.mail");
  EXPECT_EQ(over("mail(mail) COLLATE mail", "mail"), "mail(X) COLLATE mail");
  EXPECT_EQ(over("\"Mail\" = mail", "Mail"), "X = mail");
  EXPECT_EQ(over("\"my \"\"mail\" > 1", "my \"mail"), "X > 1");
}

TEST(SubstituteColumn, LeavesTypesAndWordsOfTheGrammar) {
  EXPECT_EQ(over("(code)::code = code", "code"), "(X)::code = X");
  EXPECT_EQ(over("zone::timestamp with time zone", "zone"), "X::timestamp with time zone");
  EXPECT_EQ(over("EXTRACT(year FROM year)", "year"), "EXTRACT(year FROM X)");
  EXPECT_EQ(over("(last DESC NULLS LAST)", "last"), "(X DESC NULLS LAST)");
  EXPECT_EQ(over("varying::character varying", "varying"), "X::character varying");
}

}  // namespace
}  // namespace sterna::sql
