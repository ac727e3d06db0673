// expect: length() needs a std::string member
#include "entity.hpp"

constexpr auto wrong = sterna::column<&User::id>("id").length(5);
