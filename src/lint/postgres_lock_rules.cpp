// PG1xx: what waits for a migration, and what a migration waits for.
#include "base/text.hpp"
#include "lint/postgres_locks.hpp"

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;
using C = ConstraintFact::Kind;

std::string alter(const Probe& probe) {
  return "ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name);
}

/// The statement with a word put in behind one of its words.
std::string with_word(const StatementFact& fact, std::string_view behind, std::string_view word) {
  const std::size_t at = fact.find({behind});
  if (at == StatementFact::npos) return {};
  const sql::Token& token = fact.tokens[at];
  std::string text = fact.text();
  text.insert(static_cast<std::size_t>(token.text.data() - fact.text().data()) + token.text.size(),
              " " + std::string(word));
  return "-- sterna:transaction none\n" + text + ";";
}

std::string constraint_name(const Probe& probe, const ConstraintFact& constraint,
                            std::string_view suffix) {
  if (!constraint.name.empty()) return in_sql(probe.server, constraint.name);
  std::string name = probe.fact().summary.name.name;
  for (const std::string& column : constraint.columns) name += "_" + column;
  return in_sql(probe.server, name + "_" + std::string(suffix));
}

void index_blocks_writes(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "INDEX") || fact.summary.concurrently ||
      probe.is_new(fact.summary.table))
    return;
  locked(probe.report("CREATE INDEX keeps all writes to " + shown(fact.summary.table) +
                      " waiting until it is built"),
         share, fact.summary.table)
      .scanning()
      .instead(with_word(fact, "INDEX", "CONCURRENTLY"));
}

void concurrently_in_transaction(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.summary.concurrently || fact.summary.verb == Verb::refresh || !probe.in_transaction())
    return;
  probe.report("CONCURRENTLY cannot run inside a transaction, and this migration is one")
      .instead("-- sterna:transaction none\n" + fact.text() + ";");
}

void foreign_key_checked_in_place(Probe& probe) {
  for_actions(probe, Kind::add_constraint, [&](const ActionFact& action) {
    const ConstraintFact& key = action.constraint;
    if (key.kind != C::foreign_key || key.not_valid) return;
    const std::string name = constraint_name(probe, key, "fkey");
    locked(probe.report("the foreign key is checked for every row while writes to " +
                        shown(probe.fact().summary.name) + " and " + shown(key.references.table) +
                        " wait"),
           share_row_exclusive, probe.fact().summary.name)
        .scanning()
        .instead(alter(probe) + " ADD CONSTRAINT " + name + " FOREIGN KEY (" + listed(key.columns) +
                 ") REFERENCES " + in_sql(probe.server, key.references.table) +
                 " NOT VALID;\n-- in a migration of its own:\n" + alter(probe) +
                 " VALIDATE CONSTRAINT " + name + ";");
  });
}

void check_checked_in_place(Probe& probe) {
  for_actions(probe, Kind::add_constraint, [&](const ActionFact& action) {
    const ConstraintFact& check = action.constraint;
    if (check.kind != C::check || check.not_valid) return;
    const std::string name = constraint_name(probe, check, "check");
    locked(probe.report("the check reads every row of " + shown(probe.fact().summary.name) +
                        " while nobody else can even read it"),
           access_exclusive, probe.fact().summary.name)
        .scanning()
        .instead(alter(probe) + " ADD CONSTRAINT " + name + " CHECK (" + check.expression +
                 ") NOT VALID;\n-- in a migration of its own:\n" + alter(probe) +
                 " VALIDATE CONSTRAINT " + name + ";");
  });
}

void set_not_null_scans(Probe& probe) {
  for_actions(probe, Kind::set_not_null, [&](const ActionFact& action) {
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    if (probe.server.since(120000) && table != nullptr && table->proves_not_null(action.name))
      return;
    const std::string column = in_sql(probe.server, action.name);
    const std::string name =
        in_sql(probe.server, probe.fact().summary.name.name + "_" + action.name + "_not_null");
    locked(probe.report("SET NOT NULL reads every row of " + shown(probe.fact().summary.name) +
                        " while nobody else can even read it"),
           access_exclusive, probe.fact().summary.name)
        .scanning()
        .instead(alter(probe) + " ADD CONSTRAINT " + name + " CHECK (" + column +
                 " IS NOT NULL) NOT VALID;\n-- in a migration of its own:\n" + alter(probe) +
                 " VALIDATE CONSTRAINT " + name +
                 ";\n-- then, without reading the rows again (PostgreSQL 12):\n" + alter(probe) +
                 " ALTER COLUMN " + column + " SET NOT NULL;\n" + alter(probe) +
                 " DROP CONSTRAINT " + name + ";");
  });
}

void key_built_in_place(Probe& probe) {
  for_actions(probe, Kind::add_constraint, [&](const ActionFact& action) {
    const ConstraintFact& key = action.constraint;
    const bool primary = key.kind == C::primary_key;
    if ((!primary && key.kind != C::unique) || !key.using_index.empty()) return;
    const std::string name = constraint_name(probe, key, primary ? "pkey" : "key");
    locked(probe.report("the index of the key is built while nobody can read or write " +
                        shown(probe.fact().summary.name)),
           access_exclusive, probe.fact().summary.name)
        .scanning()
        .instead("-- sterna:transaction none\nCREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " +
                 in_sql(probe.server, probe.fact().summary.name) + " (" + listed(key.columns) +
                 ");\n-- in a migration of its own:\n" + alter(probe) + " ADD CONSTRAINT " + name +
                 (primary ? " PRIMARY KEY" : " UNIQUE") + " USING INDEX " + name + ";");
  });
}

void exclusion_built_in_place(Probe& probe) {
  for_actions(probe, Kind::add_constraint, [&](const ActionFact& action) {
    if (action.constraint.kind != C::exclude) return;
    locked(probe.report(
               "the index of an exclusion constraint is built while nobody can read or write " +
               shown(probe.fact().summary.name) + ", and there is no way to build it beside"),
           access_exclusive, probe.fact().summary.name)
        .scanning();
  });
}

void drop_index_waits(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "INDEX") || fact.summary.concurrently) return;
  const KnownTable* table = probe.known.table_of_index(fact.summary.name.name);
  if (table != nullptr && table->made_by == probe.script.number) return;
  locked(
      probe.report("DROP INDEX waits for every query on the table, and all others wait behind it"),
      access_exclusive,
      table != nullptr ? table->name : ObjectName{{}, "the table of " + fact.summary.name.name})
      .instead(with_word(fact, "INDEX", "CONCURRENTLY"));
}

void attach_scans(Probe& probe) {
  for_actions(probe, Kind::attach_partition, [&](const ActionFact& action) {
    const KnownTable* part = probe.known.table(action.object);
    if (probe.is_new(action.object) || (part != nullptr && !part->checks.empty())) return;
    const std::string partition = in_sql(probe.server, action.object);
    locked(probe.report("every row of " + shown(action.object) +
                        " is read, under a lock, to see that it fits"),
           access_exclusive, action.object)
        .scanning()
        .instead("-- before, each in a migration of its own:\nALTER TABLE " + partition +
                 " ADD CONSTRAINT fits CHECK (/* the bound of the partition */) NOT VALID;\nALTER "
                 "TABLE " +
                 partition + " VALIDATE CONSTRAINT fits;\n" + probe.fact().text() + ";");
  });
}

void detach_waits(Probe& probe) {
  if (!probe.server.since(140000)) return;
  for_actions(probe, Kind::detach_partition, [&](const ActionFact& action) {
    if (action.concurrently) return;
    locked(probe.report("DETACH PARTITION keeps reads and writes of the whole table " +
                        shown(probe.fact().summary.name) + " waiting"),
           access_exclusive, probe.fact().summary.name)
        .instead("-- sterna:transaction none\n" + alter(probe) + " DETACH PARTITION " +
                 in_sql(probe.server, action.object) + " CONCURRENTLY;");
  });
}

void partition_of_locks_parent(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.partition_of.name.empty() ||
      probe.is_new(fact.partition_of))
    return;
  const std::string name = in_sql(probe.server, fact.summary.name);
  const std::string parent = in_sql(probe.server, fact.partition_of);
  locked(probe.report("a partition made in place keeps reads and writes of " +
                      shown(fact.partition_of) + " waiting"),
         access_exclusive, fact.partition_of)
      .instead("CREATE TABLE " + name + " (LIKE " + parent +
               " INCLUDING DEFAULTS INCLUDING CONSTRAINTS);\nALTER TABLE " + parent +
               " ATTACH PARTITION " + name + " FOR VALUES …;");
}

void set_tablespace(Probe& probe) {
  for_actions(probe, Kind::set_tablespace, [&](const ActionFact&) {
    locked(
        probe.report("the table is copied to another tablespace while nobody can read or write it"),
        access_exclusive, probe.fact().summary.name)
        .rewriting();
  });
}

void vacuum_full(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::vacuum || !fact.has("FULL")) return;
  locked(probe.report("VACUUM FULL writes the table anew while nobody can read or write it"),
         access_exclusive, fact.summary.name)
      .rewriting()
      .instead("VACUUM " + in_sql(probe.server, fact.summary.name) + ";");
}

void cluster(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::cluster) return;
  locked(probe.report("CLUSTER writes the table anew while nobody can read or write it"),
         access_exclusive, fact.summary.name)
      .rewriting();
}

void reindex(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::reindex || fact.summary.concurrently ||
      !probe.server.since(120000))
    return;
  const bool table = fact.summary.object == "TABLE";
  locked(
      probe.report("REINDEX keeps writes, and reads that use the index, waiting until it is built"),
      table ? share : access_exclusive, fact.summary.name)
      .scanning()
      .instead(with_word(fact, fact.summary.object, "CONCURRENTLY"));
}

void refresh_blocks_reads(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::refresh || fact.summary.concurrently ||
      fact.has({"WITH", "NO", "DATA"}))
    return;
  const std::string text = with_word(fact, "VIEW", "CONCURRENTLY");
  locked(probe.report("REFRESH keeps readers of " + shown(fact.summary.name) +
                      " waiting until the query is done"),
         access_exclusive, fact.summary.name)
      .rewriting()
      .instead(text.substr(text.find('\n') + 1) + "  -- needs a unique index on the view");
}

void lock_table(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::lock || fact.has("SHARE") || fact.has("ROW")) return;
  if (fact.has("MODE") && !fact.has({"ACCESS", "EXCLUSIVE"})) return;
  locked(probe.report("LOCK TABLE keeps reads and writes of " + shown(fact.summary.name) +
                      " waiting until the migration ends"),
         access_exclusive, fact.summary.name);
}

void create_trigger_locks(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TRIGGER") || probe.is_new(fact.summary.table)) return;
  locked(probe.report("a trigger is made while writes to " + shown(fact.summary.table) +
                      " wait; it then runs for every row that is written"),
         share_row_exclusive, fact.summary.table);
}

void disable_trigger(Probe& probe) {
  for_actions(probe, Kind::disable_trigger, [&](const ActionFact& action) {
    locked(probe.report(
               "with " +
               (one_of(action.name, {"ALL", "USER"}) ? "its triggers" : "trigger " + action.name) +
               " off, rows are written that nothing has checked; foreign keys are triggers too"),
           share_row_exclusive, probe.fact().summary.name)
        .losing("the promise that the rows obey their constraints");
  });
}

void drop_constraint_locks_both(Probe& probe) {
  for_actions(probe, Kind::drop_constraint, [&](const ActionFact& action) {
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    if (table == nullptr) return;
    for (const KnownKey& key : table->foreign_keys) {
      if (!same_name(key.name, action.name)) continue;
      locked(
          probe.report("dropping a foreign key locks " + shown(key.references.table) + " as well"),
          access_exclusive, key.references.table);
    }
  });
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> postgres_lock_rules() {
  static const Rule rules[] = {
      {"PG101", "index-blocks-writes", E, "CREATE INDEX without CONCURRENTLY",
       "A plain CREATE INDEX holds a SHARE lock: nobody can insert, update or delete until the "
       "index is built. "
       "CONCURRENTLY takes longer and lets everybody write; it needs `-- sterna:transaction none`.",
       index_blocks_writes},
      {"PG102", "concurrently-in-transaction", E, "CONCURRENTLY inside a transaction",
       "The server refuses it. Say `-- sterna:transaction none` in the head of the migration, best "
       "with this statement "
       "alone in it.",
       concurrently_in_transaction, nullptr, true},
      {"PG103", "foreign-key-checked-in-place", E, "a foreign key without NOT VALID",
       "Both tables take no writes while every row is looked up. Add it NOT VALID, which is quick, "
       "and validate it in a "
       "migration of its own: that lets everybody read and write.",
       foreign_key_checked_in_place},
      {"PG104", "check-checked-in-place", E, "a check without NOT VALID",
       "Nobody can read or write the table while all of its rows are checked. Add it NOT VALID and "
       "validate it later.",
       check_checked_in_place},
      {"PG105", "set-not-null-scans", E, "SET NOT NULL reads the whole table",
       "Nobody can read or write meanwhile. A valid CHECK (column IS NOT NULL) proves it "
       "beforehand, and since PostgreSQL "
       "12 no row is read then.",
       set_not_null_scans},
      {"PG106", "key-built-in-place", E,
       "a primary key or unique constraint builds its index under a lock",
       "Build the unique index CONCURRENTLY first; ADD CONSTRAINT … USING INDEX then only writes "
       "the catalogue.",
       key_built_in_place},
      {"PG107", "exclusion-built-in-place", W,
       "an exclusion constraint builds its index under a lock",
       "There is no concurrent form. Add it while the table is small, or in a maintenance window.",
       exclusion_built_in_place},
      {"PG108", "drop-index-waits", W, "DROP INDEX without CONCURRENTLY",
       "It needs ACCESS EXCLUSIVE on the table: it waits for every query there, and every later "
       "query waits for it.",
       drop_index_waits},
      {"PG109", "attach-scans", W, "ATTACH PARTITION without a check that proves the bound",
       "All rows of the partition are read while it is locked. A valid CHECK with the bound's "
       "condition spares that.",
       attach_scans},
      {"PG110", "detach-waits", W, "DETACH PARTITION without CONCURRENTLY",
       "ACCESS EXCLUSIVE on the whole partitioned table. CONCURRENTLY exists since PostgreSQL 14.",
       detach_waits},
      {"PG111", "partition-locks-parent", W, "CREATE TABLE … PARTITION OF locks the parent",
       "It takes ACCESS EXCLUSIVE on the parent; ATTACH PARTITION of a table made before takes "
       "SHARE UPDATE EXCLUSIVE.",
       partition_of_locks_parent},
      {"PG112", "tablespace-move", E, "SET TABLESPACE copies the table",
       "Its files are copied while nobody can read or write it. Plan a window, or make a new table "
       "and move the rows.",
       set_tablespace},
      {"PG113", "vacuum-full", E, "VACUUM FULL",
       "The table is written anew under ACCESS EXCLUSIVE. Plain VACUUM, or pg_repack, frees space "
       "beside the work.",
       vacuum_full, nullptr, true},
      {"PG114", "cluster", E, "CLUSTER", "The table is written anew under ACCESS EXCLUSIVE.",
       cluster, nullptr, true},
      {"PG115", "reindex-in-place", E, "REINDEX without CONCURRENTLY",
       "Writes wait, and so does every query that would use the index. CONCURRENTLY exists since "
       "PostgreSQL 12.",
       reindex},
      {"PG116", "refresh-blocks-reads", W, "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
       "Readers wait until the query is done. CONCURRENTLY needs a unique index on the view.",
       refresh_blocks_reads},
      {"PG117", "lock-table", W, "LOCK TABLE in ACCESS EXCLUSIVE mode",
       "The lock is held until the migration ends. Take the weakest mode that does.", lock_table},
      {"PG122", "trigger-locks", N, "CREATE TRIGGER on a table with traffic",
       "SHARE ROW EXCLUSIVE: writes wait. It is short, but it queues behind open transactions that "
       "write.",
       create_trigger_locks},
      {"PG125", "trigger-disabled", W, "triggers are switched off",
       "Constraints that are triggers (foreign keys) do not see the rows written meanwhile, and "
       "nothing checks them later.",
       disable_trigger},
      {"PG126", "drop-key-locks-both", N, "dropping a foreign key locks the referenced table too",
       "ACCESS EXCLUSIVE on both tables: a busy referenced table makes it wait.",
       drop_constraint_locks_both},
  };
  return rules;
}

}  // namespace sterna::lint
