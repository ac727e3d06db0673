// expect: the description of this struct names no primary() column
#include "entity.hpp"

auto f(sterna::Database& db) { return db.update(Post{}); }
