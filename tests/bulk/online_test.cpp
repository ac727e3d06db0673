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
            "information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name LIKE "
            "'\\_sterna%') + (SELECT count(*) FROM information_schema.table_constraints WHERE "
            "constraint_schema = DATABASE() AND constraint_name LIKE '\\_s\\_%')")
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

TEST_F(OnlineChange, DropsAndAddsAColumnAsTheServerDoes) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(100);
  scenario.write("001_anew.sql",
                 "-- sterna:online\nALTER TABLE users DROP COLUMN email, ADD COLUMN email "
                 "varchar(20), MODIFY n bigint NOT NULL;\n");
  scenario.run();
  EXPECT_EQ(type_of(scenario, "email"), "varchar(20)");
  EXPECT_EQ(scenario.count("users WHERE email IS NULL"), 100);
}

TEST_F(OnlineChange, FollowsWhatUpdateIgnoreLeftAsItWas) {
  BulkScenario scenario(Kind::mysql);
  scenario.make_users(1000);
  const auto session = scenario.connect();
  session->execute("ALTER TABLE users ADD UNIQUE (email)");
  scenario.write("001_wider.sql",
                 "-- sterna:online batch=400\nALTER TABLE users MODIFY n bigint NOT NULL DEFAULT "
                 "0;\n");
  MigrationEngine engine(scenario.options());
  int seen = 0;
  engine.on_event([&](const Event& event) {
    if (event.kind != EventKind::progress || ++seen != 1) return;
    session->execute("UPDATE IGNORE users SET email = 'User7' WHERE id = 6");
    session->execute("UPDATE IGNORE users SET id = 8 WHERE id = 6");
    session->execute("UPDATE IGNORE users SET id = 9, email = 'Moved' WHERE id = 10");
    EXPECT_EQ(scenario.count("_sterna_new_users WHERE (id, email) IN ((6, 'User3'), (8, 'User4'), "
                             "(9, 'Moved'), (14, 'User7'))"),
              4);
    EXPECT_EQ(scenario.count("_sterna_new_users WHERE id = 10"), 0);
  });
  engine.up({});
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(scenario.count("users"), 1000);
  EXPECT_EQ(scenario.count("users WHERE (id, email) IN ((6, 'User3'), (8, 'User4'), (9, 'Moved'))"),
            3);
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

/// users with a tree in itself, posts and badges that refer to it, and triggers that write a log.
void make_relatives(BulkScenario& scenario, std::int64_t rows) {
  scenario.make_users(rows);
  const auto session = scenario.connect();
  session->execute("ALTER TABLE users ADD COLUMN boss bigint, ADD KEY (boss)");
  session->execute("UPDATE users SET boss = id - id % 20 WHERE id % 20 > 0");
  session->execute(
      "ALTER TABLE users ADD CONSTRAINT has_boss FOREIGN KEY (boss) REFERENCES users (id) ON "
      "DELETE CASCADE");
  session->execute(
      "CREATE TABLE posts (id bigint AUTO_INCREMENT PRIMARY KEY, u bigint, CONSTRAINT by_user "
      "FOREIGN KEY (u) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE)");
  session->execute("INSERT INTO posts (u) SELECT id FROM users WHERE id % 4 = 0");
  session->execute(
      "CREATE TABLE badges (id bigint AUTO_INCREMENT PRIMARY KEY, u bigint NOT NULL, CONSTRAINT "
      "`of user` FOREIGN KEY (u) REFERENCES users (id))");
  session->execute("INSERT INTO badges (u) SELECT min(id) FROM users");
  session->execute(
      "CREATE TABLE log (id bigint AUTO_INCREMENT PRIMARY KEY, what varchar(40), u bigint)");
  session->execute("SET sql_mode = 'ANSI_QUOTES'");
  session->execute(
      "CREATE TRIGGER mark BEFORE UPDATE ON users FOR EACH ROW SET NEW.\"email_lower\" = "
      "lower(NEW.email)");
  session->execute("SET sql_mode = ''");
  session->execute(
      "CREATE TRIGGER one AFTER INSERT ON users FOR EACH ROW BEGIN INSERT INTO log (what, u) "
      "VALUES "
      "('one', NEW.id); END");
  session->execute(
      "CREATE TRIGGER two AFTER INSERT ON users FOR EACH ROW FOLLOWS one INSERT INTO log (what, u) "
      "VALUES ('two', NEW.id)");
  session->execute(
      "CREATE TRIGGER `zero, first` AFTER INSERT ON users FOR EACH ROW PRECEDES one INSERT INTO "
      "log "
      "(what, u) VALUES ('zero', NEW.id)");
  session->execute(
      "CREATE DEFINER = 'secretive'@'127.0.0.1' TRIGGER gone AFTER DELETE ON users FOR EACH ROW "
      "INSERT INTO log (what, u) SELECT 'gone', 0 FROM DUAL WHERE false");
}

/// Foreign keys and triggers, as the server prints them.
std::string surroundings(const Scenario& scenario) {
  const auto session = scenario.connect();
  std::string text;
  for (const char* table : {"posts", "badges", "users"}) {
    const std::string create =
        session->query(std::string("SHOW CREATE TABLE ") + table).front().get<std::string>(1);
    for (std::size_t at = create.find("CONSTRAINT `"); at != std::string::npos;
         at = create.find("CONSTRAINT `", at + 1))
      text += create.substr(at, create.find_first_of(",\n", at) - at) + "\n";
  }
  for (const Row& row : session->query(
           "SELECT trigger_name, event_manipulation, action_timing, action_order, definer, "
           "sql_mode, "
           "action_statement, event_object_table, character_set_client, collation_connection FROM "
           "information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 2, 3, 4")) {
    for (std::size_t i = 0; i < row.size(); ++i) text += row.get<std::string>(i) + "|";
    text += "\n";
  }
  return text;
}

constexpr const char* wider_n =
    "-- sterna:online batch=8\nALTER TABLE users MODIFY n bigint NOT NULL DEFAULT 0;\n";

TEST_F(OnlineChange, TakesForeignKeysAndTriggersOver) {
  BulkScenario scenario(Kind::mysql);
  make_relatives(scenario, 200);
  const std::string before = surroundings(scenario);
  ASSERT_NE(before.find("has_boss"), std::string::npos) << before;
  scenario.write("001_wider.sql", wider_n);
  const std::vector<std::string> notes =
      scenario.engine()->plan({}, Direction::up).at(0).statements.at(0).notes;
  EXPECT_TRUE(holds(notes, "foreign key by_user of posts goes over to it"));
  EXPECT_TRUE(holds(notes, "trigger zero, first goes over to it"));
  const std::vector<std::string> events = scenario.run();
  EXPECT_TRUE(holds(events, "changed on a copy of 200 row(s)")) << testing::PrintToString(events);
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
  EXPECT_EQ(surroundings(scenario), before);
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_EQ(scenario.count("log"), 0) << "a trigger fired for a row that was copied";
  const auto session = scenario.connect();
  session->execute("INSERT INTO users (id, email) VALUES (-7, 'A')");
  EXPECT_EQ(
      session->query("SELECT group_concat(what ORDER BY id) FROM log").front().get<std::string>(0),
      "zero,one,two");
  session->execute("UPDATE users SET email = 'B' WHERE id = -7");
  EXPECT_EQ(scenario.count("users WHERE email_lower = 'b'"), 1);
  // 4 … 18 have 0 for their boss; 0 has the badge.
  EXPECT_THROW(session->execute("DELETE FROM users WHERE id = 0"), Error);
  session->execute("DELETE FROM badges");
  session->execute("DELETE FROM users WHERE id = 0");
  EXPECT_EQ(scenario.count("users WHERE id BETWEEN 0 AND 19"), 0);
  EXPECT_EQ(scenario.count("posts WHERE u BETWEEN 0 AND 19"), 0);
  session->execute("UPDATE users SET id = -20 WHERE id = 24");
  EXPECT_EQ(scenario.count("posts WHERE u = -20"), 1);
  EXPECT_THROW(session->execute("INSERT INTO posts (u) VALUES (12345)"), Error);
}

TEST_F(OnlineChange, WithRelativesKilledWhereverItDiesGoesOn) {
  int points = 0;
  // Every third statement; those between are met where it is abandoned, and without relatives.
  for (int die_at = 3;; die_at += 6) {
    BulkScenario scenario(Kind::mysql);
    make_relatives(scenario, 15);
    const std::string before = surroundings(scenario);
    scenario.write("001_wider.sql", wider_n);
    if (!scenario.run_mortal(die_at)) break;
    ++points;
    // Whatever stands at this moment, no row can lose what it refers to.
    const auto session = scenario.connect();
    ASSERT_THROW(session->execute("INSERT INTO posts (u) VALUES (12345)"), Error) << die_at;
    ASSERT_THROW(session->execute("DELETE FROM users WHERE id = 0"), Error) << die_at;
    session->execute("INSERT INTO users (id, email) VALUES (1, 'New')");
    session->execute("INSERT INTO posts (u) VALUES (1)");
    ASSERT_NO_THROW(scenario.run()) << "after dying at point " << die_at;
    ASSERT_EQ(type_of(scenario, "n"), "bigint(20)") << "after dying at point " << die_at;
    ASSERT_EQ(scenario.count("users"), 16) << "after dying at point " << die_at;
    ASSERT_EQ(surroundings(scenario), before) << "after dying at point " << die_at;
    ASSERT_EQ(left_behind(scenario), 0) << "after dying at point " << die_at;
    ASSERT_EQ(scenario.count("posts LEFT JOIN users ON users.id = u WHERE users.id IS NULL"), 0);
  }
  EXPECT_GT(points, 15);
}

TEST_F(OnlineChange, WithRelativesAndWritersBesideKeepsWhatTheyMean) {
  BulkScenario scenario(Kind::mysql);
  make_relatives(scenario, 20'000);
  const std::string before = surroundings(scenario);
  scenario.connect()->execute("CREATE TABLE made (u bigint PRIMARY KEY)");
  scenario.write("001_wider.sql",
                 "-- sterna:online batch=500\nALTER TABLE users MODIFY n bigint NOT NULL DEFAULT "
                 "0;\n");
  Writer writer(scenario, [](Connection& other, int i) {
    const std::string fresh = std::to_string(100'001 + 2 * i);
    const std::string old = std::to_string((std::int64_t{i} * 7919) % 20'000 * 2);
    other.begin();
    other.execute("INSERT INTO users (id, email) VALUES (" + fresh + ", 'new')");
    other.execute("INSERT INTO made VALUES (" + fresh + ")");
    other.execute("INSERT INTO posts (u) VALUES (" + fresh + ")");
    other.execute("UPDATE users SET email = 'Changed' WHERE id = " + old);
    // A cascade inside the table, of which its triggers hear nothing; 0 has a badge.
    if (i % 5 == 0)
      other.execute("DELETE FROM users WHERE id = " + std::to_string((i % 900 + 1) * 20));
    if (i % 3 == 0) other.execute("UPDATE users SET id = -id WHERE id = " + fresh);
    other.commit();
  });
  for (const int batches : {1, 10, 20}) {
    int seen = 0;
    EXPECT_TRUE(scenario.run_until([&](const Event& event) {
      return event.kind == EventKind::progress && ++seen == batches;
    }));
  }
  scenario.run();
  ::usleep(300'000);  // and some behind it
  writer.stop();
  EXPECT_EQ(type_of(scenario, "n"), "bigint(20)");
  EXPECT_EQ(surroundings(scenario), before);
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_GT(scenario.count("made"), 100) << "nobody wrote meanwhile";
  EXPECT_EQ(scenario.count("made LEFT JOIN users ON abs(users.id) = u WHERE users.id IS NULL"), 0);
  EXPECT_EQ(scenario.count("posts LEFT JOIN users ON users.id = u WHERE users.id IS NULL"), 0);
  EXPECT_EQ(scenario.count("made LEFT JOIN posts ON abs(posts.u) = made.u WHERE posts.u IS NULL"),
            0);
  EXPECT_EQ(scenario.count("users LEFT JOIN users AS b ON b.id = users.boss WHERE users.boss IS "
                           "NOT NULL AND b.id IS NULL"),
            0);
  // Each insert was logged by each of its three triggers, once.
  EXPECT_EQ(scenario.count("log"), 3 * scenario.count("made"));
  EXPECT_EQ(scenario.count("(SELECT u FROM log GROUP BY u HAVING group_concat(what ORDER BY id) = "
                           "'zero,one,two') AS g"),
            scenario.count("made"));
  EXPECT_EQ(scenario.count("users WHERE email = 'Changed' AND email_lower <> 'changed'"), 0);
}

TEST_F(OnlineChange, OfAColumnThatOthersReferToIsRefused) {
  BulkScenario scenario(Kind::mysql);
  make_relatives(scenario, 10);
  const std::string before = surroundings(scenario);
  scenario.write("001_wider.sql", "-- sterna:online\nALTER TABLE users MODIFY id int NOT NULL;\n");
  EXPECT_NE(refusal(scenario).find("column 'id', which foreign key"), std::string::npos);
  EXPECT_EQ(surroundings(scenario), before);
  EXPECT_EQ(left_behind(scenario), 0);
  EXPECT_TRUE(scenario.applied().empty());
}

TEST_F(OnlineChange, ThatATriggerDoesNotFitIsRefused) {
  BulkScenario scenario(Kind::mysql);
  make_relatives(scenario, 10);
  const std::string before = surroundings(scenario);
  scenario.write("001_drop.sql",
                 "-- sterna:online\nALTER TABLE users MODIFY n bigint, DROP COLUMN email_lower;\n");
  EXPECT_NE(refusal(scenario, ErrorKind::schema).find("email_lower"), std::string::npos);
  EXPECT_EQ(surroundings(scenario), before);
  EXPECT_EQ(left_behind(scenario), 0);
}

TEST_F(OnlineChange, AbandonedWhereverItDiedLeavesNothingBehind) {
  int abandoned = 0, too_late = 0;
  for (int die_at = 5;; die_at += 8) {
    BulkScenario scenario(Kind::mysql);
    make_relatives(scenario, 15);
    const std::string before = surroundings(scenario);
    scenario.write("001_wider.sql", wider_n);
    if (!scenario.run_mortal(die_at)) break;
    if (scenario.applied() != std::vector<std::string>{"001_wider (in flight)"}) continue;
    // The copy and its triggers would stay.
    if (holds(scenario.engine()->resolve("001", std::nullopt).evidence, "--abandon")) {
      ASSERT_THROW(scenario.engine()->resolve("001", Direction::up), Error) << die_at;
      ASSERT_THROW(scenario.engine()->resolve("001", Direction::down), Error) << die_at;
    }
    try {
      const Resolution resolution = scenario.engine()->abandon("001");
      EXPECT_TRUE(holds(resolution.evidence, "pending again"));
      ++abandoned;
      ASSERT_TRUE(scenario.applied().empty()) << "after dying at point " << die_at;
      ASSERT_EQ(surroundings(scenario), before) << "after dying at point " << die_at;
      ASSERT_EQ(left_behind(scenario), 0) << "after dying at point " << die_at;
      ASSERT_EQ(type_of(scenario, "n"), "int(11)") << "after dying at point " << die_at;
      ASSERT_EQ(scenario.count("users"), 15);
    } catch (const Error& error) {  // the copy is the table already
      ASSERT_EQ(error.kind(), ErrorKind::plan) << error.what();
      ASSERT_EQ(type_of(scenario, "n"), "bigint(20)") << error.what();
      ++too_late;
    }
    scenario.run();
    ASSERT_EQ(type_of(scenario, "n"), "bigint(20)");
    ASSERT_EQ(surroundings(scenario), before);
    ASSERT_EQ(left_behind(scenario), 0);
  }
  EXPECT_GT(abandoned, 8);
  EXPECT_GT(too_late, 1);
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
  scenario.make_odd_users(200'000, 300'000);  // ends of ranges are looked up, then counted
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
