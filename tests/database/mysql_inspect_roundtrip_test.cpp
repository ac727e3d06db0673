// What is inspected can be made again from the model alone, and is the same then.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/mysql/inspect_types.hpp"
#include "database/mysql_support.hpp"
#include "diff/script.hpp"
#include "sql/splitter.hpp"
#include "support/random_mysql.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sterna::test {
namespace {

using model::Column;
using model::Table;

std::string told(const Column& column) {
  std::string text = column.type.name + " " + std::to_string(static_cast<int>(column.type.kind)) +
                     (column.nullable ? " null " : " not null ") + column.charset + " " +
                     column.collation + " " + column.on_update.value_or("") + " " + column.comment;
  if (column.default_value)
    text += " default " + std::to_string(static_cast<int>(column.default_value->kind)) + " " +
            column.default_value->text;
  for (const auto& [key, value] : column.options) text += " " + key + "=" + value;
  return text;
}

/// Which tables and objects differ, for a message that helps.
std::string difference(const model::Model& a, const model::Model& b) {
  std::string text;
  for (const Table& table : a.tables) {
    const Table* other = b.table(table.name);
    if (other == nullptr) {
      text += "table " + table.name.text() + " is missing\n";
      continue;
    }
    const auto differs = [&](bool is, const std::string& what) {
      if (is) text += "table " + table.name.text() + ": " + what + "\n";
    };
    for (const Column& column : table.columns) {
      const Column* found = other->column(column.name);
      differs(found == nullptr || *found != column,
              "column " + column.name + ": " + told(column) + " | " +
                  (found == nullptr ? "nothing" : told(*found)));
    }
    differs(table.primary_key != other->primary_key, "primary key");
    differs(table.indexes != other->indexes, "indexes");
    differs(table.foreign_keys != other->foreign_keys, "foreign keys");
    differs(table.checks != other->checks, "checks");
    differs(table.options != other->options, "options");
    differs(table.comment != other->comment, "comment");
    differs(table.engine != other->engine || table.collation != other->collation,
            "engine or collation");
  }
  for (const model::Object& object : a.objects) {
    const model::Object* other = b.object(object.kind, object.name);
    if (other != nullptr && *other == object) continue;
    text += object.kind + " " + object.name.text() + ":\n" + object.definition + "\nbut\n" +
            (other == nullptr ? "nothing" : other->definition) + "\n";
  }
  return text;
}

/// What the server itself prints of each table, line by line in any order: the order of indexes and
/// constraints means nothing, and the counter moves with the rows.
std::map<std::string, std::multiset<std::string>> printed(Connection& connection,
                                                          const model::Model& model) {
  std::map<std::string, std::multiset<std::string>> result;
  for (const Table& table : model.tables) {
    const Rows rows =
        connection.query("SHOW CREATE TABLE " + connection.dialect().quote(table.name));
    for (std::string line : split(rows.at(0).get<std::string>(1), '\n')) {
      if (line.ends_with(',')) line.pop_back();
      if (const std::size_t at = line.find(" AUTO_INCREMENT="); at != std::string::npos)
        line.erase(at, line.find(' ', at + 1) - at);
      result[table.name.name].insert(mysql::unqualified(line, model.default_schema));
    }
  }
  return result;
}

struct MysqlSample : MysqlSession, testing::WithParamInterface<const char*> {};

TEST_P(MysqlSample, IsMadeAgainFromItsModelAlone) {
  const std::string name = GetParam();
  if (name.find("mariadb") != std::string::npos && connection->server().product != "MariaDB")
    GTEST_SKIP() << "what MariaDB alone has";
  const std::filesystem::path file =
      std::filesystem::path(STERNA_SOURCE_DIR) / "tests/database/samples/mysql" / name;
  for (const Statement& statement :
       split_statements(read_file(file), Language::mysql, file.string()))
    connection->execute(statement);
  const model::Model model = connection->inspect({});
  EXPECT_THAT(model.not_managed, testing::IsEmpty());
  EXPECT_FALSE(model.tables.empty());
  EXPECT_FALSE(model.objects.empty());

  const TestDatabase other(Kind::mysql);
  const auto session = connect(parse_url(other.url()));
  create_model(*session, model);
  const model::Model again = session->inspect({});
  EXPECT_EQ(difference(model, again), "");
  EXPECT_TRUE(again == model);
  EXPECT_EQ(printed(*session, again), printed(*connection, model));
}

INSTANTIATE_TEST_SUITE_P(All, MysqlSample, testing::Values("film_rental.sql", "hotel_mariadb.sql"),
                         [](const auto& parameter) {
                           const std::string name = parameter.param;
                           return name.substr(0, name.find('.'));
                         });

struct MysqlSampleSize : MysqlSession {};

TEST_F(MysqlSampleSize, FilmRentalHasEverythingThatASampleShouldHave) {
  const std::filesystem::path file =
      std::filesystem::path(STERNA_SOURCE_DIR) / "tests/database/samples/mysql/film_rental.sql";
  for (const Statement& statement :
       split_statements(read_file(file), Language::mysql, file.string()))
    connection->execute(statement);
  const model::Model model = connection->inspect({});
  EXPECT_GE(model.tables.size(), 15U);
  for (const char* kind : {"view", "trigger", "function", "procedure", "event"}) {
    const auto count =
        std::count_if(model.objects.begin(), model.objects.end(),
                      [&](const model::Object& object) { return object.kind == kind; });
    EXPECT_GE(count, 1) << kind;
  }
}

struct MysqlRandomModel : MysqlSession {};

TEST_F(MysqlRandomModel, InspectsToWhatWasRendered) {
  constexpr unsigned rounds = 15, tables = 20;
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    const model::Model model = RandomMysqlModel(connection->server(), seed).make(tables);
    SCOPED_TRACE("seed " + std::to_string(seed));
    try {
      create_model(*connection, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
    const model::Model again = connection->inspect({});
    EXPECT_THAT(again.not_managed, testing::IsEmpty());
    ASSERT_EQ(difference(model, again), "") << "seed " << seed;
    ASSERT_TRUE(again == model) << "seed " << seed;
    connection->drop_everything();
  }
}

}  // namespace
}  // namespace sterna::test
