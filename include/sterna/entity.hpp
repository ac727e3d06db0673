// Typed rows: a plain struct and a description of it by member pointers, checked when it is
// compiled. The description makes the table, and the typed queries of Schema and Database. Not part
// of <sterna/migration.hpp>: include it where it is used.
//
//   struct User { std::int64_t id; std::string email; std::optional<int> age; };
//   template <>
//   inline constexpr auto sterna::entity<User> = sterna::table<User>(
//       "users", sterna::column<&User::id>("id").primary().auto_increment(),
//       sterna::column<&User::email>("email").unique(), sterna::column<&User::age>("age"));
//
//   using sterna::col;
//   std::vector<User> admins =
//   db.select<User>().where(col<&User::email>.ends_with("@admin.com")).order_by(col<&User::id>).all();
#pragma once

#include <sterna/export.hpp>
#include <sterna/query.hpp>
#include <sterna/schema.hpp>
#include <sterna/value.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
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
inline constexpr bool is_readable = std::is_arithmetic_v<T> || std::is_same_v<T, std::string> ||
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
};

template <class T>
consteval EntityType deduce() {
  static_assert(is_readable<T>,
                "a column is a bool, integer, floating point, std::string, sterna::Blob, "
                "sterna::Timestamp, or "
                "std::optional of these");
  if constexpr (std::is_same_v<T, bool>)
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

/// What a description says of a column. A literal type: it lives in the constant that describes the
/// struct.
struct EntityColumn {
  std::string_view name;
  EntityType type = EntityType::text;
  bool nullable = false, primary = false, unique = false, index = false, auto_increment = false;
  int length = 255, precision = 0, scale = 0;
  std::string_view native, comment, collation, check;
  enum class Default : unsigned char {
    none,
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
  ReferentialAction on_delete = NoAction;
};

/// The same for a whole table, as handed to compiled code.
struct EntityTable {
  std::string_view name, comment;
  const EntityColumn* columns = nullptr;
  std::size_t count = 0;
};
STERNA_API void describe_entity(TableBuilder& builder, const EntityTable& entity);

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

  constexpr explicit ColumnDescription(std::string_view name) {
    data.name = name;
    data.type = detail::deduce<Inner>();
    data.nullable = detail::is_optional<Field>;
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
  /// Any type by the database's own name.
  constexpr ColumnDescription type(std::string_view native) const {
    return with([&](auto& d) {
      d.type = detail::EntityType::native;
      d.native = native;
    });
  }
  template <class T>
  constexpr ColumnDescription default_to(const T& value) const {
    static_assert(detail::fits<Field, T>, "the default does not have the type of the member");
    using Kind = detail::EntityColumn::Default;
    return with([&](auto& d) {
      if constexpr (std::is_same_v<T, bool>) {
        d.default_kind = Kind::boolean;
        d.default_boolean = value;
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
  constexpr ColumnDescription default_expression(std::string_view sql) const {
    return with([&](auto& d) {
      d.default_kind = detail::EntityColumn::Default::expression;
      d.default_text = sql;
    });
  }
  constexpr ColumnDescription default_now() const {
    static_assert(std::is_same_v<Inner, Timestamp>,
                  "default_now() needs a sterna::Timestamp member");
    return with([](auto& d) { d.default_kind = detail::EntityColumn::Default::now; });
  }
  constexpr ColumnDescription comment(std::string_view text) const {
    return with([&](auto& d) { d.comment = text; });
  }
  constexpr ColumnDescription collate(std::string_view name) const {
    return with([&](auto& d) { d.collation = name; });
  }
  constexpr ColumnDescription check(std::string_view expression) const {
    return with([&](auto& d) { d.check = expression; });
  }
  constexpr ColumnDescription references(std::string_view table_name, std::string_view column_name,
                                         ReferentialAction on_delete = NoAction) const {
    return with([&](auto& d) {
      d.references_table = table_name;
      d.references_column = column_name;
      d.on_delete = on_delete;
    });
  }

  detail::EntityColumn data;

 private:
  template <class Edit>
  constexpr ColumnDescription with(Edit edit) const {
    ColumnDescription copy = *this;
    edit(copy.data);
    return copy;
  }
  constexpr ColumnDescription textual(detail::EntityType type) const {
    static_assert(std::is_same_v<Inner, std::string>,
                  "this column type needs a std::string member");
    return with([&](auto& d) { d.type = type; });
  }
};

template <auto Member>
constexpr ColumnDescription<Member> column(std::string_view name) {
  return ColumnDescription<Member>(name);
}

template <class E, class... Columns>
struct TableDescription {
  using Entity = E;
  std::string_view name;
  std::tuple<Columns...> columns;

  static constexpr std::size_t size = sizeof...(Columns);
  constexpr std::size_t primary_count() const {
    return std::apply(
        [](const auto&... c) { return (static_cast<std::size_t>(c.data.primary) + ... + 0u); },
        columns);
  }
};

template <class E, class... Columns>
constexpr TableDescription<E, Columns...> table(std::string_view name, Columns... columns) {
  static_assert(sizeof...(Columns) > 0, "a table needs a column");
  static_assert((std::is_same_v<typename Columns::Entity, E> && ...),
                "a column describes a member of another struct");
  return {name, {columns...}};
}

namespace detail {

template <class E>
consteval bool described() {
  return !std::is_same_v<std::remove_cvref_t<decltype(entity<E>)>, NotDescribed>;
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

template <auto Member, class T>
Operand operand_for(const T& value) {
  static_assert(fits<ValueOf<Member>, T>,
                "the value does not have the type of the member it is compared with");
  if constexpr (std::is_convertible_v<T, std::string_view> && !std::is_same_v<T, std::nullptr_t>)
    return Value(std::string_view(value));
  else
    return Operand(value);
}

}  // namespace detail

/// A condition on rows of one struct.
template <class E>
class Predicate {
 public:
  explicit Predicate(Condition made) : condition(std::move(made)) {}
  friend Predicate operator&&(const Predicate& left, const Predicate& right) {
    return Predicate(left.condition && right.condition);
  }
  friend Predicate operator||(const Predicate& left, const Predicate& right) {
    return Predicate(left.condition || right.condition);
  }
  friend Predicate operator!(const Predicate& predicate) { return Predicate(!predicate.condition); }

  Condition condition;
};

/// A member in a typed query: col<&User::id> > 5.
template <auto Member>
class ColumnReference {
 public:
  using Entity = detail::EntityOf<Member>;
  using Field = detail::ValueOf<Member>;

  template <class T>
  Predicate<Entity> operator==(const T& value) const {
    return compare("=", value);
  }
  template <class T>
  Predicate<Entity> operator!=(const T& value) const {
    return compare("!=", value);
  }
  template <class T>
  Predicate<Entity> operator<(const T& value) const {
    return compare("<", value);
  }
  template <class T>
  Predicate<Entity> operator<=(const T& value) const {
    return compare("<=", value);
  }
  template <class T>
  Predicate<Entity> operator>(const T& value) const {
    return compare(">", value);
  }
  template <class T>
  Predicate<Entity> operator>=(const T& value) const {
    return compare(">=", value);
  }

  Predicate<Entity> starts_with(std::string_view text) const { return pattern('s', text); }
  Predicate<Entity> ends_with(std::string_view text) const { return pattern('e', text); }
  Predicate<Entity> contains(std::string_view text) const { return pattern('c', text); }
  /// With % and _ as in SQL.
  Predicate<Entity> like(std::string_view text) const { return textual("like", text); }
  Predicate<Entity> ilike(std::string_view text) const { return textual("ilike", text); }
  template <class T>
  Predicate<Entity> between(const T& low, const T& high) const {
    return Predicate<Entity>(Condition::between(name(), detail::operand_for<Member>(low),
                                                detail::operand_for<Member>(high)));
  }
  Predicate<Entity> in(std::initializer_list<detail::Inner<Field>> values) const {
    return in(std::vector<detail::Inner<Field>>(values));
  }
  Predicate<Entity> in(const std::vector<detail::Inner<Field>>& values) const {
    return Predicate<Entity>(Condition::in(name(), values));
  }
  Predicate<Entity> not_in(std::initializer_list<detail::Inner<Field>> values) const {
    return Predicate<Entity>(
        Condition::in(name(), std::vector<detail::Inner<Field>>(values), true));
  }
  Predicate<Entity> is_null() const {
    static_assert(detail::is_optional<Field>, "a member that is not std::optional is never NULL");
    return Predicate<Entity>(Condition::null(name()));
  }
  Predicate<Entity> is_not_null() const {
    static_assert(detail::is_optional<Field>, "a member that is not std::optional is never NULL");
    return Predicate<Entity>(Condition::null(name(), true));
  }

  static constexpr std::string_view name() { return detail::column_name<Member>(); }

 private:
  template <class T>
  Predicate<Entity> compare(std::string_view op, const T& value) const {
    return Predicate<Entity>(Condition::compare(name(), op, detail::operand_for<Member>(value)));
  }
  template <auto Other>
  Predicate<Entity> compare(std::string_view op, const ColumnReference<Other>& other) const {
    static_assert(std::is_same_v<typename ColumnReference<Other>::Entity, Entity>,
                  "the columns belong to two structs");
    static_assert(detail::fits<Field, typename ColumnReference<Other>::Field>,
                  "the members cannot be compared");
    return Predicate<Entity>(Condition::columns(name(), op, other.name()));
  }
  Predicate<Entity> pattern(char kind, std::string_view text) const {
    static_assert(std::is_same_v<detail::Inner<Field>, std::string>,
                  "text is matched on a std::string member alone");
    return Predicate<Entity>(Condition::pattern(name(), kind, text));
  }
  Predicate<Entity> textual(std::string_view op, std::string_view text) const {
    static_assert(std::is_same_v<detail::Inner<Field>, std::string>,
                  "text is matched on a std::string member alone");
    return Predicate<Entity>(Condition::compare(name(), op, text));
  }
};

template <auto Member>
inline constexpr ColumnReference<Member> col{};

namespace detail {

template <auto Member>
void read_member(EntityOf<Member>& object, const Row& row, std::size_t index,
                 const ColumnDescription<Member>&) {
  object.*Member = row.get<ValueOf<Member>>(index);
}

/// From a row whose columns stand in the order of the description.
template <class E>
E from_row(const Row& row) {
  E object{};
  std::size_t index = 0;
  std::apply([&](const auto&... c) { (read_member(object, row, index++, c), ...); },
             entity<E>.columns);
  return object;
}

template <class E>
std::vector<std::string> column_names() {
  return std::apply(
      [](const auto&... c) { return std::vector<std::string>{std::string(c.data.name)...}; },
      entity<E>.columns);
}

template <auto Member>
void add_field(Record& record, const EntityOf<Member>& object,
               const ColumnDescription<Member>& description) {
  if constexpr (std::is_integral_v<Inner<ValueOf<Member>>>) {
    if (description.data.auto_increment &&
        (object.*Member == ValueOf<Member>{} || object.*Member == Inner<ValueOf<Member>>{}))
      return;
  }
  record.set(description.data.name, Value(object.*Member));
}

template <class E>
Record to_record(const E& object) {
  Record record;
  std::apply([&](const auto&... c) { (add_field(record, object, c), ...); }, entity<E>.columns);
  return record;
}

template <auto Member>
void part_field(Record& values, Query& query, const EntityOf<Member>& object,
                const ColumnDescription<Member>& description) {
  if (description.data.primary)
    query.where(description.data.name, Value(object.*Member));
  else
    values.set(description.data.name, Value(object.*Member));
}

/// Adds the primary key of `object` as conditions; returns the other members.
template <class E>
Record part_by_key(Query& query, const E& object) {
  static_assert(entity<E>.primary_count() > 0,
                "the description of this struct names no primary() column");
  Record values;
  std::apply([&](const auto&... c) { (part_field(values, query, object, c), ...); },
             entity<E>.columns);
  return values;
}

/// The I-th primary key column of the description, as a tuple index.
template <class E>
consteval std::size_t key_column(std::size_t wanted) {
  std::size_t at = 0, keys = 0, found = 0;
  std::apply(
      [&](const auto&... c) {
        ((c.data.primary && keys++ == wanted ? void(found = at) : void(), ++at), ...);
      },
      entity<E>.columns);
  return found;
}

template <std::size_t Index, auto Member, class Key>
void where_key(Query& query, const ColumnDescription<Member>& description, const Key& key) {
  query.where(description.data.name, operand_for<Member>(key));
}

template <class E, class... Key, std::size_t... I>
void where_keys(Query& query, std::index_sequence<I...>, const Key&... key) {
  (where_key<I>(query, std::get<key_column<E>(I)>(entity<E>.columns), key), ...);
}

template <class E>
std::vector<EntityColumn> entity_columns() {
  return std::apply([](const auto&... c) { return std::vector<EntityColumn>{c.data...}; },
                    entity<E>.columns);
}

template <class E>
void check_described() {
  static_assert(described<E>(), "sterna::entity is not described for this struct");
}

}  // namespace detail

/// A typed query: rows of one struct.
template <class E>
class Select {
 public:
  explicit Select(Query query) : query_(std::move(query)) {
    query_.select(detail::column_names<E>());
  }

  template <class Other>
  Select& where(const Predicate<Other>& predicate) {
    static_assert(std::is_same_v<Other, E>, "this condition is about another struct");
    query_.where(predicate.condition);
    return *this;
  }
  template <class Other>
  Select& or_where(const Predicate<Other>& predicate) {
    static_assert(std::is_same_v<Other, E>, "this condition is about another struct");
    query_.or_where(predicate.condition);
    return *this;
  }
  template <auto Member>
  Select& order_by(const ColumnReference<Member>& column, bool descending = false) {
    static_assert(std::is_same_v<detail::EntityOf<Member>, E>,
                  "this column belongs to another struct");
    query_.order_by(column.name(), descending);
    return *this;
  }
  template <auto Member>
  Select& order_by_desc(const ColumnReference<Member>& column) {
    return order_by(column, true);
  }
  Select& limit(std::int64_t rows) {
    query_.limit(rows);
    return *this;
  }
  Select& offset(std::int64_t rows) {
    query_.offset(rows);
    return *this;
  }

  std::vector<E> all() const {
    const Rows rows = query_.get();
    std::vector<E> objects;
    objects.reserve(rows.size());
    for (const Row& row : rows) objects.push_back(detail::from_row<E>(row));
    return objects;
  }
  std::optional<E> first() const {
    const std::optional<Row> row = query_.first();
    if (!row) return std::nullopt;
    return detail::from_row<E>(*row);
  }
  std::int64_t count() const { return query_.count(); }
  bool exists() const { return query_.exists(); }
  /// Removes the rows; as Query::remove, refused without a condition.
  std::int64_t remove() const {
    Query copy = query_;
    return copy.remove();
  }

 private:
  Query query_;
};

template <class Entity>
Select<Entity> DataAccess::select() const {
  detail::check_described<Entity>();
  return Select<Entity>(table(entity<Entity>.name));
}

template <class Entity, class... Key>
std::optional<Entity> DataAccess::find(const Key&... key) const {
  detail::check_described<Entity>();
  static_assert(sizeof...(Key) > 0 && sizeof...(Key) == entity<Entity>.primary_count(),
                "find() takes a value for each primary() column");
  Query query = table(entity<Entity>.name);
  query.select(detail::column_names<Entity>());
  detail::where_keys<Entity>(query, std::index_sequence_for<Key...>{}, key...);
  const std::optional<Row> row = query.first();
  if (!row) return std::nullopt;
  return detail::from_row<Entity>(*row);
}

template <class Entity>
void DataAccess::insert(const Entity& row) const {
  detail::check_described<Entity>();
  table(entity<Entity>.name).insert(detail::to_record(row));
}

template <class Entity>
void DataAccess::insert(const std::vector<Entity>& rows) const {
  detail::check_described<Entity>();
  std::vector<Record> records;
  records.reserve(rows.size());
  for (const Entity& row : rows) records.push_back(detail::to_record(row));
  table(entity<Entity>.name).insert(records);
}

template <class Entity>
std::int64_t DataAccess::update(const Entity& row) const {
  detail::check_described<Entity>();
  Query query = table(entity<Entity>.name);
  return query.update(detail::part_by_key(query, row));
}

template <class Entity>
std::int64_t DataAccess::remove(const Entity& row) const {
  detail::check_described<Entity>();
  Query query = table(entity<Entity>.name);
  detail::part_by_key(query, row);
  return query.remove();
}

template <class Entity>
void Schema::create_table() {
  detail::check_described<Entity>();
  create_table(entity<Entity>.name, [](TableBuilder& builder) {
    const auto columns = detail::entity_columns<Entity>();
    detail::describe_entity(builder, {entity<Entity>.name, {}, columns.data(), columns.size()});
  });
}

}  // namespace sterna
