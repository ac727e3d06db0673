// What migrations in C++ say for CQL: keys, options, types, keyspaces; conditional writes and
// batches. And what is refused before anything runs.
#include <sterna/schema.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording.hpp"

namespace sterna::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct CqlBuilder : testing::Test {
  Recording target{"cql", {"Cassandra", "5.0.6", 50006}};
  Schema schema{target};

  std::string rendered() {
    std::string text;
    for (const Change& change : target.changes) {
      const RenderContext context{target.server(), nullptr};
      for (const Statement& statement : target.dialect().render(change, context).statements)
        text += statement.sql + ";\n";
    }
    target.changes.clear();
    return text;
  }
  std::string refusal(const std::function<void()>& body) {
    target.changes.clear();
    try {
      body();
      rendered();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
      return error.what();
    }
    return "nothing was refused";
  }
  std::string refused_table(const Schema::Definition& definition) {
    return refusal([&] {
      schema.create_table("t", [&](TableBuilder& table) {
        table.uuid("id").primary();
        definition(table);
      });
    });
  }
  std::string sent(std::size_t index = 0) {
    const Statement statement = target.statements.at(index);
    std::string text = statement.sql;
    for (const Value& value : statement.parameters)
      text += " |" + (value.is_null() ? std::string("null") : detail::to_text(value, ""));
    target.statements.clear();
    return text;
  }
};

TEST_F(CqlBuilder, WritesTheUserEventsTable) {
  schema.create_table("user_events", [](TableBuilder& table) {
    table.uuid("user_id");
    table.date("day");
    table.timestamp("at");
    table.timeuuid("event_id");
    table.text("kind").index();
    table.set_of("tags", types::text());
    table.map("data", types::text(), types::frozen(types::list(types::integer())));
    table.frozen("home", types::user_type("address"));
    table.text("user_name").static_();
    table.partition_key({"user_id", "day"});
    table.clustering_key({desc("at"), "event_id"});
    table.with_options(
        {.compaction = {{"class", "TimeWindowCompactionStrategy"}, {"compaction_window_size", "1"}},
         .gc_grace = 86400,
         .default_ttl = 7776000,
         .comment = "it's all",
         .speculative_retry = "95p",
         .cdc = true,
         .others = {{"crc_check_chance", "0.5"}}});
    table.index(keys_of("data"));
  });
  EXPECT_EQ(
      rendered(),
      "CREATE TABLE \"user_events\" (\n  \"user_id\" uuid,\n  \"day\" date,\n  \"at\" "
      "timestamp,\n  \"event_id\" timeuuid,\n  \"kind\" text,\n  \"tags\" set<text>,\n  "
      "\"data\" map<text, frozen<list<int>>>,\n  \"home\" frozen<\"address\">,\n  "
      "\"user_name\" text STATIC,\n  PRIMARY KEY ((\"user_id\", \"day\"), \"at\", "
      "\"event_id\")\n) WITH CLUSTERING ORDER BY (\"at\" DESC, \"event_id\" ASC)\n  AND cdc = "
      "true\n  AND comment = 'it''s all'\n  AND compaction = {'class': "
      "'TimeWindowCompactionStrategy', 'compaction_window_size': '1'}\n  AND "
      "crc_check_chance = 0.5\n  AND default_time_to_live = 7776000\n  AND gc_grace_seconds "
      "= 86400\n  AND speculative_retry = '95p';\nCREATE INDEX \"user_events_kind_index\" ON "
      "\"user_events\" (\"kind\");\nCREATE INDEX \"user_events_data_index\" ON "
      "\"user_events\" (keys(\"data\"));\n");
}

TEST_F(CqlBuilder, RefusesWhatCqlCannotDoAndNamesTheAlternative) {
  EXPECT_THAT(refusal([&] { schema.create_table("t", [](TableBuilder& table) { table.id(); }); }),
              HasSubstr("t.id: Cassandra numbers no rows; use uuid() or timeuuid()"));
  EXPECT_THAT(
      refused_table([](TableBuilder& table) { table.foreign("id").references("id").on("users"); }),
      HasSubstr("t.id: Cassandra has no foreign keys; keep what is read together"));
  EXPECT_THAT(refused_table([](TableBuilder& table) { table.text("a").default_to("x"); }),
              HasSubstr("t.a: Cassandra has no default values; give the value when you insert"));
  EXPECT_THAT(refused_table([](TableBuilder& table) { table.text("a").unique(); }),
              HasSubstr("t.a: Cassandra has no unique keys; make the value the primary key"));
  EXPECT_THAT(refused_table([](TableBuilder& table) { table.text("a").not_null(); }),
              HasSubstr("table 't', column 'a': this database keeps no NOT NULL"));
  EXPECT_THAT(refused_table([](TableBuilder& table) { table.text("a").check("a > 1"); }),
              HasSubstr("has no checks"));
  EXPECT_THAT(
      refusal([&] { schema.create_table("t", [](TableBuilder& table) { table.text("a"); }); }),
      HasSubstr("needs a partition key"));
  EXPECT_THAT(refusal([&] { schema.rename_table("a", "b"); }),
              HasSubstr("a: Cassandra cannot rename a table; make a new table"));
  EXPECT_THAT(refusal([&] { schema.create_view("v", "SELECT 1"); }),
              HasSubstr("create_materialized_view()"));
  EXPECT_EQ(refused_table([](TableBuilder& table) { table.text("a").nullable(); }),
            "nothing was refused");
}

TEST_F(CqlBuilder, RefusesKeysThatContradictEachOther) {
  EXPECT_THAT(refused_table([](TableBuilder& table) { table.partition_key("id"); }),
              HasSubstr("the primary key is described twice"));
  EXPECT_THAT(refusal([&] {
                schema.create_table("t", [](TableBuilder& table) {
                  table.text("a");
                  table.clustering_key("a");
                });
              }),
              HasSubstr("a clustering key without partition_key()"));
  EXPECT_THAT(refusal([&] {
                schema.alter_table("t", [](TableBuilder& table) { table.partition_key("a"); });
              }),
              HasSubstr("partition_key() belongs to create_table"));
}

TEST_F(CqlBuilder, MakesAltersAndDropsTypes) {
  schema.create_type("address", [](TypeBuilder& type) {
    type.field("street", types::text()).field("zips", types::frozen(types::set(types::integer())));
  });
  schema.alter_type("address", [](TypeBuilder& type) {
    type.field("city", types::text()).rename_field("zips", "codes");
  });
  schema.drop_type("address");
  EXPECT_EQ(rendered(),
            "CREATE TYPE \"address\" (\n  \"street\" text,\n  \"zips\" frozen<set<int>>\n);\n"
            "ALTER TYPE \"address\" ADD \"city\" text;\n"
            "ALTER TYPE \"address\" RENAME \"zips\" TO \"codes\";\n"
            "DROP TYPE \"address\";\n");
  EXPECT_TRUE(schema.has_type("address"));
  EXPECT_FALSE(schema.has_type("person"));
  EXPECT_THAT(refusal([&] {
                schema.create_type("t", [](TypeBuilder& type) { type.rename_field("a", "b"); });
              }),
              HasSubstr("rename_field() belongs to alter_type"));
}

TEST_F(CqlBuilder, TypesAreInvertedAsFarAsTheyCanBe) {
  schema.create_type("address", [](TypeBuilder& type) { type.field("street", types::text()); });
  schema.alter_type("address", [](TypeBuilder& type) { type.rename_field("street", "road"); });
  const Inverse inverse = invert(target.changes);
  ASSERT_EQ(inverse.obstacle, "");
  EXPECT_EQ(describe(inverse.changes.at(0)), "type address: rename field road to street");
  EXPECT_EQ(describe(inverse.changes.at(1)), "drop type address");
  schema.alter_type("address", [](TypeBuilder& type) { type.field("zip", types::integer()); });
  EXPECT_THAT(invert(target.changes).obstacle, HasSubstr("a field cannot be taken out"));
}

TEST_F(CqlBuilder, MakesAltersAndDropsKeyspaces) {
  const KeyspaceOptions options{.replication = {{"class", "NetworkTopologyStrategy"}, {"dc1", "3"}},
                                .durable_writes = false};
  schema.create_keyspace("app", options);
  schema.alter_keyspace(
      "app", {.replication = {{"class", "SimpleStrategy"}, {"replication_factor", "1"}}});
  schema.drop_keyspace_if_exists("app");
  EXPECT_EQ(rendered(),
            "CREATE KEYSPACE \"app\" WITH replication = {'class': 'NetworkTopologyStrategy', "
            "'dc1': '3'} AND durable_writes = false;\n"
            "ALTER KEYSPACE \"app\" WITH replication = {'class': 'SimpleStrategy', "
            "'replication_factor': '1'} AND durable_writes = true;\n"
            "DROP KEYSPACE IF EXISTS \"app\";\n");
  EXPECT_THAT(refusal([&] { schema.create_keyspace("app", {}); }),
              HasSubstr("its replication needs a strategy"));
  EXPECT_THAT(refusal([&] {
                schema.create_keyspace("scylla",
                                       {.replication = options.replication, .tablets = true});
              }),
              HasSubstr("has no tablets, which are ScyllaDB's"));
}

TEST_F(CqlBuilder, MakesIndexesOfCollectionsAndOfItsOwnKinds) {
  schema.create_index("t", values_of("tags"));
  schema.create_index("t", "kind", "kind_sai").method("sai").option("case_sensitive", "false");
  EXPECT_EQ(rendered(),
            "CREATE INDEX \"t_tags_index\" ON \"t\" (values(\"tags\"));\n"
            "CREATE CUSTOM INDEX \"kind_sai\" ON \"t\" (\"kind\") USING 'StorageAttachedIndex' "
            "WITH OPTIONS = {'case_sensitive': 'false'};\n");
  EXPECT_THAT(refusal([&] { schema.create_index("t", "kind").local("id"); }),
              HasSubstr("has no local indexes, which are ScyllaDB's"));
}

TEST_F(CqlBuilder, SetsAndResetsOptionsOfATable) {
  schema.alter_table("t", [](TableBuilder& table) {
    table.with_options({.caching = {{"keys", "ALL"}}, .gc_grace = 60});
    table.comment("new");
    table.option("compaction", "");
  });
  EXPECT_EQ(rendered(),
            "ALTER TABLE \"t\" WITH caching = {'keys': 'ALL'};\n"
            "ALTER TABLE \"t\" WITH gc_grace_seconds = 60;\n"
            "ALTER TABLE \"t\" WITH comment = 'new';\n"
            "ALTER TABLE \"t\" WITH compaction = {'class': "
            "'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy', 'max_threshold': "
            "'32', 'min_threshold': '4'};\n");
}

TEST_F(CqlBuilder, GrantsAndRevokes) {
  schema.grant("SELECT", "TABLE posts", "reader");
  schema.revoke("SELECT", "TABLE posts", "reader");
  EXPECT_EQ(rendered(),
            "GRANT SELECT ON TABLE posts TO \"reader\";\n"
            "REVOKE SELECT ON TABLE posts FROM \"reader\";\n");
}

TEST_F(CqlBuilder, WritesRowsWithTimesAndConditions) {
  schema.table("t").ttl(60).write_time(5).insert({{"id", 1}, {"a", "x"}});
  EXPECT_EQ(sent(),
            "INSERT INTO \"t\" (\"id\", \"a\") VALUES (?, ?) USING TTL 60 AND TIMESTAMP 5 "
            "|1 |x");
  schema.table("t").if_not_exists().insert({{"id", 1}});
  EXPECT_EQ(sent(), "INSERT INTO \"t\" (\"id\") VALUES (?) IF NOT EXISTS |1");
  schema.table("t")
      .where("id", 1)
      .ttl(10)
      .only_if("a", "x")
      .only_if("b", "!=", 3)
      .only_if("c", nullptr)
      .update({{"a", "y"}});
  EXPECT_EQ(sent(),
            "UPDATE \"t\" USING TTL 10 SET \"a\" = ? WHERE \"id\" = ? IF \"a\" = ? AND "
            "\"b\" != ? AND \"c\" = NULL |y |1 |x |3");
  schema.table("t").where("id", 1).if_exists().write_time(7).remove();
  EXPECT_EQ(sent(), "DELETE FROM \"t\" USING TIMESTAMP 7 WHERE \"id\" = ? IF EXISTS |1");
  schema.table("t").all().remove();
  EXPECT_EQ(sent(), "TRUNCATE TABLE \"t\"");
}

TEST_F(CqlBuilder, WritesOneRowAStatement) {
  schema.table("t").insert({Record{{"id", 1}}, Record{{"id", 2}}});
  ASSERT_EQ(target.statements.size(), 2u);
  EXPECT_EQ(sent(1), "INSERT INTO \"t\" (\"id\") VALUES (?) |2");
  schema.table("t").insert_or_ignore({Record{{"id", 1}}});
  EXPECT_EQ(sent(), "INSERT INTO \"t\" (\"id\") VALUES (?) IF NOT EXISTS |1");
  schema.table("t").upsert(Record{{"id", 1}, {"a", 2}}, "id");
  EXPECT_EQ(sent(), "INSERT INTO \"t\" (\"id\", \"a\") VALUES (?, ?) |1 |2");
}

TEST_F(CqlBuilder, ReadsInWordsOfCql) {
  schema.table("t")
      .where("id", 1)
      .where_between("at", 2, 3)
      .where_in("kind", {4, 5})
      .where([](Conditions& group) { group.where("a", ">", 6).where_raw("token(b) > ?", 7); })
      .allow_filtering()
      .limit(8)
      .get();
  EXPECT_EQ(sent(),
            "SELECT * FROM \"t\" WHERE \"id\" = ? AND \"at\" >= ? AND \"at\" <= ? AND "
            "\"kind\" IN (?, ?) AND \"a\" > ? AND token(b) > ? LIMIT 8 ALLOW FILTERING |1 "
            "|2 |3 |4 |5 |6 |7");
  EXPECT_THAT(refusal([&] { schema.table("t").where("a", 1).or_where("b", 2).get(); }),
              HasSubstr("CQL has no OR"));
  EXPECT_THAT(refusal([&] { schema.table("t").join("u", "t.a", "u.a").get(); }),
              HasSubstr("CQL has no joins"));
  EXPECT_THAT(refusal([&] { schema.table("t").offset(3).get(); }), HasSubstr("CQL has no OFFSET"));
  EXPECT_THAT(refusal([&] { schema.table("t").where_null("a").get(); }),
              HasSubstr("CQL has no IS NULL"));
}

TEST_F(CqlBuilder, SendsABatchAsOneStatement) {
  schema.batch([](Batch& batch) {
    batch.table("t").insert({{"id", 1}});
    batch.table("t").where("id", 2).remove();
  });
  ASSERT_EQ(target.statements.size(), 1u);
  EXPECT_EQ(sent(),
            "BEGIN BATCH\n  INSERT INTO \"t\" (\"id\") VALUES (?);\n  DELETE FROM \"t\" "
            "WHERE \"id\" = ?;\nAPPLY BATCH |1 |2");
  schema.unlogged_batch([](Batch& batch) { batch.table("t").insert({{"id", 1}}); });
  EXPECT_THAT(sent(), HasSubstr("BEGIN UNLOGGED BATCH"));
  schema.batch([](Batch&) {});
  EXPECT_TRUE(target.statements.empty());
  EXPECT_THAT(refusal([&] { schema.batch([](Batch& batch) { batch.table("t").get(); }); }),
              HasSubstr("a batch cannot read"));
}

TEST(CqlWordsElsewhere, AreRefusedBySqlDatabases) {
  Recording target("postgres");
  Schema schema(target);
  EXPECT_THROW(schema.table("t").ttl(5).insert({{"a", 1}}), Error);
  EXPECT_THROW(schema.table("t").where("a", 1).only_if("b", 2).update({{"b", 3}}), Error);
  EXPECT_THROW(schema.table("t").allow_filtering().get(), Error);
  schema.batch([](Batch& batch) { batch.table("t").insert({{"a", 1}}); });
  EXPECT_THAT(target.log, ElementsAre("begin", "commit"));
  EXPECT_EQ(target.statements.size(), 1u);
}

TEST(CqlKeysElsewhere, BecomeThePrimaryKey) {
  Recording target("postgres");
  Schema schema(target);
  schema.create_table("t", [](TableBuilder& table) {
    table.integer("a");
    table.integer("b");
    table.partition_key("a");
    table.clustering_key("b");
  });
  const auto& key = target.only<CreateTable>().table.primary_key;
  ASSERT_TRUE(key);
  EXPECT_EQ(key->parts.size(), 2u);
}

}  // namespace
}  // namespace sterna::test
