// expect: the members of a key belong to two structs
#include "entity.hpp"

constexpr auto wrong = sterna::unique<&Post::id, &User::id>();
