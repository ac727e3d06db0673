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

#include <sterna/describe/table.hpp>

namespace sterna {

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
