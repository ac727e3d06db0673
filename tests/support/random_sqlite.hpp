// Random schemas as SQLite's inspector gives them. For the tests of inspection and of the diff.
#pragma once

#include "database/registry.hpp"
#include "model/model.hpp"
#include "support/random_parts.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sterna::test {

/// Schemas of a few tables with everything that a model says of one, in the form that the inspector
/// gives it.
class RandomSqliteModel : RandomParts {
  using Column = model::Column;
  using Default = model::Default;
  using ReferentialAction = model::ReferentialAction;
  using Table = model::Table;
  using TypeKind = model::TypeKind;

 public:
  explicit RandomSqliteModel(unsigned seed, unsigned variation = 0)
      : RandomParts(seed, variation) {}

  model::Model make() {
    model::Model model;
    const int count = 1 + static_cast<int>(fixed(0) % 4);
    for (int i = 0; i < count; ++i) {
      begin(at(i));
      if (i == 0 || !left_out()) model.tables.push_back(table(i));
    }
    for (std::size_t i = 0; i < model.tables.size(); ++i) {
      begin(at(static_cast<int>(i)) + 90);
      for (int n = number(3); n > 0; --n) foreign_key(model.tables[i], model.tables);
    }
    begin(1);
    if (chance(2)) view(model);
    begin(2);
    if (chance(2)) trigger(model);
    model::sort(model);
    return model;
  }

 private:
  static unsigned at(int table) { return 1000 * static_cast<unsigned>(table + 1); }
  int number(int below) { return RandomParts::number(0, below - 1); }
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
    unsigned place = 0;
    for (const char c : name) place = place * 31 + static_cast<unsigned char>(c);
    return name + endings[fixed(place) % endings.size()];
  }

  Table table(int i) {
    Table t;
    t.name = model::Name("", odd("table" + std::to_string(i)));
    t.strict = chance(3);
    for (int c = 1 + number(6); c > 0; --c) {
      begin(at(i) + static_cast<unsigned>(c));
      if (t.columns.empty() || !left_out()) t.columns.push_back(column(t, c));
    }
    begin(at(i) + 50);
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
    using Form = Default::Kind;
    using Literal = Default::Literal;
    const std::vector<Default> values{{Form::literal, "", Literal::null},
                                      {Form::literal, "0", Literal::number},
                                      {Form::literal, "-1.5e3", Literal::number},
                                      {Form::literal, "", Literal::string},
                                      {Form::literal, "it's, (", Literal::string},
                                      {Form::literal, "--\n\"", Literal::string},
                                      {Form::expression, "x'00ff'", {Literal::string}},
                                      {Form::expression, "1 + (2)", {Literal::string}},
                                      {Form::expression, "lower('A,')", {Literal::string}}};
    if (chance(5)) return {Form::now, {}};
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

  std::unique_ptr<Connection> connection_ = connect(parse_url("sqlite::memory:"));
};

}  // namespace sterna::test
