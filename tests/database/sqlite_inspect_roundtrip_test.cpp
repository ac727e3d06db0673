// What is inspected can be made again from the model alone, and is the same then.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/sqlite_support.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "sql/splitter.hpp"
#include "support/random_sqlite.hpp"

#include <random>

namespace sterna::test {
namespace {

using model::Column;
using model::Table;

std::unique_ptr<Connection> empty_database() { return connect(parse_url("sqlite::memory:")); }

/// The model that an empty database inspects to after `model` was created in it.
model::Model made_again(const model::Model& model) {
  const auto connection = empty_database();
  create_model(*connection, model);
  return connection->inspect({});
}

class SqliteSample : public testing::TestWithParam<const char*> {};

TEST_P(SqliteSample, IsMadeAgainFromItsModelAlone) {
  const std::filesystem::path file =
      std::filesystem::path(STERNA_SOURCE_DIR) / "tests/database/samples/sqlite" / GetParam();
  const auto connection = empty_database();
  for (const Statement& statement :
       split_statements(read_file(file), Language::sqlite, file.string()))
    connection->execute(statement);
  const model::Model model = connection->inspect({});
  EXPECT_THAT(model.not_managed, testing::IsEmpty());
  EXPECT_GE(model.tables.size(), 15U);
  const model::Model again = made_again(model);
  EXPECT_EQ(model::to_json(again), model::to_json(model));
  EXPECT_EQ(again, model);
}

INSTANTIATE_TEST_SUITE_P(Samples, SqliteSample,
                         testing::Values("music_store.sql", "film_rental.sql"));

TEST(SqliteInspectProperty, AnyModelThatIsCreatedIsInspectedAsItWas) {
  const unsigned start = std::random_device{}();
  for (unsigned seed = start; seed < start + 250; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const model::Model model = RandomSqliteModel(seed).make();
    const model::Model inspected = made_again(model);
    ASSERT_EQ(inspected.not_managed, std::vector<std::string>{});
    ASSERT_EQ(model::to_json({.tables = inspected.tables}),
              model::to_json({.tables = model.tables}));
    ASSERT_EQ(inspected, model);
  }
}

/// CREATE TABLE as people write it: every clause in every form, upper and lower case, comments.
class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {}

  std::vector<std::string> make() {
    std::vector<std::string> statements{
        "CREATE TABLE Parent (Id integer PRIMARY KEY, X, y UNIQUE)"};
    for (int i = 0; i < 3; ++i) statements.push_back(table("t" + std::to_string(i)));
    for (int i = 0; i < 4; ++i) {
      statements.push_back("CREATE " + one_of({"", "UNIQUE "}) + "INDEX i" + std::to_string(i) +
                           " ON t" + std::to_string(i % 3) + " (" + part() + ", " + part() + ") " +
                           one_of({"", "WHERE (a > 0)", "where [b c] is not null -- all\n"}));
    }
    return statements;
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  std::string one_of(const std::vector<std::string>& values) {
    return values[static_cast<std::size_t>(number(static_cast<int>(values.size())))];
  }

  std::string part() {
    return one_of({"a", "A DESC", "`b c` COLLATE nocase", "(a)", "\"b c\" ASC", "'a' collate RTRIM",
                   "lower( a )", "(a + 1) DESC", "a COLLATE \"binary\"", "abs(a) COLLATE NOCASE"});
  }
  std::string type() {
    return one_of({"", "INT", "Text", "varchar( 20 )", "DECIMAL (10 , 2)", "double precision",
                   "[odd type]", "UNSIGNED /* , */ BIG INT", "numeric(5)", "float(+1,-2)",
                   "'in quotes'", "DateTime", "\"INTEGER\""});
  }
  std::string clauses() {
    static const std::vector<std::string> all{
        "DEFAULT 5",
        "default -0x1F",
        "DEFAULT +3",
        "DEFAULT ('x' || 'y')",
        "DEFAULT \"word\"",
        "DEFAULT (((1)))",
        "DEFAULT CURRENT_TIME",
        "DEFAULT(current_timestamp)",
        "DEFAULT false",
        "NOT NULL",
        "not null ON CONFLICT ignore",
        "NULL",
        "NOT /* really */ NULL",
        "COLLATE nocase",
        "COLLATE [RTRIM]",
        "UNIQUE",
        "CONSTRAINT \"u q\" UNIQUE ON CONFLICT FAIL",
        "CHECK (a>0)",
        "CONSTRAINT c CHECK((a  <> ')') and [b c] = 'x''y')",
        "CHECK (\"b c\" = 1 OR 2 < 3)",
        "REFERENCES parent",
        "REFERENCES \"PARENT\" (x) ON DELETE set NULL",
        "CONSTRAINT fk REFERENCES nowhere(z) ON UPDATE CASCADE NOT DEFERRABLE",
        "REFERENCES Parent(Y) ON DELETE NO ACTION MATCH full DEFERRABLE INITIALLY DEFERRED"};
    std::string text;
    for (int i = number(4); i > 0; --i) text += " " + one_of(all);
    return text;
  }

  std::string table(const std::string& name) {
    const int key = number(8);
    std::string text = one_of({"", "\n", " /* ( */ "});
    text += key == 0 ? "id INTEGER PRIMARY KEY AUTOINCREMENT, "
            : key == 1
                ? "id integer CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT, "
            : key == 2 ? "id integer PRIMARY KEY DESC, "
            : key == 3 ? "id INT PRIMARY KEY DESC ON CONFLICT FAIL, "
                       : "id integer, ";
    text += "a " + type() + clauses() + ",\t[b c] " + type() + clauses();
    if (number(3) == 0) text += ", g int GENERATED ALWAYS AS (a  + 1)" + one_of({"", " STORED"});
    if (key == 4) text += ", PRIMARY KEY (ID autoincrement)";
    if (key == 5) text += ", CONSTRAINT `p k` PRIMARY KEY (\"id\" DESC)";
    if (key >= 6) text += ", primary key (\"b c\" COLLATE nocase DESC, A) on conflict IGNORE";
    if (number(2) == 0) text += ", UNIQUE (a, \"b c\")";
    if (number(3) == 0) text += ", UNIQUE (a COLLATE rtrim) ON CONFLICT REPLACE CHECK (1)";
    if (number(2) == 0)
      text += ", FOREIGN KEY (\"b c\", A) REFERENCES parent ([x], Y) ON UPDATE SET DEFAULT";
    return "CREATE TABLE " + one_of({"", "main.", "IF NOT EXISTS "}) + name + " (" + text + ")" +
           (key == 7 ? " without rowid" : "");
  }

  std::mt19937 random_;
};

TEST(SqliteInspectProperty, AnyTableThatWasWrittenByHandIsMadeAgain) {
  const unsigned start = std::random_device{}();
  int tables = 0;
  for (unsigned seed = start; seed < start + 250; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto connection = empty_database();
    for (const std::string& sql : RandomText(seed).make()) {
      try {
        connection->execute(sql);
        ++tables;
      } catch (const Error&) {  // not all that is put together so is allowed
      }
    }
    const model::Model model = connection->inspect({});
    ASSERT_EQ(model.not_managed, std::vector<std::string>{});
    const model::Model again = made_again(model);
    ASSERT_EQ(model::to_json(again), model::to_json(model));
    ASSERT_EQ(again, model);
  }
  EXPECT_GT(tables, 1500) << "of 2000";
}

/// What SQLite says of keys and indexes, against what was read from the texts.
class Agreement {
 public:
  explicit Agreement(Connection& connection) : connection_(connection) {}

  void check(const Table& table) {
    ASSERT_THAT(said("SELECT \"from\" || '|' || lower(\"table\") || '|' || on_delete || '|' || "
                     "on_update FROM pragma_foreign_key_list",
                     table.name.name),
                testing::UnorderedElementsAreArray(keys(table)));
    std::vector<std::string> key;
    if (table.primary_key) {
      for (const auto& part : table.primary_key->parts) key.push_back(part.column);
    }
    ASSERT_EQ(
        said("SELECT name FROM pragma_table_xinfo", table.name.name, "WHERE pk > 0 ORDER BY pk"),
        key);
    for (const model::Index& index : table.indexes) {
      std::vector<std::string> parts;
      for (const model::IndexPart& part : index.parts) {
        const Column* column = table.column(part.column);
        const std::string own = column == nullptr ? "" : column->collation;
        const std::string collation = part.collation.empty() ? own : part.collation;
        parts.push_back(part.column + (part.descending ? "|1|" : "|0|") +
                        (collation.empty() ? "BINARY" : collation));
      }
      ASSERT_EQ(said("SELECT coalesce(name, '') || '|' || \"desc\" || '|' || upper(coll) FROM "
                     "pragma_index_xinfo",
                     index.name, "WHERE key ORDER BY seqno"),
                parts);
    }
  }

 private:
  static std::vector<std::string> keys(const Table& table) {
    static const std::vector<std::string> actions{"NO ACTION", "RESTRICT", "CASCADE", "SET NULL",
                                                  "SET DEFAULT"};
    std::vector<std::string> result;
    for (const model::ForeignKey& key : table.foreign_keys) {
      for (const std::string& column : key.columns) {
        result.push_back(column + "|" + to_lower(key.referenced_table.name) + "|" +
                         actions.at(static_cast<std::size_t>(key.on_delete)) + "|" +
                         actions.at(static_cast<std::size_t>(key.on_update)));
      }
    }
    return result;
  }
  std::vector<std::string> said(const std::string& question, const std::string& name,
                                const std::string& rest = {}) {
    std::vector<std::string> lines;
    for (const Row& row :
         connection_.query(question + "(" + connection_.dialect().literal(name) + ") " + rest))
      lines.push_back(row.get<std::string>(0));
    return lines;
  }

  Connection& connection_;
};

TEST(SqliteInspectProperty, AgreesWithThePragmas) {
  const unsigned start = std::random_device{}();
  for (unsigned seed = start; seed < start + 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto made = empty_database();
    create_model(*made, RandomSqliteModel(seed).make());
    const auto written = empty_database();
    for (const std::string& sql : RandomText(seed).make()) {
      try {
        written->execute(sql);
      } catch (const Error&) {
      }
    }
    for (Connection* connection : {made.get(), written.get()}) {
      for (const Table& table : connection->inspect({}).tables) {
        Agreement(*connection).check(table);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace sterna::test
