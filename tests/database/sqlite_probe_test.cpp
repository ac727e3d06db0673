// Whether a statement that was in flight when a run died took effect.
#include "database/sqlite_support.hpp"

#include <fstream>

namespace sterna::test {
namespace {

struct SqliteProbe : SqliteFile {
  Effect effect(const std::string& sql) {
    return connection->dialect().effect(*connection, Statement{sql, {}, {}, {}}, "").effect;
  }
};

TEST_F(SqliteProbe, RepeatsWhatMayBeRepeated) {
  for (const char* sql : {"VACUUM", "PRAGMA journal_mode = wal", "ANALYZE", "REINDEX",
                          "ATTACH 'other.db' AS other"}) {
    EXPECT_EQ(effect(sql), Effect::repeatable) << sql;
  }
}

TEST_F(SqliteProbe, KnowsNothingOfWhatCommitsWithTheJournal) {
  EXPECT_EQ(effect("CREATE TABLE t (a)"), Effect::unknown);
}

TEST_F(SqliteProbe, TakesACopyForDoneOnlyWhenItIsWhole) {
  const std::string file = (folder.path() / "copy's.db").string();
  const std::string sql = "VACUUM INTO '" + (folder.path() / "copy''s.db").string() + "'";
  run({"CREATE TABLE t (a)", "CREATE INDEX t_a ON t (a)",
       "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) INSERT INTO t "
       "SELECT hex(randomblob(20)) FROM n"});
  EXPECT_EQ(effect(sql), Effect::none);
  connection->execute(sql);
  EXPECT_EQ(effect(sql), Effect::complete);
  EXPECT_EQ(effect("VACUUM main INTO '" + (folder.path() / "copy''s.db").string() + "'"),
            Effect::complete);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_EQ(effect(sql), Effect::unknown);
  std::ofstream(file, std::ios::trunc) << "nonsense";
  EXPECT_EQ(effect(sql), Effect::unknown);
}

TEST_F(SqliteProbe, DoesNotGuessAFileThatIsComputed) {
  EXPECT_EQ(effect("VACUUM INTO 'a' || '.db'"), Effect::unknown);
}

}  // namespace
}  // namespace sterna::test
