// expect: the members cannot be compared
#include "entity.hpp"

auto f() { return col<&User::id> == col<&User::email>; }
