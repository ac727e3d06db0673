// expect: the value does not have the type of the member it is compared with
#include "entity.hpp"

auto f(sterna::Database& db) { return db.find<User>("five"); }
