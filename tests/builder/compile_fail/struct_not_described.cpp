// expect: sterna::entity is not described for this struct
#include "entity.hpp"

auto f(sterna::Database& db) { return db.select<Stranger>(); }
