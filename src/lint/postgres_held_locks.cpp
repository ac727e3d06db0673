// PG1xx, over a whole transaction: which locks are held, how long, and how long one waits for them.
#include "lint/postgres_locks.hpp"

#include <algorithm>
#include <set>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

/// Tables that were there before and are locked against reads, with the statement that does.
std::vector<std::pair<std::size_t, TableLock>> exclusive_locks(const Probe& probe) {
  std::vector<std::pair<std::size_t, TableLock>> result;
  std::set<std::string> seen;  // or made here
  for (std::size_t i = 0; i < probe.script.statements.size(); ++i) {
    const StatementFact& fact = probe.script.statements[i];
    for (const TableLock& lock : locks_of(fact, probe.known)) {
      if (lock.mode == access_exclusive && !probe.is_new(lock.on) &&
          seen.insert(key_of(lock.on)).second)
        result.emplace_back(i, lock);
    }
    if (fact.summary.verb == Verb::create && fact.summary.object.ends_with("TABLE"))
      seen.insert(key_of(fact.summary.name));
    if (fact.is(Verb::create, "MATERIALIZED VIEW")) seen.insert(key_of(fact.summary.name));
  }
  return result;
}

void several_exclusive_locks(Probe& probe) {
  if (!probe.in_transaction()) return;
  const auto locks = exclusive_locks(probe);
  if (locks.size() < 2) return;
  std::vector<std::string> names;
  for (const auto& [index, lock] : locks) names.push_back(shown(lock.on));
  probe.statement = &probe.script.statements[locks[1].first];
  locked(
      probe.report(
          "one transaction locks " + listed(names) +
          " one after the other and holds all of them to its end: what reads them in another order "
          "deadlocks with it"),
      access_exclusive, locks[1].second.on);
  probe.statement = nullptr;
}

void work_under_exclusive_lock(Probe& probe) {
  if (!probe.in_transaction()) return;
  const auto locks = exclusive_locks(probe);
  if (locks.empty()) return;
  for (std::size_t i = locks.front().first + 1; i < probe.script.statements.size(); ++i) {
    const StatementFact& fact = probe.script.statements[i];
    const KnownTable* table = probe.known.table(table_of(fact));
    const bool of_new =
        table == nullptr &&
        std::any_of(probe.script.statements.begin(),
                    probe.script.statements.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const StatementFact& earlier) {
                      return earlier.is(Verb::create, "TABLE") &&
                             key_of(earlier.summary.name) == key_of(table_of(fact));
                    });
    if (!takes_time(fact) || of_new) continue;
    probe.statement = &fact;
    locked(probe.report("this may take long, and all the while " + shown(locks.front().second.on) +
                        " stays locked by a statement before it in the same transaction"),
           access_exclusive, locks.front().second.on);
    probe.statement = nullptr;
    return;
  }
}

bool sets_lock_timeout(const StatementFact& fact) {
  return fact.summary.verb == Verb::set && same_name(fact.summary.name.name, "lock_timeout");
}

void no_lock_timeout(Probe& probe) {
  const bool covered =
      probe.server.lock_timeout.count() > 0 || probe.script.meta->lock_timeout.count() > 0;
  if (covered) return;
  const auto locks = exclusive_locks(probe);
  if (locks.empty()) return;
  for (std::size_t i = 0; i < locks.front().first; ++i) {
    if (sets_lock_timeout(probe.script.statements[i])) return;
  }
  probe.statement = &probe.script.statements[locks.front().first];
  locked(
      probe.report("without a lock timeout, one long query on " + shown(locks.front().second.on) +
                   " makes everything wait behind this statement"),
      access_exclusive, locks.front().second.on)
      .instead("-- sterna:lock-timeout 5s");
  probe.statement = nullptr;
}

void lock_timeout_off(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!sets_lock_timeout(fact) || fact.tokens.empty()) return;
  const std::string value = sql::unquoted(fact.tokens.back());
  if (value != "0" && !one_of(value, {"DEFAULT", "0s", "0ms"})) return;
  probe
      .report(
          "this takes the lock timeout away: what waits for a lock then waits for ever, and others "
          "behind it")
      .instead("-- sterna:lock-timeout 5s");
}

void validated_with_it(Probe& probe) {
  if (!probe.in_transaction()) return;
  for_actions(probe, Kind::validate_constraint, [&](const ActionFact& action) {
    for (const StatementFact& earlier : probe.before()) {
      for (const ActionFact& added : earlier.actions) {
        if (added.kind != Kind::add_constraint || !same_name(added.name, action.name)) continue;
        locked(probe.report("the constraint is validated in the transaction that added it: its "
                            "stronger lock is held "
                            "while the rows are read"),
               mode_of(added), earlier.summary.name)
            .scanning()
            .instead(earlier.text() + ";\n-- in a migration of its own:\n" + probe.fact().text() +
                     ";");
      }
    }
  });
}

void new_table_locks_referenced(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !probe.in_transaction() ||
      probe.script.statements.size() < 2)
    return;
  const bool long_work =
      std::any_of(probe.script.statements.begin() + static_cast<std::ptrdiff_t>(probe.index) + 1,
                  probe.script.statements.end(), takes_time);
  if (!long_work) return;
  for (const TableLock& lock : locks_of(fact, probe.known)) {
    if (probe.is_new(lock.on) || lock.mode != share_row_exclusive ||
        key_of(lock.on) == key_of(fact.summary.name))
      continue;
    locked(probe.report("the new table's foreign key keeps writes to " + shown(lock.on) +
                        " waiting until the migration ends, and more work follows in it"),
           share_row_exclusive, lock.on);
  }
}

constexpr Severity W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> postgres_held_lock_rules() {
  static const Rule rules[] = {
      {"PG118", "several-exclusive-locks", W, "several tables are locked in one transaction",
       "Each is held until the end, and two sessions that take them in different orders deadlock. "
       "One table a migration "
       "keeps each lock short.",
       nullptr, several_exclusive_locks},
      {"PG119", "work-under-exclusive-lock", W, "long work after a statement that locks a table",
       "The lock of the first statement is held while the second reads or writes rows. Put the "
       "work into a migration of "
       "its own.",
       nullptr, work_under_exclusive_lock},
      {"PG120", "no-lock-timeout", W, "a table is locked without a lock timeout",
       "The statement queues behind the oldest query, and everything else queues behind the "
       "statement. Sterna sets 5 s by "
       "itself unless `lock_timeout = 0` is configured.",
       nullptr, no_lock_timeout},
      {"PG121", "lock-timeout-off", W, "a script takes the lock timeout away",
       "SET lock_timeout = 0 undoes what Sterna sets, and what waits then waits for ever.",
       lock_timeout_off},
      {"PG123", "validated-in-one-transaction", W, "NOT VALID and VALIDATE in one transaction",
       "The lock of ADD CONSTRAINT is held while VALIDATE reads the rows, which is what NOT VALID "
       "was to spare.",
       validated_with_it},
      {"PG124", "new-key-holds-referenced", N, "a new table's foreign key, and long work behind it",
       "CREATE TABLE … REFERENCES takes SHARE ROW EXCLUSIVE on the referenced table and keeps it "
       "to the end of the "
       "transaction.",
       new_table_locks_referenced},
  };
  return rules;
}

}  // namespace sterna::lint
