// PG3xx: what a transaction, or the lack of one, makes go wrong.
#include "base/text.hpp"
#include "lint/postgres_locks.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

void enum_value_used(Probe& probe) {
  if (!probe.in_transaction()) return;
  const StatementFact& fact = probe.fact();
  for (const StatementFact& earlier : probe.before()) {
    if (earlier.enum_value.empty()) continue;
    const bool made_here =
        std::any_of(probe.before().begin(), probe.before().end(), [&](const StatementFact& other) {
          return other.is(Verb::create, "TYPE") &&
                 same_name(other.summary.name.name, earlier.enum_type);
        });
    const bool used =
        !made_here && fact.enum_type.empty() &&
        std::any_of(fact.tokens.begin(), fact.tokens.end(), [&](const sql::Token& token) {
          return token.kind == sql::TokenKind::string && sql::unquoted(token) == earlier.enum_value;
        });
    if (!used) continue;
    probe
        .report("the value '" + earlier.enum_value + "' of " + earlier.enum_type +
                " is used in the transaction that adds it; the server refuses that")
        .instead("-- in a migration of its own, after the one that adds the value:\n" +
                 fact.text() + ";");
  }
}

void if_not_exists_hides_invalid(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") || !fact.summary.concurrently || !fact.summary.if_exists)
    return;
  const std::string name =
      in_sql(probe.server, ObjectName{fact.summary.table.schema, fact.summary.name.name});
  probe
      .report(
          "when a build was interrupted, its INVALID index is there, and IF NOT EXISTS takes it "
          "for the finished one")
      .instead("-- sterna:transaction none\nDROP INDEX CONCURRENTLY IF EXISTS " + name +
               ";\n-- and CREATE INDEX CONCURRENTLY without IF NOT EXISTS");
}

void refused_in_transaction(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!probe.in_transaction() || fact.summary.concurrently) return;
  if (const auto reason = refuses_transaction(fact.summary, fact.text(), Language::postgres))
    probe.report(*reason).instead("-- sterna:transaction none\n" + fact.text() + ";");
}

void needless_without_transaction(Probe& probe) {
  if (probe.in_transaction() || probe.script.code || probe.script.statements.empty()) return;
  const bool needed = std::any_of(
      probe.script.statements.begin(), probe.script.statements.end(),
      [](const StatementFact& fact) {
        return fact.summary.concurrently || fact.changes_rows() || !fact.enum_value.empty() ||
               refuses_transaction(fact.summary, fact.text(), Language::postgres).has_value();
      });
  if (needed) return;
  probe.report(
      "nothing here needs `transaction none`: in a transaction a failure would leave nothing "
      "behind");
}

void mixed_without_transaction(Probe& probe) {
  if (probe.in_transaction()) return;
  const StatementFact* alone = nullptr;
  std::size_t others = 0;
  for (const StatementFact& fact : probe.script.statements) {
    if (fact.summary.concurrently)
      alone = &fact;
    else if (fact.defines())
      ++others;
  }
  if (alone == nullptr || others == 0) return;
  probe.statement = alone;
  probe
      .report(
          "other definitions stand beside a CONCURRENTLY: they lose the transaction that would "
          "undo them together")
      .instead("-- in a migration of its own, with -- sterna:transaction none:\n" + alone->text() +
               ";");
  probe.statement = nullptr;
}

void enum_value_renamed(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TYPE") || !fact.has({"RENAME", "VALUE"})) return;
  probe.report("code that runs now still writes and compares the old value")
      .instead("-- add the new value, move the rows, and leave the old one");
}

void setting_stays(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::set || fact.tokens.size() < 2 || fact.has("LOCAL") ||
      sql::is_word(fact.tokens[0], "RESET"))
    return;
  if (same_name(fact.summary.name.name, "lock_timeout") ||
      one_of(fact.tokens[1].text, {"CONSTRAINTS", "TRANSACTION"}))
    return;
  const std::string setting = fact.summary.name.name;
  probe.report("SET " + setting + " holds for the whole session: later migrations run with it too")
      .instead(probe.in_transaction() ? "SET LOCAL" + fact.text().substr(3) + ";"
                                      : fact.text() + ";\n…\nRESET " + setting + ";");
}

void replication_role(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const bool named = fact.summary.verb == Verb::set &&
                     same_name(fact.summary.name.name, "session_replication_role");
  if (!named || !one_of(sql::unquoted(fact.tokens.back()), {"replica"})) return;
  probe
      .report(
          "with session_replication_role = replica no trigger runs, and foreign keys are triggers: "
          "rows go unchecked")
      .losing("the promise that the rows obey their foreign keys");
}

void advisory_lock(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.calls("pg_advisory_lock")) return;
  probe
      .report(
          "Sterna holds a lock for the run already; a session lock that is never released outlives "
          "the migration")
      .instead("SELECT pg_advisory_xact_lock(…);");
}

void sequence_set(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const bool restart = fact.is(Verb::alter, "SEQUENCE") && fact.has("RESTART");
  if (!restart && !fact.calls("setval")) return;
  probe.report("a sequence that is set back gives numbers again that exist already")
      .instead("SELECT setval('…', (SELECT max(id) FROM …));");
}

void constraints_deferred(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::set || fact.tokens.size() < 3 ||
      !sql::is_word(fact.tokens[1], "CONSTRAINTS") || !fact.has("DEFERRED") ||
      probe.in_transaction())
    return;
  probe.report("SET CONSTRAINTS does nothing outside a transaction");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> postgres_transaction_rules() {
  static const Rule rules[] = {
      {"PG301", "enum-value-in-its-transaction", E,
       "a new enum value is used in the transaction that adds it",
       "PostgreSQL refuses it (\"unsafe use of new value\"): the value must be committed first. "
       "Give it a migration of its "
       "own.",
       enum_value_used},
      {"PG302", "if-not-exists-hides-invalid", E, "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
       "An interrupted build leaves an INVALID index under the name. IF NOT EXISTS then finds it "
       "and does nothing: no query "
       "uses it, every write pays for it.",
       if_not_exists_hides_invalid},
      {"PG303", "refused-in-transaction", E, "a statement that cannot run inside a transaction",
       "VACUUM, CREATE DATABASE, ALTER SYSTEM and their like need `-- sterna:transaction none`.",
       refused_in_transaction, nullptr, true},
      {"PG304", "needless-without-transaction", W, "transaction none, and nothing that needs it",
       "Without a transaction a failure in the middle leaves a part behind.", nullptr,
       needless_without_transaction},
      {"PG305", "mixed-without-transaction", W, "CONCURRENTLY beside other definitions",
       "They run one by one, and a failure between them leaves a part. Keep CONCURRENTLY alone in "
       "its migration.",
       nullptr, mixed_without_transaction},
      {"PG306", "enum-value-renamed", E, "ALTER TYPE … RENAME VALUE",
       "Code of the running version uses the old word until it is replaced.", enum_value_renamed},
      {"PG307", "setting-stays", W, "SET without LOCAL",
       "The session goes on with the setting, and so do the migrations after it: search_path above "
       "all.",
       setting_stays, nullptr, true},
      {"PG308", "replication-role", E, "session_replication_role = replica",
       "No trigger and no foreign key is checked while it holds.", replication_role, nullptr, true},
      {"PG309", "advisory-lock", W, "a session's advisory lock",
       "It is held until the session ends, also when the migration fails.", advisory_lock, nullptr,
       true},
      {"PG310", "sequence-set", N, "a sequence is set",
       "Numbers below the highest that exists collide with the rows that have them.", sequence_set},
      {"PG311", "constraints-outside-transaction", W, "SET CONSTRAINTS without a transaction",
       "It has no effect there.", constraints_deferred},
  };
  return rules;
}

}  // namespace sterna::lint
