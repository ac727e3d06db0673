// The query builder against every real database.
#include <gtest/gtest.h>
#include <sterna/database.hpp>

#include "builder/direct_target.hpp"
#include "database/registry.hpp"
#include "support/databases.hpp"

namespace sterna {
namespace {

class Data : public testing::TestWithParam<test::Kind> {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(GetParam());
    place.emplace(GetParam());
    db.emplace(place->url());
    db->schema().create_table("users", [](TableBuilder& table) {
      table.id();
      table.string("name", 80);
      table.string("email").nullable().unique();
      table.integer("age").nullable();
      table.boolean("active").default_to(true);
      table.double_("score").default_to(0);
      table.timestamp("seen_at", 6).nullable();
    });
    db->schema().create_table("posts", [](TableBuilder& table) {
      table.id();
      table.big_integer("author_id").references("id").on("users").cascade_on_delete();
      table.string("title");
    });
  }

  void seed() {
    db->table("users").insert({{{"name", "Ann"}, {"email", "ann@admin.com"}, {"age", 31}},
                               {{"name", "Bob"}, {"email", "bob@example.com"}, {"age", 17}},
                               {{"name", "Cyd"}, {"email", nullptr}, {"age", nullptr}},
                               {{"name", "dan%"}, {"email", "d_n@admin.com"}, {"age", 50}}});
  }
  std::vector<std::string> names(Query query) {
    return query.order_by("name").pluck<std::string>("name");
  }
  Query users() { return db->table("users"); }
  std::int64_t id_of(const char* name) {
    return users().where("name", name).value<std::int64_t>("id").value();
  }

  using Strings = std::vector<std::string>;
  std::optional<test::TestDatabase> place;
  std::optional<Database> db;
};

TEST_P(Data, InsertsAndReadsRowsByName) {
  EXPECT_EQ(
      users().insert({{"name", "O'Neill \\ ?"}, {"age", 3}, {"score", 1.5}, {"active", false}}), 1);
  const std::optional<Row> row = users().first();
  ASSERT_TRUE(row);
  EXPECT_EQ(row->get<std::string>("name"), "O'Neill \\ ?");
  EXPECT_EQ(row->get<int>("age"), 3);
  EXPECT_EQ(row->get<double>("score"), 1.5);
  EXPECT_FALSE(row->get<bool>("active"));
  EXPECT_EQ(row->get<std::optional<std::string>>("email"), std::nullopt);
  EXPECT_THROW(row->get<std::string>("email"), Error);
  EXPECT_THROW((*row)["nope"], Error);
}

TEST_P(Data, DefaultsApplyToColumnsLeftOut) {
  users().insert({{"name", "Ann"}});
  EXPECT_TRUE(users().value<bool>("active").value());
}

TEST_P(Data, EveryOperatorSelectsItsRows) {
  seed();
  EXPECT_EQ(names(users().where("age", 31)), Strings{"Ann"});
  EXPECT_EQ(names(users().where("age", "!=", 31)), (Strings{"Bob", "dan%"}));
  EXPECT_EQ(names(users().where("age", "<", 31)), Strings{"Bob"});
  EXPECT_EQ(names(users().where("age", "<=", 31)), (Strings{"Ann", "Bob"}));
  EXPECT_EQ(names(users().where("age", ">", 31)), Strings{"dan%"});
  EXPECT_EQ(names(users().where("age", ">=", 31)), (Strings{"Ann", "dan%"}));
  EXPECT_EQ(names(users().where("email", "like", "%@admin.com")), (Strings{"Ann", "dan%"}));
  EXPECT_EQ(names(users().where("email", "not like", "%@admin.com")), Strings{"Bob"});
  EXPECT_EQ(names(users().where("name", "ilike", "AN%")), Strings{"Ann"});
  EXPECT_EQ(names(users().where("name", "not ilike", "AN%").where("age", "<", 20)), Strings{"Bob"});
  EXPECT_EQ(names(users().where_in("age", {17, 50})), (Strings{"Bob", "dan%"}));
  EXPECT_EQ(names(users().where_not_in("age", {17, 50})), Strings{"Ann"});
  EXPECT_EQ(names(users().where_in("age", Values({}))), Strings{});
  EXPECT_EQ(names(users().where_between("age", 17, 31)), (Strings{"Ann", "Bob"}));
  EXPECT_EQ(names(users().where_not_between("age", 17, 31)), Strings{"dan%"});
  EXPECT_EQ(names(users().where_null("age")), Strings{"Cyd"});
  EXPECT_EQ(names(users().where("email", nullptr)), Strings{"Cyd"});
  EXPECT_EQ(names(users().where_not_null("age").where("active", true)),
            (Strings{"Ann", "Bob", "dan%"}));
  EXPECT_EQ(names(users().where("active", "is", false)), Strings{});
  EXPECT_EQ(names(users().where(Condition::pattern("name", 'e', "n%"))), Strings{"dan%"})
      << "% means itself";
  EXPECT_EQ(names(users().where(Condition::pattern("email", 's', "d_"))), Strings{"dan%"})
      << "_ means itself";
  EXPECT_EQ(names(users().where(Condition::pattern("email", 'c', "_n"))), Strings{"dan%"});
  EXPECT_EQ(names(users().where_raw("length(name) > ? AND age > ?", 3, 1)), Strings{"dan%"});
}

TEST_P(Data, NestedGroups) {
  seed();
  EXPECT_EQ(names(users().where("active", true).where([](Conditions& c) {
              c.where("age", ">", 40).or_where([](Conditions& d) {
                d.where("age", "<", 20).where("name", "Bob");
              });
            })),
            (Strings{"Bob", "dan%"}));
  EXPECT_EQ(names(users()
                      .where_not([](Conditions& c) { c.where("age", 31).or_where("age", 17); })
                      .where_not_null("age")),
            Strings{"dan%"});
}

TEST_P(Data, OrdersLimitsAndSkips) {
  seed();
  EXPECT_EQ(users().order_by_desc("id").limit(1).pluck<std::string>("name"), Strings{"dan%"});
  EXPECT_EQ(users().order_by("id").limit(2).offset(1).pluck<std::string>("name"),
            (Strings{"Bob", "Cyd"}));
  EXPECT_EQ(users().order_by("id").offset(3).pluck<std::string>("name"), Strings{"dan%"})
      << "an offset without a limit";
  EXPECT_EQ(users().limit(0).get().size(), 0U);
}

TEST_P(Data, JoinsGroupsAndSubqueries) {
  seed();
  const std::int64_t ann = id_of("Ann"), bob = id_of("Bob");
  db->table("posts").insert({{{"author_id", ann}, {"title", "one"}},
                             {{"author_id", ann}, {"title", "two"}},
                             {{"author_id", bob}, {"title", "three"}}});
  const Rows joined = db->table("posts as p")
                          .join("users as u", "u.id", "p.author_id")
                          .select({"p.title", "u.name as author"})
                          .order_by("p.id")
                          .get();
  ASSERT_EQ(joined.size(), 3U);
  EXPECT_EQ(joined[2].get<std::string>("author"), "Bob");
  EXPECT_EQ(
      users().left_join("posts", "posts.author_id", "users.id").where_null("posts.id").count(), 2);
  const Rows counted = db->table("posts")
                           .select({"author_id", expression("count(*) AS n")})
                           .group_by({"author_id"})
                           .having(expression("count(*)"), ">", 1)
                           .get();
  ASSERT_EQ(counted.size(), 1U);
  EXPECT_EQ(counted[0].get<int>("n"), 2);
  EXPECT_EQ(names(users().where_in(
                "id", db->table("posts").select({"author_id"}).where("title", "three"))),
            Strings{"Bob"});
  EXPECT_EQ(names(users().where_not_exists(
                db->table("posts").where_column("posts.author_id", "users.id"))),
            (Strings{"Cyd", "dan%"}));
  EXPECT_EQ(db->table("posts").distinct().select({"author_id"}).count(), 2);
}

TEST_P(Data, CountsExistsAndAggregates) {
  seed();
  EXPECT_EQ(users().count(), 4);
  EXPECT_EQ(users().where_null("age").count(), 1);
  EXPECT_TRUE(users().where("name", "Ann").exists());
  EXPECT_FALSE(users().where("name", "Zoe").exists());
  EXPECT_EQ(users().min<int>("age"), 17);
  EXPECT_EQ(users().max<int>("age"), 50);
  EXPECT_EQ(users().sum<int>("age"), 98);
  EXPECT_EQ(users().where("name", "Zoe").max<int>("age"), std::nullopt);
  EXPECT_EQ(users().where("name", "Zoe").value<int>("age"), std::nullopt);
  EXPECT_EQ(users().where("name", "Cyd").value<std::optional<int>>("age"),
            std::optional<std::optional<int>>(std::in_place, std::nullopt));
}

TEST_P(Data, UpdatesIncrementsAndRemoves) {
  seed();
  EXPECT_EQ(users().where("name", "Ann").update({{"age", 32}, {"email", nullptr}}), 1);
  EXPECT_EQ(users().where("name", "Ann").value<int>("age"), 32);
  EXPECT_EQ(users().where_not_null("age").update({{"age", expression("age * ?", 2)}}), 3);
  EXPECT_EQ(users().where("name", "Bob").value<int>("age"), 34);
  users().where("name", "Bob").increment("age");
  users().where("name", "Bob").decrement("age", 5, {{"name", "Rob"}});
  EXPECT_EQ(users().where("name", "Rob").value<int>("age"), 30);
  EXPECT_EQ(users().where("age", ">", 60).remove(), 2);
  EXPECT_THROW(users().remove(), Error);
  EXPECT_EQ(users().count(), 2);
  users().all().remove();
  EXPECT_EQ(users().count(), 0);
}

TEST_P(Data, InsertsThousandsOfRowsInFewStatements) {
  class Counting : public DirectTarget {
   public:
    using DirectTarget::DirectTarget;
    int statements = 0;

   protected:
    std::int64_t run(const Statement& statement) override {
      ++statements;
      return DirectTarget::run(statement);
    }
  };
  const std::unique_ptr<Connection> connection = connect(parse_url(place->url()));
  Counting target(*connection);
  Schema schema(target);
  std::vector<Record> rows;
  for (int i = 0; i < 20'000; ++i)
    rows.push_back(
        {{"name", "user " + std::to_string(i)}, {"age", i}, {"email", "u" + std::to_string(i)}});
  schema.transaction([&] { EXPECT_EQ(schema.table("users").insert(rows), 20'000); });
  EXPECT_EQ(target.statements, 20);
  EXPECT_EQ(users().count(), 20'000);
  EXPECT_EQ(users().where("age", 12'345).value<std::string>("name"), "user 12345");
}

TEST_P(Data, UpsertUpdatesTheRowThatIsThere) {
  seed();
  users().upsert({{{"name", "Anna"}, {"email", "ann@admin.com"}, {"age", 40}},
                  {{"name", "Eve"}, {"email", "eve@x"}, {"age", 5}}},
                 "email");
  EXPECT_EQ(users().count(), 5);
  EXPECT_EQ(users().where("email", "ann@admin.com").value<std::string>("name"), "Anna");
  users().upsert({{"name", "Ignored"}, {"email", "ann@admin.com"}, {"age", 41}}, {"email"},
                 Names{"age"});
  EXPECT_EQ(users().where("email", "ann@admin.com").value<std::string>("name"), "Anna");
  EXPECT_EQ(users().where("email", "ann@admin.com").value<int>("age"), 41);
  users().insert_or_ignore(
      {{{"name", "Ignored"}, {"email", "ann@admin.com"}}, {{"name", "Fay"}, {"email", "fay@x"}}});
  EXPECT_EQ(users().count(), 6);
  EXPECT_EQ(users().where("email", "ann@admin.com").value<std::string>("name"), "Anna");
}

TEST_P(Data, InsertSelectCopiesRows) {
  seed();
  EXPECT_EQ(db->table("posts").insert_select({"author_id", "title"},
                                             users().select({"id", "name"}).where("age", ">", 20)),
            2);
  EXPECT_EQ(db->table("posts").order_by("title").pluck<std::string>("title"),
            (Strings{"Ann", "dan%"}));
}

TEST_P(Data, RawReadsAndStatementsBindTheirValues) {
  seed();
  const Rows rows =
      db->select("SELECT name FROM users WHERE age > ? AND name <> ? ORDER BY name;", 16, "Bob");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].get<std::string>("name"), "Ann");
  EXPECT_EQ(db->execute("UPDATE users SET age = ? WHERE name = ?", 99, "'; DROP TABLE users; --"),
            0);
  EXPECT_EQ(users().count(), 4);
}

TEST_P(Data, TransactionsNestAsSavepoints) {
  const auto insert = [&](const char* name) { users().insert({{"name", name}}); };
  db->transaction([&] {
    insert("kept");
    EXPECT_THROW(db->transaction([&] {
      insert("lost");
      throw std::runtime_error("inner");
    }),
                 std::runtime_error);
    db->transaction([&] { insert("kept too"); });
  });
  EXPECT_EQ(names(users()), (Strings{"kept", "kept too"}));
  EXPECT_THROW(db->transaction([&] {
    insert("lost");
    db->transaction([&] { insert("lost too"); });
    throw std::runtime_error("outer");
  }),
               std::runtime_error);
  EXPECT_EQ(users().count(), 2);
}

TEST_P(Data, ATransactionThatFailsInTheServerCanBeFollowedByAnother) {
  seed();
  EXPECT_THROW(db->transaction([&] {
    users().insert({{"name", "Eve"}});
    users().insert({{"name", "Twin"}, {"email", "ann@admin.com"}});
  }),
               Error);
  EXPECT_EQ(users().count(), 4);
  db->transaction([&] { users().insert({{"name", "Eve"}}); });
  EXPECT_EQ(users().count(), 5);
}

TEST_P(Data, NowIsTheServersTimeAndTimestampsComeBackAsWritten) {
  const Timestamp moment = parse_timestamp("2026-01-15 14:30:22.123456");
  users().insert({{"name", "then"}, {"seen_at", moment}});
  users().insert({{"name", "now"}, {"seen_at", now()}});
  EXPECT_EQ(users().where("name", "then").value<Timestamp>("seen_at"), moment);
  EXPECT_GT(users().where("name", "now").value<Timestamp>("seen_at").value(), moment);
}

TEST_P(Data, ChunksWalkThroughEveryRowOnceWhileTheyAreChanged) {
  std::vector<Record> rows;
  for (int i = 0; i < 95; ++i)
    rows.push_back(
        {{"name", "user " + std::to_string(i)}, {"age", i % 2 == 0 ? Value(nullptr) : Value(i)}});
  users().insert(rows);
  std::vector<std::size_t> sizes;
  users().where_null("age").or_where("age", ">", 90).chunk_by_key(10, [&](const Rows& chunk) {
    sizes.push_back(chunk.size());
    for (const Row& row : chunk)
      users()
          .where("id", row.get<std::int64_t>("id"))
          .update({{"age", 0}, {"score", expression("score + 1")}});
  });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{10, 10, 10, 10, 10}));
  EXPECT_EQ(users().where("score", 1).count(), 50);
  EXPECT_EQ(users().where("score", ">", 1).count(), 0);
}

TEST_P(Data, ChunksStopWhenAskedAndGoByTextKeysToo) {
  seed();
  int calls = 0;
  users().select({"name"}).where_not_null("email").chunk_by_key(
      1,
      [&](const Rows& chunk) {
        EXPECT_TRUE(chunk.at(0).has("email")) << "the key is read though it was not asked for";
        return ++calls < 2;
      },
      "email");
  EXPECT_EQ(calls, 2);
}

/// MySQL alone has such types.
struct MysqlData : Data {};
INSTANTIATE_TEST_SUITE_P(Every, MysqlData, testing::Values(test::Kind::mysql),
                         testing::PrintToStringParamName());

TEST_P(MysqlData, ChunksRefuseKeysThatTheServerPutsInTwoOrders) {
  const auto session = connect(parse_url(place->url()));
  session->execute(
      "CREATE TABLE odd (id int PRIMARY KEY, e enum('b', 'a') UNIQUE, s set('b', 'a') UNIQUE, f "
      "float UNIQUE, d double UNIQUE)");
  session->execute("INSERT INTO odd VALUES (1, 'b', 'a', 0.1, 0.1), (2, 'a', 'b', 0.3, 0.3)");
  const auto seen = [&](const std::string& key) {
    std::size_t rows = 0;
    db->table("odd").chunk_by_key(
        1, [&](const Rows& chunk) { rows += chunk.size(); }, key);
    return rows;
  };
  for (const std::string key : {"e", "s", "f", "odd.e"}) {
    try {
      seen(key);
      ADD_FAILURE() << key << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
      EXPECT_NE(std::string(error.what()).find("rows would be left out"), std::string::npos);
    }
  }
  EXPECT_EQ(seen("id"), 2U);
  EXPECT_EQ(seen("d"), 2U);
}

/// Keeps positions as the runner does, and dies when told.
class Resumable : public DirectTarget {
 public:
  Resumable(Connection& connection, std::map<std::string, std::string>& cursors)
      : DirectTarget(connection), cursors_(cursors) {}
  std::string load_cursor(std::string_view step) override { return cursors_[std::string(step)]; }
  void save_cursor(std::string_view step, std::string_view value) override {
    EXPECT_EQ(value.find('\n'), std::string_view::npos);
    cursors_[std::string(step)] = value;
  }
  void progress(std::string_view what, std::int64_t done, std::int64_t total) override {
    log.push_back(std::string(what) + " " + std::to_string(done) + "/" + std::to_string(total));
  }
  std::vector<std::string> log;

 private:
  std::map<std::string, std::string>& cursors_;
};

TEST_P(Data, AChunkedStepThatDiedGoesOnWithTheChunkThatWasNotFinished) {
  std::vector<Record> rows;
  for (int i = 0; i < 25; ++i) rows.push_back({{"name", "u"}});
  users().insert(rows);
  const std::unique_ptr<Connection> connection = connect(parse_url(place->url()));
  std::map<std::string, std::string> cursors;
  const auto run = [&](Resumable& target, int die_at) {
    Schema schema(target);
    int chunk_number = 0;
    const auto step = [&](const Rows& chunk) {
      std::vector<Value> ids;
      for (const Row& row : chunk) ids.push_back(row["id"]);
      schema.table("users").where_in("id", ids).increment("score");
      if (++chunk_number == die_at) throw std::runtime_error("died");
    };
    schema.table("users").chunk_by_key(10, step);
    schema.table("users").chunk_by_key(10, step);  // the same again is a step of its own
  };
  Resumable first(*connection, cursors);
  EXPECT_THROW(run(first, 2), std::runtime_error);
  EXPECT_EQ(first.log, Strings{"users 10/25"});
  EXPECT_EQ(users().where("score", 1).count(), 10) << "the chunk that died left nothing";
  Resumable second(*connection, cursors);
  run(second, 0);
  EXPECT_EQ(second.log,
            (Strings{"users 10/15", "users 15/15", "users 10/25", "users 20/25", "users 25/25"}));
  EXPECT_EQ(users().where("score", 2).count(), 25);
  Resumable third(*connection, cursors);
  run(third, 0);
  EXPECT_EQ(users().where("score", 2).count(), 25) << "what was finished is not done again";
}

TEST_P(Data, QuestionsAboutTheServer) {
  EXPECT_EQ(db->is_sqlite(), GetParam() == test::Kind::sqlite);
  EXPECT_EQ(db->is_postgres(), GetParam() == test::Kind::postgres);
  EXPECT_EQ(db->is_mysql(), GetParam() == test::Kind::mysql);
  EXPECT_GT(db->server_version(), 30000);
  EXPECT_FALSE(db->server_version_text().empty());
  EXPECT_TRUE(db->schema().has_table("users"));
  EXPECT_FALSE(db->schema().has_table("nope"));
  EXPECT_TRUE(db->schema().has_column("users", "email"));
  EXPECT_FALSE(db->schema().has_column("users", "nope"));
}

TEST_P(Data, StructuralChangesTakeEffectAtOnce) {
  Schema& schema = db->schema();
  schema.alter_table("posts", [](TableBuilder& table) {
    table.string("slug").nullable().index();
    table.rename_column("title", "headline");
  });
  EXPECT_TRUE(schema.has_column("posts", "slug"));
  EXPECT_TRUE(schema.has_index("posts", {"slug"}));
  schema.drop_index("posts", {"slug"});
  EXPECT_FALSE(schema.has_index("posts", {"slug"}));
  schema.create_index("posts", {"headline"}).unique();
  db->table("users").insert({{"name", "Ann"}});
  const std::int64_t ann = id_of("Ann");
  db->table("posts").insert({{"author_id", ann}, {"headline", "x"}});
  EXPECT_THROW(db->table("posts").insert({{"author_id", ann}, {"headline", "x"}}), Error);
  schema.rename_table("posts", "articles");
  EXPECT_TRUE(schema.has_table("articles"));
  schema.create_view("headlines", "SELECT headline FROM articles");
  EXPECT_EQ(db->table("headlines").value<std::string>("headline"), "x");
  schema.drop_view("headlines");
  schema.drop_table("articles");
  schema.drop_table_if_exists("articles");
  EXPECT_FALSE(schema.has_table("articles"));
}

TEST_P(Data, ATableRebuildKeepsTheRowsThatReferToIt) {
  seed();
  db->table("posts").insert({{"author_id", id_of("Ann")}, {"title", "one"}});
  db->schema().alter_table("users", [](TableBuilder& table) { table.text("name").alter(); });
  EXPECT_EQ(db->table("posts").count(), 1);
  EXPECT_EQ(users().count(), 4);
}

INSTANTIATE_TEST_SUITE_P(Every, Data, testing::ValuesIn(test::all_kinds()),
                         testing::PrintToStringParamName());

TEST(DatabaseErrors, AnUnknownSchemeIsAConfigurationError) {
  try {
    Database db("mongo://localhost/x");
    FAIL() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::config);
  }
}

}  // namespace
}  // namespace sterna
