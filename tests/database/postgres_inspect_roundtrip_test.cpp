// What the inspector reads can be made again from the model alone: samples of whole schemas, and
// random models.
#include "base/file.hpp"
#include "database/postgres_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace sterna::test {
namespace {

struct PostgresInspectSample : PostgresModels, testing::WithParamInterface<const char*> {};

TEST_P(PostgresInspectSample, IsTheSameAgainWhenMadeFromItsModel) {
  run(*connection, read_file(std::string(STERNA_SOURCE_DIR) + "/tests/database/samples/postgres/" +
                             GetParam() + ".sql"));
  if (GetParam() == std::string("rental") && connection->server().version >= 150000) {
    run(*connection, read_file(std::string(STERNA_SOURCE_DIR) +
                               "/tests/database/samples/postgres/rental_newer.sql"));
  }
  const model::Model model = connection->inspect({});
  EXPECT_GE(model.tables.size(), 15u);
  EXPECT_GE(model.objects.size(), 4u);
  EXPECT_EQ(difference(model, connection->inspect({})), "");
  expect_same_again(model);
  InspectOptions with_grants;
  with_grants.grants = true;
  expect_same_again(connection->inspect(with_grants), with_grants);
}

INSTANTIATE_TEST_SUITE_P(All, PostgresInspectSample, testing::Values("rental", "music"),
                         [](const auto& sample) { return std::string(sample.param); });

// ---- random models ----

class RandomModel {
 public:
  explicit RandomModel(unsigned seed) : random_(seed) {}

  model::Model make(int tables) {
    if (chance(50)) model_.schemas.push_back("other");
    for (int i = number(0, 2); i > 0; --i) {
      model_.enums.push_back({fresh_name("mood"), {"a", "it's", "C d"}, chance(30) ? "kinds" : ""});
    }
    for (int i = 0; i < tables; ++i) add_table();
    for (model::Table& table : model_.tables) add_foreign_keys(table);
    model::sort(model_);
    return std::move(model_);
  }

 private:
  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }
  bool chance(int percent) { return number(1, 100) <= percent; }
  template <class List>
  const auto& any(const List& list) {
    return list[static_cast<std::size_t>(number(0, static_cast<int>(std::size(list)) - 1))];
  }
  std::string word(const std::string& base) {
    static const std::vector<std::string> odd{"", "", "", " two", "_x", "É", "\"q\"", "order", "C"};
    return base + std::to_string(++count_) + any(odd);
  }
  model::Name fresh_name(const std::string& base) {
    const bool other = !model_.schemas.empty() && chance(30);
    return {other ? "other" : "", word(base)};
  }
  static std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + "\"";
  }
  static model::Type type(model::TypeKind kind, std::optional<int> length = {},
                          std::optional<int> precision = {}, std::optional<int> scale = {}) {
    model::Type result;
    result.kind = kind;
    result.length = length;
    result.precision = precision;
    result.scale = scale;
    return result;
  }

  model::Type random_type() {
    using K = model::TypeKind;
    static const std::vector<K> plain{K::boolean,     K::small_integer, K::integer,
                                      K::big_integer, K::real,          K::double_precision,
                                      K::text,        K::binary,        K::uuid,
                                      K::json,        K::jsonb,         K::date,
                                      K::inet,        K::cidr,          K::mac_address,
                                      K::interval,    K::decimal,       K::string};
    switch (number(0, 9)) {
      case 0:
        return type(K::string, number(1, 300));
      case 1:
        return type(K::char_, number(1, 20));
      case 2:
        return type(K::decimal, {}, number(10, 20), number(0, 5));
      case 3: {
        model::Type clock = type(chance(50) ? K::timestamp : K::time, {},
                                 chance(50) ? std::optional<int>(number(0, 6)) : std::nullopt);
        clock.with_time_zone = chance(50);
        return clock;
      }
      case 4: {
        model::Type list = type(K::array);
        list.arguments.push_back(type(any(plain)));
        return list;
      }
      case 5: {
        model::Type native;
        native.name = any(std::vector<std::string>{"point", "money", "bit(5)", "xml", "tsvector"});
        return native;
      }
      default:
        return type(any(plain));
    }
  }

  static bool is_integer(const model::Column& column) {
    using K = model::TypeKind;
    const K kind = column.type.kind;
    return kind == K::small_integer || kind == K::integer || kind == K::big_integer;
  }

  void random_default(model::Column& column) {
    using D = model::Default;
    using K = model::TypeKind;
    const K kind = column.type.kind;
    if (is_integer(column) || kind == K::decimal) {
      column.default_value =
          D{D::Kind::literal, std::to_string(number(-99, 99)), D::Literal::number};
    } else if (kind == K::text || kind == K::string) {
      column.default_value =
          D{D::Kind::literal, any(std::vector<std::string>{"", "x", "it's", "a\\b", "q\"", "é"}),
            D::Literal::string};
    } else if (kind == K::boolean) {
      column.default_value =
          D{D::Kind::literal, chance(50) ? "true" : "false", D::Literal::boolean};
    } else if (kind == K::timestamp && column.type.with_time_zone && !column.type.precision) {
      column.default_value = chance(50) ? D{D::Kind::now, {}, D::Literal::string}
                                        : D{D::Kind::expression, "now()", D::Literal::string};
    } else if (kind == K::date) {
      column.default_value = D{D::Kind::now, {}, D::Literal::string};
    } else if (kind == K::jsonb || kind == K::array) {
      column.default_value = D{D::Kind::literal, "{}", D::Literal::string};
    }
  }

  void add_column(model::Table& table) {
    model::Column column;
    column.name = word("c");
    column.type = random_type();
    column.nullable = chance(60);
    if (!model_.enums.empty() && chance(10)) {
      const model::Name& name = any(model_.enums).name;
      column.type = model::Type();
      // As the server prints it: quoted where it must be.
      const bool plain = std::all_of(name.name.begin(), name.name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
      column.type.name =
          (name.schema.empty() ? "" : name.schema + ".") + (plain ? name.name : quoted(name.name));
    } else if (chance(40)) {
      random_default(column);
    }
    if (is_integer(column) && !column.default_value && !column.nullable && chance(30)) {
      column.identity = chance(50) ? model::Identity::always : model::Identity::by_default;
      if (chance(30)) column.options["identity"] = "INCREMENT BY 3 START WITH 7";
    }
    using K = model::TypeKind;
    if ((column.type.kind == K::text || column.type.kind == K::string) && chance(20)) {
      column.collation = "C";
    }
    if (column.type.kind == K::text && chance(20)) column.options["storage"] = "external";
    if (chance(10)) column.options["statistics"] = std::to_string(number(1, 500));
    if (chance(15)) column.comment = "it's \"" + column.name + "\"";
    table.columns.push_back(std::move(column));
  }

  /// Columns that a btree takes, in any order.
  std::vector<std::string> some_columns(const model::Table& table, std::size_t most) {
    std::vector<std::string> names;
    for (const model::Column& column : table.columns) {
      if (is_integer(column) || column.type.kind == model::TypeKind::text) {
        names.push_back(column.name);
      }
    }
    std::shuffle(names.begin(), names.end(), random_);
    names.resize(std::min(names.size(), most));
    return names;
  }

  void add_table() {
    model::Table table;
    table.name = fresh_name("t");
    if (chance(30)) table.comment = "a table";
    if (chance(20)) table.options["fillfactor"] = std::to_string(number(10, 100));
    if (chance(15)) table.options["unlogged"] = "true";
    if (chance(10)) table.options["row level security"] = chance(50) ? "enabled" : "forced";
    if (chance(10)) table.options["replica identity"] = chance(50) ? "full" : "nothing";
    for (int i = number(1, 14); i > 0; --i) add_column(table);
    add_keys(table);
    model_.tables.push_back(std::move(table));
  }

  void add_keys(model::Table& table) {
    if (const auto key = some_columns(table, 2); !key.empty() && chance(80)) {
      table.primary_key = model::PrimaryKey{word("pk"), {}};
      for (const std::string& name : key) {
        table.primary_key->parts.push_back({name, {}, false, {}, {}, {}, {}});
        table.column(name)->nullable = false;
      }
    }
    for (int i = number(0, 2); i > 0; --i) {
      model::Unique unique;
      unique.columns = some_columns(table, 3);
      if (unique.columns.empty()) return;
      unique.name = word("u");
      unique.deferrable = chance(30);
      unique.initially_deferred = unique.deferrable && chance(50);
      table.uniques.push_back(std::move(unique));
    }
    for (int i = number(0, 2); i > 0; --i) {
      model::Index index;
      index.name = word("i");
      index.unique = chance(20);
      for (const std::string& name : some_columns(table, 3)) {
        const bool down = chance(30);
        index.parts.push_back(
            {name, {}, down, chance(30) ? (down ? "last" : "first") : "", {}, {}, {}});
      }
      if (index.parts.empty()) return;
      if (chance(20)) index.where = plain_test(index.parts.front().column);
      if (chance(20)) index.options["fillfactor"] = "60";
      if (chance(20)) index.comment = "quick";
      table.indexes.push_back(std::move(index));
    }
    for (const std::string& name : some_columns(table, 1)) {
      if (!chance(50)) continue;
      model::Check check{word("k"), plain_test(name), chance(30), false};
      if (chance(20)) check.options["comment"] = "why";
      table.checks.push_back(std::move(check));
    }
  }

  static std::string plain_test(const std::string& column) {
    const bool plain = std::all_of(column.begin(), column.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return (plain ? column : quoted(column)) + " IS NOT NULL";
  }

  void add_foreign_keys(model::Table& table) {
    using A = model::ReferentialAction;
    static const std::vector<A> actions{A::no_action, A::restrict_, A::cascade, A::set_null,
                                        A::set_default};
    for (int tries = number(0, 3); tries > 0; --tries) {
      const model::Table& other = any(model_.tables);
      // A logged table cannot point at an unlogged one.
      if (!other.primary_key || other.primary_key->parts.size() != 1) continue;
      if (other.options.contains("unlogged") && !table.options.contains("unlogged")) continue;
      const std::string& target = other.primary_key->parts.front().column;
      for (const model::Column& column : table.columns) {
        if (column.type != other.column(target)->type) continue;
        if (column.collation != other.column(target)->collation) continue;
        model::ForeignKey key;
        key.name = word("f");
        key.columns = {column.name};
        key.referenced_table = other.name;
        key.referenced_columns = {target};
        key.on_delete = any(actions);
        key.on_update = any(actions);
        key.deferrable = chance(30);
        key.initially_deferred = key.deferrable && chance(50);
        key.not_valid = chance(15);
        if (chance(20)) key.match = "full";
        table.foreign_keys.push_back(std::move(key));
        break;
      }
    }
  }

  std::mt19937 random_;
  model::Model model_;
  int count_ = 0;
};

struct PostgresInspectProperty : PostgresModels {};

TEST_F(PostgresInspectProperty, ARandomModelIsTheSameWhenItIsCreatedAndRead) {
  const char* given = std::getenv("STERNA_SEED");
  const unsigned first = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : 1;
  constexpr unsigned rounds = 12;
  constexpr int tables = 20;
  for (unsigned seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE("STERNA_SEED=" + std::to_string(seed));
    const model::Model model = RandomModel(seed).make(tables);
    const TestDatabase fresh(Kind::postgres);
    const auto session = connect(parse_url(fresh.url()));
    try {
      create_model(*session, model);
    } catch (const Error& error) {
      FAIL() << error.what() << "\n" << error.statement();
    }
    const std::string changed = difference(model, session->inspect({}));
    ASSERT_TRUE(changed.empty()) << changed;
  }
}

}  // namespace
}  // namespace sterna::test
