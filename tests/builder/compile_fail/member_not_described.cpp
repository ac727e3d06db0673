// expect: this member has no column in sterna::entity of its struct
#include "entity.hpp"

auto f() { return col<&User::secret> == 5; }
