// Describing tables by plain structs and member pointers: columns, keys, indexes, enums, what
// differs from one database to the other, and what things were called before. Checked when it is
// compiled; costs nothing when a program starts. <sterna/entity.hpp> reads and writes rows by these
// descriptions, <sterna/model.hpp> hands them to `sterna schema`.
//
//   enum class Mood { sad, happy };
//   template <>
//   inline constexpr auto sterna::enumeration<Mood> = sterna::enum_type<Mood>(
//       "mood", sterna::value(Mood::sad, "sad"), sterna::value(Mood::happy, "happy"));
//
//   struct Post { std::int64_t id; std::int64_t author_id; std::string slug; Mood mood; };
//   template <>
//   inline constexpr auto sterna::entity<Post> = sterna::table<Post>(
//       "posts", sterna::column<&Post::id>("id").primary().auto_increment(),
//       sterna::column<&Post::author_id>("author_id").references<&User::id>(sterna::Cascade),
//       sterna::column<&Post::slug>("slug").length(80).was("permalink"),
//       sterna::column<&Post::mood>("mood").default_to(Mood::happy),
//       sterna::unique<&Post::author_id, &Post::slug>(),
//       sterna::index(sterna::by("lower(slug)")).name("posts_slug_lower"))
//       .comment("What people write").was("articles");
#pragma once

#include <sterna/export.hpp>
#include <sterna/schema.hpp>
#include <sterna/value.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sterna {

namespace detail {

struct NotDescribed {};

template <class T>
struct MemberPointer;
template <class E, class V>
struct MemberPointer<V E::*> {
  using Entity = E;
  using Value = V;
};
template <auto Member>
using EntityOf = typename MemberPointer<decltype(Member)>::Entity;
template <auto Member>
using ValueOf = typename MemberPointer<decltype(Member)>::Value;

template <class T>
struct OptionalTraits {
  using Inner = T;
  static constexpr bool optional = false;
};
template <class T>
struct OptionalTraits<std::optional<T>> {
  using Inner = T;
  static constexpr bool optional = true;
};
template <class T>
using Inner = typename OptionalTraits<T>::Inner;
template <class T>
inline constexpr bool is_optional = OptionalTraits<T>::optional;

template <class T>
inline constexpr bool is_number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;
template <class T>
inline constexpr bool is_readable =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::string> ||
    std::is_same_v<T, Blob> || std::is_same_v<T, Timestamp>;

/// May a value of type U be compared with, or become, a member of type T? Numbers with numbers,
/// text with text, the rest with itself.
template <class T, class U>
inline constexpr bool fits = [] {
  using Member = Inner<T>;
  using Given = Inner<std::remove_cvref_t<U>>;
  if constexpr (std::is_same_v<Given, std::nullopt_t> || std::is_same_v<Given, std::nullptr_t>)
    return is_optional<T>;
  else if constexpr (std::is_same_v<Given, Expression>)
    return true;
  else if constexpr (std::is_floating_point_v<Given>)
    return std::is_floating_point_v<Member>;
  else if constexpr (is_number<Given>)
    return is_number<Member>;
  else if constexpr (std::is_same_v<Member, std::string>)
    return std::is_convertible_v<Given, std::string_view>;
  else
    return std::is_same_v<Member, Given>;
}();

/// Where in the program something is described.
struct EntityPlace {
  const char* file = "";
  unsigned line = 0;
};

/// A name, and the line it is written in. (Clang 14 has no std::source_location.)
struct PlacedName {
  std::string_view text;
  EntityPlace place;
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr PlacedName(const Text& name, const char* file = __builtin_FILE(),
                       unsigned line = __builtin_LINE())
      : text(name), place{file, line} {}
};

/// A list of at most N, in a constant.
template <class T, std::size_t N>
struct FixedList {
  std::array<T, N> items{};
  std::size_t count = 0;

  constexpr void add(const T& item) {
    if (count == N) throw "this description holds more of one kind than there is room for";
    items[count++] = item;
  }
  constexpr const T* begin() const { return items.data(); }
  constexpr const T* end() const { return items.data() + count; }
  constexpr bool empty() const { return count == 0; }
};

using EntityOption = std::pair<std::string_view, std::string_view>;

// ---- enumerations ----

struct EnumValue {
  std::int64_t number = 0;
  std::string_view text, was;
};
/// What a description says of a C++ enum, as handed to compiled code.
struct EntityEnum {
  std::string_view name, was;
  EntityPlace place;
  const EnumValue* values = nullptr;
  std::size_t count = 0;
};
/// The text of an enumerator; the enumerator of a text.
/// @throws Error(data) for a value without a text, and a text that belongs to none.
STERNA_API std::string_view enum_text(const EntityEnum& description, std::int64_t number);
STERNA_API std::int64_t enum_number(const EntityEnum& description, std::string_view text);

}  // namespace detail

/// The description of a C++ enum, to be specialised for it.
template <class Enum>
inline constexpr auto enumeration = detail::NotDescribed{};

/// One enumerator and the text that stands for it in the database.
template <class Enum>
struct EnumeratorDescription {
  Enum value;
  std::string_view text, former = {};
  /// What the database called it before.
  constexpr EnumeratorDescription was(std::string_view name) const { return {value, text, name}; }
};
template <class Enum>
constexpr EnumeratorDescription<Enum> value(Enum enumerator, std::string_view text) {
  static_assert(std::is_enum_v<Enum>, "value() describes an enumerator");
  return {enumerator, text, {}};
}

template <class Enum, std::size_t N>
struct EnumDescription {
  std::string_view name, former;
  detail::EntityPlace place;
  std::array<detail::EnumValue, N> values;
  constexpr EnumDescription was(std::string_view old_name) const {
    EnumDescription copy = *this;
    copy.former = old_name;
    return copy;
  }
};
/// `name` is that of the type where the database has such types (PostgreSQL); others list the
/// values in each column.
template <class Enum, class... Values>
constexpr EnumDescription<Enum, sizeof...(Values)> enum_type(detail::PlacedName name,
                                                             Values... values) {
  static_assert(sizeof...(Values) > 0, "an enumeration needs a value");
  static_assert((std::is_same_v<Values, EnumeratorDescription<Enum>> && ...),
                "an enumerator of another enum");
  return {
      name.text,
      {},
      name.place,
      {detail::EnumValue{static_cast<std::int64_t>(values.value), values.text, values.former}...}};
}

namespace detail {

template <class Enum>
EntityEnum entity_enum() {
  static_assert(!std::is_same_v<std::remove_cvref_t<decltype(enumeration<Enum>)>, NotDescribed>,
                "sterna::enumeration is not described for this enum");
  const auto& description = enumeration<Enum>;
  return {description.name, description.former, description.place, description.values.data(),
          description.values.size()};
}

enum class EntityType : unsigned char {
  boolean,
  tiny_integer,
  small_integer,
  integer,
  big_integer,
  real,
  double_precision,
  string,
  text,
  timestamp,
  binary,
  decimal,
  uuid,
  json,
  jsonb,
  date,
  native,
  enumeration,
  user_type,
  made,  ///< by make_type
};

template <class T>
consteval bool is_user_type();

template <class T>
consteval EntityType deduce() {
  if constexpr (std::is_class_v<T> && !is_readable<T>) {
    static_assert(is_user_type<T>(),
                  "a column is a bool, integer, floating point, enum, std::string, sterna::Blob, "
                  "sterna::Timestamp, a struct that sterna::user_type describes, or "
                  "std::optional of these");
    return EntityType::user_type;
  } else {
    static_assert(is_readable<T>,
                  "a column is a bool, integer, floating point, enum, std::string, sterna::Blob, "
                  "sterna::Timestamp, a struct that sterna::user_type describes, or "
                  "std::optional of these");
  }
  if constexpr (std::is_enum_v<T>)
    return EntityType::enumeration;
  else if constexpr (std::is_same_v<T, bool>)
    return EntityType::boolean;
  else if constexpr (std::is_integral_v<T>) {
    // An unsigned member takes the next wider signed type, which every database has.
    constexpr std::size_t bits = sizeof(T) * 8 + (std::is_unsigned_v<T> ? 1 : 0);
    return bits <= 8    ? EntityType::tiny_integer
           : bits <= 16 ? EntityType::small_integer
           : bits <= 32 ? EntityType::integer
                        : EntityType::big_integer;
  } else if constexpr (std::is_same_v<T, float>)
    return EntityType::real;
  else if constexpr (std::is_floating_point_v<T>)
    return EntityType::double_precision;
  else if constexpr (std::is_same_v<T, Timestamp>)
    return EntityType::timestamp;
  else if constexpr (std::is_same_v<T, Blob>)
    return EntityType::binary;
  else
    return EntityType::string;
}

/// Looked up when it is asked for, not when the description is made: two structs may refer to each
/// other, and one to itself.
using NameOf = std::string_view (*)();
template <auto Member>
std::string_view name_of_column();
template <class E>
std::string_view name_of_table();

constexpr std::size_t most_key_parts = 16;
constexpr std::size_t most_options = 8;
constexpr std::size_t most_engines = 4;
using Engines = FixedList<std::string_view, most_engines>;

/// What a description says of a column. A literal type: it lives in the constant that describes the
/// struct.
struct EntityColumn {
  std::string_view name, was;
  EntityPlace place;
  EntityType type = EntityType::text;
  ColumnType (*make_type)() = nullptr;
  EntityEnum (*enumeration)() = nullptr;
  NameOf user_type = nullptr;
  bool nullable = false, primary = false, unique = false, index = false, auto_increment = false,
       identity = false, is_unsigned = false, on_update_now = false, is_static = false,
       virtual_ = false;
  IdentityKind identity_kind = ByDefault;
  int length = 255, precision = 0, scale = 0;
  std::string_view native, comment, collation, charset, check, generated;
  enum class Default : unsigned char {
    none,
    null,
    boolean,
    integer,
    real,
    string,
    expression,
    now
  } default_kind = Default::none;
  bool default_boolean = false;
  std::int64_t default_integer = 0;
  double default_real = 0;
  std::string_view default_text;
  std::string_view references_table, references_column;
  NameOf referenced_table = nullptr, referenced_column = nullptr;
  ReferentialAction on_delete = NoAction, on_update = NoAction;
  FixedList<EntityOption, most_options> options;
  Engines engines;  ///< the column is there in these alone; empty: in all
};

/// A part of a key or index: a member or an expression.
struct EntityPart {
  NameOf member = nullptr;
  std::string_view expression;
  bool descending = false;
  std::string_view nulls, operator_class, collation;
  int prefix = 0;
  std::string_view with;  ///< operator, in an exclusion
};

enum class EntityKeyKind : unsigned char {
  primary,
  unique,
  index,
  full_text,
  spatial,
  foreign,
  check,
  exclusion
};

/// What a description says of a key, an index or a constraint.
struct EntityKey {
  EntityKeyKind kind = EntityKeyKind::index;
  std::string_view name;
  EntityPlace place;
  FixedList<EntityPart, most_key_parts> parts;
  bool is_unique = false, deferrable = false, initially_deferred = false,
       nulls_not_distinct = false, not_valid = false, not_enforced = false, unnamed = false;
  std::string_view method, where, language, parser, comment, match, expression;
  FixedList<NameOf, most_key_parts> include;
  std::string_view table;  ///< referenced by name
  NameOf referenced_table = nullptr;
  FixedList<NameOf, most_key_parts> referenced;
  FixedList<std::string_view, most_key_parts> referenced_names;
  ReferentialAction on_delete = NoAction, on_update = NoAction;
  FixedList<EntityOption, most_options> options;
  Engines engines;
};

/// What a description says of the table itself.
struct EntitySettings {
  std::string_view name, was, comment, engine, charset, collation;
  EntityPlace place;
  bool strict = false, without_rowid = false, user_type = false;
  FixedList<NameOf, most_key_parts> partition_key;
  FixedList<EntityPart, most_key_parts> clustering_key;
  FixedList<EntityOption, 2 * most_options> options;
  Engines engines;
};

/// The same for a whole table in one database, as handed to compiled code.
struct EntityTable {
  EntitySettings settings;
  std::vector<EntityColumn> columns;
  std::vector<EntityKey> keys;
};
STERNA_API void describe_entity(TableBuilder& builder, const EntityTable& entity);

constexpr bool is_for(const Engines& engines, std::string_view dialect) {
  if (engines.empty()) return true;
  for (const std::string_view engine : engines) {
    if (engine == dialect) return true;
  }
  return false;
}

}  // namespace detail

/// The description of a struct, to be specialised for it.
template <class Entity>
inline constexpr auto entity = detail::NotDescribed{};

/// One column: a member and what the database knows of it. Each call returns a changed copy.
template <auto Member>
class ColumnDescription {
 public:
  using Entity = detail::EntityOf<Member>;
  using Field = detail::ValueOf<Member>;
  using Inner = detail::Inner<Field>;
  using Edit = ColumnDescription (*)(ColumnDescription);

  constexpr explicit ColumnDescription(detail::PlacedName name) {
    data.name = name.text;
    data.place = name.place;
    data.type = detail::deduce<Inner>();
    data.nullable = detail::is_optional<Field>;
    if constexpr (std::is_enum_v<Inner>) data.enumeration = &detail::entity_enum<Inner>;
    if constexpr (std::is_class_v<Inner> && !detail::is_readable<Inner>)
      data.user_type = &detail::name_of_table<Inner>;
  }

  constexpr ColumnDescription primary() const {
    return with([](auto& d) { d.primary = true; });
  }
  constexpr ColumnDescription unique() const {
    return with([](auto& d) { d.unique = true; });
  }
  constexpr ColumnDescription index() const {
    return with([](auto& d) { d.index = true; });
  }
  /// insert() leaves the column to the database while the member is 0.
  constexpr ColumnDescription auto_increment() const {
    static_assert(std::is_integral_v<Inner> && !std::is_same_v<Inner, bool>,
                  "auto_increment() needs an integer member");
    return with([](auto& d) { d.auto_increment = true; });
  }
  /// The same by GENERATED … AS IDENTITY.
  constexpr ColumnDescription identity(IdentityKind kind = ByDefault) const {
    static_assert(std::is_integral_v<Inner> && !std::is_same_v<Inner, bool>,
                  "identity() needs an integer member");
    return with([&](auto& d) {
      d.identity = true;
      d.identity_kind = kind;
    });
  }

  // ---- types other than what the member says ----
  constexpr ColumnDescription text() const { return textual(detail::EntityType::text); }
  constexpr ColumnDescription uuid() const { return textual(detail::EntityType::uuid); }
  constexpr ColumnDescription json() const { return textual(detail::EntityType::json); }
  constexpr ColumnDescription jsonb() const { return textual(detail::EntityType::jsonb); }
  /// A date as text, "2026-01-15".
  constexpr ColumnDescription date() const { return textual(detail::EntityType::date); }
  constexpr ColumnDescription length(int characters) const {
    static_assert(std::is_same_v<Inner, std::string>, "length() needs a std::string member");
    return with([&](auto& d) {
      d.type = detail::EntityType::string;
      d.length = characters;
    });
  }
  /// Exact digits: a std::string member keeps them, a double rounds.
  constexpr ColumnDescription decimal(int precision, int scale) const {
    static_assert(std::is_same_v<Inner, std::string> || std::is_floating_point_v<Inner>,
                  "decimal() needs a std::string or double member");
    return with([&](auto& d) {
      d.type = detail::EntityType::decimal;
      d.precision = precision;
      d.scale = scale;
    });
  }
  /// MySQL: without negative numbers.
  constexpr ColumnDescription unsigned_() const {
    static_assert(detail::is_number<Inner>, "unsigned_() needs a number");
    return with([](auto& d) { d.is_unsigned = true; });
  }
  /// Any type by the database's own name.
  constexpr ColumnDescription type(std::string_view native) const {
    return with([&](auto& d) {
      d.type = detail::EntityType::native;
      d.native = native;
    });
  }
  /// Any type of sterna::types: `.type([] { return sterna::types::timestamp(3, true); })`.
  constexpr ColumnDescription type(ColumnType (*make)()) const {
    return with([&](auto& d) {
      d.type = detail::EntityType::made;
      d.make_type = make;
    });
  }

  // ---- defaults and values that the database makes ----
  template <class T>
  constexpr ColumnDescription default_to(const T& value) const {
    static_assert(detail::fits<Field, T>, "the default does not have the type of the member");
    using Kind = detail::EntityColumn::Default;
    return with([&](auto& d) {
      if constexpr (std::is_same_v<T, bool>) {
        d.default_kind = Kind::boolean;
        d.default_boolean = value;
      } else if constexpr (std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, std::nullopt_t>) {
        d.default_kind = Kind::null;
      } else if constexpr (std::is_enum_v<T>) {
        d.default_kind = Kind::string;
        d.default_text = enumerator_text(value);
      } else if constexpr (std::is_integral_v<T>) {
        d.default_kind = Kind::integer;
        d.default_integer = static_cast<std::int64_t>(value);
      } else if constexpr (std::is_floating_point_v<T>) {
        d.default_kind = Kind::real;
        d.default_real = value;
      } else {
        d.default_kind = Kind::string;
        d.default_text = value;
      }
    });
  }
  constexpr ColumnDescription default_null() const {
    return with([](auto& d) { d.default_kind = detail::EntityColumn::Default::null; });
  }
  /// A text that the database converts to the type of the column.
  constexpr ColumnDescription default_text(std::string_view text) const {
    return with([&](auto& d) {
      d.default_kind = detail::EntityColumn::Default::string;
      d.default_text = text;
    });
  }
  constexpr ColumnDescription default_expression(std::string_view sql) const {
    return with([&](auto& d) {
      d.default_kind = detail::EntityColumn::Default::expression;
      d.default_text = sql;
    });
  }
  constexpr ColumnDescription default_now() const {
    return with([](auto& d) { d.default_kind = detail::EntityColumn::Default::now; });
  }
  /// MySQL ON UPDATE CURRENT_TIMESTAMP.
  constexpr ColumnDescription on_update_now() const {
    return with([](auto& d) { d.on_update_now = true; });
  }
  /// Computed by the database; insert() and update() leave it out.
  constexpr ColumnDescription generated(std::string_view expression,
                                        GeneratedKind kind = Stored) const {
    return with([&](auto& d) {
      d.generated = expression;
      d.virtual_ = kind == Virtual;
    });
  }

  constexpr ColumnDescription comment(std::string_view text) const {
    return with([&](auto& d) { d.comment = text; });
  }
  constexpr ColumnDescription collate(std::string_view name) const {
    return with([&](auto& d) { d.collation = name; });
  }
  constexpr ColumnDescription charset(std::string_view name) const {
    return with([&](auto& d) { d.charset = name; });
  }
  constexpr ColumnDescription check(std::string_view expression) const {
    return with([&](auto& d) { d.check = expression; });
  }
  /// A primary key or column that the database takes NULL for although the member has a value.
  constexpr ColumnDescription nullable() const {
    return with([](auto& d) { d.nullable = true; });
  }
  /// CQL.
  constexpr ColumnDescription static_() const {
    return with([](auto& d) { d.is_static = true; });
  }
  constexpr ColumnDescription option(std::string_view key, std::string_view value) const {
    return with([&](auto& d) { d.options.add({key, value}); });
  }

  /// A foreign key of this column: `.references<&User::id>(sterna::Cascade)`.
  template <auto Other>
  constexpr ColumnDescription references(ReferentialAction on_delete = NoAction,
                                         ReferentialAction on_update = NoAction) const {
    static_assert(std::is_same_v<Inner, detail::Inner<detail::ValueOf<Other>>>,
                  "the member and the one it references have two types");
    return with([&](auto& d) {
      d.referenced_table = &detail::name_of_table<detail::EntityOf<Other>>;
      d.referenced_column = &detail::name_of_column<Other>;
      d.on_delete = on_delete;
      d.on_update = on_update;
    });
  }
  /// The same to a table that no struct describes.
  constexpr ColumnDescription references(std::string_view table_name, std::string_view column_name,
                                         ReferentialAction on_delete = NoAction) const {
    return with([&](auto& d) {
      d.references_table = table_name;
      d.references_column = column_name;
      d.on_delete = on_delete;
    });
  }

  /// What the database called it before: a rename, not a drop and an add.
  constexpr ColumnDescription was(std::string_view old_name) const {
    return with([&](auto& d) { d.was = old_name; });
  }
  /// What is different in one database ("postgres", "mysql", "sqlite", "cql"):
  /// `.on("mysql", [](auto column) { return column.type("mediumtext"); })`.
  constexpr ColumnDescription on(std::string_view engine, Edit edit) const {
    ColumnDescription copy = *this;
    copy.edits_.add({engine, edit});
    return copy;
  }
  /// The column is there in this database alone (and in others named so).
  constexpr ColumnDescription only_on(std::string_view engine) const {
    return with([&](auto& d) { d.engines.add(engine); });
  }

  /// The column as it is in one database.
  constexpr detail::EntityColumn in(std::string_view engine) const {
    ColumnDescription result = *this;
    for (const auto& [name, edit] : edits_) {
      if (name == engine) result = edit(result);
    }
    return result.data;
  }

  detail::EntityColumn data;

 private:
  template <class Change>
  constexpr ColumnDescription with(Change change) const {
    ColumnDescription copy = *this;
    change(copy.data);
    return copy;
  }
  constexpr ColumnDescription textual(detail::EntityType type) const {
    static_assert(std::is_same_v<Inner, std::string>,
                  "this column type needs a std::string member");
    return with([&](auto& d) { d.type = type; });
  }
  template <class Enum>
  static constexpr std::string_view enumerator_text(Enum value) {
    for (const detail::EnumValue& known : enumeration<Enum>.values) {
      if (known.number == static_cast<std::int64_t>(value)) return known.text;
    }
    throw "this enumerator is not described in sterna::enumeration";
  }

  detail::FixedList<std::pair<std::string_view, Edit>, detail::most_engines> edits_;
};

template <auto Member>
constexpr ColumnDescription<Member> column(detail::PlacedName name) {
  return ColumnDescription<Member>(name);
}

/// A part of an index: `by<&User::name>().desc()`, `by("lower(email)")`.
template <class E>
struct PartDescription {
  using Entity = E;  ///< void: an expression
  detail::EntityPart data;

  constexpr PartDescription desc() const {
    return with([](auto& d) { d.descending = true; });
  }
  constexpr PartDescription nulls_first() const {
    return with([](auto& d) { d.nulls = "first"; });
  }
  constexpr PartDescription nulls_last() const {
    return with([](auto& d) { d.nulls = "last"; });
  }
  /// MySQL: the first characters or bytes alone.
  constexpr PartDescription prefix(int length) const {
    return with([&](auto& d) { d.prefix = length; });
  }
  /// PostgreSQL: "gin_trgm_ops".
  constexpr PartDescription operator_class(std::string_view name) const {
    return with([&](auto& d) { d.operator_class = name; });
  }
  constexpr PartDescription collate(std::string_view name) const {
    return with([&](auto& d) { d.collation = name; });
  }
  /// In an exclusion: two rows may not both give true by this operator.
  constexpr PartDescription with_operator(std::string_view name) const {
    return with([&](auto& d) { d.with = name; });
  }

 private:
  template <class Change>
  constexpr PartDescription with(Change change) const {
    PartDescription copy = *this;
    change(copy.data);
    return copy;
  }
};
template <auto Member>
constexpr auto by() {
  PartDescription<detail::EntityOf<Member>> part;
  part.data.member = &detail::name_of_column<Member>;
  return part;
}
constexpr PartDescription<void> by(std::string_view expression) {
  PartDescription<void> part;
  part.data.expression = expression;
  return part;
}

/// A key, an index or a constraint of a table. Calls that its kind does not have are refused when
/// the table is made.
template <class E>
class KeyDescription {
 public:
  using Entity = E;  ///< void: it names no member

  constexpr KeyDescription(detail::EntityKeyKind kind, detail::EntityPlace place) {
    data.kind = kind;
    data.place = place;
  }

  constexpr KeyDescription name(std::string_view text) const {
    return with([&](auto& d) { d.name = text; });
  }
  constexpr KeyDescription unique() const {
    return with([](auto& d) { d.is_unique = true; });
  }
  /// btree, hash, gin, gist, brin, …
  constexpr KeyDescription method(std::string_view text) const {
    return with([&](auto& d) { d.method = text; });
  }
  /// Partial index.
  constexpr KeyDescription where(std::string_view expression) const {
    return with([&](auto& d) { d.where = expression; });
  }
  template <auto... Members>
  constexpr KeyDescription include() const {
    static_assert((std::is_same_v<detail::EntityOf<Members>, E> && ...),
                  "an index includes members of its own struct");
    return with([](auto& d) { (d.include.add(&detail::name_of_column<Members>), ...); });
  }
  constexpr KeyDescription nulls_not_distinct() const {
    return with([](auto& d) { d.nulls_not_distinct = true; });
  }
  constexpr KeyDescription deferrable(bool initially_deferred = false) const {
    return with([&](auto& d) {
      d.deferrable = true;
      d.initially_deferred = initially_deferred;
    });
  }
  constexpr KeyDescription language(std::string_view text) const {
    return with([&](auto& d) { d.language = text; });
  }
  constexpr KeyDescription parser(std::string_view text) const {
    return with([&](auto& d) { d.parser = text; });
  }
  constexpr KeyDescription comment(std::string_view text) const {
    return with([&](auto& d) { d.comment = text; });
  }
  constexpr KeyDescription not_valid() const {
    return with([](auto& d) { d.not_valid = true; });
  }
  constexpr KeyDescription not_enforced() const {
    return with([](auto& d) { d.not_enforced = true; });
  }
  /// SQLite: a check without a name.
  constexpr KeyDescription unnamed() const {
    return with([](auto& d) { d.unnamed = true; });
  }
  /// What a foreign key refers to, in the order of its own members.
  template <auto First, auto... Rest>
  constexpr KeyDescription references() const {
    static_assert((std::is_same_v<detail::EntityOf<Rest>, detail::EntityOf<First>> && ...),
                  "a foreign key refers to members of one struct");
    return with([](auto& d) {
      d.referenced_table = &detail::name_of_table<detail::EntityOf<First>>;
      d.referenced.add(&detail::name_of_column<First>);
      (d.referenced.add(&detail::name_of_column<Rest>), ...);
    });
  }
  /// The same to a table that no struct describes.
  template <class... Columns>
  constexpr KeyDescription references_table(std::string_view table_name, Columns... columns) const {
    return with([&](auto& d) {
      d.table = table_name;
      (d.referenced_names.add(std::string_view(columns)), ...);
    });
  }
  constexpr KeyDescription on_delete(ReferentialAction action) const {
    return with([&](auto& d) { d.on_delete = action; });
  }
  constexpr KeyDescription on_update(ReferentialAction action) const {
    return with([&](auto& d) { d.on_update = action; });
  }
  constexpr KeyDescription match(std::string_view kind) const {
    return with([&](auto& d) { d.match = kind; });
  }
  constexpr KeyDescription option(std::string_view key, std::string_view value) const {
    return with([&](auto& d) { d.options.add({key, value}); });
  }
  /// It is there in this database alone (and in others named so).
  constexpr KeyDescription only_on(std::string_view engine) const {
    return with([&](auto& d) { d.engines.add(engine); });
  }

  detail::EntityKey data;

 private:
  template <class Change>
  constexpr KeyDescription with(Change change) const {
    KeyDescription copy = *this;
    change(copy.data);
    return copy;
  }
};

namespace detail {

template <class... E>
struct OneEntity;
template <>
struct OneEntity<> {
  using type = void;
};
template <class First, class... Rest>
struct OneEntity<First, Rest...> {
  using Others = typename OneEntity<Rest...>::type;
  static_assert(std::is_void_v<First> || std::is_void_v<Others> || std::is_same_v<First, Others>,
                "the members of a key belong to two structs");
  using type = std::conditional_t<std::is_void_v<First>, Others, First>;
};

template <auto... Members>
constexpr auto key_over(EntityKeyKind kind, const EntityPlace& place) {
  static_assert(sizeof...(Members) > 0, "a key needs a member");
  KeyDescription<typename OneEntity<EntityOf<Members>...>::type> key(kind, place);
  (key.data.parts.add(by<Members>().data), ...);
  return key;
}
template <class... Parts>
constexpr auto key_of_parts(EntityKeyKind kind, const Parts&... parts) {
  static_assert(sizeof...(Parts) > 0, "an index needs a part");
  KeyDescription<typename OneEntity<typename Parts::Entity...>::type> key(kind, {});
  (key.data.parts.add(parts.data), ...);
  return key;
}

}  // namespace detail

template <auto... Members>
constexpr auto primary_key(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::primary, {file, line});
}
template <auto... Members>
constexpr auto unique(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::unique, {file, line});
}
template <auto... Members>
constexpr auto index(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::index, {file, line});
}
template <auto... Members>
constexpr auto full_text(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::full_text, {file, line});
}
template <auto... Members>
constexpr auto spatial(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::spatial, {file, line});
}
/// `foreign_key<&Post::tenant, &Post::author>().references<&User::tenant, &User::id>()`.
template <auto... Members>
constexpr auto foreign_key(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  return detail::key_over<Members...>(detail::EntityKeyKind::foreign, {file, line});
}
/// Keys of parts with an order, of expressions, …: `index(by<&Post::at>().desc(), by("lower(x)"))`.
template <class Entity, class... Parts>
constexpr auto primary_key(PartDescription<Entity> first, Parts... parts) {
  return detail::key_of_parts(detail::EntityKeyKind::primary, first, parts...);
}
template <class Entity, class... Parts>
constexpr auto unique(PartDescription<Entity> first, Parts... parts) {
  return detail::key_of_parts(detail::EntityKeyKind::unique, first, parts...);
}
template <class Entity, class... Parts>
constexpr auto index(PartDescription<Entity> first, Parts... parts) {
  return detail::key_of_parts(detail::EntityKeyKind::index, first, parts...);
}
/// PostgreSQL EXCLUDE: `exclude(by<&Booking::room>().with_operator("="), …)`.
template <class Entity, class... Parts>
constexpr auto exclude(PartDescription<Entity> first, Parts... parts) {
  return detail::key_of_parts(detail::EntityKeyKind::exclusion, first, parts...);
}
constexpr KeyDescription<void> check(std::string_view expression,
                                     const char* file = __builtin_FILE(),
                                     unsigned line = __builtin_LINE()) {
  KeyDescription<void> key(detail::EntityKeyKind::check, {file, line});
  key.data.expression = expression;
  return key;
}

template <class E, std::size_t KeyCount, class... Columns>
struct TableDescription {
  using Entity = E;
  using Edit = TableDescription (*)(TableDescription);
  std::string_view name;
  std::tuple<Columns...> columns;
  std::array<detail::EntityKey, KeyCount> keys;
  detail::EntitySettings settings;
  detail::FixedList<std::pair<std::string_view, Edit>, detail::most_engines> edits = {};

  static constexpr std::size_t size = sizeof...(Columns);
  constexpr std::size_t primary_count() const {
    std::size_t count = std::apply(
        [](const auto&... c) { return (static_cast<std::size_t>(c.data.primary) + ... + 0u); },
        columns);
    for (const detail::EntityKey& key : keys) {
      if (key.kind == detail::EntityKeyKind::primary) count = key.parts.count;
    }
    return count;
  }

  constexpr TableDescription comment(std::string_view text) const {
    return with([&](auto& s) { s.comment = text; });
  }
  /// What the database called it before: a rename, not a drop and an add.
  constexpr TableDescription was(std::string_view old_name) const {
    return with([&](auto& s) { s.was = old_name; });
  }
  constexpr TableDescription engine(std::string_view text) const {  ///< MySQL
    return with([&](auto& s) { s.engine = text; });
  }
  constexpr TableDescription charset(std::string_view text) const {  ///< MySQL
    return with([&](auto& s) { s.charset = text; });
  }
  constexpr TableDescription collation(std::string_view text) const {  ///< MySQL
    return with([&](auto& s) { s.collation = text; });
  }
  constexpr TableDescription strict() const {  ///< SQLite
    return with([](auto& s) { s.strict = true; });
  }
  constexpr TableDescription without_rowid() const {  ///< SQLite
    return with([](auto& s) { s.without_rowid = true; });
  }
  constexpr TableDescription option(std::string_view key, std::string_view value) const {
    return with([&](auto& s) { s.options.add({key, value}); });
  }
  /// CQL.
  template <auto... Members>
  constexpr TableDescription partition_key() const {
    static_assert((std::is_same_v<detail::EntityOf<Members>, E> && ...),
                  "the partition key names a member of another struct");
    return with([](auto& s) { (s.partition_key.add(&detail::name_of_column<Members>), ...); });
  }
  /// CQL: `clustering_key(sterna::by<&Event::at>().desc())`.
  template <class... Parts>
  constexpr TableDescription clustering_key(Parts... parts) const {
    static_assert((std::is_same_v<typename Parts::Entity, E> && ...),
                  "the clustering key names a member of another struct");
    return with([&](auto& s) { (s.clustering_key.add(parts.data), ...); });
  }
  /// What is different in one database: `.on("mysql", [](auto t) { return t.engine("Aria"); })`.
  constexpr TableDescription on(std::string_view database, Edit edit) const {
    TableDescription copy = *this;
    copy.edits.add({database, edit});
    return copy;
  }
  /// The table is there in this database alone (and in others named so).
  constexpr TableDescription only_on(std::string_view database) const {
    return with([&](auto& s) { s.engines.add(database); });
  }

 private:
  template <class Change>
  constexpr TableDescription with(Change change) const {
    TableDescription copy = *this;
    change(copy.settings);
    return copy;
  }
};

namespace detail {

template <class T>
inline constexpr bool is_key = false;
template <class E>
inline constexpr bool is_key<KeyDescription<E>> = true;

template <class Part>
constexpr auto as_column(const Part& part) {
  if constexpr (is_key<Part>)
    return std::tuple<>();
  else
    return std::tuple<Part>(part);
}
template <std::size_t N, class Part>
constexpr void add_key(std::array<EntityKey, N>& keys, std::size_t& at, const Part& part) {
  if constexpr (is_key<Part>) keys[at++] = part.data;
}

template <class E, std::size_t KeyCount, class... Columns>
constexpr TableDescription<E, KeyCount, Columns...> make_table(
    PlacedName name, const std::tuple<Columns...>& columns,
    const std::array<EntityKey, KeyCount>& keys) {
  static_assert(sizeof...(Columns) > 0, "a table needs a column");
  EntitySettings settings;
  settings.name = name.text;
  settings.place = name.place;
  return {name.text, columns, keys, settings};
}

}  // namespace detail

/// The description of a struct as a table: columns and keys in any order.
template <class E, class... Parts>
constexpr auto table(detail::PlacedName name, Parts... parts) {
  static_assert(((std::is_same_v<typename Parts::Entity, E> ||
                  (detail::is_key<Parts> && std::is_void_v<typename Parts::Entity>)) &&
                 ...),
                "a column describes a member of another struct");
  constexpr std::size_t count = (static_cast<std::size_t>(detail::is_key<Parts>) + ... + 0u);
  std::array<detail::EntityKey, count> keys{};
  [[maybe_unused]] std::size_t at = 0;
  (detail::add_key(keys, at, parts), ...);
  return detail::make_table<E>(name, std::tuple_cat(detail::as_column(parts)...), keys);
}

/// CQL: a struct as a user-defined type. A column of such a member has this type.
template <class E, class... Columns>
constexpr auto user_type(detail::PlacedName name, Columns... columns) {
  auto description = table<E>(name, columns...);
  description.settings.user_type = true;
  return description;
}

namespace detail {

template <class E>
consteval bool described() {
  return !std::is_same_v<std::remove_cvref_t<decltype(entity<E>)>, NotDescribed>;
}

template <class T>
consteval bool is_user_type() {
  if constexpr (described<T>())
    return entity<T>.settings.user_type;
  else
    return false;
}

template <auto A, auto B>
consteval bool same_member() {
  if constexpr (std::is_same_v<decltype(A), decltype(B)>)
    return A == B;
  else
    return false;
}

template <auto Wanted, auto Member>
constexpr void name_if_same(std::string_view& found, const ColumnDescription<Member>& description) {
  if constexpr (same_member<Wanted, Member>()) found = description.data.name;
}

/// The column of a member; empty when it is not described.
template <auto Member>
constexpr std::string_view find_column_name() {
  std::string_view found;
  std::apply([&](const auto&... c) { (name_if_same<Member>(found, c), ...); },
             entity<EntityOf<Member>>.columns);
  return found;
}

template <auto Member>
constexpr std::string_view column_name() {
  static_assert(described<EntityOf<Member>>(), "sterna::entity is not described for this struct");
  constexpr std::string_view name = find_column_name<Member>();
  static_assert(!name.empty(), "this member has no column in sterna::entity of its struct");
  return name;
}

template <auto Member>
std::string_view name_of_column() {
  return column_name<Member>();
}
template <class E>
std::string_view name_of_table() {
  static_assert(described<E>(), "sterna::entity is not described for this struct");
  return entity<E>.name;
}

/// The description as it is for one database.
template <class E>
EntityTable entity_table_of(std::string_view dialect) {
  static_assert(described<E>(), "sterna::entity is not described for this struct");
  auto description = entity<E>;
  for (const auto& [engine, edit] : entity<E>.edits) {
    if (engine == dialect) description = edit(description);
  }
  EntityTable table;
  table.settings = description.settings;
  std::apply([&](const auto&... c) { (table.columns.push_back(c.in(dialect)), ...); },
             description.columns);
  std::erase_if(table.columns, [&](const EntityColumn& c) { return !is_for(c.engines, dialect); });
  for (const EntityKey& key : description.keys) {
    if (is_for(key.engines, dialect)) table.keys.push_back(key);
  }
  return table;
}

template <class E>
void check_described() {
  static_assert(described<E>(), "sterna::entity is not described for this struct");
}

}  // namespace detail
}  // namespace sterna
