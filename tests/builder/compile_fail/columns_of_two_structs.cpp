// expect: the columns belong to two structs
#include "entity.hpp"

auto f() { return col<&User::id> == col<&Post::id>; }
