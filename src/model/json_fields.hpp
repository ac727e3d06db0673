// The members of every struct of the model, by their names in JSON: one list that both directions
// walk over. Used by json.cpp and json_write.cpp alone.
#pragma once

#include "model/model.hpp"

#include <array>
#include <string_view>
#include <type_traits>

namespace sterna::model {

// The names of enumerators, in their order.

template <class Enum>
struct EnumNames;

template <>
struct EnumNames<TypeKind> {
  static constexpr auto names = std::to_array<std::string_view>(
      {"native",      "boolean",     "tiny_integer",  "small_integer", "medium_integer",
       "integer",     "big_integer", "decimal",       "real",          "double_precision",
       "char",        "string",      "text",          "tiny_text",     "medium_text",
       "long_text",   "binary",      "uuid",          "json",          "jsonb",
       "date",        "time",        "timestamp",     "datetime",      "interval",
       "year",        "enumeration", "set_of_values", "inet",          "cidr",
       "mac_address", "array",       "range",         "timeuuid",      "counter",
       "list",        "set",         "map",           "tuple",         "frozen",
       "user_type",   "vector",      "varint",        "duration",      "ascii"});
  static_assert(names.size() == static_cast<std::size_t>(TypeKind::ascii) + 1);
};
template <>
struct EnumNames<Default::Kind> {
  static constexpr auto names = std::to_array<std::string_view>({"literal", "expression", "now"});
};
template <>
struct EnumNames<Default::Literal> {
  static constexpr auto names =
      std::to_array<std::string_view>({"null", "boolean", "number", "string"});
};
template <>
struct EnumNames<Identity> {
  static constexpr auto names = std::to_array<std::string_view>({"none", "always", "by_default"});
};
template <>
struct EnumNames<IndexKind> {
  static constexpr auto names = std::to_array<std::string_view>({"plain", "full_text", "spatial"});
};
template <>
struct EnumNames<ReferentialAction> {
  static constexpr auto names = std::to_array<std::string_view>(
      {"no_action", "restrict", "cascade", "set_null", "set_default"});
};

/// `members` calls the visitor with each member's name and pointer: `required` for what a value is
/// nothing without, and plainly for the rest. `one_line`: how it is printed.
template <class Struct>
struct Fields;

template <>
struct Fields<Type> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("kind", &Type::kind);
    v("name", &Type::name);
    v("length", &Type::length);
    v("precision", &Type::precision);
    v("scale", &Type::scale);
    v("unsigned", &Type::is_unsigned);
    v("with_time_zone", &Type::with_time_zone);
    v("values", &Type::values);
    v("arguments", &Type::arguments);
  }
};

template <>
struct Fields<Name> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v("schema", &Name::schema);
    v.required("name", &Name::name);
  }
};

template <>
struct Fields<Default> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("kind", &Default::kind);
    v("text", &Default::text);
    v("literal", &Default::literal);
  }
};

template <>
struct Fields<Generated> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("expression", &Generated::expression);
    v("stored", &Generated::stored);
  }
};

template <>
struct Fields<Column> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("name", &Column::name);
    v.required("type", &Column::type);
    v("nullable", &Column::nullable);
    v("default", &Column::default_value);
    v("generated", &Column::generated);
    v("identity", &Column::identity);
    v("auto_increment", &Column::auto_increment);
    v("on_update", &Column::on_update);
    v("charset", &Column::charset);
    v("collation", &Column::collation);
    v("comment", &Column::comment);
    v("static", &Column::is_static);
    v("options", &Column::options);
  }
};

template <>
struct Fields<IndexPart> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v("column", &IndexPart::column);
    v("expression", &IndexPart::expression);
    v("descending", &IndexPart::descending);
    v("nulls", &IndexPart::nulls);
    v("prefix_length", &IndexPart::prefix_length);
    v("operator_class", &IndexPart::operator_class);
    v("collation", &IndexPart::collation);
  }
};

template <>
struct Fields<PrimaryKey> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &PrimaryKey::name);
    v.required("parts", &PrimaryKey::parts);
    v("options", &PrimaryKey::options);
  }
};

template <>
struct Fields<Index> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &Index::name);
    v("unique", &Index::unique);
    v("kind", &Index::kind);
    v.required("parts", &Index::parts);
    v("method", &Index::method);
    v("where", &Index::where);
    v("include", &Index::include);
    v("language", &Index::language);
    v("parser", &Index::parser);
    v("comment", &Index::comment);
    v("nulls_not_distinct", &Index::nulls_not_distinct);
    v("options", &Index::options);
  }
};

template <>
struct Fields<Unique> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &Unique::name);
    v.required("columns", &Unique::columns);
    v("deferrable", &Unique::deferrable);
    v("initially_deferred", &Unique::initially_deferred);
    v("nulls_not_distinct", &Unique::nulls_not_distinct);
    v("options", &Unique::options);
  }
};

template <>
struct Fields<ForeignKey> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &ForeignKey::name);
    v.required("columns", &ForeignKey::columns);
    v.required("referenced_table", &ForeignKey::referenced_table);
    v("referenced_columns", &ForeignKey::referenced_columns);
    v("on_delete", &ForeignKey::on_delete);
    v("on_update", &ForeignKey::on_update);
    v("deferrable", &ForeignKey::deferrable);
    v("initially_deferred", &ForeignKey::initially_deferred);
    v("not_valid", &ForeignKey::not_valid);
    v("match", &ForeignKey::match);
    v("options", &ForeignKey::options);
  }
};

template <>
struct Fields<Check> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &Check::name);
    v.required("expression", &Check::expression);
    v("not_valid", &Check::not_valid);
    v("not_enforced", &Check::not_enforced);
    v("options", &Check::options);
  }
};

template <>
struct Fields<Exclusion::Element> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("column_or_expression", &Exclusion::Element::column_or_expression);
    v.required("operator", &Exclusion::Element::with_operator);
  }
};

template <>
struct Fields<Exclusion> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v("name", &Exclusion::name);
    v("method", &Exclusion::method);
    v.required("elements", &Exclusion::elements);
    v("where", &Exclusion::where);
    v("deferrable", &Exclusion::deferrable);
    v("initially_deferred", &Exclusion::initially_deferred);
    v("options", &Exclusion::options);
  }
};

template <>
struct Fields<Table> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("name", &Table::name);
    v("columns", &Table::columns);
    v("primary_key", &Table::primary_key);
    v("uniques", &Table::uniques);
    v("indexes", &Table::indexes);
    v("foreign_keys", &Table::foreign_keys);
    v("checks", &Table::checks);
    v("exclusions", &Table::exclusions);
    v("comment", &Table::comment);
    v("temporary", &Table::temporary);
    v("strict", &Table::strict);
    v("without_rowid", &Table::without_rowid);
    v("engine", &Table::engine);
    v("charset", &Table::charset);
    v("collation", &Table::collation);
    v("options", &Table::options);
    v("partition_key", &Table::partition_key);
    v("clustering_key", &Table::clustering_key);
    v("dropped_columns", &Table::dropped);
    v("depends_on", &Table::depends_on);
  }
};

template <>
struct Fields<EnumType> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("name", &EnumType::name);
    v("values", &EnumType::values);
    v("comment", &EnumType::comment);
  }
};

template <>
struct Fields<TypeField> {
  static constexpr bool one_line = true;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("name", &TypeField::name);
    v.required("type", &TypeField::type);
  }
};

template <>
struct Fields<UserType> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("name", &UserType::name);
    v("fields", &UserType::fields);
    v("comment", &UserType::comment);
  }
};

template <>
struct Fields<Object> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v.required("kind", &Object::kind);
    v.required("name", &Object::name);
    v("definition", &Object::definition);
    v("table", &Object::table);
    v("drop", &Object::drop);
    v("comment", &Object::comment);
    v("depends_on", &Object::depends_on);
  }
};

template <>
struct Fields<Model> {
  static constexpr bool one_line = false;
  template <class Visitor>
  static void members(Visitor& v) {
    v("dialect", &Model::dialect);
    v("product", &Model::product);
    v("version", &Model::version);
    v("default_schema", &Model::default_schema);
    v("schemas", &Model::schemas);
    v("enums", &Model::enums);
    v("types", &Model::types);
    v("tables", &Model::tables);
    v("objects", &Model::objects);
    v("not_managed", &Model::not_managed);
  }
};

template <class T>
concept Described = requires {
  Fields<T>::one_line;
};

/// A Name is a string as long as it has no schema: nothing else of the model has two forms.
template <class T>
inline constexpr bool is_name = std::is_same_v<T, Name>;

}  // namespace sterna::model
