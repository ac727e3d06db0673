// MY1xx: what MySQL and MariaDB do to a table, and who waits.
#include "base/text.hpp"
#include "lint/mysql_algorithm.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;
using C = ConstraintFact::Kind;

std::string table(const Probe& probe) { return shown(probe.fact().summary.name); }

void type_change_copies(Probe& probe) {
  for_costs(probe, Kind::modify_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm != Algorithm::copy || one_of(action.column.base, {"ENUM", "SET"})) return;
    Finding& finding = costing(
        probe.report(cost.known
                         ? "the new type of " + action.name +
                               " copies the whole table; writes to " + table(probe) + " wait"
                         : "the change of " + action.name +
                               " copies the whole table unless its type stays: what it is now "
                               "is not known"),
        probe, cost);
    if (!cost.known) finding.as(Severity::warning);
  });
}

void values_reordered(Probe& probe) {
  for_costs(probe, Kind::modify_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm != Algorithm::copy || !one_of(action.column.base, {"ENUM", "SET"})) return;
    Finding& finding = costing(
        probe.report(
            cost.known ? "the values of " + action.name +
                             " change elsewhere than at the end: their numbers change, and the "
                             "whole table is copied"
                       : "unless new values stand behind the old ones, the whole table is copied"),
        probe, cost);
    if (!cost.known) finding.as(Severity::warning);
  });
}

void nullability_rebuilds(Probe& probe) {
  for_costs(probe, Kind::modify_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (!cost.rebuilds || cost.algorithm != Algorithm::in_place) return;
    costing(
        probe.report("the whole table is written anew for " + action.name + ", beside the work"),
        probe, cost);
  });
}

void convert_copies(Probe& probe) {
  for_costs(probe, Kind::convert_charset, [&](const ActionFact&, const AlterCost& cost) {
    costing(probe.report("CONVERT TO CHARACTER SET copies the whole table, and may widen TEXT "
                         "columns; writes to " +
                         table(probe) + " wait"),
            probe, cost)
        .instead(
            "-- column by column, each with its type and the new character set, where the table is "
            "small enough");
  });
}

void drop_key_copies(Probe& probe) {
  for_costs(probe, Kind::drop_primary_key, [&](const ActionFact&, const AlterCost& cost) {
    if (cost.algorithm != Algorithm::copy) return;
    costing(probe.report("dropping the primary key alone copies the whole table; writes to " +
                         table(probe) + " wait"),
            probe, cost)
        .instead("ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name) +
                 " DROP PRIMARY KEY, ADD PRIMARY KEY (…), ALGORITHM=INPLACE, LOCK=NONE;");
  });
}

template <C Wanted>
void constraint_cost(Probe& probe, const char* message) {
  for_costs(probe, Kind::add_constraint, [&](const ActionFact& action, const AlterCost& cost) {
    if (action.constraint.kind == Wanted) costing(probe.report(message), probe, cost);
  });
}

void primary_key_rebuilds(Probe& probe) {
  constraint_cost<C::primary_key>(
      probe, "a new primary key sorts and writes the whole table anew, and every index with it");
}
void check_copies(Probe& probe) {
  if (!keeps_checks(probe.server)) {
    for_costs(probe, Kind::add_constraint, [&](const ActionFact& action, const AlterCost&) {
      if (action.constraint.kind == C::check)
        probe.report(
            "this version reads the check and forgets it: use a trigger, or a newer server");
    });
    return;
  }
  constraint_cost<C::check>(
      probe, "a new check copies the whole table, one row after the other; writes wait");
}
void full_text_blocks(Probe& probe) {
  constraint_cost<C::full_text>(probe,
                                "a full text index keeps writes waiting until it is built; the "
                                "first of a table writes the table anew");
  const StatementFact& fact = probe.fact();
  if (fact.is(Verb::create, "INDEX") && fact.index.full_text && !probe.is_new(fact.summary.table))
    costing(probe.report("a full text index keeps writes waiting until it is built; the first of a "
                         "table writes the table anew"),
            probe, {Algorithm::in_place, true, false, true});
}
void spatial_blocks(Probe& probe) {
  constraint_cost<C::spatial>(probe, "a spatial index keeps writes waiting until it is built");
  const StatementFact& fact = probe.fact();
  if (fact.is(Verb::create, "INDEX") && fact.index.spatial && !probe.is_new(fact.summary.table))
    costing(probe.report("a spatial index keeps writes waiting until it is built"), probe,
            {Algorithm::in_place, true, false, true});
}

bool key_checks_off(const Probe& probe) {
  return std::any_of(probe.before().begin(), probe.before().end(), [](const StatementFact& fact) {
    return fact.summary.verb == Verb::set && !fact.tokens.empty() &&
           fact.has("foreign_key_checks") && fact.tokens.back().text == "0";
  });
}

void foreign_key_copies(Probe& probe) {
  if (key_checks_off(probe)) return;
  for_costs(probe, Kind::add_constraint, [&](const ActionFact& action, const AlterCost& cost) {
    if (action.constraint.kind != C::foreign_key) return;
    const std::string parent = shown(action.constraint.references.table);
    costing(
        probe.report(
            "a foreign key copies the whole table while foreign_key_checks is on; writes to " +
            table(probe) + " wait, and " + parent + " is locked against changes of its definition"),
        probe, cost)
        .instead(
            "-- when a query has shown that every row has its parent:\nSET foreign_key_checks = "
            "0;\n" +
            probe.fact().text() + ", ALGORITHM=INPLACE, LOCK=NONE;\nSET foreign_key_checks = 1;");
  });
}

void column_not_instant(Probe& probe) {
  for_costs(probe, Kind::add_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm == Algorithm::instant || action.column.generated) return;
    const std::string why = action.column.auto_increment
                                ? "an AUTO_INCREMENT column numbers every row; writes wait"
                            : action.column.first || !action.column.after.empty()
                                ? "a column that is not the last one writes the whole table anew"
                                : "the whole table is written anew: its row format or a full text "
                                  "index rules INSTANT out";
    Finding& finding = costing(probe.report(why), probe, cost);
    if (!cost.blocks_writes) finding.as(Severity::warning);
  });
}

void stored_column_copies(Probe& probe) {
  for_costs(probe, Kind::add_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (!action.column.generated || !action.column.stored) return;
    costing(probe.report("a stored generated column copies the whole table; writes to " +
                         table(probe) + " wait"),
            probe, cost)
        .instead("-- VIRTUAL instead of STORED is instant, and can be indexed");
  });
}

void drop_column_rebuilds(Probe& probe) {
  for_costs(probe, Kind::drop_column, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm == Algorithm::instant) return;
    costing(probe.report("dropping " + action.name + " writes the whole table anew"), probe, cost);
  });
}

void engine_copies(Probe& probe) {
  for_costs(probe, Kind::engine, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm == Algorithm::copy)
      costing(probe.report("another engine (" + action.value +
                           ") copies the whole table; writes to " + table(probe) + " wait"),
              probe, cost);
  });
}

void rebuild(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const auto say = [&](const ActionFact&, const AlterCost& cost) {
    costing(
        probe.report(
            "the whole table is written anew, beside the work, and needs its size again on disk"),
        probe, cost);
  };
  for_costs(probe, Kind::force, say);
  for_costs(probe, Kind::row_format, say);
  for_costs(probe, Kind::engine, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm == Algorithm::in_place) say(action, cost);
  });
  if (!fact.tokens.empty() && sql::is_word(fact.tokens[0], "OPTIMIZE"))
    probe.report("OPTIMIZE TABLE writes an InnoDB table anew").rewriting();
}

void partition_copies(Probe& probe) {
  for_costs(probe, Kind::partition, [&](const ActionFact& action, const AlterCost& cost) {
    if (cost.algorithm != Algorithm::copy) return;
    AlterCost said = cost;
    said.known = one_of(action.value, {"PARTITION", "REMOVE"});
    costing(probe.report("the rows are copied into their new partitions; writes to " +
                         table(probe) + " wait"),
            probe, said);
  });
}

void asks_for_copy(Probe& probe) {
  for_costs(probe, Kind::algorithm, [&](const ActionFact& action, const AlterCost&) {
    if (action.value != "COPY") return;
    probe
        .report(
            "ALGORITHM=COPY copies the whole table, also where the server could do without; writes "
            "wait")
        .rewriting();
  });
  for_costs(probe, Kind::lock, [&](const ActionFact& action, const AlterCost&) {
    if (!one_of(action.value, {"SHARED", "EXCLUSIVE"})) return;
    probe
        .report("LOCK=" + action.value + " keeps " +
                (action.value == "SHARED" ? "writes" : "reads and writes") + " waiting")
        .locks(action.value, table(probe),
               action.value == "SHARED" ? "writes" : "reads and writes");
  });
}

void several_alters(Probe& probe) {
  const auto& statements = probe.script.statements;
  for (std::size_t i = 1; i < statements.size(); ++i) {
    const StatementFact& a = statements[i - 1];
    const StatementFact& b = statements[i];
    if (!a.is(Verb::alter, "TABLE") || !b.is(Verb::alter, "TABLE") ||
        key_of(a.summary.name) != key_of(b.summary.name))
      continue;
    const auto rebuilds = [&](const StatementFact& fact) {
      const KnownTable* known = probe.known.table(fact.summary.name);
      return std::any_of(fact.actions.begin(), fact.actions.end(), [&](const ActionFact& action) {
        return cost_of(action, fact, known, probe.server).rebuilds;
      });
    };
    if (!rebuilds(a) || !rebuilds(b)) continue;
    probe.statement = &b;
    probe
        .report("two statements in a row write " + shown(b.summary.name) +
                " anew; one with both actions does it once")
        .rewriting();
    probe.statement = nullptr;
    return;
  }
}

void unguarded(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE") || probe.is_new(fact.summary.name) || fact.actions.empty())
    return;
  const bool says =
      std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
        return action.kind == Kind::algorithm || action.kind == Kind::lock ||
               action.kind == Kind::rename_table || action.kind == Kind::partition;
      });
  if (says) return;
  const KnownTable* known = probe.known.table(fact.summary.name);
  Algorithm worst = Algorithm::instant;
  for (const ActionFact& action : fact.actions)
    worst = std::max(worst, cost_of(action, fact, known, probe.server).algorithm);
  if (worst == Algorithm::copy) return;  // said by a rule of its own
  const std::string clause =
      worst == Algorithm::instant ? ", ALGORITHM=INSTANT" : ", ALGORITHM=INPLACE, LOCK=NONE";
  probe.report("nothing holds the server to the quick way: on another version it copies in silence")
      .instead(fact.text() + clause + ";");
}

void lock_tables(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::lock || !fact.has({"LOCK"})) return;
  const bool write = fact.has("WRITE");
  probe
      .report(std::string("LOCK TABLES keeps ") + (write ? "reads and writes" : "writes") +
              " waiting until UNLOCK TABLES, and the next START TRANSACTION ends it in silence")
      .locks(write ? "EXCLUSIVE" : "SHARED", shown(fact.summary.name),
             write ? "reads and writes" : "writes");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> mysql_online_rules() {
  static const Rule rules[] = {
      {"MY101", "type-change-copies", E, "a column gets another type",
       "ALGORITHM=COPY: the table is copied row by row, and no row can be written until it is "
       "done.",
       type_change_copies},
      {"MY102", "values-reordered", E, "values of ENUM or SET change elsewhere than at the end",
       "Their numbers change, so every row is copied. Added at the end they cost nothing.",
       values_reordered},
      {"MY103", "column-rebuilds", W, "NULL, NOT NULL or another place of a column",
       "In place, but the whole table is written anew.", nullability_rebuilds},
      {"MY104", "convert-copies", E, "CONVERT TO CHARACTER SET",
       "The table is copied; TEXT may become MEDIUMTEXT to hold the same number of characters.",
       convert_copies},
      {"MY105", "drop-key-copies", E, "the primary key is dropped and no other one made",
       "The table is copied. With ADD PRIMARY KEY in the same statement it is done in place.",
       drop_key_copies},
      {"MY106", "primary-key-rebuilds", W, "a new primary key",
       "InnoDB stores rows in the order of the primary key: all are written anew.",
       primary_key_rebuilds},
      {"MY107", "check-copies", E, "a new check", "The rows are checked by copying them.",
       check_copies},
      {"MY108", "foreign-key-copies", E, "a new foreign key while foreign_key_checks is on",
       "The table is copied to check it. With the checks off it is added in place, unproved.",
       foreign_key_copies},
      {"MY109", "column-not-instant", E, "a new column that cannot be added instantly",
       "AUTO_INCREMENT, a place before others on older servers, ROW_FORMAT=COMPRESSED, a full text "
       "index.",
       column_not_instant},
      {"MY110", "stored-column-copies", E, "a stored generated column",
       "It is computed by copying every row; a virtual one is instant.", stored_column_copies},
      {"MY111", "drop-column-rebuilds", W, "a column is dropped where that is not instant",
       "Since MySQL 8.0.29 and MariaDB 10.4 it is.", drop_column_rebuilds},
      {"MY112", "engine-copies", E, "another storage engine", "The table is copied.",
       engine_copies},
      {"MY113", "rebuild", W, "ROW_FORMAT, KEY_BLOCK_SIZE, FORCE, ENGINE=InnoDB, OPTIMIZE TABLE",
       "The whole table is written anew.", rebuild},
      {"MY114", "full-text-blocks", E, "a full text index on a table that was there",
       "LOCK=SHARED at best: no writes until it is built, and no INSTANT columns afterwards.",
       full_text_blocks},
      {"MY115", "spatial-blocks", W, "a spatial index on a table that was there",
       "LOCK=SHARED at best.", spatial_blocks},
      {"MY116", "partition-copies", E, "rows move between partitions",
       "PARTITION BY and REMOVE PARTITIONING copy the table.", partition_copies},
      {"MY117", "asks-for-copy", E, "ALGORITHM=COPY, LOCK=SHARED, LOCK=EXCLUSIVE",
       "Ask for what you want instead: INSTANT, or INPLACE with LOCK=NONE.", asks_for_copy},
      {"MY118", "several-rebuilds", W, "statement after statement writes one table anew",
       "Put the actions into one ALTER TABLE.", nullptr, several_alters},
      {"MY119", "unguarded", N, "ALTER TABLE without ALGORITHM",
       "With ALGORITHM=INSTANT (or INPLACE, LOCK=NONE) the server refuses what would keep others "
       "waiting.",
       unguarded},
      {"MY120", "lock-tables", W, "LOCK TABLES",
       "Everybody waits, also when the migration fails before UNLOCK TABLES and its session lives "
       "on.",
       lock_tables},
  };
  return rules;
}

}  // namespace sterna::lint
