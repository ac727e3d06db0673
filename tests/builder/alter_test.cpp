// What alter_table and the other methods of Schema make.
#include <gtest/gtest.h>
#include <sterna/schema.hpp>

#include "recording.hpp"

namespace sterna {
namespace {

using test::Recording;

class Altered {
 public:
  explicit Altered(const Schema::Definition& definition) {
    Schema(target).alter_table("posts", definition);
  }
  template <class T>
  const T& action(std::size_t index = 0) const {
    return target.action<T>(index);
  }
  std::size_t size() const { return target.only<AlterTable>().actions.size(); }

 private:
  Recording target;
};

TEST(AlterTableBuilder, AddsAColumnWithItsKeysInTheOrderWritten) {
  const Altered altered([](auto& t) {
    t.string("slug").unique();
    t.big_integer("author_id").nullable().index().references("id").on("users");
    t.integer("position").after("slug");
    t.integer("rank").first().if_missing();
  });
  EXPECT_EQ(altered.size(), 7U);
  EXPECT_EQ(altered.action<AddColumn>(0).column.name, "slug");
  EXPECT_EQ(altered.action<AddUnique>(1).unique.name, "posts_slug_unique");
  EXPECT_EQ(altered.action<AddColumn>(2).column.name, "author_id");
  EXPECT_EQ(altered.action<AddIndex>(3).index.name, "posts_author_id_index");
  EXPECT_EQ(altered.action<AddForeignKey>(4).key.name, "posts_author_id_foreign");
  EXPECT_EQ(altered.action<AddColumn>(5).after, "slug");
  EXPECT_TRUE(altered.action<AddColumn>(6).first);
  EXPECT_TRUE(altered.action<AddColumn>(6).if_missing);
}

TEST(AlterTableBuilder, ChangesOfAColumnSayWhatWasAskedFor) {
  const Altered type([](auto& t) { t.text("body").alter(); });
  EXPECT_EQ(type.action<ModifyColumn>().parts, unsigned{ModifyColumn::type});
  const Altered null([](auto& t) { t.string("title").nullable().change(); });
  EXPECT_EQ(null.action<ModifyColumn>().parts,
            unsigned{ModifyColumn::type} | unsigned{ModifyColumn::nullability});
  EXPECT_TRUE(null.action<ModifyColumn>().to.nullable);
  const Altered value([](auto& t) { t.integer("n").default_to(5).alter(); });
  EXPECT_TRUE(value.action<ModifyColumn>().parts & ModifyColumn::default_value);
  const Altered none([](auto& t) { t.integer("n").no_default().alter(); });
  EXPECT_TRUE(none.action<ModifyColumn>().parts & ModifyColumn::default_value);
  EXPECT_FALSE(none.action<ModifyColumn>().to.default_value);
  const Altered using_it([](auto& t) { t.integer("n").alter().using_("n::integer"); });
  EXPECT_EQ(using_it.action<ModifyColumn>().using_expression, "n::integer");
}

TEST(AlterTableBuilder, AChangeWithItsFormerDefinitionCanBeInverted) {
  const Altered altered(
      [](auto& t) { t.text("title").alter([](TableBuilder& was) { was.string("title", 80); }); });
  ASSERT_TRUE(altered.action<ModifyColumn>().was);
  EXPECT_EQ(altered.action<ModifyColumn>().was->type.length, 80);
}

TEST(AlterTableBuilder, WithItsFormerDefinitionOnlyWhatDiffersIsChanged) {
  const Altered altered([](auto& t) {
    t.string("title", 80).not_null().default_to("x").alter([](TableBuilder& was) {
      was.string("title", 80).nullable().default_to("x");
    });
  });
  EXPECT_EQ(altered.action<ModifyColumn>().parts, unsigned{ModifyColumn::nullability});
  const Altered ordinary([](auto& t) {
    t.integer("n").not_generated().alter(
        [](TableBuilder& was) { was.integer("n").generated("1"); });
    t.integer("id").no_identity().alter([](TableBuilder& was) { was.integer("id").identity(); });
  });
  EXPECT_EQ(ordinary.action<ModifyColumn>(0).parts, unsigned{ModifyColumn::generated});
  EXPECT_EQ(ordinary.action<ModifyColumn>(1).parts, unsigned{ModifyColumn::identity});
}

TEST(AlterTableBuilder, DropsACheckWithoutANameByItsText) {
  const Altered altered(
      [](auto& t) { t.drop_check("", [](TableBuilder& was) { was.check("n > 0").unnamed(); }); });
  EXPECT_EQ(altered.action<DropConstraint>().name, "");
  EXPECT_EQ(std::get<model::Check>(*altered.action<DropConstraint>().was).expression, "n > 0");
}

TEST(AlterTableBuilder, DropsAndRenamesColumns) {
  const Altered altered([](auto& t) {
    t.drop_column("a");
    t.drop_columns({"b", "c"});
    t.drop_column("slug", [](TableBuilder& was) { was.string("slug", 99).unique(); });
    t.drop_column_if_exists("d");
    t.rename_column("x", "y");
  });
  EXPECT_EQ(altered.size(), 6U);
  EXPECT_EQ(altered.action<DropColumn>(0).name, "a");
  EXPECT_FALSE(altered.action<DropColumn>(0).was);
  EXPECT_EQ(altered.action<DropColumn>(2).name, "c");
  ASSERT_TRUE(altered.action<DropColumn>(3).was);
  EXPECT_EQ(altered.action<DropColumn>(3).was->type.length, 99);
  EXPECT_TRUE(altered.action<DropColumn>(4).if_exists);
  EXPECT_EQ(altered.action<RenameColumn>(5).to, "y");
}

TEST(AlterTableBuilder, DropsTimestampsAndSoftDeletesInvertibly) {
  const Altered altered([](auto& t) {
    t.drop_timestamps();
    t.drop_soft_deletes();
  });
  EXPECT_EQ(altered.size(), 3U);
  EXPECT_EQ(altered.action<DropColumn>(0).name, "created_at");
  EXPECT_EQ(altered.action<DropColumn>(1).name, "updated_at");
  EXPECT_EQ(altered.action<DropColumn>(2).name, "deleted_at");
  EXPECT_TRUE(altered.action<DropColumn>(2).was->nullable);
  Recording target;
  Schema(target).alter_table("posts", [](auto& t) { t.drop_timestamps(); });
  EXPECT_EQ(invert(target.changes).obstacle, "");
}

TEST(AlterTableBuilder, DropsKeysByNameOrByTheColumnsOfTheDefaultName) {
  const Altered altered([](auto& t) {
    t.drop_unique("by_name");
    t.drop_unique({"a", "b"});
    t.drop_index({"a"});
    t.drop_foreign({"author_id"});
    t.drop_check({"age"});
    t.drop_primary();
    t.drop_exclusion("no_overlap");
    t.drop_index(std::vector<std::string>{"x", "y"});
  });
  EXPECT_EQ(altered.action<DropConstraint>(0).name, "by_name");
  EXPECT_EQ(altered.action<DropConstraint>(1).name, "posts_a_b_unique");
  EXPECT_EQ(altered.action<DropConstraint>(1).kind, DropConstraint::Kind::unique);
  EXPECT_EQ(altered.action<DropIndex>(2).name, "posts_a_index");
  EXPECT_EQ(altered.action<DropConstraint>(3).name, "posts_author_id_foreign");
  EXPECT_EQ(altered.action<DropConstraint>(3).kind, DropConstraint::Kind::foreign_key);
  EXPECT_EQ(altered.action<DropConstraint>(4).name, "posts_age_check");
  EXPECT_EQ(altered.action<DropPrimaryKey>(5).name, "");
  EXPECT_EQ(altered.action<DropConstraint>(6).kind, DropConstraint::Kind::exclusion);
  EXPECT_EQ(altered.action<DropIndex>(7).name, "posts_x_y_index");
}

TEST(AlterTableBuilder, DroppedKeysWithADefinitionCanBeInverted) {
  Recording target;
  Schema(target).alter_table("posts", [](auto& t) {
    t.drop_unique({"slug"}, [](TableBuilder& was) { was.unique("slug"); });
    t.drop_index("old_index", [](TableBuilder& was) { was.index({"a", "b"}).method("hash"); });
    t.drop_foreign({"author_id"}, [](TableBuilder& was) {
      was.foreign("author_id").references("id").on("users");
    });
    t.drop_primary({}, [](TableBuilder& was) { was.primary({"id"}); });
    t.drop_check("positive", [](TableBuilder& was) { was.check("a > 0"); });
  });
  EXPECT_EQ(invert(target.changes).obstacle, "");
  EXPECT_EQ(target.action<DropIndex>(1).was->name, "old_index")
      << "the dropped name counts, not the default name of its definition";
}

TEST(AlterTableBuilder, AddsAndDropsEveryKindOfKey) {
  const Altered altered([](auto& t) {
    t.primary("id");
    t.unique({"a", "b"});
    t.index("a").concurrently().if_missing();
    t.full_text("body").parser("ngram");
    t.foreign({"a", "b"}).references({"x", "y"}).on("z").not_valid();
    t.validate_constraint("posts_a_b_foreign");
    t.check("a > 0").not_enforced();
    t.exclude({{"a", "="}}).method("gist");
    t.rename_index("old", "new");
    t.id("number");
  });
  EXPECT_EQ(altered.action<AddPrimaryKey>(0).key.parts.at(0).column, "id");
  EXPECT_TRUE(altered.action<AddIndex>(2).concurrently);
  EXPECT_TRUE(altered.action<AddIndex>(2).if_missing);
  EXPECT_EQ(altered.action<AddIndex>(3).index.parser, "ngram");
  EXPECT_TRUE(altered.action<AddForeignKey>(4).key.not_valid);
  EXPECT_EQ(altered.action<ValidateConstraint>(5).name, "posts_a_b_foreign");
  EXPECT_TRUE(altered.action<AddCheck>(6).check.not_enforced);
  EXPECT_EQ(altered.action<AddExclusion>(7).exclusion.name, "posts_a_exclude");
  EXPECT_EQ(altered.action<RenameIndex>(8).to, "new");
  EXPECT_EQ(altered.action<AddColumn>(9).column.name, "number");
  EXPECT_EQ(altered.action<AddPrimaryKey>(10).key.parts.at(0).column, "number");
}

TEST(AlterTableBuilder, SettingsAreActions) {
  const Altered altered([](auto& t) {
    t.comment("new");
    t.engine("Aria");
    t.option("fillfactor", "70");
  });
  EXPECT_EQ(altered.action<SetTableComment>(0).comment, "new");
  EXPECT_EQ(altered.action<SetTableOption>(1).key, "engine");
  EXPECT_EQ(altered.action<SetTableOption>(2).value, "70");
}

TEST(AlterTableBuilder, RefusesWhatBelongsToANewTable) {
  Recording target;
  Schema schema(target);
  EXPECT_THROW(schema.alter_table("posts", [](auto& t) { t.strict(); }), Error);
  EXPECT_THROW(schema.alter_table("posts", [](auto& t) { t.temporary(); }), Error);
  EXPECT_THROW(schema.alter_table("posts", [](auto& t) { t.text("a").using_("b"); }), Error);
  EXPECT_THROW(schema.alter_table("posts", [](auto& t) { t.text("a"), t.text("a"); }), Error);
  EXPECT_THROW(schema.alter_table("posts",
                                  [](auto& t) {
                                    t.drop_column("slug", [](TableBuilder& was) {
                                      was.text("a"), was.text("b");
                                    });
                                  }),
               Error);
  EXPECT_TRUE(target.changes.empty());
}

TEST(AlterTableBuilder, NothingAskedIsNoChange) {
  Recording target;
  Schema(target).alter_table("posts", [](auto&) {});
  EXPECT_TRUE(target.changes.empty());
}

TEST(SchemaChanges, RenameAndDropTables) {
  Recording target;
  Schema schema(target);
  schema.rename_table("app.old", "new");
  schema.drop_table("a");
  schema.drop_table_if_exists("b");
  schema.drop_table_cascade("c");
  schema.drop_table("d", [](TableBuilder& was) { was.id(); });
  ASSERT_EQ(target.changes.size(), 5U);
  EXPECT_EQ(std::get<RenameTable>(target.changes[0]).from.text(), "app.old");
  EXPECT_EQ(std::get<RenameTable>(target.changes[0]).to, "new");
  EXPECT_FALSE(std::get<DropTable>(target.changes[1]).if_exists);
  EXPECT_TRUE(std::get<DropTable>(target.changes[2]).if_exists);
  EXPECT_TRUE(std::get<DropTable>(target.changes[3]).cascade);
  EXPECT_EQ(std::get<DropTable>(target.changes[4]).was->columns.size(), 1U);
  EXPECT_THROW(schema.rename_table("app.old", "other.new"), Error);
}

TEST(SchemaChanges, AnIndexBesideATableIsAppliedWithEverythingSaidOfIt) {
  Recording target;
  Schema schema(target);
  schema.create_index("posts", {"slug"}).unique().concurrently();
  schema.create_index("posts", {"a", desc("b")}, "named");
  schema.drop_index("posts", "named");
  schema.drop_index("posts", {"a", "b"});
  schema.drop_index_concurrently("posts", "other");
  ASSERT_EQ(target.changes.size(), 5U);
  const auto action = [&](std::size_t i) {
    return std::get<AlterTable>(target.changes[i]).actions.at(0);
  };
  EXPECT_TRUE(std::get<AddIndex>(action(0)).index.unique);
  EXPECT_TRUE(std::get<AddIndex>(action(0)).concurrently);
  EXPECT_EQ(std::get<AddIndex>(action(1)).index.name, "named");
  EXPECT_EQ(std::get<DropIndex>(action(2)).name, "named");
  EXPECT_EQ(std::get<DropIndex>(action(3)).name, "posts_a_b_index");
  EXPECT_TRUE(std::get<DropIndex>(action(4)).concurrently);
}

TEST(SchemaChanges, RawSqlCarriesValuesAndTheWayBack) {
  Recording target;
  Schema schema(target);
  schema.raw("CREATE EXTENSION citext;").undo("DROP EXTENSION citext");
  schema.raw("ALTER ROLE x SET a = ?", "it's ?");
  ASSERT_EQ(target.changes.size(), 2U);
  const auto& first = std::get<RawSql>(target.changes[0]);
  EXPECT_EQ(first.statement.sql, "CREATE EXTENSION citext");
  ASSERT_TRUE(first.undo);
  EXPECT_EQ(first.undo->sql, "DROP EXTENSION citext");
  const auto& second = std::get<RawSql>(target.changes[1]);
  EXPECT_EQ(second.statement.sql, "ALTER ROLE x SET a = $1");
  EXPECT_EQ(second.statement.parameters, std::vector<Value>{"it's ?"});
}

TEST(SchemaChanges, RawSqlOfSeveralStatementsIsSeveralChanges) {
  Recording target;
  Schema schema(target);
  schema.raw("CREATE TABLE a (x text DEFAULT ';'); CREATE TABLE b (y int);");
  EXPECT_EQ(target.changes.size(), 2U);
  EXPECT_THROW(schema.raw("SELECT 1; SELECT 2").undo("SELECT 3"), Error);
  EXPECT_THROW(schema.raw("  "), Error);
  EXPECT_EQ(target.changes.size(), 2U);
}

TEST(SchemaChanges, AnErrorInTheSameExpressionAppliesNothing) {
  Recording target;
  Schema schema(target);
  const auto fail = []() -> std::string_view { throw std::runtime_error("no"); };
  EXPECT_THROW(schema.raw("CREATE TABLE a (x int)").undo(fail()), std::runtime_error);
  EXPECT_THROW(schema.create_index("posts", {"a"}).name(fail()), std::runtime_error);
  EXPECT_TRUE(target.changes.empty());
}

TEST(SchemaChanges, ObjectsAndEnumTypes) {
  Recording target;
  Schema schema(target);
  schema.create_view("adults", "SELECT * FROM users");
  schema.create_or_replace_view("adults", "SELECT 1");
  schema.drop_view("adults");
  schema.drop_view_if_exists("adults");
  schema.create_object("trigger", "touch", "CREATE TRIGGER touch …", "users");
  schema.drop_object("trigger", "touch", "CREATE TRIGGER touch …", "users");
  schema.create_enum("mood", {"sad", "ok"});
  schema.add_enum_value("mood", "happy");
  schema.add_enum_value_before("mood", "awful", "sad");
  schema.add_enum_value_after("mood", "great", "happy");
  schema.drop_enum("mood");
  ASSERT_EQ(target.changes.size(), 11U);
  EXPECT_EQ(std::get<CreateObject>(target.changes[0]).object.definition,
            R"(CREATE VIEW "adults" AS SELECT * FROM users)");
  EXPECT_TRUE(std::get<CreateObject>(target.changes[1]).or_replace);
  EXPECT_TRUE(std::get<DropObject>(target.changes[3]).if_exists);
  EXPECT_EQ(std::get<CreateObject>(target.changes[4]).object.table.text(), "users");
  EXPECT_TRUE(std::get<DropObject>(target.changes[5]).was);
  EXPECT_EQ(std::get<CreateEnum>(target.changes[6]).values.size(), 2U);
  EXPECT_EQ(std::get<AddEnumValue>(target.changes[8]).before, "sad");
  EXPECT_EQ(std::get<AddEnumValue>(target.changes[9]).after, "happy");
  EXPECT_EQ(std::get<DropObject>(target.changes[10]).kind, "enum");
  EXPECT_THROW(schema.create_enum("mood", {}), Error);
}

TEST(SchemaQuestions, TellTheSchemaTheEngineAndWhereItRuns) {
  Recording target;
  Schema schema(target);
  EXPECT_TRUE(schema.has_table("users"));
  EXPECT_FALSE(schema.has_table("posts"));
  EXPECT_TRUE(schema.has_column("users", "email"));
  EXPECT_FALSE(schema.has_columns("users", {"email", "name"}));
  EXPECT_TRUE(schema.has_index("users", "users_email_index"));
  EXPECT_TRUE(schema.has_index("users", {"email"}));
  EXPECT_FALSE(schema.has_index("users", {"name"}));
  EXPECT_EQ(schema.environment(), "staging");
  EXPECT_EQ(schema.connection_name(), "events");
  EXPECT_EQ(schema.engine(), "postgres");
  EXPECT_EQ(schema.product(), "PostgreSQL");
  EXPECT_EQ(schema.server_version(), 150004);
  EXPECT_EQ(schema.server_version_text(), "15.4");
  EXPECT_TRUE(schema.is_postgres());
  EXPECT_FALSE(schema.is_mysql() || schema.is_sqlite());
  schema.progress("copy", 3, 9);
  EXPECT_EQ(target.log, std::vector<std::string>{"copy 3/9"});
}

TEST(SchemaTransaction, CommitsOrRollsBackAndPassesTheErrorOn) {
  Recording target;
  Schema schema(target);
  schema.transaction([&] {
    EXPECT_THROW(schema.transaction([] { throw std::runtime_error("inner"); }), std::runtime_error);
  });
  EXPECT_EQ(target.log, (std::vector<std::string>{"begin", "begin", "rollback", "commit"}));
}

}  // namespace
}  // namespace sterna
