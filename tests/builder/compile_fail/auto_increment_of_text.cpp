// expect: auto_increment() needs an integer member
#include "entity.hpp"

constexpr auto wrong = sterna::column<&User::email>("email").auto_increment();
