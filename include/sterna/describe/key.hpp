// Keys, indexes, checks and exclusions of a described struct, by its members. Used through
// <sterna/describe.hpp>.
#pragma once

#include <sterna/describe/data.hpp>

namespace sterna {

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
  part.data.member_id = detail::id_of_member<Member>();
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

}  // namespace sterna
