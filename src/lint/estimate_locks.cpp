// The locks of a statement in each database, for estimates.
#include "lint/estimate_parts.hpp"
#include "lint/mysql_algorithm.hpp"
#include "lint/postgres_locks.hpp"

namespace sterna::lint {
namespace {

constexpr std::string_view same_rows = "writes to the same rows";

void touch(Touched& touched, const Probe& probe, const ObjectName& name, std::string_view lock,
           std::string_view blocks) {
  if (name.name.empty()) return;
  for (const auto& [key, table] : touched) {
    if (key == key_of(name)) return;
  }
  TouchedTable table;
  table.name = shown(name);
  table.made_by_run = probe.is_new(name);
  table.lock = lock;
  if (!table.made_by_run) table.blocks = blocks;
  if (const KnownTable* known = probe.known.table(name)) {
    table.rows = known->rows;
    table.bytes = known->bytes;
  }
  touched.emplace_back(key_of(name), std::move(table));
}

/// The table that a statement is about; nothing for an index whose table is not known.
ObjectName subject(const Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "INDEX") || !fact.summary.table.name.empty()) return table_of(fact);
  const KnownTable* table = probe.known.table_of_index(fact.summary.name.name);
  return table == nullptr ? ObjectName{} : table->name;
}

Touched of_postgres(const Probe& probe) {
  Touched touched;
  const StatementFact& fact = probe.fact();
  for (const TableLock& lock : locks_of(fact, probe.known))
    touch(touched, probe, lock.on, lock.mode, blocked_by(lock.mode));
  if (fact.changes_rows()) touch(touched, probe, subject(probe), "ROW EXCLUSIVE", same_rows);
  return touched;
}

Touched of_mysql(const Probe& probe, const std::optional<AlterCost>& cost) {
  Touched touched;
  const StatementFact& fact = probe.fact();
  const Verb verb = fact.summary.verb;
  if (cost && cost->blocks_writes) {
    touch(touched, probe, subject(probe), "SHARED", "writes");
  } else if (cost) {
    touch(touched, probe, subject(probe), "metadata",
          "reads and writes, for a moment at its beginning and end");
  } else if (fact.is(Verb::drop, "TABLE") || verb == Verb::truncate || verb == Verb::rename) {
    touch(touched, probe, subject(probe), "EXCLUSIVE", "reads and writes");
    for (const ObjectName& name : fact.summary.more_names)
      touch(touched, probe, name, "EXCLUSIVE", "reads and writes");
  } else if (fact.changes_rows()) {
    touch(touched, probe, subject(probe), "row locks", same_rows);
  }
  return touched;
}

/// SQLite has one lock for the whole file; readers wait for it as well unless it keeps a
/// write-ahead log.
Touched of_sqlite(const Probe& probe) {
  Touched touched;
  const StatementFact& fact = probe.fact();
  const bool writes = fact.defines() || fact.changes_rows();
  if (writes) touch(touched, probe, subject(probe), "the file's write lock", "writes");
  return touched;
}

Touched of_cql(const Probe& probe) {
  Touched touched;
  const StatementFact& fact = probe.fact();
  if (fact.defines() || fact.changes_rows()) touch(touched, probe, subject(probe), {}, {});
  return touched;
}

bool is_table_work(const StatementFact& fact) {
  static constexpr std::string_view objects[] = {"TABLE", "INDEX", "TRIGGER", "MATERIALIZED VIEW"};
  if (fact.changes_rows()) return true;
  return std::find(std::begin(objects), std::end(objects), fact.summary.object) !=
             std::end(objects) ||
         fact.summary.verb == Verb::truncate;
}

}  // namespace

Touched touched_by(const Probe& probe, const std::optional<AlterCost>& cost) {
  if (probe.fact().in_steps) {
    Touched touched;
    touch(touched, probe, table_of(probe.fact()), "row locks of one batch", same_rows);
    return touched;
  }
  if (!is_table_work(probe.fact()) && probe.server.language != Language::postgres) return {};
  switch (probe.server.language) {
    case Language::postgres:
      return of_postgres(probe);
    case Language::mysql:
      return of_mysql(probe, cost);
    case Language::sqlite:
      return of_sqlite(probe);
    case Language::cql:
      return of_cql(probe);
    case Language::cpp:
      break;
  }
  return {};
}

}  // namespace sterna::lint
