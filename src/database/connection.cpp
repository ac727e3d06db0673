#include "database/connection.hpp"

#include "database/scratch.hpp"

namespace sterna {

// Where there are no transactions, there is nothing to begin or to commit.
void Connection::begin() {
  if (const std::string sql = begin_sql(); !sql.empty()) execute(sql);
}

void Connection::commit() {
  if (!begin_sql().empty()) execute("COMMIT");
}

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

void Connection::walk(const Walk& /*walk*/,
                      const std::function<bool(const Rows&, const WalkStep&)>& /*visit*/) {
  throw Error(ErrorKind::internal, server().product + " has no ranges of tokens");
}

std::unique_ptr<Scratch> Connection::make_scratch() {
  throw Error(ErrorKind::internal, "no scratch databases for " + server().product);
}

}  // namespace sterna
