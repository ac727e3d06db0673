// What is inspected can be made again from the model alone, and is the same then.
#include "base/file.hpp"
#include "base/text.hpp"
#include "database/mysql/inspect_types.hpp"
#include "database/mysql_support.hpp"
#include "diff/script.hpp"
#include "sql/splitter.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace sterna::test {
namespace {

using model::Column;
using model::Default;
using model::Index;
using model::IndexPart;
using model::Table;
using model::TypeKind;

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

/// Models as an inspector would give them, at random.
class RandomModel {
 public:
  explicit RandomModel(unsigned seed) : random_(seed) {}

  model::Model make(std::size_t tables) {
    model::Model model;
    for (std::size_t i = 0; i < tables; ++i) model.tables.push_back(table(i));
    for (std::size_t i = 0; i < tables; ++i) foreign_keys(model, i);
    model::sort(model);
    return model;
  }

 private:
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  T any_of(const std::vector<T>& items) {
    return items[below(items.size())];
  }

  std::string odd_text() {
    return any_of<std::string>({"", "plain", "it's", "back\\slash", "\"quoted\"", "two\nlines",
                                "größe", "NULL", "100%", "`tick`", "a;b", "-- no comment", "1"});
  }
  std::string odd_name(std::size_t number) {
    return any_of<std::string>({"c", "with space ", "qu`ote", "apo'strophe", "größe", "select",
                                "a,b(", "_", "CamelCase"}) +
           std::to_string(number);
  }

  model::Type type() {
    model::Type type;
    type.kind = any_of<TypeKind>({TypeKind::boolean,       TypeKind::tiny_integer,
                                  TypeKind::small_integer, TypeKind::medium_integer,
                                  TypeKind::integer,       TypeKind::integer,
                                  TypeKind::big_integer,   TypeKind::decimal,
                                  TypeKind::real,          TypeKind::double_precision,
                                  TypeKind::char_,         TypeKind::string,
                                  TypeKind::string,        TypeKind::text,
                                  TypeKind::tiny_text,     TypeKind::medium_text,
                                  TypeKind::long_text,     TypeKind::binary,
                                  TypeKind::json,          TypeKind::date,
                                  TypeKind::time,          TypeKind::timestamp,
                                  TypeKind::datetime,      TypeKind::year,
                                  TypeKind::enumeration,   TypeKind::set_of_values,
                                  TypeKind::native});
    switch (type.kind) {
      case TypeKind::tiny_integer:
      case TypeKind::small_integer:
      case TypeKind::medium_integer:
      case TypeKind::integer:
      case TypeKind::big_integer:
        type.is_unsigned = one_in(2);
        break;
      case TypeKind::decimal:
        type.precision = 10;
        type.scale = static_cast<int>(below(5));
        break;
      case TypeKind::char_:
      case TypeKind::string:
        type.length = static_cast<int>(20 + below(40));
        break;
      case TypeKind::binary:
        if (one_in(2)) type.length = static_cast<int>(1 + below(40));
        break;
      case TypeKind::time:
      case TypeKind::timestamp:
      case TypeKind::datetime:
        if (one_in(2)) type.precision = static_cast<int>(1 + below(6));
        break;
      case TypeKind::enumeration:
        type.values = {"a", "it's", "back\\slash", "größe"};
        break;
      case TypeKind::set_of_values:
        type.values = {"x", "y", "(z)"};
        break;
      case TypeKind::native:
        type.name = any_of<std::string>({"bit(7)", "binary(4)", "blob", "mediumblob", "geometry",
                                         "float(7,3)", "int(5) unsigned zerofill"});
        break;
      default:
        break;
    }
    return type;
  }

  static bool is_text(TypeKind kind) {
    return kind == TypeKind::char_ || kind == TypeKind::string || kind == TypeKind::text ||
           kind == TypeKind::tiny_text || kind == TypeKind::medium_text ||
           kind == TypeKind::long_text;
  }
  static bool is_integer(TypeKind kind) {
    return kind == TypeKind::tiny_integer || kind == TypeKind::small_integer ||
           kind == TypeKind::medium_integer || kind == TypeKind::integer ||
           kind == TypeKind::big_integer;
  }

  std::optional<Default> default_for(const model::Type& type) {
    const auto literal = [](std::string text, Default::Literal kind) {
      return Default{Default::Kind::literal, std::move(text), kind};
    };
    if (is_integer(type.kind))
      return literal(any_of<std::string>({"0", "7", "100"}), Default::Literal::number);
    switch (type.kind) {
      case TypeKind::boolean:
        return literal(one_in(2) ? "true" : "false", Default::Literal::boolean);
      case TypeKind::char_:
      case TypeKind::string:
        if (one_in(4))
          return Default{Default::Kind::expression, "concat('a','b')", Default::Literal::string};
        return literal(odd_text(), Default::Literal::string);
      case TypeKind::enumeration:
        return literal(any_of(type.values), Default::Literal::string);
      case TypeKind::date:
      case TypeKind::time:
      case TypeKind::timestamp:
      case TypeKind::datetime:
        return Default{Default::Kind::now, {}, Default::Literal::string};
      case TypeKind::year:
        return literal("2001", Default::Literal::number);
      default:
        return std::nullopt;
    }
  }

  Column column(std::size_t number, const Table& table) {
    Column column;
    column.name = odd_name(number);
    column.type = type();
    column.nullable = one_in(2);
    if (column.type.kind == TypeKind::timestamp) column.nullable = true;
    if (one_in(2)) column.default_value = default_for(column.type);
    const bool clock =
        column.type.kind == TypeKind::datetime || column.type.kind == TypeKind::timestamp;
    // Without a default and NOT NULL such a column gets the zero date as its default.
    const bool has_value = column.nullable || column.default_value;
    if (clock && has_value && one_in(3)) column.on_update = "CURRENT_TIMESTAMP";
    if (is_text(column.type.kind) && one_in(4)) {
      column.collation = any_of<std::string>({"latin1_bin", "latin1_swedish_ci", "utf8mb4_bin"});
      if (column.collation == table.collation) column.collation.clear();
      const std::string charset = column.collation.substr(0, column.collation.find('_'));
      if (charset != table.charset) column.charset = charset;
    }
    if (one_in(4)) column.comment = odd_text();
    if (one_in(6) && (column.nullable || column.default_value)) column.options["invisible"];
    return column;
  }

  Table table(std::size_t number) {
    Table table;
    table.name.name = (one_in(3) ? "odd `table` " : "t") + std::to_string(number);
    table.engine = one_in(8) ? "MyISAM" : "InnoDB";
    table.charset = one_in(4) ? "latin1" : "utf8mb4";
    table.collation = table.charset == "latin1" ? "latin1_swedish_ci" : "utf8mb4_general_ci";
    if (one_in(3)) table.comment = odd_text();
    if (table.engine == "InnoDB" && one_in(4)) table.options["row_format"] = "DYNAMIC";
    if (one_in(4)) table.options["max_rows"] = "1000";
    Column id;
    id.name = "id";
    id.type.kind = TypeKind::integer;
    id.auto_increment = one_in(2);
    table.columns.push_back(id);
    for (std::size_t i = 0, count = 1 + below(11); i < count; ++i)
      table.columns.push_back(column(i, table));
    generated(table);
    model::PrimaryKey key;
    key.parts = {part("id")};
    table.primary_key = key;
    for (std::size_t i = 0, count = below(4); i < count; ++i) index(table, i);
    const bool checked = !table.columns[0].auto_increment;  // MariaDB allows no check of that
    if (checked && one_in(2))
      table.checks.push_back(check("id_" + std::to_string(number), "`id` > 0"));
    if (checked && one_in(4))
      table.checks.push_back(check("qu`ote" + std::to_string(number), "`id` <> 5 or `id` = 7"));
    const bool spatial = std::any_of(table.columns.begin(), table.columns.end(),
                                     [](const Column& one) { return one.type.name == "geometry"; });
    if (table.engine == "InnoDB" && !spatial && one_in(6)) {  // partitions take no geometry
      table.options["partition by"] =
          one_in(2) ? " HASH (`id`)\nPARTITIONS 3"
                    : " RANGE (`id`)\n(PARTITION `a` VALUES LESS THAN (10) ENGINE = InnoDB,\n "
                      "PARTITION `b` VALUES LESS THAN MAXVALUE ENGINE = InnoDB)";
      table.options["partition by"].erase(0, 1);
      std::erase_if(table.indexes, [](const Index& i) { return i.unique; });
    }
    return table;
  }

  void generated(Table& table) {
    for (std::size_t i = 0, count = below(3); i < count; ++i) {
      Column column;
      column.name = "made" + std::to_string(i);
      column.type.kind = TypeKind::big_integer;
      column.nullable = true;
      column.generated = {table.columns[0].auto_increment ? "1 + 2" : "`id` + 1", one_in(2)};
      table.columns.push_back(column);
    }
  }

  static IndexPart part(const std::string& name) {
    IndexPart part;
    part.column = name;
    return part;
  }
  static model::Check check(const std::string& name, const std::string& expression) {
    model::Check check;
    check.name = name;
    check.expression = expression;
    return check;
  }

  void index(Table& table, std::size_t number) {
    Index index;
    index.name = odd_name(number) + "_index";
    index.unique = one_in(3);
    if (one_in(3)) index.comment = odd_text();
    for (const Column& column : table.columns) {
      if (!one_in(3) || index.parts.size() == 3) continue;
      IndexPart one = part(column.name);
      if (column.type.kind == TypeKind::text || column.type.kind == TypeKind::long_text)
        one.prefix_length = 7;
      else if (column.type.kind == TypeKind::string && one_in(3))
        one.prefix_length = 3;
      else if (!is_integer(column.type.kind) && column.type.kind != TypeKind::string &&
               column.type.kind != TypeKind::date && column.type.kind != TypeKind::enumeration)
        continue;
      one.descending = table.engine == "InnoDB" && one_in(4);
      index.parts.push_back(one);
    }
    if (index.parts.empty()) return;
    if (one_in(8) && !index.unique) index.options["ignored"];
    table.indexes.push_back(index);
  }

  void foreign_keys(model::Model& model, std::size_t number) {
    Table& table = model.tables[number];
    const Table& other = model.tables[below(model.tables.size())];
    const bool possible = table.engine == "InnoDB" && other.engine == "InnoDB" &&
                          !table.options.contains("partition by") &&
                          !other.options.contains("partition by");
    if (!possible || !one_in(2)) return;
    Column column;
    column.name = "parent";
    column.type.kind = TypeKind::integer;
    column.nullable = true;
    table.columns.push_back(column);
    Index index;
    index.name = "by_parent";
    index.parts = {part("parent")};
    table.indexes.push_back(index);
    model::ForeignKey key;
    key.name = "fk" + std::to_string(number);
    key.columns = {"parent"};
    key.referenced_table = other.name;
    key.referenced_columns = {"id"};
    using model::ReferentialAction;
    key.on_delete = any_of<ReferentialAction>(
        {ReferentialAction::no_action, ReferentialAction::cascade, ReferentialAction::set_null});
    key.on_update = any_of<ReferentialAction>(
        {ReferentialAction::no_action, ReferentialAction::cascade, ReferentialAction::set_null});
    table.foreign_keys.push_back(key);
  }

  std::mt19937 random_;
};

struct MysqlRandomModel : MysqlSession {};

TEST_F(MysqlRandomModel, InspectsToWhatWasRendered) {
  if (connection->server().product != "MariaDB") GTEST_SKIP() << "the models are MariaDB's";
  constexpr unsigned rounds = 15, tables = 20;
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    const model::Model model = RandomModel(seed).make(tables);
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
