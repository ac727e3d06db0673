// What is inspected of a real cluster: every object that Sterna models, in one form, and the same
// again when it is made from the model alone.
#include "base/file.hpp"
#include "cql_models.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "sql/splitter.hpp"
#include "support/databases.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace sterna::test {
namespace {

using model::Model;
using model::Table;
using model::TypeKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct CqlInspect : testing::Test {
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    database = std::make_unique<TestDatabase>(Kind::cql);
    connection = connect(parse_url(database->url()));
  }
  void run(Connection& session, const std::string& text) {
    for (const Statement& statement : split_statements(text, Language::cql)) {
      SCOPED_TRACE(statement.sql);
      session.execute(statement);
    }
  }
  void run(const std::string& text) { run(*connection, text); }
  std::string sample() {
    return read_file(std::filesystem::path(STERNA_SOURCE_DIR) /
                     "tests/database/samples/cql/shop.cql");
  }
  std::vector<Change> between(const Model& from, const Model& to) {
    return diff(from, to, {connection->dialect(), connection->server()}).changes;
  }
  static std::string words(const std::vector<Change>& changes) {
    std::string text;
    for (const Change& change : changes) text += describe(change) + "\n";
    return text;
  }
  void apply(const Model& from, const std::vector<Change>& changes) {
    for (const Statement& statement : script_of(changes, from, *connection).statements) {
      try {
        connection->execute(statement);
      } catch (const Error& error) {
        FAIL() << error.what() << "\n" << statement.sql;
      }
    }
  }

  std::unique_ptr<TestDatabase> database;
  std::unique_ptr<Connection> connection;
};

TEST_F(CqlInspect, TellsKeysOrderStaticColumnsAndOptions) {
  run(sample());
  const Model model = connection->inspect({});
  EXPECT_THAT(model.not_managed,
              ElementsAre("the keyspace's own replication: SimpleStrategy, replication_factor: 1, "
                          "durable_writes: false"));
  const Table* events = model.table("user_events");
  ASSERT_NE(events, nullptr);
  EXPECT_THAT(events->partition_key, ElementsAre("user_id", "day"));
  EXPECT_THAT(events->clustering_key, ElementsAre("at", "event_id"));
  ASSERT_EQ(events->primary_key->parts.size(), 4u);
  EXPECT_TRUE(events->primary_key->parts[2].descending);
  EXPECT_FALSE(events->primary_key->parts[3].descending);
  EXPECT_TRUE(events->column("user_name")->is_static);
  EXPECT_FALSE(events->column("at")->nullable);
  EXPECT_TRUE(events->column("kind")->nullable);
  EXPECT_EQ(events->options.at("gc_grace_seconds"), "86400");
  EXPECT_EQ(events->options.at("default_time_to_live"), "7776000");
  EXPECT_THAT(events->options.at("compaction"), HasSubstr("TimeWindowCompactionStrategy"));
  EXPECT_FALSE(events->options.contains("crc_check_chance"));
  EXPECT_EQ(model.table("customers")->comment, "it's them; all");
  EXPECT_THAT(model.table("customers")->options, IsEmpty());
  EXPECT_EQ(model.table(model::Name("", "Orders"))->options.size(), 1u);
}

TEST_F(CqlInspect, TellsTypesIndexesViewsAndFunctions) {
  run(sample());
  const Model model = connection->inspect({});
  const model::UserType* address = model.user_type("address");
  ASSERT_NE(address, nullptr);
  ASSERT_EQ(address->fields.size(), 3u);
  EXPECT_EQ(address->fields[2].name, "Odd Field");
  const Table* customers = model.table("customers");
  ASSERT_EQ(customers->indexes.size(), 3u);
  EXPECT_EQ(customers->indexes[0].parts[0].operator_class, "keys");
  EXPECT_EQ(customers->indexes[1].parts[0].operator_class, "");
  EXPECT_EQ(customers->indexes[2].parts[0].operator_class, "values");
  EXPECT_THAT(customers->depends_on.keys, ElementsAre("type address", "type person"));
  const model::Object* view = model.object("materialized view", "customers_by_born");
  ASSERT_NE(view, nullptr);
  EXPECT_THAT(view->depends_on, ElementsAre("table customers"));
  EXPECT_THAT(view->definition, HasSubstr("CLUSTERING ORDER BY (\"id\" DESC)"));
  EXPECT_NE(model.object("function", "first_of(list<text>, int)"), nullptr);
  EXPECT_NE(model.object("aggregate", "amount(int)"), nullptr);
}

TEST_F(CqlInspect, TellsWhichTypesThereAre) {
  run("CREATE TYPE address (street text)");
  EXPECT_TRUE(connection->has_type("address"));
  EXPECT_TRUE(connection->has_type(model::Name(database->name(), "address")));
  EXPECT_FALSE(connection->has_type("person"));
}

TEST_F(CqlInspect, KnowsWhatWasDropped) {
  run("CREATE TABLE t (id int PRIMARY KEY, a text, b int); ALTER TABLE t DROP a;");
  const Model model = connection->inspect({});
  ASSERT_EQ(model.table("t")->dropped.columns.size(), 1u);
  EXPECT_EQ(model.table("t")->dropped.columns[0].name, "a");
  EXPECT_EQ(model.table("t")->dropped.columns[0].type.kind, TypeKind::text);
  // It is no difference, and yet it is refused for another type.
  run("CREATE TABLE u (id int PRIMARY KEY, b int);");
  Model to = model;
  model::Column again = model.table("t")->dropped.columns[0];
  again.type.kind = TypeKind::integer;
  to.tables[0].columns.push_back(again);
  try {
    between(model, to);
    FAIL() << "nothing was refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::plan);
    EXPECT_THAT(error.what(), HasSubstr("was dropped before"));
  }
  // And the server agrees.
  EXPECT_THROW(connection->execute("ALTER TABLE t ADD a int"), Error);
  const Change add = AlterTable{"t", {AddColumn{again, false, false, {}}}};
  EXPECT_THROW((void)connection->dialect().render(add, {connection->server(), &*connection}),
               Error);
}

TEST_F(CqlInspect, RenamesOfOtherColumnsThanTheKeysAreRefusedBeforeAnythingRuns) {
  run("CREATE TABLE t (id int PRIMARY KEY, a text);");
  const RenderContext context{connection->server(), &*connection};
  const auto rename = [](const char* from) {
    return AlterTable{"t", {RenameColumn{from, "renamed"}}};
  };
  EXPECT_THROW((void)connection->dialect().render(rename("a"), context), Error);
  EXPECT_NO_THROW((void)connection->dialect().render(rename("id"), context));
}

TEST_F(CqlInspect, LeavesOutWhatItIsToldTo) {
  run("CREATE TABLE mine (id int PRIMARY KEY, a text); CREATE TABLE theirs (id int PRIMARY KEY);"
      "CREATE INDEX mine_a ON mine (a);");
  InspectOptions options;
  options.without = {"mine"};
  const Model model = connection->inspect(options);
  ASSERT_EQ(model.tables.size(), 1u);
  EXPECT_EQ(model.tables[0].name, model::Name("theirs"));
}

TEST_F(CqlInspect, ReadsSeveralKeyspacesWithTheirReplication) {
  const TestDatabase other(Kind::cql);
  run(*connect(parse_url(other.url())),
      "CREATE TYPE a (b int); CREATE TABLE t (id int PRIMARY KEY, c frozen<a>);");
  run("CREATE TABLE here (id int PRIMARY KEY);");
  InspectOptions options;
  options.schemas = {database->name(), other.name()};
  const Model model = connection->inspect(options);
  const model::Object* keyspace = model.object("keyspace", other.name());
  ASSERT_NE(keyspace, nullptr);
  EXPECT_THAT(keyspace->definition, HasSubstr("'class': 'SimpleStrategy'"));
  EXPECT_NE(model.table(model::Name(other.name(), "t")), nullptr);
  EXPECT_NE(model.table("here"), nullptr);
  EXPECT_THAT(model.table(model::Name(other.name(), "t"))->depends_on.keys,
              ElementsAre("keyspace " + other.name(), "type " + other.name() + ".a"));
}

TEST_F(CqlInspect, TellsRolesAndPrivilegesWhenAsked) {
  run("CREATE TABLE t (id int PRIMARY KEY);");
  const std::string role = database->name() + "_role";
  try {
    connection->execute("CREATE ROLE " + role + " WITH LOGIN = false");
    connection->execute("GRANT SELECT ON t TO " + role);
  } catch (const Error& error) {
    GTEST_SKIP() << "the server has no roles: " << error.what();
  }
  InspectOptions options;
  options.grants = true;
  const Model model = connection->inspect(options);
  connection->execute("DROP ROLE " + role);
  const model::Object* found = model.object("role", role);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->definition, testing::Not(HasSubstr("PASSWORD")));
  bool granted = false;
  for (const model::Object& object : model.objects)
    granted = granted || object.definition == "GRANT SELECT ON TABLE \"t\" TO \"" + role + "\"";
  EXPECT_TRUE(granted);
  EXPECT_EQ(connection->inspect({}).object("role", role), nullptr);
}

TEST_F(CqlInspect, SampleIsMadeAgainFromItsModelAlone) {
  run(sample());
  const Model model = connection->inspect({});
  const Model loaded = model::from_json(model::to_json(model));
  EXPECT_TRUE(loaded == model);
  const TestDatabase other(Kind::cql);
  const auto session = connect(parse_url(other.url()));
  create_model(*session, loaded);
  const Model again = session->inspect({});
  EXPECT_EQ(words(between(model, again)), "");
  EXPECT_TRUE(again == model);
}

TEST_F(CqlInspect, RandomModelsInspectToWhatWasRendered) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Model model = CqlModels(seed).make(6);
    const TestDatabase fresh(Kind::cql);
    const auto session = connect(parse_url(fresh.url()));
    try {
      create_model(*session, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
    const Model again = session->inspect({});
    EXPECT_THAT(again.not_managed, testing::SizeIs(1)) << "the keyspace's own replication";
    ASSERT_EQ(words(between(model, again)), "");
    ASSERT_TRUE(again == model) << model::to_json(again) << model::to_json(model);
  }
}

TEST_F(CqlInspect, RandomChangesLeadFromOneModelToAnother) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    CqlModels models(seed);
    const Model from = models.make(5);
    const Model to = models.changed(from);
    const TestDatabase fresh(Kind::cql);
    connection = connect(parse_url(fresh.url()));
    create_model(*connection, from);
    const Model before = connection->inspect({});
    ASSERT_NO_FATAL_FAILURE(apply(before, between(before, to)));
    const Model after = connection->inspect({});
    ASSERT_EQ(words(between(after, to)), "");
    ASSERT_TRUE(after == to) << model::to_json(after) << model::to_json(to);
    EXPECT_EQ(words(between(after, connection->inspect({}))), "");
  }
}

TEST_F(CqlInspect, RowsOfWhatStaysSurviveAChange) {
  run("CREATE TABLE t (id int PRIMARY KEY, a text, b int);"
      "INSERT INTO t (id, a, b) VALUES (1, 'kept', 2);");
  const Model from = connection->inspect({});
  Model to = from;
  Table& table = to.tables[0];
  std::erase_if(table.columns, [](const auto& column) { return column.name == "b"; });
  model::Column added = *from.tables[0].column("a");
  added.name = "c";
  table.columns.push_back(added);
  ASSERT_NO_FATAL_FAILURE(apply(from, between(from, to)));
  const Rows rows = connection->query("SELECT a, c FROM t");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].get<std::string>(0), "kept");
}

}  // namespace
}  // namespace sterna::test
