// table<Post>("posts", …): columns and keys put together. Used through <sterna/describe.hpp>.
#pragma once

#include <sterna/describe/column.hpp>
#include <sterna/describe/key.hpp>

namespace sterna {

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

}  // namespace sterna
