// Tables changed online on MariaDB: the same rows, whoever writes and whenever the run is killed;
// nothing left behind.
#include "bulk/bulk_scenario.hpp"

namespace sterna::test {
namespace {

constexpr const char* wider =
    "-- sterna:online batch=8\nALTER TABLE users MODIFY n bigint NOT NULL DEFAULT 0, MODIFY email "
    "varchar(300);\n";

class OnlineChange : public testing::Test {
 protected:
  void SetUp() override { STERNA_REQUIRE_SERVER(Kind::mysql); }

  static std::string type_of(const Scenario& scenario, const std::string& column) {
    const Rows rows = scenario.connect()->query(
        "SELECT column_type FROM information_schema.columns WHERE table_schema = DATABASE() AND "
        "table_name = 'users' AND column_name = '" +
        column + "'");
    return rows.empty() ? "none" : rows.front().get<std::string>(0);
  }

  /// What Sterna made and did not take away.
  static std::int64_t left_behind(const Scenario& scenario) {
    return scenario.connect()
        ->query(
            "SELECT (SELECT count(*) FROM information_schema.tables WHERE table_schema = "
            "DATABASE() AND table_name LIKE '\\_sterna%') + (SELECT count(*) FROM "
            "information_schema.triggers WHERE trigger_schema = DATABASE())")
        .front()
        .get<std::int64_t>(0);
  }

  static std::string refusal(const BulkScenario& scenario, ErrorKind kind = ErrorKind::validation) {
    try {
      scenario.engine()->up({});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      EXPECT_FALSE(error.suggestions().empty()) << error.what();
      EXPECT_NE(error.state().find("nothing"), std::string::npos) << error.state();
      return error.what();
    }
    return "accepted";
  }
};

TEST_F(OnlineChange, IsMadeOnACopyWhereTheServerCannot) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(1000);
  scenario.connect()->execute("INSERT INTO users (id, email, n) VALUES (-5, 'é € ß', 7)");
  scenario.write("001_wider.sql", wider);
  const Plan plan = scenario.engine()->plan({}, Direction::up);
  EXPECT_TRUE(holds(plan.at(0).statements.at(0).notes, "else on a copy of about"));
  const std::vector<std::string> events = scenario.run();
  EXPECT_TRUE(holds(events, "changed on a copy of 1001 row(s)")) << testing::PrintToString(events);
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
  EXPECT_EQ(scenario.count("users"), 1001);
  EXPECT_EQ(scenario.count("users WHERE id = -5 AND email = 'é € ß' AND n = 7"), 1);
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_EQ(scenario.applied(), std::vector<std::string>{"001_wider"});
}

TEST_F(OnlineChange, IsLeftToTheServerWhereItCan) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  scenario.write("001_more.sql", "-- sterna:online\nALTER TABLE users ADD COLUMN more int;\n");
  const ServerInfo server = scenario.connect()->server();
  const bool instant = server.product == "MariaDB" || server.version >= 80012;
  EXPECT_TRUE(holds(scenario.run(), instant ? "done by the server, ALGORITHM=INSTANT"
                                            : "done by the server, ALGORITHM=INPLACE"));
  EXPECT_EQ(type_of(scenario, "more"), "int(11)");
  EXPECT_EQ(left_behind(scenario), 0);
}

TEST_F(OnlineChange, KeepsTheNumberOfTheNextRow) {
  BulkScenario scenario(Kind::mysql);
  const auto session = scenario.connect();
  session->execute(
      "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, n int, email varchar(40))");
  session->execute("INSERT INTO users (n) VALUES (1), (2), (3)");
  // MySQL 8 goes on telling in its catalogs what they told once.
  session->query(
      "SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE()");
  session->execute("INSERT INTO users (n) VALUES (4), (5), (6)");
  session->execute("DELETE FROM users WHERE id > 3");
  scenario.write("001_wider.sql", wider);
  EXPECT_TRUE(holds(scenario.run(), "changed on a copy of 3 row(s)"));
  session->execute("INSERT INTO users (n) VALUES (7)");
  EXPECT_EQ(scenario.count("users WHERE id = 7 AND n = 7"), 1);
}

TEST_F(OnlineChange, RenamesAndDropsColumnsOnTheWay) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  scenario.write("001_other.sql",
                 "-- sterna:online\nALTER TABLE users CHANGE n visits bigint NOT NULL, DROP COLUMN "
                 "email_lower, ADD COLUMN note varchar(20) NOT NULL DEFAULT 'x' FIRST;\n");
  scenario.run();
  EXPECT_EQ(type_of(scenario, "visits"), "bigint(20)");
  EXPECT_EQ(type_of(scenario, "email_lower"), "none");
  EXPECT_EQ(scenario.count("users WHERE visits = 0 AND note = 'x' AND email LIKE 'User%'"), 100);
}

TEST_F(OnlineChange, IsMadeInCodeToo) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  EngineOptions options = scenario.options();
  options.run.directories = {};
  options.definitions = {make_migration(
      "001_code",
      [](Schema& schema) {
        schema.alter_table_online(
            "users", [](TableBuilder& table) { table.big_integer("n").default_to(0).alter(); });
      },
      nullptr, Meta{.transaction = TransactionMode::none})};
  std::vector<std::string> events;
  MigrationEngine engine(std::move(options));
  engine.on_event([&](const Event& event) { events.push_back(event.text); });
  engine.up({});
  EXPECT_TRUE(holds(events, "changed on a copy of 100 row(s)")) << testing::PrintToString(events);
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
  EXPECT_EQ(left_behind(scenario), 0);
}

TEST_F(OnlineChange, KeepsItsForeignKeysByTheirNames) {
  BulkScenario scenario(Kind::mysql);
  const auto session = scenario.connect();
  session->execute("CREATE TABLE groups_ (id int PRIMARY KEY)");
  session->execute("INSERT INTO groups_ VALUES (1), (2)");
  session->execute(
      "CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, g int, n int, CONSTRAINT in_group "
      "FOREIGN KEY (g) REFERENCES groups_ (id) ON DELETE CASCADE)");
  session->execute("INSERT INTO users (g, n) VALUES (1, 5), (2, 6), (NULL, 7)");
  session->execute("DELETE FROM users WHERE n = 7");
  scenario.write("001_wider.sql", "-- sterna:online\nALTER TABLE users MODIFY n bigint;\n");
  scenario.run();
  EXPECT_NE(session->query("SHOW CREATE TABLE users")
                .front()
                .get<std::string>(1)
                .find("CONSTRAINT `in_group` FOREIGN KEY (`g`) REFERENCES `groups_` (`id`) ON "
                      "DELETE CASCADE"),
            std::string::npos);
  session->execute("INSERT INTO users (g, n) VALUES (1, 8)");
  EXPECT_EQ(scenario.count("users WHERE id = 4 AND n = 8"), 1) << "the counter goes on";
  session->execute("DELETE FROM groups_ WHERE id = 1");
  EXPECT_EQ(scenario.count("users"), 1);
  EXPECT_EQ(left_behind(scenario), 0);
}

TEST_F(OnlineChange, OfATableThatOthersReferToIsRefused) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(10);
  scenario.connect()->execute(
      "CREATE TABLE posts (id int PRIMARY KEY, u bigint, CONSTRAINT by_user FOREIGN KEY (u) "
      "REFERENCES users (id))");
  scenario.write("001_wider.sql", wider);
  EXPECT_NE(refusal(scenario).find("by_user of posts refers to users"), std::string::npos);
  EXPECT_TRUE(scenario.applied().empty());
}

TEST_F(OnlineChange, OfATableWithTriggersIsRefused) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(10);
  scenario.connect()->execute(
      "CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW SET NEW.n = 1");
  scenario.write("001_wider.sql", wider);
  EXPECT_NE(refusal(scenario).find("trigger stamp"), std::string::npos);
}

TEST_F(OnlineChange, ThatWouldLoseRowsLeavesEverythingAsItWas) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  scenario.connect()->execute("UPDATE users SET email = 'same' WHERE id < 10");
  scenario.write("001_unique.sql",
                 "-- sterna:online\nALTER TABLE users MODIFY n bigint, ADD UNIQUE (email);\n");
  EXPECT_NE(refusal(scenario, ErrorKind::data).find("would be lost"), std::string::npos);
  EXPECT_EQ(scenario.count("users"), 100);
  EXPECT_EQ(type_of(scenario, "n"), "int(11)");
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_TRUE(scenario.applied().empty());
  scenario.connect()->execute("UPDATE users SET email = id");
  scenario.run();
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
}

TEST_F(OnlineChange, ToATypeThatTheValuesDoNotFitLeavesEverythingAsItWas) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  scenario.write("001_int.sql", "-- sterna:online\nALTER TABLE users MODIFY email int;\n");
  EXPECT_NE(refusal(scenario, ErrorKind::data), "accepted");
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_EQ(type_of(scenario, "email"), "varchar(80)");
  EXPECT_TRUE(scenario.applied().empty());
}

TEST_F(OnlineChange, KilledAtAnyStatementGoesOn) {
  int points = 0;
  // Behind a statement is before the next one.
  for (int die_at = 1;; die_at += 2) {
    BulkScenario scenario(Kind::mysql);
    scenario.make_users(15);
    scenario.write("001_wider.sql", wider);
    const bool died = scenario.run_mortal(die_at);
    if (!died) break;
    ++points;
    ASSERT_NO_THROW(scenario.run()) << "after dying at point " << die_at;
    ASSERT_EQ(type_of(scenario, "n"), "bigint(20)") << "after dying at point " << die_at;
    ASSERT_EQ(scenario.count("users"), 15) << "after dying at point " << die_at;
    ASSERT_EQ(left_behind(scenario), 0) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.applied(), std::vector<std::string>{"001_wider"});
  }
  EXPECT_GT(points, 30);
}

TEST_F(OnlineChange, KilledAtSizeWithWritersBesideLosesNothing) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(200'000);
  const auto session = scenario.connect();
  session->execute("CREATE TABLE mirror LIKE users");
  session->execute("INSERT INTO mirror SELECT * FROM users");
  scenario.write("001_wider.sql",
                 "-- sterna:online batch=4000\nALTER TABLE users MODIFY n bigint NOT NULL DEFAULT "
                 "0, ADD KEY (email);\n");
  Writer writer(scenario, [](Connection& other, int i) {
    const std::string odd = std::to_string((std::int64_t{i} * 7919) % 400'000 | 1);
    const std::string even = std::to_string((std::int64_t{i} * 104'729) % 200'000 * 2);
    const std::string next = std::to_string((std::int64_t{i} * 999'983) % 200'000 * 2);
    other.begin();
    for (const std::string table : {"mirror", "users"}) {
      other.execute("REPLACE INTO " + table + " (id, email, n) VALUES (" + odd + ", 'new', 3)");
      other.execute("UPDATE " + table + " SET n = n + 1, email = 'changed' WHERE id = " + even);
      other.execute("DELETE FROM " + table + " WHERE id = " + next);
      if (i % 7 == 0)
        other.execute("UPDATE " + table + " SET id = -" + even + " - 1 WHERE id = " + even);
    }
    other.commit();
  });
  for (const int batches : {1, 4, 15, 20}) {
    int seen = 0;
    EXPECT_TRUE(scenario.run_until([&](const Event& event) {
      return event.kind == EventKind::progress && ++seen == batches;
    }));
  }
  scenario.run();
  writer.stop();
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_EQ(scenario.count("users"), scenario.count("mirror"));
  EXPECT_EQ(scenario.count("users JOIN mirror USING (id, email, n)"), scenario.count("mirror"));
  EXPECT_GT(scenario.count("users WHERE email = 'changed'"), 0) << "nobody wrote meanwhile";
}

TEST(OnlineChangeElsewhere, IsRefusedWithTheWayThatThereIs) {
  BulkScenario scenario(Kind::sqlite);
  scenario.make_users(1);
  scenario.write("001_wider.sql", "-- sterna:online\nALTER TABLE users ADD COLUMN a int;\n");
  try {
    scenario.engine()->up({});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("for MySQL and MariaDB"), std::string::npos);
  }
}

}  // namespace
}  // namespace sterna::test
