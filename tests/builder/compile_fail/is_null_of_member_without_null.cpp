// expect: a member that is not std::optional is never NULL
#include "entity.hpp"

auto f() { return col<&User::email>.is_null(); }
