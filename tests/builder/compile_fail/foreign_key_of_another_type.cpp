// expect: the member and the one it references have two types
#include "entity.hpp"

constexpr auto wrong = sterna::column<&Post::title>("title").references<&User::id>();
