// Typed rows: structs that <sterna/describe.hpp> describes, as tables and in queries. Not part of
// <sterna/migration.hpp>: include it where it is used.
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

#include <sterna/describe.hpp>
#include <sterna/export.hpp>
#include <sterna/query.hpp>
#include <sterna/schema.hpp>
#include <sterna/value.hpp>

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

/// A member as the database holds it: an enumerator as its text.
template <class T>
Value stored(const T& value) {
  if constexpr (std::is_enum_v<T>)
    return Value(enum_text(entity_enum<T>(), static_cast<std::int64_t>(value)));
  else
    return Value(value);
}
template <class T>
Value stored(const std::optional<T>& value) {
  if constexpr (std::is_enum_v<T>)
    return value ? stored(*value) : Value();
  else
    return Value(value);
}
template <class T>
T loaded(const Row& row, std::size_t index) {
  static_assert(is_readable<Inner<T>>, "a member of a user-defined type is not read by typed rows");
  if constexpr (!std::is_enum_v<Inner<T>>) {
    return row.get<T>(index);
  } else if constexpr (is_optional<T>) {
    const auto text = row.get<std::optional<std::string>>(index);
    if (!text) return std::nullopt;
    return static_cast<Inner<T>>(enum_number(entity_enum<Inner<T>>(), *text));
  } else {
    return static_cast<T>(enum_number(entity_enum<T>(), row.get<std::string>(index)));
  }
}

template <auto Member, class T>
Operand operand_for(const T& value) {
  static_assert(fits<ValueOf<Member>, T>,
                "the value does not have the type of the member it is compared with");
  if constexpr (std::is_enum_v<Inner<T>>)
    return Operand(stored(value));
  else if constexpr (std::is_convertible_v<T, std::string_view> &&
                     !std::is_same_v<T, std::nullptr_t>)
    return Value(std::string_view(value));
  else
    return Operand(value);
}

/// Values for IN.
template <class T>
auto stored_list(const std::vector<T>& values) {
  if constexpr (std::is_enum_v<T>) {
    std::vector<std::string> texts;
    for (const T& value : values)
      texts.emplace_back(enum_text(entity_enum<T>(), static_cast<std::int64_t>(value)));
    return texts;
  } else {
    return values;
  }
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
    return Predicate<Entity>(Condition::in(name(), detail::stored_list(values)));
  }
  Predicate<Entity> not_in(std::initializer_list<detail::Inner<Field>> values) const {
    return Predicate<Entity>(Condition::in(
        name(), detail::stored_list(std::vector<detail::Inner<Field>>(values)), true));
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
  object.*Member = loaded<ValueOf<Member>>(row, index);
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
  if (!description.data.generated.empty()) return;
  record.set(description.data.name, stored(object.*Member));
}

template <class E>
Record to_record(const E& object) {
  Record record;
  std::apply([&](const auto&... c) { (add_field(record, object, c), ...); }, entity<E>.columns);
  return record;
}

constexpr std::size_t no_key = static_cast<std::size_t>(-1);

/// Where a column stands in the primary key: as primary_key<…>() names it, or as the `seen`-th that
/// is marked primary().
template <class Table, auto Member>
constexpr std::size_t key_position(const Table& table, const ColumnDescription<Member>& column,
                                   std::size_t& seen) {
  for (const EntityKey& key : table.keys) {
    if (key.kind != EntityKeyKind::primary) continue;
    for (std::size_t i = 0; i < key.parts.count; ++i) {
      if (key.parts.items[i].member_id == id_of_member<Member>()) return i;
    }
    return no_key;
  }
  return column.data.primary ? seen++ : no_key;
}

template <auto Member>
void part_field(Record& values, Query& query, const EntityOf<Member>& object,
                const ColumnDescription<Member>& description) {
  std::size_t ignored = 0;
  if (key_position(entity<EntityOf<Member>>, description, ignored) != no_key)
    query.where(description.data.name, stored(object.*Member));
  else if (description.data.generated.empty())
    values.set(description.data.name, stored(object.*Member));
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

/// The primary key's part number `wanted`, as a tuple index.
template <class E>
consteval std::size_t key_column(std::size_t wanted) {
  std::size_t at = 0, keys = 0, found = 0;
  std::apply(
      [&](const auto&... c) {
        ((key_position(entity<E>, c, keys) == wanted ? void(found = at) : void(), ++at), ...);
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
    detail::describe_entity(builder, detail::entity_table_of<Entity>(detail::dialect_of(builder)));
  });
}

}  // namespace sterna
