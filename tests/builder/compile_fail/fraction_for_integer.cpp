// expect: the value does not have the type of the member it is compared with
#include "entity.hpp"

auto f() { return col<&User::id> > 1.5; }
