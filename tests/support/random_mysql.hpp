// Random schemas as the inspector of MySQL and MariaDB gives them, with what the server at hand
// has. For the tests of inspection and of the diff.
#pragma once

#include "database/dialect.hpp"
#include "model/model.hpp"
#include "support/random_parts.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace sterna::test {

/// Models as an inspector would give them, at random.
class RandomMysqlModel : RandomParts {
  using Column = model::Column;
  using Default = model::Default;
  using Index = model::Index;
  using IndexPart = model::IndexPart;
  using Table = model::Table;
  using TypeKind = model::TypeKind;

 public:
  RandomMysqlModel(const ServerInfo& server, unsigned seed, unsigned variation = 0)
      : RandomParts(seed, variation),
        mariadb_(server.product == "MariaDB"),
        version_(server.version) {}

  model::Model make(std::size_t tables) {
    model::Model model;
    for (std::size_t i = 0; i < tables; ++i) {
      begin(at(i));
      if (!left_out()) model.tables.push_back(table(i));
    }
    for (std::size_t i = 0; i < model.tables.size(); ++i) {
      begin(at(i) + 90);
      foreign_keys(model, i);
    }
    model::sort(model);
    return model;
  }

 private:
  /// From these versions of MySQL on; MariaDB has it.
  bool has(int mysql) const { return mariadb_ || version_ >= mysql; }
  static unsigned at(std::size_t table) { return 1000 * static_cast<unsigned>(table + 1); }
  std::size_t below(std::size_t limit) {
    return static_cast<std::size_t>(RandomParts::number(0, static_cast<int>(limit) - 1));
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
  std::string odd_name(std::size_t number) const {
    static const std::vector<std::string> names{
        "c", "with space ", "qu`ote", "apo'strophe", "größe", "select", "a,b(", "_", "CamelCase"};
    return names[fixed(static_cast<unsigned>(number)) % names.size()] + std::to_string(number);
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
        if (one_in(4) && has(80013))
          return Default{Default::Kind::expression, "concat('a','b')", Default::Literal::string};
        return literal(odd_text(), Default::Literal::string);
      case TypeKind::enumeration:
        return literal(any_of(type.values), Default::Literal::string);
      case TypeKind::date:
      case TypeKind::time:
        // 8.0.15 cannot alter a table with such a default, nor give it partitions.
        if (!has(80016)) return std::nullopt;
        [[fallthrough]];
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
    if (one_in(6) && (column.nullable || column.default_value) && has(80023))
      column.options["invisible"];
    return column;
  }

  Table table(std::size_t number) {
    Table table;
    const unsigned place = at(number);
    table.name.name = (fixed(place) % 3 == 0 ? "odd `table` " : "t") + std::to_string(number);
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
    for (std::size_t i = 0, count = 1 + below(11); i < count; ++i) {
      begin(place + 1 + static_cast<unsigned>(i));
      if (i == 0 || !left_out()) table.columns.push_back(column(i, table));
    }
    begin(place + 50);
    generated(table);
    model::PrimaryKey key;
    key.parts = {part("id")};
    table.primary_key = key;
    for (std::size_t i = 0, count = below(4); i < count; ++i) index(table, i);
    // MariaDB allows no check of that.
    const bool checked = !table.columns[0].auto_increment && has(80016);
    if (checked && one_in(2))
      table.checks.push_back(check("id_" + std::to_string(number), "`id` > 0"));
    if (checked && one_in(4))
      table.checks.push_back(check("qu`ote" + std::to_string(number), "`id` <> 5 or `id` = 7"));
    const bool spatial = std::any_of(table.columns.begin(), table.columns.end(),
                                     [](const Column& one) { return one.type.name == "geometry"; });
    if (table.engine == "InnoDB" && !spatial && one_in(6)) {  // partitions take no geometry
      std::string partitions =
          one_in(2) ? "HASH (`id`)\nPARTITIONS 3"
                    : "RANGE (`id`)\n(PARTITION `a` VALUES LESS THAN (10) ENGINE = InnoDB,\n "
                      "PARTITION `b` VALUES LESS THAN MAXVALUE ENGINE = InnoDB)";
      for (const std::string name : {"a", "b"}) {  // MySQL writes plain names without quotes
        const std::size_t at = partitions.find("`" + name + "`");
        if (!mariadb_ && at != std::string::npos) partitions.replace(at, 3, name);
      }
      table.options["partition by"] = partitions;
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
      // MyISAM of MySQL has none over virtual columns.
      if (!mariadb_ && table.engine == "MyISAM" && column.generated && !column.generated->stored)
        continue;
      IndexPart one = part(column.name);
      if (column.type.kind == TypeKind::text || column.type.kind == TypeKind::long_text)
        one.prefix_length = 7;
      else if (column.type.kind == TypeKind::string && one_in(3))
        one.prefix_length = 3;
      else if (!is_integer(column.type.kind) && column.type.kind != TypeKind::string &&
               column.type.kind != TypeKind::date && column.type.kind != TypeKind::enumeration)
        continue;
      one.descending = table.engine == "InnoDB" && one_in(4) && has(80000);
      index.parts.push_back(one);
    }
    if (index.parts.empty()) return;
    if (one_in(8) && !index.unique && has(80000)) index.options[mariadb_ ? "ignored" : "invisible"];
    table.indexes.push_back(index);
  }

  void foreign_keys(model::Model& model, std::size_t number) {
    Table& table = model.tables[number];
    const Table& other = model.tables[below(model.tables.size())];
    const bool possible = table.engine == "InnoDB" && other.engine == "InnoDB" &&
                          !table.options.contains("partition by") &&
                          !other.options.contains("partition by");
    if (!possible || !one_in(2)) return;
    // InnoDB of 5.7 does not find a referenced table whose name holds a quote.
    if (!has(80000) && other.name.name.find('`') != std::string::npos) return;
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

  bool mariadb_;
  int version_;
};

}  // namespace sterna::test
