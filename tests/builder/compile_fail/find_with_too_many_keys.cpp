// expect: find() takes a value for each primary() column
#include "entity.hpp"

auto f(sterna::Database& db) { return db.find<User>(1, 2); }
