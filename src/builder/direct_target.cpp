#include "builder/direct_target.hpp"

#include <sterna/error.hpp>

#include <algorithm>

#include "base/text.hpp"

namespace sterna {
namespace {

Statement plain(std::string sql) {
  Statement statement;
  statement.sql = std::move(sql);
  return statement;
}

std::string savepoint(std::size_t level) { return "sterna_level_" + std::to_string(level); }

/// Switches foreign keys off, and on again whatever happens.
class ForeignKeysOff {
 public:
  explicit ForeignKeysOff(Connection& connection) : connection_(connection) {
    connection_.set_foreign_keys(false);
  }
  ~ForeignKeysOff() {
    try {
      connection_.set_foreign_keys(true);
    } catch (const Error&) {  // the session is gone, and its setting with it
    }
  }
  ForeignKeysOff(const ForeignKeysOff&) = delete;
  ForeignKeysOff& operator=(const ForeignKeysOff&) = delete;

 private:
  Connection& connection_;
};

}  // namespace

void DirectTarget::run_all(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) run(statement);
}

bool DirectTarget::belongs_together(const std::vector<Statement>& statements) const {
  return statements.size() > 1 && connection_.capabilities().transactional_ddl &&
         !connection_.in_transaction() &&
         std::none_of(statements.begin(), statements.end(), [&](const Statement& statement) {
           return dialect().refuses_transaction(statement).has_value();
         });
}

void DirectTarget::run_without_foreign_keys(const std::vector<Statement>& statements) {
  if (connection_.in_transaction()) {
    throw Error(ErrorKind::plan,
                "this change rebuilds a table, for which foreign keys must be switched off, and "
                "that is not possible inside a transaction")
        .suggest("make the change outside of transaction()");
  }
  const ForeignKeysOff off(connection_);
  connection_.begin();
  try {
    run_all(statements);
    const std::vector<std::string> violations = connection_.foreign_key_violations();
    if (!violations.empty()) {
      throw Error(ErrorKind::data, "rows that reference nothing: " + join(violations, "; "))
          .with_state("nothing was changed");
    }
    connection_.commit();
  } catch (...) {
    connection_.rollback();
    throw;
  }
}

void DirectTarget::apply(Change change) {
  const Rendered rendered = dialect().render(change, {server(), &connection_});
  if (rendered.needs_foreign_keys_off && connection_.foreign_keys_enforced()) {
    run_without_foreign_keys(rendered.statements);
    return;
  }
  if (!belongs_together(rendered.statements)) {
    run_all(rendered.statements);
    return;
  }
  connection_.begin();
  try {
    run_all(rendered.statements);
    connection_.commit();
  } catch (...) {
    connection_.rollback();
    throw;
  }
}

void DirectTarget::begin_nested() {
  const bool outermost = !connection_.in_transaction();
  if (outermost)
    connection_.begin();
  else
    run(plain("SAVEPOINT " + savepoint(levels_.size())));
  levels_.push_back(outermost);
}

void DirectTarget::commit_nested() {
  const bool outermost = levels_.back();
  levels_.pop_back();
  if (!outermost) {
    run(plain("RELEASE SAVEPOINT " + savepoint(levels_.size())));
    return;
  }
  try {
    connection_.commit();
  } catch (...) {  // a refused COMMIT leaves the transaction open on SQLite
    connection_.rollback();
    throw;
  }
}

void DirectTarget::rollback_nested() noexcept {
  const bool outermost = levels_.back();
  levels_.pop_back();
  if (outermost) {
    connection_.rollback();
    return;
  }
  try {
    run(plain("ROLLBACK TO SAVEPOINT " + savepoint(levels_.size())));
    run(plain("RELEASE SAVEPOINT " + savepoint(levels_.size())));
  } catch (
      const Error&) {  // the transaction as a whole is lost; the failure that led here is reported
  }
}

}  // namespace sterna
