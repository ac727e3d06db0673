// The schema as plain values. Made by inspectors, builders and entity descriptions; read by
// rendering, diff and the designer. Holds no behaviour beyond look-up, and knows no database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::model {

/// Portable column types. `native` is any type by the database's own name; the rest is spelled by
/// each dialect or refused with the alternative named.
enum class TypeKind {
  native,
  boolean,
  tiny_integer,
  small_integer,
  medium_integer,
  integer,
  big_integer,
  decimal,
  real,
  double_precision,
  char_,
  string,
  text,
  tiny_text,
  medium_text,
  long_text,
  binary /* length 0: unbounded */,
  uuid,
  json,
  jsonb,
  date,
  time,
  timestamp,
  datetime,
  interval,
  year,
  enumeration,
  set_of_values /* MySQL SET */,
  inet,
  cidr,
  mac_address,
  array,
  range,
  // CQL
  timeuuid,
  counter,
  list,
  set,
  map,
  tuple,
  frozen,
  user_type,
  vector,
  varint,
  duration,
  ascii,
};

struct Type {
  TypeKind kind = TypeKind::native;
  std::string name;  ///< native: its text; enumeration: the type's name on PostgreSQL (default
                     ///< table_column); user_type; range: "int4range"
  std::optional<int> length;     ///< string, char_, binary, vector dimension
  std::optional<int> precision;  ///< decimal, timestamp, time (fractional digits), interval
  std::optional<int> scale;
  bool is_unsigned = false;
  bool with_time_zone = false;
  std::vector<std::string> values;  ///< enumeration, set_of_values
  std::vector<Type> arguments;      ///< element types: array, list, set, map, tuple, frozen, vector
  bool operator==(const Type&) const = default;
};

/// "public.users": schema may be empty (the connection's default).
struct Name {
  std::string schema;
  std::string name;
  Name() = default;
  Name(std::string_view dotted_or_plain);  ///< parts at the first dot
  Name(const char* text) : Name(std::string_view(text)) {}
  Name(const std::string& text) : Name(std::string_view(text)) {}
  Name(std::string schema_name, std::string object_name)
      : schema(std::move(schema_name)), name(std::move(object_name)) {}
  std::string text() const { return schema.empty() ? name : schema + "." + name; }
  bool operator==(const Name&) const = default;
  auto operator<=>(const Name&) const = default;
};

struct Default {
  enum class Kind { literal, expression, now };
  Kind kind = Kind::literal;
  /// literal: the value as text, with how to write it; expression: SQL as given
  std::string text;
  enum class Literal { null, boolean, number, string } literal = Literal::string;
  bool operator==(const Default&) const = default;
};

struct Generated {
  std::string expression;
  bool stored = true;
  bool operator==(const Generated&) const = default;
};

enum class Identity { none, always, by_default };

struct Column {
  std::string name;
  Type type;
  bool nullable = false;
  std::optional<Default> default_value;
  std::optional<Generated> generated;
  Identity identity = Identity::none;
  bool auto_increment = false;  ///< AUTO_INCREMENT, SERIAL, INTEGER PRIMARY KEY AUTOINCREMENT
  std::optional<std::string> on_update;  ///< MySQL ON UPDATE CURRENT_TIMESTAMP
  std::string charset, collation, comment;
  bool is_static = false;                      ///< CQL
  std::map<std::string, std::string> options;  ///< whatever else a database knows of a column
  bool operator==(const Column&) const = default;
};

/// A part of an index or key: a column or an expression.
struct IndexPart {
  std::string column;  ///< empty when `expression` is set
  std::string expression;
  bool descending = false;
  std::string nulls;                 ///< "first", "last" or empty
  std::optional<int> prefix_length;  ///< MySQL
  std::string operator_class;        ///< CQL, of a collection: "keys", "values", "entries", "full"
  std::string collation;
  bool operator==(const IndexPart&) const = default;
};

struct PrimaryKey {
  std::string name;  ///< empty: the database's default
  /// CQL: the columns of the partition key, then the clustering columns in their stored order.
  std::vector<IndexPart> parts;
  std::map<std::string, std::string> options = {};  ///< whatever else a database knows of it
  bool operator==(const PrimaryKey&) const = default;
};

enum class IndexKind { plain, full_text, spatial };

struct Index {
  std::string name;  ///< empty: filled with the default name when rendered
  bool unique = false;
  IndexKind kind = IndexKind::plain;
  std::vector<IndexPart> parts;
  std::string method;  ///< btree, hash, gin, gist, brin, … ; CQL: custom class
  std::string where;   ///< partial index
  std::vector<std::string> include;
  std::string language;  ///< full text on PostgreSQL: text search configuration, default "simple"
  std::string parser;    ///< full text on MySQL
  std::string comment;
  bool nulls_not_distinct = false;
  std::map<std::string, std::string> options;
  bool operator==(const Index&) const = default;
};

/// A UNIQUE constraint (as opposed to a unique index).
struct Unique {
  std::string name;
  std::vector<std::string> columns;
  bool deferrable = false, initially_deferred = false, nulls_not_distinct = false;
  std::map<std::string, std::string> options = {};  ///< whatever else a database knows of it
  bool operator==(const Unique&) const = default;
};

enum class ReferentialAction { no_action, restrict_, cascade, set_null, set_default };

struct ForeignKey {
  std::string name;
  std::vector<std::string> columns;
  Name referenced_table;
  std::vector<std::string> referenced_columns;
  ReferentialAction on_delete = ReferentialAction::no_action;
  ReferentialAction on_update = ReferentialAction::no_action;
  bool deferrable = false, initially_deferred = false, not_valid = false;
  std::string match;                                ///< "full", "partial" or empty
  std::map<std::string, std::string> options = {};  ///< whatever else a database knows of it
  bool operator==(const ForeignKey&) const = default;
};

struct Check {
  std::string name;
  std::string expression;
  bool not_valid = false, not_enforced = false;
  std::map<std::string, std::string> options = {};  ///< whatever else a database knows of it
  bool operator==(const Check&) const = default;
};

/// PostgreSQL EXCLUDE constraint.
struct Exclusion {
  std::string name;
  std::string method = "gist";
  struct Element {
    std::string column_or_expression;
    std::string with_operator;
    bool operator==(const Element&) const = default;
  };
  std::vector<Element> elements;
  std::string where;
  bool deferrable = false, initially_deferred = false;
  std::map<std::string, std::string> options = {};  ///< whatever else a database knows of it
  bool operator==(const Exclusion&) const = default;
};

/// What must exist before a table, as key_of() writes it. Order alone: never a difference.
struct Dependencies {
  std::vector<std::string> keys = {};
  bool operator==(const Dependencies&) const { return true; }
};

/// Columns that a table had once and whose values may still lie on disk (CQL): one of the same name
/// and another type cannot be added. What is known of the past, never a difference.
struct DroppedColumns {
  std::vector<Column> columns = {};
  bool operator==(const DroppedColumns&) const { return true; }
};

struct Table {
  Name name;
  std::vector<Column> columns;
  std::optional<PrimaryKey> primary_key;
  std::vector<Unique> uniques;
  std::vector<Index> indexes;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Check> checks;
  std::vector<Exclusion> exclusions;
  std::string comment;
  bool temporary = false;
  bool strict = false, without_rowid = false;  ///< SQLite
  std::string engine, charset, collation;      ///< MySQL
  std::map<std::string, std::string> options;  ///< storage parameters, CQL table options
  /// CQL: the parts of the primary key's columns. The clustering order stands in `primary_key`.
  std::vector<std::string> partition_key, clustering_key;
  DroppedColumns dropped = {};
  Dependencies depends_on = {};  ///< types, functions, sequences, parents; not foreign keys
  bool operator==(const Table&) const = default;

  const Column* column(std::string_view column_name) const;
  Column* column(std::string_view column_name);
};

/// An enumeration that is an object of its own (PostgreSQL). Columns of it bear its name as their
/// native type.
struct EnumType {
  Name name;
  std::vector<std::string> values;  ///< in their order
  std::string comment;
  bool operator==(const EnumType&) const = default;
};

struct TypeField {
  std::string name;
  Type type;
  bool operator==(const TypeField&) const = default;
};

/// A structured type that is an object of its own: CQL's user-defined type. Columns of it are of
/// TypeKind::user_type with its name.
struct UserType {
  Name name;
  std::vector<TypeField> fields;  ///< in their order, which is that of the stored values
  std::string comment;
  bool operator==(const UserType&) const = default;
};

/// What is not modelled field by field: kept as its canonical definition text, compared and
/// recreated as a whole.
struct Object {
  /// "view", "function", "trigger", "sequence", … , or what belongs to another object and is
  /// written by a statement of its own: "grant", "policy", "sequence owner".
  std::string kind;
  Name name;  ///< with the argument types, where these part objects: "add(integer, text)"
  std::string definition;  ///< complete CREATE (GRANT, ALTER …) statement
  Name table;              ///< that it belongs to, if any: it goes and comes with it
  std::string drop;        ///< the statement that takes it away; empty: DROP kind name
  std::string comment;
  /// What must exist before it, as key_of() writes it. Order alone: not compared.
  std::vector<std::string> depends_on;
  bool operator==(const Object& other) const {
    return kind == other.kind && name == other.name && definition == other.definition &&
           table == other.table && drop == other.drop && comment == other.comment;
  }
};

/// "view public.recent", "table users": how dependencies name an object.
std::string key_of(std::string_view kind, const Name& name);
/// The user types that a type is made of, each as key_of() writes it ("type app.address"). Those
/// without a schema are of `schema`.
std::vector<std::string> keys_of_types(const Type& type, std::string_view schema);
inline std::string key_of(const Object& object) { return key_of(object.kind, object.name); }

/// A whole database, or the part of it that was asked for. Canonical when an inspector made it: two
/// such models of the same engine and version compare equal exactly when no change is needed.
struct Model {
  std::string dialect;               ///< "postgres", "mysql", "sqlite", "cql"
  std::string product;               ///< "PostgreSQL"
  int version = 0;                   ///< as ServerInfo::version
  std::string default_schema;        ///< names in it stand without a schema below
  std::vector<std::string> schemas;  ///< other schemas, sorted
  std::vector<EnumType> enums;       ///< sorted by name
  std::vector<UserType> types;       ///< sorted by name
  std::vector<Table> tables;         ///< sorted by name
  std::vector<Object> objects;       ///< sorted by kind, table and name
  /// What was seen and could not be read, one line each: "foreign data wrapper x: no right".
  std::vector<std::string> not_managed;
  /// Of what the database holds; not of where it came from (product, version, default schema).
  bool operator==(const Model& other) const {
    return schemas == other.schemas && enums == other.enums && types == other.types &&
           tables == other.tables && objects == other.objects;
  }

  const Table* table(const Name& name) const;
  const EnumType* enumeration(const Name& name) const;
  const UserType* user_type(const Name& name) const;
  const Object* object(std::string_view kind, const Name& name) const;
};

/// Puts everything into the order that Model promises. Columns stay as they are; keys, indexes and
/// constraints of a table are sorted by name.
void sort(Model& model);

/// Name of a key or index that was given none: "table_col1_col2_suffix", cut to `max_length` bytes
/// with a hash of the whole. Suffixes: "pkey", "unique", "index", "foreign", "check", "fulltext",
/// "spatial", "exclude".
std::string default_name(const Name& table, const std::vector<std::string>& columns,
                         std::string_view suffix, std::size_t max_length);
/// The same for a key or index as it stands; expressions count by their words ("lower(email)" →
/// "lower_email"). Its own name is ignored.
std::string default_name(const Name& table, const Index& index, std::size_t max_length);
std::string default_name(const Name& table, const Unique& unique, std::size_t max_length);
std::string default_name(const Name& table, const ForeignKey& key, std::size_t max_length);
std::string default_name(const Name& table, const Exclusion& exclusion, std::size_t max_length);

}  // namespace sterna::model
