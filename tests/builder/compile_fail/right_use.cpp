// expect: compiles
#include "entity.hpp"

auto f(sterna::Database& db) {
  return db.select<User>()
      .where(col<&User::email>.ends_with("@admin.com") && col<&User::id> > 5)
      .order_by(col<&User::id>)
      .limit(3)
      .all();
}
