// expect: the default does not have the type of the member
#include "entity.hpp"

constexpr auto wrong = sterna::column<&User::id>("id").default_to("x");
