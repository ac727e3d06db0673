// What the descriptions of <sterna/describe.hpp> are made of: enumerations, and what is said of a
// column, a key and a table as literal types. Knows nothing of how they are written down.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sterna/export.hpp>
#include <sterna/schema.hpp>
#include <sterna/value.hpp>
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
/// Another text for each member. Under -fsanitize=undefined GCC compares no addresses of functions
/// in constant expressions, as NameOf would need it.
template <auto Member>
constexpr std::string_view id_of_member() {
  return __PRETTY_FUNCTION__;
}

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
  std::string_view member_id = {};  ///< what tells `member` from others in constant expressions
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

}  // namespace sterna
