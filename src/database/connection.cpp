#include "database/connection.hpp"

#include "database/column_use.hpp"
#include "database/scratch.hpp"

#include <cmath>

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

ServerFinding clock_finding(double seconds) {
  constexpr double tolerated = 2;
  const std::chrono::duration<double> here = std::chrono::system_clock::now().time_since_epoch();
  const double ahead = seconds - here.count();
  if (std::abs(ahead) < tolerated) return {"clock", "as here"};
  const std::string by = std::to_string(std::llround(std::abs(ahead))) + " s ";
  return {"clock", by + (ahead > 0 ? "ahead of" : "behind") + " this machine's",
          ServerFinding::Result::warning};
}

model::Model Connection::inspect(const InspectOptions& /*options*/) {
  throw Error(ErrorKind::internal, "no inspector for " + server().product);
}

void Connection::walk(const Walk& /*walk*/,
                      const std::function<bool(const Rows&, const WalkStep&)>& /*visit*/) {
  throw Error(ErrorKind::internal, server().product + " has no ranges of tokens");
}

std::optional<ColumnUse> Connection::column_use(const model::Name& /*table*/,
                                                std::string_view /*column*/,
                                                std::string_view /*new_type*/) {
  return std::nullopt;
}

std::unique_ptr<Scratch> Connection::make_scratch() {
  throw Error(ErrorKind::internal, "no scratch databases for " + server().product);
}

}  // namespace sterna
