#include "database/connection.hpp"

#include "database/scratch.hpp"

namespace sterna {

void Connection::begin() { execute(begin_sql()); }

void Connection::commit() { execute("COMMIT"); }

void Connection::rollback() noexcept {
  try {
    if (alive() && in_transaction()) execute("ROLLBACK");
  } catch (const Error&) {
    // A session that cannot roll back is lost, and the server rolls back then.
  }
}

model::Model Connection::inspect(const InspectOptions& /*options*/) {
  throw Error(ErrorKind::internal, "no inspector for " + server().product);
}

std::unique_ptr<Scratch> Connection::make_scratch() {
  throw Error(ErrorKind::internal, "no scratch databases for " + server().product);
}

}  // namespace sterna
