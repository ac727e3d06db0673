// What is inspected can be made again from the model alone, and is the same then.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/sqlite_support.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "sql/splitter.hpp"

#include <random>

namespace sterna::test {
namespace {

using model::Column;
using model::Default;
using model::ReferentialAction;
using model::Table;
using model::TypeKind;

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

/// Schemas of a few tables with everything that a model says of one, in the form that the inspector
/// gives it.
class RandomSchema {
 public:
  explicit RandomSchema(unsigned seed) : random_(seed) {}

  model::Model make() {
    model::Model model;
    const int count = 1 + number(4);
    for (int i = 0; i < count; ++i) model.tables.push_back(table(i));
    for (Table& table : model.tables) {
      for (int i = number(3); i > 0; --i) foreign_key(table, model.tables);
    }
    if (chance(2)) view(model);
    if (chance(2)) trigger(model);
    model::sort(model);
    return model;
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  bool chance(int of) { return number(of) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(number(static_cast<int>(values.size())))];
  }
  const Column& column_of(const Table& table) { return one_of(table.columns); }

  std::string odd(const std::string& name) {
    static const std::vector<std::string> endings{"",   " x",   "\"q", "'",     ",",  ")",
                                                  "--", "/*",   "ü",   "名",    ".t", "]",
                                                  "`",  " key", "\n",  " CHECK"};
    return name + one_of(endings);
  }

  Table table(int i) {
    Table t;
    t.name = model::Name("", odd("table" + std::to_string(i)));
    t.strict = chance(3);
    for (int c = 1 + number(6); c > 0; --c) t.columns.push_back(column(t, c));
    primary_key(t);
    for (int n = number(3); n > 0; --n) unique(t, n);
    for (int n = number(3); n > 0; --n) index(t, n);
    for (int n = 1 + number(3); n > 1; --n) check(t, 3 - n);
    return t;
  }

  model::Type type(bool strict) {
    model::Type type;
    static const std::vector<TypeKind> kinds{
        TypeKind::boolean,     TypeKind::tiny_integer, TypeKind::small_integer,
        TypeKind::big_integer, TypeKind::integer,      TypeKind::decimal,
        TypeKind::real,        TypeKind::text,         TypeKind::binary,
        TypeKind::date,        TypeKind::time,         TypeKind::datetime,
        TypeKind::string,      TypeKind::char_,        TypeKind::double_precision,
        TypeKind::native};
    static const std::vector<TypeKind> strict_kinds{
        TypeKind::integer, TypeKind::real, TypeKind::text, TypeKind::binary, TypeKind::native};
    type.kind = one_of(strict ? strict_kinds : kinds);
    if (type.kind == TypeKind::native)
      type.name = one_of(strict ? std::vector<std::string>{"any", "int"}
                                : std::vector<std::string>{"", "int", "unsigned big int",
                                                           "float(8,2)", "\"odd ) type\""});
    if ((type.kind == TypeKind::string || type.kind == TypeKind::char_) && chance(2))
      type.length = 1 + number(300);
    if (type.kind == TypeKind::decimal && chance(2)) {
      type.precision = 10 + number(20);
      if (chance(2)) type.scale = number(10);
    }
    return type;
  }

  Column column(const Table& t, int i) {
    Column c;
    c.name = odd("column" + std::to_string(i));
    c.type = type(t.strict);
    c.nullable = chance(2);
    if (!c.nullable && chance(5))
      c.options["not null on conflict"] =
          one_of(std::vector<std::string>{"replace", "ignore", "fail", "rollback"});
    if (chance(4)) c.collation = one_of(std::vector<std::string>{"NOCASE", "RTRIM"});
    if (!t.columns.empty() && chance(6)) {
      c.generated = model::Generated{quoted(t.columns.front().name) + " || 'x,)'", chance(2)};
      c.options.clear();
    } else if (chance(2)) {
      c.default_value = some_default();
    }
    return c;
  }

  Default some_default() {
    using Kind = Default::Kind;
    using Literal = Default::Literal;
    const std::vector<Default> values{{Kind::literal, "", Literal::null},
                                      {Kind::literal, "0", Literal::number},
                                      {Kind::literal, "-1.5e3", Literal::number},
                                      {Kind::literal, "", Literal::string},
                                      {Kind::literal, "it's, (", Literal::string},
                                      {Kind::literal, "--\n\"", Literal::string},
                                      {Kind::expression, "x'00ff'", {Literal::string}},
                                      {Kind::expression, "1 + (2)", {Literal::string}},
                                      {Kind::expression, "lower('A,')", {Literal::string}}};
    if (chance(5)) return {Kind::now, {}};
    return one_of(values);
  }

  void primary_key(Table& t) {
    if (chance(4)) return;
    model::PrimaryKey key;
    if (chance(2)) key.name = odd("key");
    const int form = number(6);
    std::vector<Column*> candidates;
    for (Column& c : t.columns) {
      if (!c.generated) candidates.push_back(&c);
    }
    if (candidates.empty()) return;
    Column& first = *candidates.front();
    key.parts.push_back({first.name, {}, false, {}, {}, {}, {}});
    if (form <= 2) {  // the rowid, numbered or not
      first.type = {};
      first.type.kind = TypeKind::integer;
      first.nullable = false;
      first.options.clear();
      if (form == 0) {
        first.auto_increment = true;
        first.default_value.reset();
        if (chance(3)) key.options["in column"] = "PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT";
      } else if (form == 1 && chance(3)) {
        key.options["in column"] = "PRIMARY KEY DESC";
        key.parts.front().descending = true;
        first.nullable = !t.strict;
      }
    } else {
      first.type = {};
      first.type.kind = TypeKind::text;
      key.parts.front().descending = chance(2);
      if (candidates.size() > 1)
        key.parts.push_back({candidates[1]->name, {}, chance(3), {}, {}, {}, {}});
      t.without_rowid = form == 3;
      if (t.without_rowid || t.strict) {
        for (std::size_t i = 0; i < key.parts.size(); ++i) candidates[i]->nullable = false;
      }
    }
    t.primary_key = std::move(key);
  }

  void unique(Table& t, int i) {
    model::Unique u;
    u.name = odd(t.name.name + "_u" + std::to_string(i));
    u.columns.push_back(column_of(t).name);
    if (chance(4))
      u.options["definition"] = "UNIQUE (" + quoted(u.columns.front()) + ") ON CONFLICT IGNORE";
    t.uniques.push_back(std::move(u));
  }

  void index(Table& t, int i) {
    model::Index index;
    index.name = odd(t.name.name + "_i" + std::to_string(i));
    const Column& c = column_of(t);
    model::IndexPart part;
    if (chance(3)) {
      part.expression = "length(" + quoted(c.name) + ") + 1";
    } else {
      part.column = c.name;
      if (chance(3)) part.collation = c.collation == "RTRIM" ? "BINARY" : "RTRIM";
    }
    part.descending = chance(3);
    index.parts.push_back(part);
    if (chance(3)) index.where = quoted(c.name) + " IS NOT NULL";
    index.unique = (part.descending || !index.where.empty()) && chance(2);
    t.indexes.push_back(std::move(index));
  }

  void check(Table& t, int i) {
    // In their order: of several without a name the inspector sorts the expressions.
    t.checks.push_back({chance(2) ? odd("check" + std::to_string(i)) : std::string(),
                        std::to_string(i) + " > 1 OR " + quoted(column_of(t).name) + " <> 'a)b'",
                        false, false});
  }

  void foreign_key(Table& t, const std::vector<Table>& all) {
    static const std::vector<ReferentialAction> actions{
        ReferentialAction::no_action, ReferentialAction::restrict_, ReferentialAction::cascade,
        ReferentialAction::set_null, ReferentialAction::set_default};
    model::ForeignKey key;
    key.name = odd(t.name.name + "_f" + std::to_string(t.foreign_keys.size()));
    key.columns.push_back(column_of(t).name);
    const Table& parent = one_of(all);
    key.referenced_table = parent.name;
    key.referenced_columns.push_back(column_of(parent).name);
    key.on_delete = one_of(actions);
    key.on_update = one_of(actions);
    key.deferrable = chance(2);
    key.initially_deferred = key.deferrable && chance(2);
    t.foreign_keys.push_back(std::move(key));
  }

  void view(model::Model& model) {
    const Table& t = one_of(model.tables);
    model::Object view;
    view.kind = "view";
    view.name = model::Name("", odd("view"));
    view.definition = "CREATE VIEW " + quoted(view.name.name) + " AS SELECT *\nFROM " +
                      quoted(t.name.name) + " WHERE 'x' <> \n ')'";
    model.objects.push_back(std::move(view));
  }

  void trigger(model::Model& model) {
    const Table& t = one_of(model.tables);
    model::Object trigger;
    trigger.kind = "trigger";
    trigger.name = model::Name("", odd("trigger"));
    trigger.table = t.name;
    trigger.definition = "CREATE TRIGGER " + quoted(trigger.name.name) + " BEFORE DELETE ON " +
                         quoted(t.name.name) + " BEGIN SELECT ';'; SELECT 1; END";
    model.objects.push_back(std::move(trigger));
  }

  std::string quoted(const std::string& name) { return connection_->dialect().quote(name); }

  std::mt19937 random_;
  std::unique_ptr<Connection> connection_ = empty_database();
};

TEST(SqliteInspectProperty, AnyModelThatIsCreatedIsInspectedAsItWas) {
  const unsigned start = std::random_device{}();
  for (unsigned seed = start; seed < start + 250; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const model::Model model = RandomSchema(seed).make();
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
    create_model(*made, RandomSchema(seed).make());
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
