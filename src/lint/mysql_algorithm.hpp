// What a change of an InnoDB table costs: the best algorithm that the server accepts and whom it
// keeps waiting, by MySQL's manual (17.12.1 "Online DDL Operations") and MariaDB's ("InnoDB Online
// DDL Operations"). Used by the rules of MySQL; held against a server by the tests.
#pragma once

#include "lint/rule.hpp"

namespace sterna::lint {

enum class Algorithm { instant, in_place, copy };
std::string_view to_string(Algorithm algorithm) noexcept;

struct AlterCost {
  Algorithm algorithm = Algorithm::instant;
  bool blocks_writes = false;  ///< LOCK=NONE is refused
  bool rebuilds = false;       ///< in place, but the whole table is written
  bool known = true;           ///< false: it depends on what the column is now
};

AlterCost cost_of(const ActionFact& action, const StatementFact& fact, const KnownTable* table,
                  const Server& server);
/// Older servers read a check and forget it.
bool keeps_checks(const Server& server);
/// The statement holds the server to an algorithm that does not copy: it refuses instead.
bool held_to_algorithm(const StatementFact& fact);
/// Puts the cost into a finding; the safe form asks the server to refuse what would wait.
Finding& costing(Finding& finding, const Probe& probe, const AlterCost& cost);

/// Calls `visit(action, cost)` for the actions of this kind on a table that was there before.
template <class Visit>
void for_costs(Probe& probe, ActionFact::Kind kind, Visit visit) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE") || probe.is_new(fact.summary.name) || fact.in_steps ||
      held_to_algorithm(fact))
    return;
  const KnownTable* table = probe.known.table(fact.summary.name);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == kind) visit(action, cost_of(action, fact, table, probe.server));
  }
}

std::span<const Rule> mysql_online_rules();
std::span<const Rule> mysql_other_rules();

}  // namespace sterna::lint
