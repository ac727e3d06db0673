// The description that the cases of this folder misuse.
#pragma once

#include <sterna/database.hpp>
#include <sterna/entity.hpp>

struct User {
  std::int64_t id = 0;
  std::string email;
  std::optional<int> age;
  int secret = 0;  // not described
};
struct Post {
  std::int64_t id = 0;
  std::string title;
};
struct Stranger {
  int id = 0;
};

template <>
inline constexpr auto sterna::entity<User> =
    sterna::table<User>("users", sterna::column<&User::id>("id").primary(),
                        sterna::column<&User::email>("email"), sterna::column<&User::age>("age"));
template <>
inline constexpr auto sterna::entity<Post> = sterna::table<Post>(
    "posts", sterna::column<&Post::id>("id"), sterna::column<&Post::title>("title"));

using sterna::col;
