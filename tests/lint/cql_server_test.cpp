// What the rules say, seen on Cassandra: what it refuses and takes, what it warns of, and what its
// own counters and tables show. What takes several nodes is seen in
// tests/migration/cql_cluster_test.cpp.
#include "case.hpp"
#include "support/databases.hpp"

#include "base/text.hpp"
#include "database/registry.hpp"
#include "lint/rule.hpp"
#include "sql/splitter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <regex>
#include <set>

namespace sterna::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Their bad parts end in an error of the server.
const std::set<std::string> refused_rules{"CQ101", "CQ102", "CQ115", "CQ128"};

/// Rules whose fact no test of this file shows, and why.
const std::map<std::string, std::string> not_seen_here{
    {"CQ104", "partitions of an index are giants from millions of rows on"},
    {"CQ111", "what a strategy compacts shows after days of windows"},
    {"CQ116", "takes several nodes: CqlCluster.LintIsRightAboutNodesThatAreLost"},
    {"CQ118", "partitions hurt from about 100 MB on"},
    {"CQ119", "takes several nodes: CqlCluster.LintIsRightAboutNodesThatAreLost"},
    {"CQ120", "takes a node that is killed: CqlCluster.LintIsRightAboutNodesThatAreLost"},
    {"CQ124", "takes several nodes: CqlCluster.LintIsRightAboutNodesThatAreLost"}};

class CqlFacts : public testing::Test {
 protected:
  void SetUp() override {
    STERNA_REQUIRE_SERVER(Kind::cql);
    database_ = std::make_unique<TestDatabase>(Kind::cql);
    session_ = connect(parse_url(database_->url()));
    session_->on_notice([&](std::string_view text) { notices_.emplace_back(text); });
  }
  void run(const std::string& text) {
    for (const Statement& statement : split_statements(text, Language::cql))
      session_->execute(statement.sql);
  }
  bool accepts(const std::string& text) {
    try {
      run(text);
      return true;
    } catch (const Error& error) {
      last_ = error.what();
      return false;
    }
  }
  static LintCase rule_case(const std::string& rule) {
    return read_case(std::string(STERNA_SOURCE_DIR) + "/tests/lint/cases/cql/" + rule + ".sql");
  }
  /// The first part of a rule's case that is bad, or good.
  static std::string part(const std::string& rule, bool bad) {
    for (const LintPart& part : rule_case(rule).parts) {
      if (part.bad == bad) return part.text;
    }
    return {};
  }
  std::size_t rows(const std::string& query) { return session_->query(query).size(); }
  /// A counter that the server keeps of a table, in a virtual table of its own.
  std::int64_t counted(const std::string& virtual_table, const std::string& table,
                       const std::string& column = "count") {
    for (const Row& row : session_->query("SELECT * FROM system_views." + virtual_table)) {
      if (row.get<std::string>("keyspace_name") == database_->name() &&
          row.get<std::string>("table_name") == table)
        return static_cast<std::int64_t>(row.get<double>(column));
    }
    return 0;
  }
  struct Reads {
    std::int64_t of_partitions, of_ranges;
  };
  /// What a statement reads of a table, as the server counts it.
  Reads reads_of(const std::string& table, const std::string& statement) {
    const std::int64_t partitions = counted("local_read_latency", table),
                       ranges = counted("local_scan_latency", table);
    session_->query(statement);
    return {counted("local_read_latency", table) - partitions,
            counted("local_scan_latency", table) - ranges};
  }

  std::unique_ptr<TestDatabase> database_;
  std::unique_ptr<Connection> session_;
  std::vector<std::string> notices_;
  std::string last_;
};

TEST_F(CqlFacts, EveryPartOfEveryCaseIsTakenButWhatIsSaidToBeRefused) {
  std::size_t checked = 0;
  for (const LintCase& rule_case : lint_cases("cql")) {
    for (const LintPart& part : rule_case.parts) {
      if (part.has("offline")) continue;
      SCOPED_TRACE(rule_case.rule + ": " + part.text);
      session_->drop_everything();
      // Keyspaces belong to the whole server.
      const std::string own = database_->name() + "_app";
      const auto text = [&](const std::string& cql) {
        return std::regex_replace(cql, std::regex("KEYSPACE app"), "KEYSPACE " + own);
      };
      ASSERT_TRUE(accepts(text(rule_case.setup))) << last_;
      const bool comes_back_alike =
          rule_case.rule == "CQ101" && part.text.find("age int") != std::string::npos;
      const bool refused = part.bad && refused_rules.contains(rule_case.rule) && !comes_back_alike;
      EXPECT_EQ(accepts(text(part.text)), !refused) << last_;
      session_->execute("DROP KEYSPACE IF EXISTS " + own);
      ++checked;
    }
  }
  EXPECT_GE(checked, 60U);
}

TEST_F(CqlFacts, Cq101ValuesThatAreYoungerThanTheDropComeBack) {
  run("CREATE TABLE users (id int PRIMARY KEY, age int);"
      "INSERT INTO users (id, age) VALUES (1, 1);"
      "INSERT INTO users (id, age) VALUES (2, 2) USING TIMESTAMP 9000000000000000;"
      "ALTER TABLE users DROP age; ALTER TABLE users ADD age int;");
  EXPECT_TRUE(session_->query("SELECT age FROM users WHERE id = 1").at(0)[0].is_null());
  EXPECT_EQ(session_->query("SELECT age FROM users WHERE id = 2").at(0).get<int>(0), 2);
}

TEST_F(CqlFacts, Cq103And105AnIndexIsAskedForRangesOfTheRingAndAKeyForOnePartition) {
  run(rule_case("CQ103").setup + part("CQ103", true) + part("CQ103", false) +
      "INSERT INTO users (id, email, city) VALUES (00000000-0000-4000-8000-000000000001, 'a', "
      "'b');");
  for (const char* condition : {"email = 'a'", "city = 'b'"}) {
    const std::string query = std::string("SELECT * FROM users WHERE ") + condition;
    const Reads by_index = reads_of("users", query);
    EXPECT_GE(by_index.of_ranges, 1) << condition;
    // "It helps where the partition key is given too."
    const Reads by_both =
        reads_of("users", query + " AND id = 00000000-0000-4000-8000-000000000001");
    EXPECT_EQ(by_both.of_ranges, 0) << condition;
    EXPECT_GE(by_both.of_partitions, 1) << condition;
  }
}

TEST_F(CqlFacts, Cq106TheServerCallsSasiExperimental) {
  run(rule_case("CQ106").setup);
  run(part("CQ106", true));
  EXPECT_THAT(notices_, Contains(HasSubstr("SASI indexes are experimental")));
  notices_.clear();
  session_->drop_everything();
  run(rule_case("CQ106").setup);
  run(part("CQ106", false));
  EXPECT_THAT(notices_, Not(Contains(HasSubstr("experimental"))));
}

TEST_F(CqlFacts, Cq107OnlyACollectionThatIsNotFrozenGrows) {
  const std::string grow =
      "UPDATE users SET tags = tags + {'one more'} WHERE id = 00000000-0000-4000-8000-000000000001";
  run(part("CQ107", true));
  EXPECT_TRUE(accepts(grow)) << last_;
  session_->drop_everything();
  run(part("CQ107", false));
  EXPECT_FALSE(accepts(grow));
}

TEST_F(CqlFacts, Cq108AnAppendThatIsRetriedStandsInAListTwiceAndAnIndexIsReadFirst) {
  run(part("CQ108", true));
  const std::string key = " WHERE id = 00000000-0000-4000-8000-000000000001";
  const std::string append = "UPDATE users SET log = log + ['x']" + key;
  run(append + ";" + append);
  EXPECT_EQ(session_->query("SELECT log FROM users").at(0).get<std::string>(0), "['x', 'x']");
  EXPECT_GE(reads_of("users", "UPDATE users SET log[0] = 'y'" + key).of_partitions, 1);
  EXPECT_EQ(reads_of("users", append).of_partitions, 0);
  session_->drop_everything();
  run(part("CQ108", false));
  const std::string add = "UPDATE users SET log = log + {'x'}" + key;
  run(add + ";" + add);
  EXPECT_EQ(session_->query("SELECT log FROM users").at(0).get<std::string>(0), "{'x'}");
}

TEST_F(CqlFacts, Cq109AViewMakesEachWriteReadFirst) {
  const std::string write =
      "INSERT INTO users (id, name) VALUES (00000000-0000-4000-8000-000000000001, 'ann')";
  run(rule_case("CQ109").setup);
  EXPECT_EQ(reads_of("users", write).of_partitions, 0);
  run(part("CQ109", true));
  EXPECT_THAT(notices_, Contains(HasSubstr("Materialized views are experimental")));
  EXPECT_GE(reads_of("users", write).of_partitions, 1);
}

TEST_F(CqlFacts, Cq110RowsWithoutADefaultTimeToLiveStayForEver) {
  const std::string write =
      "INSERT INTO events (device, at, value) VALUES (00000000-0000-4000-8000-000000000001, 0, 1)";
  const std::string look = "SELECT TTL(value) FROM events";
  run(part("CQ110", true) + write);
  EXPECT_TRUE(session_->query(look).at(0)[0].is_null());
  session_->drop_everything();
  run(part("CQ110", false) + write);
  EXPECT_GT(session_->query(look).at(0).get<int>(0), 86000);
}

TEST_F(CqlFacts, Cq112WithoutAllowFilteringItIsRefusedAndWithItAllIsRead) {
  run(rule_case("CQ112").setup +
      "INSERT INTO t (a, b) VALUES (1, 1); INSERT INTO t (a, b) VALUES (2, 2);");
  EXPECT_FALSE(accepts("SELECT * FROM t WHERE b = 1"));
  EXPECT_THAT(last_, HasSubstr("ALLOW FILTERING"));
  EXPECT_GE(reads_of("t", "SELECT * FROM t WHERE b = 1 ALLOW FILTERING").of_ranges, 1);
  EXPECT_EQ(reads_of("t", part("CQ112", false)).of_ranges, 0);
}

/// The server counts in buckets, of which the first is 1.
TEST_F(CqlFacts, Cq113ReadsPassWhatWasDeleted) {
  constexpr int number = 20;
  const auto each = [&](const std::string& before, const std::string& behind) {
    for (int at = 0; at < number; ++at) run(before + std::to_string(at) + behind);
  };
  run("CREATE TABLE users (id int, at int, PRIMARY KEY (id, at))");
  each("INSERT INTO users (id, at) VALUES (1, ", ")");
  EXPECT_EQ(rows("SELECT * FROM users WHERE id = 1"), 20U);
  EXPECT_LE(counted("tombstones_per_read", "users", "max"), 1);
  each("DELETE FROM users WHERE id = 1 AND at = ", "");
  EXPECT_EQ(rows("SELECT * FROM users WHERE id = 1"), 0U);
  EXPECT_GE(counted("tombstones_per_read", "users", "max"), number);
}

TEST_F(CqlFacts, Cq114AWrittenNullIsATombstoneAndAColumnLeftOutIsNone) {
  constexpr int number = 20;
  const auto each = [&](const std::string& text) {
    for (int id = 0; id < number; ++id)
      run(std::regex_replace(text, std::regex("\\(1"), "(" + std::to_string(id)));
  };
  run(rule_case("CQ114").setup);
  each(part("CQ114", false));
  EXPECT_EQ(rows("SELECT * FROM users"), 20U);
  EXPECT_LE(counted("tombstones_per_read", "users", "max"), 1);
  each(part("CQ114", true));
  EXPECT_EQ(rows("SELECT * FROM users"), 20U);
  EXPECT_GE(counted("tombstones_per_read", "users", "max"), number);
}

TEST_F(CqlFacts, Cq117EachDefinitionIsANewSchemaAndOneThatFailsLeavesTheOthers) {
  std::set<std::string> versions;
  const std::vector<Statement> definitions = split_statements(part("CQ117", true), Language::cql);
  for (const Statement& statement : definitions) {
    session_->execute(statement.sql);
    versions.insert(
        session_->query("SELECT schema_version FROM system.local").at(0).get<std::string>(0));
  }
  EXPECT_EQ(versions.size(), definitions.size());
  EXPECT_FALSE(
      accepts("CREATE TABLE one_more (id int PRIMARY KEY); CREATE TABLE t1 (id int "
              "PRIMARY KEY)"));
  EXPECT_TRUE(session_->has_table(model::Name("one_more")));
}

TEST_F(CqlFacts, Cq121TheServerWarnsOfBatchesOverManyPartitions) {
  const auto batch = [](const std::string& table, bool same_partition) {
    std::string text = "BEGIN UNLOGGED BATCH ";
    for (int i = 0; i < 20; ++i)
      text += "INSERT INTO " + table + " (p, c) VALUES (" +
              (same_partition ? "1" : std::to_string(i)) + ", " + std::to_string(i) + "); ";
    return text + "APPLY BATCH";
  };
  run("CREATE TABLE a (p int, c int, PRIMARY KEY (p, c))");
  session_->execute(batch("a", true));
  EXPECT_THAT(notices_, Not(Contains(HasSubstr("batch"))));
  session_->execute(batch("a", false));
  EXPECT_THAT(notices_, Contains(HasSubstr("batch covering")));
}

TEST_F(CqlFacts, Cq122ACompactTableTakesNoFurtherColumn) {
  run(part("CQ122", true));
  EXPECT_FALSE(accepts("ALTER TABLE a ADD c int"));
  EXPECT_THAT(last_, HasSubstr("COMPACT STORAGE"));
  EXPECT_FALSE(
      accepts("CREATE TABLE b (id uuid PRIMARY KEY, tags set<text>) WITH COMPACT STORAGE"));
}

TEST_F(CqlFacts, Cq123AFieldStaysAndOldValuesHaveNone) {
  run(rule_case("CQ123").setup +
      "CREATE TABLE users (id int PRIMARY KEY, home frozen<address>);"
      "INSERT INTO users (id, home) VALUES (1, {street: 'a'});" +
      part("CQ123", true));
  EXPECT_FALSE(accepts("ALTER TYPE address DROP country"));
  EXPECT_EQ(session_->query("SELECT home FROM users").at(0).get<std::string>(0),
            "{street: 'a', country: null}");
}

TEST_F(CqlFacts, Cq125AConditionLeavesItsPromisesInPaxos) {
  run(rule_case("CQ125").setup);
  const auto promises = [&] {
    const auto id = session_
                        ->query("SELECT id FROM system_schema.tables WHERE keyspace_name = '" +
                                database_->name() + "' AND table_name = 'users'")
                        .at(0)
                        .get<std::string>(0);
    std::size_t found = 0;
    for (const Row& row : session_->query("SELECT cf_id FROM system.paxos"))
      found += row.get<std::string>(0) == id ? 1 : 0;
    return found;
  };
  run(part("CQ125", false));
  EXPECT_EQ(promises(), 0U);
  run(part("CQ125", true));
  EXPECT_EQ(promises(), 1U);
}

TEST_F(CqlFacts, Cq126LaterWritesHaveNoEffectBehindATimestampInTheFuture) {
  run(rule_case("CQ126").setup + part("CQ126", true) +
      "INSERT INTO users (id, name) VALUES (1, 'later');");
  EXPECT_EQ(session_->query("SELECT name FROM users").at(0).get<std::string>(0), "a");
  run("TRUNCATE users;" + part("CQ126", false) +
      "INSERT INTO users (id, name) VALUES (1, 'later');");
  EXPECT_EQ(session_->query("SELECT name FROM users").at(0).get<std::string>(0), "later");
}

TEST_F(CqlFacts, Cq127TheNameOfADroppedColumnIsSpentForOtherTypes) {
  run(rule_case("CQ127").setup + part("CQ127", true));
  EXPECT_EQ(rows("SELECT * FROM system_schema.dropped_columns WHERE keyspace_name = '" +
                 database_->name() + "' AND table_name = 'users'"),
            1U);
  EXPECT_FALSE(accepts("ALTER TABLE users ADD age text"));
  EXPECT_TRUE(accepts(part("CQ127", false))) << last_;
}

/// Tests of this file are named after the rules whose fact they show.
TEST(CqlRules, AreSeenOnTheServerOrItIsSaidWhyNot) {
  std::string names;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    if (std::string_view(suite.name()) != "CqlFacts") continue;
    for (int j = 0; j < suite.total_test_count(); ++j)
      names += std::string(suite.GetTestInfo(j)->name()) + " ";
  }
  for (const lint::Rule& rule : lint::cql_rules()) {
    const std::string id(rule.id), number = id.substr(2);
    const bool seen = names.find("Cq" + number) != std::string::npos ||
                      names.find("And" + number) != std::string::npos;
    EXPECT_NE(seen || refused_rules.contains(id), not_seen_here.contains(id))
        << id << " " << rule.name << " is neither shown nor excused, or both";
  }
}

}  // namespace
}  // namespace sterna::test
