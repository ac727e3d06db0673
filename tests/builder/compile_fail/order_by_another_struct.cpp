// expect: this column belongs to another struct
#include "entity.hpp"

auto f(sterna::Database& db) { return db.select<User>().order_by(col<&Post::id>); }
