// expect: a column describes a member of another struct
#include "entity.hpp"

constexpr auto wrong =
    sterna::table<Post>("posts", sterna::column<&Post::id>("id"), sterna::index<&User::id>());
