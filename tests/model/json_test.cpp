#include "model/json.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace sterna::model {
namespace {

/// Values for every member of every struct, each at its default now and then.
class RandomModel {
 public:
  explicit RandomModel(unsigned seed) : random_(seed) {}

  // Structured bindings, so that a new member does not compile before it stands here.
  Model make() {
    Model m;
    auto& [dialect, product, version, default_schema, schemas, enums, types, tables, objects,
           not_managed] = m;
    set(dialect, product, version, default_schema, schemas, enums, types, tables, objects,
        not_managed);
    return m;
  }

 private:
  int number(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  template <class... Values>
  void set(Values&... values) {
    (one(values), ...);
  }
  template <class T, class Fill>
  void list(std::vector<T>& values, Fill fill) {
    values.resize(static_cast<std::size_t>(number(4)));
    for (T& value : values) fill(value);
  }

  void one(bool& value) { value = number(2) == 1; }
  void one(int& value) { value = number(3) == 0 ? 0 : number(2'000'000'000) - 1'000'000'000; }
  void one(std::string& value) {
    static const std::vector<std::string> texts{"",
                                                "a",
                                                "with space",
                                                "quo\"te",
                                                "back\\slash",
                                                "new\nline",
                                                "tab\t",
                                                "\x01\x1f",
                                                "ünïcödé 名前",
                                                "\xf0\x9f\x90\xa6",
                                                "a.b",
                                                std::string("nul\0", 4),
                                                "{}[],:",
                                                "'",
                                                "\x7f"};
    value = texts[static_cast<std::size_t>(number(static_cast<int>(texts.size())))];
  }
  void one(Name& value) { set(value.schema, value.name); }
  template <class T>
  requires std::is_enum_v<T>
  void one(T& value) { value = static_cast<T>(number(count(value))); }
  template <class T>
  void one(std::optional<T>& value) {
    if (number(2) == 1) one(value.emplace());
  }
  template <class T>
  void one(std::vector<T>& values) {
    list(values, [&](T& value) { one(value); });
  }
  void one(std::map<std::string, std::string>& values) {
    for (int i = number(3); i > 0; --i) {
      std::string key;
      std::string value;
      set(key, value);
      values[key] = value;
    }
  }
  static int count(TypeKind) { return static_cast<int>(TypeKind::ascii) + 1; }
  static int count(Default::Kind) { return 3; }
  static int count(Default::Literal) { return 4; }
  static int count(Identity) { return 3; }
  static int count(IndexKind) { return 3; }
  static int count(ReferentialAction) { return 5; }

  void one(Type& t) {
    auto& [kind, name, length, precision, scale, is_unsigned, with_time_zone, values, arguments] =
        t;
    set(kind, name, length, precision, scale, is_unsigned, with_time_zone, values);
    if (number(3) == 0) one(arguments);
  }
  void one(Default& value) {
    auto& [kind, text, literal] = value;
    set(kind, text, literal);
  }
  void one(Generated& value) {
    auto& [expression, stored] = value;
    set(expression, stored);
  }
  void one(IndexPart& value) {
    auto& [column, expression, descending, nulls, prefix_length, operator_class, collation] = value;
    set(column, expression, descending, nulls, prefix_length, operator_class, collation);
  }
  void one(PrimaryKey& value) {
    auto& [name, parts, options] = value;
    set(name, parts, options);
  }
  void one(Exclusion::Element& value) {
    auto& [what, with_operator] = value;
    set(what, with_operator);
  }
  void one(Column& value) {
    auto& [name, type, nullable, default_value, generated, identity, auto_increment, on_update,
           charset, collation, comment, is_static, options] = value;
    set(name, type, nullable, default_value, generated, identity, auto_increment, on_update,
        charset, collation, comment, is_static, options);
  }
  void one(Unique& value) {
    auto& [name, columns, deferrable, initially_deferred, nulls_not_distinct, options] = value;
    set(name, columns, deferrable, initially_deferred, nulls_not_distinct, options);
  }
  void one(Index& value) {
    auto& [name, unique, kind, parts, method, where, include, language, parser, comment,
           nulls_not_distinct, options] = value;
    set(name, unique, kind, parts, method, where, include, language, parser, comment,
        nulls_not_distinct, options);
  }
  void one(ForeignKey& value) {
    auto& [name, columns, referenced_table, referenced_columns, on_delete, on_update, deferrable,
           initially_deferred, not_valid, match, options] = value;
    set(name, columns, referenced_table, referenced_columns, on_delete, on_update, deferrable,
        initially_deferred, not_valid, match, options);
  }
  void one(Check& value) {
    auto& [name, expression, not_valid, not_enforced, options] = value;
    set(name, expression, not_valid, not_enforced, options);
  }
  void one(Exclusion& value) {
    auto& [name, method, elements, where, deferrable, initially_deferred, options] = value;
    set(name, method, elements, where, deferrable, initially_deferred, options);
  }
  void one(Dependencies& value) {
    auto& [keys] = value;
    set(keys);
  }
  void one(model::DroppedColumns& value) {
    auto& [columns] = value;
    set(columns);
  }
  void one(model::TypeField& value) {
    auto& [name, type] = value;
    set(name, type);
  }
  void one(model::UserType& value) {
    auto& [name, fields, comment] = value;
    set(name, fields, comment);
  }
  void one(EnumType& value) {
    auto& [name, values, comment] = value;
    set(name, values, comment);
  }
  void one(Object& value) {
    auto& [kind, name, definition, table, drop, comment, depends_on] = value;
    set(kind, name, definition, table, drop, comment, depends_on);
  }
  void one(Table& value) {
    auto& [name, columns, primary_key, uniques, indexes, foreign_keys, checks, exclusions, comment,
           temporary, strict, without_rowid, engine, charset, collation, options, partition_key,
           clustering_key, dropped, depends_on] = value;
    set(name, columns, primary_key, uniques, indexes, foreign_keys, checks, exclusions, comment,
        temporary, strict, without_rowid, engine, charset, collation, options, partition_key,
        clustering_key, dropped, depends_on);
  }

  std::mt19937 random_;
};

/// What the equality of models leaves out.
void expect_same_origin(const Model& a, const Model& b) {
  EXPECT_EQ(a.dialect, b.dialect);
  EXPECT_EQ(a.product, b.product);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.default_schema, b.default_schema);
  EXPECT_EQ(a.not_managed, b.not_managed);
  ASSERT_EQ(a.objects.size(), b.objects.size());
  for (std::size_t i = 0; i < a.objects.size(); ++i)
    EXPECT_EQ(a.objects[i].depends_on, b.objects[i].depends_on);
  ASSERT_EQ(a.tables.size(), b.tables.size());
  for (std::size_t i = 0; i < a.tables.size(); ++i)
    EXPECT_EQ(a.tables[i].depends_on.keys, b.tables[i].depends_on.keys);
  for (std::size_t i = 0; i < a.tables.size(); ++i)
    EXPECT_EQ(a.tables[i].dropped.columns, b.tables[i].dropped.columns);
}

TEST(ModelJson, ReadsBackEveryMemberOfAnyModel) {
  const unsigned start = std::random_device{}();
  for (unsigned seed = start; seed < start + 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Model model = RandomModel(seed).make();
    const std::string text = to_json(model);
    const Model read = from_json(text);
    ASSERT_EQ(read, model) << text;
    expect_same_origin(read, model);
    ASSERT_EQ(to_json(read), text);
  }
}

TEST(ModelJson, PartsWhatDiffersInOneMemberAlone) {
  // A member that is not written would make two different models one text.
  for (unsigned seed = 1; seed < 50; ++seed) {
    const Model a = RandomModel(seed).make();
    const Model b = RandomModel(seed + 1000).make();
    EXPECT_EQ(a == b, to_json(a) == to_json(b));
  }
}

TEST(ModelJson, IsWrittenForPeopleToo) {
  Model model;
  model.dialect = "postgres";
  Table& table = model.tables.emplace_back();
  table.name = "app.users";
  Column& id = table.columns.emplace_back();
  id.name = "id";
  id.type.kind = TypeKind::big_integer;
  id.identity = Identity::always;
  Column& email = table.columns.emplace_back();
  email.name = "email";
  email.type.kind = TypeKind::string;
  email.type.length = 200;
  email.nullable = true;
  email.default_value = Default{Default::Kind::literal, "x", Default::Literal::string};
  table.primary_key = PrimaryKey{"users_pkey", {{"id", {}, false, {}, {}, {}, {}}}};
  EXPECT_EQ(to_json(model), R"({
  "sterna_model": 1,
  "dialect": "postgres",
  "tables": [
    {
      "name": {"schema": "app", "name": "users"},
      "columns": [
        {
          "name": "id",
          "type": {"kind": "big_integer"},
          "identity": "always"
        },
        {
          "name": "email",
          "type": {"kind": "string", "length": 200},
          "nullable": true,
          "default": {"kind": "literal", "text": "x"}
        }
      ],
      "primary_key": {"name": "users_pkey", "parts": [{"column": "id"}]}
    }
  ]
}
)");
}

TEST(ModelJson, KeepsANameWithADotInOnePiece) {
  Model model;
  model.tables.resize(1);
  model.tables[0].name = Name("", "odd.name");
  EXPECT_EQ(from_json(to_json(model)).tables.at(0).name, Name("", "odd.name"));
}

TEST(ModelJson, ReadsAnEmptyModel) { EXPECT_EQ(from_json(R"({"sterna_model": 1})"), Model{}); }

TEST(ModelJson, RefusesToWriteWhatIsNotUtf8) {
  for (const char* text : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80"}) {
    Model model;
    model.dialect = text;
    EXPECT_THROW(to_json(model), Error) << text;
  }
}

struct BadInput {
  const char* text;
  const char* message;  ///< a part of it
  const char* advice = "";
};

TEST(ModelJson, SaysWhatIsWrongAndWhere) {
  const BadInput cases[] = {
      {"", "no valid JSON"},
      {"nonsense", "no valid JSON"},
      {"{\"sterna_model\": 1", "no valid JSON"},
      {"{\"sterna_model\": 1} {}", "no valid JSON"},
      {"[]", "a model is an object, and this is a list"},
      {"null", "a model is an object, and this is null"},
      {"{}", "no member \"sterna_model\"", "a model begins with \"sterna_model\": 1"},
      {R"({"tables": []})", "no member \"sterna_model\""},
      {R"({"sterna_model": "1"})", "sterna_model: is to be a whole number, and this is a text"},
      {R"({"sterna_model": 0})", "sterna_model: there is no version 0"},
      {R"({"sterna_model": 2, "novelty": {}})",
       "sterna_model: version 2 was written by a newer Sterna", "use the Sterna that wrote it"},
      {R"({"sterna_model": 1, "sterna_model": 1})", "\"sterna_model\" stands twice"},
      {R"({"sterna_model": 1, "table": []})", "table: there is no such member",
       "did you mean tables"},
      {R"({"sterna_model": 1, "tables": {}})", "tables: is to be a list, and this is an object"},
      {R"({"sterna_model": 1, "version": 1.5})",
       "version: is to be a whole number, and this is a number"},
      {R"({"sterna_model": 1, "version": 99999999999})", "version: 99999999999 is too large"},
      {R"({"sterna_model": 1, "version": 18446744073709551615})", "version: is to be a whole"},
      {R"({"sterna_model": 1, "tables": [{"columns": []}]})", "tables[0].name: is missing"},
      {R"({"sterna_model": 1, "tables": [{"Name": "t"}]})",
       "tables[0].Name: there is no such member", "did you mean name"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "columns": [], "columns": []}]})",
       "\"columns\" stands twice"},
      {R"({"sterna_model": 1, "tables": [{"name": 7}]})",
       "tables[0].name: is to be an object, and this is a whole number"},
      {R"({"sterna_model": 1, "tables": [{"name": {"schema": "a"}}]})",
       "tables[0].name.name: is missing"},
      {R"({"sterna_model": 1, "tables": [{"name": "a"}, {"name": "t", "columns": [
           {"name": "id", "type": {"kind": "strin"}}]}]})",
       "tables[1].columns[0].type.kind: \"strin\" is not known", "did you mean string"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "columns": [{"name": "id"}]}]})",
       "tables[0].columns[0].type: is missing"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "columns": [{"name": "id", "type": "int"}]}]})",
       "tables[0].columns[0].type: is to be an object, and this is a text"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "columns": [{"name": "id",
           "type": {"kind": "array", "arguments": [{"kind": "text"}, {"kind": null}]}}]}]})",
       "tables[0].columns[0].type.arguments[1].kind: is to be a text, and this is null"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "strict": "yes"}]})",
       "tables[0].strict: is to be true or false, and this is a text"},
      {R"({"sterna_model": 1, "tables": [{"name": "t", "options": {"fillfactor": 70}}]})",
       "tables[0].options.fillfactor: is to be a text, and this is a whole number"},
      {R"({"sterna_model": 1, "objects": [{"kind": "view"}]})", "objects[0].name: is missing"},
      {R"({"sterna_model": 1, "schemas": ["a", 1]})", "schemas[1]: is to be a text"},
  };
  for (const BadInput& bad : cases) {
    SCOPED_TRACE(bad.text);
    try {
      from_json(bad.text);
      ADD_FAILURE() << "it was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::validation);
      EXPECT_THAT(error.what(), testing::HasSubstr(bad.message));
      EXPECT_THAT(join(error.suggestions(), "\n"), testing::HasSubstr(bad.advice));
    }
  }
}

TEST(ModelJson, SaysInWhichLineTheTextBreaks) {
  try {
    from_json("{\"sterna_model\": 1,\n  \"tables\": [}\n");
    ADD_FAILURE() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.position().line, 2);
    EXPECT_EQ(error.position().column, 14);
  }
}

TEST(ModelJson, RefusesBottomlessNesting) {
  const std::string deep(100'000, '[');
  EXPECT_THROW(from_json(deep), Error);
}

}  // namespace
}  // namespace sterna::model
