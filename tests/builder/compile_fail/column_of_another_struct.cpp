// expect: a column describes a member of another struct
#include "entity.hpp"

constexpr auto wrong = sterna::table<User>("users", sterna::column<&Post::id>("id"));
