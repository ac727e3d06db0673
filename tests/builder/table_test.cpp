// What create_table makes of columns and modifiers.
#include <gtest/gtest.h>
#include <sterna/schema.hpp>

#include "recording.hpp"

namespace sterna {
namespace {

using model::TypeKind;
using test::Recording;

model::Table created(const Schema::Definition& definition) {
  Recording target;
  Schema schema(target);
  schema.create_table("posts", definition);
  return target.only<CreateTable>().table;
}

model::Column column(const std::function<void(TableBuilder&)>& definition) {
  const model::Table table = created(definition);
  EXPECT_EQ(table.columns.size(), 1U);
  return table.columns.front();
}

model::Type type(const std::function<void(TableBuilder&)>& definition) {
  return column(definition).type;
}

std::string refusal(const std::function<void(Schema&)>& body) {
  Recording target;
  Schema schema(target);
  try {
    body(schema);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::validation);
    EXPECT_TRUE(target.changes.empty()) << "something was applied before the refusal";
    return error.what();
  }
  return "not refused";
}

std::string refused_table(const Schema::Definition& definition) {
  return refusal([&](Schema& schema) { schema.create_table("posts", definition); });
}

TEST(CreateTableBuilder, MakesTheExampleOfTheDesignInOneChange) {
  const model::Table table = created([](TableBuilder& t) {
    t.uuid("id").primary();
    t.string("title", 200);
    t.string("slug").unique();
    t.uuid("author_id").index();
    t.decimal("rating", 3, 2).nullable();
    t.boolean("published").default_to(false);
    t.timestamps();
    t.foreign("author_id").references("id").on("users").on_delete(sterna::Cascade);
  });
  EXPECT_EQ(table.name.text(), "posts");
  ASSERT_EQ(table.columns.size(), 8U);
  EXPECT_EQ(table.column("title")->type.length, 200);
  EXPECT_EQ(table.column("slug")->type.length, 255);
  EXPECT_FALSE(table.column("title")->nullable);
  EXPECT_TRUE(table.column("rating")->nullable);
  EXPECT_EQ(table.column("rating")->type.precision, 3);
  EXPECT_EQ(table.column("rating")->type.scale, 2);
  EXPECT_EQ(table.column("published")->default_value->text, "false");
  EXPECT_EQ(table.column("created_at")->default_value->kind, model::Default::Kind::now);
  ASSERT_TRUE(table.primary_key);
  EXPECT_EQ(table.primary_key->parts.at(0).column, "id");
  ASSERT_EQ(table.uniques.size(), 1U);
  EXPECT_EQ(table.uniques[0].name, "posts_slug_unique");
  ASSERT_EQ(table.indexes.size(), 1U);
  EXPECT_EQ(table.indexes[0].name, "posts_author_id_index");
  ASSERT_EQ(table.foreign_keys.size(), 1U);
  EXPECT_EQ(table.foreign_keys[0].name, "posts_author_id_foreign");
  EXPECT_EQ(table.foreign_keys[0].referenced_table.text(), "users");
  EXPECT_EQ(table.foreign_keys[0].on_delete, model::ReferentialAction::cascade);
}

TEST(CreateTableBuilder, KnowsEveryColumnType) {
  const auto kind = [](const std::function<void(TableBuilder&)>& make) { return type(make).kind; };
  EXPECT_EQ(kind([](auto& t) { t.string("c"); }), TypeKind::string);
  EXPECT_EQ(kind([](auto& t) { t.text("c"); }), TypeKind::text);
  EXPECT_EQ(kind([](auto& t) { t.tiny_text("c"); }), TypeKind::tiny_text);
  EXPECT_EQ(kind([](auto& t) { t.medium_text("c"); }), TypeKind::medium_text);
  EXPECT_EQ(kind([](auto& t) { t.long_text("c"); }), TypeKind::long_text);
  EXPECT_EQ(kind([](auto& t) { t.char_("c", 3); }), TypeKind::char_);
  EXPECT_EQ(kind([](auto& t) { t.tiny_integer("c"); }), TypeKind::tiny_integer);
  EXPECT_EQ(kind([](auto& t) { t.small_integer("c"); }), TypeKind::small_integer);
  EXPECT_EQ(kind([](auto& t) { t.medium_integer("c"); }), TypeKind::medium_integer);
  EXPECT_EQ(kind([](auto& t) { t.integer("c"); }), TypeKind::integer);
  EXPECT_EQ(kind([](auto& t) { t.big_integer("c"); }), TypeKind::big_integer);
  EXPECT_EQ(kind([](auto& t) { t.decimal("c", 8, 2); }), TypeKind::decimal);
  EXPECT_EQ(kind([](auto& t) { t.float_("c"); }), TypeKind::real);
  EXPECT_EQ(kind([](auto& t) { t.double_("c"); }), TypeKind::double_precision);
  EXPECT_EQ(kind([](auto& t) { t.boolean("c"); }), TypeKind::boolean);
  EXPECT_EQ(kind([](auto& t) { t.date("c"); }), TypeKind::date);
  EXPECT_EQ(kind([](auto& t) { t.time("c"); }), TypeKind::time);
  EXPECT_EQ(kind([](auto& t) { t.timestamp("c"); }), TypeKind::timestamp);
  EXPECT_EQ(kind([](auto& t) { t.datetime("c"); }), TypeKind::datetime);
  EXPECT_EQ(kind([](auto& t) { t.json("c"); }), TypeKind::json);
  EXPECT_EQ(kind([](auto& t) { t.jsonb("c"); }), TypeKind::jsonb);
  EXPECT_EQ(kind([](auto& t) { t.binary("c", 16); }), TypeKind::binary);
  EXPECT_EQ(kind([](auto& t) { t.uuid("c"); }), TypeKind::uuid);
  EXPECT_EQ(kind([](auto& t) { t.inet("c"); }), TypeKind::inet);
  EXPECT_EQ(kind([](auto& t) { t.cidr("c"); }), TypeKind::cidr);
  EXPECT_EQ(kind([](auto& t) { t.mac_address("c"); }), TypeKind::mac_address);
  EXPECT_EQ(kind([](auto& t) { t.interval("c"); }), TypeKind::interval);
  EXPECT_EQ(kind([](auto& t) { t.year("c"); }), TypeKind::year);
  EXPECT_EQ(kind([](auto& t) { t.timeuuid("c"); }), TypeKind::timeuuid);
  EXPECT_EQ(kind([](auto& t) { t.counter("c"); }), TypeKind::counter);
  EXPECT_EQ(type([](auto& t) { t.char_("c", 3); }).length, 3);
  EXPECT_EQ(type([](auto& t) { t.binary("c", 16); }).length, 16);
}

TEST(CreateTableBuilder, KeepsWhatATypeIsMadeOf) {
  EXPECT_EQ(type([](auto& t) {
              t.enum_("c", {"a", "b"}, "mood");
            }).values,
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(type([](auto& t) { t.enum_("c", {"a", "b"}, "mood"); }).name, "mood");
  EXPECT_EQ(type([](auto& t) { t.set("c", {"a", "b"}); }).kind, TypeKind::set_of_values);
  EXPECT_EQ(type([](auto& t) { t.array_of("c", types::integer()); }).arguments.at(0).kind,
            TypeKind::integer);
  EXPECT_EQ(type([](auto& t) { t.range("c", "int4range"); }).name, "int4range");
  EXPECT_EQ(type([](auto& t) { t.type("c", "citext"); }).name, "citext");
  EXPECT_EQ(type([](auto& t) { t.type("c", "geometry(Point,4326)"); }).kind, TypeKind::native);
  const model::Type time = type([](auto& t) { t.timestamp("c", 3, true); });
  EXPECT_EQ(time.precision, 3);
  EXPECT_TRUE(time.with_time_zone);
  EXPECT_TRUE(type([](auto& t) { t.timestamp_tz("c"); }).with_time_zone);
  EXPECT_TRUE(type([](auto& t) { t.timestamp("c").with_time_zone(); }).with_time_zone);
  EXPECT_TRUE(type([](auto& t) { t.integer("c").unsigned_(); }).is_unsigned);
  EXPECT_TRUE(type([](auto& t) { t.unsigned_big_integer("c"); }).is_unsigned);
}

TEST(CreateTableBuilder, CarriesCqlTypesForTheDialectToJudge) {
  const model::Type map = type(
      [](auto& t) { t.map("c", types::text(), types::frozen(types::list(types::integer()))); });
  ASSERT_EQ(map.arguments.size(), 2U);
  EXPECT_EQ(map.arguments[1].kind, TypeKind::frozen);
  EXPECT_EQ(map.arguments[1].arguments.at(0).kind, TypeKind::list);
  EXPECT_EQ(type([](auto& t) { t.list("c", types::text()); }).kind, TypeKind::list);
  EXPECT_EQ(type([](auto& t) { t.set_of("c", types::text()); }).kind, TypeKind::set);
  EXPECT_EQ(type([](auto& t) {
              t.tuple("c", {types::text(), types::integer()});
            }).arguments.size(),
            2U);
  EXPECT_EQ(type([](auto& t) { t.frozen("c", types::user_type("address")); }).arguments.at(0).name,
            "address");
  EXPECT_EQ(type([](auto& t) { t.user_type("c", "address"); }).name, "address");
  EXPECT_EQ(type([](auto& t) { t.vector("c", types::float_(), 3); }).length, 3);
  const model::Table table = created([](auto& t) {
    t.text("a");
    t.text("b").static_();
    t.partition_key("a");
    t.clustering_key({"b"});
  });
  EXPECT_EQ(table.partition_key, std::vector<std::string>{"a"});
  EXPECT_EQ(table.clustering_key, std::vector<std::string>{"b"});
  EXPECT_TRUE(table.column("b")->is_static);
}

TEST(CreateTableBuilder, IdIsAnAutoIncrementedBigPrimaryKey) {
  const model::Table table = created([](auto& t) { t.id(); });
  EXPECT_EQ(table.columns[0].name, "id");
  EXPECT_EQ(table.columns[0].type.kind, TypeKind::big_integer);
  EXPECT_TRUE(table.columns[0].auto_increment);
  ASSERT_TRUE(table.primary_key);
  EXPECT_EQ(table.primary_key->parts.size(), 1U);
  EXPECT_EQ(created([](auto& t) { t.increments(); }).columns[0].type.kind, TypeKind::integer);
}

TEST(CreateTableBuilder, DefaultsAreValuesExpressionsOrNow) {
  const auto default_of = [](Operand value) {
    return *column([&](auto& t) { t.text("c").default_to(value); }).default_value;
  };
  using Literal = model::Default::Literal;
  EXPECT_EQ(default_of("it's").text, "it's");
  EXPECT_EQ(default_of("it's").literal, Literal::string);
  EXPECT_EQ(default_of(42).text, "42");
  EXPECT_EQ(default_of(42).literal, Literal::number);
  EXPECT_EQ(default_of(0.5).text, "0.5");
  EXPECT_EQ(default_of(true).literal, Literal::boolean);
  EXPECT_EQ(default_of(nullptr).literal, Literal::null);
  EXPECT_EQ(default_of(expression("gen_random_uuid()")).kind, model::Default::Kind::expression);
  EXPECT_EQ(default_of(expression("gen_random_uuid()")).text, "gen_random_uuid()");
  EXPECT_EQ(default_of(now()).kind, model::Default::Kind::now);
}

TEST(CreateTableBuilder, ModifiersStandInTheColumn) {
  const model::Column c = column([](auto& t) {
    t.text("c").comment("why").charset("utf8mb4").collate("C").option("storage", "external");
  });
  EXPECT_EQ(c.comment, "why");
  EXPECT_EQ(c.charset, "utf8mb4");
  EXPECT_EQ(c.collation, "C");
  EXPECT_EQ(c.options.at("storage"), "external");
  EXPECT_EQ(column([](auto& t) { t.integer("c").identity(); }).identity,
            model::Identity::by_default);
  EXPECT_EQ(column([](auto& t) { t.integer("c").identity(Always); }).identity,
            model::Identity::always);
  EXPECT_TRUE(column([](auto& t) { t.integer("c").generated("a + 1"); }).generated->stored);
  EXPECT_FALSE(
      column([](auto& t) { t.integer("c").generated("a + 1", Virtual); }).generated->stored);
  EXPECT_TRUE(column([](auto& t) { t.timestamp("c").on_update_now(); }).on_update.has_value());
  EXPECT_FALSE(column([](auto& t) { t.text("c").nullable().not_null(); }).nullable);
}

TEST(CreateTableBuilder, KeysAndIndexesKeepEveryOption) {
  const model::Table table = created([](auto& t) {
    t.integer("a");
    t.integer("b");
    t.text("c");
    t.primary({"a", "b"}, "posts_key");
    t.unique({"a", "c"});
    t.unique({"b"}).where("c IS NOT NULL");
    t.unique("c", "named").deferrable(true);
    t.index({"a", desc("b").nulls_last()}).method("btree").include({"c"}).where("a > 0");
    t.index(expression("lower(c)")).unique();
    t.index({IndexColumn("c").prefix(10).operator_class("text_pattern_ops").collate("C")},
            "prefixed");
    t.full_text({"c"}).language("english");
    t.spatial("c");
    t.check("a < b");
    t.check("a > 0", "positive").not_valid();
    t.exclude({{"a", "="}, {"b", "&&"}}).where("a > 1").deferrable();
  });
  EXPECT_EQ(table.primary_key->name, "posts_key");
  EXPECT_EQ(table.primary_key->parts.size(), 2U);
  ASSERT_EQ(table.uniques.size(), 2U);
  EXPECT_EQ(table.uniques[0].name, "posts_a_c_unique");
  EXPECT_EQ(table.uniques[1].name, "named");
  EXPECT_TRUE(table.uniques[1].deferrable && table.uniques[1].initially_deferred);
  ASSERT_EQ(table.indexes.size(), 6U);
  EXPECT_TRUE(table.indexes[0].unique) << "a partial unique key is an index";
  EXPECT_EQ(table.indexes[0].name, "posts_b_unique");
  EXPECT_EQ(table.indexes[0].where, "c IS NOT NULL");
  EXPECT_EQ(table.indexes[1].method, "btree");
  EXPECT_EQ(table.indexes[1].include, std::vector<std::string>{"c"});
  EXPECT_TRUE(table.indexes[1].parts[1].descending);
  EXPECT_EQ(table.indexes[1].parts[1].nulls, "last");
  EXPECT_EQ(table.indexes[2].parts[0].expression, "lower(c)");
  EXPECT_TRUE(table.indexes[2].unique);
  EXPECT_EQ(table.indexes[3].name, "prefixed");
  EXPECT_EQ(table.indexes[3].parts[0].prefix_length, 10);
  EXPECT_EQ(table.indexes[3].parts[0].operator_class, "text_pattern_ops");
  EXPECT_EQ(table.indexes[4].kind, model::IndexKind::full_text);
  EXPECT_EQ(table.indexes[4].language, "english");
  EXPECT_EQ(table.indexes[5].kind, model::IndexKind::spatial);
  ASSERT_EQ(table.checks.size(), 2U);
  EXPECT_FALSE(table.checks[0].name.empty()) << "a check without a name could not be dropped";
  EXPECT_EQ(table.checks[1].name, "positive");
  EXPECT_TRUE(table.checks[1].not_valid);
  ASSERT_EQ(table.exclusions.size(), 1U);
  EXPECT_EQ(table.exclusions[0].elements.at(1).with_operator, "&&");
  EXPECT_TRUE(table.exclusions[0].deferrable);
}

TEST(CreateTableBuilder, ChecksOfOneColumnHaveNamesOfTheirOwn) {
  const model::Table table = created([](auto& t) { t.integer("a").check("a > 0").check("a < 9"); });
  ASSERT_EQ(table.checks.size(), 2U);
  EXPECT_EQ(table.checks[0].name, "posts_a_check");
  EXPECT_NE(table.checks[1].name, table.checks[0].name);
}

TEST(CreateTableBuilder, ForeignKeysAreSimpleCompositeNamedAndDeferrable) {
  const model::Table table = created([](auto& t) {
    t.big_integer("author_id").references("id").on("app.users").cascade_on_delete();
    t.integer("a");
    t.integer("b");
    t.foreign({"a", "b"}, "pair")
        .references({"x", "y"})
        .on("pairs")
        .on_update(SetNull)
        .on_delete(Restrict)
        .deferrable(true)
        .not_valid();
    t.foreign("a")
        .references("id")
        .on("others")
        .on_delete(SetDefault)
        .on_update(NoAction)
        .match("full");
  });
  ASSERT_EQ(table.foreign_keys.size(), 3U);
  EXPECT_EQ(table.foreign_keys[0].referenced_table, model::Name("app", "users"));
  EXPECT_EQ(table.foreign_keys[0].on_delete, model::ReferentialAction::cascade);
  EXPECT_EQ(table.foreign_keys[1].name, "pair");
  EXPECT_EQ(table.foreign_keys[1].columns.size(), 2U);
  EXPECT_EQ(table.foreign_keys[1].on_update, model::ReferentialAction::set_null);
  EXPECT_EQ(table.foreign_keys[1].on_delete, model::ReferentialAction::restrict_);
  EXPECT_TRUE(table.foreign_keys[1].deferrable && table.foreign_keys[1].initially_deferred &&
              table.foreign_keys[1].not_valid);
  EXPECT_EQ(table.foreign_keys[2].on_delete, model::ReferentialAction::set_default);
  EXPECT_EQ(table.foreign_keys[2].match, "full");
}

TEST(CreateTableBuilder, DefaultNamesAreCutToTheEnginesLength) {
  const std::string name(70, 'x');
  const model::Table table = created([&](auto& t) { t.integer(name).unique().index(); });
  EXPECT_LE(table.uniques[0].name.size(), 63U);
  EXPECT_LE(table.indexes[0].name.size(), 63U);
  EXPECT_NE(table.uniques[0].name, table.indexes[0].name);
}

TEST(CreateTableBuilder, SettingsOfTheTable) {
  const model::Table table = created([](auto& t) {
    t.integer("a").primary();
    t.comment("all posts");
    t.engine("InnoDB");
    t.charset("utf8mb4");
    t.collation("utf8mb4_bin");
    t.strict();
    t.without_rowid();
    t.temporary();
    t.option("fillfactor", "70");
  });
  EXPECT_EQ(table.comment, "all posts");
  EXPECT_EQ(table.engine, "InnoDB");
  EXPECT_EQ(table.charset, "utf8mb4");
  EXPECT_EQ(table.collation, "utf8mb4_bin");
  EXPECT_TRUE(table.strict && table.without_rowid && table.temporary);
  EXPECT_EQ(table.options.at("fillfactor"), "70");
}

TEST(CreateTableBuilder, IfMissingIsSaid) {
  Recording target;
  Schema(target).create_table_if_missing("posts", [](auto& t) { t.id(); });
  EXPECT_TRUE(target.only<CreateTable>().if_missing);
}

TEST(TableRefusals, NameTableAndColumnBeforeAnythingIsApplied) {
  using testing::HasSubstr;
  EXPECT_THAT(refused_table([](auto& t) { t.text(""); }), HasSubstr("'posts'"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.text("a");
                t.integer("a");
              }),
              AllOf(HasSubstr("posts"), HasSubstr("'a'"), HasSubstr("twice")));
  EXPECT_THAT(refused_table([](auto& t) { t.decimal("price", 3, 5); }),
              AllOf(HasSubstr("posts"), HasSubstr("'price'"), HasSubstr("scale")));
  EXPECT_THAT(refused_table([](auto& t) { t.integer("u").references("id"); }),
              AllOf(HasSubstr("'u'"), HasSubstr(".on(")));
  EXPECT_THAT(refused_table([](auto& t) {
                t.integer("u");
                t.foreign("u").on("users");
              }),
              AllOf(HasSubstr("'u'"), HasSubstr(".references(")));
  EXPECT_THAT(refused_table([](auto& t) {
                t.integer("u");
                t.foreign("u").references({"a", "b"}).on("users");
              }),
              HasSubstr("references 2"));
  EXPECT_THAT(refused_table([](auto& t) { t.string("s", 0); }), HasSubstr("'s'"));
  EXPECT_THAT(refused_table([](auto& t) { t.timestamp("at", 9); }), HasSubstr("'at'"));
  EXPECT_THAT(refused_table([](auto& t) { t.enum_("mood", {}); }), HasSubstr("without values"));
  EXPECT_THAT(refused_table([](auto& t) { t.enum_("mood", {"a", "a"}); }), HasSubstr("twice"));
  EXPECT_THAT(refused_table([](auto& t) { t.text("a").auto_increment(); }), HasSubstr("integer"));
  EXPECT_THAT(refused_table([](auto& t) { t.text("a").unsigned_(); }), HasSubstr("number"));
  EXPECT_THAT(refused_table([](auto& t) { t.text("a").primary().nullable(); }),
              HasSubstr("nullable"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.text("a").nullable();
                t.primary("a");
              }),
              HasSubstr("nullable"));
  EXPECT_THAT(refused_table([](auto& t) { t.text("a").generated("b").default_to("x"); }),
              HasSubstr("no default"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.text("email");
                t.index("emial");
              }),
              HasSubstr("'emial'"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.id();
                t.primary({"a", "b"});
              }),
              HasSubstr("primary key"));
  EXPECT_THAT(refused_table([](auto&) {}), HasSubstr("without columns"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.id();
                t.index("id").concurrently();
              }),
              HasSubstr("concurrently"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.id();
                t.text("a").after("id");
              }),
              HasSubstr("alter_table"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.id();
                t.drop_column("a");
              }),
              HasSubstr("alter_table"));
  EXPECT_THAT(refused_table([](auto& t) { t.id().alter(); }), HasSubstr("alter_table"));
  EXPECT_THAT(refused_table([](auto& t) {
                t.id();
                t.text("a").default_to(expression("f(?)", 1));
              }),
              HasSubstr("bound values"));
  EXPECT_THAT(refusal([](Schema& s) { s.create_table("", [](auto& t) { t.id(); }); }),
              HasSubstr("without a name"));
}

TEST(TableRefusals, SuggestTheNearestColumn) {
  Recording target;
  Schema schema(target);
  try {
    schema.create_table("posts", [](auto& t) {
      t.text("email");
      t.unique("emall");
    });
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.object(), "posts.emall");
    EXPECT_THAT(error.suggestions(), testing::ElementsAre(testing::HasSubstr("email")));
  }
}

}  // namespace
}  // namespace sterna
