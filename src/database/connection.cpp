#include "database/connection.hpp"

#include "base/log.hpp"
#include "database/column_use.hpp"
#include "database/confine.hpp"
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

const Statement& Connection::admitted(const Statement& statement, Statement& changed) {
  if (!within_) return statement;
  Confinement::Admitted admitted =
      within_->admit(statement, [this](const std::string& name) { return has_role(name); });
  if (!admitted.left_out.empty()) log(LogLevel::info, admitted.left_out);
  if (admitted.sql == statement.sql) return statement;
  changed = statement;
  changed.sql = std::move(admitted.sql);
  if (!admitted.left_out.empty()) changed.parameters.clear();
  return changed;
}

std::span<const Statement> Connection::admitted(std::span<const Statement> statements,
                                                std::vector<Statement>& changed) {
  if (!within_) return statements;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      Statement other;
      changed.push_back(admitted(statements[i], other));
    } catch (Error& error) {
      error.with_statement_index(i);
      throw;
    }
  }
  return changed;
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
