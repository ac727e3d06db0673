// What patterns keep and leave out.
#include "diff/filter.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

model::Model shop() {
  model::Model model;
  model.dialect = "postgres";
  model.default_schema = "public";
  model.schemas = {"app", "audit"};
  for (const char* name : {"users", "tmp_users", "app.orders", "app.tmp_orders"}) {
    model::Table table;
    table.name = model::Name(name);
    model::Column id;
    id.name = "id";
    table.columns = {id};
    model.tables.push_back(table);
  }
  const auto object = [&](const char* kind, const char* name, const char* table = "") {
    model::Object one;
    one.kind = kind;
    one.name = model::Name(name);
    one.table = model::Name(table);
    one.definition = std::string("CREATE ") + kind;
    model.objects.push_back(one);
  };
  object("function", "area(integer)");
  object("trigger", "stamp", "users");
  object("view", "app.recent");
  model.enums = {{model::Name("app.mood"), {"a"}, {}}};
  model::sort(model);
  return model;
}

std::vector<std::string> names(ObjectFilter filter) {
  check(filter);
  const model::Model model = filtered(shop(), filter);
  std::vector<std::string> all;
  for (const auto& table : model.tables) all.push_back(table.name.text());
  for (const auto& type : model.enums) all.push_back(type.name.text());
  for (const auto& object : model.objects) all.push_back(object.name.text());
  return all;
}

TEST(ObjectFilter, KeepsWhatFitsAndWhatBelongsToIt) {
  EXPECT_THAT(names({{"app.*"}, {}}),
              ElementsAre("app.orders", "app.tmp_orders", "app.mood", "app.recent"));
  EXPECT_THAT(names({{"users"}, {}}), ElementsAre("users", "stamp"));
  EXPECT_THAT(names({{"public.u?ers"}, {}}), ElementsAre("users", "stamp"));
  EXPECT_THAT(names({{"function:*"}, {}}), ElementsAre("area(integer)"));
  EXPECT_THAT(names({{"area"}, {}}), ElementsAre("area(integer)"));
  EXPECT_THAT(names({{"*"}, {"tmp_*", "function:*", "app.m*"}}),
              ElementsAre("users", "app.orders", "stamp", "app.recent"));
}

TEST(ObjectFilter, ASchemaStaysWithWhatIsInIt) {
  EXPECT_THAT(filtered(shop(), {{"app.orders"}, {}}).schemas, ElementsAre("app"));
  EXPECT_THAT(filtered(shop(), {{}, {"schema:audit"}}).schemas, ElementsAre("app"));
}

TEST(ObjectFilter, WhatIsLeftOutIsNeitherMadeNorDropped) {
  DiffOptions options{dialect_named("postgres")};
  options.filter.without = {"tmp_*", "app.*"};
  model::Model wanted = shop();
  std::erase_if(wanted.tables, [](const auto& table) { return table.name.name != "users"; });
  wanted.enums.clear();
  EXPECT_THAT(diff(shop(), wanted, options).changes, IsEmpty());
  options.filter = {{"nothing*"}, {}};
  EXPECT_THROW(diff(shop(), wanted, options), Error);
}

TEST(ObjectFilter, PatternsThatAreNoneAreRefused) {
  for (const char* pattern : {"", "tabel:*", "table:", ":x"})
    EXPECT_THROW(check(ObjectFilter{{pattern}, {}}), Error) << pattern;
}

TEST(ObjectFilter, ManyStarsAreNotSlow) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  model::Model model;
  model::Table table;
  table.name = model::Name("", std::string(20000, 'a') + "b");
  model.tables = {table};
  EXPECT_THAT(filtered(model, {{pattern}, {}}).tables, IsEmpty());
}

}  // namespace
}  // namespace sterna::test
