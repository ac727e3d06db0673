// expect: this condition is about another struct
#include "entity.hpp"

auto f(sterna::Database& db) { return db.select<User>().where(col<&Post::id> == 5); }
