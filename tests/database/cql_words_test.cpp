// CQL's words that need no server: keys, types as text, options and their defaults, what is refused
// and what is said then.
#include "database/cql/dialect.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/options.hpp"
#include "database/cql/type_text.hpp"
#include "render_build.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::test {
namespace {

using cql::cql_dialect;
using cql::parse_type;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const ServerInfo cassandra{"Cassandra", "5.0.6", 50006};
const ServerInfo cassandra3{"Cassandra", "3.11.17", 31117};
const ServerInfo scylla{"ScyllaDB", "6.2.0", 60200};

model::Table events() {
  model::Table table;
  table.name = "events";
  table.columns = {column("user_id", TypeKind::uuid), column("at", TypeKind::timestamp),
                   column("kind", TypeKind::text)};
  model::IndexPart at = part("at");
  at.descending = true;
  table.primary_key = primary({part("user_id"), at});
  table.partition_key = {"user_id"};
  table.clustering_key = {"at"};
  return table;
}

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    std::string text = error.what();
    for (const std::string& suggestion : error.suggestions()) text += "\n" + suggestion;
    return text;
  }
  return "nothing was refused";
}

TEST(CqlKeys, FirstColumnOfAPlainPrimaryKeyIsThePartitionKey) {
  model::Table table = events();
  table.partition_key.clear();
  table.clustering_key.clear();
  EXPECT_EQ(cql::keys_of(table).text(), "PRIMARY KEY (\"user_id\", \"at\")");
  EXPECT_EQ(cql::keys_of(table).order(), "CLUSTERING ORDER BY (\"at\" DESC)");
}

TEST(CqlKeys, PartitionKeyOfSeveralColumnsStandsInParentheses) {
  model::Table table = events();
  table.partition_key = {"user_id", "kind"};
  table.primary_key.reset();
  EXPECT_EQ(cql::keys_of(table).text(), "PRIMARY KEY ((\"user_id\", \"kind\"), \"at\")");
  EXPECT_EQ(cql::keys_of(table).order(), "");
}

TEST(CqlKeys, AreTheSameWhenWrittenBack) {
  model::Table table = events();
  const cql::Keys keys = cql::keys_of(table);
  cql::set_keys(table, keys);
  EXPECT_EQ(cql::keys_of(table), keys);
  EXPECT_EQ(table, events());
}

TEST(CqlTypes, AreReadAsTheyAreWritten) {
  for (const char* text : {"ascii",
                           "bigint",
                           "blob",
                           "boolean",
                           "counter",
                           "date",
                           "decimal",
                           "double",
                           "duration",
                           "float",
                           "inet",
                           "int",
                           "smallint",
                           "text",
                           "time",
                           "timestamp",
                           "timeuuid",
                           "tinyint",
                           "uuid",
                           "varint",
                           "list<text>",
                           "map<text, frozen<list<int>>>",
                           "frozen<tuple<int, frozen<set<uuid>>>>",
                           "vector<float, 3>",
                           "\"address\"",
                           "frozen<\"Odd\"\"Name\">",
                           "map<frozen<\"a\">, frozen<map<int, frozen<\"b\">>>>"}) {
    const model::Type type = parse_type(text);
    EXPECT_EQ(cql_dialect().type_name(type, cassandra), text);
    EXPECT_EQ(parse_type(cql_dialect().type_name(type, cassandra)), type) << text;
  }
  EXPECT_EQ(cql_dialect().type_name(parse_type("frozen<address>"), cassandra),
            "frozen<\"address\">");
  EXPECT_EQ(parse_type("varchar").kind, TypeKind::text);
  const std::string java = "'org.apache.cassandra.db.marshal.DynamicCompositeType(a=>b)'";
  EXPECT_EQ(parse_type(java).kind, TypeKind::native);
  EXPECT_EQ(parse_type(java).name, java);
  EXPECT_EQ(parse_type("map<text").kind, TypeKind::native);
}

TEST(CqlTypes, VectorsNeedCassandra5) {
  const model::Type vector = parse_type("vector<float, 3>");
  EXPECT_THAT(message_of([&] { (void)cql_dialect().type_name(vector, cassandra3); }),
              HasSubstr("Cassandra has vectors from Cassandra 5.0 on"));
  EXPECT_THAT(message_of([&] { (void)cql_dialect().type_name(vector, scylla); }),
              HasSubstr("ScyllaDB has vectors"));
}

TEST(CqlLiterals, AreThoseOfTheManual) {
  EXPECT_EQ(cql_dialect().literal(Value(Blob{std::string("\0\xff", 2)})), "0x00ff");
  EXPECT_EQ(cql_dialect().literal(Value("it's")), "'it''s'");
  EXPECT_EQ(cql_dialect().literal(Value(true)), "true");
  EXPECT_EQ(cql_dialect().quote("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(cql_dialect().placeholder(7), "?");
}

TEST(CqlOptions, KnowTheServersList) {
  EXPECT_THAT(
      cql::option_clauses("t", {{"gc_grace_seconds", "10"}, {"memtable", "default"}}, cassandra),
      ElementsAre("gc_grace_seconds = 10", "memtable = 'default'"));
  EXPECT_THAT(message_of([] {
                cql::option_clauses("t", {{"memtable", "'x'"}}, cassandra3);
              }),
              HasSubstr("t: Cassandra 3.11.17 has no table option memtable"));
  EXPECT_THAT(message_of([] {
                cql::option_clauses("t", {{"gc_grace_second", "1"}}, cassandra);
              }),
              HasSubstr("did you mean gc_grace_seconds?"));
  EXPECT_THAT(message_of([] {
                cql::option_clauses("t", {{"tombstone_gc", "{'mode': 'repair'}"}}, cassandra);
              }),
              HasSubstr("has no table option tombstone_gc"));
  EXPECT_THAT(cql::option_clauses("t", {{"tombstone_gc", "{'mode':'repair'}"}}, scylla),
              ElementsAre("tombstone_gc = {'mode': 'repair'}"));
}

TEST(CqlOptions, WithoutAValueGoBackToTheDefaultOfTheServer) {
  EXPECT_THAT(cql::option_clauses("t", {{"gc_grace_seconds", ""}}, cassandra),
              ElementsAre("gc_grace_seconds = 864000"));
  EXPECT_THAT(cql::option_clauses("t", {{"speculative_retry", ""}}, cassandra3),
              ElementsAre("speculative_retry = '99PERCENTILE'"));
  EXPECT_EQ(cql::default_of("bloom_filter_fp_chance",
                            {{"compaction", "{'class': 'LeveledCompactionStrategy'}"}}, cassandra),
            "0.1");
  EXPECT_EQ(cql::default_of("bloom_filter_fp_chance", {}, cassandra), "0.01");
}

TEST(CqlOptions, MapsAreTheSameInAnyOrderAndSpacing) {
  const std::string canonical = "{'class': 'X', 'enabled': 'true', 'n': '4', 'q': 'it''s'}";
  EXPECT_EQ(cql::canonical_value("{'n':4,'class' : 'X', 'q': 'it''s', 'enabled':true}"), canonical);
  EXPECT_EQ(cql::canonical_value(canonical), canonical);
  EXPECT_EQ(cql::canonical_value(" 0.5 "), "0.5");
  EXPECT_EQ(cql::canonical_value("{}"), "{}");
}

TEST(CqlDroppedColumns, ComeBackForTypesThatReadTheirBytes) {
  const auto back = [](const char* before, const char* now) {
    return cql::takes_back(parse_type(before), parse_type(now));
  };
  EXPECT_TRUE(back("text", "text"));
  EXPECT_TRUE(back("text", "blob"));
  EXPECT_TRUE(back("ascii", "text"));
  EXPECT_TRUE(back("int", "varint"));
  EXPECT_TRUE(back("timeuuid", "uuid"));
  EXPECT_TRUE(back("frozen<tuple<int, text>>", "tuple<int, text>"));
  EXPECT_FALSE(back("text", "int"));
  EXPECT_FALSE(back("text", "ascii"));
  EXPECT_FALSE(back("list<int>", "text"));
  EXPECT_FALSE(back("list<int>", "set<int>"));
  EXPECT_FALSE(back("counter", "bigint"));
  EXPECT_FALSE(back("map<text, int>", "map<text, varint>"));
  EXPECT_FALSE(back("list<int>", "frozen<list<int>>"));
  EXPECT_FALSE(back("frozen<tuple<text>>", "frozen<address>"));
}

TEST(CqlTables, CannotBeAlteredIntoOthersOfAnotherKey) {
  const model::Table from = events();
  model::Table other = from;
  other.partition_key = {"user_id", "kind"};
  EXPECT_THAT(cql_dialect().cannot_alter(from, other).value_or(""),
              HasSubstr("its primary key changes from PRIMARY KEY (\"user_id\", \"at\") to PRIMARY "
                        "KEY ((\"user_id\", \"kind\"), \"at\"), which no ALTER can do; make a new "
                        "table"));
  other = from;
  other.primary_key->parts.back().descending = false;
  EXPECT_THAT(cql_dialect().cannot_alter(from, other).value_or(""),
              HasSubstr("events: the clustering order of at changes"));
  other = from;
  other.columns[2].type = type(TypeKind::integer);
  EXPECT_THAT(cql_dialect().cannot_alter(from, other).value_or(""),
              HasSubstr("the type of kind changes from text to int"));
  other = from;
  other.columns[2].is_static = true;
  EXPECT_THAT(cql_dialect().cannot_alter(from, other).value_or(""),
              HasSubstr("kind becomes static"));
  model::Table with_type = from;
  with_type.columns.push_back(column("home", parse_type("address")));
  EXPECT_THAT(cql_dialect().cannot_alter(with_type, from).value_or(""),
              HasSubstr("home of a user type that is not frozen goes"));
  other = from;
  other.columns.push_back(column("more", TypeKind::text));
  other.comment = "words";
  EXPECT_EQ(cql_dialect().cannot_alter(from, other), std::nullopt);
}

TEST(CqlTables, RefuseTheNameOfADroppedColumnForAnotherType) {
  model::Table from = events();
  from.dropped.columns = {column("note", TypeKind::text)};
  model::Table to = from;
  to.columns.push_back(column("note", TypeKind::integer));
  EXPECT_THAT(cql_dialect().cannot_alter(from, to).value_or(""),
              HasSubstr("events: a column note of the type text was dropped before"));
  to.columns.back().type = type(TypeKind::binary);
  EXPECT_EQ(cql_dialect().cannot_alter(from, to), std::nullopt);
}

TEST(CqlCopyWords, RowsThatAreReadOnceStayOutOfTheCacheOfScyllaDb) {
  EXPECT_EQ(cql::words().read_once(scylla), " BYPASS CACHE");
  EXPECT_EQ(cql::words().read_once(cassandra), "");
}

TEST(CqlRemake, ShapesTellWhereAnInterruptedRunStands) {
  const auto told = [](const std::optional<Dialect::Remake>& remake) {
    std::string text;
    if (!remake) return text;
    for (const Change& change : remake->changes) {
      const auto* copy = std::get_if<RawSql>(&change);
      text += (copy != nullptr ? copy->statement.sql : describe(change)) + "; ";
    }
    return text;
  };
  model::Table old = events(), now = events();
  old.partition_key = {"user_id"};
  now.partition_key = {"user_id", "kind"};
  for (model::Table* table : {&old, &now}) table->clustering_key = {"at"};
  model::Table interim = now;
  interim.name = cql_dialect().interim_of(now.name);
  const std::string out = "COPY ROWS FROM \"events\" TO \"sterna_copy_of_events\"; ",
                    back = "COPY ROWS FROM \"sterna_copy_of_events\" TO \"events\"; ";
  EXPECT_THAT(told(cql_dialect().remake(&old, now, nullptr)),
              AllOf(HasSubstr(out), HasSubstr(back)));
  EXPECT_THAT(told(cql_dialect().remake(&old, now, &interim)),
              AllOf(StartsWith(out), HasSubstr("drop table events"), HasSubstr(back)));
  EXPECT_THAT(told(cql_dialect().remake(nullptr, now, &interim)),
              AllOf(StartsWith("create table events"), HasSubstr(back), Not(HasSubstr(out))));
  EXPECT_EQ(told(cql_dialect().remake(&now, now, &interim)),
            back + "drop table sterna_copy_of_events; ");
  EXPECT_FALSE(cql_dialect().remake(&now, now, nullptr).has_value());
  // What nobody can copy is refused as before.
  old.columns.push_back(column("hits", TypeKind::counter));
  EXPECT_FALSE(cql_dialect().remake(&old, now, nullptr).has_value());
  EXPECT_TRUE(cql_dialect().cannot_alter(old, now).has_value());
}

}  // namespace
}  // namespace sterna::test
