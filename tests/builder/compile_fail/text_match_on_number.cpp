// expect: text is matched on a std::string member alone
#include "entity.hpp"

auto f() { return col<&User::id>.ends_with("5"); }
