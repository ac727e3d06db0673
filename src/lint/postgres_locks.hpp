// Which locks a statement takes on PostgreSQL, after its manual (13.3 "Explicit Locking", ALTER
// TABLE, CREATE INDEX …). Used by the rules of PostgreSQL; held against a server by the tests.
#pragma once

#include "lint/rule.hpp"

#include <string_view>
#include <vector>

namespace sterna::lint {

struct TableLock {
  std::string_view mode;  ///< as pg_locks calls it in words: "ACCESS EXCLUSIVE"
  ObjectName on;
};

inline constexpr std::string_view access_exclusive = "ACCESS EXCLUSIVE";
inline constexpr std::string_view share_row_exclusive = "SHARE ROW EXCLUSIVE";
inline constexpr std::string_view share = "SHARE";
inline constexpr std::string_view share_update_exclusive = "SHARE UPDATE EXCLUSIVE";

/// The strongest lock on each table that is named, none on what the statement itself makes.
std::vector<TableLock> locks_of(const StatementFact& fact, const Known& known);
std::string_view mode_of(const ActionFact& action);
/// "reads and writes", "writes", …
std::string_view blocked_by(std::string_view mode) noexcept;
/// Reports with this lock.
LintFinding& locked(LintFinding& finding, std::string_view mode, const ObjectName& on);
/// Every row is read or written while the statement holds its lock.
bool takes_time(const StatementFact& fact);

/// Calls `visit(action)` for the actions of an ALTER TABLE of a table that was there before.
template <class Visit>
void for_actions(Probe& probe, ActionFact::Kind kind, Visit visit) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE") || probe.is_new(fact.summary.name)) return;
  for (const ActionFact& action : fact.actions) {
    if (action.kind == kind) visit(action);
  }
}

std::span<const Rule> postgres_lock_rules();
std::span<const Rule> postgres_held_lock_rules();
std::span<const Rule> postgres_rewrite_rules();
std::span<const Rule> postgres_transaction_rules();
std::span<const Rule> postgres_type_rules();
std::span<const Rule> postgres_right_rules();

}  // namespace sterna::lint
